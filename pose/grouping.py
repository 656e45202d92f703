"""Candidates with tags → people: associative embedding matched by the Hungarian method."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from pose.body import reach
from pose.skeleton import Skeleton

Float32 = NDArray[np.float32]

_FORBIDDEN = 1e4  # one cost for every pair that is no match, so that such pairs never decide the matching
_GEOMETRY = 0.4  # of tag distance that a candidate costs for whom a body would have to be e times as large
_SCORE = 0.3  # of tag distance that a sure candidate is ahead of an unsure one
_LEAST_HEIGHT_PX = 24.0  # of the heatmap: what is nearer than this is near
# A body of which so many joints are known is at most so many times as large as they show.
_KNOWN, _FORESHORTENED, _FIRST_JOINTS = 4, 2.5, 6.0


@dataclass(frozen=True, slots=True)
class Candidates:
    """C candidates of one joint, highest score first: points (C, 2), scores (C,), tags (C, T)."""

    points: Float32
    scores: Float32
    tags: Float32


@dataclass(frozen=True, slots=True)
class Groups:
    """N people: keypoints (N, K, 2), scores (N, K) with 0 = missing, mean_tags (N, T).

    heights: (N,) the least standing height, in pixels of the map, that a body with these joints has.
    """

    keypoints: Float32
    scores: Float32
    mean_tags: Float32
    heights: Float32


def group(candidates: list[Candidates], skeleton: Skeleton, tag_thr: float) -> Groups:
    """Assign the candidates of each joint, in the skeleton's order, to people with similar tags and near joints.

    Newell et al., Associative Embedding (arXiv 1611.05424), matched joint by joint as in HigherHRNet's release, but
    with a cost that is continuous in the tags and knows how large a body would have to be to hold the joint: tags
    of people side by side are alike. A candidate that fits nobody opens a new person.
    """
    most = sum(len(c.scores) for c in candidates)
    num_tags = candidates[0].tags.shape[1]
    keypoints = np.full((most, len(candidates), 2), np.nan, np.float32)
    scores = np.zeros((most, len(candidates)), np.float32)
    tag_sums = np.zeros((most, num_tags), np.float32)
    counts = np.zeros(most, np.float32)
    heights = np.zeros(most, np.float32)  # the least that each body must have
    longest = reach(skeleton).astype(np.float32)
    people = 0
    for joint in skeleton.grouping_order:
        found = candidates[joint]
        if not len(found.scores):
            continue
        owner = np.full(len(found.scores), -1)
        needed = np.zeros((len(found.scores), people), np.float32)
        if people:
            means = tag_sums[:people] / counts[:people, None]
            distance = np.linalg.norm(found.tags[:, None] - means[None], axis=2)  # (C, N)
            apart = np.linalg.norm(found.points[:, None, None] - keypoints[None, :people], axis=3)  # (C, N, K)
            needed = np.fmax.reduce(apart / np.maximum(longest[joint], 1e-6), axis=2, initial=0.0)
            size = np.maximum(heights[:people], _LEAST_HEIGHT_PX)
            stretch = np.log(np.maximum(needed / size, 1.0))
            largest = size * np.where(counts[:people] >= _KNOWN, _FORESHORTENED, _FIRST_JOINTS)
            fits = (distance < tag_thr) & ((needed <= largest) | (counts[:people] < 2))
            cost = distance + _GEOMETRY * stretch - _SCORE * found.scores[:, None]
            rows, columns = linear_sum_assignment(np.where(fits, cost, _FORBIDDEN))
            matched = fits[rows, columns]
            owner[rows[matched]] = columns[matched]
        old = np.flatnonzero(owner >= 0)
        heights[owner[old]] = np.maximum(heights[owner[old]], needed[old, owner[old]])
        new = np.flatnonzero(owner < 0)
        owner[new] = people + np.arange(len(new))
        people += len(new)
        keypoints[owner, joint] = found.points
        scores[owner, joint] = found.scores
        tag_sums[owner] += found.tags
        counts[owner] += 1
    means = (tag_sums[:people] / np.maximum(counts[:people, None], 1)).astype(np.float32)
    return Groups(keypoints[:people], scores[:people], means, heights[:people])
