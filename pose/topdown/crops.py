"""Boxes of people ↔ crops of one size for a network.

A crop is an upright, uniformly scaled window about the middle of a box: crop = factor * image + offset, in pixels.
What lies outside of the image is black.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pose.preprocess import halve
from pose.types import Poses

PADDING = 1.25
MIN_SIDE_PX = 4.0  # boxes of people are no smaller; a crop of less shows nothing
MAX_EXTENT = 8.0  # boxes that reach farther from the image than so many of its sides are no boxes of people in it


@dataclass(frozen=True, slots=True)
class Crops:
    """N windows of one image, each to become (height, width) pixels.

    factors: (N,) float64 crop pixels per image pixel; offsets: (N, 2) float64 crop pixels.
    """

    hw: tuple[int, int]
    factors: NDArray[np.float64]
    offsets: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.factors)

    def warp(self, image_bgr: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """(H, W, 3) uint8 → (N, height, width, 3) uint8. Strong shrinking averages first, so that it does not alias."""
        height, width = self.hw
        crops = np.empty((len(self), height, width, 3), np.uint8)
        smaller: list[tuple[NDArray[np.uint8], NDArray[np.float64]]] = [(image_bgr, np.eye(2, 3))]
        for crop, factor, offset in zip(crops, self.factors, self.offsets, strict=True):
            level = 0
            while factor * 2 ** (level + 1) <= 1 and min(smaller[level][0].shape[:2]) >= 2:
                level += 1
                if level == len(smaller):
                    smaller.append(halve(*smaller[-1]))
            source, to_image = smaller[level]
            matrix = np.concatenate([factor * to_image[:, :2], (factor * to_image[:, 2] + offset)[:, None]], axis=1)
            cv2.warpAffine(source, matrix, (width, height), dst=crop, flags=cv2.INTER_LINEAR)
        return crops

    def to_image(self, points: NDArray[np.floating]) -> NDArray[np.float32]:
        """(N, ..., 2) crop pixels → image pixels."""
        return np.stack([self.to_image_of(n, p) for n, p in enumerate(points)]) if len(points) else _as_float32(points)

    def to_image_of(self, n: int, points: NDArray[np.floating]) -> NDArray[np.float32]:
        """(..., 2) pixels of crop n → image pixels."""
        return _as_float32((points - self.offsets[n]) / self.factors[n])


def _as_float32(values: NDArray[np.floating]) -> NDArray[np.float32]:
    return np.asarray(values, np.float32)


def person_boxes(poses: Poses, min_score: float = 0.1) -> NDArray[np.float32]:
    """(N, 4) float32 xyxy: the extent of the joints that are sure enough, or of all if fewer than two are; NaN if
    there is no such box."""
    sure = poses.visible & (poses.scores > min_score)
    few = sure.sum(axis=1) < 2
    sure[few] = poses.visible[few]
    kept = Poses(np.where(sure[..., None], poses.keypoints, np.nan), poses.scores, poses.confidence)
    boxes = kept.boxes_xyxy
    boxes[sure.sum(axis=1) < 2] = np.nan
    return boxes


def usable_boxes(boxes_xyxy: NDArray[np.floating], image_hw: tuple[int, int]) -> NDArray[np.bool_]:
    """(N,) bool: boxes that are finite, in order, and show some of the image."""
    h, w = image_hw
    boxes = np.asarray(boxes_xyxy, np.float64).reshape(-1, 4)
    with np.errstate(invalid="ignore"):
        ordered = (boxes[:, 0] <= boxes[:, 2]) & (boxes[:, 1] <= boxes[:, 3])
        touches = (boxes[:, 0] < w) & (boxes[:, 1] < h) & (boxes[:, 2] > 0) & (boxes[:, 3] > 0)
        near = (np.abs(boxes) <= MAX_EXTENT * max(h, w)).all(axis=1)
    return np.asarray(np.isfinite(boxes).all(axis=1) & ordered & touches & near)


def crops_of(boxes_xyxy: NDArray[np.floating], hw: tuple[int, int], padding: float = PADDING) -> Crops:
    """Windows about usable boxes (N, 4): each box, grown to the crop's proportions and by `padding`, fills its crop."""
    boxes = np.asarray(boxes_xyxy, np.float64).reshape(-1, 4)
    height, width = hw
    sizes = np.maximum(boxes[:, 2:] - boxes[:, :2], MIN_SIDE_PX) * padding
    factors = np.minimum(width / sizes[:, 0], height / sizes[:, 1])
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2
    return Crops(hw, factors, np.array([width / 2, height / 2]) - factors[:, None] * centres)
