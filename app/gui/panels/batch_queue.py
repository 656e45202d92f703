"""The list in the batch window: one row per input with its state."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from PyQt6.QtCore import QModelIndex, QRect, QSize, Qt
from PyQt6.QtGui import QColor, QPainter, QPaintEvent
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from app.analysis.inputs import AnnotationInput, free_stem, resolve_inputs
from app.analysis.job import Outcome
from app.gui.common.theme import colours_of
from app.gui.i18n.library_texts import in_users_language

Spec = str | Path | int | tuple[Path, ...]
State = Literal["waiting", "running", "done", "skipped", "failed", "cancelled"]
BESIDE_PX, ABOVE_PX = 8, 4  # free around the text of a row
AGAIN: tuple[State, ...] = ("waiting", "failed", "cancelled")  # what Start takes


@dataclass(slots=True)
class Row:
    """word: what the user added. fraction: of the work, 0 to 1."""

    word: str
    item: AnnotationInput
    state: State = "waiting"
    fraction: float = 0.0
    text: str = ""
    began_s: float = 0.0


class BatchQueue(QTreeWidget):
    """Rows are shown in the order they were added; several may be selected and removed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[Row] = []
        self._stems: dict[Spec, str] = {}  # input → name of its outputs
        self.setRootIsDecorated(False)
        self.setWordWrap(True)
        self.setItemDelegateForColumn(2, _InLines(self))
        self.setAllColumnsShowFocus(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHeaderLabels([self.tr("Input"), self.tr("State"), self.tr("Result")])
        self.setAccessibleName(self.tr("Queue"))
        header = self.header()
        assert header is not None
        header.setStretchLastSection(True)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for column, letters in ((0, 32), (1, 24)):
            header.resizeSection(column, self.fontMetrics().averageCharWidth() * letters)
        header.sectionResized.connect(self.scheduleDelayedItemsLayout)  # other widths, other heights

    def paintEvent(self, event: QPaintEvent | None) -> None:
        super().paintEvent(event)
        if not self.rows and (viewport := self.viewport()) is not None:
            painter = QPainter(viewport)
            painter.setPen(QColor(colours_of(self.palette()).muted))
            hint = self.tr("Drop videos, images or folders here.")
            painter.drawText(viewport.rect(), Qt.AlignmentFlag.AlignCenter, hint)

    def add(self, words: Iterable[str]) -> list[str]:
        """Add files, folders or patterns; returns a sentence for each that names nothing."""
        known = {row.word for row in self.rows}
        new_words = [word for word in dict.fromkeys(words) if word not in known]
        problems: list[str] = []
        for word in new_words:
            items, wrong = resolve_inputs([word])
            problems += wrong
            self.rows += [self._new_row(word, item) for item in items if not self._has(item)]
        self.show_rows()
        return problems

    def ask_again(self, word: str) -> tuple[list[Row], list[str]]:
        """Have an input wait, whatever came of it before; what runs with it goes on. Its rows, and as `add` returns."""
        items, problems = resolve_inputs([word])
        asked: list[Row] = []
        for item in items:
            row = next((r for r in self.rows if r.item.spec == item.spec and r.state != "running"), None)
            if row is None:
                row = self._new_row(word, item)
                self.rows.append(row)
            row.state, row.fraction, row.text = "waiting", 0.0, ""
            asked.append(row)
        self.show_rows()
        return asked, problems

    def remove_selected(self) -> list[Row]:
        """Remove the selected rows, which are returned; the one that is running stays."""
        chosen = {self.indexOfTopLevelItem(item) for item in self.selectedItems()}
        removed = [row for i, row in enumerate(self.rows) if i in chosen and row.state != "running"]
        self.rows = [row for row in self.rows if row not in removed]
        self.show_rows()
        return removed

    def remove_finished(self) -> None:
        self.rows = [row for row in self.rows if row.state not in ("done", "skipped")]
        self.show_rows()

    def pending(self) -> list[Row]:
        return [row for row in self.rows if row.state in AGAIN]

    def take_pending(self, ending: str) -> list[Row]:
        """What Start takes, one row for each input. `ending`: of the names of the results."""
        taken: dict[Spec, Row] = {}
        for row in self.pending():
            taken.setdefault(row.item.spec, row)
        for spec, row in taken.items():
            row.item = replace(row.item, stem=self._stems[spec] + ending)
            row.state, row.fraction, row.text = "waiting", 0.0, ""
        self.rows = [r for r in self.rows if r.state not in AGAIN or taken[r.item.spec] is r]
        self.show_rows()
        return list(taken.values())

    def begin(self, row: Row) -> None:
        row.state, row.fraction, row.text, row.began_s = "running", 0.0, "", time.perf_counter()
        self.show_row(row)

    def progress(self, row: Row, done: int, expected: int | None) -> None:
        if row.state != "running":
            return
        row.fraction = min(done / expected, 1.0) if expected else 0.0
        seconds = time.perf_counter() - row.began_s
        rate = done / seconds if seconds > 0 else 0.0
        of = f" / {expected}" if expected else ""
        row.text = self.tr("{0} frames, {1} fps").format(f"{done}{of}", f"{rate:.0f}")
        self.show_row(row)

    def end(self, row: Row, outcome: Outcome) -> None:
        row.state, row.fraction = outcome.status, 1.0
        text = " ".join(map(in_users_language, (outcome.sentence, *outcome.warnings)))
        row.text = text.removeprefix(f"{row.item.label}: ")  # its name stands in the row already
        if row.state in ("done", "skipped") and not outcome.ok:
            if row.state == "skipped":
                row.text = self.tr("Annotated before; some of its frames could not be decoded.")
            row.state = "failed"
        self.show_row(row)

    def show_rows(self) -> None:
        self.clear()
        for row in self.rows:
            self.addTopLevelItem(QTreeWidgetItem())
            self.show_row(row)

    def show_row(self, row: Row) -> None:
        item = self.topLevelItem(self.rows.index(row))
        if item is None:
            return
        colours = colours_of(self.palette())
        colour = {"done": colours.good, "skipped": colours.muted, "waiting": colours.muted, "failed": colours.bad}
        texts = (row.item.label, self._state_text(row), row.text)
        for column, text in enumerate(texts):
            item.setText(column, text)
            item.setToolTip(column, text)
        if isinstance(row.item.spec, Path):
            item.setToolTip(0, str(row.item.spec))
        item.setForeground(1, QColor(colour.get(row.state, colours.text)))

    def _state_text(self, row: Row) -> str:
        if row.state == "running" and row.fraction > 0:
            elapsed_s = time.perf_counter() - row.began_s
            left_s = elapsed_s * (1 - row.fraction) / row.fraction
            return self.tr("{0} %, {1} left").format(round(100 * row.fraction), format_duration(left_s))
        return {
            "waiting": self.tr("waiting"),
            "running": self.tr("running"),
            "done": self.tr("done"),
            "skipped": self.tr("done before"),
            "failed": self.tr("failed"),
            "cancelled": self.tr("cancelled"),
        }[row.state]

    def _has(self, item: AnnotationInput) -> bool:
        return any(row.item.spec == item.spec for row in self.rows)

    def _new_row(self, word: str, item: AnnotationInput) -> Row:
        """Outputs of different inputs must not have one name. An input keeps its name, also when it is added again."""
        if item.spec not in self._stems:
            taken = {stem.casefold() for stem in self._stems.values()}
            base = item.spec.stem if isinstance(item.spec, Path) else item.stem
            self._stems[item.spec] = free_stem(base, taken)
        return Row(word, replace(item, stem=self._stems[item.spec]))


class _InLines(QStyledItemDelegate):
    """Why something failed is to be read: as many lines as that needs. Qt's own hint is one line for styled views."""

    def __init__(self, view: QTreeView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        size = super().sizeHint(option, index)
        room = QRect(0, 0, max(self._view.columnWidth(index.column()) - 2 * BESIDE_PX, 1), 10_000)
        text = option.fontMetrics.boundingRect(room, Qt.TextFlag.TextWordWrap, index.data() or "")
        return QSize(size.width(), max(size.height(), text.height() + 2 * ABOVE_PX))


def format_duration(seconds: float) -> str:
    """12 s, 3:05 min or 1:02 h."""
    whole = max(round(seconds), 0)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    return f"{minutes}:{rest:02d} min" if minutes < 60 else f"{minutes // 60}:{minutes % 60:02d} h"
