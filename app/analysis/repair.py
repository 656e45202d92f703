"""Making edits: what is asked for is checked against the tracking, and where people are is noted as anchors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.analysis.checked import Checked
from app.analysis.doubt import Doubt
from app.analysis.edit_log import EditLog, describe
from app.analysis.edits import Anchor, Delete, Edit, Merge, Rename, Split, Swap, edited
from app.analysis.pose_edits import Bridge, FlipSides, HideJoint, MoveJoint, knot
from app.analysis.store import DetectionStore
from app.analysis.subjects import Only, choose, is_rule, parse_person, parse_region
from app.analysis.track import TrackChoices, track
from app.analysis.track_table import TrackTable, collect
from pose.errors import SettingsError
from pose.sentence import Sentence
from tracking.metrics import iou_matrix

_SAME_PLACE = 0.5  # least IoU of the boxes of one person in two trackings of the same detections


@dataclass(frozen=True, slots=True)
class Misfit:
    """An edit that another tracking has no use for, and why, in one sentence."""

    edit: Edit
    reason: str

    @property
    def sentence(self) -> str:
        return f'The edit "{describe(self.edit)}" does not fit this tracking: {self.reason}'


class Repair:
    """Makes edits of a tracking as it is now, earlier edits included. Raises SettingsError for what makes no sense."""

    def __init__(self, table: TrackTable) -> None:
        self._table = table

    def swap(self, person: int, other: int, first: int = 0, last: int | None = None) -> Swap:
        """`other` need not be there: then the person just gets that number."""
        if person == other:
            raise SettingsError("Person {person} cannot be swapped with themselves; name two people.", person=person)
        here = [p for p in (person, other) if self._rows(p, first, last)]
        if not here:
            self._anchor(person, first, last)
        anchors = tuple(self._anchor(p, first, last) for p in here)
        return Swap(person=person, other=other, first=first, last=last, anchors=anchors)

    def merge(self, person: int, into: int, first: int = 0, last: int | None = None) -> Merge:
        if person == into:
            raise SettingsError("Person {person} cannot be merged with themselves; name two people.", person=person)
        anchors = (self._anchor(person, first, last), self._anchor(into, 0, None))
        return Merge(person=person, into=into, first=first, last=last, anchors=anchors)

    def split(self, person: int, at: int, unused_id: int | None = None) -> Split:
        """From frame `at` on somebody else. unused_id: default one more than the highest id."""
        anchor = self._anchor(person, at, None)
        if not self._rows(person, 0, at - 1):
            raise SettingsError(
                "Person {person} is not there before frame {at}: there is nothing to split.", person=person, at=at
            )
        new = max(self._table.people) + 1 if unused_id is None else unused_id
        return Split(person=person, new=new, first=at, anchors=(anchor,))

    def delete(self, person: int, first: int = 0, last: int | None = None) -> Delete:
        return Delete(person=person, first=first, last=last, anchors=(self._anchor(person, first, last),))

    def rename(self, person: int, name: str) -> Rename:
        return Rename(person=person, name=name.strip(), anchors=(self._anchor(person, 0, None),))

    def flip_sides(self, person: int, first: int = 0, last: int | None = None) -> FlipSides:
        return FlipSides(person=person, first=first, last=last, anchors=(self._anchor(person, first, last),))

    def hide_joint(self, person: int, joint: str, first: int = 0, last: int | None = None) -> HideJoint:
        self._joint(joint)
        anchors = (self._anchor(person, first, last),)
        return HideJoint(person=person, joint=joint, first=first, last=last, anchors=anchors)

    def move_joint(self, person: int, joint: str, frame: int, x: float, y: float, reach: int = 0) -> MoveJoint:
        """Drag a joint to (x, y) in one frame; `reach` frames before and after follow."""
        j = self._joint(joint)
        anchor = self._anchor(person, frame, frame)
        row = self._rows(person, frame, frame)[0]
        seen_x, seen_y = self._table.keypoints[row, j].tolist()
        found = seen_x == seen_x
        dx, dy, reach = (x - seen_x, y - seen_y, reach) if found else (0.0, 0.0, 0)
        return MoveJoint(
            person=person, joint=joint, frame=frame, x=x, y=y, dx=dx, dy=dy, reach=reach,
            first=max(frame - reach, 0), last=frame + reach, anchors=(anchor,),
        )  # fmt: skip

    def bridge(self, person: int, first: int, last: int, joints: Sequence[str] = ()) -> Bridge:
        """Between first and last, both included, straight from the frame before to the frame after."""
        for joint in joints:
            self._joint(joint)
        before, after = self._rows(person, 0, first - 1), self._rows(person, last + 1, None)
        if not before or not after:
            raise SettingsError(
                "Person {person} must be there before frame {first} and after frame {last}.",
                person=person,
                first=first,
                last=last,
            )
        ends = [knot(self._table.frame_at(int(self._table.places[row])), person) for row in (before[-1], after[0])]
        assert ends[0] is not None and ends[1] is not None
        anchor = self._anchor(person, int(self._table.frames[self._table.places[before[-1]]]), None)
        return Bridge(
            person=person,
            first=first,
            last=last,
            before=ends[0],
            after=ends[1],
            joints=tuple(joints),
            anchors=(anchor,),
        )

    def only(self, people: Sequence[int]) -> Only:
        """Nobody else counts."""
        return Only(chosen=tuple(people), anchors=tuple(self._anchor(person, 0, None) for person in people))

    def choose(self, who: str, size: tuple[int, int]) -> Only:
        """Nobody else counts than a number or whom a rule finds. size: width and height of the image, pixels."""
        return self.only([choose(self._table, who, size) if is_rule(who) else parse_person(who)])

    def check(self, doubt: Doubt, done: bool = True) -> Checked:
        """Somebody looked at a doubtful moment."""
        anchors = tuple(self._anchor(person, doubt.first, doubt.last) for person in doubt.people)
        return Checked(
            what=doubt.kind, people=doubt.people, joint=doubt.joint, done=done,
            first=doubt.first, last=doubt.last, anchors=anchors,
        )  # fmt: skip

    def _rows(self, person: int, first: int, last: int | None) -> list[int]:
        rows = self._table.rows_of(person)
        frames = self._table.frames[self._table.places[rows]]
        keep = (frames >= first) & (frames <= (np.iinfo(np.int64).max if last is None else last))
        return [int(row) for row in rows[keep]]

    def _anchor(self, person: int, first: int, last: int | None) -> Anchor:
        """Where the person is first seen in a stretch."""
        if last is not None and last < first:
            raise SettingsError(
                "The last frame, {last}, must not come before the first, {first}.", last=last, first=first
            )
        rows = self._rows(person, first, last)
        if not rows:
            raise SettingsError(self._nobody(person, first, last))
        x0, y0, x1, y1 = self._table.boxes_xyxy[rows[0]].tolist()
        return Anchor(person, int(self._table.frames[self._table.places[rows[0]]]), (x0, y0, x1, y1))

    def _nobody(self, person: int, first: int, last: int | None) -> str:
        if person in self._table.people:
            if last is None:
                return Sentence("Person {person} is not there from frame {first} on.", person=person, first=first)
            return Sentence(
                "Person {person} is not there between frames {first} and {last}.", person=person, first=first, last=last
            )
        people = ", ".join(map(str, self._table.people)) or "none"
        return Sentence("There is no person {person}; people are {people}.", person=person, people=people)

    def _joint(self, name: str) -> int:
        if name not in self._table.skeleton.keypoint_names:
            raise SettingsError(
                'There is no joint "{name}"; joints are {joints}.',
                name=name,
                joints=", ".join(self._table.skeleton.keypoint_names),
            )
        return self._table.skeleton.index(name)


def refit(edits: Sequence[Edit], table: TrackTable) -> tuple[list[Edit], list[Misfit]]:
    """Edits of an earlier tracking for another one of the same video: people are found again where they were.

    Returns the edits that still fit, with the ids of `table`, and those that do not.
    """
    kept: list[Edit] = []
    misfits: list[Misfit] = []
    unused = max((*table.people, *(i for edit in edits for i in edit.numbers)), default=0) + 1
    for edit in edits:
        ids = {}
        missing = None
        for anchor in edit.anchors:
            found = _who_is_at(anchor, kept, table)
            if found is None:
                missing = anchor
                break
            ids[anchor.person] = found
        if missing is not None and isinstance(edit, Checked):
            continue  # what was looked at is no longer there
        if missing is not None:
            misfits.append(Misfit(edit, f"Nobody is where person {missing.person} was in frame {missing.frame}."))
            continue
        if len(set(ids.values())) < len(ids):
            misfits.append(Misfit(edit, "The people that it names are one and the same now."))
            continue
        for number in set(edit.numbers) - ids.keys():  # nobody had it then; somebody may have it now
            if number in table.people:
                ids[number] = unused
                unused += 1
        anchors = tuple(replace(a, person=ids[a.person]) for a in edit.anchors)
        kept.append(replace(edit.with_people(ids), anchors=anchors))
    return kept, misfits


def choose_people(store: DetectionStore, choices: TrackChoices, person: str | None, regions: Sequence[str]) -> None:
    """Add edits by which only some people count, unless they are in force; where nobody is, there is none to choose.

    Raises SettingsError, MediaError.
    """
    log, head = EditLog(store), store.head
    size = (head.info.width, head.info.height)
    active = list(log.active)
    for region in (parse_region(text, size) for text in regions):
        if region not in active:
            log.add(region)
    if person is not None:
        table = collect(track(store.detections(), head.skeleton, choices.unsmoothed), head.skeleton)
        edits, _ = refit(log.active, table)
        now = table.edited(edits)
        if not now.people:
            return
        only = Repair(now).choose(person, size)
        if not any(isinstance(edit, Only) and edit.chosen == only.chosen for edit in edits):
            log.add(only)


def edits_in_force(store: DetectionStore, choices: TrackChoices) -> tuple[tuple[Edit, ...], list[Misfit]]:
    """The edits of a store for a tracking by these choices. Tracks once if there are any. Raises MediaError."""
    active = EditLog(store).active
    if not active:
        return (), []
    skeleton = store.head.skeleton
    kept, misfits = refit(active, collect(track(store.detections(), skeleton, choices.unsmoothed), skeleton))
    return tuple(kept), misfits


def _who_is_at(anchor: Anchor, edits: Sequence[Edit], table: TrackTable) -> int | None:
    place = table.place_of(anchor.frame)
    if place is None:
        return None
    tracks = edited(table.frame_at(place), edits, table.skeleton).tracks
    if not len(tracks):
        return None
    overlap = iou_matrix(np.array([anchor.box_xyxy]), tracks.raw.boxes_xyxy)[0]
    best = int(np.nan_to_num(overlap, nan=-1.0).argmax())
    return int(tracks.ids[best]) if overlap[best] >= _SAME_PLACE else None
