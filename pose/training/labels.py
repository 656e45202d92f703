"""What a training image is labelled with, by a person or by a teacher."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]


def _no_regions() -> Float32:
    return np.zeros((0, 4, 2), np.float32)


@dataclass(frozen=True, slots=True)
class PoseLabels:
    """N people of K joints in one image, in its pixels.

    keypoints: (N, K, 2) float32. scores: (N, K) float32 in [0, 1], how sure the labeller is; 0 = not labelled.
    unknown:   (R, 4, 2) float32, corners of regions with unlabelled people, where heatmaps are not trained.
    """

    keypoints: Float32
    scores: Float32
    unknown: Float32 = field(default_factory=_no_regions)

    def transformed(self, matrix: NDArray[np.floating], mirror: tuple[int, ...] | None = None) -> PoseLabels:
        """After the affine (2, 3) `matrix`; `mirror` renames the joints if the matrix mirrors the image."""
        linear, shift = matrix[:, :2].T, matrix[:, 2]
        keypoints = (self.keypoints @ linear + shift).astype(np.float32)
        unknown = (self.unknown @ linear + shift).astype(np.float32)
        scores = self.scores
        if mirror is not None:
            keypoints, scores = keypoints[:, mirror], scores[:, mirror]
        return PoseLabels(keypoints, scores, unknown)
