"""Joint angles and keypoint coordinates of the locked person over the last seconds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import ceil
from typing import NamedTuple

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PyQt6.QtCore import QEvent, Qt, QTimer, pyqtSignal, pyqtSlot
from PyQt6.QtGui import QAction, QMouseEvent, QResizeEvent, QShowEvent, QTextDocument
from PyQt6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.angles import ANGLE_NAMES, joint_angles
from app.gui.common.joint_names import angle_meaning, joint_title
from app.gui.common.theme import colours_of, is_dark
from app.gui.panels.elided_label import ElidedLabel
from app.gui.panels.joint_history import WINDOW_S, JointHistory
from app.types import FrameResult
from pose.skeleton import COCO17, Skeleton, skeleton_for

SPANS_S = {10.0: 150, 30.0: 300, WINDOW_S: 500}  # → milliseconds between redraws: more points, less often
LIGHT_CURVES = ("#1a66c9", "#c2410c", "#15803d", "#a21caf", "#0e7490", "#b3261e", "#7a5c00", "#4b5563")
DARK_CURVES = ("#6cb0ff", "#ff9e57", "#6fdc8c", "#f19cff", "#4fd3e0", "#ff8a80", "#e6cf55", "#b8c0cc")
MAX_CURVES = len(LIGHT_CURVES)
ENTRIES_APART = " &nbsp; "
LEAST_DEGREES, LEAST_PIXELS = 30.0, 40.0  # the plots show at least this much: noise is not blown up to full height


class Curve(NamedTuple):
    """kind: "angle", "x" or "y"; name: of the angle or the keypoint."""

    kind: str
    name: str


DEFAULT_CURVES = tuple(Curve("angle", name) for name in ("left_knee", "right_knee", "left_elbow", "right_elbow"))


class PlotPanel(QWidget):
    """Keeps everybody's last minute, so that a person's past is there as soon as that person is locked."""

    curves_changed = pyqtSignal(object)  # tuple[Curve, ...]

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._skeleton: Skeleton = COCO17
        self._history = JointHistory(COCO17.num_keypoints)
        self._slots: dict[Curve, int] = {}  # curve → index of its colour, kept while the curve is shown
        self._items: dict[Curve, pg.PlotDataItem] = {}
        self._actions: dict[Curve, QAction] = {}
        self._names: Mapping[int, str] = {}
        self._latest_s = 0.0

        self._menu_button = QToolButton(self)
        self._menu_button.setText(self.tr("Curves"))
        self._menu_button.setProperty("popup", "button")
        self._menu_button.setToolTip(self.tr("Choose up to {0} angles and coordinates").format(MAX_CURVES))
        self._menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._span_box = QComboBox(self)
        for span_s in SPANS_S:
            self._span_box.addItem(self.tr("{0} s").format(round(span_s)), span_s)
        self._span_box.setCurrentIndex(0)
        self._span_box.setToolTip(self.tr("Seconds shown"))
        self._span_box.setAccessibleName(self.tr("Seconds shown"))
        self._span_box.currentIndexChanged.connect(self.redraw)
        self._who = ElidedLabel(self._default_name(88), self)
        self._who.setProperty("role", "muted")
        self._legend = _Legend(self)
        self._legend.setAccessibleName(self.tr("Curves and their newest values"))
        self._angle_plot = _plot(self.tr("angle (°)"), LEAST_DEGREES)
        self._pixel_plot = _plot(self.tr("position (px)"), LEAST_PIXELS)
        self._angle_plot.setAccessibleName(self.tr("Joint angles over time"))
        self._pixel_plot.setAccessibleName(self.tr("Keypoint coordinates over time"))
        for plot in (self._angle_plot, self._pixel_plot):
            plot.setLabel("bottom", self.tr("time (s)"))
        self._pixel_plot.setXLink(self._angle_plot)
        self._build_layout()
        self._build_menu()
        self.select(DEFAULT_CURVES)

        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.redraw)
        self._restyle()
        self.redraw()

    # What comes in

    @pyqtSlot(object)
    def update_result(self, result: FrameResult) -> None:
        """Remember one more frame; the plot follows a few times a second, and only while it is visible."""
        num_keypoints = result.tracks.poses.keypoints.shape[1]
        if num_keypoints != self._history.num_keypoints:
            self._change_skeleton(skeleton_for(num_keypoints))
        self._history.append(result.tracks, result.frame.time_s)
        self._latest_s = result.frame.time_s
        if self.isVisible() and not self._timer.isActive():
            self._timer.start(SPANS_S[self._span_box.currentData()])

    @pyqtSlot()
    def jump(self) -> None:
        """The next result does not follow the last one."""
        self._history.jump()

    @pyqtSlot(int)
    def set_locked(self, track_id: int) -> None:
        """Plot this person from now on, with what is remembered of the past; 0 = nobody."""
        self._history.follow(track_id)
        self.redraw()

    @pyqtSlot(int)
    def continue_as(self, track_id: int) -> None:
        """The locked person was found again under another identity: the curves go on."""
        self._history.follow(track_id, same_person=True)
        self.redraw()

    def set_names(self, names: Mapping[int, str]) -> None:
        """The names that were given; whoever has none or the empty one keeps the default one."""
        self._names = dict(names)
        self.redraw()

    @pyqtSlot()
    def reset(self) -> None:
        """Forget everything: another source begins."""
        self._history = JointHistory(self._skeleton.num_keypoints)
        self._latest_s = 0.0
        self.redraw()

    # Which curves

    @property
    def curves(self) -> tuple[Curve, ...]:
        return tuple(self._slots)

    def select(self, curves: Iterable[Curve]) -> None:
        """Show these curves, at most MAX_CURVES of those that the skeleton has."""
        wanted = [curve for curve in dict.fromkeys(curves) if curve in self._actions][:MAX_CURVES]
        for curve in set(self._slots) - set(wanted):
            self._remove(curve)
        for curve in wanted:
            if curve not in self._slots:
                self._add(curve)
        full = len(self._slots) == MAX_CURVES
        for curve, action in self._actions.items():
            action.blockSignals(True)
            action.setChecked(curve in self._slots)
            action.blockSignals(False)
            action.setEnabled(curve in self._slots or not full)
        self._restyle()
        self.redraw()
        self.curves_changed.emit(self.curves)

    def _add(self, curve: Curve) -> None:
        self._slots[curve] = next(i for i in range(MAX_CURVES) if i not in self._slots.values())
        item = pg.PlotDataItem(connect="finite", antialias=True)
        self._items[curve] = item
        self._plot_of(curve).addItem(item)

    def _remove(self, curve: Curve) -> None:
        self._plot_of(curve).removeItem(self._items.pop(curve))
        del self._slots[curve]

    def _plot_of(self, curve: Curve) -> pg.PlotWidget:
        return self._angle_plot if curve.kind == "angle" else self._pixel_plot

    def _change_skeleton(self, skeleton: Skeleton) -> None:
        followed = self._history.track_id
        self._skeleton = skeleton
        self._history = JointHistory(skeleton.num_keypoints)
        self._history.follow(followed)
        chosen = self.curves
        self._build_menu()
        self.select(chosen)

    # Drawing

    @pyqtSlot()
    def redraw(self) -> None:
        history = self._history
        locked = history.track_id
        self._stack.setCurrentIndex(1 if locked else 0)
        if not locked:
            return
        span_s = float(self._span_box.currentData())
        first = int(np.searchsorted(history.times_s, self._latest_s - span_s))
        times, keypoints = history.times_s[first:], history.keypoints[first:]
        names, angles = joint_angles(keypoints, self._skeleton)
        for curve, item in self._items.items():
            item.setData(times, self._values(curve, names, angles, keypoints))
        begin_s = max(self._latest_s - span_s, 0.0)  # there is no time before a source begins
        self._angle_plot.setXRange(begin_s, begin_s + span_s, padding=0)
        seen = bool(len(keypoints)) and bool(np.isfinite(keypoints[-1]).any())
        name = self._names.get(locked) or self._default_name(locked)
        self._who.show_text(name if seen else self.tr("{0}, not seen now").format(name))
        self._show_legend()

    def _default_name(self, track_id: int) -> str:
        return self.tr("Person {0}").format(track_id)

    def _values(
        self, curve: Curve, names: tuple[str, ...], angles: NDArray[np.float32], keypoints: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        if curve.kind == "angle":
            return angles[:, names.index(curve.name)]
        return keypoints[:, self._skeleton.index(curve.name), 0 if curve.kind == "x" else 1]

    def _show_legend(self) -> None:
        colours = DARK_CURVES if is_dark(self.palette()) else LIGHT_CURVES
        entries, widest = [], []
        for curve, slot in self._slots.items():
            values = self._items[curve].yData
            newest = values[-1] if values is not None and len(values) else np.nan
            unit, most = ("°", 180) if curve.kind == "angle" else (" px", 8888)
            value = f"{newest:.0f}{unit}" if np.isfinite(newest) else "–"
            entries.append(_legend_entry(colours[slot], _title(curve), value))
            widest.append(_legend_entry(colours[slot], _title(curve), f"{most}{unit}"))
        nothing = self.tr("No curve chosen")
        self._legend.show_entries(entries or [nothing], widest or [nothing])

    def showEvent(self, event: QShowEvent | None) -> None:
        self.redraw()
        super().showEvent(event)

    def changeEvent(self, event: QEvent | None) -> None:
        if event is not None and event.type() == QEvent.Type.PaletteChange and hasattr(self, "_timer"):
            self._restyle()
            self.redraw()
        super().changeEvent(event)

    def _restyle(self) -> None:
        """Colours of the theme, and no room for a plot without curves."""
        theme = colours_of(self.palette())
        curves = DARK_CURVES if is_dark(self.palette()) else LIGHT_CURVES
        for plot in (self._angle_plot, self._pixel_plot):
            plot.setBackground(theme.base)
            for side in ("left", "bottom"):
                axis = plot.getAxis(side)
                axis.setPen(theme.outline)
                axis.setTextPen(theme.muted)
            plot.setVisible(any(self._plot_of(curve) is plot for curve in self._slots))
        # Two plots, one above the other, share the words under the lower one.
        self._angle_plot.getAxis("bottom").showLabel(self._pixel_plot.isHidden())
        for curve, slot in self._slots.items():
            self._items[curve].setPen(pg.mkPen(curves[slot], width=2))

    # Construction

    def _build_layout(self) -> None:
        controls = QHBoxLayout()
        controls.setSpacing(8)
        controls.addWidget(self._who, 1)
        controls.addWidget(self._span_box)
        controls.addWidget(self._menu_button)
        for control in (self._span_box, self._menu_button):  # as high as each other
            control.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum)
        plots = QWidget(self)
        column = QVBoxLayout(plots)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(controls)
        column.addWidget(self._angle_plot, 1)
        column.addWidget(self._pixel_plot, 1)
        column.addWidget(self._legend)
        nobody = QLabel(self.tr("Lock a person to see how joint angles and positions change."), self)
        nobody.setProperty("role", "muted")
        nobody.setAlignment(Qt.AlignmentFlag.AlignCenter)
        nobody.setWordWrap(True)
        self._stack = QStackedLayout()
        self._stack.addWidget(nobody)
        self._stack.addWidget(plots)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addLayout(self._stack)
        QWidget.setTabOrder(self._span_box, self._menu_button)

    def _build_menu(self) -> None:
        self._actions = {}
        menu = _StayingMenu(self.tr("Curves"), self)
        for name in ANGLE_NAMES:
            self._add_action(menu, Curve("angle", name), angle_meaning(name))
        menu.addSeparator()
        for kind, title in (("x", self.tr("Across the image (x)")), ("y", self.tr("Down the image (y)"))):
            submenu = _StayingMenu(title, menu)
            menu.addMenu(submenu)
            for name in self._skeleton.keypoint_names:
                self._add_action(submenu, Curve(kind, name), self.tr("in pixels of the image"))
        menu.addSeparator()
        clear = menu.addAction(self.tr("No curves"))
        assert clear is not None
        clear.triggered.connect(lambda: self.select(()))
        old = self._menu_button.menu()
        self._menu_button.setMenu(menu)
        if old is not None:
            old.deleteLater()

    def _add_action(self, menu: QMenu, curve: Curve, tip: str) -> None:
        action = QAction(_title(curve).capitalize() if curve.kind == "angle" else joint_title(curve.name), menu)
        action.setCheckable(True)
        action.setToolTip(tip)
        action.toggled.connect(lambda on: self.select((*self.curves, curve) if on else set(self.curves) - {curve}))
        menu.addAction(action)
        self._actions[curve] = action


class _Legend(QLabel):
    """Short texts side by side, in as many lines as they may ever need: the plots above keep their height."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._room = QTextDocument(self)  # the entries at their widest
        self._room.setDocumentMargin(0)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)

    def show_entries(self, entries: list[str], widest: list[str]) -> None:
        """widest: the same ones with the values that take the most room."""
        self.setText(ENTRIES_APART.join(entries))
        self._room.setDefaultFont(self.font())
        self._room.setHtml(ENTRIES_APART.join(widest))
        self._fit()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self._room.setTextWidth(self.width())
        self.setMinimumHeight(ceil(self._room.size().height()))


class _StayingMenu(QMenu):
    """Stays open while boxes are ticked, so that several curves are chosen at once."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(title, parent)
        self.setToolTipsVisible(True)

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        action = self.activeAction()
        if action is not None and action.isCheckable() and action.isEnabled():
            action.trigger()
        else:
            super().mouseReleaseEvent(event)


def _legend_entry(colour: str, title: str, value: str) -> str:
    words = f"{title} <b>{value}</b>".replace(" ", "&nbsp;")
    return f'<span style="color:{colour}">●</span>&nbsp;{words}'


def _title(curve: Curve) -> str:
    name = joint_title(curve.name)
    return name if curve.kind == "angle" else f"{name} {curve.kind}"


def _plot(title: str, least_span: float) -> pg.PlotWidget:
    plot = pg.PlotWidget()
    plot.setLabel("left", title)
    plot.showGrid(x=False, y=True, alpha=0.25)
    plot.setMouseEnabled(False, False)
    plot.setMenuEnabled(False)
    plot.hideButtons()
    plot.getAxis("left").setWidth(56)
    plot.getAxis("left").enableAutoSIPrefix(False)
    plot.getAxis("bottom").enableAutoSIPrefix(False)
    plot.setLimits(minYRange=least_span)
    plot.enableAutoRange(axis="y")
    plot.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
    plot.setMinimumHeight(120)
    plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return plot
