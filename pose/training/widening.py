"""Heatmaps for a coarser grid: Gaussians are widened at equal height before maps are brought there."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pose.codec import TARGET_SIGMA

Float32 = NDArray[np.float32]

REACH = 2.5  # standard deviations; at the largest factors it matters first where a Gaussian is below 1/20


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
    shifts = range(1, int(np.ceil(REACH * np.sqrt(variance))) + 1)
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
