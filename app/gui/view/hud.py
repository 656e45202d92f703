"""The figures over the image: rates, latency, drops, device. Measuring is pure; drawing is one function."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import cache

from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QPainter, QPixmap

from app.gui.i18n.translation import translate

WINDOW_S = 1.5
MARGIN_PX = 10.0


class RateMeter:
    """Events per second over a sliding window, from their times."""

    def __init__(self, window_s: float = WINDOW_S) -> None:
        self._window_s = window_s
        self._times: deque[float] = deque(maxlen=1000)

    def tick(self, now_s: float) -> None:
        self._times.append(now_s)

    def clear(self) -> None:
        self._times.clear()

    def rate(self, now_s: float) -> float:
        """Events per second; 0 when nothing happened within the window."""
        while self._times and now_s - self._times[0] > self._window_s:
            self._times.popleft()
        if len(self._times) < 2:
            return 0.0
        # An event that is overdue lowers the rate at once, not only when it comes.
        span_s = max(self._times[-1] - self._times[0], now_s - self._times[0] - self._mean_gap())
        return (len(self._times) - 1) / span_s if span_s > 0 else 0.0

    def _mean_gap(self) -> float:
        return (self._times[-1] - self._times[0]) / (len(self._times) - 1)


class CountRate:
    """Events per second of a counter that is read from time to time."""

    def __init__(self, window_s: float = WINDOW_S) -> None:
        self._window_s = window_s
        self._readings: deque[tuple[float, int]] = deque()

    def read(self, count: int, now_s: float) -> float:
        if self._readings and count < self._readings[-1][1]:  # another source: it counts from 0
            self._readings.clear()
        self._readings.append((now_s, count))
        while len(self._readings) > 2 and now_s - self._readings[0][0] > self._window_s:
            self._readings.popleft()
        (first_s, first), (last_s, last) = self._readings[0], self._readings[-1]
        return (last - first) / (last_s - first_s) if last_s > first_s else 0.0


@dataclass(frozen=True, slots=True)
class HudStats:
    """What the overlay says; rates per second, latency in milliseconds from capture to screen."""

    capture_fps: float = 0.0
    inference_fps: float = 0.0
    display_fps: float = 0.0
    latency_ms: float = 0.0
    inference_ms: float = 0.0
    dropped: int = 0
    people: int = 0
    model: str = ""
    engine: str = ""


def hud_lines(stats: HudStats) -> list[tuple[str, str]]:
    """(name, value) per line."""

    return [
        (translate("Hud", "capture"), f"{stats.capture_fps:.0f} fps"),
        (translate("Hud", "inference"), f"{stats.inference_fps:.0f} fps · {stats.inference_ms:.0f} ms"),
        (translate("Hud", "display"), f"{stats.display_fps:.0f} fps"),
        (translate("Hud", "latency"), f"{stats.latency_ms:.0f} ms"),
        (translate("Hud", "dropped"), f"{stats.dropped}"),
        (translate("Hud", "people"), f"{stats.people}"),
        (translate("Hud", "model"), stats.model or translate("Hud", "loading …")),
        (translate("Hud", "engine"), stats.engine or "–"),
    ]


@cache
def hud_font(scale: float = 1.0, bold: bool = False) -> QFont:
    """Kept, as looking up fonts takes longer than drawing with them. Do not change what you get."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    font.setPointSizeF(max(font.pointSizeF() * 0.95, 8.0) * scale)
    if bold:
        font.setWeight(QFont.Weight.DemiBold)
    return font


def hud_image(stats: HudStats, pixel_ratio: float) -> QPixmap:
    """The panel as an image with clear corners. Text is the dearest thing in the view: it is drawn when it changes."""
    lines = hud_lines(stats)
    font = hud_font()
    metrics = QFontMetricsF(font)
    names = max(metrics.horizontalAdvance(name) for name, _ in lines)
    values = max(metrics.horizontalAdvance(value) for _, value in lines)
    padding, gap, height = 10.0, 14.0, metrics.height() * 1.18
    box = QRectF(0, 0, names + gap + values + 2 * padding, height * len(lines) + 2 * padding * 0.8)
    image = QPixmap((box.size() * pixel_ratio).toSize() + QSize(1, 1))
    image.setDevicePixelRatio(pixel_ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(12, 14, 18, 205))
    painter.drawRoundedRect(box, 8, 8)
    painter.setFont(font)
    for row, (name, value) in enumerate(lines):
        y = box.top() + padding * 0.8 + row * height
        left = QRectF(box.left() + padding, y, names, height)
        right = QRectF(box.left() + padding + names + gap, y, values + 2, height)
        painter.setPen(QColor(170, 178, 190))
        painter.drawText(left, Qt.AlignmentFlag.AlignVCenter, name)
        painter.setPen(QColor(245, 247, 250))
        painter.drawText(right, Qt.AlignmentFlag.AlignVCenter, value)
    painter.end()
    return image
