"""Scores of a scene: the truth itself scores best, and each kind of error lowers its own score."""

from __future__ import annotations

import numpy as np
import pytest

from app.scene.scene import Scene
from app.scene.scoring import SceneScore, SceneScorer
from app.scene.truth import SceneTruth
from pose.skeleton import CROWDPOSE14
from pose.types import Poses
from tracking.types import TrackedPoses


@pytest.fixture(scope="module")
def video() -> list[SceneTruth]:
    scene = Scene(0, 4, (320, 180))
    return [scene.frame(float(t))[1].of_skeleton(CROWDPOSE14) for t in np.arange(2, 4, 0.25)]


def as_tracks(truth: SceneTruth, shift_heights: float = 0.0, ids: np.ndarray | None = None) -> TrackedPoses:
    keypoints = truth.keypoints + shift_heights * truth.height_px[:, None, None] * np.array([1, 0], np.float32)
    keypoints = np.where(truth.visible[..., None], keypoints, np.nan).astype(np.float32)
    scores = truth.visible.astype(np.float32)
    poses = Poses(keypoints, scores, scores.mean(axis=1))
    return TrackedPoses(truth.ids if ids is None else ids, poses, np.ones(len(truth), bool), poses)


def score(video: list[SceneTruth], tracks: list[TrackedPoses]) -> SceneScore:
    scorer = SceneScorer(CROWDPOSE14)
    for truth, found in zip(video, tracks, strict=True):
        scorer.add(truth, found)
    return scorer.score()


def test_the_truth_scores_perfectly(video: list[SceneTruth]) -> None:
    result = score(video, [as_tracks(truth) for truth in video])
    assert result.near == result.ap == result.ap50 == result.tracking.mota == result.tracking.idf1 == 1.0
    assert result.tracking.switches == 0


@pytest.mark.parametrize(("shift", "near"), [(0.09, 1.0), (0.11, 0.0)])
def test_near_means_a_tenth_of_the_height(video: list[SceneTruth], shift: float, near: float) -> None:
    lonely = [SceneTruth(t.names, *(a[:1] for a in (t.ids, t.keypoints, t.visible, t.boxes, t.height_px, t.distance_m)))
              for t in video]  # fmt: skip
    assert score(lonely, [as_tracks(truth, shift) for truth in lonely]).near == near


def test_nobody_found_scores_nothing(video: list[SceneTruth]) -> None:
    result = score(video, [TrackedPoses.empty(14) for _ in video])
    assert result.near == 0.0
    assert result.ap == 0.0
    assert result.tracking.mota == 0.0
    assert result.tracking.misses > 0


def test_new_ids_in_the_middle_are_switches(video: list[SceneTruth]) -> None:
    half = len(video) // 2
    tracks = [as_tracks(t, ids=t.ids + (100 if i >= half else 0)) for i, t in enumerate(video)]
    result = score(video, tracks)
    assert result.near == 1.0
    assert result.tracking.switches >= 1
    assert result.tracking.mota < 1.0


def test_an_empty_scene_has_no_score() -> None:
    truth = Scene(0, 0, (320, 180)).frame(0.0)[1]
    assert np.isnan(score([truth], [TrackedPoses.empty(14)]).near)
