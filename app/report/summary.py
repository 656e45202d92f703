"""What a report says about one file, as numbers: computed from stored detections alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.analysis.checked import parted
from app.analysis.doubt import IDENTITY_KINDS, Doubt
from app.analysis.edit_log import describe
from app.analysis.edits import Edit, names
from app.analysis.measure import Floor, Motion, Scale, floor_of, level_lean, motion, scale_of
from app.analysis.repair import refit
from app.analysis.result import Result
from app.analysis.review import cuts_of, review
from app.analysis.track_cache import tracks_of
from app.analysis.track_table import TrackTable
from app.angles import joint_angles

FOUND = 0.1  # least score of a joint that counts as found and not guessed


@dataclass(frozen=True, slots=True)
class PersonSummary:
    """first, last: frames. seen: share of the frames in between. found: (K,) share of their frames with the joint.

    angles: (T, A) degrees, as app.angles has them, lean against the floor line if one was drawn.
    """

    person: int
    name: str
    first: int
    last: int
    seen: float
    found: NDArray[np.float64]
    motion: Motion
    angles: NDArray[np.float64]
    doubts: int


@dataclass(frozen=True, slots=True)
class FileSummary:
    """table: the tracking after edits. checked: how many doubtful moments somebody looked at already.

    slow_motion: how many times slower than life the video plays.
    attention: how much there is to look at, 0 = nothing; ranks a batch.
    """

    name: str
    size: tuple[int, int]
    fps: float
    table: TrackTable
    people: tuple[PersonSummary, ...]
    doubts: tuple[Doubt, ...]
    checked: int
    cuts: tuple[int, ...]
    edits: tuple[str, ...]
    warnings: tuple[str, ...]
    model: str
    complete: bool
    corrupt: int
    scale: Scale | None
    floor: Floor | None
    slow_motion: float = 1.0

    @property
    def duration_s(self) -> float:
        """From the first analysed frame to the end of the last one."""
        times = self.table.times_s
        return float(times[-1] - times[0]) + 1 / self.fps if len(times) else 0.0

    @property
    def empty_share(self) -> float:
        """Of the frames, those without anybody."""
        return float((np.diff(self.table.starts) == 0).mean()) if len(self.table) else 1.0

    @property
    def attention(self) -> float:
        about_people = sum(doubt.severity for doubt in self.doubts if doubt.kind in IDENTITY_KINDS)
        broken = self.corrupt / max(len(self.table) + self.corrupt, 1)
        nobody = not self.people
        per_minute = about_people / max(self.duration_s / 60, 0.5)
        return per_minute + 20 * broken + 10 * nobody + 5 * (not self.complete)

    @property
    def unit(self) -> str:
        return "m" if self.scale else "px"


def summarise(result: Result) -> FileSummary:
    """Raises MediaError if the store cannot be read."""
    tracked = tracks_of(result)
    edits, misfits = refit(result.log.active, tracked)
    table = tracked.edited(edits)
    cuts = cuts_of(result.store)
    doubts, checked = parted(review(table, result.size, cuts), edits)
    head = result.store.head
    warnings = [*(result.sidecar or {}).get("warnings", result.store.progress.warnings)]
    warnings += [misfit.sentence for misfit in misfits]
    complete = result.store.complete
    if not complete:
        warnings.append("The analysis is not complete: frames are missing at the end.")
    return FileSummary(
        result.name,
        result.size,
        head.info.fps or 25.0,
        table,
        tuple(_person(table, person, edits, doubts) for person in table.people),
        tuple(doubts),
        len(checked),
        tuple(cuts),
        tuple(describe(edit) for edit in edits if edit.changes_results),
        tuple(warnings),
        str(head.model.get("name", head.origin)),
        complete,
        result.store.counts().get("corrupt", 0),
        scale_of(edits),
        floor_of(edits),
        result.choices().slow_motion,
    )


def _person(table: TrackTable, person: int, edits: Sequence[Edit], doubts: Sequence[Doubt]) -> PersonSummary:
    rows = table.rows_of(person)
    places = table.places[rows]
    moved = motion(table, person, scale_of(edits))
    angle_names, angles = joint_angles(table.keypoints[rows], table.skeleton)
    degrees = angles.astype(np.float64)
    lean = angle_names.index("trunk_lean")
    degrees[:, lean] = level_lean(degrees[:, lean], floor_of(edits))
    return PersonSummary(
        person,
        names(edits).get(person, ""),
        int(table.frames[places[0]]),
        int(table.frames[places[-1]]),
        float(table.observed[rows].sum() / (places[-1] - places[0] + 1)),
        (table.scores[rows] >= FOUND).mean(axis=0),
        moved,
        degrees,
        sum(person in doubt.people for doubt in doubts),
    )
