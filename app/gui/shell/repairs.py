"""What the user can repair, for the person and the joint at hand: menus, keys, and the one question that some need."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from PyQt6.QtCore import QObject, pyqtSlot
from PyQt6.QtWidgets import QMenu

from app.analysis.edits import Edit
from app.analysis.repair import Repair
from app.gui.analysis.repair_dialog import Asked, Question, RepairDialog, Span
from app.gui.common.joint_names import joint_title
from app.gui.shell.actions import SEPARATOR, Command
from app.gui.shell.reviewing import Reviewing
from app.gui.shell.stage import Stage
from app.gui.view.joint_tool import Move, Point

FOLLOWERS = 5  # frames before and after that follow a moved joint, as on the command line
NAMES = (
    "review_next", "review_previous", "check", "swap", "merge", "split", "delete", "flip", "only", "joint_next",
    "joint_previous", "hide_joint", "bridge", "table", "report",
)  # fmt: skip


class Repairs(QObject):
    """Commands on the person who is locked, or else of the doubtful moment that is chosen, or else alone in view."""

    def __init__(self, window: Stage, reviewing: Reviewing) -> None:
        super().__init__(window)
        self._window, self._reviewing = window, reviewing
        window.view.joints.moved.connect(self._on_moved)
        window.view.joints.hide_requested.connect(self.hide_joint)

    def commands(self) -> list[Command | None]:
        review, analyst, reviewing = self._window.review, self._window.analyst, self._reviewing
        return [
            Command("analyse", self.tr("&Analyse or stop"), ("Ctrl+Shift+A",), reviewing.toggle_analysis,
                    tip=self.tr("Look at every frame in the background; then play, review and repair")),
            Command("review_next", self.tr("&Next doubtful moment"), ("F8",), lambda: review.move(1)),
            Command("review_previous", self.tr("&Previous doubtful moment"), ("Shift+F8",), lambda: review.move(-1)),
            Command("check", self.tr("Mar&k as checked"), ("K",), review.check_current,
                    tip=self.tr("Takes the doubtful moment off the list, or puts it back")),
            SEPARATOR,
            Command("swap", self.tr("&Swap with …"), ("X",), lambda: self.swap()),
            Command("merge", self.tr("&Merge into …"), ("Shift+X",), lambda: self.merge()),
            Command("split", self.tr("Somebody &else from here on"), ("Shift+S",), lambda: self.split()),
            Command("delete", self.tr("&Delete …"), ("Delete",), lambda: self.delete(), page=True),
            Command("only", self.tr("Nobody else c&ounts"), (), lambda: self.only()),
            SEPARATOR,
            Command("joint_next", self.tr("Next &joint"), ("J",), lambda: self.choose_joint(1),
                    tip=self.tr("Then arrow keys move it; in a still image it can be dragged, too")),
            Command("joint_previous", self.tr("Previous joint"), ("Shift+J",), lambda: self.choose_joint(-1)),
            Command("hide_joint", self.tr("&Hide joint …"), ("Shift+H",), lambda: self.hide_joint()),
            Command("flip", self.tr("E&xchange left and right …"), ("Shift+F",), lambda: self.flip()),
            Command("bridge", self.tr("&Bridge …"), ("Shift+G",), lambda: self.bridge(),
                    tip=self.tr("Straight from the frame before to the frame after")),
            SEPARATOR,
            Command("undo", self.tr("&Undo"), ("Ctrl+Z",), analyst.undo),
            Command("redo", self.tr("&Redo"), ("Ctrl+Shift+Z",), analyst.redo),
            SEPARATOR,
            Command("table", self.tr("Open table"), ("Ctrl+Shift+T",), reviewing.open_table,
                    tip=self.tr("The CSV file with everybody's joints in every frame, repairs included")),
            Command("report", self.tr("Repor&t …"), ("Ctrl+T",), reviewing.write_report,
                    tip=self.tr("One page about this video: who was there when, doubtful moments, angles, speeds")),
        ]  # fmt: skip

    # Menus of the image

    def menu_for(self, person: int, point: Point = (0.0, 0.0)) -> QMenu:
        """The same for one person of the image, and for the joint under the mouse. point: where, image pixels."""
        menu = QMenu(self._window)
        under_mouse = self._window.view.joints.under_mouse
        if under_mouse is not None and under_mouse[0] == person:
            self._add_joint(menu, *under_mouse)
        self._add_missing(menu, person, point)
        for text, run in (
            (self.tr("Swap with …"), self.swap),
            (self.tr("Merge into …"), self.merge),
            (self.tr("Somebody else from here on"), self.split),
            (self.tr("Delete …"), self.delete),
            (self.tr("Exchange left and right …"), self.flip),
            (self.tr("Bridge …"), self.bridge),
            (self.tr("Nobody else counts"), self.only),
        ):
            _add(menu, text, partial(run, person))
        return menu

    def _add_joint(self, menu: QMenu, person: int, joint: str) -> None:
        title, frame, edit = joint_title(joint), self._frame(), self._window.analyst.edit
        _add(menu, self.tr("Hide {joint} here").format(joint=title),
             lambda: edit(lambda repair: repair.hide_joint(person, joint, frame, frame)))  # fmt: skip
        _add(menu, self.tr("Hide {joint} …").format(joint=title), partial(self.hide_joint, person, joint))
        _add(menu, self.tr("Bridge {joint} …").format(joint=title), partial(self.bridge, person, joint))
        menu.addSeparator()

    def _add_missing(self, menu: QMenu, person: int, point: Point) -> None:
        """Joints that were not found can be put under the mouse."""
        missing = self._missing(person)
        if not missing:
            return
        places = menu.addMenu(self.tr("Put here"))
        assert places is not None
        frame = self._frame()
        for joint in missing:
            move = Move(person, joint, frame, *point, alone=True)
            _add(places, joint_title(joint), partial(self._on_moved, move))
        menu.addSeparator()

    # Commands

    def swap(self, person: int = 0) -> None:
        self._ask(person, self.tr("Swap"), lambda r, a, q: r.swap(a, q.other, q.first, q.last), other=True)

    def merge(self, person: int = 0) -> None:
        self._ask(
            person, self.tr("Merge"), lambda r, a, q: r.merge(a, q.other, q.first, q.last), other=True, whole=True
        )

    def delete(self, person: int = 0) -> None:
        self._ask(person, self.tr("Delete"), lambda r, a, q: r.delete(a, q.first, q.last), whole=True)

    def flip(self, person: int = 0) -> None:
        self._ask(person, self.tr("Exchange left and right"), lambda r, a, q: r.flip_sides(a, q.first, q.last))

    @pyqtSlot(int, str)
    def hide_joint(self, person: int = 0, joint: str = "") -> None:
        person, joint = self._joint_at_hand(person, joint)
        self._ask(person, self.tr("Hide joint"), lambda r, a, q: r.hide_joint(a, q.joint, q.first, q.last),
                  joints=self._joints(), joint=joint)  # fmt: skip

    def bridge(self, person: int = 0, joint: str = "") -> None:
        def make(repair: Repair, person: int, q: Asked) -> Edit:
            last = q.first if q.last is None else q.last
            return repair.bridge(person, q.first, last, (q.joint,) if q.joint else ())

        person, joint = self._joint_at_hand(person, joint)
        self._ask(person, self.tr("Bridge"), make, joints=("", *self._joints()), joint=joint, bounded=True)

    def split(self, person: int = 0) -> None:
        person, frame = person or self._person(), self._frame()
        if person:
            self._window.analyst.edit(lambda repair: repair.split(person, frame))

    def only(self, person: int = 0) -> None:
        person = person or self._person()
        if person:
            self._window.analyst.edit(lambda repair: repair.only([person]))

    def choose_joint(self, step: int) -> None:
        """The next joint of the person at hand; first the one that is doubtful."""
        window, person = self._window, self._person()
        if window.analyst.tracking is None or not person:
            self._ask_for_person()
            return
        window.session.pause()
        doubt, active = window.review.current(), window.view.joints.active
        joint = doubt.joint if doubt is not None and not active and doubt.people[:1] == (person,) else ""
        window.view.joints.set_enabled(True)
        window.view.joints.choose(person, step, joint)
        window.view.setFocus()

    @pyqtSlot(object)
    def _on_moved(self, move: Move) -> None:
        reach = 0 if move.alone else FOLLOWERS
        self._window.analyst.edit(
            lambda repair: repair.move_joint(move.person, move.joint, move.frame, move.x, move.y, reach)
        )

    def _ask(
        self,
        person: int,
        title: str,
        make: Callable[[Repair, int, Asked], Edit],
        *,
        other: bool = False,
        whole: bool = False,
        joints: Sequence[str] = (),
        joint: str = "",
        bounded: bool = False,
    ) -> None:
        window = self._window
        person = person or self._person()
        if window.analyst.tracking is None or not person:
            self._ask_for_person()
            return
        question = Question(
            title, person, self._frame(), self._others(person) if other else (), joints, joint or (joints or ("",))[0],
            whole, self._points(), self._doubtful(person), bounded,
        )  # fmt: skip
        asked = RepairDialog(window, question, window.person_name).ask()
        if asked is not None:
            window.analyst.edit(lambda repair: make(repair, person, asked))

    def _ask_for_person(self) -> None:
        self._window.banner.show_message(self.tr("Choose a person first: click on them, or press N."), "info")

    # At hand

    def _person(self) -> int:
        window = self._window
        if window.session.people.locked_id:
            return window.session.people.locked_id
        doubt = window.review.current()
        if doubt is not None and doubt.people:
            return doubt.people[0]
        present = self._present()
        return present[0] if len(present) == 1 else 0

    def _joint_at_hand(self, person: int, joint: str) -> tuple[int, str]:
        """Those that are named, or else the joint that is chosen in the image."""
        chosen = self._window.view.joints.chosen
        return chosen if not person and not joint and chosen is not None else (person, joint)

    def _others(self, person: int) -> Sequence[int]:
        """The likeliest first: who is doubtful with the person, who is in view, the nearest first, then the rest."""
        doubt = self._window.review.current()
        together = doubt.people if doubt is not None and person in doubt.people else ()
        likely = [*together, *self._by_distance(person)]
        everybody = [*likely, *self._reviewing.everybody]
        return [other for other in dict.fromkeys(everybody) if other != person]

    def _present(self) -> list[int]:
        last = self._window.session.last
        return last.result.tracks.ids.tolist() if last is not None else []

    def _by_distance(self, person: int) -> list[int]:
        """Who is in view, those next to the person first."""
        last = self._window.session.last
        if last is None or person not in last.result.tracks.ids:
            return self._present()
        tracks = last.result.tracks
        boxes = tracks.poses.boxes_xyxy
        middles = (boxes[:, :2] + boxes[:, 2:]) / 2
        away = np.linalg.norm(middles - middles[tracks.ids == person][0], axis=1)
        return [int(i) for i in tracks.ids[np.argsort(away, kind="stable")]]

    def _joints(self) -> Sequence[str]:
        tracking = self._window.analyst.tracking
        return tracking.skeleton.keypoint_names if tracking is not None else ()

    def _missing(self, person: int) -> list[str]:
        last = self._window.session.last
        if last is None or person not in last.result.tracks.ids:
            return []
        tracks = last.result.tracks
        points = tracks.poses.keypoints[int(np.flatnonzero(tracks.ids == person)[0])]
        return [name for name, (x, _) in zip(last.skeleton.keypoint_names, points, strict=True) if x != x]

    def _frame(self) -> int:
        last = self._window.session.last
        return last.result.frame.index if last is not None else 0

    def _doubtful(self, person: int) -> Span | None:
        """The frames of the doubtful moment that is chosen, if it is this person's and lasts."""
        doubt = self._window.review.current()
        lasts = doubt is not None and person in doubt.people and doubt.last > doubt.first
        return (doubt.first, doubt.last) if doubt is not None and lasts else None

    def _points(self) -> Span | None:
        """Frames between the in and out points, if both are set."""
        state, tracking = self._window.session.state, self._window.analyst.tracking
        if state.in_s is None or state.out_s is None or tracking is None:
            return None
        table = tracking.table
        inside = table.frames[(table.times_s >= state.in_s - 1e-6) & (table.times_s <= state.out_s + 1e-6)]
        return (int(inside[0]), int(inside[-1])) if len(inside) else None


def _add(menu: QMenu, text: str, run: Callable[[], object]) -> None:
    action = menu.addAction(text)
    assert action is not None
    action.triggered.connect(lambda _=False: run())
