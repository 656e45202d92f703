"""The image: one result with its own overlay, zoom, pan, and a click on a person."""

from __future__ import annotations

import time
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PyQt6.QtWidgets import QSizePolicy, QWidget

from app.gui.view.compose import Canvas, compose, without
from app.gui.view.delivery import Delivery
from app.gui.view.draw_tool import DrawTool, Shape
from app.gui.view.drawings import Drawings
from app.gui.view.hit_test import NOBODY, person_at
from app.gui.view.hud import MARGIN_PX, HudStats, hud_font, hud_image
from app.gui.view.joint_tool import JointTool
from app.gui.view.marks import forget_fonts, paint_corners, paint_name
from app.gui.view.view_transform import ViewTransform, adapt, fit_view
from app.render.overlay import BACKGROUND_BGR, OverlayStyle, Trails
from tracking.types import TrackedPoses

DRAG_PX = 5.0  # a press that moves less than this is a click
ZOOM_STEP = 1.25
CLICK_TOLERANCE_PX, JOINT_TOLERANCE_PX = 14.0, 9.0
LEAST_PAINT_S = 1 / 62  # no screen shows more; results beyond that are not worth converting
PAINT_SHARE = 0.07  # of one core at most, drawing: where painting is slow, the network needs the machine more
COST_MEMORY = 0.9  # of the mean time of a painting, per painting
BACKGROUND = QColor(*reversed(BACKGROUND_BGR))


class VideoView(QWidget):
    """Shows the newest delivery. Pixels are converted while painting: what is never painted costs nothing."""

    person_clicked = pyqtSignal(int)  # track id, 0 = beside everybody
    menu_requested = pyqtSignal(int, object, object)  # track id or 0, place in the image, QPoint on the screen
    painted = pyqtSignal(float)  # seconds from capture to screen, once per delivery

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(320, 200)
        self.setAccessibleName(self.tr("Video image"))
        self._delivery: Delivery | None = None
        self._is_new = False
        self._style = OverlayStyle()
        self._transform: ViewTransform | None = None
        self._image: QImage | None = None
        self._canvas = Canvas()  # QImage borrows its memory
        self._trails, self._trails_key = Trails(), 0
        self._hud: HudStats | None = None
        self._hud_image: QPixmap | None = None
        self._hint = ""
        self._locked_id = NOBODY
        self._hidden_ids: frozenset[int] = frozenset()
        self._names: Mapping[int, str] = {}
        self._hover_id = NOBODY
        self._painted_s = 0.0
        self._paint_cost_s = 0.0
        self._paint_timer = QTimer(self)
        self._paint_timer.setSingleShot(True)
        self._paint_timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._paint_timer.timeout.connect(self.update)
        self._press: QPointF | None = None
        self._dragging = self._grabbed = False
        self._drawings = Drawings()
        self.joints = JointTool(self)
        self.joints.changed.connect(self._invalidate)
        self.drawing = DrawTool(self)
        self.drawing.changed.connect(self._on_drawing)

    # What to show

    def show_delivery(self, delivery: Delivery) -> None:
        if delivery.jump or delivery.source_key != self._trails_key:
            self._trails, self._trails_key = Trails(), delivery.source_key
        self._trails.update(
            without(delivery.result.tracks, self._hidden_ids), delivery.skeleton, delivery.result.frame.time_s
        )
        self._delivery, self._is_new = delivery, True
        self._image = None
        self.joints.see(delivery)
        wait_s = self._painted_s + max(LEAST_PAINT_S, self._paint_cost_s / PAINT_SHARE) - time.perf_counter()
        if wait_s <= 0:
            self.update()
        elif not self._paint_timer.isActive():
            self._paint_timer.start(int(1000 * wait_s) + 1)

    def clear(self) -> None:
        self._delivery, self._transform = None, None
        self.joints.forget()
        self.drawing.leave()
        self._invalidate()

    def set_style(self, style: OverlayStyle) -> None:
        self._style = style
        self._invalidate()

    def set_hud(self, stats: HudStats | None) -> None:
        """None hides the figures."""
        if stats != self._hud:
            self._hud, self._hud_image = stats, None
            if not self._paint_timer.isActive():  # else with the next image
                self.update()

    def set_hint(self, text: str) -> None:
        """A line in the middle of the image while there is something to wait for."""
        if text != self._hint:
            self._hint = text
            self.update()

    def set_lock(self, track_id: int) -> None:
        self._locked_id = track_id
        self.update()

    def set_hidden(self, ids: frozenset[int]) -> None:
        self._hidden_ids = ids
        self._invalidate()

    def set_names(self, names: Mapping[int, str]) -> None:
        self._names = dict(names)
        self.update()

    def set_drawings(self, drawings: Drawings) -> None:
        if drawings != self._drawings:
            self._drawings = drawings
            self.update()

    def draw(self, shape: Shape) -> None:
        """Let the user draw; `drawing.finished` tells the points."""
        if self._delivery is not None:
            height, width = self._delivery.result.frame.image_bgr.shape[:2]
            self.joints.leave()
            self.drawing.start(shape, (width, height))
            self.setFocus()

    @property
    def delivery(self) -> Delivery | None:
        return self._delivery

    @property
    def transform(self) -> ViewTransform | None:
        """Image pixels → device pixels of this widget."""
        return self._transform

    # Zoom

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        if self._transform is None:
            return
        ratio = self.devicePixelRatioF()
        x, y = (at.x() * ratio, at.y() * ratio) if at is not None else np.divide(self._transform.view_wh, 2)
        self._transform = self._transform.zoomed(factor, float(x), float(y))
        self._invalidate()

    def zoom_to_fit(self) -> None:
        if self._transform is not None:
            t = self._transform
            self._transform = fit_view(t.image_wh, t.view_wh, t.mirror)
            self._invalidate()

    # Painting

    def _invalidate(self) -> None:
        self._image = None
        self.update()

    def _view_wh(self) -> tuple[int, int]:
        ratio = self.devicePixelRatioF()
        return max(round(self.width() * ratio), 1), max(round(self.height() * ratio), 1)

    def _render(self, delivery: Delivery) -> None:
        height, width = delivery.result.frame.image_bgr.shape[:2]
        view_wh = self._view_wh()
        if self._transform is None:
            self._transform = fit_view((width, height), view_wh, self._style.mirror)
        else:
            self._transform = adapt(self._transform, (width, height), view_wh, self._style.mirror)
        pixels = compose(
            delivery.result.frame.image_bgr,
            self.joints.shown(delivery.result.tracks),
            delivery.skeleton,
            self._style,
            self._transform,
            self._canvas,
            hidden=self._hidden_ids,
            trails=self._trails if self._style.trails else None,
            heatmap=delivery.heatmap,
            analysed=delivery.analysed,
        )
        h, w = pixels.shape[:2]
        self._image = QImage(pixels.data, w, h, 4 * w, QImage.Format.Format_RGB32)  # type: ignore[call-overload]
        self._image.setDevicePixelRatio(self.devicePixelRatioF())

    def _shown_tracks(self) -> TrackedPoses:
        assert self._delivery is not None
        return without(self.joints.shown(self._delivery.result.tracks), self._hidden_ids)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        begun_s = time.thread_time()
        painter = QPainter(self)
        delivery = self._delivery
        if delivery is None:
            painter.fillRect(self.rect(), BACKGROUND)
        else:
            if self._image is None:
                self._render(delivery)
            assert self._image is not None
            painter.drawImage(QPointF(0, 0), self._image)
            self._drawings.paint(painter, self._to_widget)
            self._paint_people(painter)
            self.joints.paint(painter, self._to_widget, self._hover_id or self._locked_id)
            self.drawing.paint(painter, self._to_widget)
        if self._hud is not None and delivery is not None:
            self._paint_hud(painter, self._hud)
        prompt = self.drawing.prompt or self.joints.prompt
        if prompt:
            self._paint_hint(painter, prompt, below=False)
        if self._hint:
            self._paint_hint(painter, self._hint)
        painter.end()
        if delivery is not None and self._is_new:
            self._is_new = False
            self._painted_s = time.perf_counter()
            cost_s = time.thread_time() - begun_s
            self._paint_cost_s += (1 - COST_MEMORY) * (cost_s - self._paint_cost_s)
            self.painted.emit(self._painted_s - delivery.captured_s)

    def _paint_hud(self, painter: QPainter, stats: HudStats) -> None:
        ratio = self.devicePixelRatioF()
        if self._hud_image is None or self._hud_image.devicePixelRatio() != ratio:
            self._hud_image = hud_image(stats, ratio)
        painter.drawPixmap(QPointF(MARGIN_PX, MARGIN_PX), self._hud_image)

    def _to_widget(self, points: NDArray[np.floating]) -> NDArray[np.float32]:
        """(..., 2) points of the image → this widget's own pixels."""
        assert self._transform is not None
        return self._transform.to_view(points) / np.float32(self.devicePixelRatioF())

    def _paint_people(self, painter: QPainter) -> None:
        assert self._transform is not None
        tracks = self._shown_tracks()
        for track_id, keypoints in zip(tracks.ids, tracks.poses.keypoints, strict=True):
            points = self._to_widget(keypoints)
            points = points[np.isfinite(points[:, 0])]
            if len(points) == 0:
                continue
            (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
            box = QRectF(float(left), float(top), float(right - left), float(bottom - top))
            person = int(track_id)
            if person == self._locked_id:
                paint_corners(painter, box.adjusted(-14, -14, 14, 14), QColor(255, 255, 255))
            elif person == self._hover_id:
                paint_corners(painter, box.adjusted(-14, -14, 14, 14), QColor(255, 255, 255, 130))
            if self._style.labels:
                paint_name(painter, self._names.get(person) or str(person), person, box, self.size())

    def _paint_hint(self, painter: QPainter, text: str, below: bool = True) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = hud_font(scale=1.15)
        metrics = QFontMetricsF(font)
        width, height = metrics.horizontalAdvance(text) + 36, metrics.height() + 20
        top = self.height() - height - 18 if below else 18
        box = QRectF((self.width() - width) / 2, top, width, height)
        painter.setFont(font)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(12, 14, 18, 190))
        painter.drawRoundedRect(box, height / 2, height / 2)
        painter.setPen(QColor(245, 247, 250))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def changeEvent(self, event: QEvent | None) -> None:
        if event is not None and event.type() == QEvent.Type.FontChange:
            forget_fonts()
            self._hud_image = None
            self.update()
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self._invalidate()
        super().resizeEvent(event)

    # Mouse

    def person_at(self, position: QPointF) -> int:
        """The id of the person shown at a point of the widget, or 0."""
        if self._delivery is None or self._transform is None:
            return NOBODY
        tolerance_px = self._in_image(CLICK_TOLERANCE_PX)
        return person_at(self._place(position), self._shown_tracks(), self._delivery.skeleton, tolerance_px)

    def _place(self, position: QPointF) -> tuple[float, float]:
        """A point of the widget in pixels of the image."""
        if self._transform is None:
            return 0.0, 0.0
        ratio = self.devicePixelRatioF()
        return self._transform.to_image(position.x() * ratio, position.y() * ratio)

    def _in_image(self, length: float) -> float:
        """A length of the widget in pixels of the image."""
        return length * self.devicePixelRatioF() / self._transform.scale if self._transform is not None else 0.0

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        if event is not None:
            self.zoom_by(ZOOM_STEP ** (event.angleDelta().y() / 120), event.position())
            event.accept()

    def event(self, event: QEvent | None) -> bool:
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self.zoom_by(1 + event.value(), event.position())
            return True
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and (self.drawing.wants(event) or self.joints.wants(event))
        ):
            event.accept()  # it is no shortcut of the window now
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is None:
            return
        for tool in (self.drawing, self.joints):
            if tool.wants(event):
                tool.key(event)
                return
        super().keyPressEvent(event)

    def _on_drawing(self) -> None:
        self.setCursor(Qt.CursorShape.CrossCursor if self.drawing.active else Qt.CursorShape.ArrowCursor)
        self.update()

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is not None and event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._press, self._dragging = event.position(), False
            self._grabbed = False
            if event.button() == Qt.MouseButton.LeftButton:
                if self.drawing.active:
                    self._press = None
                    self.drawing.press(self._place(event.position()))
                else:
                    self._grabbed = self.joints.grab(self._place(event.position()), self._in_image(JOINT_TOLERANCE_PX))

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is None:
            return
        if self.drawing.active:
            self.drawing.move(self._place(event.position()))
            return
        if self._press is not None and self._grabbed:
            if self._dragging or (event.position() - self._press).manhattanLength() > DRAG_PX:
                self._dragging = True
                self.joints.drag(self._place(event.position()))
            return
        if self._press is not None:
            moved = event.position() - self._press
            if self._dragging or moved.manhattanLength() > DRAG_PX:
                self._dragging = True
                self._pan(moved)
                self._press = event.position()
            return
        hover = self.person_at(event.position())
        on_joint = self.joints.hover(self._place(event.position()), self._in_image(JOINT_TOLERANCE_PX))
        over_person = Qt.CursorShape.PointingHandCursor if hover else Qt.CursorShape.ArrowCursor
        self.setCursor(Qt.CursorShape.OpenHandCursor if on_joint else over_person)
        if hover != self._hover_id:
            self._hover_id = hover
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        if event is not None and self.drawing.active:
            self.drawing.release(self._place(event.position()))
        if event is None or self._press is None:
            return
        if self._grabbed:
            self.joints.drop(alone=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        was_click = not self._dragging and event.button() == Qt.MouseButton.LeftButton
        self._press, self._dragging, self._grabbed = None, False, False
        if was_click and self._delivery is not None:
            self.person_clicked.emit(self.person_at(event.position()))

    def contextMenuEvent(self, event: QContextMenuEvent | None) -> None:
        if event is not None and self._delivery is not None and not self.drawing.active:
            position = QPointF(event.pos())
            self.joints.hover(self._place(position), self._in_image(JOINT_TOLERANCE_PX))
            self.menu_requested.emit(self.person_at(position), self._place(position), event.globalPos())

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        if event is not None and self.drawing.active:
            self.drawing.double_click()
        elif event is not None and self.person_at(event.position()) == NOBODY:
            self.zoom_to_fit()

    def leaveEvent(self, event: QEvent | None) -> None:
        self._hover_id = NOBODY
        self.update()

    def _pan(self, moved: QPointF) -> None:
        if self._transform is not None:
            ratio = self.devicePixelRatioF()
            self._transform = self._transform.panned(moved.x() * ratio, moved.y() * ratio)
            self._invalidate()
