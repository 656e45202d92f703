"""Who counts, and what is measured: rules for people, regions, a known length, a floor line, drawn on the image."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PyQt6.QtCore import QObject, pyqtSlot
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QInputDialog, QMenu

from app.analysis.edits import Edit
from app.analysis.measure import Floor, Scale
from app.analysis.repair import Repair
from app.analysis.subjects import Region, Rule
from app.gui.shell.actions import SEPARATOR, Command
from app.gui.shell.stage import Stage
from app.gui.view.draw_tool import Point, Shape

LEAST_M, MOST_M = 0.001, 100_000.0
NAMES = ("largest", "longest", "central", "inside", "outside", "length", "floor")


class Measuring(QObject):
    """Commands that need an analysed file; what is drawn becomes an edit like all others."""

    def __init__(self, window: Stage) -> None:
        super().__init__(window)
        self._window = window
        window.view.drawing.finished.connect(self._on_drawn)

    def commands(self) -> list[Command | None]:
        return [
            Command("largest", self.tr("Only the &largest person counts"), (), lambda: self._choose("largest"),
                    tip=self.tr("Whose area is largest, summed over the whole video")),
            Command("longest", self.tr("Only who is seen l&ongest counts"), (), lambda: self._choose("longest")),
            Command("central", self.tr("Only the most &central person counts"), (), lambda: self._choose("central")),
            SEPARATOR,
            *self._drawing_commands(),
        ]  # fmt: skip

    def _drawing_commands(self) -> list[Command]:
        return [
            Command("inside", self.tr("Count only &inside a region …"), ("Ctrl+Shift+I",), lambda: self._draw("inside"),
                    tip=self.tr("Where people stand decides")),
            Command("outside", self.tr("I&gnore inside a region …"), ("Ctrl+Shift+O",), lambda: self._draw("outside"),
                    tip=self.tr("Such as spectators, screens, mirrors")),
            Command("length", self.tr("&Known length …"), ("Ctrl+Shift+M",), lambda: self._draw("length"),
                    tip=self.tr("Lengths and speeds in metres, in the plane in which it is drawn")),
            Command("floor", self.tr("&Floor line …"), ("Ctrl+Shift+F",), lambda: self._draw("floor"),
                    tip=self.tr("Lean and height are measured against it")),
        ]  # fmt: skip

    def menu(self, actions: Mapping[str, QAction]) -> QMenu:
        """What can be drawn, for a right click beside everybody. actions: of the commands, by their names."""
        menu = QMenu(self._window)
        for command in self._drawing_commands():
            menu.addAction(actions[command.name])
        return menu

    def _choose(self, rule: Rule) -> None:
        last = self._window.session.last
        if last is not None:
            height, width = last.result.frame.image_bgr.shape[:2]
            self._window.analyst.edit(lambda repair: repair.choose(rule, (width, height)))

    def _draw(self, shape: Shape) -> None:
        self._window.session.pause()
        self._window.view.draw(shape)

    @pyqtSlot(str, object)
    def _on_drawn(self, shape: Shape, points: Sequence[Point]) -> None:
        make = self._edit_of(shape, points)
        if make is not None:
            self._window.analyst.edit(make)

    def _edit_of(self, shape: Shape, points: Sequence[Point]) -> Callable[[Repair], Edit] | None:
        if shape in ("inside", "outside"):
            return lambda repair: Region(corners=tuple(points), inside=shape == "inside")
        (x0, y0), (x1, y1) = points
        if shape == "floor":
            return lambda repair: Floor(x0=x0, y0=y0, x1=x1, y1=y1)
        metres, given = QInputDialog.getDouble(
            self._window, self.tr("Known length"), self.tr("How long is it, in metres?"), 1.0, LEAST_M, MOST_M, 3
        )
        return (lambda repair: Scale(x0=x0, y0=y0, x1=x1, y1=y1, metres=metres)) if given else None
