"""Frame results with people of our choosing, for tests of widgets that take FrameResult."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from app.types import Frame, FrameResult, StageTimes
from pose.skeleton import COCO17, Skeleton
from pose.types import Poses
from tracking.types import TrackedPoses

IMAGE = np.zeros((48, 64, 3), np.uint8)


def result_of(
    time_s: float,
    ids: Sequence[int] = (),
    *,
    confidence: float = 0.8,
    observed: Sequence[bool] | None = None,
    keypoints: np.ndarray | None = None,
    skeleton: Skeleton = COCO17,
) -> FrameResult:
    """A result at `time_s` with one person per id; keypoints (N, K, 2) default to random ones of a fixed seed."""
    n, k = len(ids), skeleton.num_keypoints
    if keypoints is None:
        keypoints = np.random.default_rng(1).uniform(0, 400, (n, k, 2))
    poses = Poses(
        keypoints.astype(np.float32), np.full((n, k), confidence, np.float32), np.full(n, confidence, np.float32)
    )
    seen = np.ones(n, bool) if observed is None else np.array(observed, bool)
    tracks = TrackedPoses(np.array(ids, np.int64), poses, seen, poses)
    return FrameResult(Frame(round(time_s * 30), time_s, IMAGE), tracks, StageTimes(1, 2, 3, 4))
