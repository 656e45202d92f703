"""Corrected frames become labels that training reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from app.analysis.store import Progress, StoredFrame, create_store
from app.analysis.store_head import StoreHead
from app.cli import main
from app.sources import open_source
from pose.evaluation.coco_labels import read_labels
from pose.skeleton import CROWDPOSE14
from pose.types import Poses
from tests.app.media import write_video
from tests.fakes import read_number, standing_person
from tracking.types import Detections

COUNT = 20


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Two people who stand still; the second one's left wrist and the third one's joints are unsure."""
    video = write_video(tmp_path / "clip.mp4", count=COUNT, width=320, height=240)
    points = np.stack([standing_person(CROWDPOSE14, 60 + 90 * i, 60, 120) for i in range(3)]).astype(np.float32)
    scores = np.full(points.shape[:2], 0.8, np.float32)
    scores[1, CROWDPOSE14.index("left_wrist")] = 0.1
    scores[2, 2:] = 0.2
    path = tmp_path / "clip.litepose"
    with open_source(video) as source, create_store(path, StoreHead(source.info, CROWDPOSE14)) as writer:
        for frame in source:
            poses = Poses(points, scores, np.full(3, 0.8, np.float32))
            writer.add(StoredFrame(frame.index, "ok", Detections(frame.index, frame.time_s, poses)))
        writer.finish(Progress(COUNT))
    return path


def run(*words: object) -> int:
    return main([str(word) for word in words])


def labels(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "person_keypoints.json").read_text())


def test_corrections_become_labels(store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, video = tmp_path / "labels", tmp_path / "clip.mp4"
    assert run("export-labels", store, "--video", video, "--out", out) == 2
    assert "No pose of clip.mp4 was corrected" in capsys.readouterr().err
    assert run("edit", store, "--swap", 1, 2) == 0  # identities are no poses
    assert run("export-labels", store, "--video", video, "--out", out) == 2
    assert run("edit", store, "--move-joint", 1, "left_wrist", 7, 33, 44) == 0
    assert run("export-labels", store, "--video", video, "--out", out, "--also", 12) == 0
    content = labels(out)
    assert [image["file_name"] for image in content["images"]] == ["clip_000007.jpg", "clip_000012.jpg"]
    for image, number in zip(content["images"], (7, 12), strict=True):
        assert read_number(cv2.imread(str(out / "images" / image["file_name"]))) == number
    people = [a for a in content["annotations"] if a["image_id"] == content["images"][0]["id"]]
    assert sorted(a["num_keypoints"] for a in people) == [0, 14, 14]  # the third is a region to leave out
    wrists = [np.reshape(a["keypoints"], (-1, 3))[CROWDPOSE14.index("left_wrist")].tolist() for a in people]
    assert [33.0, 44.0, 2.0] in wrists


def test_unsure_joints_are_no_labels(store: Path, tmp_path: Path) -> None:
    out = tmp_path / "labels"
    assert run("export-labels", store, "--video", tmp_path / "clip.mp4", "--out", out, "--also", "3") == 0
    assert sorted(a["num_keypoints"] for a in labels(out)["annotations"]) == [0, 13, 14]


def test_labels_are_added_and_replaced(store: Path, tmp_path: Path) -> None:
    out, video = tmp_path / "labels", tmp_path / "clip.mp4"
    for also in ("3", "3,9"):
        assert run("export-labels", store, "--video", video, "--out", out, "--also", also) == 0
    content = labels(out)
    assert [image["file_name"] for image in content["images"]] == ["clip_000003.jpg", "clip_000009.jpg"]
    assert len(content["annotations"]) == 6
    ids = [entry["id"] for entry in content["annotations"]]
    assert len(set(ids)) == len(ids)
    found = read_labels(out / "person_keypoints.json")  # as training and evaluation read it
    assert (found.skeleton.name, len(found.images)) == ("crowdpose14", 2)


def test_labels_that_are_not_whole_are_not_added_to(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "labels"
    assert run("export-labels", store, "--video", tmp_path / "clip.mp4", "--out", out, "--also", "3") == 0
    content = labels(out)
    del content["annotations"]
    (out / "person_keypoints.json").write_text(json.dumps(content))
    assert run("export-labels", store, "--video", tmp_path / "clip.mp4", "--out", out, "--also", "9") == 1
    assert "cannot be added to" in capsys.readouterr().err


def test_another_video_is_noticed(store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    short = write_video(tmp_path / "short.mp4", count=3, width=320, height=240)
    assert run("export-labels", store, "--video", short, "--out", tmp_path / "labels", "--also", "9") == 1
    assert "has no frames 9" in capsys.readouterr().err
