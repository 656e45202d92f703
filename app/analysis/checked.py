"""Doubtful moments that somebody has looked at. An edit like all others, so that it is kept and can be undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.analysis.doubt import Doubt, Kind
from app.analysis.edits import Edit
from app.types import TrackedFrame
from pose.skeleton import Skeleton
from tracking.types import TrackedPoses

SLACK = 3  # frames by which a moment may move after other repairs and still be the same one


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked(Edit):
    """The moment from `first` to `last` was looked at; done False takes that back. No row changes."""

    what: Kind
    people: tuple[int, ...] = ()
    joint: str = ""
    done: bool = True

    @property
    def numbers(self) -> tuple[int, ...]:
        return self.people

    @property
    def changes_results(self) -> bool:
        return False

    @property
    def doubt(self) -> Doubt:
        return Doubt(
            self.what, self.first, self.first if self.last is None else self.last, self.people, 0.0, self.joint
        )

    def apply(self, frame: TrackedFrame, skeleton: Skeleton) -> TrackedPoses:
        return frame.tracks

    def with_people(self, ids: Mapping[int, int]) -> Edit:
        return replace(self, people=tuple(ids.get(i, i) for i in self.people))

    def means(self, doubt: Doubt) -> bool:
        mine = self.doubt
        return (
            (mine.kind, mine.people, mine.joint) == (doubt.kind, doubt.people, doubt.joint)
            and doubt.first <= mine.last + SLACK
            and mine.first <= doubt.last + SLACK
        )


def parted(doubts: Sequence[Doubt], edits: Sequence[Edit]) -> tuple[list[Doubt], list[Doubt]]:
    """Doubts that are open, and those that were checked, each in their order."""
    checks = [edit for edit in edits if isinstance(edit, Checked)]
    open_: list[Doubt] = []
    checked: list[Doubt] = []
    for doubt in doubts:
        last = next((check for check in reversed(checks) if check.means(doubt)), None)
        (checked if last is not None and last.done else open_).append(doubt)
    return open_, checked
