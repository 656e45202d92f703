"""Labels → what the network should output: Gaussian heatmaps at two resolutions, and where tags are read."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pose.codec import TARGET_SIGMA
from pose.training.labels import PoseLabels

Float32 = NDArray[np.float32]

COARSE_STRIDE, FINE_STRIDE = 4, 2
_RADIUS = int(3 * TARGET_SIGMA + 1)
_SPAN = np.arange(-_RADIUS, _RADIUS + 1)


@dataclass(frozen=True, slots=True)
class Targets:
    """What one view trains.

    coarse, fine: heatmaps (K, h/4, w/4) and (K, h/2, w/2) float32. Without a coarse one, the fine one is that of the
    decoded map, the mean of the network's two.
    coarse_mask, fine_mask: (h/4, w/4) and (h/2, w/2) float32, 0 = not trained; None = all are.
    tag_cells:  (M,) int64, flat positions in a (K, h/4, w/4) map. tag_people: (M,) int64, the person of each,
    numbered from 0 without gaps.
    """

    coarse: Float32 | None
    fine: Float32
    coarse_mask: Float32 | None
    fine_mask: Float32 | None
    tag_cells: NDArray[np.int64]
    tag_people: NDArray[np.int64]


def make_targets(labels: PoseLabels, num_keypoints: int, hw: tuple[int, int]) -> Targets:
    """Targets of a view of `hw` network pixels. Any number of people, none included."""
    people, joints = np.nonzero(labels.scores > 0)
    points = labels.keypoints[people, joints]
    peaks = np.column_stack([joints, points, labels.scores[people, joints]]).astype(np.float32)
    coarse_h, coarse_w = hw[0] // COARSE_STRIDE, hw[1] // COARSE_STRIDE
    fine_hw = (hw[0] // FINE_STRIDE, hw[1] // FINE_STRIDE)
    return Targets(
        render_peaks(peaks, num_keypoints, (coarse_h, coarse_w), COARSE_STRIDE),
        render_peaks(peaks, num_keypoints, fine_hw, FINE_STRIDE),
        render_mask(labels.unknown, (coarse_h, coarse_w), COARSE_STRIDE),
        render_mask(labels.unknown, fine_hw, FINE_STRIDE),
        *read_tags(labels.keypoints, labels.scores > 0, hw),
    )


def read_tags(
    keypoints: Float32, known: NDArray[np.bool_], hw: tuple[int, int]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """`tag_cells` and `tag_people` of Targets. keypoints: (N, K, 2) in network pixels; known: (N, K)."""
    h, w = hw[0] // COARSE_STRIDE, hw[1] // COARSE_STRIDE
    people, joints = np.nonzero(known)
    cells = np.floor(keypoints[people, joints] / COARSE_STRIDE).astype(np.int64)
    inside = ((cells >= 0) & (cells < (w, h))).all(axis=1)
    flat = (joints * h + cells[:, 1]) * w + cells[:, 0]
    _, person = np.unique(people[inside], return_inverse=True)
    return flat[inside], person.astype(np.int64)


def render_peaks(peaks: Float32, num_keypoints: int, hw: tuple[int, int], stride: int) -> Float32:
    """Rows (joint, x, y, height) in network pixels → (K, h, w) Gaussians of that height, merged by maximum.

    Sub-pixel centres: cell i of a map stands for network pixel stride * (i + 1/2), as the decoder reads it.
    """
    h, w = hw
    maps = np.zeros((num_keypoints, h + 2 * _RADIUS, w + 2 * _RADIUS), np.float32)
    centres = peaks[:, 1:3] / stride - 0.5
    cells = np.round(centres).astype(np.int64)
    keep = ((cells >= -_RADIUS) & (cells < (w + _RADIUS, h + _RADIUS))).all(axis=1)
    offsets = _SPAN - (centres - cells)[..., None]  # (P, 2, window)
    bells = np.exp(-(offsets**2) / (2 * TARGET_SIGMA**2)).astype(np.float32)
    for joint, (x, y), (bell_x, bell_y), height in zip(
        peaks[keep, 0].astype(int), cells[keep], bells[keep], peaks[keep, 3], strict=True
    ):
        # In the padded maps the window of cell x begins at x.
        x0, y0 = max(0, x), max(0, y)
        patch = maps[joint, y0 : y + 2 * _RADIUS + 1, x0 : x + 2 * _RADIUS + 1]
        bell = (height * bell_y)[y0 - y :, None] * bell_x[x0 - x :]
        np.maximum(patch, bell[: patch.shape[0], : patch.shape[1]], out=patch)
    return np.ascontiguousarray(maps[:, _RADIUS:-_RADIUS, _RADIUS:-_RADIUS])


def render_mask(unknown: Float32, hw: tuple[int, int], stride: int) -> Float32 | None:
    """(h, w) float32, 0 inside the quadrilaterals (R, 4, 2) given in network pixels; None if there are none."""
    if not len(unknown):
        return None
    mask = np.ones(hw, np.float32)
    for corners in unknown:
        cv2.fillConvexPoly(mask, np.round(corners / stride - 0.5).astype(np.int32), 0.0)
    return mask
