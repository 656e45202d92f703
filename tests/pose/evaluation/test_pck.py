from __future__ import annotations

import numpy as np
import pytest

from pose.evaluation.pck import correct_joints, pck_metrics, torso_sizes
from pose.evaluation.truths import Truths
from pose.skeleton import CROWDPOSE14

NAMES = CROWDPOSE14.keypoint_names
SIGMAS = CROWDPOSE14.sigmas


def standing_person(unlabelled: tuple[str, ...] = ()) -> Truths:
    points = np.zeros((1, 14, 2))
    points[0, :, 0] = np.arange(14) * 5.0
    points[0, :, 1] = np.arange(14) * 20.0
    points[0, NAMES.index("left_shoulder")] = (0, 0)
    points[0, NAMES.index("right_hip")] = (30, 40)  # torso 50 px
    points[0, NAMES.index("right_shoulder")] = (40, 0)
    points[0, NAMES.index("left_hip")] = (0, 30)  # the other diagonal, 50 px too
    labelled = np.array([[name not in unlabelled for name in NAMES]])
    no = np.zeros(1, bool)
    return Truths(points, labelled, np.array([[0.0, 0, 70, 260]]), np.array([1e4]), no, no)


def test_torso_is_the_diagonal_from_left_shoulder_to_right_hip() -> None:
    assert torso_sizes(standing_person(), NAMES) == pytest.approx([50])
    assert torso_sizes(standing_person(("left_shoulder",)), NAMES) == pytest.approx([50])
    assert np.isnan(torso_sizes(standing_person(("left_shoulder", "left_hip")), NAMES)).all()


@pytest.mark.parametrize(("distance", "right"), [(9.9, True), (10.1, False)])
def test_a_joint_is_right_within_alpha_torsos(distance: float, right: bool) -> None:
    truth = standing_person()
    found = truth.keypoints.copy()
    found[0, 4, 0] += distance
    correct, counted = correct_joints(found, truth, SIGMAS, NAMES, 0.2)
    assert counted.all() and correct[0, 4] == right and correct.sum() == 13 + right


def test_the_best_detection_is_judged_and_missing_joints_are_wrong() -> None:
    truth = standing_person()
    near = truth.keypoints.copy()
    near[0, 5] = np.nan
    correct, counted = correct_joints(np.concatenate([near + 300, near]), truth, SIGMAS, NAMES, 0.2)
    metrics = pck_metrics([(correct, counted)], NAMES)
    assert metrics["PCK"] == pytest.approx(13 / 14) and metrics[NAMES[5]] == 0 and metrics[NAMES[6]] == 1


def test_nobody_detected_scores_zero() -> None:
    correct, counted = correct_joints(np.zeros((0, 14, 2)), standing_person(), SIGMAS, NAMES, 0.2)
    assert pck_metrics([(correct, counted)], NAMES)["PCK"] == 0
