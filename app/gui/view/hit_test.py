"""Which person lies under a point of the image: pure geometry, no widgets."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pose.skeleton import Skeleton
from tracking.types import TrackedPoses

NOBODY = 0


def person_at(
    point_xy: tuple[float, float], tracks: TrackedPoses, skeleton: Skeleton, tolerance_px: float = 12.0
) -> int:
    """The id of the person at a point, or 0.

    A skeleton within `tolerance_px` wins (the nearest one); otherwise the smallest box around the point,
    so that a person in front of a larger one can be clicked. All in pixels of the upright source image.
    """
    if len(tracks) == 0:
        return NOBODY
    point = np.asarray(point_xy, np.float32)
    distances = skeleton_distances(point, tracks.poses.keypoints, np.array(skeleton.edges, np.intp))
    nearest = int(np.argmin(distances))
    if distances[nearest] <= tolerance_px:
        return int(tracks.ids[nearest])

    boxes = tracks.poses.boxes_xyxy
    inside = (boxes[:, :2] - tolerance_px <= point).all(1) & (point <= boxes[:, 2:] + tolerance_px).all(1)
    if not inside.any():
        return NOBODY
    areas = np.where(inside, np.prod(boxes[:, 2:] - boxes[:, :2], axis=1), np.inf)
    return int(tracks.ids[int(np.argmin(areas))])


def joint_at(point_xy: tuple[float, float], tracks: TrackedPoses, tolerance_px: float) -> tuple[int, int] | None:
    """The person and the joint, as its place in the skeleton, nearest to a point; None beyond the tolerance."""
    if len(tracks) == 0:
        return None
    gaps = np.linalg.norm(tracks.poses.keypoints - np.asarray(point_xy, np.float32), axis=2)
    gaps = np.where(np.isfinite(gaps), gaps, np.inf)
    row, joint = np.unravel_index(int(gaps.argmin()), gaps.shape)
    return (int(tracks.ids[row]), int(joint)) if gaps[row, joint] <= tolerance_px else None


def skeleton_distances(
    point: NDArray[np.float32], keypoints: NDArray[np.float32], edges: NDArray[np.intp]
) -> NDArray[np.float32]:
    """(N,) float32, distance in pixels from a point (2,) to each drawn skeleton; inf if nothing is drawn."""
    starts, ends = keypoints[:, edges[:, 0]], keypoints[:, edges[:, 1]]  # (N, E, 2)
    along = ends - starts
    length_sq = np.maximum((along**2).sum(-1), 1e-12)
    position = np.clip(((point - starts) * along).sum(-1) / length_sq, 0, 1)
    gaps = np.linalg.norm(starts + position[..., None] * along - point, axis=-1)
    return np.where(np.isfinite(gaps), gaps, np.inf).min(axis=1, initial=np.inf).astype(np.float32)
