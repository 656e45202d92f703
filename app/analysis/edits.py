"""Repairs of a finished tracking, as data: who is who, and where a joint was.

An edit says what a person saw that the program did not. Edits are applied in the order they were made, each to what
the ones before it left, frame by frame and without touching what was seen: `edited` is a pure function. Every edit
holds all it needs, so frames may be edited in any order and each alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.types import TrackedFrame
from pose.skeleton import Skeleton
from tracking.types import TrackedPoses

Float32 = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where somebody was when an edit was made: found again there after another tracking.

    person: the id at that time. box_xyxy: of the joints, pixels.
    """

    person: int
    frame: int
    box_xyxy: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What all edits have: the frames they hold for, first and last included (None = to the end), and anchors."""

    first: int = 0
    last: int | None = None
    anchors: tuple[Anchor, ...] = ()

    @property
    def numbers(self) -> tuple[int, ...]:
        """All ids that the edit names."""
        raise NotImplementedError

    @property
    def changes_results(self) -> bool:
        """Whether files that were written before are to be written anew."""
        return True

    def holds_at(self, frame: int) -> bool:
        return frame >= self.first and (self.last is None or frame <= self.last)

    def apply(self, frame: TrackedFrame, skeleton: Skeleton) -> TrackedPoses:
        """The people of a frame for which the edit holds."""
        raise NotImplementedError

    def with_people(self, ids: Mapping[int, int]) -> Edit:
        """The same edit for the same people under other ids."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap(Edit):
    """Two identities were exchanged; also "this person is number `other`"."""

    person: int
    other: int

    @property
    def numbers(self) -> tuple[int, ...]:
        return (self.person, self.other)

    def apply(self, frame: TrackedFrame, skeleton: Skeleton) -> TrackedPoses:
        return _relabelled(frame.tracks, {self.person: self.other, self.other: self.person})

    def with_people(self, ids: Mapping[int, int]) -> Edit:
        return replace(self, person=ids.get(self.person, self.person), other=ids.get(self.other, self.other))


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge(Edit):
    """`person` and `into` are one; in frames that have both, the better seen of the two stays."""

    person: int
    into: int

    @property
    def numbers(self) -> tuple[int, ...]:
        return (self.person, self.into)

    def apply(self, frame: TrackedFrame, skeleton: Skeleton) -> TrackedPoses:
        return _relabelled(frame.tracks, {self.person: self.into})

    def with_people(self, ids: Mapping[int, int]) -> Edit:
        return replace(self, person=ids.get(self.person, self.person), into=ids.get(self.into, self.into))


@dataclass(frozen=True, slots=True, kw_only=True)
class Split(Edit):
    """From `first` on it is somebody else, who gets the unused id `new`."""

    person: int
    new: int

    @property
    def numbers(self) -> tuple[int, ...]:
        return (self.person, self.new)

    def apply(self, frame: TrackedFrame, skeleton: Skeleton) -> TrackedPoses:
        return _relabelled(frame.tracks, {self.person: self.new})

    def with_people(self, ids: Mapping[int, int]) -> Edit:
        return replace(self, person=ids.get(self.person, self.person), new=ids.get(self.new, self.new))


@dataclass(frozen=True, slots=True, kw_only=True)
class Delete(Edit):
    """That is nobody, or nobody who counts."""

    person: int

    @property
    def numbers(self) -> tuple[int, ...]:
        return (self.person,)

    def apply(self, frame: TrackedFrame, skeleton: Skeleton) -> TrackedPoses:
        return frame.tracks[frame.tracks.ids != self.person]

    def with_people(self, ids: Mapping[int, int]) -> Edit:
        return replace(self, person=ids.get(self.person, self.person))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rename(Edit):
    """A name for a person, for lists and for formats that name individuals; no row changes."""

    person: int
    name: str

    @property
    def numbers(self) -> tuple[int, ...]:
        return (self.person,)

    def apply(self, frame: TrackedFrame, skeleton: Skeleton) -> TrackedPoses:
        return frame.tracks

    def with_people(self, ids: Mapping[int, int]) -> Edit:
        return replace(self, person=ids.get(self.person, self.person))


def edited(frame: TrackedFrame, edits: Sequence[Edit], skeleton: Skeleton) -> TrackedFrame:
    """The frame after all edits, in their order; the frame itself if none concerns it. Nothing is changed in place."""
    for edit in edits:
        if edit.holds_at(frame.index):
            tracks = edit.apply(frame, skeleton)
            if tracks is not frame.tracks:
                frame = replace(frame, tracks=tracks)
    return frame


def names(edits: Sequence[Edit]) -> dict[int, str]:
    """What people were called last; whoever lost the name again is left out."""
    given = {edit.person: edit.name for edit in edits if isinstance(edit, Rename)}
    return {person: name for person, name in given.items() if name}


def _relabelled(tracks: TrackedPoses, ids: Mapping[int, int]) -> TrackedPoses:
    """Other ids, sorted again; of two with one id stays who was observed, then who is surer."""
    if not np.isin(tracks.ids, list(ids)).any():
        return tracks
    renamed = np.array([ids.get(i, i) for i in tracks.ids.tolist()], np.int64)
    order = np.lexsort((-tracks.raw.confidence, ~tracks.observed, renamed))
    order = order[np.append(True, np.diff(renamed[order]) != 0)]
    return replace(tracks[order], ids=renamed[order])
