"""One question for all repairs: with whom, and for which frames."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PyQt6.QtGui import QIcon, QPixmap
from PyQt6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from app.gui.view.compose import person_colour


@dataclass(frozen=True, slots=True)
class Asked:
    """other: 0 if nobody was asked for. first, last: frames, None = to the end."""

    other: int
    first: int
    last: int | None


class RepairDialog(QDialog):
    """Enter takes what is offered: the likeliest person and the usual range."""

    def __init__(
        self,
        parent: QWidget,
        title: str,
        person: int,
        others: Sequence[int],
        name_of: Callable[[int], str],
        whole: bool,
        frame: int,
        span: tuple[int, int] | None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._others = list(others)
        form = QFormLayout()
        who = QLabel(name_of(person))
        form.addRow(self.tr("Person"), who)
        self.other_box = QComboBox(self)
        self.other_box.setAccessibleName(self.tr("The other person"))
        for other in self._others:
            swatch = QPixmap(12, 12)
            swatch.fill(person_colour(other))
            self.other_box.addItem(QIcon(swatch), name_of(other))
        if self._others:
            form.addRow(self.tr("&With"), self.other_box)
        self.ranges: list[tuple[QRadioButton, int, int | None]] = []
        column = QVBoxLayout()
        for text, first, last in (
            (self.tr("From here to the &end"), frame, None),
            (self.tr("From the &beginning to here"), 0, frame),
            (self.tr("&Only in this image"), frame, frame),
            (self.tr("In the whole &video"), 0, None),
            *([(self.tr("Between the &in and out points"), *span)] if span else []),
        ):
            button = QRadioButton(text, self)
            column.addWidget(button)
            self.ranges.append((button, first, last))
        self.ranges[4 if span else 3 if whole else 0][0].setChecked(True)
        form.addRow(self.tr("Where"), column)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(14)
        layout.addLayout(form)
        layout.addWidget(buttons)

    def asked(self) -> Asked:
        other = self._others[self.other_box.currentIndex()] if self._others else 0
        first, last = next((first, last) for button, first, last in self.ranges if button.isChecked())
        return Asked(other, first, last)


def ask_repair(
    parent: QWidget,
    title: str,
    person: int,
    others: Sequence[int],
    name_of: Callable[[int], str],
    whole: bool,
    frame: int,
    span: tuple[int, int] | None,
) -> Asked | None:
    """None if the user thinks better of it."""
    dialog = RepairDialog(parent, title, person, others, name_of, whole, frame, span)
    return dialog.asked() if dialog.exec() == QDialog.DialogCode.Accepted else None
