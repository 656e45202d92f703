"""People at a constant rate, whatever the rate of the source."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

import numpy as np

from app.types import TrackedFrame
from pose.types import Poses
from tracking.types import TrackedPoses

MAX_GAP_S = 0.2  # no longer gap between two analysed frames is bridged
SAME_TIME_S = 1e-6


def resampled(frames: Iterable[TrackedFrame], fps: float, max_gap_s: float = MAX_GAP_S) -> Iterator[TrackedFrame]:
    """Frames 0, 1, 2 … at `fps` per second from the first frame's time on, up to the last frame's.

    frames: by ascending time. Where a frame of the result falls on one of them, it is that frame. Between two of them
    everybody who is in both is interpolated linearly (keypoints, scores, confidence), the frame is marked as
    interpolated, and a keypoint missing in either is missing. In longer gaps there is nobody. Keeps two frames in
    memory.
    """
    number, start_s = 0, 0.0
    before: TrackedFrame | None = None
    for frame in frames:
        if before is None:
            start_s = frame.time_s
        while (time_s := start_s + number / fps) < frame.time_s - SAME_TIME_S:
            assert before is not None  # the first number falls on the first frame
            yield _at(number, time_s, before, frame, max_gap_s)
            number += 1
        if math.isclose(time_s, frame.time_s, rel_tol=0, abs_tol=SAME_TIME_S):
            yield TrackedFrame(number, time_s, frame.tracks, frame.interpolated)
            number += 1
        before = frame


def _at(number: int, time_s: float, a: TrackedFrame, b: TrackedFrame, max_gap_s: float) -> TrackedFrame:
    if b.time_s - a.time_s > max_gap_s:
        nobody = TrackedPoses.empty(a.tracks.poses.keypoints.shape[1])
        return TrackedFrame(number, time_s, nobody, interpolated=True)
    share = np.float32((time_s - a.time_s) / (b.time_s - a.time_s))
    ids, in_a, in_b = np.intersect1d(a.tracks.ids, b.tracks.ids, assume_unique=True, return_indices=True)
    poses = _between(a.tracks.poses[in_a], b.tracks.poses[in_b], share)
    raw = poses
    if a.tracks.raw is not a.tracks.poses or b.tracks.raw is not b.tracks.poses:
        raw = _between(a.tracks.raw[in_a], b.tracks.raw[in_b], share)
    observed = a.tracks.observed[in_a] & b.tracks.observed[in_b]
    return TrackedFrame(number, time_s, TrackedPoses(ids, poses, observed, raw), interpolated=True)


def _between(a: Poses, b: Poses, share: np.float32) -> Poses:
    keypoints = a.keypoints + share * (b.keypoints - a.keypoints)
    seen = np.isfinite(keypoints[..., 0])
    scores = np.where(seen, a.scores + share * (b.scores - a.scores), np.float32(0))
    return Poses(keypoints, scores, a.confidence + share * (b.confidence - a.confidence))
