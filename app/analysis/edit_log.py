"""The list of edits of one analysis: kept in its store, apart from what was seen; undone and redone in order."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Protocol

from app.analysis.checked import Checked
from app.analysis.doubt import sentence
from app.analysis.edits import Anchor, Delete, Edit, Merge, Rename, Split, Swap, names
from app.analysis.measure import Floor, Scale, floor_of, scale_of
from app.analysis.pose_edits import Bridge, FlipSides, HideJoint, Knot, MoveJoint
from app.analysis.subjects import Only, Region
from pose.errors import MediaError, SettingsError

_KINDS: dict[str, type[Edit]] = {
    "swap": Swap,
    "merge": Merge,
    "split": Split,
    "delete": Delete,
    "rename": Rename,
    "flip_sides": FlipSides,
    "hide_joint": HideJoint,
    "move_joint": MoveJoint,
    "bridge": Bridge,
    "only": Only,
    "region": Region,
    "scale": Scale,
    "floor": Floor,
    "checked": Checked,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}
_WORDS: dict[type[Edit], Callable[[Any], str]] = {
    Swap: lambda e: f"swap {e.person} and {e.other}",
    Merge: lambda e: f"merge {e.person} into {e.into}",
    Split: lambda e: f"split {e.person}: {e.new} afterwards",
    Delete: lambda e: f"delete {e.person}",
    Rename: lambda e: f"rename {e.person}: {e.name or 'no name'}",
    FlipSides: lambda e: f"exchange left and right of {e.person}",
    HideJoint: lambda e: f"hide {e.joint} of {e.person}",
    MoveJoint: lambda e: f"move {e.joint} of {e.person} to {e.x:.0f}, {e.y:.0f}",
    Bridge: lambda e: f"bridge {', '.join(e.joints) or 'all joints'} of {e.person}",
    Only: lambda e: f"only {', '.join(map(str, e.chosen))}",
    Region: lambda e: f"only people {'in' if e.inside else 'outside'} a region of {len(e.corners)} corners",
    Scale: lambda e: f"scale: {e.metres:g} m are {math.hypot(e.x1 - e.x0, e.y1 - e.y0):.0f} pixels",
    Floor: lambda e: f"floor tilted by {e.tilt_deg:.1f} degrees",
    Checked: lambda e: f"{'checked' if e.done else 'to be checked again'}: {sentence(e.doubt)}",
}


class EditRows(Protocol):
    """Where the list lies: a DetectionStore. Both raise MediaError."""

    def edit_rows(self) -> list[tuple[str, bool]]:
        """JSON of each edit and whether it is undone, in order."""

    def write_edit_rows(self, rows: Sequence[tuple[str, bool]]) -> None:
        """Replace the list, all or nothing."""


@dataclass(frozen=True, slots=True)
class Entry:
    edit: Edit
    undone: bool


class EditLog:
    """Edits of one store, each on the disk before the call returns.

    Undone edits stand at the end of the list; a new edit takes their place.
    """

    def __init__(self, rows: EditRows) -> None:
        """Raises MediaError for edits that cannot be read, such as those of a newer version."""
        self._rows = rows
        self._entries = [Entry(from_json(text), undone) for text, undone in rows.edit_rows()]

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(self._entries)

    @property
    def active(self) -> tuple[Edit, ...]:
        """The edits in force."""
        return tuple(entry.edit for entry in self._entries if not entry.undone)

    def add(self, edit: Edit) -> None:
        self._keep([Entry(e, False) for e in self.active] + [Entry(edit, False)])

    def undo(self) -> Edit:
        """Take back the last edit in force. Raises SettingsError if there is none."""
        count = len(self.active)
        if not count:
            raise SettingsError("There is no edit to undo.")
        return self._mark(count - 1, undone=True)

    def redo(self) -> Edit:
        """Raises SettingsError if nothing was undone since the last edit."""
        count = len(self.active)
        if count == len(self._entries):
            raise SettingsError("There is no edit to redo.")
        return self._mark(count, undone=False)

    def _mark(self, place: int, undone: bool) -> Edit:
        entries = list(self._entries)
        entries[place] = Entry(entries[place].edit, undone)
        self._keep(entries)
        return entries[place].edit

    def _keep(self, entries: list[Entry]) -> None:
        self._rows.write_edit_rows([(to_json(entry.edit), entry.undone) for entry in entries])
        self._entries = entries  # only when it is on the disk


def describe(edit: Edit) -> str:
    """An edit in a few words, for lists."""
    text = _WORDS[type(edit)](edit)
    if edit.first == 0 and edit.last is None:
        return text
    if edit.last is None:
        return f"{text}, from frame {edit.first}"
    return f"{text}, frame {edit.first}" if edit.last == edit.first else f"{text}, frames {edit.first} to {edit.last}"


def noted(content: Mapping[str, Any], edits: Sequence[Edit]) -> dict[str, Any]:
    """The content of a sidecar that says what was edited, what people are called and how long a pixel is; none of it
    without edits."""
    called, scale, floor = names(edits), scale_of(edits), floor_of(edits)
    words = [describe(edit) for edit in edits if edit.changes_results]
    plain = {key: value for key, value in content.items() if key not in ("edits", "measure")}
    measure = ({"metres_per_px": scale.metres_per_px} if scale else {}) | (
        {"floor_tilt_deg": floor.tilt_deg} if floor else {}
    )
    people = [
        {key: value for key, value in person.items() if key != "name"}
        | ({"name": called[person["track_id"]]} if person["track_id"] in called else {})
        for person in content["people"]
    ]
    return plain | {"people": people} | ({"edits": words} if words else {}) | ({"measure": measure} if measure else {})


def to_json(edit: Edit) -> str:
    return json.dumps({"kind": _NAMES[type(edit)], **_plain(asdict(edit))}, ensure_ascii=True, allow_nan=False)


def from_json(text: str) -> Edit:
    """Raises MediaError if that is no edit that this version knows."""
    try:
        table = json.loads(text)
        kind = _KINDS[table.pop("kind")]
        known = {f.name for f in fields(kind)}
        if not known >= table.keys():
            raise KeyError(next(iter(table.keys() - known)))
        table["anchors"] = tuple(Anchor(a["person"], a["frame"], tuple(a["box_xyxy"])) for a in table["anchors"])
        if kind is Bridge:
            beside = {"before": table["first"] - 1, "after": (table["last"] or table["first"]) + 1}
            table |= {end: _knot(table[end], frame) for end, frame in beside.items()}
        return kind(**{name: _tuples(value) for name, value in table.items()})
    except (ValueError, KeyError, TypeError, AttributeError, SettingsError) as error:
        raise MediaError("The edits of this analysis cannot be read; a newer version may have made them.") from error


def _knot(table: dict[str, Any], beside: int) -> Knot:
    """beside: the frame next to the bridge, for edits of versions that noted a time instead."""
    points = tuple((math.nan, math.nan) if x is None else (float(x), float(y)) for x, y in table["points"])
    return Knot(frame=table.get("frame", beside), points=points, scores=tuple(table["scores"]))


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def _plain(value: Any) -> Any:
    """For JSON: NaN becomes null."""
    if isinstance(value, dict):
        return {key: _plain(v) for key, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return None if isinstance(value, float) and math.isnan(value) else value
