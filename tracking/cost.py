"""How well a detected pose fits a track's predicted pose.

Letters: N tracks, M detections, K keypoints. OKS as in COCO's definition, with two changes: the tolerance of every
joint is widened by what the track does not know (how the body moved, how long ago that joint was seen), and joints
are weighted by their scores instead of by labels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pose.skeleton import Skeleton
from tracking.body import AREA_PER_HEIGHT_SQUARED
from tracking.settings import TrackerSettings

Float64 = NDArray[np.float64]

# Below this many joints in common, boxes have their say.
FEW_JOINTS = 4
# Joints that a model merely guesses have scores near zero; they shall not outweigh seen ones, nor vanish altogether.
_MIN_WEIGHT = 0.02
# Standard deviation of ln(height) between sights of one person: the estimate wavers with the pose, more when bent.
_LOG_HEIGHT_SD = 0.5
# How far outside of its predicted box a body may be found besides what speed explains: an arm's length, in heights.
_REACH = 0.4


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Affinity:
    """similarity: (N, M) in [0, 1], comparable between tracks: a vague track never beats a precise one by vagueness.
    allowed:    (N, M) bool, pairs that could be the same person."""

    similarity: Float64
    allowed: NDArray[np.bool_]


def affinity(tracks: Bodies, found: Bodies, skeleton: Skeleton, settings: TrackerSettings) -> Affinity:
    """Similarity of N predicted tracks to M detections, and which pairs are possible at all."""
    squared, weights = _squared_distances(tracks, found)
    area = AREA_PER_HEIGHT_SQUARED * tracks.heights_px**2
    tolerance = area[:, None] * (2 * skeleton.sigmas.astype(np.float64)) ** 2  # (N, K)
    widened = tolerance + tracks.variances_px2
    per_joint = np.exp(-squared / (2 * widened[:, None]))
    # The factor turns a value relative to the peak into one relative to the peak of a perfectly known track: the
    # height of a two-dimensional Gaussian falls with its variance.
    certainty = tolerance / widened
    oks = _weighted_mean(per_joint, weights)
    likelihood = _weighted_mean(per_joint * certainty[:, None], weights)

    shared = (weights > 0).sum(axis=2)
    if (shared < FEW_JOINTS).any():
        trust = np.minimum(shared / FEW_JOINTS, 1.0)
        near = _box_similarity(tracks, found)
        oks = trust * oks + (1 - trust) * near
        likelihood = trust * likelihood + (1 - trust) * near * certainty.mean(axis=1)[:, None]

    log_ratio = np.log(tracks.heights_px[:, None] / found.heights_px[None])
    same_size = np.exp(-0.5 * (log_ratio / _LOG_HEIGHT_SD) ** 2)
    reach = tracks.heights_px * (settings.max_speed * tracks.ages_s + _REACH)
    possible = _gaps_px(tracks, found) <= reach[:, None]
    return Affinity(likelihood * same_size, possible & (oks * same_size >= settings.min_oks))


def _squared_distances(a: Bodies, b: Bodies) -> tuple[Float64, Float64]:
    """Squared pixel distances and weights (N, M, K); both 0 where either joint is unknown."""
    delta = a.keypoints[:, None] - b.keypoints[None]
    squared = np.einsum("nmkc,nmkc->nmk", delta, delta)
    known = np.isfinite(squared)
    weights = np.sqrt(np.maximum(a.weights, _MIN_WEIGHT)[:, None] * np.maximum(b.weights, _MIN_WEIGHT)[None])
    return np.where(known, squared, 0.0), np.where(known, weights, 0.0)


def _weighted_mean(values: Float64, weights: Float64) -> Float64:
    total = weights.sum(axis=-1)
    return np.where(total > 0, (values * weights).sum(axis=-1) / np.maximum(total, 1e-12), 0.0)


def _boxes(bodies: Bodies) -> tuple[Float64, Float64]:
    known = np.isfinite(bodies.keypoints)
    low = np.where(known, bodies.keypoints, np.inf).min(axis=1, initial=np.inf)
    high = np.where(known, bodies.keypoints, -np.inf).max(axis=1, initial=-np.inf)
    return low, high


def _gaps_px(a: Bodies, b: Bodies) -> Float64:
    """Width (N, M) of the empty space between the joint boxes; 0 if they touch. Blind to how much of a body shows."""
    (low_a, high_a), (low_b, high_b) = _boxes(a), _boxes(b)
    gap = np.maximum(np.maximum(low_b[None] - high_a[:, None], low_a[:, None] - high_b[None]), 0.0)
    return np.hypot(gap[..., 0], gap[..., 1])


def _box_similarity(a: Bodies, b: Bodies) -> Float64:
    """For people with few joints in common: overlap of the joint boxes, or nearness relative to body height."""
    (low_a, high_a), (low_b, high_b) = _boxes(a), _boxes(b)
    size = np.maximum(np.minimum(high_a[:, None], high_b[None]) - np.maximum(low_a[:, None], low_b[None]), 0.0)
    inter = size.prod(axis=2)
    area_a, area_b = (high_a - low_a).prod(axis=1), (high_b - low_b).prod(axis=1)
    union = area_a[:, None] + area_b[None] - inter
    iou = inter / np.maximum(union, 1e-9)
    gap = (low_a + high_a)[:, None] / 2 - (low_b + high_b)[None] / 2
    spread = (0.25 * a.heights_px[:, None]) ** 2 + a.variances_px2.mean(axis=1)[:, None]
    near = np.exp(-np.einsum("nmc,nmc->nm", gap, gap) / (2 * spread))
    return np.clip((iou + near) / 2, 0.0, 1.0)
