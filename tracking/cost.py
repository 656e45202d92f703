"""How well detected poses fit the predicted poses of tracks.

Letters: N tracks, M detections, K keypoints, P pairs near enough to be looked at. OKS as in COCO's definition, with
two changes: the tolerance of every joint is widened by what the track does not know (how the body moved, how long ago
that joint was seen), and joints are weighted by their scores instead of by labels.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from pose.skeleton import Skeleton
from tracking.body import AREA_PER_HEIGHT_SQUARED
from tracking.settings import TrackerSettings

Float64 = NDArray[np.float64]
Bool = NDArray[np.bool_]

# Below this many joints in common, boxes have their say.
FEW_JOINTS = 4
# Joints that a model merely guesses have scores near zero; they shall not outweigh seen ones, nor vanish altogether.
_MIN_WEIGHT = 0.02
# Standard deviation of ln(height) between sights of one person: the estimate wavers with the pose, more when bent.
_LOG_HEIGHT_SD = 0.5
# How far outside of its predicted box a body may be found besides what speed explains: an arm's length, in heights.
_REACH = 0.4


@dataclass(frozen=True)
class Bodies:
    """N people as the cost sees them.

    keypoints:      (N, K, 2) pixels, NaN = unknown.
    weights:        (N, K) in [0, 1], 0 = unknown.
    heights_px:     (N,) standing heights.
    variances_px2:  (N, K) of each joint along one axis, besides the tolerance of OKS; 0 for detections.
    ages_s:         (N,) time since last seen; 0 for detections.
    """

    keypoints: Float64
    weights: Float64
    heights_px: Float64
    variances_px2: Float64
    ages_s: Float64

    def __len__(self) -> int:
        return len(self.keypoints)

    def select(self, which: NDArray[np.intp]) -> Bodies:
        some = Bodies(
            self.keypoints[which], self.weights[which], self.heights_px[which], self.variances_px2[which],
            self.ages_s[which],
        )  # fmt: skip
        if "boxes_xyxy" in self.__dict__:  # known already
            some.__dict__["boxes_xyxy"] = self.boxes_xyxy[which]
        return some

    @cached_property
    def boxes_xyxy(self) -> Float64:
        """(N, 4) around the known joints; of nobody's joints, an empty one at infinity."""
        low = np.fmin.reduce(self.keypoints, axis=1, initial=np.inf)
        high = np.fmax.reduce(self.keypoints, axis=1, initial=-np.inf)
        return np.concatenate([low, high], axis=1)


@dataclass(frozen=True, slots=True)
class Affinity:
    """All (N, M); pairs too far apart have 0 and False.

    similarity: in [0, 1], comparable between tracks: a vague track never beats a precise one by vagueness.
    allowed:    pairs that could be the same person by motion and size.
    overlaps:   pairs that lie on each other as they are predicted, whatever the track does not know.
    same_place: joints on joints as they are predicted, so that even a faint pose is no ghost.
    """

    similarity: Float64
    allowed: Bool
    overlaps: Bool
    same_place: Bool


def affinity(tracks: Bodies, found: Bodies, skeleton: Skeleton, settings: TrackerSettings) -> Affinity:
    """Similarity of N predicted tracks to M detections, and which pairs are possible at all."""
    boxes, found_boxes = tracks.boxes_xyxy, found.boxes_xyxy
    overlap = Overlap(boxes, found_boxes)
    reach = tracks.heights_px * (settings.max_speed * tracks.ages_s + _REACH)
    rows, cols = np.nonzero(overlap.gap_px <= reach[:, None])

    delta = tracks.keypoints[rows] - found.keypoints[cols]  # (P, K, 2)
    squared = np.einsum("pkc,pkc->pk", delta, delta)
    known = np.isfinite(squared)
    weights = np.where(known, np.sqrt(_weights(tracks)[rows] * _weights(found)[cols]), 0.0)
    squared[~known] = 0.0
    total = np.maximum(weights.sum(axis=1), 1e-12)

    area = AREA_PER_HEIGHT_SQUARED * tracks.heights_px**2
    tolerance = area[:, None] * (2 * skeleton.sigmas.astype(np.float64)) ** 2  # (N, K)
    widened = tolerance + tracks.variances_px2
    # The factor turns a value relative to the peak into one relative to the peak of a perfectly known track: the
    # height of a two-dimensional Gaussian falls with its variance.
    certainty = tolerance / widened
    per_joint = np.exp(squared * (-0.5 / widened)[rows]) * weights
    oks = per_joint.sum(axis=1) / total
    likelihood = (per_joint * certainty[rows]).sum(axis=1) / total
    plain = (np.exp(squared * (-0.5 / tolerance)[rows]) * weights).sum(axis=1) / total

    shared = known.sum(axis=1)
    if (shared < FEW_JOINTS).any():
        trust = np.minimum(shared / FEW_JOINTS, 1.0)
        near = _box_similarity(tracks, boxes, found_boxes, overlap)[rows, cols]
        oks = trust * oks + (1 - trust) * near
        likelihood = trust * likelihood + (1 - trust) * near * certainty.mean(axis=1)[rows]

    log_ratio = np.log(tracks.heights_px[rows] / found.heights_px[cols])
    same_size = np.exp(-0.5 * (log_ratio / _LOG_HEIGHT_SD) ** 2)
    shape = len(tracks), len(found)
    similarity, allowed, plain_oks = np.zeros(shape), np.zeros(shape, bool), np.zeros(shape)
    similarity[rows, cols] = likelihood * same_size
    allowed[rows, cols] = oks * same_size >= settings.min_oks
    plain_oks[rows, cols] = plain
    overlaps = (overlap.iou >= settings.min_overlap) | (plain_oks >= settings.min_oks) | (overlap.cover >= 0.5)
    same_place = plain_oks >= settings.min_oks
    return Affinity(similarity, allowed, overlaps, same_place)


def leaps(tracks: Bodies, found: Bodies, skeleton: Skeleton, settings: TrackerSettings) -> Float64:
    """Likeness (N, M) in [0, 1] of detections to tracks that moved as a whole since they were last seen, as fast as
    people can: of the pose without regard to the place, less the farther it is; 0 beyond the top speed."""
    shift = found.keypoints[None] - tracks.keypoints[:, None]  # (N, M, K, 2)
    n, m, k, _ = shift.shape
    moved, shared = median_of_known(shift.reshape(n * m, k, 2))
    rest = shift - moved.reshape(n, m, 1, 2)
    squared = np.einsum("nmkc,nmkc->nmk", rest, rest)
    known = np.isfinite(squared)
    area = AREA_PER_HEIGHT_SQUARED * tracks.heights_px**2
    limbs = (settings.limb_speed * tracks.heights_px * tracks.ages_s) ** 2
    tolerance = area[:, None] * (2 * skeleton.sigmas.astype(np.float64)) ** 2 + limbs[:, None]
    alike = np.where(known, np.exp(-0.5 * np.where(known, squared, 0.0) / tolerance[:, None]), 0.0).sum(axis=2)
    alike /= np.maximum(known.sum(axis=2), 1)
    reach = settings.max_speed * tracks.ages_s * tracks.heights_px + 1e-9
    far = np.hypot(moved[:, 0], moved[:, 1]).reshape(n, m) / reach[:, None]
    alike *= np.exp(-0.5 * np.square(np.log(tracks.heights_px[:, None] / found.heights_px[None]) / _LOG_HEIGHT_SD))
    possible = (shared.reshape(n, m) >= FEW_JOINTS) & (far <= 1) & (alike >= settings.min_oks)
    return np.where(possible, alike * np.exp(-2 * far**2), 0.0)


def median_of_known(values: Float64) -> tuple[Float64, NDArray[np.intp]]:
    """Per body the median (R, 2) of its known points (R, K, 2), NaN = unknown, and how many are known (R,)."""
    count = np.isfinite(values[..., 0]).sum(axis=1)
    ordered = np.sort(values, axis=1)  # NaN last
    body = np.arange(len(values))
    below, above = np.maximum(count - 1, 0) // 2, np.minimum(count // 2, values.shape[1] - 1)
    return (ordered[body, below] + ordered[body, above]) / 2, count


class Overlap:
    """How boxes (N, 4) and (M, 4) lie to each other.

    gap_px: width (N, M) of the empty space between them, 0 if they touch. iou: intersection over union.
    cover: intersection over the smaller box, blind to how much of a body shows.
    """

    def __init__(self, a_xyxy: Float64, b_xyxy: Float64) -> None:
        low = np.maximum(a_xyxy[:, None, :2], b_xyxy[None, :, :2])
        high = np.minimum(a_xyxy[:, None, 2:], b_xyxy[None, :, 2:])
        size = high - low
        empty = np.maximum(-size, 0.0)
        self.gap_px = np.hypot(empty[..., 0], empty[..., 1])
        size = np.maximum(size, 0.0)
        inter = size[..., 0] * size[..., 1]
        area_a, area_b = _areas(a_xyxy)[:, None], _areas(b_xyxy)[None]
        self.iou = inter / np.maximum(area_a + area_b - inter, 1e-9)
        self.cover = inter / np.maximum(np.minimum(area_a, area_b), 1e-9)


def _areas(boxes_xyxy: Float64) -> Float64:
    sizes = np.maximum(boxes_xyxy[:, 2:] - boxes_xyxy[:, :2], 0.0)
    return sizes[:, 0] * sizes[:, 1]


def _weights(bodies: Bodies) -> Float64:
    return np.maximum(bodies.weights, _MIN_WEIGHT)


def _box_similarity(tracks: Bodies, boxes: Float64, found_boxes: Float64, overlap: Overlap) -> Float64:
    """(N, M) for people with few joints in common: overlap of boxes, or nearness relative to body height."""
    gap = (boxes[:, None, :2] + boxes[:, None, 2:] - found_boxes[None, :, :2] - found_boxes[None, :, 2:]) / 2
    spread = (0.25 * tracks.heights_px) ** 2 + tracks.variances_px2.mean(axis=1)
    near = np.exp(-np.einsum("nmc,nmc->nm", gap, gap) / (2 * spread[:, None]))
    return np.clip((overlap.iou + near) / 2, 0.0, 1.0)
