"""How long the parts of a body are, and how far apart two joints of one body can be."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from pose.skeleton import Skeleton

Float64 = NDArray[np.float64]

# Length of body segments as a fraction of standing height (after Drillis and Contini, 1966; shoulder and hip
# breadths between the joint centres that data sets label; head segments from the vertex and between the ears).
SEGMENTS = {
    ("shoulder", "elbow"): 0.186,
    ("elbow", "wrist"): 0.146,
    ("shoulder", "hip"): 0.288,
    ("hip", "knee"): 0.245,
    ("knee", "ankle"): 0.246,
    ("left_shoulder", "right_shoulder"): 0.220,
    ("left_hip", "right_hip"): 0.130,
    ("head_top", "neck"): 0.180,
    ("left_ear", "right_ear"): 0.090,
}
# Further links, needed to get from any joint to any other; no measure of the body's size.
_LINKS = {
    ("neck", "shoulder"): 0.110,
    ("ear", "shoulder"): 0.170,
    ("ear", "eye"): 0.065,
    ("eye", "nose"): 0.040,
    ("nose", "shoulder"): 0.200,
}


def segments(skeleton: Skeleton) -> list[tuple[int, int, float]]:
    """(joint, joint, length in heights) of the segments that the skeleton has both ends of."""
    return _pairs(skeleton, SEGMENTS)


@cache
def reach(skeleton: Skeleton) -> Float64:
    """(K, K): the greatest distance in heights that two joints of a body can have, every joint stretched out."""
    k = skeleton.num_keypoints
    longest = np.full((k, k), np.inf)
    np.fill_diagonal(longest, 0.0)
    for a, b, length in _pairs(skeleton, SEGMENTS | _LINKS):
        longest[a, b] = longest[b, a] = min(length, longest[a, b])
    for via in range(k):
        longest = np.minimum(longest, longest[:, via, None] + longest[None, via])
    longest.flags.writeable = False
    return longest


def _pairs(skeleton: Skeleton, table: dict[tuple[str, str], float]) -> list[tuple[int, int, float]]:
    names = skeleton.keypoint_names
    found = set()
    for (a, b), length in table.items():
        for side in ("left_", "right_"):
            one, other = (name if name in names else side + name for name in (a, b))
            if one in names and other in names:
                found.add((names.index(one), names.index(other), length))
    return sorted(found)
