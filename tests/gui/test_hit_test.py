from __future__ import annotations

import numpy as np

from app.gui.view.hit_test import person_at
from pose.skeleton import CROWDPOSE14
from pose.types import Poses
from tests.fakes import standing_person
from tracking.types import TrackedPoses


def people(*persons: np.ndarray) -> TrackedPoses:
    keypoints = np.stack(persons).astype(np.float32)
    n, k = keypoints.shape[:2]
    poses = Poses(keypoints, np.ones((n, k), np.float32), np.ones(n, np.float32))
    return TrackedPoses(np.arange(1, n + 1), poses, np.ones(n, bool), poses)


LEFT = standing_person(CROWDPOSE14, 100, 50, 200)
RIGHT = standing_person(CROWDPOSE14, 300, 50, 200)


def test_nobody_is_hit_in_an_empty_image() -> None:
    assert person_at((10, 10), TrackedPoses.empty(14), CROWDPOSE14) == 0


def test_every_joint_hits_its_own_person() -> None:
    tracks = people(LEFT, RIGHT)
    assert all(person_at(tuple(p), tracks, CROWDPOSE14) == 1 for p in LEFT)
    assert all(person_at(tuple(p), tracks, CROWDPOSE14) == 2 for p in RIGHT)


def test_far_from_everybody_hits_nobody() -> None:
    assert person_at((200, 20), people(LEFT, RIGHT), CROWDPOSE14) == 0


def test_a_small_person_in_front_of_a_large_one_can_be_clicked() -> None:
    large = standing_person(CROWDPOSE14, 200, 100, 600)
    small = standing_person(CROWDPOSE14, 215, 300, 120)
    inside_small = tuple((small.min(0) + small.max(0)) / 2 + (3, 2))
    assert person_at(inside_small, people(large, small), CROWDPOSE14, tolerance_px=1) == 2


def test_missing_joints_are_never_hit() -> None:
    half = LEFT.copy()
    half[6:12] = np.nan
    foot = tuple(LEFT[10])
    assert person_at(foot, people(half), CROWDPOSE14, tolerance_px=5) == 0
