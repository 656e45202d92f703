"""The tracking of an analysed file as the window uses it. Knows no Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from app.analysis.checked import parted
from app.analysis.doubt import Doubt
from app.analysis.edits import Edit, edited, names
from app.analysis.repair import Misfit, refit
from app.analysis.result import Result
from app.analysis.review import cuts_of, review
from app.analysis.track_table import TrackTable
from app.gui.common.presence import JOIN_S
from pose.skeleton import Skeleton
from tracking.types import TrackedPoses


@dataclass(frozen=True)
class Tracking:
    """Who is where in every frame, edits included; replaced as a whole, so any thread may read it.

    table: before edits.
    """

    table: TrackTable
    edits: tuple[Edit, ...] = ()

    @property
    def skeleton(self) -> Skeleton:
        return self.table.skeleton

    def people_of(self, frame: int) -> TrackedPoses | None:
        """The people of a frame by its index in the source; None if it was not analysed."""
        place = self.table.place_of(frame)
        if place is None:
            return None
        return edited(self.table.frame_at(place), self.edits, self.skeleton).tracks


@dataclass(frozen=True)
class Findings:
    """What there is to see of a tracking as a whole.

    presence: id → [(start_s, end_s), …]. times_s: seconds by frame index of the doubts' moments.
    checked: doubts that somebody looked at already.
    undoable, redoable: how many edits can be taken back and done again.
    """

    presence: Mapping[int, list[tuple[float, float]]] = field(default_factory=dict)
    doubts: tuple[Doubt, ...] = ()
    checked: tuple[Doubt, ...] = ()
    times_s: Mapping[int, float] = field(default_factory=dict)
    names: Mapping[int, str] = field(default_factory=dict)
    misfits: tuple[Misfit, ...] = ()
    undoable: int = 0
    redoable: int = 0


def tracking_of(result: Result, table: TrackTable) -> Tracking:
    """The tracking with the edits that are in force: enough to play. Raises MediaError."""
    return Tracking(table, tuple(refit(result.log.active, table)[0]))


def look_at(result: Result, table: TrackTable) -> tuple[Tracking, Findings]:
    """The tracking with the edits that are in force, and what is found in it. Raises MediaError."""
    log = result.log
    edits, misfits = refit(log.active, table)
    now = table.edited(edits)
    doubts, checked = parted(review(now, result.size, cuts_of(result.store)), edits)
    moments = {doubt.moment for doubt in (*doubts, *checked)}
    times = {frame: float(now.times_s[place]) for frame in moments if (place := now.place_of(frame)) is not None}
    active = len(log.active)
    return Tracking(table, tuple(edits)), Findings(
        {person: _intervals(now, person) for person in now.people},
        tuple(doubts),
        tuple(checked),
        times,
        names(edits),
        tuple(misfits),
        active,
        len(log.entries) - active,
    )


def _intervals(table: TrackTable, person: int) -> list[tuple[float, float]]:
    times = table.times_s[table.places[table.rows_of(person)]]
    runs = np.split(times, np.flatnonzero(np.diff(times) > JOIN_S) + 1)
    return [(float(run[0]), float(run[-1])) for run in runs]
