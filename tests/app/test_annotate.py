"""The whole way from files to files, with a stand-in for the network."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from app import cli
from app.cli import annotate
from app.sources import open_source
from tests.app.media import frame_times, packet_sizes, write_sound, write_video
from tests.fakes import FakeEstimator, ListSource, fake_model_info, numbered_image, write_images

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def fake_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(annotate, "_load", lambda model, decode: FakeEstimator())
    monkeypatch.setattr("app.models.loading.model_info", fake_model_info)


def run(*words: Any) -> int:
    return cli.main(["annotate", *map(str, words)])


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sidecar_of(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def names_in(folder: Path) -> list[str]:
    """Of the results; the stored detections are another matter."""
    return sorted(p.name for p in folder.iterdir() if p.suffix not in (".litepose", ".jsonl"))


def test_each_input_gives_table_sidecar_and_video(tmp_path: Path) -> None:
    video = write_video(tmp_path / "clip.mp4", count=30, sound="aac")
    assert run(video, "--out", tmp_path / "out") == 0
    assert names_in(tmp_path / "out") == ["clip.annotated.mp4", "clip.csv", "clip.json"]
    rows = rows_of(tmp_path / "out" / "clip.csv")
    assert len(rows) == 60
    assert {(r["track_id"], r["state"]) for r in rows} == {("1", "observed"), ("2", "observed")}
    assert [float(r["time_s"]) for r in rows[::2]] == pytest.approx([i / 25 for i in range(30)], abs=1e-6)
    content = sidecar_of(tmp_path / "out" / "clip.json")
    assert content["complete"] is True
    assert content["frames"] == {
        "declared": 30, "decoded": 30, "corrupt": 0, "damaged": 0, "processed": 30, "dropped": 0, "without_people": 0,
    }  # fmt: skip
    assert (content["rows"], content["fps"], content["width"], content["variable_frame_rate"]) == (60, 25.0, 96, False)
    assert [p["rows"] for p in content["people"]] == [30, 30]
    assert content["skeleton"]["edges"][0] == [12, 13]
    with open_source(tmp_path / "out" / "clip.annotated.mp4") as annotated:
        assert annotated.info.has_audio
        assert len(list(annotated)) == 30


def test_identities_begin_anew_in_every_input(tmp_path: Path) -> None:
    for name in ("a.mp4", "b.mp4"):
        write_video(tmp_path / name, count=5)
    assert run(tmp_path, "--out", tmp_path / "out", "--no-video") == 0
    for name in ("a.csv", "b.csv"):
        assert {r["track_id"] for r in rows_of(tmp_path / "out" / name)} == {"1", "2"}


def test_times_of_a_variable_rate_are_kept_and_reported(tmp_path: Path) -> None:
    times = [Fraction(t, 100) for t in (0, 1, 4, 5, 12, 40, 41, 44)]
    video = write_video(tmp_path / "vfr.mp4", count=8, times=times)
    assert run(video, "--out", tmp_path / "out") == 0
    assert frame_times(tmp_path / "out" / "vfr.annotated.mp4") == pytest.approx([float(t) for t in times], abs=1e-6)
    content = sidecar_of(tmp_path / "out" / "vfr.json")
    assert content["variable_frame_rate"] is True
    assert any("time_s" in w for w in content["warnings"])


def test_start_end_and_stride(tmp_path: Path) -> None:
    video = write_video(tmp_path / "a.mp4", count=50, sound="aac")
    assert run(video, "--out", tmp_path / "out", "--start", 0.4, "--end", 1.2, "--stride", 2) == 0
    rows = rows_of(tmp_path / "out" / "a.csv")
    assert sorted({int(r["frame"]) for r in rows}) == list(range(10, 30, 2))
    frames = sidecar_of(tmp_path / "out" / "a.json")["frames"]
    assert (frames["decoded"], frames["processed"]) == (20, 10)
    assert frame_times(tmp_path / "out" / "a.annotated.mp4") == pytest.approx([i * 0.08 for i in range(10)], abs=1e-6)


def test_a_part_without_frames_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    video = write_video(tmp_path / "a.mp4", count=10)
    assert run(video, "--out", tmp_path / "out", "--start", 100) == 1
    assert "no frame in the part" in capsys.readouterr().err
    assert names_in(tmp_path / "out") == ["a.csv.partial", "a.json.partial"]


@pytest.mark.parametrize("kind", ["one-euro", "zero-phase"])
def test_smoothing_keeps_the_raw_positions(tmp_path: Path, kind: str) -> None:
    video = write_video(tmp_path / "a.mp4", count=40)
    assert run(video, "--out", tmp_path / "plain", "--no-video") == 0
    assert run(video, "--out", tmp_path / "smooth", "--smooth", kind, "--angles") == 0
    plain, smooth = rows_of(tmp_path / "plain" / "a.csv"), rows_of(tmp_path / "smooth" / "a.csv")
    assert [r["left_knee_x"] for r in plain] == [r["left_knee_raw_x"] for r in smooth]
    assert [r["left_knee_x"] for r in smooth] != [r["left_knee_raw_x"] for r in smooth]
    assert all(r["left_knee_deg"] for r in smooth)
    assert len(frame_times(tmp_path / "smooth" / "a.annotated.mp4")) == 40


def test_a_folder_of_images_is_one_input_and_a_photo_gives_a_photo(tmp_path: Path) -> None:
    write_images(tmp_path / "walk", [f"{i}.png" for i in range(12)])
    assert run(tmp_path / "walk", "--out", tmp_path / "out", "--image-fps", 10) == 0
    assert names_in(tmp_path / "out") == ["walk.annotated.mp4", "walk.csv", "walk.json"]
    assert [r["time_s"] for r in rows_of(tmp_path / "out" / "walk.csv")][-1] == "1.100000"
    assert run(tmp_path / "walk" / "3.png", "--out", tmp_path / "one") == 0
    assert names_in(tmp_path / "one") == ["3.annotated.png", "3.csv", "3.json"]


def test_rotated_video_gives_upright_coordinates(tmp_path: Path) -> None:
    video = write_video(tmp_path / "a.mp4", count=5, rotation=-90)
    assert run(video, "--out", tmp_path / "out") == 0
    content = sidecar_of(tmp_path / "out" / "a.json")
    assert (content["width"], content["height"], content["rotation"]) == (64, 96, 90)
    with open_source(tmp_path / "out" / "a.annotated.mp4") as annotated:
        assert (annotated.info.width, annotated.info.height, annotated.info.rotation) == (64, 96, 0)


def test_one_bad_input_does_not_stop_the_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a-empty.mp4").touch()
    (tmp_path / "b-text.mp4").write_text("hello" * 100)
    write_sound(tmp_path / "c-sound.mp4")
    write_video(tmp_path / "d-none.mp4", count=0)
    write_video(tmp_path / "good.mp4", count=5)
    (tmp_path / "hollow").mkdir()
    assert run(tmp_path, tmp_path / "missing.mp4", tmp_path / "hollow", "--out", tmp_path / "out") == 1
    assert names_in(tmp_path / "out") == ["good.annotated.mp4", "good.csv", "good.json"]
    errors = [line for line in capsys.readouterr().err.splitlines() if line.startswith("error:")]
    assert len(errors) == 6
    for word in ("a-empty", "b-text", "c-sound", "d-none", "missing.mp4", "hollow"):
        assert sum(word in line for line in errors) == 1


def test_a_shortfall_is_counted_reported_and_no_success(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    video = write_video(tmp_path / "a.mp4", count=60, options={"movflags": "+faststart"})
    video.write_bytes(video.read_bytes()[: packet_sizes(video)[40][0]])
    assert run(video, "--out", tmp_path / "out") == 1
    content = sidecar_of(tmp_path / "out" / "a.json")
    frames = content["frames"]
    assert frames["decoded"] + frames["corrupt"] == frames["declared"] == 60
    assert frames["corrupt"] > 0
    assert len({r["frame"] for r in rows_of(tmp_path / "out" / "a.csv")}) == frames["processed"] == frames["decoded"]
    assert "could not be decoded" in capsys.readouterr().err


def test_frames_without_people_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(annotate, "_load", lambda model, decode: FakeEstimator(people=0))
    assert run(write_video(tmp_path / "a.mp4", count=7), "--out", tmp_path / "out") == 0
    assert sidecar_of(tmp_path / "out" / "a.json")["frames"]["without_people"] == 7
    assert rows_of(tmp_path / "out" / "a.csv") == []


def test_same_stem_twice_gives_two_outputs(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        write_video(tmp_path / folder / "clip.mp4", count=3 if folder == "one" else 4)
    one, two = tmp_path / "one" / "clip.mp4", tmp_path / "two" / "clip.mp4"
    assert run(one, two, one, "--out", tmp_path / "out", "--no-video") == 0
    assert names_in(tmp_path / "out") == ["clip-2.csv", "clip-2.json", "clip.csv", "clip.json"]
    assert sidecar_of(tmp_path / "out" / "clip-2.json")["frames"]["processed"] == 4


def test_finished_work_is_skipped_and_other_work_not_overwritten_unasked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    video, out = write_video(tmp_path / "a.mp4", count=5), tmp_path / "out"
    assert run(video, "--out", out) == 0
    before = (out / "a.json").read_bytes()
    assert run(video, "--out", out) == 0
    assert (out / "a.json").read_bytes() == before
    assert "skipped" in capsys.readouterr().err
    assert run(video, "--out", out, "--stride", 2) == 1
    assert (out / "a.json").read_bytes() == before
    assert "--overwrite" in capsys.readouterr().err
    assert run(video, "--out", out, "--stride", 2, "--overwrite") == 0
    assert sidecar_of(out / "a.json")["selection"]["stride"] == 2


@pytest.mark.parametrize("change", ["another image", "other pixels", "one more", "another rate"])
def test_images_that_are_not_those_of_an_earlier_run_are_not_taken_for_done(
    change: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shots, out = tmp_path / "shots", tmp_path / "out"
    write_images(shots, ["a.png", "b.png", "c.png"])
    assert run(shots, "--out", out, "--no-video") == run(shots, "--out", out, "--no-video") == 0
    assert "skipped" in capsys.readouterr().err
    words: list[str] = []
    if change == "another image":
        (shots / "b.png").rename(shots / "x.png")
    elif change == "other pixels":
        content = (shots / "b.png").read_bytes()
        (shots / "b.png").write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    elif change == "one more":
        write_images(shots, ["x.png"])
    else:
        words = ["--image-fps", "10"]
    assert run(shots, "--out", out, "--no-video", *words) == 1
    assert "from another run" in capsys.readouterr().err


def test_no_video_of_another_run_stays_beside_a_new_table(tmp_path: Path) -> None:
    video, out = write_video(tmp_path / "a.mp4", count=10), tmp_path / "out"
    assert run(video, "--out", out) == 0
    assert run(video, "--out", out, "--start", "0.2", "--no-video", "--overwrite") == 0
    assert names_in(out) == ["a.csv", "a.json"]


def test_whoever_reads_along_may_go_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    for stderr in (Gone(), None):
        monkeypatch.setattr(sys, "stderr", stderr)
        out = tmp_path / type(stderr).__name__
        assert run(write_video(tmp_path / "a.mp4", count=3), "--out", out, "--no-video") == 0
        assert names_in(out) == ["a.csv", "a.json"]


def test_warnings_name_their_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    times = [Fraction(i * i, 100) for i in range(6)]
    for name in ("a.mp4", "b.mp4"):
        write_video(tmp_path / name, count=6, times=times)
    assert run(tmp_path, "--out", tmp_path / "out", "--no-video") == 0
    warnings = [line for line in capsys.readouterr().err.splitlines() if line.startswith("warning")]
    assert [line.split(":")[1].strip() for line in warnings] == ["a.mp4", "b.mp4"]


def test_a_name_beyond_all_limits_spoils_only_its_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    video = write_video(tmp_path / "a.mp4", count=3)
    long = write_video(tmp_path / "c.mp4", count=3).rename(tmp_path / f"{'c' * 251}.mp4")
    assert run("b" * 300 + ".mp4", "", long, video, "--out", tmp_path / "out", "--no-video") == 1
    names = names_in(tmp_path / "out")
    assert names[:2] == ["a.csv", "a.json"]
    table, sidecar = names[2:]  # of the long name, shortened alike
    assert table.startswith("c" * 200) and table.removesuffix(".csv") == sidecar.removesuffix(".json")
    errors = capsys.readouterr().err
    assert "cannot be reached" in errors and "empty name" in errors
    assert "Traceback" not in errors and "unexpectedly" not in errors


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere names are text")
def test_a_name_that_is_no_text_is_a_name(tmp_path: Path) -> None:
    video = write_video(tmp_path / "a.mp4", count=3).rename(tmp_path / os.fsdecode(b"a\xff.mp4"))
    assert run(video, "--out", tmp_path / "out") == 0
    assert sidecar_of(tmp_path / "out" / f"{video.stem}.json")["source"]["name"] == video.name
    assert run(video, "--out", tmp_path / "out") == 0


def test_leftovers_of_a_cancelled_run_are_replaced(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    for name in ("a.csv.partial", "a.json.partial", "a.annotated.mp4.partial"):
        (out / name).write_text("half")
    assert run(write_video(tmp_path / "a.mp4", count=5), "--out", out) == 0
    assert names_in(out) == ["a.annotated.mp4", "a.csv", "a.json"]


def test_own_outputs_in_a_folder_are_no_inputs(tmp_path: Path) -> None:
    write_video(tmp_path / "a.mp4", count=5)
    assert run(tmp_path, "--out", tmp_path) == 0
    assert run(tmp_path, "--out", tmp_path, "--overwrite") == 0
    assert names_in(tmp_path) == ["a.annotated.mp4", "a.csv", "a.json", "a.mp4"]


def test_patterns_are_expanded(tmp_path: Path) -> None:
    for name in ("run1.mp4", "run1.annotated.mp4", "run2.mp4", "walk.mp4"):
        write_video(tmp_path / name, count=2)
    assert run(tmp_path / "run*.mp4", "--out", tmp_path / "out", "--no-video") == 0
    assert names_in(tmp_path / "out") == ["run1.csv", "run1.json", "run2.csv", "run2.json"]
    assert run(tmp_path / "jump*.mp4", "--out", tmp_path / "out") == 1


def test_unicode_everywhere(tmp_path: Path) -> None:
    folder = tmp_path / "Läufe – 跑步"
    folder.mkdir()
    video = write_video(folder / "día 1: 50%.mp4", count=3)
    assert run(video, "--out", folder / "Übersicht") == 0
    assert "día 1: 50%.csv" in names_in(folder / "Übersicht")


def test_an_output_folder_that_is_a_file_is_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "out").write_text("x")
    assert run(write_video(tmp_path / "a.mp4", count=3), "--out", tmp_path / "out") == 1
    assert "is a file" in capsys.readouterr().err


def test_an_estimator_that_fails_spoils_only_its_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Failing(FakeEstimator):
        def estimate(self, image_bgr: Any) -> Any:
            if self.calls == 3:
                self.calls += 1
                raise RuntimeError("engine lost")
            return super().estimate(image_bgr)

    monkeypatch.setattr(annotate, "_load", lambda model, decode: Failing())
    for name in ("a.mp4", "b.mp4"):
        write_video(tmp_path / name, count=6)
    assert run(tmp_path / "a.mp4", tmp_path / "b.mp4", "--out", tmp_path / "out") == 1
    assert "b.csv" in names_in(tmp_path / "out")
    assert "a.csv" not in names_in(tmp_path / "out")
    assert sidecar_of(tmp_path / "out" / "a.json.partial")["complete"] is False


@pytest.mark.parametrize(
    "words", [["--stride", "0"], ["--start", "-1"], ["--det-thr", "2"], ["--style", "neon"], ["--engine", "warp"], []]
)
def test_wrong_usage_exits_with_two(words: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        run(*(["x.mp4", *words] if words else words))
    assert caught.value.code == 2


def start(delay_s: float, *words: Any) -> subprocess.Popen[str]:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tests.app.fake_annotate", str(delay_s), *map(str, words)]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)


def test_it_runs_without_qt_and_torch(tmp_path: Path) -> None:
    process = start(0, write_video(tmp_path / "a.mp4", count=3), "--out", tmp_path / "out")
    assert process.wait(60) == 0


def wait_for(path: Path) -> None:
    deadline_s = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < deadline_s
        time.sleep(0.02)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("smooth", ["off", "zero-phase"])
def test_ctrl_c_leaves_valid_files_marked_as_partial(tmp_path: Path, smooth: str) -> None:
    write_video(tmp_path / "a.mp4", count=400)
    write_video(tmp_path / "b.mp4", count=400)
    out = tmp_path / "out"
    process = start(0.02, tmp_path / "a.mp4", tmp_path / "b.mp4", "--out", out, "--smooth", smooth)
    wait_for(out / ("a.csv.partial" if smooth == "off" else "."))
    time.sleep(1.0)
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 130
    if smooth == "zero-phase":  # nothing had been written yet
        assert names_in(out) == ["a.json.partial"]
        return
    assert names_in(out) == ["a.annotated.mp4.partial", "a.csv.partial", "a.json.partial"]
    content = sidecar_of(out / "a.json.partial")
    assert content["complete"] is False
    processed = content["frames"]["processed"]
    assert 0 < processed < 400
    assert len(rows_of(out / "a.csv.partial")) == 2 * processed == content["rows"]
    assert len(frame_times(out / "a.annotated.mp4.partial")) == processed


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs to mount a small disk")
def test_a_full_disk_is_reported_and_nothing_unmarked_is_left(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], capture_output=True).returncode:
        pytest.skip("cannot mount here")
    try:
        process = start(0, write_video(tmp_path / "a.mp4", count=2000, width=320, height=240), "--out", disk)
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 1
        assert [line for line in errors.splitlines() if "disk is full" in line]
        assert "Traceback" not in errors
        assert all(".partial" in name for name in names_in(disk))
    finally:
        subprocess.run(["umount", disk], check=True)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="permissions of POSIX")
def test_an_unwritable_folder_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if os.geteuid() == 0:
        out = Path("/proc/litepose-out")  # root may write everywhere else
    else:
        out = tmp_path / "out"
        out.mkdir(mode=0o500)
    assert run(write_video(tmp_path / "a.mp4", count=3), "--out", out) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_smoothing_that_needs_the_future_is_refused_for_live_sources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = ListSource([numbered_image(i) for i in range(3)])
    source.info = replace(source.info, kind="camera", live=True, frame_count=None)
    monkeypatch.setattr("app.analysis.run.open_source", lambda *_, **__: source)
    assert run("0", "--out", tmp_path, "--smooth", "zero-phase") == 1
    assert "needs the finished recording" in capsys.readouterr().err
    assert names_in(tmp_path) == []


def test_a_live_source_is_recorded_until_its_end_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = ListSource([numbered_image(i) for i in range(40)], fps=20)
    source.info = replace(source.info, kind="camera", live=True, frame_count=None)
    monkeypatch.setattr("app.analysis.run.open_source", lambda *_, **__: source)
    assert run("0", "--out", tmp_path, "--end", "1.0") == 0
    assert names_in(tmp_path) == ["camera-0.annotated.mp4", "camera-0.csv", "camera-0.json"]
    content = sidecar_of(tmp_path / "camera-0.json")
    frames = sorted({int(r["frame"]) for r in rows_of(tmp_path / "camera-0.csv")})
    # A live source never waits: what inference was too slow for is missing, and counted.
    assert frames[-1] == 19
    assert content["frames"]["processed"] + content["frames"]["dropped"] == 20
