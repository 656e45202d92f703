"""Scene cuts: does this image go on where the one before left off?

Two cues, on images made very small: the picture has another structure (correlation of thumbnails), and other colours
(histograms of its quarters). A cut has both; a flash or a fast pan has one of them.
"""

from __future__ import annotations

from collections import deque

import cv2
import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]

_SIZE = (32, 18)
_BINS = (4, 4, 4)  # of L, a, b
RECENT = 8  # frames by which the usual change is known
_USUAL = 3.0  # times the usual change are no surprise: a moving camera, quick people


class CutDetector:
    """Call it with the images of one source in order; `reset` before another source or after a jump."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self._before: tuple[Float32, Float32] | None = None
        self._recent: deque[float] = deque(maxlen=RECENT)

    def __call__(self, image_bgr: NDArray[np.uint8]) -> float:
        """How likely the scene was cut between the image before and this one (H, W, 3), 0 to 1; the first has 0."""
        now = _features(image_bgr)
        before, self._before = self._before, now
        if before is None:
            return 0.0
        change = _change(before, now)
        usual = float(np.median(self._recent)) if self._recent else 0.0
        self._recent.append(change)
        # Twice what would be remarkable is certain; a scene in turmoil has to change more.
        return float(np.clip((change - _USUAL * usual) / 0.5, 0.0, 1.0))


def _features(image_bgr: NDArray[np.uint8]) -> tuple[Float32, Float32]:
    """Thumbnail (h, w) of the lightness, and colour histograms (4, bins) of the quarters, as square roots of shares."""
    step = max(1, min(image_bgr.shape[0] // 90, image_bgr.shape[1] // 160))
    small = cv2.resize(
        np.ascontiguousarray(image_bgr[::step, ::step]), (4 * _SIZE[0], 4 * _SIZE[1]), interpolation=cv2.INTER_AREA
    )
    lab = cv2.cvtColor(small, cv2.COLOR_BGR2LAB)
    thumb = cv2.resize(lab[..., 0], _SIZE, interpolation=cv2.INTER_AREA).astype(np.float32)
    h, w = lab.shape[0] // 2, lab.shape[1] // 2
    quarters = [lab[y : y + h, x : x + w] for y in (0, h) for x in (0, w)]
    ranges = [0, 256, 96, 160, 96, 160]
    shares = [cv2.calcHist([q], [0, 1, 2], None, list(_BINS), ranges).ravel() / (h * w) for q in quarters]
    return thumb, np.sqrt(np.stack(shares)).astype(np.float32)


def _change(one: tuple[Float32, Float32], other: tuple[Float32, Float32]) -> float:
    """The lesser of the changes of structure and colour, each 0 to 1."""
    a, b = one[0] - one[0].mean(), other[0] - other[0].mean()
    norm = float(np.sqrt((a * a).sum() * (b * b).sum()))
    # nothing to see, as in a fade to black, correlates with everything
    structure = 1.0 - max(float((a * b).sum()) / norm, 0.0) if norm > 1e-3 * a.size else 0.0
    colour = 1.0 - float((one[1] * other[1]).sum(axis=1).mean())
    return min(structure, 2 * max(colour, 0.0))
