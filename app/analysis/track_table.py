"""A whole tracking in memory as columns: any frame and any person at once, without inference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from app.analysis.edits import Edit, edited
from app.types import TrackedFrame
from pose.skeleton import Skeleton
from pose.types import Poses
from tracking.types import TrackedPoses


@dataclass(frozen=True)
class TrackTable:
    """F frames with R rows, one per person and frame; K joints. Some 200 bytes a row.

    frames, times_s: (F,) index in the source, ascending, and seconds. starts: (F + 1,) first row of each frame.
    ids, observed, confidence: (R,). keypoints: (R, K, 2) float32 pixels, not smoothed. scores: (R, K).
    """

    skeleton: Skeleton
    frames: NDArray[np.int64]
    times_s: NDArray[np.float64]
    starts: NDArray[np.int64]
    ids: NDArray[np.int64]
    observed: NDArray[np.bool_]
    confidence: NDArray[np.float32]
    keypoints: NDArray[np.float32]
    scores: NDArray[np.float32]

    def __len__(self) -> int:
        """Number of frames."""
        return len(self.frames)

    @cached_property
    def people(self) -> tuple[int, ...]:
        """All ids, ascending."""
        return tuple(np.unique(self.ids).tolist())

    @cached_property
    def places(self) -> NDArray[np.int64]:
        """(R,) which frame, counted in this table, each row belongs to."""
        return np.repeat(np.arange(len(self)), np.diff(self.starts))

    @cached_property
    def boxes_xyxy(self) -> NDArray[np.float32]:
        """(R, 4) extent of the joints."""
        return Poses(self.keypoints, self.scores, self.confidence).boxes_xyxy

    def place_of(self, frame: int) -> int | None:
        """Where a frame of the source stands in this table; None if it is not there."""
        place = int(np.searchsorted(self.frames, frame))
        return place if place < len(self) and self.frames[place] == frame else None

    def frame_at(self, place: int) -> TrackedFrame:
        rows = slice(int(self.starts[place]), int(self.starts[place + 1]))
        poses = Poses(self.keypoints[rows], self.scores[rows], self.confidence[rows])
        tracks = TrackedPoses(self.ids[rows], poses, self.observed[rows], poses)
        return TrackedFrame(int(self.frames[place]), float(self.times_s[place]), tracks)

    def __iter__(self) -> Iterator[TrackedFrame]:
        return (self.frame_at(place) for place in range(len(self)))

    def rows_of(self, person: int) -> NDArray[np.intp]:
        """Rows of one person in the order of time."""
        return np.flatnonzero(self.ids == person)

    def centres(self, rows: NDArray[np.intp], joints: Sequence[str]) -> NDArray[np.float64]:
        """(T, 2) mean of those joints that were found; of all joints where none of them was; NaN where none at all."""
        points = self.keypoints[rows].astype(np.float64)
        there: NDArray[np.bool_] = np.isfinite(points)
        chosen = np.isin(self.skeleton.keypoint_names, joints)[None, :, None]
        some = (there & chosen).any(axis=(1, 2)).reshape(-1, 1, 1)
        use = there & (chosen | ~some)
        count = use.sum(axis=1)
        total = np.where(use, points, 0.0).sum(axis=1)
        return np.divide(total, count, out=np.full_like(total, np.nan), where=count > 0)

    def edited(self, edits: Sequence[Edit]) -> TrackTable:
        """The tracking after edits; this very table if there are none."""
        return collect((edited(frame, edits, self.skeleton) for frame in self), self.skeleton) if edits else self


def collect(frames: Iterable[TrackedFrame], skeleton: Skeleton) -> TrackTable:
    """All frames of a tracking that does not smooth (`TrackChoices.unsmoothed`), ascending by index."""
    indices: list[int] = []
    times: list[float] = []
    counts = [0]
    parts: list[TrackedPoses] = [TrackedPoses.empty(skeleton.num_keypoints)]
    for frame in frames:
        indices.append(frame.index)
        times.append(frame.time_s)
        counts.append(len(frame.tracks))
        if len(frame.tracks):
            parts.append(frame.tracks)
    return TrackTable(
        skeleton,
        np.array(indices, np.int64),
        np.array(times, np.float64),
        np.cumsum(counts, dtype=np.int64),
        np.concatenate([p.ids for p in parts]),
        np.concatenate([p.observed for p in parts]),
        np.concatenate([p.poses.confidence for p in parts]),
        np.concatenate([p.poses.keypoints for p in parts]),
        np.concatenate([p.poses.scores for p in parts]),
    )
