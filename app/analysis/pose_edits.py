"""Repairs of a pose: sides exchanged, a joint moved or taken away, a stretch bridged from its neighbours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.analysis.edits import Edit
from app.types import TrackedFrame
from pose.skeleton import Skeleton
from pose.types import Poses
from tracking.types import TrackedPoses


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfOne(Edit):
    person: int

    @property
    def numbers(self) -> tuple[int, ...]:
        return (self.person,)

    def with_people(self, ids: Mapping[int, int]) -> Edit:
        return replace(self, person=ids.get(self.person, self.person))


@dataclass(frozen=True, slots=True, kw_only=True)
class FlipSides(_OfOne):
    """Left and right were mixed up, of the whole body."""

    def apply(self, frame: TrackedFrame, skeleton: Skeleton) -> TrackedPoses:
        mirror = list(skeleton.flip_index)

        def change(points: NDArray[np.float32], scores: NDArray[np.float32]) -> None:
            points[:], scores[:] = points[mirror], scores[mirror]

        return _changed(frame.tracks, self.person, change)


@dataclass(frozen=True, slots=True, kw_only=True)
class HideJoint(_OfOne):
    """The joint could not be seen: its place is missing."""

    joint: str

    def apply(self, frame: TrackedFrame, skeleton: Skeleton) -> TrackedPoses:
        j = skeleton.index(self.joint)

        def change(points: NDArray[np.float32], scores: NDArray[np.float32]) -> None:
            points[j], scores[j] = np.nan, 0.0

        return _changed(frame.tracks, self.person, change)


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveJoint(_OfOne):
    """A joint dragged to (x, y) in one frame; neighbours within `reach` frames follow, the less the farther away.

    dx, dy: how far it was dragged, pixels; 0 if the joint was missing before, then the neighbours stay.
    """

    joint: str
    frame: int
    x: float
    y: float
    dx: float = 0.0
    dy: float = 0.0
    reach: int = 0

    def apply(self, frame: TrackedFrame, skeleton: Skeleton) -> TrackedPoses:
        j = skeleton.index(self.joint)
        away = abs(frame.index - self.frame)
        if away > self.reach:
            return frame.tracks
        share = 1 - away / (self.reach + 1)

        def change(points: NDArray[np.float32], scores: NDArray[np.float32]) -> None:
            if away == 0:
                points[j], scores[j] = (self.x, self.y), 1.0  # somebody looked: it cannot be more certain
            else:
                points[j] += (np.float32(self.dx * share), np.float32(self.dy * share))

        return _changed(frame.tracks, self.person, change)


@dataclass(frozen=True, slots=True, kw_only=True)
class Knot:
    """A pose at one end of a bridge. points: (K, 2) pixels, NaN (None in files) = missing; scores: (K,)."""

    frame: int
    points: tuple[tuple[float, float], ...]
    scores: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bridge(_OfOne):
    """Between two frames joints go straight from where they were before to where they are after, each frame as far:
    times may be told anew (slow motion), frames may not.

    joints: their names; () = the whole person, who gets a row also where there was none.
    """

    before: Knot
    after: Knot
    joints: tuple[str, ...] = ()

    def apply(self, frame: TrackedFrame, skeleton: Skeleton) -> TrackedPoses:
        share = (frame.index - self.before.frame) / max(self.after.frame - self.before.frame, 1)
        share = min(max(share, 0.0), 1.0)
        start, end = np.array(self.before.points, np.float64), np.array(self.after.points, np.float64)
        points = (start + share * (end - start)).astype(np.float32)
        scores = np.minimum(self.before.scores, self.after.scores).astype(np.float32)
        scores[np.isnan(points[:, 0])] = 0.0
        chosen = [skeleton.index(j) for j in self.joints] or list(range(skeleton.num_keypoints))

        def change(old_points: NDArray[np.float32], old_scores: NDArray[np.float32]) -> None:
            old_points[chosen], old_scores[chosen] = points[chosen], scores[chosen]

        if self.joints:
            return _changed(frame.tracks, self.person, change)
        poses = Poses(points[None], scores[None], scores.mean(keepdims=True))
        person = TrackedPoses(np.array([self.person], np.int64), poses, np.zeros(1, bool), poses)
        return frame.tracks[frame.tracks.ids != self.person].joined(person)


def knot(frame: TrackedFrame, person: int) -> Knot | None:
    """A person's pose as one end of a bridge; None if they are not there."""
    tracks = frame.tracks
    places = np.flatnonzero(tracks.ids == person)
    if not len(places):
        return None
    points, scores = tracks.poses.keypoints[places[0]], tracks.poses.scores[places[0]]
    return Knot(frame=frame.index, points=tuple((x, y) for x, y in points.tolist()), scores=tuple(scores.tolist()))


def _changed(
    tracks: TrackedPoses, person: int, change: Callable[[NDArray[np.float32], NDArray[np.float32]], None]
) -> TrackedPoses:
    """One person's joints (K, 2) and scores (K,) changed in copies; the same object if they are not there."""
    places = np.flatnonzero(tracks.ids == person)
    if not len(places):
        return tracks
    row = places[0]

    def changed(poses: Poses) -> Poses:
        points, scores = poses.keypoints.copy(), poses.scores.copy()
        change(points[row], scores[row])
        return Poses(points, scores, poses.confidence)

    return tracks.with_poses(changed)
