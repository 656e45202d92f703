"""Joint angles in the image plane, in degrees.

All angles are measured in the image: a limb that points at the camera looks bent although it is straight.

- knee, elbow: between the two segments that meet there; 180 = straight, smaller = bent.
- hip: between trunk (hip to shoulder of the same side) and thigh; 180 = standing, 90 = sitting.
- shoulder: between trunk (shoulder to hip of the same side) and upper arm; 0 = arm hanging, 180 = arm overhead.
- trunk_lean: of the line from the middle of the hips to the neck against the vertical of the image;
  0 = upright, positive = leaning to the right of the image, -180 to 180.
- neck: between trunk (neck to the middle of the hips) and head; 180 = head in line with the trunk.

Neck is the skeleton's own keypoint, or else the middle of the shoulders; head is its head top, or else the middle of
the ears that were found. There is no ankle angle: neither skeleton has feet.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pose.skeleton import Skeleton

Float32 = NDArray[np.float32]

# angle: the joints (end, vertex, end), each of one side
_LIMB_ANGLES = {
    "knee": ("hip", "knee", "ankle"),
    "hip": ("shoulder", "hip", "knee"),
    "elbow": ("shoulder", "elbow", "wrist"),
    "shoulder": ("hip", "shoulder", "elbow"),
}
ANGLE_NAMES = (*(f"{side}_{joint}" for joint in _LIMB_ANGLES for side in ("left", "right")), "trunk_lean", "neck")


def joint_angles(keypoints: Float32, skeleton: Skeleton) -> tuple[tuple[str, ...], Float32]:
    """Angles of N people.

    keypoints: (N, K, 2) in pixels, y pointing down; NaN = missing.
    Returns the names of A angles and (N, A) float32 degrees, NaN where a joint is missing or two coincide.
    Raises ValueError if K is not the skeleton's.
    """
    if keypoints.ndim != 3 or keypoints.shape[1:] != (skeleton.num_keypoints, 2):
        raise ValueError(f"keypoints must have shape (N, {skeleton.num_keypoints}, 2), got {keypoints.shape}")
    points = keypoints.astype(np.float64)

    def joint(name: str) -> NDArray[np.float64]:
        return points[:, skeleton.index(name)]

    columns = [
        _angle_at(*(joint(f"{side}_{name}") for name in ends_and_vertex))
        for ends_and_vertex in _LIMB_ANGLES.values()
        for side in ("left", "right")
    ]
    hips = (joint("left_hip") + joint("right_hip")) / 2
    if "neck" in skeleton.keypoint_names:
        neck = joint("neck")
    else:
        neck = (joint("left_shoulder") + joint("right_shoulder")) / 2
    if "head_top" in skeleton.keypoint_names:
        head = joint("head_top")
    else:
        head = _mean_of_found(joint("left_ear"), joint("right_ear"))
    columns.append(_lean(neck - hips))
    columns.append(_angle_at(hips, neck, head))
    return ANGLE_NAMES, np.stack(columns, axis=1).astype(np.float32)


def _angle_at(start: NDArray[np.float64], vertex: NDArray[np.float64], end: NDArray[np.float64]) -> NDArray[np.float64]:
    """(N,) degrees from 0 to 180 at points (N, 2). arctan2 stays exact near 0 and 180, arccos does not."""
    a, b = start - vertex, end - vertex
    cross = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    degrees = np.degrees(np.arctan2(np.abs(cross), (a * b).sum(1)))
    return np.where(a.any(1) & b.any(1), degrees, np.nan)


def _lean(up: NDArray[np.float64]) -> NDArray[np.float64]:
    """(N,) degrees of vectors (N, 2) against the image's upward direction, positive to the right."""
    return np.where(up.any(1), np.degrees(np.arctan2(up[:, 0], -up[:, 1])), np.nan)


def _mean_of_found(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """(N, 2) the mean of two points, or the one that is not NaN."""
    return (np.where(np.isnan(a), b, a) + np.where(np.isnan(b), a, b)) / 2
