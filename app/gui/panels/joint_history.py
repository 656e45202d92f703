"""The last seconds of everybody's keypoints, and those of one person as one array ready to plot."""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

from tracking.types import TrackedPoses

Float32 = NDArray[np.float32]

WINDOW_S = 60.0
MAX_FRAMES = 7200  # 120 frames per second of it
GAP_S = 1.0  # frames further apart than this are not joined by a line


class JointHistory:
    """Bounded in time and in frames. Going back in time forgets what came after, so that a seek overwrites.

    `times_s` (T,) float64 ascending and `keypoints` (T, K, 2) float32 belong to `track_id`; NaN where that person
    was not seen, and between frames that no line joins. Both are views that the next `append` may change.
    """

    def __init__(self, num_keypoints: int) -> None:
        self.track_id = 0
        self._frames: deque[tuple[float, NDArray[np.int64], Float32, bool]] = deque(maxlen=MAX_FRAMES)
        self._jumped = False
        # Twice the room: rows move to the front only once every MAX_FRAMES frames, the views stay contiguous.
        self._times = np.empty(2 * MAX_FRAMES, np.float64)
        self._keypoints = np.empty((2 * MAX_FRAMES, num_keypoints, 2), np.float32)
        self._start = self._end = 0

    @property
    def num_keypoints(self) -> int:
        return int(self._keypoints.shape[1])

    @property
    def times_s(self) -> NDArray[np.float64]:
        return self._times[self._start : self._end]

    @property
    def keypoints(self) -> Float32:
        return self._keypoints[self._start : self._end]

    def jump(self) -> None:
        """No line joins the next frame to the one before it."""
        self._jumped = True

    def append(self, tracks: TrackedPoses, time_s: float) -> None:
        """Add one frame; people whose position is only predicted count as not seen."""
        if self._frames and time_s <= self._frames[-1][0]:
            self._go_back(time_s)
        ids, keypoints = tracks.ids[tracks.observed], tracks.poses.keypoints[tracks.observed]
        parted = bool(self._frames) and (self._jumped or time_s - self._frames[-1][0] > GAP_S)
        self._jumped = False
        if parted:
            self._push((self._frames[-1][0] + time_s) / 2, None)
        self._frames.append((time_s, ids, keypoints, parted))
        self._push(time_s, self._find(ids, keypoints))
        while self._frames[0][0] < time_s - WINDOW_S:
            self._frames.popleft()
        self._start += int(np.searchsorted(self.times_s, time_s - WINDOW_S))

    def follow(self, track_id: int, *, same_person: bool = False) -> None:
        """Show another identity from now on; with `same_person` its past stays that of the identity before."""
        if track_id == self.track_id:
            return
        self.track_id = track_id
        if same_person:
            return
        self._start = self._end = 0
        before_s = 0.0
        for i, (time_s, ids, keypoints, parted) in enumerate(self._frames):
            if parted and i > 0:
                self._push((before_s + time_s) / 2, None)
            self._push(time_s, self._find(ids, keypoints))
            before_s = time_s

    def _find(self, ids: NDArray[np.int64], keypoints: Float32) -> Float32 | None:
        at = np.flatnonzero(ids == self.track_id)
        return keypoints[at[0]] if len(at) else None

    def _push(self, time_s: float, keypoints: Float32 | None) -> None:
        if self._end == len(self._times):
            keep = slice(max(self._start, self._end - MAX_FRAMES), self._end)
            count = keep.stop - keep.start
            self._times[:count] = self._times[keep]
            self._keypoints[:count] = self._keypoints[keep]
            self._start, self._end = 0, count
        self._times[self._end] = time_s
        self._keypoints[self._end] = np.nan if keypoints is None else keypoints
        self._end += 1
        self._start = max(self._start, self._end - MAX_FRAMES)

    def _go_back(self, time_s: float) -> None:
        while self._frames and self._frames[-1][0] >= time_s:
            self._frames.pop()
        last_s = self._frames[-1][0] if self._frames else -np.inf
        self._end = self._start + int(np.searchsorted(self.times_s, last_s, side="right"))
