from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pose.evaluation.bootstrap import bootstrap_ap, bootstrap_difference
from pose.evaluation.evaluate import map_joints, score
from pose.skeleton import COCO17
from tests.pose.evaluation.scenes import loaded, random_poses


@pytest.fixture
def two_results(tmp_path: Path):
    _, labels = loaded(4, COCO17, tmp_path, num_images=30)
    joints = map_joints(COCO17, COCO17, "all")
    poses = random_poses(4, labels)
    rng = np.random.default_rng(1)
    shaken = [replace(p, keypoints=p.keypoints + rng.normal(0, 2, p.keypoints.shape).astype(np.float32)) for p in poses]
    return score(labels, poses, joints).matches, score(labels, shaken, joints).matches


def test_a_result_does_not_differ_from_itself(two_results) -> None:
    spread = bootstrap_difference(two_results[0], two_results[0], resamples=50)
    assert (spread.value, spread.standard_error, spread.low, spread.high) == (0, 0, 0, 0)


def test_same_seed_same_figures(two_results) -> None:
    assert bootstrap_ap(two_results[0], 50, seed=1) == bootstrap_ap(two_results[0], 50, seed=1)
    assert bootstrap_ap(two_results[0], 50, seed=1) != bootstrap_ap(two_results[0], 50, seed=2)


def test_pairing_makes_the_difference_surer_than_either_ap(two_results) -> None:
    paired = bootstrap_difference(*two_results, resamples=200)
    assert paired.value > 0
    assert 0 < paired.standard_error < bootstrap_ap(two_results[0], 200).standard_error
    assert paired.low <= paired.value <= paired.high


def test_other_images_cannot_be_paired(two_results) -> None:
    with pytest.raises(ValueError, match="same labelled images"):
        bootstrap_difference(two_results[0], two_results[1][:-1])
