"""A joint under the mouse or the keys: chosen, dragged, shown where it will be. Knows frames, not stores."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QObject, QPointF, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QKeyEvent, QPainter, QPen

from app.gui.common.joint_names import joint_title
from app.gui.view.delivery import Delivery
from app.gui.view.hit_test import NOBODY, joint_at
from app.gui.view.marks import paint_label
from pose.types import Poses
from tracking.types import TrackedPoses

Point = tuple[float, float]
ToView = Callable[[NDArray[np.floating]], NDArray[np.float32]]
STEP_PX, LONG_STEP_PX = 1.0, 10.0  # of the image, by an arrow key
RING_PX, CHOSEN_RING_PX = 4.0, 8.0
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


@dataclass(frozen=True, slots=True)
class Held:
    """A joint that is chosen, and where it is to be. joint: its place in the skeleton. x, y: pixels of the image."""

    person: int
    joint: int
    x: float
    y: float
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """A joint is to be at (x, y), image pixels, in a frame. alone: its neighbours in time stay where they are."""

    person: int
    joint: str
    frame: int
    x: float
    y: float
    alone: bool


class JointTool(QObject):
    """Fed with deliveries, mouse and keys in pixels of the image; asks for edits."""

    moved = pyqtSignal(object)  # Move
    hide_requested = pyqtSignal(int, str)  # person, joint
    changed = pyqtSignal()  # to be painted anew

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._enabled = False
        self._delivery: Delivery | None = None
        self._hover: tuple[int, int] | None = None
        self._held: Held | None = None
        self._by_mouse = False
        self._pending: Held | None = None  # asked for, not yet in what is delivered

    # What there is

    def set_enabled(self, enabled: bool) -> None:
        """Whether joints can be moved: only in a still image of an analysed file."""
        if enabled != self._enabled:
            self.leave()
            self._enabled = enabled

    def see(self, delivery: Delivery) -> None:
        """What is shown from now on; a chosen joint stays chosen in the next frame."""
        before, self._delivery = self._delivery, delivery
        same = before is not None and before.result.frame.index == delivery.result.frame.index
        self._hover = None
        if same and self._pending is not None:
            self._pending = None
        held = self._held
        if held is None or (same and (held.moved or self._by_mouse)):
            return  # an earlier edit arrives in the middle of the next one
        place = self._place(held.person, held.joint)
        self._pending = None
        self._held = None if place is None else Held(held.person, held.joint, *place)
        self._by_mouse = False

    def forget(self) -> None:
        self._delivery = self._hover = self._held = self._pending = None

    @property
    def active(self) -> bool:
        """Whether a joint is chosen, so that arrow keys are for it."""
        return self._held is not None and not self._by_mouse

    @property
    def chosen(self) -> tuple[int, str] | None:
        """The person and the joint that is chosen."""
        return None if self._held is None else (self._held.person, self._name(self._held.joint))

    @property
    def under_mouse(self) -> tuple[int, str] | None:
        return None if self._hover is None else (self._hover[0], self._name(self._hover[1]))

    @property
    def prompt(self) -> str:
        if not self.active or self._held is None:
            return ""
        return self.tr("{joint}: arrows move it, Enter keeps, Delete hides, Esc leaves").format(
            joint=joint_title(self._name(self._held.joint))
        )

    def shown(self, tracks: TrackedPoses) -> TrackedPoses:
        """The people with the joint where it is being moved to."""
        held = self._held if self._held is not None and self._held.moved else self._pending
        if held is None or held.person not in tracks.ids:
            return tracks
        row = int(np.flatnonzero(tracks.ids == held.person)[0])

        def change(poses: Poses) -> Poses:
            points, scores = poses.keypoints.copy(), poses.scores.copy()
            points[row, held.joint], scores[row, held.joint] = (held.x, held.y), 1.0
            return Poses(points, scores, poses.confidence)

        return tracks.with_poses(change)

    # Mouse

    def hover(self, point: Point, tolerance_px: float) -> bool:
        """Whether a joint lies there that could be dragged."""
        found = self._at(point, tolerance_px)
        if found != self._hover:
            self._hover = found
            self.changed.emit()
        return found is not None

    def grab(self, point: Point, tolerance_px: float) -> bool:
        found = self._at(point, tolerance_px)
        if found is None:
            return False
        self.keep()
        self._held, self._by_mouse = Held(*found, *point), True
        return True

    def drag(self, point: Point) -> None:
        if self._held is not None and self._by_mouse:
            self._put(point)

    def drop(self, alone: bool) -> None:
        """The mouse lets go: the joint is to be there."""
        if self._by_mouse:
            self.keep(alone)
            self._by_mouse = False

    # Keys

    def choose(self, person: int, step: int = 1, joint: str = "") -> None:
        """The next joint of a person, or the previous one (-1), or a certain one; those that are missing are passed."""
        if not self._enabled or self._delivery is None:
            return
        self.keep()
        count = self._delivery.skeleton.num_keypoints
        held = self._held
        if joint in self._delivery.skeleton.keypoint_names:
            first = self._delivery.skeleton.index(joint)
        elif held is not None and held.person == person:
            first = held.joint + step
        else:
            first = 0 if step > 0 else count - 1
        for i in range(count):
            j = (first + i * (1 if step > 0 else -1)) % count
            place = self._place(person, j)
            if place is not None:
                self._held, self._by_mouse = Held(person, j, *place), False
                break
        self.changed.emit()

    def wants(self, event: QKeyEvent) -> bool:
        """Whether a key is for the chosen joint and not for the window."""
        return self.active and event.key() in (
            *_ARROWS, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape, Qt.Key.Key_Delete,
        )  # fmt: skip

    def key(self, event: QKeyEvent) -> None:
        assert self._held is not None
        held, key = self._held, Qt.Key(event.key())
        if key in _ARROWS:
            far = LONG_STEP_PX if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else STEP_PX
            dx, dy = _ARROWS[key]
            self._put((held.x + dx * far, held.y + dy * far))
        elif key == Qt.Key.Key_Escape:
            self.leave()
        elif key == Qt.Key.Key_Delete:
            self.leave()
            self.hide_requested.emit(held.person, self._name(held.joint))
        else:
            self.keep(bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))

    def keep(self, alone: bool = False) -> None:
        """Ask for the joint to be where it was moved to; it stays chosen."""
        held = self._held
        if held is not None and held.moved and self._delivery is not None:
            self._pending, self._held = held, replace(held, moved=False)
            frame = self._delivery.result.frame.index
            self.moved.emit(Move(held.person, self._name(held.joint), frame, held.x, held.y, alone))
        if self._by_mouse:
            self._held = None
        self.changed.emit()

    def leave(self) -> None:
        """Nothing is chosen, and nothing was moved."""
        self._held, self._by_mouse, self._hover = None, False, None
        self.changed.emit()

    # Painting

    def paint(self, painter: QPainter, to_view: ToView, person: int) -> None:
        """Rings around the joints of a person who can be edited, and the chosen one with its name."""
        if not self._enabled or self._delivery is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        chosen = (self._held.person, self._held.joint) if self._held else self._hover
        if chosen is not None:
            person = chosen[0]
        if person == NOBODY:
            return
        tracks = self.shown(self._delivery.result.tracks)
        row = np.flatnonzero(tracks.ids == person)
        if not len(row):
            return
        places = to_view(tracks.poses.keypoints[row[0]])
        for joint, (x, y) in enumerate(places.tolist()):
            if x == x and (chosen is None or joint != chosen[1]):
                _ring(painter, QPointF(x, y), RING_PX)
        if chosen is not None and np.isfinite(places[chosen[1]]).all():
            at = QPointF(*places[chosen[1]].tolist())
            _ring(painter, at, CHOSEN_RING_PX)
            paint_label(painter, joint_title(self._name(chosen[1])), at + QPointF(14, -14))

    # Helpers

    def _at(self, point: Point, tolerance_px: float) -> tuple[int, int] | None:
        if not self._enabled or self._delivery is None:
            return None
        return joint_at(point, self.shown(self._delivery.result.tracks), tolerance_px)

    def _put(self, point: Point) -> None:
        assert self._held is not None and self._delivery is not None
        height, width = self._delivery.result.frame.image_bgr.shape[:2]
        x, y = min(max(point[0], 0.0), width - 1.0), min(max(point[1], 0.0), height - 1.0)
        self._held = replace(self._held, x=x, y=y, moved=True)
        self.changed.emit()

    def _place(self, person: int, joint: int) -> Point | None:
        assert self._delivery is not None
        tracks = self.shown(self._delivery.result.tracks)
        row = np.flatnonzero(tracks.ids == person)
        if not len(row):
            return None
        x, y = tracks.poses.keypoints[row[0], joint].tolist()
        return (x, y) if x == x else None

    def _name(self, joint: int) -> str:
        assert self._delivery is not None
        return self._delivery.skeleton.keypoint_names[joint]


def _ring(painter: QPainter, at: QPointF, radius: float) -> None:
    """Dark below light, so that it shows on every background."""
    for colour, width in ((QColor(0, 0, 0, 170), 3.6), (QColor(255, 255, 255), 1.8)):
        painter.setPen(QPen(colour, width))
        painter.drawEllipse(QRectF(at.x() - radius, at.y() - radius, 2 * radius, 2 * radius))
