"""Drawing on the image, corner by corner, by mouse or by keys with a cross-hair. Knows points, not stores."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QObject, QPointF, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QKeyEvent, QPainter, QPen

from app.gui.view.drawings import LENGTH, LEVEL, paint_line, paint_region

Shape = Literal["inside", "outside", "length", "floor"]
Point = tuple[float, float]
ToView = Callable[[NDArray[np.floating]], NDArray[np.float32]]
STEP_PX, FINE_STEP_PX = 10.0, 1.0  # of the image, by an arrow key
LEAST_PX = 4.0  # of the image: what is shorter is no line
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_DONE = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class DrawTool(QObject):
    """One shape at a time. All points are pixels of the image, inside of it."""

    finished = pyqtSignal(str, object)  # Shape, tuple of points
    changed = pyqtSignal()  # to be painted anew

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shape: Shape | None = None
        self._size = (1, 1)
        self._points: list[Point] = []
        self._at: Point = (0.0, 0.0)
        self._by_keys = False

    def start(self, shape: Shape, size: tuple[int, int]) -> None:
        """size: width and height of the image."""
        self._shape, self._size, self._points = shape, size, []
        self._at, self._by_keys = ((size[0] - 1) / 2, (size[1] - 1) / 2), False
        self.changed.emit()

    def leave(self) -> None:
        if self._shape is not None:
            self._shape, self._points = None, []
            self.changed.emit()

    @property
    def active(self) -> bool:
        return self._shape is not None

    @property
    def prompt(self) -> str:
        if self._shape is None:
            return ""
        if self._is_line:
            return self.tr("Draw a line along it, or click both ends; with keys: arrows and Space; Esc leaves")
        return self.tr("Click the corners; Enter or a double click closes it, Backspace takes one back, Esc leaves")

    @property
    def _is_line(self) -> bool:
        return self._shape in ("length", "floor")

    # Mouse

    def press(self, point: Point) -> None:
        self._by_keys = False
        self._add(point)

    def move(self, point: Point) -> None:
        self._by_keys = False
        self._at = self._inside(point)
        self.changed.emit()

    def release(self, point: Point) -> None:
        """A line can be drawn in one go."""
        if self._is_line and len(self._points) == 1 and math.dist(self._points[0], self._inside(point)) > LEAST_PX:
            self._add(point)

    def double_click(self) -> None:
        self._close()

    # Keys

    def wants(self, event: QKeyEvent) -> bool:
        return self.active and event.key() in (
            *_ARROWS, *_DONE, Qt.Key.Key_Space, Qt.Key.Key_Backspace, Qt.Key.Key_Escape,
        )  # fmt: skip

    def key(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _ARROWS:
            far = FINE_STEP_PX if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else STEP_PX
            self._by_keys = True
            self._at = self._inside((self._at[0] + far * _ARROWS[key][0], self._at[1] + far * _ARROWS[key][1]))
        elif key == Qt.Key.Key_Escape:
            self.leave()
        elif key == Qt.Key.Key_Backspace:
            self._points = self._points[:-1]
        elif key == Qt.Key.Key_Space or (self._is_line and key in _DONE):
            self._by_keys = True
            self._add(self._at)
        else:
            self._close()
        self.changed.emit()

    def _inside(self, point: Point) -> Point:
        return min(max(point[0], 0.0), self._size[0] - 1.0), min(max(point[1], 0.0), self._size[1] - 1.0)

    def _add(self, point: Point) -> None:
        self._at = self._inside(point)
        if not self._points or math.dist(self._points[-1], self._at) > LEAST_PX:
            self._points.append(self._at)
        if self._is_line and len(self._points) == 2:
            self._finish()
        self.changed.emit()

    def _close(self) -> None:
        if not self._is_line and len(self._points) >= 3:
            self._finish()

    def _finish(self) -> None:
        shape, points = self._shape, tuple(self._points)
        self.leave()
        self.finished.emit(shape, points)

    # Painting

    def paint(self, painter: QPainter, to_view: ToView) -> None:
        if self._shape is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        there = to_view(np.array([*self._points, self._at], np.float64))
        points = [QPointF(x, y) for x, y in there.tolist()]
        if self._is_line and len(points) == 2:
            paint_line(painter, points, LENGTH if self._shape == "length" else LEVEL, ends=self._shape == "length")
        elif len(points) >= 2:
            paint_region(painter, points, self._shape == "inside")
        for point in points[:-1]:
            painter.setPen(QPen(QColor(0, 0, 0, 150), 1.2))
            painter.setBrush(QColor(255, 255, 255))
            painter.drawEllipse(point, 4.0, 4.0)
        if self._by_keys or not self._points:
            at = points[-1]
            for colour, width in ((QColor(0, 0, 0, 150), 3.4), (QColor(255, 255, 255), 1.6)):
                painter.setPen(QPen(colour, width))
                painter.drawLine(at - QPointF(12, 0), at + QPointF(12, 0))
                painter.drawLine(at - QPointF(0, 12), at + QPointF(0, 12))
