"""Dense targets: what the teacher sees in a view, as maps for a student that sees the same view smaller.

The teacher finds more where people are larger, so it sees the view at a multiple of the student's size. Its Gaussians
are then too narrow for the student's grid; they are widened at equal height before its maps are brought there.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pose.codec import HEATMAP_STRIDE, TARGET_SIGMA, DecodeSettings, decode
from pose.skeleton import Skeleton
from pose.training.targets import COARSE_STRIDE, FINE_STRIDE, Targets, read_tags
from pose.training.teacher import Network, mirrored_maps

Float32 = NDArray[np.float32]

_MULTIPLE = 32
_REACH = 2.5  # standard deviations; at the largest factors it matters first where a Gaussian is below 1/20
_PEOPLE = DecodeSettings(det_thr=0.15, fill=False)


@dataclass(frozen=True, slots=True)
class DenseSettings:
    """How views are made and seen. Each has one entry per input size of the loop, or one for all.

    factors: the teacher sees the view at one of these multiples of the student's size, drawn for each step.
    mosaic:  the probability that a view shows four photos instead of one.
    """

    factors: tuple[tuple[float, ...], ...] = ((1.0, 1.5),)
    mosaic: tuple[float, ...] = (0.0,)


def teacher_resolution(size: int, factor: float) -> int:
    """The network input nearest to `factor` times the student's."""
    return round(size * factor / _MULTIPLE) * _MULTIPLE


def widen(maps: Float32, factor: float) -> Float32:
    """Maps (K, h, w) whose Gaussians of TARGET_SIGMA become `factor` times as wide and keep their height.

    A dilation that multiplies with a Gaussian where the usual one adds: the maximum over shifts of two Gaussians'
    product is a Gaussian of the summed variances. Unlike a convolution it keeps peaks and merges them by maximum,
    as targets are. Between whole shifts values are too low by up to 0.08. Negative values become 0; with factor 1 the
    maps are returned as they are.
    """
    if factor <= 1:
        return maps
    variance = (factor**2 - 1) * TARGET_SIGMA**2
    shifts = range(1, int(np.ceil(_REACH * np.sqrt(variance))) + 1)
    result = np.maximum(maps, 0)
    for axis in (1, 2):
        before = np.moveaxis(result, axis, 0)
        after = before.copy()
        for shift in shifts:
            lowered = before * np.float32(np.exp(-(shift**2) / (2 * variance)))
            np.maximum(after[shift:], lowered[:-shift], out=after[shift:])
            np.maximum(after[:-shift], lowered[shift:], out=after[:-shift])
        result = np.moveaxis(after, 0, axis)
    return np.ascontiguousarray(result)


def dense_targets(network: Network, view_bgr: NDArray[np.uint8], size: int, skeleton: Skeleton, flip: bool) -> Targets:
    """Targets of a student that sees the square view at `size` pixels, a teacher that sees it as given.

    They are maps of the decoded resolution alone; tags are read where the teacher finds people.
    """
    heatmaps, tags = mirrored_maps(network, view_bgr, skeleton, flip)
    fine = _onto(widen(heatmaps, len(view_bgr) / size), size // FINE_STRIDE)
    tags = np.stack([_onto(t, size // COARSE_STRIDE) for t in tags])
    keypoints, scores, _ = decode(fine, tags, skeleton, _PEOPLE)
    cells, people = read_tags(keypoints * HEATMAP_STRIDE, scores > _PEOPLE.det_thr, (size, size))
    return Targets(None, fine, None, None, cells, people)


def _onto(maps: Float32, side: int) -> Float32:
    if maps.shape[1] == side:
        return np.ascontiguousarray(maps)
    method = cv2.INTER_AREA if maps.shape[1] > side else cv2.INTER_LINEAR
    return np.stack([cv2.resize(m, (side, side), interpolation=method) for m in maps])
