"""One question for all repairs: with whom, which joint, and for which frames."""

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

from app.gui.common.joint_names import joint_title
from app.gui.view.compose import person_colour

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be asked.

    others: whom to choose from, the likeliest first; none = nobody is asked for. joints: likewise, "" = all joints;
    joint is offered. whole: in the whole video is likelier than from here on. frame: the one that is shown.
    points: between the in and out points. doubtful: the doubtful moment. bounded: a range must have two ends.
    """

    title: str
    person: int
    frame: int
    others: Sequence[int] = ()
    joints: Sequence[str] = ()
    joint: str = ""
    whole: bool = False
    points: Span | None = None
    doubtful: Span | None = None
    bounded: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """other: 0 and joint: "" if they were not asked for. first, last: frames, None = to the end."""

    other: int
    joint: str
    first: int
    last: int | None


class RepairDialog(QDialog):
    """Enter takes what is offered: the likeliest person and the usual range."""

    def __init__(self, parent: QWidget, question: Question, name_of: Callable[[int], str]) -> None:
        super().__init__(parent)
        self.setWindowTitle(question.title)
        self._others, self._joints = list(question.others), list(question.joints)
        form = QFormLayout()
        form.setVerticalSpacing(10)
        form.addRow(self.tr("Person"), QLabel(name_of(question.person)))
        self.other_box = QComboBox(self)
        self.other_box.setAccessibleName(self.tr("The other person"))
        for other in self._others:
            swatch = QPixmap(12, 12)
            swatch.fill(person_colour(other))
            self.other_box.addItem(QIcon(swatch), name_of(other))
        self.other_box.setVisible(bool(self._others))
        if self._others:
            form.addRow(self.tr("&With"), self.other_box)
        self.joint_box = QComboBox(self)
        for joint in self._joints:
            self.joint_box.addItem(joint_title(joint) if joint else self.tr("all joints"))
        self.joint_box.setVisible(bool(self._joints))
        if self._joints:
            self.joint_box.setCurrentIndex(max(self._joints.index(question.joint), 0))
            form.addRow(self.tr("&Joint"), self.joint_box)
        self.ranges = self._add_ranges(form, question)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(14)
        layout.addLayout(form)
        layout.addWidget(buttons)

    def _add_ranges(self, form: QFormLayout, q: Question) -> list[tuple[QRadioButton, int, int | None]]:
        """The last of those that apply is the likeliest: whoever has set in and out points means them."""
        offered: list[tuple[str, int, int | None]] = []
        if not q.bounded:
            offered = [
                (self.tr("From here to the &end"), q.frame, None),
                (self.tr("From the &beginning to here"), 0, q.frame),
            ]
        offered.append((self.tr("&Only in this image"), q.frame, q.frame))
        if not q.bounded:
            offered.append((self.tr("In the whole &video"), 0, None))
        chosen = 3 if q.whole else 2 if q.joints and not q.bounded else 0
        if q.doubtful is not None:
            offered.append((self.tr("In the &doubtful moment, frames {0} to {1}").format(*q.doubtful), *q.doubtful))
            chosen = len(offered) - 1 if q.bounded or q.joints else chosen
        if q.points is not None:
            offered.append((self.tr("Between the &in and out points"), *q.points))
            chosen = len(offered) - 1
        column = QVBoxLayout()
        ranges = []
        for text, first, last in offered:
            button = QRadioButton(text, self)
            column.addWidget(button)
            ranges.append((button, first, last))
        if q.bounded and q.points is None:
            hint = QLabel(self.tr("For a longer stretch, set in and out points first (I, O)."))
            hint.setProperty("role", "muted")
            column.addWidget(hint)
        ranges[chosen][0].setChecked(True)
        form.addRow(self.tr("Where"), column)
        return ranges

    def ask(self) -> Asked | None:
        """None if the user thinks better of it."""
        return self.asked() if self.exec() == QDialog.DialogCode.Accepted else None

    def asked(self) -> Asked:
        other = self._others[self.other_box.currentIndex()] if self._others else 0
        joint = self._joints[self.joint_box.currentIndex()] if self._joints else ""
        first, last = next((first, last) for button, first, last in self.ranges if button.isChecked())
        return Asked(other, joint, first, last)
