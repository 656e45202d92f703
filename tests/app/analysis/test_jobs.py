"""What is stored is used again: for other results without the network, never for other detections."""

from __future__ import annotations

import csv
import json
import pickle
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app import cli
from app.analysis.inputs import AnnotationInput
from app.analysis.job import Job, JobOptions, Outcome
from app.analysis.store import open_store
from app.cli import annotate
from app.render.overlay import OverlayStyle
from app.settings import Settings, save_settings
from tests.app.media import frame_times, write_video
from tests.fakes import ListSource, ReadingEstimator, fake_model_info, numbered_image, write_images

ROOT = Path(__file__).resolve().parents[3]


pytestmark = pytest.mark.usefixtures("loaded")


def run(*words: Any) -> int:
    return cli.main(["annotate", *map(str, words)])


def sidecar_of(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    "words",
    [
        ["--smooth", "one-euro"],
        ["--smooth", "zero-phase", "--angles"],
        ["--predicted"],
        ["--formats", "csv,dlc,mot", "--every-frame"],
        ["--style", "boxes,trails"],
        ["--slow-motion", "4"],
        ["--resample", "10"],
    ],
)
def test_other_results_of_the_same_detections_need_no_network(
    tmp_path: Path, loaded: list[ReadingEstimator], words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    video = write_video(tmp_path / "a.mp4", count=30)
    assert run(video, "--out", tmp_path / "out") == 0
    capsys.readouterr()
    assert run(video, "--out", tmp_path / "out", "--overwrite", *words) == 0
    assert len(loaded) == 1
    assert "the detections stored in a.litepose are used" in capsys.readouterr().err
    assert run(video, "--out", tmp_path / "direct", *words) == 0
    for path in (tmp_path / "direct").iterdir():
        if path.suffix not in (".litepose", ".mp4"):
            assert path.read_bytes() == (tmp_path / "out" / path.name).read_bytes(), path.name
    assert len(frame_times(tmp_path / "out" / "a.annotated.mp4")) == 30


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--det-thr", "0.3"], "the decoding settings"),
        (["--max-people", "1"], "the decoding settings"),
        (["--model", "litepose-s"], "the model or its settings"),
        (["--precision", "fp32"], "the model or its settings"),
        (["--flip"], "the model or its settings"),
        (["--input-size", "256"], "the model or its settings"),
        (["--start", "0.2"], "the part of the input"),
        (["--stride", "2"], "the part of the input"),
        (["--rotate", "90"], "the part of the input"),
    ],
)
def test_other_detections_are_made_anew_and_only_if_asked(
    tmp_path: Path, loaded: list[ReadingEstimator], words: list[str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    video, out = write_video(tmp_path / "a.mp4", count=12), tmp_path / "out"
    assert run(video, "--out", out, "--no-video") == 0
    before = (out / "a.litepose").read_bytes()
    for path in (out / "a.csv", out / "a.json"):
        path.unlink()
    assert run(video, "--out", out, "--no-video", *words) == 1
    report = capsys.readouterr().err
    assert why in report and "allow it to be replaced (--overwrite)" in report
    assert (out / "a.litepose").read_bytes() == before
    assert run(video, "--out", out, "--no-video", "--overwrite", *words) == 0
    assert "detection begins anew" in capsys.readouterr().err
    assert len(loaded) == 2 and loaded[1].calls > 0


def test_another_input_of_the_same_name_is_noticed(
    tmp_path: Path, loaded: list[ReadingEstimator], capsys: pytest.CaptureFixture[str]
) -> None:
    video, out = write_video(tmp_path / "a.mp4", count=12), tmp_path / "out"
    assert run(video, "--out", out, "--no-video") == 0
    write_video(tmp_path / "a.mp4", count=13)
    assert run(video, "--out", out, "--no-video") == 1
    assert "it differs in the input" in capsys.readouterr().err
    assert run(video, "--out", out, "--no-video", "--overwrite") == 0
    assert "differ in the input; detection begins anew" in capsys.readouterr().err
    assert len({r["frame"] for r in rows_of(out / "a.csv")}) == 13


@pytest.mark.parametrize(
    ("section", "key", "value", "why"),
    [
        ("model", "weights_sha256", "0" * 64, "the model"),
        ("settings", "smoothing", "one-euro", "the settings"),
        ("source", "fingerprint", "0" * 16, "the input"),
        ("selection", "stride", 2, "the part of the input"),
        ("outputs", "angles", True, "the formats"),
        ("time", "slow_motion", 8.0, "the time scale"),
        ("version", None, "0.0.1", "the version of the program"),
        ("fps", None, 24.0, "the frame rate"),
    ],
)
def test_results_of_other_work_are_not_taken_for_done(
    tmp_path: Path, section: str, key: str | None, value: Any, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    video, out = write_video(tmp_path / "a.mp4", count=3), tmp_path / "out"
    assert run(video, "--out", out, "--no-video") == 0
    content = sidecar_of(out / "a.json")
    if key is None:
        content[section] = value
    else:
        assert key in content[section]
        content[section][key] = value
    (out / "a.json").write_text(json.dumps(content))
    assert run(video, "--out", out, "--no-video") == 1
    assert f"(it differs in {why})" in capsys.readouterr().err


def test_a_setting_that_came_to_be_so_by_itself_may_be_asked_for(
    tmp_path: Path, loaded: list[ReadingEstimator], monkeypatch: pytest.MonkeyPatch
) -> None:
    info = {**fake_model_info(None), "precision": "int8", "engine": "openvino"}
    monkeypatch.setattr("app.models.loading.model_info", lambda estimator: info)
    video, out = write_video(tmp_path / "a.mp4", count=5), tmp_path / "out"
    assert run(video, "--out", out, "--no-video") == 0
    for words in (["--precision", "int8"], ["--engine", "openvino"]):
        assert run(video, "--out", out, "--no-video", "--overwrite", *words) == 0
    assert len(loaded) == 1
    assert run(video, "--out", out, "--no-video", "--overwrite", "--precision", "bf16") == 0
    assert len(loaded) == 2


def test_a_run_from_the_store_imports_no_engine(tmp_path: Path) -> None:
    video, out = write_video(tmp_path / "a.mp4", count=5), tmp_path / "out"
    assert run(video, "--out", out) == 0
    program = (
        "import sys; from app import cli; from app.models import loading\n"
        f"words = [{str(video)!r}, '--out', {str(out)!r}, '--smooth', 'zero-phase', '--overwrite']\n"
        "code = cli.main(['annotate', *words])\n"
        "engines = {'openvino', 'onnxruntime', 'torch', 'onnx', 'pose.estimator'} & set(sys.modules)\n"
        "print(code, sorted(engines))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0 []", done.stderr


def test_no_store_is_left_where_none_is_wanted(tmp_path: Path) -> None:
    video, out = write_video(tmp_path / "a.mp4", count=5), tmp_path / "out"
    assert run(video, "--out", out, "--no-store") == 0
    assert sorted(p.name for p in out.iterdir()) == ["a.annotated.mp4", "a.csv", "a.json"]
    assert run(video, "--out", out, "--no-store") == 0  # skipped


@pytest.mark.parametrize("lost", ["a.csv", "a.annotated.mp4", "a.dlc.csv", "a.json"])
def test_a_run_that_ended_between_two_names_is_finished_by_the_next(
    tmp_path: Path, loaded: list[ReadingEstimator], lost: str
) -> None:
    video, out = write_video(tmp_path / "a.mp4", count=10), tmp_path / "out"
    words = [video, "--out", out, "--formats", "csv,dlc"]
    assert run(*words) == 0
    whole = {p.name: p.read_bytes() for p in out.iterdir()}
    (out / "a.json").rename(out / "a.json.partial")
    if lost != "a.json":
        (out / lost).rename(out / f"{lost}.partial")
    assert run(*words) == 0
    assert {p.name for p in out.iterdir()} == set(whole)
    assert (out / "a.csv").read_bytes() == whole["a.csv"] and (out / "a.json").read_bytes() == whole["a.json"]
    assert len(loaded) == 1


def test_a_run_that_fails_while_it_finishes_another_is_finished_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    video, out = write_video(tmp_path / "a.mp4", count=10), tmp_path / "out"
    assert run(video, "--out", out) == 0
    whole = {p.name: p.read_bytes() for p in out.iterdir()}
    (out / "a.json").rename(out / "a.json.partial")
    with monkeypatch.context() as patched:
        patched.setattr("app.analysis.run.make_sink", lambda *_: 1 / 0)
        assert run(video, "--out", out) == 1
    assert run(video, "--out", out) == 0
    assert {p.name for p in out.iterdir()} == set(whole) and (out / "a.csv").read_bytes() == whole["a.csv"]


def test_what_was_made_besides_goes_with_what_it_belonged_to(tmp_path: Path) -> None:
    video, out = write_video(tmp_path / "a.mp4", count=5), tmp_path / "out"
    (tmp_path / "out").mkdir()
    (out / "a.dlc.csv.mine").touch()
    assert run(video, "--out", out, "--formats", "csv,dlc") == 0
    assert run(video, "--out", out, "--no-video", "--overwrite") == 0
    assert sorted(p.name for p in out.iterdir()) == ["a.csv", "a.dlc.csv.mine", "a.json", "a.litepose"]


def test_a_damaged_store_is_named_and_replaced_when_asked(
    tmp_path: Path, loaded: list[ReadingEstimator], capsys: pytest.CaptureFixture[str]
) -> None:
    video, out = write_video(tmp_path / "a.mp4", count=5), tmp_path / "out"
    out.mkdir()
    (out / "a.litepose").write_bytes(b"x" * 5000)
    assert run(video, "--out", out, "--no-video") == 1
    assert "a.litepose is not a store of detections" in capsys.readouterr().err
    assert run(video, "--out", out, "--no-video", "--overwrite") == 0


# One kind of fault each, as users met them.


def test_an_input_named_like_an_unfinished_output_keeps_its_results(tmp_path: Path) -> None:
    for name, count in (("clip.partial.mp4", 4), ("clip.mp4", 5), ("clip.csv.mp4", 6)):
        write_video(tmp_path / name, count=count)
    for name in ("clip.partial.mp4", "clip.mp4", "clip.csv.mp4"):
        assert run(tmp_path / name, "--out", tmp_path / "out") == 0
    frames = {p.name: sidecar_of(p)["frames"]["processed"] for p in (tmp_path / "out").glob("*.json")}
    assert frames == {"clip.partial.json": 4, "clip.json": 5, "clip.csv.json": 6}
    assert len(list((tmp_path / "out").glob("*.csv"))) == len(list((tmp_path / "out").glob("*.mp4"))) == 3


def test_no_input_is_replaced_by_a_result(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_video(tmp_path / "a.mp4", count=5)
    other = write_video(tmp_path / "a.annotated.mp4", count=7)
    before = other.read_bytes()
    words = [tmp_path / "a.mp4", other, "--out", tmp_path, "--overwrite"]
    assert run(*words) == 1
    assert "a.annotated.mp4 would replace another input" in capsys.readouterr().err
    assert other.read_bytes() == before


def test_a_base_name_near_the_limit_is_annotated(tmp_path: Path) -> None:
    stems = ["n" * 236, "n" * 235 + "m"]  # ".annotated.partial" has no room
    for stem in stems:
        video = write_video(tmp_path / "x.mp4", count=3).rename(tmp_path / f"{stem}.mp4")
        assert run(video, "--out", tmp_path / "out", "--formats", "csv,openpose") == 0
    assert len(list((tmp_path / "out").glob("*.csv"))) == len(list((tmp_path / "out").glob("*.annotated.mp4"))) == 2


@pytest.mark.parametrize(
    ("words", "blurred"),
    [([], True), (["--style", "trails"], True), (["--style", "show-faces"], False), (["--style", "blur-faces"], True)],
)
def test_faces_are_shown_again_only_by_name(tmp_path: Path, words: list[str], blurred: bool) -> None:
    style = OverlayStyle(blur_faces=True, boxes=True, thickness=2.0)
    save_settings(replace(Settings(), overlay=style), tmp_path / "s.toml")
    parser = __import__("argparse").ArgumentParser()
    annotate.add_arguments(parser)
    args = parser.parse_args(["x.mp4", "--settings", str(tmp_path / "s.toml"), *words])
    overlay = annotate.settings_from(args).overlay
    assert overlay.blur_faces is blurred
    assert (overlay.boxes, overlay.thickness, overlay.trails) == (True, 2.0, "trails" in words)


def test_a_live_source_is_new_every_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def camera(*_: Any, **__: Any) -> ListSource:
        source = ListSource([numbered_image(i) for i in range(12)], fps=20)
        source.info = replace(source.info, kind="camera", live=True, frame_count=None)
        return source

    monkeypatch.setattr("app.analysis.run.open_source", camera)
    for _ in range(3):
        assert run("0", "--out", tmp_path, "--end", "0.5", "--no-video") == 0
    assert sorted(p.name for p in tmp_path.glob("*.csv")) == ["camera-0-2.csv", "camera-0-3.csv", "camera-0.csv"]
    with open_store(tmp_path / "camera-0-2.litepose") as store:
        counts = store.counts()
        assert store.complete and counts["ok"] + counts.get("dropped", 0) == 10
        assert store.head.started_utc is not None
    assert sidecar_of(tmp_path / "camera-0-2.json")["time"]["started_utc"] == store.head.started_utc


def test_other_frames_when_decoding_again_are_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened = []

    def flaky(*_: Any, **__: Any) -> ListSource:
        source = ListSource([numbered_image(i) for i in range(20)])
        opened.append(source)
        if len(opened) > 1:
            whole, calls = source._retrieve, iter(range(99))
            source._retrieve = lambda: None if next(calls) == 7 else whole()  # type: ignore[method-assign]
        return source

    monkeypatch.setattr("app.analysis.run.open_source", flaky)
    write_images(tmp_path / "walk", ["0.png", "1.png"])
    assert run(tmp_path / "walk", "--out", tmp_path / "out", "--smooth", "zero-phase") == 0
    assert "1 are missing from what was drawn" in capsys.readouterr().err
    assert len({r["frame"] for r in rows_of(tmp_path / "out" / "walk.csv")}) == 20
    assert len(frame_times(tmp_path / "out" / "walk.annotated.mp4")) == 19


# Time.


@pytest.mark.parametrize("words", [["--slow-motion", "8"], ["--recorded-fps", "200"]])
def test_slow_motion_has_the_times_of_life(tmp_path: Path, words: list[str]) -> None:
    video = write_video(tmp_path / "a.mp4", count=20)  # 25 fps
    assert run(video, "--out", tmp_path / "out", *words) == 0
    times = sorted({float(r["time_s"]) for r in rows_of(tmp_path / "out" / "a.csv")})
    assert times == pytest.approx([i / 200 for i in range(20)], abs=1e-6)
    content = sidecar_of(tmp_path / "out" / "a.json")
    assert (content["fps"], content["time"]["slow_motion"]) == (25.0, 8.0)
    assert frame_times(tmp_path / "out" / "a.annotated.mp4") == pytest.approx([i / 25 for i in range(20)], abs=1e-6)


def test_resampled_rows_come_at_the_rate_and_say_what_they_are(tmp_path: Path) -> None:
    times = [Fraction(t, 100) for t in (0, 4, 8, 12, 16, 60, 64, 68)]
    video = write_video(tmp_path / "a.mp4", count=8, times=times)
    assert run(video, "--out", tmp_path / "own", "--no-video") == 0
    assert run(video, "--out", tmp_path / "out", "--resample", "50") == 0
    rows, own = rows_of(tmp_path / "out" / "a.csv"), rows_of(tmp_path / "own" / "a.csv")
    states = {round(float(r["time_s"]) * 100): r["state"] for r in rows}
    assert states == {
        t: "observed" if Fraction(t, 100) in times else "interpolated" for t in (*range(0, 17, 2), *range(60, 69, 2))
    }
    assert [int(r["frame"]) for r in rows[::2]] == [*range(9), *range(30, 35)]
    at = {(r["time_s"], r["track_id"]): np.float64([r["left_knee_x"], r["left_knee_score"]]) for r in own}
    for row in rows:
        found = np.float64([row["left_knee_x"], row["left_knee_score"]])
        if row["time_s"] == "0.020000":
            mean = (at["0.000000", row["track_id"]] + at["0.040000", row["track_id"]]) / 2
            np.testing.assert_allclose(found, mean, atol=0.011)
        elif row["state"] == "observed":
            np.testing.assert_array_equal(found, at[row["time_s"], row["track_id"]])
    assert sidecar_of(tmp_path / "out" / "a.json")["time"]["resample_fps"] == 50
    assert len(frame_times(tmp_path / "out" / "a.annotated.mp4")) == 8


def test_jobs_and_outcomes_can_be_sent_to_another_process() -> None:
    item = AnnotationInput(Path("a.mp4"), "a.mp4", "a")
    job = Job(item, Settings(), JobOptions(Path("out"), formats=("csv", "dlc"), end_s=2.0))
    outcome = Outcome(item, "done", True, "a.mp4: done", ("a warning",))
    assert pickle.loads(pickle.dumps((job, outcome))) == (job, outcome)


def test_a_live_source_is_drawn_as_it_comes_whatever_its_tables_need(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = []

    def camera(*_: Any, **__: Any) -> ListSource:
        opened.append(ListSource([numbered_image(i) for i in range(30)], fps=20))
        opened[-1].info = replace(opened[-1].info, kind="camera", live=True, frame_count=None)
        return opened[-1]

    monkeypatch.setattr("app.analysis.run.open_source", camera)
    assert run("0", "--out", tmp_path, "--end", "1", "--formats", "csv,dlc", "--every-frame") == 0
    assert len(opened) == 1
    frames = sidecar_of(tmp_path / "camera-0.json")["frames"]
    assert frames["processed"] + frames["dropped"] == 20
    assert len(frame_times(tmp_path / "camera-0.annotated.mp4")) == frames["processed"]
