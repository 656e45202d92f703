"""The seek bar: position, in and out points, and a coloured line wherever a person is present."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PyQt6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPalette, QPolygonF
from PyQt6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.gui.common.clock import format_time

MAX_ROWS = 5  # people with a line of their own; the others share the last one
ROW_PX = 4.0
BAR_PX = 5.0
SIDE_PX = 8.0
MIDDLE_PX = 12.0  # of the bar, from the top
ROWS_PX = MIDDLE_PX + 11.0  # where the lines of the people begin
BELOW_PX = 9  # free under them: the buttons are not to be taken for a part of it
KEY_SEEK_S, KEY_LONG_SEEK_S = 1.0, 10.0


class Timeline(QWidget):
    """Shows and asks for positions in seconds; it never moves by itself."""

    seek_requested = pyqtSignal(float)
    seek_by_requested = pyqtSignal(float)  # seconds later, or earlier if negative

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._duration_s = 0.0
        self._position_s = 0.0
        self._in_s: float | None = None
        self._out_s: float | None = None
        self._intervals: Mapping[int, list[tuple[float, float]]] = {}
        self._colours: Mapping[int, QColor] = {}
        self._marks: Sequence[tuple[float, QColor]] = ()
        self._analysed: float | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Timeline"))
        self.setAccessibleDescription(self.tr("Left and right arrows seek by a second, page keys by ten"))

    def sizeHint(self) -> QSize:
        return QSize(400, int(ROWS_PX + MAX_ROWS * ROW_PX) + BELOW_PX)

    @property
    def position_s(self) -> float:
        return self._position_s

    def set_duration(self, duration_s: float) -> None:
        self._duration_s = max(duration_s, 0.0)
        self.update()

    def set_position(self, position_s: float) -> None:
        self._position_s = position_s
        self.update()

    def set_points(self, in_s: float | None, out_s: float | None) -> None:
        self._in_s, self._out_s = in_s, out_s
        self.update()

    def set_presence(self, intervals: Mapping[int, list[tuple[float, float]]], colours: Mapping[int, QColor]) -> None:
        self._intervals, self._colours = intervals, colours
        self.update()

    def set_marks(self, marks: Sequence[tuple[float, QColor]]) -> None:
        """Doubtful moments: seconds and colour; later ones are drawn above earlier ones."""
        self._marks = marks
        self.update()

    def set_analysed(self, share: float | None) -> None:
        """How much of the file is analysed, 0 to 1, while that grows; None = show nothing of it."""
        self._analysed = share
        self.update()

    # Geometry

    def _x(self, time_s: float) -> float:
        span = self.width() - 2 * SIDE_PX
        return SIDE_PX + span * (min(max(time_s / self._duration_s, 0.0), 1.0) if self._duration_s > 0 else 0.0)

    def _time(self, x: float) -> float:
        span = max(self.width() - 2 * SIDE_PX, 1.0)
        return min(max((x - SIDE_PX) / span, 0.0), 1.0) * self._duration_s

    # Painting

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        palette = self.palette()
        accent = palette.color(QPalette.ColorRole.Highlight)
        groove = QColor(palette.color(QPalette.ColorRole.WindowText))
        groove.setAlphaF(0.18)
        middle = MIDDLE_PX
        left, right = self._x(0), self._x(self._duration_s) if self._duration_s > 0 else self.width() - SIDE_PX
        painter.setBrush(groove)
        painter.drawRoundedRect(QRectF(left, middle - BAR_PX / 2, right - left, BAR_PX), 2.5, 2.5)
        if self._analysed is not None:
            shade = QColor(accent)
            shade.setAlphaF(0.38)
            painter.setBrush(shade)
            painter.drawRoundedRect(
                QRectF(left, middle - BAR_PX / 2, (right - left) * min(self._analysed, 1.0), BAR_PX), 2.5, 2.5
            )
        self._paint_points(painter, middle, accent)
        if self._duration_s > 0:
            x = self._x(self._position_s)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(accent)
            painter.drawRoundedRect(QRectF(left, middle - BAR_PX / 2, max(x - left, 0.0), BAR_PX), 2.5, 2.5)
            self._paint_presence(painter, ROWS_PX)
            self._paint_marks(painter)
            painter.setBrush(accent)
            painter.drawEllipse(QPointF(x, middle), 7.0, 7.0)
            painter.setBrush(palette.color(QPalette.ColorRole.Window))
            painter.drawEllipse(QPointF(x, middle), 3.0, 3.0)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(accent)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)

    def _paint_points(self, painter: QPainter, middle: float, accent: QColor) -> None:
        if self._duration_s <= 0 or (self._in_s is None and self._out_s is None):
            return
        shade = QColor(accent)
        shade.setAlphaF(0.28)
        start = self._x(self._in_s or 0.0)
        end = self._x(self._out_s if self._out_s is not None else self._duration_s)
        painter.setBrush(shade)
        painter.drawRect(QRectF(start, middle - 7, max(end - start, 1.0), 14))
        painter.setBrush(accent)
        if self._in_s is not None:
            painter.drawPolygon(
                QPolygonF([QPointF(start, middle - 10), QPointF(start + 6, middle - 10), QPointF(start, middle - 3)])
            )
            painter.drawRect(QRectF(start - 1, middle - 10, 2, 18))
        if self._out_s is not None:
            painter.drawPolygon(
                QPolygonF([QPointF(end, middle - 10), QPointF(end - 6, middle - 10), QPointF(end, middle - 3)])
            )
            painter.drawRect(QRectF(end - 1, middle - 10, 2, 18))

    def _paint_presence(self, painter: QPainter, top: float) -> None:
        for row, (person, intervals) in enumerate(sorted(self._intervals.items())):
            painter.setBrush(self._colours.get(person, QColor("grey")))
            y = top + min(row, MAX_ROWS - 1) * ROW_PX
            for start_s, end_s in intervals:
                x = self._x(start_s)
                painter.drawRoundedRect(QRectF(x, y, max(self._x(end_s) - x, 2.0), ROW_PX - 1.2), 1, 1)

    def _paint_marks(self, painter: QPainter) -> None:
        """Triangles that hang from the upper edge."""
        for time_s, colour in self._marks:
            x = self._x(time_s)
            painter.setBrush(colour)
            painter.drawPolygon(QPolygonF([QPointF(x - 3.5, 0.5), QPointF(x + 3.5, 0.5), QPointF(x, 6.5)]))

    # Input

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is not None and event.button() == Qt.MouseButton.LeftButton and self._duration_s > 0:
            self._seek(self._time(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is None or self._duration_s <= 0:
            return
        time_s = self._time(event.position().x())
        QToolTip.showText(event.globalPosition().toPoint(), format_time(time_s), self)
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._seek(time_s)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is None or self._duration_s <= 0:
            return
        moves = {
            Qt.Key.Key_Left: -KEY_SEEK_S,
            Qt.Key.Key_Right: KEY_SEEK_S,
            Qt.Key.Key_PageDown: -KEY_LONG_SEEK_S,
            Qt.Key.Key_PageUp: KEY_LONG_SEEK_S,
        }
        if event.key() in moves:
            self.seek_by_requested.emit(moves[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_Home:
            self._seek(0.0)
        elif event.key() == Qt.Key.Key_End:
            self._seek(self._duration_s)
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent | None) -> None:
        if event is not None and event.type() == QEvent.Type.PaletteChange:
            self.update()
        super().changeEvent(event)

    def _seek(self, time_s: float) -> None:
        time_s = min(max(time_s, 0.0), self._duration_s)
        self.set_position(time_s)
        self.seek_requested.emit(time_s)
