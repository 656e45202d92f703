"""The panels at the side of the image: made, put aside while the first page is shown, and remembered."""

from __future__ import annotations

from PyQt6.QtCore import QByteArray, QObject, Qt
from PyQt6.QtWidgets import QAbstractButton, QDockWidget, QMainWindow, QWidget


class Docks(QObject):
    """Puts the panels into the window. `people`, `review`, `plots` and `numbers` are what holds them."""

    def __init__(self, window: QMainWindow, people: QWidget, review: QWidget, plots: QWidget, numbers: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._aside: QByteArray | None = None  # how the panels were when the first page took their place
        self.people = self._add(self.tr("People"), "peopleDock", people)
        self.review = self._add(self.tr("Review"), "reviewDock", review)
        self.plots = self._add(self.tr("Plots"), "plotsDock", plots)
        self.numbers = self._add(self.tr("Big numbers"), "numbersDock", numbers, Qt.DockWidgetArea.BottomDockWidgetArea)

    def put_aside(self) -> None:
        """Hide the panels until `bring_back`."""
        if self._aside is None:
            self._aside = QByteArray(self._window.saveState())
            for dock in (self.people, self.review, self.plots, self.numbers):
                dock.hide()

    def bring_back(self) -> None:
        """Show those panels that were shown before, where they were."""
        if self._aside is not None:
            self._window.restoreState(self._aside)
            self._aside = None

    def places(self) -> QByteArray:
        """How the panels lie, for `restore`."""
        return self._aside or QByteArray(self._window.saveState())

    def restore(self, places: QByteArray) -> None:
        """As they were at the last end; at the first start without plots."""
        self.numbers.hide()  # an earlier version did not know them
        if places.isEmpty() or not self._window.restoreState(places):
            self.plots.hide()
            self._window.resizeDocks([self.people], [320], Qt.Orientation.Horizontal)
            self._window.resizeDocks([self.people, self.review, self.plots], [240, 320, 420], Qt.Orientation.Vertical)

    def _add(
        self,
        title: str,
        name: str,
        panel: QWidget,
        area: Qt.DockWidgetArea = Qt.DockWidgetArea.RightDockWidgetArea,
    ) -> QDockWidget:
        dock = QDockWidget(title, self._window)
        dock.setObjectName(name)
        dock.setWidget(panel)
        self._window.addDockWidget(area, dock)
        for part, tip in (("float", self.tr("Put it in a window of its own, or back")), ("close", self.tr("Close"))):
            button = dock.findChild(QAbstractButton, f"qt_dockwidget_{part}button")
            if button is not None:
                button.setToolTip(tip)
        return dock
