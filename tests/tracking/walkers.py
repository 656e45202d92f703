"""Figures that walk, for tests: exact poses at any time, and what a detector might make of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pose.skeleton import COCO17, CROWDPOSE14, Skeleton
from pose.types import Poses

# Joints of a figure of height 1 that stands at x = 0 with its soles at y = 0, y up, by name without side:
# sideways offset of the left joint, height, and how far it swings with the step.
_FIGURE = {
    "shoulder": (0.06, 0.82, 0.01),
    "elbow": (0.07, 0.63, -0.06),
    "wrist": (0.07, 0.49, -0.12),
    "hip": (0.04, 0.53, 0.01),
    "knee": (0.04, 0.28, 0.08),
    "ankle": (0.04, 0.04, 0.15),
    "eye": (0.02, 0.94, 0.0),
    "ear": (0.045, 0.93, 0.0),
    "nose": (0.0, 0.92, 0.0),
    "head_top": (0.0, 1.0, 0.0),
    "neck": (0.0, 0.85, 0.0),
}


@dataclass(frozen=True)
class Walker:
    """Walks at a constant speed (heights per second) along a line; x and y are pixels of the soles at time 0."""

    x: float
    y: float = 400.0
    height: float = 200.0
    speed: float = 0.0
    phase: float = 0.0

    def keypoints(self, time_s: float, skeleton: Skeleton = CROWDPOSE14) -> np.ndarray:
        """(K, 2) pixels."""
        swing = np.sin(2 * np.pi * 0.9 * time_s + self.phase) if self.speed else 0.0
        points = np.empty((skeleton.num_keypoints, 2))
        for k, name in enumerate(skeleton.keypoint_names):
            side = {"left": 1.0, "right": -1.0}.get(name.split("_")[0], 0.0)
            aside, up, reach = _FIGURE[name.removeprefix("left_").removeprefix("right_")]
            points[k] = side * (aside + reach * swing), -up
        return points * self.height + [self.x + self.speed * self.height * time_s, self.y]


def detections(keypoints: list[np.ndarray], confidence: float | list[float] = 0.7, k: int = 14) -> Poses:
    """Poses of the given people, all joints alike; NaN joints have score 0."""
    if not keypoints:
        return Poses.empty(k)
    points = np.stack(keypoints).astype(np.float32)
    sure = np.broadcast_to(np.asarray(confidence, np.float32), len(points)).copy()
    scores = np.where(np.isfinite(points[..., 0]), sure[:, None], 0).astype(np.float32)
    return Poses(points, scores, sure)


def jitter(keypoints: np.ndarray, rng: np.random.Generator, height: float, sd: float = 0.01) -> np.ndarray:
    """Detector noise, a share of the height."""
    return keypoints + rng.normal(0, sd * height, keypoints.shape)


__all__ = ["COCO17", "CROWDPOSE14", "Walker", "detections", "jitter"]
