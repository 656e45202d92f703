"""What marks a person in the image in the fonts and at the resolution of the screen: the name and the corners."""

from __future__ import annotations

from functools import lru_cache

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPixmap, QPolygonF

from app.gui.view.compose import person_colour
from app.gui.view.hud import hud_font

MARGIN_PX = 2.0  # between a name and the edge of the view
ABOVE_PX = 18.0  # between a name and the highest joint


def paint_name(painter: QPainter, text: str, track_id: int, box: QRectF, view: QSize) -> None:
    """The name of the person who fills the box, on a tab above it, inside the view."""
    ratio = painter.device().devicePixelRatioF()  # type: ignore[union-attr]
    tab = _name_tab(text, track_id, ratio)
    size = tab.deviceIndependentSize()
    x = _within(box.center().x() - size.width() / 2, view.width() - size.width())
    y = _within(box.top() - ABOVE_PX - size.height(), view.height() - size.height())
    painter.drawPixmap(QPointF(x, y), tab)


def _within(wanted: float, room: float) -> float:
    return min(max(wanted, MARGIN_PX), max(room - MARGIN_PX, MARGIN_PX))


def forget_fonts() -> None:
    """To be called when the fonts have changed."""
    hud_font.cache_clear()
    _name_tab.cache_clear()


@lru_cache(maxsize=256)
def _name_tab(text: str, track_id: int, pixel_ratio: float) -> QPixmap:
    """Drawn once: text is the dearest thing in the view."""
    font = hud_font(bold=True)
    metrics = QFontMetricsF(font)
    height = metrics.height() + 4
    width = max(metrics.horizontalAdvance(text) + 14, height)
    tab = QPixmap(QSize(round(width * pixel_ratio), round(height * pixel_ratio)))
    tab.setDevicePixelRatio(pixel_ratio)
    tab.fill(Qt.GlobalColor.transparent)
    box = QRectF(QPointF(0, 0), tab.deviceIndependentSize())
    colour = person_colour(track_id)
    painter = QPainter(tab)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(font)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
    light = 0.299 * colour.red() + 0.587 * colour.green() + 0.114 * colour.blue() > 140
    painter.setPen(QColor(10, 10, 10) if light else QColor(255, 255, 255))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    painter.end()
    return tab


def paint_label(painter: QPainter, text: str, at: QPointF) -> None:
    """A word beside something, its upper left corner at a point of the view, on a dark pill."""
    font = hud_font()
    metrics = QFontMetricsF(font)
    box = QRectF(at.x(), at.y(), metrics.horizontalAdvance(text) + 14, metrics.height() + 4)
    painter.setFont(font)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(12, 14, 18, 200))
    painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
    painter.setPen(QColor(245, 247, 250))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def paint_corners(painter: QPainter, box: QRectF, colour: QColor) -> None:
    """Four corner marks, dark below light so that they show on every background."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    arm = min(18.0, box.width() / 3, box.height() / 3)
    for pen in (QPen(QColor(0, 0, 0, colour.alpha() // 2), 5), QPen(colour, 2.5)):
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for corner, dx, dy in (
            (box.topLeft(), 1, 1),
            (box.topRight(), -1, 1),
            (box.bottomLeft(), 1, -1),
            (box.bottomRight(), -1, -1),
        ):
            painter.drawPolyline(QPolygonF([corner + QPointF(0, dy * arm), corner, corner + QPointF(dx * arm, 0)]))
