"""What was drawn on the image: regions, a known length, a floor line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen, QPolygonF

from app.analysis.edits import Edit
from app.analysis.measure import Floor, Scale, floor_of, scale_of
from app.analysis.subjects import Region
from app.gui.i18n.translation import translate
from app.gui.view.marks import paint_label

ToView = Callable[[NDArray[np.floating]], NDArray[np.float32]]
COUNTED, IGNORED, LENGTH, LEVEL = (
    QColor(70, 214, 178),
    QColor(255, 120, 110),
    QColor(255, 255, 255),
    QColor(255, 196, 70),
)
SHADE_ALPHA = 34


@dataclass(frozen=True, slots=True)
class Drawings:
    """All that is in force."""

    regions: tuple[Region, ...] = ()
    scale: Scale | None = None
    floor: Floor | None = None

    @staticmethod
    def of(edits: Sequence[Edit]) -> Drawings:
        return Drawings(tuple(e for e in edits if isinstance(e, Region)), scale_of(edits), floor_of(edits))

    def paint(self, painter: QPainter, to_view: ToView) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for region in self.regions:
            paint_region(painter, _points(region.corners, to_view), region.inside)
        if self.floor is not None:
            floor = self.floor
            paint_line(painter, _points(((floor.x0, floor.y0), (floor.x1, floor.y1)), to_view), LEVEL, dashed=True,
                       label=translate("Drawings", "level"))  # fmt: skip
        if self.scale is not None:
            scale = self.scale
            paint_line(painter, _points(((scale.x0, scale.y0), (scale.x1, scale.y1)), to_view), LENGTH, ends=True,
                       label=f"{scale.metres:g} m")  # fmt: skip


def _points(points: Sequence[tuple[float, float]], to_view: ToView) -> list[QPointF]:
    return [QPointF(x, y) for x, y in to_view(np.array(points, np.float64).reshape(-1, 2)).tolist()]


def paint_region(painter: QPainter, corners: Sequence[QPointF], inside: bool) -> None:
    """A polygon inside of which people count, or are ignored."""
    colour = COUNTED if inside else IGNORED
    shade = QColor(colour)
    shade.setAlpha(SHADE_ALPHA if inside else 2 * SHADE_ALPHA)
    polygon = QPolygonF(list(corners))
    painter.setBrush(Qt.BrushStyle.NoBrush if inside else shade)
    for pen in _pens(colour):
        painter.setPen(pen)
        painter.drawPolygon(polygon)
        painter.setBrush(Qt.BrushStyle.NoBrush)
    text = translate("Drawings", "counted") if inside else translate("Drawings", "ignored")
    paint_label(painter, text, min(corners, key=lambda p: (p.y(), p.x())) + QPointF(8, 8))


def paint_line(
    painter: QPainter,
    ends_at: Sequence[QPointF],
    colour: QColor,
    *,
    dashed: bool = False,
    ends: bool = False,
    label: str = "",
) -> None:
    a, b = ends_at
    along = b - a
    length = max(np.hypot(along.x(), along.y()), 1e-6)
    across = QPointF(-along.y(), along.x()) * (7 / length)
    for pen in _pens(colour, dashed):
        painter.setPen(pen)
        painter.drawLine(a, b)
        if ends:
            painter.drawLine(a - across, a + across)
            painter.drawLine(b - across, b + across)
    if label:
        paint_label(painter, label, (a + b) / 2 + QPointF(8, -26))


def _pens(colour: QColor, dashed: bool = False) -> list[QPen]:
    """Dark below light, so that it shows on every background."""
    pens = [QPen(QColor(0, 0, 0, 130), 4.5), QPen(colour, 2.2)]
    for pen in pens:
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    if dashed:
        pens[1].setDashPattern([4, 3])
    return pens
