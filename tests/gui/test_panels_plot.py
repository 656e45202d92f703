"""The history is bounded and true; the plots show what it holds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.angles import joint_angles
from app.gui.common.theme import DARK, LIGHT, apply_theme, contrast
from app.gui.panels import joint_history
from app.gui.panels.joint_history import GAP_S, WINDOW_S, JointHistory
from app.gui.panels.plot_panel import DARK_CURVES, LIGHT_CURVES, MAX_CURVES, Curve, PlotPanel
from pose.skeleton import COCO17, CROWDPOSE14
from tests.gui.people_results import result_of


def marked(value: float) -> np.ndarray:
    """(1, 17, 2) keypoints that all lie at `value`, to be recognised."""
    return np.full((1, 17, 2), value, np.float32)


def add(history: JointHistory, time_s: float, ids: list[int], observed: list[bool] | None = None) -> None:
    points = np.concatenate([marked(time_s + 1000 * i) for i in ids]) if ids else np.empty((0, 17, 2))
    history.append(result_of(time_s, ids, keypoints=points, observed=observed).tracks, time_s)


def x_of(history: JointHistory) -> list[float]:
    return [round(float(x), 3) for x in history.keypoints[:, 0, 0]]


def test_the_past_of_a_person_is_there_when_that_person_is_locked() -> None:
    history = JointHistory(17)
    for t in range(3):
        add(history, t / 2, [1, 2])
    history.follow(2)
    assert x_of(history) == [2000.0, 2000.5, 2001.0]
    np.testing.assert_array_equal(history.times_s, [0, 0.5, 1])


def test_following_live_equals_following_afterwards() -> None:
    live, late = JointHistory(17), JointHistory(17)
    live.follow(1)
    for t, ids in [(0.0, [1]), (0.4, [2]), (0.8, [1, 2]), (5.0, [1]), (5.1, [])]:
        add(live, t, ids)
        add(late, t, ids)
    late.follow(1)
    np.testing.assert_array_equal(live.times_s, late.times_s)
    np.testing.assert_array_equal(live.keypoints, late.keypoints)


def test_absent_and_predicted_people_leave_gaps() -> None:
    history = JointHistory(17)
    history.follow(1)
    add(history, 0.0, [1])
    add(history, 0.1, [1], observed=[False])
    add(history, 0.2, [2])
    add(history, 0.3, [1])
    np.testing.assert_array_equal(np.isnan(history.keypoints[:, 0, 0]), [False, True, True, False])


def test_frames_far_apart_are_not_joined() -> None:
    history = JointHistory(17)
    history.follow(1)
    add(history, 0.0, [1])
    add(history, 3 * GAP_S, [1])
    assert np.isnan(history.keypoints[1]).all()
    assert len(history.times_s) == 3


@pytest.mark.parametrize("landing_s", [0.6, 0.15], ids=["ahead", "back"])
@pytest.mark.parametrize("locked_before", [True, False])
def test_frames_on_both_sides_of_a_jump_are_not_joined(landing_s: float, locked_before: bool) -> None:
    history = JointHistory(17)
    if locked_before:
        history.follow(1)
    for t in (0.0, 0.1, 0.2):
        add(history, t, [1])
    history.jump()
    for t in (landing_s, landing_s + 0.1):
        add(history, t, [1])
    history.follow(1)
    times, seen = history.times_s, np.isfinite(history.keypoints[:, 0, 0])
    assert (np.diff(times) > 0).all()
    kept = [t for t in (0.0, 0.1, 0.2) if t < landing_s]
    np.testing.assert_allclose(times[seen], [*kept, landing_s, landing_s + 0.1])
    np.testing.assert_array_equal(seen, [*[True] * len(kept), False, True, True])


def test_a_seek_backwards_overwrites_what_came_after() -> None:
    history = JointHistory(17)
    history.follow(1)
    for t in (0.0, 0.2, 0.4, 0.6, 0.3):
        add(history, t, [1])
    np.testing.assert_allclose(history.times_s, [0, 0.2, 0.3])


def test_a_person_found_again_keeps_the_past() -> None:
    history = JointHistory(17)
    history.follow(1)
    add(history, 0.0, [1])
    history.follow(9, same_person=True)
    add(history, 0.1, [9])
    assert x_of(history) == [1000.0, 9000.1]


@settings(deadline=None, max_examples=20)
@given(st.lists(st.floats(-2, 5, width=32), min_size=1, max_size=300))
def test_times_ascend_and_stay_within_the_window_whatever_happens(steps: list[float]) -> None:
    history = JointHistory(17)
    history.follow(1)
    now = 0.0
    for step in steps:
        now = max(0.0, now + step)
        add(history, now, [1])
        assert (np.diff(history.times_s) > 0).all()
        assert history.times_s[-1] == now
        assert history.times_s[0] >= now - WINDOW_S


def test_memory_does_not_grow_with_the_frame_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joint_history, "MAX_FRAMES", 50)
    history = JointHistory(17)
    history.follow(1)
    for i in range(500):
        add(history, i / 1000, [1])
    np.testing.assert_allclose(history.times_s, np.arange(450, 500) / 1000)
    np.testing.assert_allclose(history.keypoints[:, 0, 0], 1000 + np.arange(450, 500) / 1000, rtol=1e-6)


@pytest.fixture
def panel(qtbot: QtBot) -> PlotPanel:
    panel = PlotPanel()
    qtbot.addWidget(panel)
    panel.resize(700, 500)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def test_curves_show_the_angles_of_the_locked_person(panel: PlotPanel) -> None:
    rng = np.random.default_rng(3)
    people = rng.uniform(0, 500, (20, 2, 17, 2)).astype(np.float32)
    for i, keypoints in enumerate(people):
        panel.update_result(result_of(i / 30, [4, 5], keypoints=keypoints))
    panel.set_locked(5)
    names, angles = joint_angles(people[:, 1], COCO17)
    for curve, item in panel._items.items():
        np.testing.assert_allclose(item.yData, angles[:, names.index(curve.name)])
    panel.select([Curve("y", "nose"), Curve("x", "left_hip")])
    np.testing.assert_array_equal(panel._items[Curve("y", "nose")].yData, people[:, 1, 0, 1])
    np.testing.assert_array_equal(panel._items[Curve("x", "left_hip")].yData, people[:, 1, 11, 0])


@pytest.mark.parametrize(("time_s", "shown"), [(3.0, (0.0, 10.0)), (25.0, (15.0, 25.0))])
def test_the_newest_seconds_are_shown_and_none_before_the_beginning(
    panel: PlotPanel, time_s: float, shown: tuple[float, float]
) -> None:
    panel.set_locked(1)
    panel.update_result(result_of(time_s, [1]))
    panel.redraw()
    assert panel._angle_plot.viewRange()[0] == pytest.approx(shown)


def test_nothing_is_plotted_when_nobody_is_locked(panel: PlotPanel) -> None:
    panel.update_result(result_of(0.0, [1]))
    assert panel._stack.currentIndex() == 0
    panel.set_locked(1)
    assert panel._stack.currentIndex() == 1
    panel.set_locked(0)
    assert panel._stack.currentIndex() == 0


def test_many_results_become_few_redraws(panel: PlotPanel, qtbot: QtBot) -> None:
    panel.set_locked(1)
    drawn = []
    panel._items[panel.curves[0]].sigPlotChanged.connect(lambda _: drawn.append(1))
    for i in range(500):
        panel.update_result(result_of(i / 60, [1]))
    qtbot.waitUntil(lambda: len(drawn) > 0)
    assert len(drawn) <= 3


def test_no_more_curves_than_colours_and_each_has_its_own(panel: PlotPanel) -> None:
    panel.select([Curve("x", name) for name in COCO17.keypoint_names])
    assert len(panel.curves) == MAX_CURVES
    assert len({item.opts["pen"].color().name() for item in panel._items.values()}) == MAX_CURVES
    assert not panel._actions[Curve("angle", "neck")].isEnabled()
    panel._actions[panel.curves[0]].trigger()
    assert len(panel.curves) == MAX_CURVES - 1
    assert panel._actions[Curve("angle", "neck")].isEnabled()


def test_another_skeleton_keeps_the_curves_it_has(panel: PlotPanel) -> None:
    panel.select([Curve("angle", "left_knee"), Curve("x", "nose"), Curve("y", "left_wrist")])
    panel.set_locked(1)
    panel.update_result(result_of(0.0, [1], skeleton=CROWDPOSE14))
    assert set(panel.curves) == {Curve("angle", "left_knee"), Curve("y", "left_wrist")}
    panel.redraw()


def test_the_name_given_is_the_one_shown(panel: PlotPanel) -> None:
    panel.update_result(result_of(0.0, [3]))
    panel.set_locked(3)
    for names, shown in (({}, "Person 3"), ({3: "Ada", 4: "Bob"}, "Ada"), ({3: ""}, "Person 3")):
        panel.set_names(names)
        assert panel._who.whole_text == shown
    panel.set_names({3: "Ada"})
    panel.update_result(result_of(0.1, []))
    panel.redraw()
    assert panel._who.whole_text == "Ada, not seen now"


def test_what_is_said_of_a_person_does_not_widen_the_panel(panel: PlotPanel) -> None:
    panel.set_locked(3)
    panel.update_result(result_of(0.0, [3]))
    panel.redraw()
    least = panel.minimumSizeHint().width()
    panel.resize(least, 500)
    long_name = "Ada Countess of Lovelace, née Byron, daughter of the poet"
    panel.set_names({3: long_name})
    panel.update_result(result_of(0.1, []))
    panel.redraw()
    QApplication.processEvents()
    assert panel.minimumSizeHint().width() <= least
    assert panel._who.text().endswith("…")
    assert panel._who.toolTip() == f"{long_name}, not seen now"
    panel.resize(1600, 500)
    QApplication.processEvents()
    assert (panel._who.text(), panel._who.toolTip()) == (f"{long_name}, not seen now", "")


def test_reset_empties_the_curves(panel: PlotPanel) -> None:
    panel.set_locked(1)
    for i in range(5):
        panel.update_result(result_of(i / 30, [1]))
    panel.reset()
    panel.set_locked(1)
    assert all(len(item.yData) == 0 for item in panel._items.values() if item.yData is not None)


@pytest.mark.parametrize(("curves", "theme"), [(LIGHT_CURVES, LIGHT), (DARK_CURVES, DARK)], ids=["light", "dark"])
def test_curves_stand_out_from_the_ground(curves: tuple[str, ...], theme: object) -> None:
    assert all(contrast(curve, theme.base) >= 3.0 for curve in curves)  # type: ignore[attr-defined]


def test_the_curves_follow_the_theme(panel: PlotPanel, qapp: QApplication) -> None:
    for name, curves in (("dark", DARK_CURVES), ("light", LIGHT_CURVES)):
        apply_theme(qapp, name)  # type: ignore[arg-type]
        QApplication.processEvents()
        assert panel._items[panel.curves[0]].opts["pen"].color().name() == curves[0]
