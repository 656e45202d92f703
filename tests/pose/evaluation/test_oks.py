from __future__ import annotations

import numpy as np
import pytest

from pose.evaluation.oks import object_keypoint_similarity
from pose.evaluation.truths import Truths

SIGMAS = np.array([0.1, 0.05, 0.08])


def one_person(labelled: list[bool], area: float = 400.0) -> Truths:
    points = np.array([[[10.0, 10], [20, 10], [15, 30]]])
    box, no = np.array([[10.0, 10, 20, 20]]), np.zeros(1, bool)
    return Truths(points, np.array([labelled]), box, np.array([area]), no, no)


def test_equal_points_have_similarity_one() -> None:
    truth = one_person([True, True, True])
    assert object_keypoint_similarity(truth.keypoints, truth, SIGMAS) == pytest.approx(1)


def test_one_displaced_joint_follows_the_formula() -> None:
    truth = one_person([True, True, True])
    moved = truth.keypoints.copy()
    moved[0, 1] += (3, 4)
    expected = (2 + np.exp(-(5**2) / (2 * 400 * (2 * 0.05) ** 2))) / 3
    assert object_keypoint_similarity(moved, truth, SIGMAS) == pytest.approx(expected)


def test_unlabelled_joints_do_not_matter() -> None:
    truth = one_person([True, False, True])
    moved = truth.keypoints.copy()
    moved[0, 1] += 500
    assert object_keypoint_similarity(moved, truth, SIGMAS) == pytest.approx(1)


def test_a_missing_joint_adds_nothing() -> None:
    truth = one_person([True, True, False])
    found = truth.keypoints.copy()
    found[0, 0] = np.nan
    assert object_keypoint_similarity(found, truth, SIGMAS) == pytest.approx(0.5)


def test_person_without_labels_is_compared_with_three_times_its_box() -> None:
    truth = one_person([False, False, False])
    inside = np.array([[[-9.0, -9], [49, 49], [20, 20]]])
    assert object_keypoint_similarity(inside, truth, SIGMAS) == pytest.approx(1)
    assert object_keypoint_similarity(inside + 300, truth, SIGMAS) < 1e-6


def test_shape_is_detections_by_truths_even_if_empty() -> None:
    truth = one_person([True, True, True])
    nobody = Truths(*(np.asarray(a)[:0] for a in (truth.keypoints, truth.labelled, truth.boxes_xywh, truth.areas,
                                                  truth.ignored, truth.crowd)))  # fmt: skip
    assert object_keypoint_similarity(np.zeros((4, 3, 2)), truth, SIGMAS).shape == (4, 1)
    assert object_keypoint_similarity(np.zeros((0, 3, 2)), truth, SIGMAS).shape == (0, 1)
    assert object_keypoint_similarity(np.zeros((4, 3, 2)), nobody, SIGMAS).shape == (4, 0)
