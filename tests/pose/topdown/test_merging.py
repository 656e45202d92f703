"""Two sights of a person become one; two people stay two."""

from __future__ import annotations

import numpy as np
import pytest

from pose.skeleton import CROWDPOSE14
from pose.topdown.merging import MergeRule, merge, person_areas, similarity
from pose.types import Poses
from tests.fakes import standing_person

SIGMAS = CROWDPOSE14.sigmas
NAN = np.nan


def people(*xs: float, height: float = 200.0, score: float = 0.5) -> Poses:
    keypoints = np.stack([standing_person(CROWDPOSE14, x, 100, height) for x in xs])
    scores = np.full(keypoints.shape[:2], score, np.float32)
    return Poses(keypoints, scores, np.full(len(xs), score, np.float32))


def moved(poses: Poses, dx: float, score: float) -> Poses:
    shift = np.array([dx, 0], np.float32)
    return Poses(poses.keypoints + shift, np.full_like(poses.scores, score), poses.confidence)


def test_near_sights_are_averaged_by_their_scores() -> None:
    poses = people(100)
    merged = merge(poses, moved(poses, 2, score=0.75), SIGMAS)
    assert merged.keypoints[0] == pytest.approx(poses.keypoints[0] + [1.2, 0], abs=1e-3)
    assert (merged.scores == 0.75).all() and merged.confidence == poses.confidence


def test_of_sights_that_differ_the_more_certain_is_taken() -> None:
    poses = people(100)
    proposed = moved(poses, 0, 0.5)
    proposed.keypoints[0, 4:6] += 60  # both wrists are somewhere else
    proposed.scores[0, 4], proposed.scores[0, 5] = 0.9, 0.1
    merged = merge(poses, proposed, SIGMAS)
    assert merged.keypoints[0, 4] == pytest.approx(proposed.keypoints[0, 4])
    assert merged.keypoints[0, 5] == pytest.approx(poses.keypoints[0, 5])
    assert merged.scores[0, 4:6] == pytest.approx([0.9, 0.5])


def test_another_person_is_not_taken() -> None:
    poses = people(100)
    merged = merge(poses, moved(poses, 90, score=1.0), SIGMAS)
    np.testing.assert_array_equal(merged.keypoints, poses.keypoints)
    np.testing.assert_array_equal(merged.scores, poses.scores)


def test_missing_joints_are_filled_and_unseen_ones_left() -> None:
    poses, proposed = people(100), people(100, score=0.3)
    poses.keypoints[0, 10:12], poses.scores[0, 10:12] = NAN, 0
    proposed.keypoints[0, 11:13], proposed.scores[0, 11:13] = NAN, 0
    merged = merge(poses, proposed, SIGMAS)
    assert merged.keypoints[0, 10] == pytest.approx(proposed.keypoints[0, 10]) and merged.scores[0, 10] == 0.3
    assert np.isnan(merged.keypoints[0, 11]).all() and merged.scores[0, 11] == 0
    assert merged.keypoints[0, 12] == pytest.approx(poses.keypoints[0, 12])


def test_two_people_stay_two() -> None:
    """Both proposals are the first person; both are within the gate of what they are for."""
    poses = people(100, 112)
    proposed = Poses(poses.keypoints[[0, 0]], np.full_like(poses.scores, 0.9), poses.confidence)
    gate = similarity(poses.keypoints[0], poses.keypoints[1], person_areas(poses.keypoints[0]), SIGMAS)
    assert gate > MergeRule().gate
    merged = merge(poses, proposed, SIGMAS)
    np.testing.assert_array_equal(merged.keypoints, poses.keypoints)
    alone = merge(poses[:1], proposed[:1], SIGMAS)
    assert (alone.scores == 0.9).all()  # what was refused is the falling together


def test_nothing_seen_changes_nothing() -> None:
    poses = people(50, 300)
    nothing = Poses(np.full_like(poses.keypoints, NAN), np.zeros_like(poses.scores), poses.confidence)
    merged = merge(poses, nothing, SIGMAS)
    np.testing.assert_array_equal(merged.keypoints, poses.keypoints)
    unknown = merge(nothing, poses, SIGMAS)  # a person without any joint has nothing to compare
    assert np.isnan(unknown.keypoints).all()
    assert len(merge(poses[:0], nothing[:0], SIGMAS)) == 0


def test_joints_on_one_line_have_an_area() -> None:
    line = np.zeros((1, 14, 2), np.float32)
    line[0, :, 1] = np.linspace(0, 100, 14)
    assert person_areas(line)[0] == pytest.approx(0.53 * 100 * 25)
    assert person_areas(np.full((1, 14, 2), NAN))[0] == 0


def test_similarity_is_oks_over_common_joints() -> None:
    a = people(100).keypoints[0]
    b = a + np.array([5, 0], np.float32)
    expected = np.exp(-25 / (2 * 1000 * (2 * SIGMAS) ** 2))
    assert similarity(a, b, np.array(1000.0), SIGMAS) == pytest.approx(expected.mean())
    b[:7] = NAN
    assert similarity(a, b, np.array(1000.0), SIGMAS) == pytest.approx(expected[7:].mean())
