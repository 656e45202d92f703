"""One person found twice is one person."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pose.skeleton import Skeleton
from pose.types import Poses
from tracking.body import AREA_PER_HEIGHT_SQUARED, body_heights_px

# Joints weaker than this say nothing about whether two poses are one person: decoders fill them in by guessing,
# often from the neighbour who really owns the joint.
_SEEN = 0.1


def coincidence(
    keypoints: NDArray[np.floating],
    scores: NDArray[np.floating],
    skeleton: Skeleton,
    heights_px: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Share (N, N) of the seen joints of pose i that lie on the same joint of pose j, each counted by OKS's bell.

    Not symmetric: a fragment coincides wholly with the full pose that contains it, not the other way round.
    Boxes play no part, so people who overlap stay apart unless their joints do too; those far apart have 0.
    heights_px: (N,) standing heights, if they are known already.
    """
    points = keypoints.astype(np.float64)
    known = np.isfinite(points[..., 0])
    heights = body_heights_px(points, skeleton) if heights_px is None else heights_px
    low = np.fmin.reduce(points, axis=1, initial=np.inf) - heights[:, None] / 2
    high = np.fmax.reduce(points, axis=1, initial=-np.inf) + heights[:, None] / 2
    near = ((low[:, None] <= high[None]) & (low[None] <= high[:, None])).all(axis=2)
    one, other = np.nonzero(near)
    delta = points[one] - points[other]
    squared = np.einsum("pkc,pkc->pk", delta, delta)
    area = AREA_PER_HEIGHT_SQUARED * np.minimum(heights[one], heights[other]) ** 2
    bell = np.exp(-squared / (2 * area[:, None] * (2 * skeleton.sigmas.astype(np.float64)) ** 2))
    bell[~np.isfinite(bell)] = 0.0
    seen = known & (scores >= _SEEN)
    seen = np.where(seen.any(axis=1, keepdims=True), seen, known)
    share = np.zeros(near.shape)
    share[one, other] = (bell * seen[one]).sum(axis=1) / np.maximum(seen.sum(axis=1), 1)[one]
    return share


def suppress_duplicates(
    poses: Poses, skeleton: Skeleton, duplicate_oks: float, heights_px: NDArray[np.float64] | None = None
) -> NDArray[np.intp]:
    """Indices, ascending, of the poses to keep: the more confident of each coinciding pair.

    A pose goes if more than the share `duplicate_oks` of its seen joints coincides with one more confident pose.
    """
    n = len(poses)
    if n < 2:
        return np.arange(n)
    share = coincidence(poses.keypoints, poses.scores, skeleton, heights_px)
    if not (share > duplicate_oks).sum() > n:  # but for everybody with oneself
        return np.arange(n)
    kept: list[int] = []
    for i in np.argsort(-poses.confidence, kind="stable"):
        if not kept or share[i, kept].max() <= duplicate_oks:
            kept.append(int(i))
    return np.array(sorted(kept), np.intp)
