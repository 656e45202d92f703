"""The people seen so far as a table: name, seconds seen, mean confidence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from math import ceil
from typing import Any

from PyQt6.QtCore import QAbstractTableModel, QLocale, QModelIndex, QPointF, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QFont, QIcon, QPainter, QPalette, QPen, QPixmap
from PyQt6.QtWidgets import QApplication

from app.gui.common.presence import JOIN_S, Presence
from app.types import FrameResult

MAX_PEOPLE = 500  # beyond this, people who left long ago and have no name are forgotten
SLOW_S = 2.0  # a person in two results in a row was there in between, unless a jump or more than this parts them
SWATCH_PX = 16
LONG_ID = 888  # names with ids as wide as this one are to be read, however little room there is
SORT_ROLE = Qt.ItemDataRole.UserRole
ID_ROLE = Qt.ItemDataRole.UserRole + 1


class Column(IntEnum):
    NAME = 0
    SECONDS = 1
    CONFIDENCE = 2


@dataclass(slots=True)
class Person:
    """What is known about one identity; it grows with every frame."""

    track_id: int
    name: str = ""
    hidden: bool = False
    present: bool = False
    last_seen_s: float = 0.0
    seconds: float = 0.0
    frames: int = 0
    confidence_sum: float = 0.0
    presence: Presence = field(default_factory=Presence)

    def see(self, time_s: float, confidence: float) -> None:
        step_s = time_s - self.last_seen_s
        if self.present and JOIN_S < step_s <= SLOW_S:  # a slow machine sees few frames
            for i in range(1, ceil(step_s / JOIN_S)):
                self.presence.see((self.track_id,), self.last_seen_s + i * JOIN_S)
        self.frames += 1
        self.confidence_sum += confidence
        self.last_seen_s = time_s
        self.presence.see((self.track_id,), time_s)

    def update_seconds(self) -> None:
        """Looking at the same part of a video twice counts once."""
        intervals = self.presence.intervals.get(self.track_id, [])
        self.seconds = sum(end - start for start, end in intervals)

    @property
    def confidence(self) -> float:
        return self.confidence_sum / self.frames if self.frames else 0.0


class PeopleModel(QAbstractTableModel):
    """`see` only counts and is called for every frame; `refresh` tells the view and is called a few times a second."""

    renamed = pyqtSignal(int, str)
    hide_changed = pyqtSignal(int, bool)

    def __init__(self, colour_of: Callable[[int], QColor]) -> None:
        super().__init__()
        self._colour_of = colour_of
        self._people: list[Person] = []  # the rows of the table
        self._by_id: dict[int, Person] = {}  # also those whose row comes with the next refresh
        self._changed: set[int] = set()
        self._present: frozenset[int] = frozenset()
        self._locked_id = 0
        self._swatches: dict[tuple[int, bool, bool], QIcon] = {}

    # Counting

    def see(self, result: FrameResult) -> None:
        """Count the people who were really seen in this frame, not those whose position is predicted."""
        tracks, time_s = result.tracks, result.frame.time_s
        ids = tracks.ids[tracks.observed].tolist()
        for track_id, confidence in zip(ids, tracks.poses.confidence[tracks.observed].tolist(), strict=True):
            if track_id not in self._by_id:
                self._by_id[track_id] = Person(track_id)
            self._by_id[track_id].see(time_s, confidence)
        now = frozenset(ids)
        self._changed |= now | (self._present - now)
        for track_id in now ^ self._present:
            if track_id in self._by_id:
                self._by_id[track_id].present = track_id in now
        self._present = now

    def jump(self) -> None:
        """The next frame does not follow the last one: nobody is known to have been there in between."""
        for track_id in self._present & self._by_id.keys():
            self._by_id[track_id].present = False
        self._changed |= self._present
        self._present = frozenset()

    def refresh(self) -> None:
        """Bring the table up to date with what was counted."""
        for track_id in self._changed & self._by_id.keys():
            self._by_id[track_id].update_seconds()
        self._add_rows()
        for row, person in enumerate(self._people):
            if person.track_id in self._changed:
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(Column) - 1))
        self._changed.clear()
        self._forget_surplus()

    def reset(self) -> None:
        """Forget everybody: another source begins."""
        self.beginResetModel()
        self._people, self._by_id, self._present, self._locked_id = [], {}, frozenset(), 0
        self._changed.clear()
        self.endResetModel()

    def _add_rows(self) -> None:
        known = {person.track_id for person in self._people}
        new = [person for track_id, person in self._by_id.items() if track_id not in known]
        if new:
            self.beginInsertRows(QModelIndex(), len(self._people), len(self._people) + len(new) - 1)
            self._people += new
            self.endInsertRows()

    def _forget_surplus(self) -> None:
        surplus = len(self._people) - MAX_PEOPLE
        if surplus <= 0:
            return
        idle = [p for p in self._people if not (p.present or p.name or p.hidden or p.track_id == self._locked_id)]
        for person in sorted(idle, key=lambda p: p.last_seen_s)[:surplus]:
            row = self._people.index(person)
            self.beginRemoveRows(QModelIndex(), row, row)
            del self._people[row]
            del self._by_id[person.track_id]
            self.endRemoveRows()

    # Questions and changes

    def default_name(self, track_id: int) -> str:
        return self.tr("Person {0}").format(track_id)

    @property
    def present_count(self) -> int:
        return len(self._present)

    @property
    def hidden_ids(self) -> list[int]:
        return [person.track_id for person in self._people if person.hidden]

    @property
    def locked_id(self) -> int:
        return self._locked_id

    def set_locked(self, track_id: int) -> None:
        """Mark one person, or nobody with 0; the mark appears at once."""
        changed, self._locked_id = (self._locked_id, track_id), track_id
        for row, person in enumerate(self._people):
            if person.track_id in changed:
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(Column) - 1))

    def continue_as(self, before_id: int, track_id: int) -> None:
        """Two identities are one person: what the user chose for the first is moved to the second."""
        before = self._by_id.get(before_id)
        if before is None:
            return
        person = self._by_id.setdefault(track_id, Person(track_id))
        self._add_rows()
        if before.name and not person.name:
            person.name, before.name = before.name, ""
            self.renamed.emit(before_id, "")
            self.renamed.emit(track_id, person.name)
        if before.hidden and not person.hidden:
            person.hidden = True
            self.hide_changed.emit(track_id, True)
        for changed_id in (before_id, track_id):
            row = self.row_of(changed_id)
            if row is not None:
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(Column) - 1))

    def row_of(self, track_id: int) -> int | None:
        return next((row for row, person in enumerate(self._people) if person.track_id == track_id), None)

    # Qt's model interface

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._people)

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return (self.tr("Person"), self.tr("Seen"), self.tr("Score"))[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return (
                self.tr("Tick: shown in the image. F2: rename. Enter or double click: lock"),
                self.tr("Time this person was in the image"),
                self.tr("Mean confidence of this person's pose"),
            )[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        return None

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.column() == Column.NAME:
            flags |= Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        person, column = self._people[index.row()], Column(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(person, column)
        if role == SORT_ROLE:
            return (person.track_id, person.seconds, person.confidence)[column]
        if role == ID_ROLE:
            return person.track_id
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.FontRole and person.track_id == self._locked_id:
            font = QFont()
            font.setBold(True)
            return font
        if role == Qt.ItemDataRole.ForegroundRole and not person.present:
            return QApplication.palette().color(QPalette.ColorRole.PlaceholderText)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tool_tip(person)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self._text(person, column)}, {self._tool_tip(person)}" if column == Column.NAME else None
        return self._name_cell(person, role) if column == Column.NAME else None

    def setData(self, index: QModelIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if not index.isValid() or index.column() != Column.NAME:
            return False
        person = self._people[index.row()]
        if role == Qt.ItemDataRole.CheckStateRole:
            person.hidden = Qt.CheckState(value) != Qt.CheckState.Checked
            self.hide_changed.emit(person.track_id, person.hidden)
        elif role == Qt.ItemDataRole.EditRole:
            name = str(value).strip()
            # The default name in the field means that nothing was typed.
            person.name = "" if name == self.default_name(person.track_id) else name
            self.renamed.emit(person.track_id, person.name)
        else:
            return False
        self.dataChanged.emit(index, index)
        return True

    def _name_cell(self, person: Person, role: int) -> Any:
        if role == Qt.ItemDataRole.EditRole:
            return self._text(person, Column.NAME)
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Unchecked if person.hidden else Qt.CheckState.Checked
        if role == Qt.ItemDataRole.DecorationRole:
            return self._swatch(person)
        return None

    def _text(self, person: Person, column: Column) -> str:
        if column == Column.NAME:
            return person.name or self.default_name(person.track_id)
        if column == Column.SECONDS:
            return format_seconds(person.seconds)
        return f"{round(100 * person.confidence)} %"

    def _tool_tip(self, person: Person) -> str:
        parts = [
            self.tr("identity {0} in files").format(person.track_id),
            self.tr("in the image") if person.present else self.tr("not in the image now"),
        ]
        if person.track_id == self._locked_id:
            parts.append(self.tr("locked"))
        if person.hidden:
            parts.append(self.tr("hidden"))
        return ", ".join(parts)

    def _swatch(self, person: Person) -> QIcon:
        key = (person.track_id, person.track_id == self._locked_id, person.present)
        if key not in self._swatches:
            if len(self._swatches) > 4 * MAX_PEOPLE:
                self._swatches.clear()
            self._swatches[key] = _swatch(self._colour_of(person.track_id), locked=key[1], faded=not key[2])
        return self._swatches[key]


def format_seconds(seconds: float) -> str:
    """12.3 s below a minute, then 1:02 min."""
    if seconds < 59.95:
        return f"{QLocale().toString(float(seconds), 'f', 1)} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d} min"


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignLeft if column == Column.NAME else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter


def _swatch(colour: QColor, locked: bool, faded: bool) -> QIcon:
    """A dot in the person's colour with a thin dark edge; a ring around it when locked."""
    pixmap = QPixmap(2 * SWATCH_PX, 2 * SWATCH_PX)  # twice the size, sharp on dense screens
    pixmap.setDevicePixelRatio(2.0)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if faded:
        painter.setOpacity(0.45)
    middle = QPointF(SWATCH_PX / 2, SWATCH_PX / 2)
    painter.setPen(QPen(QColor(0, 0, 0, 110), 1))
    painter.setBrush(colour)
    painter.drawEllipse(middle, 4.5 if locked else 6.5, 4.5 if locked else 6.5)
    if locked:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour, 1.6))
        painter.drawEllipse(QRectF(1, 1, SWATCH_PX - 2, SWATCH_PX - 2))
    painter.end()
    return QIcon(pixmap)
