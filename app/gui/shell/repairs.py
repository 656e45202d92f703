"""What the user can repair, for the person at hand: menus, keys, and the one question that some repairs need."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QMenu

from app.analysis.edits import Edit
from app.analysis.repair import Repair
from app.gui.analysis.repair_dialog import ask_repair
from app.gui.shell.actions import SEPARATOR, Command

if TYPE_CHECKING:
    from app.gui.shell.main_window import MainWindow


class Repairs(QObject):
    """Commands on the person who is locked, or else of the doubtful moment that is chosen, or else alone in view."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    def commands(self) -> list[Command | None]:
        review = self._window.review
        analyst = self._window.analyst
        return [
            Command("analyse", self.tr("&Analyse or stop"), ("Ctrl+Shift+A",), self._window.toggle_analysis,
                    tip=self.tr("Look at every frame in the background; then play, review and repair")),
            Command("review_next", self.tr("&Next doubtful moment"), ("F8",), lambda: review.move(1)),
            Command("review_previous", self.tr("&Previous doubtful moment"), ("Shift+F8",), lambda: review.move(-1)),
            SEPARATOR,
            Command("swap", self.tr("&Swap with …"), ("X",), lambda: self.swap()),
            Command("merge", self.tr("&Merge into …"), ("Shift+X",), lambda: self.merge()),
            Command("split", self.tr("Somebody &else from here on"), ("Shift+S",), lambda: self.split()),
            Command("delete", self.tr("&Delete …"), ("Delete",), lambda: self.delete(), page=True),
            Command("flip", self.tr("E&xchange left and right …"), ("Shift+F",), lambda: self.flip()),
            Command("only", self.tr("Nobody else c&ounts"), (), lambda: self.only()),
            SEPARATOR,
            Command("undo", self.tr("&Undo"), ("Ctrl+Z",), analyst.undo),
            Command("redo", self.tr("&Redo"), ("Ctrl+Shift+Z",), analyst.redo),
            SEPARATOR,
            Command("report", self.tr("Repor&t …"), ("Ctrl+T",), self._window.write_report,
                    tip=self.tr("One page about this video: who was there when, doubtful moments, angles, speeds")),
        ]  # fmt: skip

    def menu_for(self, person: int) -> QMenu:
        """The same for one person of the image."""
        menu = QMenu(self._window)
        for text, run in (
            (self.tr("Swap with …"), self.swap),
            (self.tr("Merge into …"), self.merge),
            (self.tr("Somebody else from here on"), self.split),
            (self.tr("Delete …"), self.delete),
            (self.tr("Exchange left and right …"), self.flip),
            (self.tr("Nobody else counts"), self.only),
        ):
            action = menu.addAction(text)
            assert action is not None
            action.triggered.connect(lambda _=False, run=run: run(person))
        return menu

    def swap(self, person: int = 0) -> None:
        self._ask(person, self.tr("Swap"), lambda r, a, b, first, last: r.swap(a, b, first, last), other=True)

    def merge(self, person: int = 0) -> None:
        self._ask(
            person, self.tr("Merge"), lambda r, a, b, first, last: r.merge(a, b, first, last), other=True, whole=True
        )

    def delete(self, person: int = 0) -> None:
        self._ask(person, self.tr("Delete"), lambda r, a, b, first, last: r.delete(a, first, last), whole=True)

    def flip(self, person: int = 0) -> None:
        self._ask(person, self.tr("Exchange left and right"), lambda r, a, b, first, last: r.flip_sides(a, first, last))

    def split(self, person: int = 0) -> None:
        person, frame = person or self._person(), self._frame()
        if person:
            self._window.analyst.edit(lambda repair: repair.split(person, frame))

    def only(self, person: int = 0) -> None:
        person = person or self._person()
        if person:
            self._window.analyst.edit(lambda repair: repair.only([person]))

    def _ask(
        self,
        person: int,
        title: str,
        make: Callable[[Repair, int, int, int, int | None], Edit],
        other: bool = False,
        whole: bool = False,
    ) -> None:
        window = self._window
        person = person or self._person()
        if window.analyst.tracking is None or not person:
            window.banner.show_message(self.tr("Choose a person first: click on them, or press N."), "info")
            return
        asked = ask_repair(
            window, title, person, self._others(person) if other else (), window.person_name, whole, self._frame(),
            self._span(),
        )  # fmt: skip
        if asked is not None:
            window.analyst.edit(lambda repair: make(repair, person, asked.other, asked.first, asked.last))

    def _person(self) -> int:
        window = self._window
        if window.session.people.locked_id:
            return window.session.people.locked_id
        doubt = window.review.current()
        if doubt is not None and doubt.people:
            return doubt.people[0]
        present = self._present()
        return present[0] if len(present) == 1 else 0

    def _others(self, person: int) -> Sequence[int]:
        """The likeliest first: who is doubtful with the person, who is in view, then everybody else."""
        doubt = self._window.review.current()
        likely = [*(doubt.people if doubt is not None else ()), *self._present()]
        everybody = [*likely, *self._window.everybody]
        return [other for other in dict.fromkeys(everybody) if other != person]

    def _present(self) -> list[int]:
        last = self._window.session.last
        return last.result.tracks.ids.tolist() if last is not None else []

    def _frame(self) -> int:
        last = self._window.session.last
        return last.result.frame.index if last is not None else 0

    def _span(self) -> tuple[int, int] | None:
        """Frames between the in and out points, if both are set."""
        state, tracking = self._window.session.state, self._window.analyst.tracking
        if state.in_s is None or state.out_s is None or tracking is None:
            return None
        table = tracking.table
        inside = table.frames[(table.times_s >= state.in_s - 1e-6) & (table.times_s <= state.out_s + 1e-6)]
        return (int(inside[0]), int(inside[-1])) if len(inside) else None
