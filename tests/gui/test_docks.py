"""The panels beside the image keep what they need, however small the window is made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtCore import QPoint
from PyQt6.QtWidgets import QApplication, QWidget

from app.gui.panels.plot_panel import DEFAULT_CURVES, Curve
from app.gui.shell.main_window import MainWindow
from tests.gui.studio import FAST

Maker = Callable[..., MainWindow]


def inside(widget: QWidget, window: QWidget) -> bool:
    """Whether all of the widget is within the window and within everything in between."""
    while widget is not window:
        parent = widget.parentWidget()
        if parent is None or not parent.rect().contains(widget.geometry()):
            return False
        widget = parent
    return True


def settle() -> None:
    for _ in range(3):  # one layout asks for another
        QApplication.processEvents()


@pytest.fixture
def window(qtbot: Any, make_window: Maker, clip: Path) -> MainWindow:
    """Somebody is locked, and both panels are shown."""
    window = make_window()
    window.open_source(str(clip))
    window.session.pause()
    qtbot.waitUntil(lambda: window.view.delivery is not None and window.view.delivery.analysed, timeout=FAST)
    window.session.people.lock_person(1)
    window.docks.plots.show()
    settle()
    return window


@pytest.mark.parametrize(
    "curves", [DEFAULT_CURVES, (*DEFAULT_CURVES, Curve("x", "nose"), Curve("y", "left_wrist"))], ids=["one", "two"]
)
def test_nothing_of_the_panels_is_outside_of_the_smallest_window(window: MainWindow, curves: tuple[Curve, ...]) -> None:
    window.plots.select(curves)
    settle()
    window.resize(1, 1)
    settle()
    shown = [w for panel in (window.people, window.plots) for w in panel.findChildren(QWidget) if w.isVisible()]
    legend = window.plots._legend
    assert legend in shown and legend.height() >= legend.heightForWidth(legend.width())
    for widget in (window.people.lock_button, window.people.show_all_button, legend, window.transport):
        assert inside(widget, window), widget
    for plot in (window.plots._angle_plot, window.plots._pixel_plot):
        if plot.isVisible():
            assert inside(plot, window)
            assert plot.height() >= plot.minimumHeight()
    bottom = legend.mapTo(window, QPoint(0, legend.height())).y()
    assert bottom <= window.height()


def test_who_leaves_the_image_does_not_make_it_smaller(window: MainWindow) -> None:
    window.resize(1, 1)
    settle()
    before = window.view.size()
    window.plots.set_names({1: "Somebody with a rather long name, who is about to leave the image"})
    window.plots.reset()
    window.plots.set_locked(1)
    settle()
    assert window.view.size() == before
