"""The controls under the image: play, step, seek, speed, loop, in and out points."""

from __future__ import annotations

from itertools import pairwise

from PyQt6.QtCore import QEvent, Qt, pyqtSignal
from PyQt6.QtGui import QFontMetrics, QKeyEvent, QResizeEvent
from PyQt6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.gui.common.clock import format_time
from app.gui.common.icons import icon
from app.gui.shell.timeline import Timeline

ROOMY_PX = 660  # from this width on there is room for all
SPEEDS = (0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 4.0)


class TransportButton(QToolButton):
    """A flat button that Space presses while it has the keyboard; elsewhere around the image Space plays."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoRaise(True)

    def event(self, event: QEvent | None) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.key() == Qt.Key.Key_Space
            and not event.modifiers()
        ):
            event.accept()
            return True
        return super().event(event)


class Transport(QWidget):
    """Emits what the user asks for; `set_…` shows what is."""

    play_toggled = pyqtSignal()
    step_requested = pyqtSignal(int)
    seek_requested = pyqtSignal(float)
    seek_by_requested = pyqtSignal(float)
    speed_changed = pyqtSignal(float)
    loop_changed = pyqtSignal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("transport")
        self._duration_s: float | None = None
        self.timeline = Timeline(self)
        self.timeline.seek_requested.connect(self.seek_requested)
        self.timeline.seek_by_requested.connect(self.seek_by_requested)

        self.back_button = self._button("previous", self.tr("Back one frame (,)"))
        self.play_button = self._button("play", self.tr("Play or pause (Space)"))
        self.forward_button = self._button("next", self.tr("Forward one frame (.)"))
        self.loop_button = self._button("loop", self.tr("Play in a loop (L)"))
        self.loop_button.setCheckable(True)
        self.back_button.setAutoRepeat(True)
        self.forward_button.setAutoRepeat(True)
        self.back_button.clicked.connect(lambda: self.step_requested.emit(-1))
        self.forward_button.clicked.connect(lambda: self.step_requested.emit(1))
        self.play_button.clicked.connect(self.play_toggled)
        self.loop_button.toggled.connect(self.loop_changed)

        self.time_label = QLabel(self)
        self.time_label.setObjectName("timeLabel")
        self.time_label.setAlignment(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        self.live_label = QLabel(self.tr("LIVE"), self)
        self.live_label.setObjectName("liveLabel")
        self.live_label.setStyleSheet("color: white; background: #d32f2f; border-radius: 4px; padding: 2px 8px;")

        self.speed_box = QComboBox(self)
        for speed in SPEEDS:
            self.speed_box.addItem(f"{speed:g}×", speed)
        self.speed_box.setCurrentIndex(SPEEDS.index(1.0))
        self.speed_box.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.speed_box.setToolTip(self.tr("Playing speed ([ slower, ] faster)"))
        self.speed_box.setAccessibleName(self.tr("Playing speed"))
        self.speed_box.currentIndexChanged.connect(lambda index: self.speed_changed.emit(SPEEDS[index]))

        self.row = QHBoxLayout()
        self.row.setContentsMargins(4, 0, 4, 6)
        self.row.setSpacing(2)
        for widget in (self.back_button, self.play_button, self.forward_button):
            self.row.addWidget(widget)
        self.row.addSpacing(8)
        self.row.addWidget(self.live_label)
        self.row.addWidget(self.time_label)
        self.row.addSpacing(8)
        self.row.addWidget(self.speed_box)
        self.row.addWidget(self.loop_button)
        self.row.addStretch(1)

        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 6, 4, 0)
        layout.setSpacing(0)
        layout.addWidget(self.timeline)
        layout.addLayout(self.row)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_source(live=False, duration_s=None)

    def _button(self, glyph: str, tooltip: str) -> QToolButton:
        button = TransportButton(self)
        button.setIcon(icon(glyph))
        button.setToolTip(tooltip)
        button.setAccessibleName(tooltip)
        return button

    def order_tabs(self, before: QWidget) -> None:
        """Tab goes from `before` through the controls as they stand, from left to right."""
        in_row = [item.widget() for i in range(self.row.count()) if (item := self.row.itemAt(i)) is not None]
        stops = [w for w in in_row if w is not None and w.focusPolicy() & Qt.FocusPolicy.TabFocus]
        for first, second in pairwise([before, self.timeline, *stops]):
            QWidget.setTabOrder(first, second)

    def set_source(self, live: bool, duration_s: float | None) -> None:
        """Live sources can only be held; files without a known length can be played and stepped, not sought."""
        self.timeline.setVisible(not live)
        self.live_label.setVisible(live)
        for widget in (self.back_button, self.forward_button, self.speed_box, self.loop_button):
            widget.setVisible(not live)
        self.timeline.set_position(0.0)
        self.set_duration(None if live else duration_s)

    def set_duration(self, duration_s: float | None) -> None:
        """The position stays: the true length of a file is known only when its end was reached."""
        self._duration_s = duration_s
        self.timeline.setEnabled(bool(duration_s))
        self.timeline.set_duration(duration_s or 0.0)
        self.set_position(self.timeline.position_s)

    def set_playing(self, playing: bool) -> None:
        self.play_button.setIcon(icon("pause" if playing else "play"))

    def set_position(self, time_s: float) -> None:
        total = f" / {format_time(self._duration_s)}" if self._duration_s and self.width() >= ROOMY_PX else ""
        self.time_label.setText(format_time(time_s) + total)
        self.timeline.set_position(time_s)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """The whole length is left out where there is no room for it; the time at hand is never cut."""
        super().resizeEvent(event)
        self.set_position(self.timeline.position_s)
        widest = "00:00.000 / 00:00.000" if self.width() >= ROOMY_PX else "00:00.000"
        self.time_label.setMinimumWidth(QFontMetrics(self.time_label.font()).horizontalAdvance(widest) + 8)

    def set_speed(self, speed: float) -> None:
        if speed in SPEEDS:
            self.speed_box.setCurrentIndex(SPEEDS.index(speed))

    def change_speed(self, by: int) -> None:
        """Faster (+1) or slower (-1) by one step of the list."""
        index = min(max(self.speed_box.currentIndex() + by, 0), len(SPEEDS) - 1)
        self.speed_box.setCurrentIndex(index)
