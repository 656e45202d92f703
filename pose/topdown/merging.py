"""Poses of the first stage and proposals of the second → one pose per person."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pose.oks import joint_similarity
from pose.types import Float32, Poses

Float64 = NDArray[np.float64]

AREA_SHARE = 0.53  # area of a person in the box around them, as CrowdPose counts
MIN_ASPECT = 0.25  # a box is counted as no thinner than this: joints on one line have no area


@dataclass(frozen=True, slots=True)
class MergeRule:
    """How two stages become one pose.

    gate:  the least similarity (OKS over the joints both have) of a proposal to the pose it is for.
    agree: joints of which both stages have a sight at least this similar are averaged, weighted by their scores; of
           others the more certain one is taken.
    alike: two people whose merged poses are more similar than this, and more than they were before, stay as they were.
    """

    gate: float = 0.5
    agree: float = 0.5
    alike: float = 0.7


def person_areas(keypoints: NDArray[np.floating]) -> Float64:
    """(..., K, 2), NaN = missing → (...) square pixels; 0 without any joint."""
    found = np.isfinite(keypoints).all(axis=-1, keepdims=True)
    low = np.where(found, keypoints, np.inf).min(axis=-2)
    high = np.where(found, keypoints, -np.inf).max(axis=-2)
    sides = np.where(np.isfinite(high - low), high - low, 0.0).astype(np.float64)
    longest = sides.max(axis=-1)
    return np.asarray(AREA_SHARE * longest * np.maximum(sides.min(axis=-1), MIN_ASPECT * longest))


def _squared_distances(a: NDArray[np.floating], b: NDArray[np.floating]) -> Float64:
    """(..., K) of points (..., K, 2); not finite where one is missing."""
    with np.errstate(invalid="ignore"):
        return np.asarray(np.square(a.astype(np.float64) - b).sum(axis=-1))


def similarity(
    a: NDArray[np.floating], b: NDArray[np.floating], areas_px2: NDArray[np.floating], sigmas: Float32
) -> Float64:
    """OKS (...) of poses (..., K, 2) over the joints that both have; 0 if there are none."""
    squared = _squared_distances(a, b)
    both = np.isfinite(squared)
    alike = joint_similarity(np.where(both, squared, 0), areas_px2, sigmas) * both
    return np.asarray(alike.sum(axis=-1) / np.maximum(both.sum(axis=-1), 1))


def merge(poses: Poses, proposed: Poses, sigmas: Float32, rule: MergeRule | None = None) -> Poses:
    """The poses of N people, sharpened by N proposals; what neither stage saw stays missing.

    A proposal that is another person, by the rule's gate, is left alone. Two people stay two: if merging would lay one
    on the other, both stay as they were. A person's confidence, which ranks people, is kept.
    """
    rule = rule or MergeRule()
    areas = person_areas(poses.keypoints)
    allowed = (similarity(poses.keypoints, proposed.keypoints, areas, sigmas) >= rule.gate)[:, None] & proposed.visible
    squared = _squared_distances(poses.keypoints, proposed.keypoints)
    agreed = allowed & (joint_similarity(np.where(np.isfinite(squared), squared, np.inf), areas, sigmas) >= rule.agree)
    # A proposal that is taken or left whole has a weight of 1 or 0; a missing joint has a score of 0.
    weight = np.where(agreed, proposed.scores / np.maximum(proposed.scores + poses.scores, 1e-9), 1.0)
    weight = np.where(agreed | (allowed & (~poses.visible | (proposed.scores > poses.scores))), weight, 0.0)
    merged = _blend(poses, proposed, weight)
    weight[_fallen_together(poses, merged, areas, sigmas, rule.alike)] = 0.0
    return _blend(poses, proposed, weight)


def _blend(poses: Poses, proposed: Poses, weight: Float64) -> Poses:
    """weight (N, K): how much of the proposal's place is taken; the score is the higher of those that had a part."""
    share = weight[..., None]
    first = np.where(share < 1, poses.keypoints, 0)
    second = np.where(share > 0, proposed.keypoints, 0)
    keypoints = (first * (1 - share) + second * share).astype(np.float32)
    scores = np.maximum(np.where(weight < 1, poses.scores, 0), np.where(weight > 0, proposed.scores, 0))
    return Poses(keypoints, scores.astype(np.float32), poses.confidence)


def _fallen_together(before: Poses, after: Poses, areas: Float64, sigmas: Float32, alike: float) -> NDArray[np.intp]:
    """People who came to lie on each other."""
    smaller = np.minimum(areas[:, None], areas)
    were, are = (similarity(p.keypoints[:, None], p.keypoints[None], smaller, sigmas) for p in (before, after))
    pairs = np.argwhere(np.triu((are > alike) & (are > were), 1))
    return np.unique(pairs)
