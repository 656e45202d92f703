"""The kernel of the Object Keypoint Similarity."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def joint_similarity(
    squared_px2: NDArray[np.floating], areas_px2: NDArray[np.floating], sigmas: NDArray[np.floating]
) -> NDArray[np.float64]:
    """exp(-d² / (2 · area · (2σ)²)): (..., K) squared distances, areas (...) of the person, sigmas (K,) → (..., K)."""
    tolerance = (2 * np.asarray(sigmas, np.float64)) ** 2
    return np.asarray(np.exp(-squared_px2 / tolerance / (np.asarray(areas_px2)[..., None] + np.spacing(1)) / 2))
