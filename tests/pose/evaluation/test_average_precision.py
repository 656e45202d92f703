from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pose.evaluation.average_precision import coco_metrics, match_image, rank
from pose.evaluation.evaluate import map_joints, score
from pose.evaluation.report import coco_results
from pose.evaluation.truths import Truths
from pose.skeleton import COCO17, CROWDPOSE14, Skeleton
from pose.types import Poses
from tests.pose.evaluation.reference_evaluators import COCO_NAMES, coco_stats, crowdpose_stats
from tests.pose.evaluation.scenes import loaded, random_poses


def exact_results(labels, poses):
    """Results with the very same numbers: rounding would move similarities across thresholds."""
    results = coco_results(labels, poses)
    rows = [(point, score) for p in poses for point, score in zip(p.keypoints, p.confidence, strict=True)]
    for result, (points, confidence) in zip(results, rows, strict=True):
        result["keypoints"] = [float(v) for x, y in points for v in (x, y, 1)]
        result["score"] = float(confidence)
    return results


def same(ours: float, theirs: float) -> bool:
    return (np.isnan(ours) and theirs == -1) or abs(ours - theirs) < 1e-12


@pytest.mark.parametrize("seed", range(12))
def test_coco_metrics_equal_pycocotools(seed: int, tmp_path: Path) -> None:
    data, labels = loaded(seed, COCO17, tmp_path)
    poses = random_poses(seed, labels)
    ours = score(labels, poses, map_joints(COCO17, COCO17, "all")).metrics
    theirs = coco_stats(data, exact_results(labels, poses), tmp_path)
    assert all(same(ours[name], theirs[name]) for name in COCO_NAMES), (ours, theirs)


@pytest.mark.parametrize("seed", range(12))
def test_crowdpose_metrics_equal_xtcocotools(seed: int, tmp_path: Path) -> None:
    data, labels = loaded(seed, CROWDPOSE14, tmp_path)
    poses = random_poses(seed, labels)
    ours = score(labels, poses, map_joints(CROWDPOSE14, CROWDPOSE14, "all")).metrics
    sigmas = np.array(CROWDPOSE14.oks_sigmas)
    theirs = crowdpose_stats(data, exact_results(labels, poses), tmp_path, sigmas)
    for name, value in theirs.items():
        # The official evaluation rounds its results by crowding to 4 places.
        assert same(round(ours[name], 4) if name.startswith("AP_") else ours[name], value), name


def test_metrics_equal_pycocotools_with_more_than_twenty_detections(tmp_path: Path) -> None:
    data, labels = loaded(3, COCO17, tmp_path)
    poses = random_poses(3, labels, most_false=60)
    ours = score(labels, poses, map_joints(COCO17, COCO17, "all")).metrics
    theirs = coco_stats(data, exact_results(labels, poses), tmp_path)
    assert max(len(p) for p in poses) > 20
    assert all(same(ours[name], theirs[name]) for name in COCO_NAMES), (ours, theirs)


@pytest.mark.parametrize("skeleton", [COCO17, CROWDPOSE14])
def test_truth_as_detection_scores_one(skeleton: Skeleton, tmp_path: Path) -> None:
    _, labels = loaded(1, skeleton, tmp_path)
    poses = []
    for image in labels.images:
        kept = ~image.truths.ignored
        points = np.where(image.truths.labelled[kept][..., None], image.truths.keypoints[kept], np.nan)
        shown = image.truths.labelled[kept].astype(np.float32)
        poses.append(Poses(points.astype(np.float32), shown, np.ones(kept.sum(), np.float32)))
    for mode in ("all", "shared"):
        metrics = score(labels, poses, map_joints(skeleton, skeleton, mode)).metrics
        assert metrics["AP"] == pytest.approx(1) and metrics["AR"] == pytest.approx(1)


def test_no_detections_score_zero(tmp_path: Path) -> None:
    _, labels = loaded(1, COCO17, tmp_path)
    metrics = score(labels, [Poses.empty(17)] * len(labels.images), map_joints(COCO17, COCO17, "all")).metrics
    assert metrics["AP"] == metrics["AR"] == 0


def test_nobody_to_find_is_undefined_not_zero() -> None:
    assert all(np.isnan(v) for v in coco_metrics([]).values())


def test_other_skeleton_on_shared_joints_scores_the_same(tmp_path: Path) -> None:
    """A COCO detection rewritten as a CrowdPose one has the same shared joints, hence the same score."""
    _, labels = loaded(5, COCO17, tmp_path)
    coco_poses = random_poses(5, labels)
    joints = map_joints(COCO17, CROWDPOSE14, "shared")
    crowd_poses = []
    for poses in coco_poses:
        points = np.full((len(poses), 14, 2), np.nan, np.float32)
        points[:, joints.detected] = poses.keypoints[:, joints.truth]
        crowd_poses.append(Poses(points, np.isfinite(points[..., 0]).astype(np.float32), poses.confidence))
    direct = score(labels, coco_poses, map_joints(COCO17, COCO17, "shared")).metrics
    assert score(labels, crowd_poses, joints).metrics == direct


def test_shared_joints_equal_pycocotools_on_stripped_labels(tmp_path: Path) -> None:
    data, labels = loaded(7, COCO17, tmp_path)
    poses = random_poses(7, labels)
    joints = map_joints(COCO17, COCO17, "shared")
    for annotation in data["annotations"]:
        rows = np.array(annotation["keypoints"]).reshape(17, 3)[joints.truth]
        annotation["keypoints"] = rows.ravel().tolist()
        annotation["num_keypoints"] = int((rows[:, 2] > 0).sum())
    stripped = [replace(p, keypoints=p.keypoints[:, joints.truth], scores=p.scores[:, joints.truth]) for p in poses]
    theirs = coco_stats(data, exact_results(labels, stripped), tmp_path, np.array(joints.sigmas))
    ours = score(labels, poses, joints).metrics
    assert all(same(ours[name], theirs[name]) for name in COCO_NAMES), (ours, theirs)


def test_weighted_curve_equals_repeated_images(tmp_path: Path) -> None:
    _, labels = loaded(2, COCO17, tmp_path)
    poses = random_poses(2, labels)
    # Distinct scores: the order of equal ones would depend on the order of the images.
    distinct = [p.confidence + np.float32(1e-3) * (i + np.arange(len(p)) / 97) for i, p in enumerate(poses)]
    poses = [replace(p, confidence=c) for p, c in zip(poses, distinct, strict=True)]
    matches = score(labels, poses, map_joints(COCO17, COCO17, "all")).matches
    weights = np.random.default_rng(0).integers(0, 4, len(matches))
    repeated = [m for m, w in zip(matches, weights, strict=True) for _ in range(w)]
    weighted, literal = rank(matches).curve(weights), rank(repeated).curve()
    np.testing.assert_allclose(weighted.precision, literal.precision, atol=1e-12)
    np.testing.assert_allclose(weighted.recall, literal.recall, atol=1e-12)


def test_a_crowd_absorbs_many_detections() -> None:
    truths = Truths(
        np.zeros((1, 2, 2)), np.zeros((1, 2), bool), np.array([[0.0, 0, 50, 50]]), np.array([2500.0]),
        np.array([True]), np.array([True]),
    )  # fmt: skip
    match = match_image(np.ones((3, 1)), np.array([0.9, 0.8, 0.7]), np.full(3, 2500.0), truths)
    assert match.ignored[0].all() and not match.hit.any() and match.num_truths[0] == 0
