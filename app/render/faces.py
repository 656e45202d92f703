"""Hiding faces: where a head is, from either skeleton, and making it unrecognisable."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pose.skeleton import Skeleton
from pose.types import Poses

Image = NDArray[np.uint8]
Point = NDArray[np.float64]

BLOCKS = 6  # a head keeps this many blocks on a side before they are smoothed


def face_circles(poses: Poses, skeleton: Skeleton) -> NDArray[np.float64]:
    """(M, 3) x, y and radius in pixels of the heads that can be placed, generous rather than tight.

    From the face's own joints, from head top and neck, or else from the shoulders. Uncertain joints count too: a
    face that is hidden in vain costs less than one that is shown.
    """
    circles = [_head(person.astype(np.float64), skeleton) for person in poses.keypoints]
    return np.array([c for c in circles if c is not None], np.float64).reshape(-1, 3)


def blur_faces(image_bgr: Image, poses: Poses, skeleton: Skeleton) -> None:
    """Hide the faces in place."""
    height, width = image_bgr.shape[:2]
    for x, y, radius in face_circles(poses, skeleton):
        x0, y0 = max(0, int(x - radius)), max(0, int(y - radius))
        x1, y1 = min(width, int(np.ceil(x + radius)) + 1), min(height, int(np.ceil(y + radius)) + 1)
        if x1 - x0 < 1 or y1 - y0 < 1:
            continue
        patch = image_bgr[y0:y1, x0:x1]
        small = cv2.resize(patch, (BLOCKS, BLOCKS), interpolation=cv2.INTER_AREA)
        smooth = cv2.resize(small, (x1 - x0, y1 - y0), interpolation=cv2.INTER_LINEAR)
        mask = np.zeros(patch.shape[:2], np.uint8)
        cv2.circle(mask, (round(x - x0), round(y - y0)), max(1, round(radius)), 255, -1)
        patch[mask > 0] = smooth[mask > 0]


def _head(points: NDArray[np.float64], skeleton: Skeleton) -> tuple[float, float, float] | None:
    def joint(name: str) -> Point | None:
        if name not in skeleton.keypoint_names:
            return None
        point = points[skeleton.index(name)]
        return point if np.isfinite(point).all() else None

    def pair_middle(name: str) -> tuple[Point | None, float]:
        left, right = joint(f"left_{name}"), joint(f"right_{name}")
        if left is None or right is None:
            return (left if left is not None else right), 0.0
        return (left + right) / 2, float(np.linalg.norm(left - right))

    shoulders, shoulder_width = pair_middle("shoulder")
    hips, _ = pair_middle("hip")
    trunk = float(np.linalg.norm(shoulders - hips)) if shoulders is not None and hips is not None else 0.0
    least = max(0.3 * trunk, 0.4 * shoulder_width)  # a head seen from the side has its face joints close together

    face = [p for name in ("nose", "left_eye", "right_eye", "left_ear", "right_ear") if (p := joint(name)) is not None]
    if face:
        centre = np.mean(face, axis=0)
        spread = max(float(np.linalg.norm(p - centre)) for p in face)
        return _circle(centre, max(1.6 * spread, least))
    top, neck = joint("head_top"), joint("neck")
    if neck is None:
        neck = shoulders
    if top is not None and neck is not None:
        return _circle(0.6 * top + 0.4 * neck, max(0.75 * float(np.linalg.norm(top - neck)), 0.5 * least))
    if shoulders is not None and least > 0:
        up = (shoulders - hips) / trunk if hips is not None and trunk > 0 else np.array([0.0, -1.0])
        return _circle(shoulders + up * 1.4 * least, 1.2 * least)
    return None


def _circle(centre: Point, radius: float) -> tuple[float, float, float] | None:
    return (float(centre[0]), float(centre[1]), radius) if radius >= 1 else None
