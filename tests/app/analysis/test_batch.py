"""Many inputs: several processes do what one does, and the manifest vouches for all results."""

from __future__ import annotations

import errno
import importlib.util
import io
import json
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from app import cli
from app.analysis.batch import run_batch
from app.analysis.executors import Serial
from app.analysis.inputs import AnnotationInput, resolve_inputs
from app.analysis.job import Hooks, JobOptions, Outcome
from app.analysis.manifest import NAME, read_manifest
from app.analysis.store import claimed, create_store, open_store
from app.analysis.store_head import StoreHead
from app.analysis.watch import WatchedFolder
from app.analysis.worker_process import Processes
from app.models.loading import LazyModel
from app.settings import ModelSettings, Settings
from app.sources import open_source
from pose.skeleton import CROWDPOSE14
from tests.app.media import write_video
from tests.fakes import ReadingEstimator, fake_model_info

SETTINGS = Settings(model=ModelSettings("litepose-xs", engine="openvino", precision="fp32", input_size=64))


@pytest.fixture
def fake_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.cli.annotate._load", lambda *_: ReadingEstimator())
    monkeypatch.setattr("app.models.loading.model_info", fake_model_info)


def annotate(folder: Path, *inputs: Path | str) -> int:
    return cli.main(["annotate", *map(str, inputs), "--out", str(folder), "--no-video"])


def no_hooks(_: AnnotationInput) -> Hooks:
    return Hooks(lambda info, expected: None, lambda: None, lambda: None, lambda: False)


def batch(executor: Any, inputs: Path, out: Path, hooks_of: Any = no_hooks) -> dict[str, Outcome]:
    items, _ = resolve_inputs([str(inputs)])
    options = JobOptions(out, video=False)
    return {o.item.stem: o for o in run_batch(items, SETTINGS, options, executor, hooks_of)}


@pytest.mark.slow
def test_processes_do_what_one_thread_does_even_when_one_is_killed(tmp_path: Path) -> None:
    videos = tmp_path / "in"
    videos.mkdir()
    for name, count in (("a", 12), ("b", 20), ("c", 5)):
        write_video(videos / f"{name}.mp4", count=count)
    (videos / "broken.mp4").write_bytes(b"no video")
    model = LazyModel(SETTINGS.model, SETTINGS.decode)
    one = batch(Serial(model), videos, tmp_path / "one")
    killed: list[int] = []

    def hooks_of(item: AnnotationInput) -> Hooks:
        def begin(*_: Any) -> None:
            if item.stem == "b" and not killed:
                workers = psutil.Process().children()
                killed.extend(p.pid for p in workers if "spawn_main" in " ".join(p.cmdline()))
                for pid in killed:
                    os.kill(pid, signal.SIGKILL)

        return Hooks(begin, lambda: None, lambda: None, lambda: False)

    several = batch(Processes(1, model), videos, tmp_path / "several", hooks_of)
    assert killed
    assert {stem: o.status for stem, o in several.items()} == {stem: o.status for stem, o in one.items()}
    assert {stem for stem, o in one.items() if o.ok} == {"a", "b", "c"}
    for name in ("a", "b", "c"):
        for ending in (".csv", ".json"):
            written = [(tmp_path / folder / (name + ending)).read_bytes() for folder in ("one", "several")]
            assert written[0] == written[1]


@pytest.mark.slow
def test_several_processes_share_one_long_video(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    write_video(tmp_path / "in" / "a.mp4", count=160)
    model = LazyModel(SETTINGS.model, SETTINGS.decode)
    assert batch(Serial(model), tmp_path / "in", tmp_path / "one")["a"].ok
    said: list[str] = []
    workers: set[int] = set()

    def hooks_of(item: AnnotationInput) -> Hooks:
        def advance() -> None:
            workers.update(p.pid for p in psutil.Process().children() if "spawn_main" in " ".join(p.cmdline()))

        return Hooks(lambda info, expected: None, advance, lambda: None, lambda: False, said.append)

    assert batch(Processes(2, model, chunk_frames=40), tmp_path / "in", tmp_path / "two", hooks_of)["a"].ok
    assert len(workers) == 2 and any("its chunks" in sentence for sentence in said)
    for name in ("a.csv", "a.json"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert not list((tmp_path / "two").glob("*.chunks"))


def test_one_bad_file_stops_nothing_and_the_manifest_says_what_became_of_each(tmp_path: Path, fake_model: None) -> None:
    good, bad = write_video(tmp_path / "good.mp4", count=6), tmp_path / "bad.mp4"
    bad.write_bytes(b"no video")
    assert annotate(tmp_path / "out", bad, good) == 1
    entries = read_manifest(tmp_path / "out")
    assert entries["good"].status == "done" and entries["good"].frames["decoded"] == 6
    assert set(entries["good"].outputs) == {"good.csv", "good.json", "good.litepose"}
    assert entries["bad"].status == "failed" and "bad.mp4" in entries["bad"].sentence
    assert cli.main(["verify", str(tmp_path / "out")]) == 1


def test_verify_names_whatever_is_missing_damaged_older_or_unfinished(
    tmp_path: Path, fake_model: None, capsys: pytest.CaptureFixture[str]
) -> None:
    videos = [write_video(tmp_path / f"{name}.mp4", count=5) for name in "abcd"]
    out = tmp_path / "out"
    assert annotate(out, *videos) == 0
    assert cli.main(["verify", str(out)]) == 0
    (out / "a.csv").unlink()
    content = bytearray((out / "b.csv").read_bytes())
    content[-3] ^= 1
    (out / "b.csv").write_bytes(content)
    (out / "c.json").write_bytes((out / "c.json").read_bytes()[:-5])
    write_video(tmp_path / "d.mp4", count=7)
    (out / "a.mot.txt.partial").touch()
    capsys.readouterr()
    assert cli.main(["verify", str(out)]) == 1
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 5
    for words in (
        "a.csv is missing",
        "b.csv is damaged",
        "c.json is damaged",
        "d.mp4 was changed",
        "a.mot.txt.partial",
    ):
        assert sum(words in sentence for sentence in said) == 1


def test_what_is_converted_later_belongs_to_the_batch(tmp_path: Path, fake_model: None) -> None:
    out = tmp_path / "out"
    assert annotate(out, *(write_video(tmp_path / f"{name}.mp4", count=5) for name in "ab")) == 0
    assert cli.main(["convert", str(out / "a.litepose"), "--to", "mot"]) == 0
    assert "a.mot.txt" in read_manifest(out)["a"].outputs
    assert cli.main(["verify", str(out)]) == 0


def test_a_half_written_line_costs_only_itself(tmp_path: Path, fake_model: None) -> None:
    out = tmp_path / "out"
    assert annotate(out, *(write_video(tmp_path / f"{name}.mp4", count=5) for name in "ad")) == 0
    with (out / NAME).open("a", encoding="utf-8") as file:
        file.write('{"format": "litepose-studio batch 1", "stem": "b", "inp')
    assert annotate(out, write_video(tmp_path / "c.mp4", count=5)) == 0
    assert set(read_manifest(out)) == {"a", "c", "d"}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere names are text")
def test_names_that_are_no_text_or_hold_other_line_ends_stop_nothing(
    tmp_path: Path, fake_model: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    video, out = write_video(tmp_path / "a.mp4", count=4), tmp_path / "out"
    odd = [tmp_path / name for name in ("l\u2028i{n}e.mp4", os.fsdecode(b"x\xff.mp4"))]
    for path in odd:
        shutil.copy(video, path)
    formats = ["csv", "openpose", *(["parquet"] if importlib.util.find_spec("pyarrow") else [])]
    words = [str(path) for path in (*odd, video)]
    assert cli.main(["annotate", *words, "--out", str(out), "--no-video", "--formats", ",".join(formats)]) == 0
    assert set(read_manifest(out)) == {path.stem for path in (*odd, video)}
    said = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(said, "utf-8"))
    assert cli.main(["verify", str(out)]) == 0
    (out / f"{odd[1].stem}.csv").unlink()
    assert cli.main(["verify", str(out)]) == 1
    assert b"x\\udcff.csv is missing" in said.getvalue()


def test_a_result_that_cannot_be_read_is_named(
    tmp_path: Path, fake_model: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def unreadable(*_: Any) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    out = tmp_path / "out"
    assert annotate(out, *(write_video(tmp_path / f"{name}.mp4", count=4) for name in "ab")) == 0
    monkeypatch.setattr("hashlib.file_digest", unreadable)
    assert cli.main(["verify", str(out)]) == 1
    said = capsys.readouterr().out
    assert all(f"{name}.csv cannot be read" in said for name in "ab")
    assert annotate(out, write_video(tmp_path / "c.mp4", count=4)) == 0
    assert "cannot be read" in capsys.readouterr().err


def test_a_folder_without_a_manifest_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["verify", str(tmp_path)]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_second_run_at_the_same_time_touches_nothing_of_the_first(
    tmp_path: Path, fake_model: None, capsys: pytest.CaptureFixture[str]
) -> None:
    video, out = write_video(tmp_path / "a.mp4", count=4), tmp_path / "out"
    out.mkdir()
    (out / "a.csv.partial").write_text("rows of the first")
    with open_source(video) as source, create_store(out / "a.litepose", StoreHead(source.info, CROWDPOSE14)):
        assert annotate(out, video) == 1
        assert "in use" in capsys.readouterr().err
        assert [(p.name, p.read_text()) for p in out.glob("*.partial")] == [("a.csv.partial", "rows of the first")]


def test_two_runs_do_not_export_one_store_at_the_same_time(
    tmp_path: Path, fake_model: None, capsys: pytest.CaptureFixture[str]
) -> None:
    video, out = write_video(tmp_path / "a.mp4", count=4), tmp_path / "out"
    assert annotate(out, video) == 0
    with open_store(out / "a.litepose") as complete, claimed(complete):
        assert annotate(out, video, "--overwrite", "--formats", "npz") == 1
        assert "a.litepose is in use" in capsys.readouterr().err
        assert (out / "a.csv").exists() and not list(out.glob("*.partial"))
    assert annotate(out, video, "--overwrite", "--formats", "npz") == 0


def test_a_result_that_two_inputs_would_have_is_refused_before_work_begins(
    tmp_path: Path, fake_model: None, capsys: pytest.CaptureFixture[str]
) -> None:
    videos = [write_video(tmp_path / name, count=4) for name in ("clip.mp4", "clip.Long.mp4", "other.mp4")]
    out = tmp_path / "out"
    assert annotate(out, *videos, "--formats", "csv,csv-long") == 1
    assert "clip.Long.csv would be a result of another input, too" in capsys.readouterr().err
    assert {p.name for p in out.glob("*.csv")} == {f"{s}{e}" for s in ("clip", "other") for e in (".csv", ".long.csv")}


def test_watched_files_are_given_once_and_only_when_complete(tmp_path: Path, fake_model: None) -> None:
    watched = WatchedFolder(tmp_path, settle_s=5)
    video = write_video(tmp_path / "a.mp4", count=5)
    whole = video.read_bytes()
    video.write_bytes(whole[:100])
    assert watched.ready({}, now_s=0) == []
    video.write_bytes(whole)  # still growing
    assert watched.ready({}, now_s=5) == []
    assert [item.stem for item in watched.ready({}, now_s=10)] == ["a"]
    assert watched.ready({}, now_s=20) == []
    out = tmp_path / "out"
    assert annotate(out, video, write_video(tmp_path / "other.avi", count=4)) == 0
    known = read_manifest(out)
    video.rename(tmp_path / "renamed.mp4")
    write_video(tmp_path / "a.mp4", count=9)  # another one under the old name
    for watching in (watched, WatchedFolder(tmp_path, settle_s=5)):  # a restart, too
        watching.ready(known, now_s=30)
        assert [item.stem for item in watching.ready(known, now_s=40)] == ["a-2"]


def test_a_watched_file_of_a_long_name_gets_a_stem_that_fits(tmp_path: Path) -> None:
    (tmp_path / f"{'n' * 240}.mp4").write_bytes(b"a video")
    watched = WatchedFolder(tmp_path, settle_s=0)
    (item,) = watched.ready({}, now_s=0)
    assert item.stem == resolve_inputs([str(item.spec)])[0][0].stem
    assert len(item.stem) < 240


def test_watch_does_what_is_there_and_never_twice(
    tmp_path: Path, fake_model: None, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "in").mkdir()
    write_video(tmp_path / "in" / "a.mp4", count=5)
    words = ["watch", str(tmp_path / "in"), "--settle", "0", "--once", "--out", str(tmp_path / "out"), "--no-video"]
    assert cli.main(words) == 0
    lines = (tmp_path / "out" / NAME).read_text().splitlines()
    shutil.copy(tmp_path / "in" / "a.mp4", tmp_path / "in" / "copy.mp4")
    assert cli.main(words) == 0
    assert (tmp_path / "out" / NAME).read_text().splitlines() == lines
    assert json.loads(lines[0])["status"] == "done"
