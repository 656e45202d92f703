"""The few glyphs of the controls, drawn in the colour of the current theme: no files, sharp at every size."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PyQt6.QtGui import (
    QColor,
    QGuiApplication,
    QIcon,
    QIconEngine,
    QPainter,
    QPainterPath,
    QPalette,
    QPen,
    QPixmap,
    QPolygonF,
)

RED = QColor(229, 57, 53)


def _polygon(*points: tuple[float, float]) -> QPainterPath:
    path = QPainterPath(QPointF(*points[0]))
    for point in points[1:]:
        path.lineTo(QPointF(*point))
    path.closeSubpath()
    return path


def _play(p: QPainter) -> None:
    p.drawPath(_polygon((7, 4.5), (20, 12), (7, 19.5)))


def _pause(p: QPainter) -> None:
    p.drawRoundedRect(QRectF(6, 5, 4.2, 14), 1, 1)
    p.drawRoundedRect(QRectF(13.8, 5, 4.2, 14), 1, 1)


def _next_frame(p: QPainter) -> None:
    p.drawPath(_polygon((6, 6), (15, 12), (6, 18)))
    p.drawRoundedRect(QRectF(16, 6, 2.6, 12), 1, 1)


def _previous_frame(p: QPainter) -> None:
    p.drawPath(_polygon((18, 6), (9, 12), (18, 18)))
    p.drawRoundedRect(QRectF(5.4, 6, 2.6, 12), 1, 1)


def _record(p: QPainter) -> None:
    p.setBrush(RED)
    p.drawEllipse(QPointF(12, 12), 6.5, 6.5)


def _stop(p: QPainter) -> None:
    p.setBrush(RED)
    p.drawRoundedRect(QRectF(6, 6, 12, 12), 2, 2)


def _outlined(draw: Callable[[QPainter], None]) -> Callable[[QPainter], None]:
    def stroke(p: QPainter) -> None:
        pen = QPen(p.brush().color(), 1.8)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        p.setPen(pen)
        p.setBrush(Qt.BrushStyle.NoBrush)
        draw(p)

    return stroke


@_outlined
def _loop(p: QPainter) -> None:
    p.drawArc(QRectF(5, 6, 14, 12), 40 * 16, 280 * 16)
    p.drawPolyline(QPolygonF([QPointF(18.6, 4.2), QPointF(17.6, 8.4), QPointF(13.4, 7.6)]))


@_outlined
def _lock(p: QPainter) -> None:
    for x, y, dx, dy in ((5, 5, 1, 1), (19, 5, -1, 1), (5, 19, 1, -1), (19, 19, -1, -1)):
        p.drawPolyline(QPolygonF([QPointF(x, y + 4 * dy), QPointF(x, y), QPointF(x + 4 * dx, y)]))
    p.drawEllipse(QPointF(12, 12), 2.6, 2.6)


@_outlined
def _people(p: QPainter) -> None:
    p.drawEllipse(QPointF(9, 8.5), 3, 3)
    p.drawArc(QRectF(3.5, 13, 11, 12), 0, 180 * 16)
    p.drawArc(QRectF(13.2, 6, 5, 5), -100 * 16, 250 * 16)
    p.drawArc(QRectF(12, 13.5, 9, 11), 0, 100 * 16)


@_outlined
def _plot(p: QPainter) -> None:
    p.drawPolyline(QPolygonF([QPointF(4, 4), QPointF(4, 20), QPointF(20, 20)]))
    p.drawPolyline(QPolygonF([QPointF(7, 16), QPointF(11, 10), QPointF(14.5, 13), QPointF(19, 6)]))


@_outlined
def _settings(p: QPainter) -> None:
    for y, knob in ((7, 15), (12, 9), (17, 14)):
        p.drawLine(QPointF(4, y), QPointF(knob - 2.4, y))
        p.drawLine(QPointF(knob + 2.4, y), QPointF(20, y))
        p.drawEllipse(QPointF(knob, y), 2.2, 2.2)


@_outlined
def _export(p: QPainter) -> None:
    p.drawLine(QPointF(12, 4), QPointF(12, 14))
    p.drawPolyline(QPolygonF([QPointF(8, 8), QPointF(12, 4), QPointF(16, 8)]))
    p.drawPolyline(QPolygonF([QPointF(5, 13), QPointF(5, 19.5), QPointF(19, 19.5), QPointF(19, 13)]))


@_outlined
def _open(p: QPainter) -> None:
    p.drawPolyline(
        QPolygonF(
            [QPointF(3.5, 18.5), QPointF(3.5, 5.5), QPointF(9, 5.5), QPointF(11, 8), QPointF(20, 8), QPointF(20, 18.5)]
        )
    )
    p.drawLine(QPointF(3.5, 18.5), QPointF(20, 18.5))


@_outlined
def _camera(p: QPainter) -> None:
    p.drawRoundedRect(QRectF(3, 7, 12.5, 10), 2, 2)
    p.drawPolyline(QPolygonF([QPointF(15.5, 11), QPointF(21, 8), QPointF(21, 16), QPointF(15.5, 13)]))


@_outlined
def _stream(p: QPainter) -> None:
    p.drawEllipse(QPointF(12, 12), 1.4, 1.4)
    for r in (4.5, 8.0):
        p.drawArc(QRectF(12 - r, 12 - r, 2 * r, 2 * r), -45 * 16, 90 * 16)
        p.drawArc(QRectF(12 - r, 12 - r, 2 * r, 2 * r), 135 * 16, 90 * 16)


@_outlined
def _sample(p: QPainter) -> None:
    p.drawEllipse(QPointF(12, 5.5), 2.5, 2.5)
    p.drawLine(QPointF(12, 8), QPointF(12, 14))
    p.drawPolyline(QPolygonF([QPointF(6.5, 9), QPointF(12, 10.5), QPointF(17.5, 8)]))
    p.drawPolyline(QPolygonF([QPointF(8, 20.5), QPointF(12, 14), QPointF(16.5, 20.5)]))


GLYPHS: dict[str, Callable[[QPainter], None]] = {
    "play": _play,
    "pause": _pause,
    "next": _next_frame,
    "previous": _previous_frame,
    "record": _record,
    "stop": _stop,
    "loop": _loop,
    "lock": _lock,
    "people": _people,
    "plot": _plot,
    "settings": _settings,
    "export": _export,
    "open": _open,
    "camera": _camera,
    "stream": _stream,
    "sample": _sample,
}


class _GlyphEngine(QIconEngine):
    """Paints a glyph of a 24 x 24 grid in the palette's text colour at the moment of painting."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def clone(self) -> QIconEngine:
        return _GlyphEngine(self._name)

    def paint(self, painter: QPainter | None, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        if painter is None:
            return
        disabled = mode == QIcon.Mode.Disabled
        group = QPalette.ColorGroup.Disabled if disabled else QPalette.ColorGroup.Active
        role = QPalette.ColorRole.Highlight if state == QIcon.State.On else QPalette.ColorRole.WindowText
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = min(rect.width(), rect.height())
        painter.translate(rect.x() + (rect.width() - side) / 2, rect.y() + (rect.height() - side) / 2)
        painter.scale(side / 24, side / 24)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QGuiApplication.palette().color(group, role))
        if disabled:
            painter.setOpacity(0.5)
        GLYPHS[self._name](painter)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return pixmap


def icon(name: str) -> QIcon:
    """The glyph of that name. Raises KeyError for an unknown one."""
    if name not in GLYPHS:
        raise KeyError(name)
    return QIcon(_GlyphEngine(name))
