"""The result of pose estimation, as a structure of arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Poses:
    """N people found in one image, K keypoints each.

    keypoints:  (N, K, 2) float32, x and y in pixels of the upright source image; NaN = missing.
    scores:     (N, K) float32 in [0, 1]; 0 where the keypoint is missing.
    confidence: (N,) float32 in [0, 1], one number for the whole person.

    Pixel (0, 0) is the centre of the top-left pixel. Raises ValueError if shapes disagree.
    """

    keypoints: Float32
    scores: Float32
    confidence: Float32

    def __post_init__(self) -> None:
        shape = self.keypoints.shape
        if len(shape) != 3 or shape[2] != 2:
            raise ValueError(f"keypoints must have shape (N, K, 2), got {shape}")
        if self.scores.shape != shape[:2]:
            raise ValueError(f"scores must have shape {shape[:2]}, got {self.scores.shape}")
        if self.confidence.shape != shape[:1]:
            raise ValueError(f"confidence must have shape {shape[:1]}, got {self.confidence.shape}")

    def __len__(self) -> int:
        return len(self.keypoints)

    def __getitem__(self, index: slice | NDArray[np.bool_] | NDArray[np.int64]) -> Poses:
        """The people selected by a slice, a mask or an index array."""
        return Poses(self.keypoints[index], self.scores[index], self.confidence[index])

    def joined(self, other: Poses) -> Poses:
        """These people and those, in this order."""
        return Poses(
            np.concatenate([self.keypoints, other.keypoints]),
            np.concatenate([self.scores, other.scores]),
            np.concatenate([self.confidence, other.confidence]),
        )

    @property
    def visible(self) -> NDArray[np.bool_]:
        """(N, K) bool, True where the keypoint was found."""
        return np.isfinite(self.keypoints[..., 0])

    @property
    def boxes_xyxy(self) -> Float32:
        """(N, 4) float32, the extent of the found keypoints; NaN for a person without any."""
        found = self.visible[..., None]
        low = np.where(found, self.keypoints, np.inf).min(axis=1, initial=np.inf)
        high = np.where(found, self.keypoints, -np.inf).max(axis=1, initial=-np.inf)
        boxes = np.concatenate([low, high], axis=1).astype(np.float32)
        boxes[~np.isfinite(boxes).all(axis=1)] = np.nan
        return boxes

    @staticmethod
    def empty(num_keypoints: int) -> Poses:
        return Poses(
            np.empty((0, num_keypoints, 2), np.float32),
            np.empty((0, num_keypoints), np.float32),
            np.empty((0,), np.float32),
        )
