"""Labels → what the network should output: Gaussian heatmaps at two resolutions, and where tags are read."""

from __future__ import annotations

from dataclasses import dataclass

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
    """coarse (K, h/4, w/4) and fine (K, h/2, w/2) float32 heatmaps; tag_cells (M,) int64, flat positions in a
    (K, h/4, w/4) map; tag_people (M,) int64, the person of each, numbered from 0 without gaps."""

    coarse: Float32
    fine: Float32
    tag_cells: NDArray[np.int64]
    tag_people: NDArray[np.int64]


def make_targets(labels: PoseLabels, num_keypoints: int, hw: tuple[int, int]) -> Targets:
    h, w = hw
    people, joints = np.nonzero(labels.scores > 0)
    points = labels.keypoints[people, joints]
    peaks = np.column_stack([joints, points, labels.scores[people, joints]]).astype(np.float32)
    peaks = np.concatenate([peaks, labels.faint]) if len(labels.faint) else peaks
    coarse = render_peaks(peaks, num_keypoints, (h // COARSE_STRIDE, w // COARSE_STRIDE), COARSE_STRIDE)
    fine = render_peaks(peaks, num_keypoints, (h // FINE_STRIDE, w // FINE_STRIDE), FINE_STRIDE)
    cells = np.floor(points / COARSE_STRIDE).astype(np.int64)
    inside = ((cells >= 0) & (cells < (w // COARSE_STRIDE, h // COARSE_STRIDE))).all(axis=1)
    flat = (joints * (h // COARSE_STRIDE) + cells[:, 1]) * (w // COARSE_STRIDE) + cells[:, 0]
    _, person = np.unique(people[inside], return_inverse=True)
    return Targets(coarse, fine, flat[inside], person.astype(np.int64))


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
        x0, y0 = max(0, x), max(0, y)
        patch = maps[joint, y0 : y + 2 * _RADIUS + 1, x0 : x + 2 * _RADIUS + 1]
        bell = (height * bell_y)[y0 - y :, None] * bell_x[x0 - x :]
        np.maximum(patch, bell[: patch.shape[0], : patch.shape[1]], out=patch)
    return np.ascontiguousarray(maps[:, _RADIUS:-_RADIUS, _RADIUS:-_RADIUS])
