"""The sheet of keyboard shortcuts, made from the actions themselves so that it is never out of date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QAction, QKeySequence
from PyQt6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget


def plain_text(action: QAction) -> str:
    """The action's text without mnemonics and dots."""
    return action.text().replace("&", "").rstrip("…. ")


def native_keys(action: QAction) -> str:
    native = QKeySequence.SequenceFormat.NativeText
    return "  ".join(sequence.toString(native) for sequence in action.shortcuts())


class ShortcutSheet(QDialog):
    """Groups of actions in columns; `extra` adds (keys, meaning) pairs that belong to no action."""

    def __init__(
        self,
        groups: Mapping[str, Sequence[QAction]],
        extra: Mapping[str, Sequence[tuple[str, str]]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        columns = QHBoxLayout()
        columns.setSpacing(32)
        sections = [
            (title, [(native_keys(action), plain_text(action)) for action in actions if action.shortcuts()])
            for title, actions in groups.items()
        ] + [(title, list(pairs)) for title, pairs in extra.items()]
        sections = [(title, rows) for title, rows in sections if rows]
        for column in _balanced(sections, count=3):
            layout = QVBoxLayout()
            layout.setSpacing(14)
            for title, rows in column:
                layout.addLayout(_section(title, rows))
            layout.addStretch(1)
            columns.addLayout(layout)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(20, 20, 20, 14)
        outer.setSpacing(16)
        outer.addLayout(columns)
        outer.addWidget(buttons)


Section = tuple[str, list[tuple[str, str]]]


def _balanced(sections: list[Section], count: int) -> list[list[Section]]:
    """Sections in reading order, in columns of about the same length."""
    total = sum(len(rows) + 2 for _, rows in sections)
    columns: list[list[Section]] = [[]]
    filled = 0
    for section in sections:
        length = len(section[1]) + 2
        if columns[-1] and filled + length / 2 > total / count * len(columns) and len(columns) < count:
            columns.append([])
        columns[-1].append(section)
        filled += length
    return columns


def _section(title: str, rows: list[tuple[str, str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(5)
    heading = QLabel(title)
    font = heading.font()
    font.setBold(True)
    heading.setFont(font)
    grid.addWidget(heading, 0, 0, 1, 2)
    for row, (keys, meaning) in enumerate(rows, 1):
        key_label = QLabel(keys)
        key_label.setObjectName("shortcutKeys")
        key_label.setTextFormat(Qt.TextFormat.PlainText)
        meaning_label = QLabel(meaning)
        meaning_label.setTextFormat(Qt.TextFormat.PlainText)
        grid.addWidget(meaning_label, row, 0)
        grid.addWidget(key_label, row, 1, Qt.AlignmentFlag.AlignRight)
    return grid
