"""`demo`: everything it promises is written, and its options are checked."""

from __future__ import annotations

import argparse
import csv
import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from app.cli import OK, demo
from app.export.sidecar import read_sidecar
from app.pipeline import Detector
from app.scene.scene import Scene
from app.scene.source import SceneSource
from pose.errors import SettingsError
from tests.app.scene_fakes import TruthEstimator


def parse(*arguments: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    demo.add_arguments(parser)
    return parser.parse_args(arguments)


@pytest.fixture
def source() -> SceneSource:
    return SceneSource(Scene(0, 2, (320, 180)), 1.0, 10)


def detector_for(source: SceneSource) -> Detector:
    return Detector(TruthEstimator(source))


@pytest.mark.parametrize("video", [True, False])
def test_every_promised_file_is_written(source: SceneSource, tmp_path: Path, video: bool) -> None:
    outcome = demo.track_scene(source, detector_for(source), tmp_path, video=video)
    assert outcome["frames"] == 10
    assert (tmp_path / "demo.mp4").exists() == video
    assert not list(tmp_path.glob("*.partial*"))
    sheet = cv2.imread(str(tmp_path / "demo.png"))
    assert sheet is not None and sheet.shape[1] > sheet.shape[0]
    with (tmp_path / "demo_truth.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {int(row["frame"]) for row in rows} <= set(range(10))
    assert len({(row["frame"], row["true_id"]) for row in rows}) == len(rows) >= 10


def test_truth_table_agrees_with_the_scene(source: SceneSource, tmp_path: Path) -> None:
    demo.track_scene(source, detector_for(source), tmp_path, video=False)
    truth = Scene(0, 2, (320, 180)).frame(0.5)[1]
    with (tmp_path / "demo_truth.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["frame"] == "5"]
    k = truth.names.index("left_wrist")
    written = [(float(row["left_wrist_x"]), float(row["left_wrist_y"])) for row in rows]
    np.testing.assert_allclose(written, truth.keypoints[:, k], atol=0.006)
    assert [row["left_wrist_visible"] == "1" for row in rows] == truth.visible[:, k].tolist()


def test_a_whole_run_writes_a_sidecar_with_its_accuracy(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    class Named(TruthEstimator):
        class spec:
            name, sha256 = "perfect", "0" * 64

        class engine:
            name, device, precision = "none", "cpu", "fp32"

        input_size = 448

    kept: list[SceneSource] = []
    keep = SceneSource.__init__

    def remember(self: SceneSource, *args: object) -> None:
        keep(self, *args)  # type: ignore[arg-type]
        kept.append(self)

    monkeypatch.setattr(SceneSource, "__init__", remember)
    monkeypatch.setattr("pose.estimator.load_estimator", lambda *_, **__: Named(kept[-1]))
    out = tmp_path / "new" / "results"
    assert demo.run(parse("--out", str(out), "--seconds", "0.5", "--size", "320x180", "--no-video")) == OK
    sidecar = json.loads((out / "demo.json").read_text())
    assert sidecar["complete"] and sidecar["frames"] == 15
    assert read_sidecar(out / "demo.json") is None, "another schema must not pass for a sidecar of annotate"
    assert sidecar["accuracy"]["near"] > 0.9
    assert sidecar["scene"]["place"] == "street"
    assert "joints within 10 %" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["960", "960x", "axb", "960x540x3", "-960x540", "", "9.6x5"])
def test_a_size_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(SettingsError):
        demo.parse_size(text)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--people", "99"),
        ("--size", "1x1"),
        ("--seconds", "0"),
        ("--seconds", "nan"),
        ("--seed", "-1"),
        ("--place", "moon"),
    ],
)
def test_impossible_options_are_refused_before_a_model_is_loaded(
    arguments: tuple[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("the model must not be loaded")

    monkeypatch.setattr("pose.estimator.load_estimator", never)
    with pytest.raises(SettingsError):
        demo.run(parse("--out", str(tmp_path), *arguments))


@pytest.mark.parametrize("option", [("--engine", "foo"), ("--device", "abacus"), ("--precision", "int4")])
def test_unknown_engines_are_usage_errors(option: tuple[str, str]) -> None:
    with pytest.raises(SystemExit) as exit_info:
        parse(*option)
    assert exit_info.value.code == 2


def test_contact_sheet_holds_every_image() -> None:
    tiles = [np.full((20, 30, 3), 10 * i, np.uint8) for i in range(1, 6)]
    sheet = demo.contact_sheet(tiles)
    assert {10, 20, 30, 40, 50} <= set(np.unique(sheet).tolist())
