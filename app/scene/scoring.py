"""How well the pipeline sees a rendered scene, measured against its exact truth.

Letters: G ground-truth people, P found people, K joints.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from app.scene.truth import SceneTruth
from pose.evaluation.average_precision import ImageMatches, coco_metrics, match_image
from pose.evaluation.oks import object_keypoint_similarity
from pose.evaluation.truths import Truths
from pose.skeleton import Skeleton
from pose.types import Poses
from tracking.metrics import FramePair, TrackingScores, score_tracking
from tracking.types import TrackedPoses

NEAR = 0.10  # of the body height: a joint this close counts as found
MIN_VISIBLE = 4  # joints; people who show fewer are neither to be found nor false positives
_AREA_OF_BOX = 0.53  # CrowdPose takes this share of the box as the person's area
_SAME_PERSON = 0.5  # least OKS of a tracking match


@dataclass(frozen=True, slots=True)
class SceneScore:
    """near: share of the visible joints found within 10 % of the body height; ap, ap50: of poses by OKS."""

    near: float
    near_by_joint: dict[str, float]
    visible_joints: int
    ap: float
    ap50: float
    tracking: TrackingScores

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


class SceneScorer:
    """Collects frames one by one; `score` sums them up. Memory grows by some numbers per person and frame."""

    def __init__(self, skeleton: Skeleton) -> None:
        self._skeleton = skeleton
        self._near = np.zeros(skeleton.num_keypoints, np.int64)
        self._visible = np.zeros(skeleton.num_keypoints, np.int64)
        self._matches: list[ImageMatches] = []
        self._pairs: list[FramePair] = []

    def add(self, truth: SceneTruth, tracks: TrackedPoses) -> None:
        """One frame. `truth` may hold more joints than the skeleton, but must name all of its."""
        truth = truth.of_skeleton(self._skeleton)
        poses = tracks.poses
        labels = _labels(truth)
        similarity = object_keypoint_similarity(poses.keypoints, labels, self._skeleton.sigmas)  # (P, G)
        near = near_joints(truth, poses, similarity)
        counted = truth.visible & ~labels.ignored[:, None]
        self._near += (near & counted).sum(axis=0)
        self._visible += counted.sum(axis=0)
        boxes = np.nan_to_num(poses.boxes_xyxy.astype(np.float64))
        areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
        self._matches.append(match_image(similarity, poses.confidence.astype(np.float64), areas, labels))
        self._pairs.append(_pair(truth, labels, tracks, similarity))

    @property
    def pairs(self) -> tuple[FramePair, ...]:
        """All frames so far, for tracking scores of other kinds."""
        return tuple(self._pairs)

    def score(self) -> SceneScore:
        """NaN where there was nothing to find."""
        metrics = coco_metrics(self._matches)
        each = {
            name: float(n / v) if v else float("nan")
            for name, n, v in zip(self._skeleton.keypoint_names, self._near, self._visible, strict=True)
        }
        total = int(self._visible.sum())
        return SceneScore(
            near=float(self._near.sum() / total) if total else float("nan"),
            near_by_joint=each,
            visible_joints=total,
            ap=metrics["AP"],
            ap50=metrics["AP50"],
            tracking=score_tracking(self._pairs, _SAME_PERSON),
        )


def near_joints(truth: SceneTruth, poses: Poses, similarity: NDArray[np.float64]) -> NDArray[np.bool_]:
    """(G, K) True where the person's own pose has the joint within 10 % of the body height.

    similarity: (P, G) OKS, by which each true person gets at most one found pose.
    """
    near = np.zeros(truth.visible.shape, bool)
    if not len(poses) or not len(truth):
        return near
    found, true = linear_sum_assignment(similarity, maximize=True)
    keep = similarity[found, true] > 0
    found, true = found[keep], true[keep]
    distance = np.linalg.norm(poses.keypoints[found] - truth.keypoints[true], axis=-1)
    near[true] = distance <= NEAR * truth.height_px[true, None]  # a missing joint (NaN) is not near
    return near


def _labels(truth: SceneTruth) -> Truths:
    boxes = truth.boxes.astype(np.float64)
    sizes = boxes[:, 2:] - boxes[:, :2]
    return Truths(
        keypoints=truth.keypoints.astype(np.float64),
        labelled=truth.visible,
        boxes_xywh=np.concatenate([boxes[:, :2], sizes], axis=1),
        areas=np.maximum(_AREA_OF_BOX * sizes.prod(axis=1), 1.0),
        ignored=truth.visible.sum(axis=1) < MIN_VISIBLE,
        crowd=np.zeros(len(truth), bool),
    )


def _pair(truth: SceneTruth, labels: Truths, tracks: TrackedPoses, similarity: NDArray[np.float64]) -> FramePair:
    """For tracking scores; somebody found who is an ignored person does not count as a false alarm."""
    if len(truth) and len(tracks):
        best = similarity.argmax(axis=1)
        kept = ~(labels.ignored[best] & (similarity.max(axis=1) >= _SAME_PERSON))
    else:
        kept = np.ones(len(tracks), bool)
    wanted = ~labels.ignored
    return FramePair(truth.ids[wanted], tracks.ids[kept], similarity[kept][:, wanted].T)
