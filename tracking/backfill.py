"""Rows for the frames in which a person was seen before the tracker was sure: a look back for recordings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pose.types import Poses
from tracking.types import TrackedPoses


@dataclass(frozen=True, slots=True)
class BackfilledDetection:
    """A pose seen `frames_ago` updates before the person got `id`.

    keypoints: (K, 2) float32 pixels. scores: (K,) float32. confidence: as in Poses.
    """

    frames_ago: int
    id: int
    keypoints: NDArray[np.float32]
    scores: NDArray[np.float32]
    confidence: float


def with_backfilled(tracks: TrackedPoses, sight: BackfilledDetection) -> TrackedPoses:
    """The people of that earlier frame and the one who was not sure yet, sorted by id."""
    poses = Poses(sight.keypoints[None], sight.scores[None], np.array([sight.confidence], np.float32))
    return tracks.joined(TrackedPoses(np.array([sight.id], np.int64), poses, np.ones(1, bool), poses))
