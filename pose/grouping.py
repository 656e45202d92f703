"""Candidates with tags → people: associative embedding matched by the Hungarian method."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

Float32 = NDArray[np.float32]

_FORBIDDEN = 1e4  # one cost for every pair beyond the tag threshold, so that such pairs never decide the matching


@dataclass(frozen=True, slots=True)
class Candidates:
    """C candidates of one joint, highest score first: points (C, 2), scores (C,), tags (C, T)."""

    points: Float32
    scores: Float32
    tags: Float32


@dataclass(frozen=True, slots=True)
class Groups:
    """N people: keypoints (N, K, 2), scores (N, K) with 0 = missing, mean_tags (N, T)."""

    keypoints: Float32
    scores: Float32
    mean_tags: Float32


def group(candidates: list[Candidates], order: tuple[int, ...], tag_thr: float) -> Groups:
    """Assign the candidates of each joint, in the given order, to people with similar tags.

    Newell et al., Associative Embedding (arXiv 1611.05424), with the matching cost of HigherHRNet's release:
    100 * round(tag distance) - score. A candidate that fits nobody opens a new person.
    """
    most = sum(len(c.scores) for c in candidates)
    num_tags = candidates[0].tags.shape[1]
    keypoints = np.full((most, len(candidates), 2), np.nan, np.float32)
    scores = np.zeros((most, len(candidates)), np.float32)
    tag_sums = np.zeros((most, num_tags), np.float32)
    counts = np.zeros(most, np.float32)
    people = 0
    for joint in order:
        found = candidates[joint]
        if not len(found.scores):
            continue
        owner = np.full(len(found.scores), -1)
        if people:
            means = tag_sums[:people] / counts[:people, None]
            distance = np.linalg.norm(found.tags[:, None] - means[None], axis=2)  # (C, N)
            cost = np.where(distance < tag_thr, 100 * np.round(distance) - found.scores[:, None], _FORBIDDEN)
            rows, columns = linear_sum_assignment(cost)
            fits = distance[rows, columns] < tag_thr
            owner[rows[fits]] = columns[fits]
        new = np.flatnonzero(owner < 0)
        owner[new] = people + np.arange(len(new))
        people += len(new)
        keypoints[owner, joint] = found.points
        scores[owner, joint] = found.scores
        tag_sums[owner] += found.tags
        counts[owner] += 1
    means = (tag_sums[:people] / np.maximum(counts[:people, None], 1)).astype(np.float32)
    return Groups(keypoints[:people], scores[:people], means)
