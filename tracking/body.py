"""The size of a person from the pose alone, also when half of the body is hidden."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from pose.body import segments
from pose.skeleton import Skeleton
from pose.types import Poses

Float64 = NDArray[np.float64]

# A segment in the image is never longer than in the body, only shorter, so a high quantile of the estimates is
# taken; not the highest, which one wrong joint would spoil.
_QUANTILE = 0.75
# Without any whole segment: the visible joints span at most this share of a body, as a rule.
_FALLBACK_SHARE = 0.25
MIN_HEIGHT_PX = 4.0
# Weaker joints may be guesses, which show nobody. Whoever shows few joints must show them clearly: two more count as
# missed. Fewer than four are no person, as a rule.
_SHOWN, _MISSED, _FEWEST = 0.1, 2, 4

# OKS measures distance in units of the square root of the person's area; for a standing body of height h the area
# that CrowdPose uses (0.53 × box width × box height, a box 0.38 h wide) is 0.2 h².
AREA_PER_HEIGHT_SQUARED = 0.2


@cache
def _segments(skeleton: Skeleton) -> tuple[NDArray[np.intp], NDArray[np.intp], Float64]:
    a_index, b_index, shares = zip(*segments(skeleton), strict=True)
    return np.array(a_index, np.intp), np.array(b_index, np.intp), np.array(shares)


def body_heights_px(keypoints: NDArray[np.floating], skeleton: Skeleton) -> Float64:
    """Standing height in pixels of N poses (N, K, 2), NaN = missing joint; never less than MIN_HEIGHT_PX."""
    if len(keypoints) == 0:
        return np.empty(0)
    a, b, shares = _segments(skeleton)
    points = keypoints.astype(np.float64)
    along = points[:, a] - points[:, b]
    estimates = np.sqrt(np.einsum("nsc,nsc->ns", along, along)) / shares
    count = np.isfinite(estimates).sum(axis=1)
    rank = np.floor(_QUANTILE * np.maximum(count - 1, 0)).astype(np.intp)
    heights = np.sort(estimates, axis=1)[np.arange(len(points)), rank]
    # a segment seen end-on tells nothing: the body is at least as tall as what is visible of it, arms raised
    extent = np.fmax.reduce(points, axis=1) - np.fmin.reduce(points, axis=1)
    longest = np.fmax.reduce(extent, axis=1, initial=0.0)
    heights = np.where(count > 0, heights, longest / _FALLBACK_SHARE)
    return np.maximum(np.maximum(heights, longest / 1.25), MIN_HEIGHT_PX)


def sureness(poses: Poses) -> Float64:
    """How sure it is that there is a person (N,): the mean over the joints that show, less the fewer they are.

    Of somebody at a desk or in a close-up half of the joints are missing, which the mean over all joints, the poses'
    confidence, takes for doubt. Never less than that.
    """
    shown = poses.scores >= _SHOWN
    count = shown.sum(axis=1)
    mean = np.where(shown, poses.scores, 0.0).sum(axis=1) / (count + _MISSED)
    return np.where(count >= _FEWEST, np.maximum(mean, poses.confidence), poses.confidence).astype(np.float64)
