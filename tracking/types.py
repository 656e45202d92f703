"""What the tracker takes and gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pose.types import Poses

_CUT = 0.75  # a score from here on is a cut


@dataclass(frozen=True, slots=True)
class Detections:
    """What was found in one frame, before anybody got an identity.

    frame_index: 0-based in the source. time_s: presentation time, seconds; NaN is not allowed.
    poses:       N people in pixels of the upright source image.
    appearance:  (N, D) float16, a signature of each person's looks; None = not computed.
    cut:         how likely the scene was cut just before this frame, 0 to 1; None = not computed.
    """

    frame_index: int
    time_s: float
    poses: Poses
    appearance: NDArray[np.float16] | None = None
    cut: float | None = None

    def __post_init__(self) -> None:
        if self.appearance is not None and (self.appearance.ndim != 2 or len(self.appearance) != len(self.poses)):
            raise ValueError(f"appearance must have shape ({len(self.poses)}, D), got {self.appearance.shape}")

    @property
    def begins_shot(self) -> bool:
        """Whether the scene was cut, so that nobody can be followed into this frame."""
        return self.cut is not None and self.cut >= _CUT


@dataclass(frozen=True, slots=True)
class TrackedPoses:
    """The people of one frame with their identities, sorted by id.

    ids:      (N,) int64, from 1, never reused within a tracker's life.
    poses:    N poses in pixels of the upright source image, smoothed if smoothing is on.
    observed: (N,) bool; False = not seen in this frame, position predicted from the past.
    raw:      the poses before smoothing; the same object as `poses` when smoothing is off.
    """

    ids: NDArray[np.int64]
    poses: Poses
    observed: NDArray[np.bool_]
    raw: Poses

    def __post_init__(self) -> None:
        n = len(self.poses)
        if self.ids.shape != (n,) or self.observed.shape != (n,) or len(self.raw) != n:
            raise ValueError(f"ids, observed and raw must hold {n} people")

    def __len__(self) -> int:
        return len(self.ids)

    def __getitem__(self, index: slice | NDArray[np.bool_] | NDArray[np.int64]) -> TrackedPoses:
        """The people selected by a slice, a mask or an index array."""
        poses = self.poses[index]
        raw = poses if self.raw is self.poses else self.raw[index]
        return TrackedPoses(self.ids[index], poses, self.observed[index], raw)

    def with_poses(self, change: Callable[[Poses], Poses]) -> TrackedPoses:
        """The same people with other poses, `poses` and `raw` alike."""
        poses = change(self.poses)
        return replace(self, poses=poses, raw=poses if self.raw is self.poses else change(self.raw))

    def joined(self, other: TrackedPoses) -> TrackedPoses:
        """These people and those, sorted by id."""
        poses = self.poses.joined(other.poses)
        shared = self.raw is self.poses and other.raw is other.poses
        ids, observed = np.concatenate([self.ids, other.ids]), np.concatenate([self.observed, other.observed])
        whole = TrackedPoses(ids, poses, observed, poses if shared else self.raw.joined(other.raw))
        return whole[np.argsort(ids, kind="stable")]

    @staticmethod
    def empty(num_keypoints: int) -> TrackedPoses:
        none = Poses.empty(num_keypoints)
        return TrackedPoses(np.empty(0, np.int64), none, np.empty(0, bool), none)
