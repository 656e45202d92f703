"""Whether a cheaper number format still puts the peaks in the same place."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pose.assets import ASSETS
from pose.errors import EngineError

MAX_SHIFT_PX = 0.5
MIN_PEAKS = 100  # the medians of fewer scatter
PEAK_THRESHOLD = 0.1  # the decoder keeps no candidates below this
SEARCH_RADIUS = 3  # heatmap pixels


def peak_shifts_px(reference: NDArray[np.float32], other: NDArray[np.float32]) -> list[float]:
    """How far each peak of `reference` moved in `other`, in network pixels.

    Both (N, K, h, w) float32 heatmaps at half the network's resolution. A peak that `other` lacks
    counts as infinitely far.
    """
    shifts: list[float] = []
    for expected, found in zip(_planes(reference), _planes(other), strict=True):
        for y, x in np.argwhere(_peaks(expected)):
            top, left = max(0, y - SEARCH_RADIUS), max(0, x - SEARCH_RADIUS)
            window = found[top : y + SEARCH_RADIUS + 1, left : x + SEARCH_RADIUS + 1]
            dy, dx = np.unravel_index(int(window.argmax()), window.shape)
            if window[dy, dx] < PEAK_THRESHOLD / 2:
                shifts.append(np.inf)
                continue
            moved = _subpixel(found, top + int(dy), left + int(dx)) - _subpixel(expected, y, x)
            shifts.append(2 * float(np.hypot(*moved)))
    return shifts


def calibration_images() -> NDArray[np.uint8]:
    """(4, 256, 320, 3) uint8 BGR: rendered scenes of five people each, stored one below the other."""
    strip = cv2.imread(str(ASSETS / "calibration.webp"))
    if strip is None:
        raise EngineError("The file assets/calibration.webp is missing or damaged; install LitePose Studio again.")
    return np.asarray(strip.reshape(4, -1, *strip.shape[1:]), np.uint8)


def _planes(heatmaps: NDArray[np.float32]) -> NDArray[np.float32]:
    return heatmaps.reshape(-1, *heatmaps.shape[2:])


def _peaks(heatmap: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Largest in their 5x5 neighbourhood and above the threshold."""
    return (heatmap == cv2.dilate(heatmap, np.ones((5, 5), np.uint8))) & (heatmap > PEAK_THRESHOLD)


def _subpixel(heatmap: NDArray[np.float32], y: int, x: int) -> NDArray[np.float64]:
    """(y, x) of the top of the parabolas through a maximum and its neighbours; a border keeps its pixel."""
    rows, columns = heatmap[max(0, y - 1) : y + 2, x], heatmap[y, max(0, x - 1) : x + 2]
    return np.array([y + _parabola_top(rows), x + _parabola_top(columns)])


def _parabola_top(values: NDArray[np.float32]) -> float:
    """Where three equally spaced values have their maximum, relative to the middle one, at most half a step away."""
    if len(values) < 3:
        return 0.0
    before, top, after = values.tolist()
    curvature = before - 2 * top + after
    return 0.0 if curvature >= 0 else float(np.clip(0.5 * (before - after) / curvature, -0.5, 0.5))
