"""What is dragged, drawn and chosen on the image of an analysed file, and where it is kept."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QDialog, QInputDialog

from app.analysis.store import SUFFIX, open_store
from app.gui.analysis.repair_dialog import Question, RepairDialog
from app.gui.shell.main_window import MainWindow
from pose.skeleton import CROWDPOSE14
from tests.app.tracked import tracked_frame
from tests.gui.studio import FAST, go_to

LEFT_WRIST = CROWDPOSE14.index("left_wrist")


def on_screen(window: MainWindow, x: float, y: float) -> QPoint:
    """The widget's pixel of a pixel of the image."""
    there = window.view._to_widget(np.array([x, y]))
    return QPointF(*there.tolist()).toPoint()


def joint(window: MainWindow, person: int, index: int = LEFT_WRIST) -> tuple[float, float]:
    tracks = window.view.delivery.result.tracks
    x, y = tracks.raw.keypoints[tracks.ids.tolist().index(person), index].tolist()
    return x, y


def edits(analysed: Path) -> list[dict[str, Any]]:
    with open_store(analysed.with_suffix(SUFFIX)) as store:
        return [json.loads(text) for text, undone in store.edit_rows() if not undone]


@pytest.fixture
def still(analysed_window: MainWindow, qtbot: Any) -> MainWindow:
    """A still image, large enough that joints lie apart."""
    window = analysed_window
    window.resize(1200, 900)
    window.show()
    go_to(window, 6, qtbot)
    qtbot.waitUntil(lambda: window.view.joints._enabled, timeout=FAST)
    qtbot.wait(50)  # the layout settles
    window.view.grab()  # painted once: it knows where the image lies
    return window


def drag(view: Any, start: QPoint, end: QPoint, keys: Any = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.mousePress(view, Qt.MouseButton.LeftButton, keys, start)
    for share in (0.4, 0.8, 1.0):
        QTest.mouseMove(view, start + (end - start) * share)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, keys, end)


@pytest.mark.parametrize("alone", [False, True])
def test_a_joint_is_dragged_with_its_neighbours_and_undone(
    still: MainWindow,
    analysed: Path,
    qtbot: Any,
    alone: bool,
) -> None:
    x, y = joint(still, 1)
    keys = Qt.KeyboardModifier.ShiftModifier if alone else Qt.KeyboardModifier.NoModifier
    drag(still.view, on_screen(still, x, y), on_screen(still, x + 8, y - 6), keys)
    qtbot.waitUntil(lambda: joint(still, 1) == pytest.approx((x + 8, y - 6), abs=0.3), timeout=FAST)
    (edit,) = edits(analysed)
    assert (edit["kind"], edit["joint"], edit["frame"], edit["person"]) == ("move_joint", "left_wrist", 6, 1)
    go_to(still, 8, qtbot)
    there = joint(still, 1)
    assert there == pytest.approx((x, y) if alone else (x + 8 * 4 / 6, y - 6 * 4 / 6), abs=0.3)
    still.menus.actions["undo"].trigger()
    qtbot.waitUntil(lambda: joint(still, 1) == pytest.approx((x, y)), timeout=FAST)


def test_what_is_dragged_is_seen_at_once_and_until_it_is_kept(still: MainWindow) -> None:
    x, y = joint(still, 1)
    QTest.mousePress(still.view, Qt.MouseButton.LeftButton, pos=on_screen(still, x, y))
    QTest.mouseMove(still.view, on_screen(still, x + 8, y))
    QTest.mouseMove(still.view, on_screen(still, x + 10, y))
    shown = still.view._shown_tracks()
    assert shown.raw.keypoints[0, LEFT_WRIST].tolist() == pytest.approx([x + 10, y], abs=0.3)
    QTest.mouseRelease(still.view, Qt.MouseButton.LeftButton, pos=on_screen(still, x + 10, y))
    assert still.view._shown_tracks().raw.keypoints[0, LEFT_WRIST].tolist() == pytest.approx([x + 10, y], abs=0.3)


def test_an_edit_that_arrives_in_the_middle_of_the_next_drag_leaves_that_alone(still: MainWindow) -> None:
    x, y = joint(still, 1)
    QTest.mousePress(still.view, Qt.MouseButton.LeftButton, pos=on_screen(still, x, y))
    still.view.show_delivery(still.view.delivery)
    QTest.mouseMove(still.view, on_screen(still, x + 8, y))
    QTest.mouseMove(still.view, on_screen(still, x + 10, y))
    moves: list[Any] = []
    still.view.joints.moved.connect(moves.append)
    QTest.mouseRelease(still.view, Qt.MouseButton.LeftButton, pos=on_screen(still, x + 10, y))
    assert [(m.person, m.joint) for m in moves] == [(1, "left_wrist")]


def test_joints_are_fixed_while_the_video_plays(still: MainWindow, analysed: Path) -> None:
    x, y = joint(still, 1)
    place = on_screen(still, x, y)
    still.session.play()
    drag(still.view, place, place + QPoint(60, 0))
    still.session.pause()
    assert not edits(analysed)


def test_a_joint_is_chosen_and_moved_by_keys(still: MainWindow, analysed: Path, qtbot: Any) -> None:
    still.session.people.lock_person(2)
    still.menus.actions["joint_next"].trigger()
    first = CROWDPOSE14.keypoint_names[0]
    assert still.view.joints.chosen == (2, first)
    x, y = joint(still, 2, 0)
    position_s = still.session.state.position_s
    for key, keys in ((Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier), (Qt.Key.Key_Up, None)):
        QTest.keyClick(still.view, key, keys or Qt.KeyboardModifier.NoModifier)
    assert still.session.state.position_s == position_s  # the arrows are the joint's now
    QTest.keyClick(still.view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: joint(still, 2, 0) == pytest.approx((x + 10, y - 1)), timeout=FAST)
    assert still.view.joints.chosen == (2, first)
    still.menus.actions["joint_next"].trigger()
    assert still.view.joints.chosen == (2, CROWDPOSE14.keypoint_names[1])
    QTest.keyClick(still.view, Qt.Key.Key_Escape)
    assert still.view.joints.chosen is None


def test_a_joint_is_hidden_bridged_and_put_back(
    still: MainWindow,
    analysed: Path,
    qtbot: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(RepairDialog, "exec", lambda dialog: QDialog.DialogCode.Accepted)
    still.repairs.hide_joint(1, "left_wrist")
    qtbot.waitUntil(lambda: np.isnan(joint(still, 1)[0]), timeout=FAST)
    menu = still.repairs.menu_for(1, (30.0, 31.0))
    places = menu.actions()[0].menu()
    assert [action.text() for action in places.actions()] == ["left wrist"]
    places.actions()[0].trigger()
    qtbot.waitUntil(lambda: joint(still, 1) == pytest.approx((30, 31)), timeout=FAST)
    still.session.set_in_point(5 / 25)
    still.session.set_out_point(7 / 25)
    still.repairs.bridge(1, "left_wrist")
    qtbot.waitUntil(lambda: len(edits(analysed)) == 3, timeout=FAST)
    hide, move, bridge = edits(analysed)
    assert (hide["kind"], hide["first"], hide["last"]) == ("hide_joint", 6, 6)
    assert (move["kind"], move["reach"]) == ("move_joint", 0)
    assert (bridge["kind"], bridge["first"], bridge["last"], bridge["joints"]) == ("bridge", 5, 7, ["left_wrist"])


def test_a_question_about_joints_offers_the_doubtful_moment(still: MainWindow) -> None:
    dialog = RepairDialog(still, Question("Bridge", 1, 9, joints=("", "neck"), doubtful=(8, 11), bounded=True), str)
    assert (dialog.asked().joint, dialog.asked().first, dialog.asked().last) == ("", 8, 11)
    dialog.joint_box.setCurrentIndex(1)
    dialog.ranges[0][0].setChecked(True)
    assert (dialog.asked().joint, dialog.asked().first, dialog.asked().last) == ("neck", 9, 9)


def test_who_is_next_to_a_person_is_offered_first(still: MainWindow) -> None:
    still.review.list.setCurrentRow(-1)
    nearby = tracked_frame(6, {1: (20.0, 20.0), 4: (80.0, 20.0), 5: (30.0, 20.0)}, height=30).tracks
    last = still.session.last
    still.session.last = replace(last, result=replace(last.result, tracks=nearby))
    others = list(still.repairs._others(1))
    assert others[:2] == [5, 4] and set(others[2:]) == set(still.reviewing.everybody) - {1}


def click(window: MainWindow, *corners: tuple[float, float]) -> None:
    for x, y in corners:
        QTest.mouseClick(window.view, Qt.MouseButton.LeftButton, pos=on_screen(window, x, y))


@pytest.mark.parametrize("shape, left", [("inside", [1]), ("outside", [2])])
def test_a_region_is_drawn_and_decides_who_counts(
    still: MainWindow,
    analysed: Path,
    qtbot: Any,
    shape: str,
    left: list[int],
) -> None:
    still.menus.actions[shape].trigger()
    click(still, (2, 2), (45, 2), (90, 30))
    QTest.keyClick(still.view, Qt.Key.Key_Backspace)
    click(still, (45, 62), (2, 62))
    QTest.keyClick(still.view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: still.view.delivery.result.tracks.ids.tolist() == left, timeout=FAST)
    (edit,) = edits(analysed)
    assert (edit["kind"], edit["inside"], len(edit["corners"])) == ("region", shape == "inside", 4)
    assert not still.view.drawing.active
    assert len(still.view._drawings.regions) == 1


def test_a_length_and_a_floor_are_drawn(
    still: MainWindow,
    analysed: Path,
    qtbot: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(QInputDialog, "getDouble", lambda *args: (2.5, True))
    still.menus.actions["length"].trigger()
    drag(still.view, on_screen(still, 10, 50), on_screen(still, 60, 50))
    still.menus.actions["floor"].trigger()
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Space, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Return):
        QTest.keyClick(still.view, key)
    qtbot.waitUntil(lambda: len(edits(analysed)) == 2, timeout=FAST)
    scale, floor = edits(analysed)
    assert (scale["kind"], scale["metres"]) == ("scale", 2.5)
    assert [scale["x0"], scale["y0"], scale["x1"], scale["y1"]] == pytest.approx([10, 50, 60, 50], abs=0.2)
    assert floor["x1"] - floor["x0"] == pytest.approx(20)
    still.menus.actions["length"].trigger()
    QTest.keyClick(still.view, Qt.Key.Key_Escape)
    assert not still.view.drawing.active
    assert len(edits(analysed)) == 2


def test_a_line_that_makes_no_sense_is_refused_in_one_sentence(still: MainWindow, qtbot: Any) -> None:
    still.measuring._on_drawn("floor", ((10.0, 5.0), (10.0, 50.0)))
    qtbot.waitUntil(lambda: "upright" in still.banner.text, timeout=FAST)


@pytest.mark.parametrize("rule", ["largest", "longest", "central"])
def test_one_person_is_chosen_by_a_rule(still: MainWindow, analysed: Path, qtbot: Any, rule: str) -> None:
    still.menus.actions[rule].trigger()
    qtbot.waitUntil(lambda: len(still.view.delivery.result.tracks) == 1, timeout=FAST)
    assert edits(analysed)[0]["chosen"] == still.view.delivery.result.tracks.ids.tolist() == [1]


def test_a_checked_moment_leaves_the_list_and_comes_back(
    still: MainWindow, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Any] = []
    monkeypatch.setattr("app.gui.analysis.analyst.refresh", lambda result, edits: written.append(edits))
    review = still.review
    count = review.list.count()
    review.list.setCurrentRow(0)
    doubt = review.current()
    still.menus.actions["check"].trigger()
    qtbot.waitUntil(lambda: review.list.count() == count - 1, timeout=FAST)
    assert doubt not in [review.list.item(i).data(Qt.ItemDataRole.UserRole) for i in range(count - 1)]
    assert len(still.transport.timeline._marks) == count - 1
    review.checked_box.setChecked(True)
    assert review.list.count() == count
    review.list.setCurrentRow(count - 1)
    assert review.current() == doubt
    review.check_button.click()
    qtbot.waitUntil(lambda: len(still.reviewing.findings.doubts) == count, timeout=FAST)
    still.menus.actions["undo"].trigger()
    qtbot.waitUntil(lambda: len(still.reviewing.findings.doubts) == count - 1, timeout=FAST)
    assert not written  # nothing of the results changes by looking
    still.analyst.edit(lambda repair: repair.delete(2, 0, 3))
    qtbot.waitUntil(lambda: len(written) == 1, timeout=FAST)
