"""Joint orders of other programs, and poses put into them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pose.skeleton import COCO17, Skeleton
from pose.types import Poses

_RIGHT_ARM, _LEFT_ARM, _RIGHT_LEG, _LEFT_LEG = (
    tuple(f"{side}_{joint}" for joint in limb)
    for limb in (("shoulder", "elbow", "wrist"), ("hip", "knee", "ankle"))
    for side in ("right", "left")
)

COCO = COCO17.keypoint_names
OPENPOSE_COCO18 = (
    "nose", "neck", *_RIGHT_ARM, *_LEFT_ARM, *_RIGHT_LEG, *_LEFT_LEG,
    "right_eye", "left_eye", "right_ear", "left_ear",
)  # fmt: skip
OPENPOSE_BODY25 = (
    "nose", "neck", *_RIGHT_ARM, *_LEFT_ARM, "mid_hip", *_RIGHT_LEG, *_LEFT_LEG,
    "right_eye", "left_eye", "right_ear", "left_ear",
    "left_big_toe", "left_small_toe", "left_heel", "right_big_toe", "right_small_toe", "right_heel",
)  # fmt: skip
POSETRACK17 = ("nose", "head_bottom", "head_top", *COCO[3:])

# What one layout calls by another name, and what lies between two joints where it is not known by itself.
_SYNONYMS = {"head_bottom": "neck"}
_MIDPOINTS = {"neck": ("left_shoulder", "right_shoulder"), "mid_hip": ("left_hip", "right_hip")}


@cache
def _origins(skeleton: Skeleton, layout: tuple[str, ...]) -> NDArray[np.intp]:
    """(J, 2) the joints of the skeleton whose middle is each joint of the layout; -1 = it has none."""
    names = list(skeleton.keypoint_names)

    def origin(name: str) -> tuple[int, int]:
        name = name if name in names else _SYNONYMS.get(name, name)
        if name in names:
            return names.index(name), names.index(name)
        a, b = _MIDPOINTS.get(name, ("", ""))
        return (names.index(a), names.index(b)) if a in names and b in names else (-1, -1)

    return np.array([origin(name) for name in layout], np.intp)


def arranged(poses: Poses, skeleton: Skeleton, layout: tuple[str, ...]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Keypoints (N, J, 2) and scores (N, J) float64 in the order of a layout; NaN and 0 where it has none.

    Two places behind the point for positions, four for scores; never -0.0, so that JSON looks as expected.
    """
    a, b = _origins(skeleton, layout).T
    keypoints = (poses.keypoints[:, a].astype(np.float64) + poses.keypoints[:, b]) / 2
    scores = np.minimum(poses.scores[:, a], poses.scores[:, b]).astype(np.float64)
    unknown = (a < 0) | ~np.isfinite(keypoints).all(axis=2)
    keypoints[unknown], scores[unknown] = np.nan, 0
    return np.round(keypoints, 2) + 0.0, np.round(scores, 4) + 0.0


def triplets(keypoints: NDArray[Any], thirds: NDArray[Any]) -> list[list[float]]:
    """N lists x, y, c, x, y, c, …; 0, 0, 0 where a joint is missing, as COCO and OpenPose write it."""
    missing = np.isnan(keypoints[..., :1])
    flat = np.where(missing, 0.0, np.concatenate([keypoints, thirds[..., None]], axis=2))
    rows: list[list[float]] = flat.reshape(len(flat), 3 * flat.shape[1]).tolist()
    return rows


def named_edges(skeleton: Skeleton, layout: Sequence[str]) -> list[list[int]]:
    """The bones of the skeleton whose ends the layout has, as pairs of places in it, counted from 1 as COCO does."""
    places = {name: i for i, name in enumerate(layout, 1)}
    pairs = [(skeleton.keypoint_names[i], skeleton.keypoint_names[j]) for i, j in skeleton.edges]
    return [[places[a], places[b]] for a, b in pairs if a in places and b in places]
