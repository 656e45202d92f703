"""Repetitions and angle of one person in digits that can be read from across the room."""

from __future__ import annotations

import math

from PyQt6.QtCore import QRectF, QSize, Qt, pyqtSlot
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPalette
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.angles import joint_angles
from app.gui.common.joint_names import angle_choices
from app.gui.common.theme import colours_of
from app.gui.panels.editors import choice
from app.gui.view.delivery import Delivery
from app.repetitions import RepetitionCounter, Repetitions, RepetitionSettings, angle_of

# Letters should be at least 1/200 of the distance high: 1.5 cm from three metres, 57 pixels at 96 per inch. The digits
# are larger than that from this height of the panel on, for those who move while they read.
LEAST_HEIGHT_PX = 220


class BigNumbers(QWidget):
    """Follows the locked person, or whoever is alone in the image. Counts anew for another person."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._locked_id = self._counted_id = 0
        self._counter = RepetitionCounter()
        self._exercise = choice(angle_choices(), self._count_anew)
        self._exercise.widget.setAccessibleName(self.tr("Angle"))
        self._exercise.widget.setToolTip(self.tr("The angle whose movements there and back count"))
        self.reset_button = QPushButton(self.tr("From zero"))
        self.reset_button.setToolTip(self.tr("Count from zero"))
        self.reset_button.clicked.connect(self._count_anew)
        self.who = QLabel()
        self.who.setProperty("role", "muted")
        row = QHBoxLayout()
        row.addWidget(self._exercise.widget)
        row.addWidget(self.reset_button)
        row.addWidget(self.who, 1)
        self.digits = _Digits()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(4)
        layout.addLayout(row)
        layout.addWidget(self.digits, 1)
        self._show_person(0)

    @pyqtSlot(object)
    def update_delivery(self, delivery: Delivery) -> None:
        """Results in the order in which they are shown."""
        if not delivery.analysed:
            return
        tracks = delivery.result.tracks
        ids = tracks.ids.tolist()
        person = self._locked_id or (ids[0] if len(ids) == 1 else self._counted_id if self._counted_id in ids else 0)
        if person != self._counted_id and person:
            self._counted_id = person
            self._count_anew()
        self._show_person(person)
        if delivery.jump:
            self._count_anew()
        angle = math.nan
        if person in ids:
            at = ids.index(person)
            angles = joint_angles(tracks.poses.keypoints[at : at + 1], delivery.skeleton)[1][0]
            angle = angle_of(self._exercise.get(), angles)
        self.digits.show_state(self._counter.update(angle, delivery.captured_s))

    @pyqtSlot(int)
    def set_locked(self, track_id: int) -> None:
        """0 = nobody."""
        self._locked_id = track_id

    @pyqtSlot(int, int)
    def continue_as(self, before: int, now: int) -> None:
        """The same person has another id."""
        if self._counted_id == before:
            self._counted_id = now

    @pyqtSlot()
    def reset(self) -> None:
        """Nobody is known any more."""
        self._counted_id = 0
        self._count_anew()
        self._show_person(0)

    def _count_anew(self) -> None:
        self._counter = RepetitionCounter(RepetitionSettings(self._exercise.get()))
        self.digits.show_state(self._counter.state)

    def _show_person(self, person: int) -> None:
        if person:
            text = self.tr("Person {0}").format(person)
        else:
            text = self.tr("Click the person whose movements count.")
        if text != self.who.text():
            self.who.setText(text)


class _Digits(QWidget):
    """Two numbers as large as fits: the count, and the angle with the range of the last repetition below it."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.texts = ("", "", "")
        self.show_state(Repetitions())

    def sizeHint(self) -> QSize:
        return QSize(600, LEAST_HEIGHT_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(260, 120)

    def show_state(self, state: Repetitions) -> None:
        angle = "–" if math.isnan(state.angle_deg) else f"{state.angle_deg:.0f}°"
        reach = "" if math.isnan(state.low_deg) else f"{state.low_deg:.0f}° – {state.high_deg:.0f}°"
        texts = (str(state.count), angle, reach)
        if texts != self.texts:
            self.texts = texts
            self.setAccessibleName(self.tr("{0} repetitions, angle {1}").format(texts[0], texts[1]))
            self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        count, angle, reach = self.texts
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        area = QRectF(self.rect())
        small = max(area.height() * 0.16, 12.0)
        left = QRectF(area.left(), area.top(), area.width() / 2, area.height() - small)
        right = left.translated(area.width() / 2, 0)
        # As high as fits a count of three digits and an angle, so that nothing jumps while they change.
        size = min(_font_size(left, "000"), _font_size(right, "180°"))
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        _draw(painter, left, count, size, bold=True)
        _draw(painter, right, angle, size, bold=False)
        foot = QRectF(area.left(), area.bottom() - small, area.width() / 2, small)
        painter.setPen(QColor(colours_of(self.palette()).muted))
        _draw(painter, foot, self.tr("repetitions"), small * 0.62, bold=False)
        _draw(painter, foot.translated(area.width() / 2, 0), reach, small * 0.72, bold=False)


def _font(size_px: float, bold: bool) -> QFont:
    font = QFont()
    font.setPixelSize(max(int(size_px), 8))
    font.setBold(bold)
    return font


def _font_size(area: QRectF, text: str) -> float:
    """Pixels of the largest font in which the text fits."""
    width = QFontMetricsF(_font(100, bold=True)).horizontalAdvance(text)
    return min(area.height() * 0.95, 100 * 0.92 * area.width() / max(width, 1.0))


def _draw(painter: QPainter, area: QRectF, text: str, size_px: float, bold: bool) -> None:
    painter.setFont(_font(size_px, bold))
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)
