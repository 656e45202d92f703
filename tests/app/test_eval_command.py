"""The command from arguments to files, with an estimator that knows the truth."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

import pose.estimator
from app.cli import OK, SOME_FAILED, USAGE, main
from pose.skeleton import COCO17, Skeleton
from pose.types import Poses
from tests.pose.evaluation.scenes import loaded


@dataclass
class TruthfulEstimator:
    """Returns the labelled people of the image, recognised by the value of its first pixel."""

    people: dict[int, Poses]
    skeleton: Skeleton = COCO17
    input_size: int = 448
    det_thr: float = 0.1
    spec: SimpleNamespace = field(default_factory=lambda: SimpleNamespace(name="fake", arch="none", sha256="0"))
    engine: SimpleNamespace = field(
        default_factory=lambda: SimpleNamespace(name="fake", device="cpu", precision="fp32")
    )

    def __call__(self, image_bgr: np.ndarray) -> Poses:
        return self.people[int(image_bgr[0, 0, 0])]


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A folder of images with their labels, and how the command asked for its estimator."""
    _, labels = loaded(0, COCO17, tmp_path)
    people = {}
    for image in labels.images:
        cv2.imwrite(str(tmp_path / image.file_name), np.full((480, 640, 3), image.image_id, np.uint8))
        kept = ~image.truths.ignored
        points = np.where(image.truths.labelled[kept][..., None], image.truths.keypoints[kept], np.nan)
        people[image.image_id] = Poses(
            points.astype(np.float32), np.isfinite(points[..., 0]).astype(np.float32), np.ones(len(points), np.float32)
        )
    asked: dict = {}

    def fake_load(model: str, **settings):
        asked.update(settings, model=model)
        return TruthfulEstimator(people)

    monkeypatch.setattr(pose.estimator, "load_estimator", fake_load)
    command = ["eval", "--images", str(tmp_path), "--annotations", str(tmp_path / "labels.json"), "--quiet"]
    return SimpleNamespace(folder=tmp_path, command=command, asked=asked, labels=labels)


def test_truth_scores_a_hundred_and_is_written(scene, capsys: pytest.CaptureFixture[str]) -> None:
    out, detections = scene.folder / "out.json", scene.folder / "found.json"
    options = ["--out", str(out), "--detections", str(detections), "--per-image", "--pck", "0.2"]
    assert main(scene.command + options) == OK
    report = json.loads(out.read_text())
    assert report["metrics"]["AP"] == report["metrics"]["AR"] == report["pck"]["PCK"] == 1
    assert len(report["per_image"]) == len(scene.labels.images)
    assert len(json.loads(detections.read_text())) == scene.labels.num_people
    assert "100.0" in capsys.readouterr().out


def test_settings_reach_the_estimator_and_the_report(scene) -> None:
    out = scene.folder / "out.json"
    options = ["--model", "other", "--input-size", "320", "--fit", "long", "--flip", "--scales", "1,1.5"]
    options += ["--det-thr", "0.3"]
    assert main([*scene.command, *options, "--joints", "shared", "--out", str(out)]) == OK
    assert scene.asked["input_size"] == 320 and scene.asked["fit"] == "long" and scene.asked["model"] == "other"
    assert scene.asked["flip"] is True and scene.asked["scales"] == (1.0, 1.5)
    assert scene.asked["decode"].det_thr == 0.3
    report = json.loads(out.read_text())
    assert report["settings"]["flip"] is True and len(report["protocol"]["joints"]) == 12


def test_limit_takes_the_first_images(scene) -> None:
    out = scene.folder / "out.json"
    assert main([*scene.command, "--limit", "5", "--out", str(out)]) == OK
    assert json.loads(out.read_text())["protocol"]["images"] == 5


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--limit", "0"], USAGE),
        (["--det-thr", "2"], USAGE),
        (["--annotations", "none.json"], SOME_FAILED),
        (["--images", "none"], SOME_FAILED),
        (["--out", "/dev/null/x.json"], SOME_FAILED),
        (["--out", "x" * 300], SOME_FAILED),
        (["--out", "x.json", "--detections", "./x.json"], USAGE),
    ],
)
def test_bad_input_is_one_line_and_a_failure(
    scene, options: list[str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*scene.command, *options]) == code
    message = capsys.readouterr().err
    assert message.startswith("error: ") and message.count("\n") == 1


@pytest.mark.parametrize("option", ["--out", "--detections"])
def test_the_labels_are_never_overwritten(scene, option: str) -> None:
    link = scene.folder / "link.json"
    link.hardlink_to(scene.folder / "labels.json")
    before = link.read_bytes()
    for path in (scene.folder / "labels.json", scene.folder / "." / "labels.json", link):
        assert main([*scene.command, option, str(path)]) == USAGE
    assert link.read_bytes() == before


def test_an_output_that_cannot_be_written_is_noticed_before_the_long_part(scene, monkeypatch) -> None:
    monkeypatch.setattr(pose.estimator, "load_estimator", lambda *_, **__: pytest.fail("started"))
    assert main([*scene.command, "--out", str(scene.folder)]) == SOME_FAILED


@pytest.mark.parametrize("options", [["--scales", "1,x"], ["--scales", "0"], ["--pck", "-1"], ["--fit", "wide"]])
def test_bad_options_are_usage_errors(scene, options: list[str]) -> None:
    with pytest.raises(SystemExit) as exit_info:
        main([*scene.command, *options])
    assert exit_info.value.code == 2
