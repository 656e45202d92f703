"""A file that was analysed: played without a network, reviewed, repaired; and how it comes to be analysed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QDialog

from app.analysis.store import SUFFIX, open_store
from app.gui.analysis.analyst import Analyst, find_analysis
from app.gui.analysis.repair_dialog import Question, RepairDialog
from app.gui.analysis.review_panel import DOUBT_ROLE
from app.gui.shell.main_window import MainWindow
from app.settings import Settings
from pose.decode_settings import DecodeSettings
from pose.skeleton import CROWDPOSE14
from tests.app.media import write_video
from tests.fakes import FakeEstimator, fake_model_info
from tests.gui.studio import FAST, go_to, shown


@pytest.fixture
def window(analysed_window: MainWindow) -> MainWindow:
    return analysed_window


def test_an_analysed_file_plays_every_frame_without_the_network(window: MainWindow, qtbot: Any) -> None:
    go_to(window, 0, qtbot)
    inferred, seen = window.session._inference.worker.inferred_count, []
    window.session.delivery_ready.connect(lambda d: seen.append((d.result.frame.index, d.result.tracks.ids.tolist())))
    window.session.play()
    qtbot.waitUntil(lambda: bool(seen) and seen[-1][0] == 39, timeout=FAST)
    assert window.session._inference.worker.inferred_count <= inferred + 2  # these were in the network already
    assert len(seen) >= 30  # a network of 0.2 s an image would show eight
    odd = [(index, ids) for index, ids in seen if 1 not in ids or len(ids) != (1 if 12 <= index < 25 else 2)]
    assert len(odd) <= 2  # the same


def test_the_review_list_leads_to_its_moments(window: MainWindow, qtbot: Any) -> None:
    review = window.review
    assert review.list.count() >= 1
    assert len(window.transport.timeline._marks) == review.list.count()
    window.menus.actions["review_next"].trigger()
    doubt = review.list.item(0).data(DOUBT_ROLE)
    qtbot.waitUntil(lambda: window.view.delivery.result.frame.index == doubt.moment, timeout=FAST)
    assert not window.session.state.playing
    assert review.current() == doubt
    window.menus.actions["review_previous"].trigger()
    assert review.current() == doubt  # it is the first


def test_presence_on_the_timeline_is_that_of_the_whole_file(window: MainWindow) -> None:
    intervals = window.transport.timeline._intervals
    assert intervals[1] == [(0.0, pytest.approx(39 / 25))]
    assert sum(len(spans) for person, spans in intervals.items() if person != 1) == 2


def _accept(monkeypatch: pytest.MonkeyPatch, choose: Callable[[RepairDialog], None] = lambda dialog: None) -> None:
    def accepted(dialog: RepairDialog) -> int:
        choose(dialog)
        return QDialog.DialogCode.Accepted

    monkeypatch.setattr(RepairDialog, "exec", accepted)


def test_a_swap_is_shown_kept_undone_and_redone(
    window: MainWindow, analysed: Path, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    neck = CROWDPOSE14.index("neck")

    def place_of_1() -> float:
        return float(window.view.delivery.result.tracks.raw.keypoints[0, neck, 0])

    go_to(window, 5, qtbot)
    window.session.people.lock_person(1)
    _accept(monkeypatch)
    qtbot.keyClick(window, Qt.Key.Key_X)
    qtbot.waitUntil(lambda: place_of_1() == 70, timeout=FAST)
    with open_store(analysed.with_suffix(SUFFIX)) as store:
        ((text, undone),) = store.edit_rows()
    edit = json.loads(text)
    assert (edit["kind"], edit["person"], edit["other"], edit["first"], edit["last"], undone) == (
        "swap", 1, 2, 5, None, False
    )  # fmt: skip
    go_to(window, 4, qtbot)
    assert place_of_1() == 20
    go_to(window, 5, qtbot)
    window.menus.actions["undo"].trigger()
    qtbot.waitUntil(lambda: place_of_1() == 20, timeout=FAST)
    qtbot.waitUntil(lambda: not window.menus.actions["undo"].isEnabled(), timeout=FAST)
    window.review.redo_button.click()
    qtbot.waitUntil(lambda: place_of_1() == 70, timeout=FAST)


def test_every_repair_reaches_the_store(
    window: MainWindow, analysed: Path, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _accept(monkeypatch, lambda dialog: dialog.ranges[2][0].setChecked(True))  # only in this image
    go_to(window, 6, qtbot)
    window.session.people.lock_person(2)
    for name, kind in (
        ("swap", "swap"),
        ("merge", "merge"),
        ("split", "split"),
        ("flip", "flip_sides"),
        ("delete", "delete"),
        ("only", "only"),
    ):
        window.menus.actions[name].trigger()
        qtbot.waitUntil(lambda: window.reviewing.findings.undoable == 1, timeout=FAST)
        with open_store(analysed.with_suffix(SUFFIX)) as store:
            edit = json.loads(store.edit_rows()[0][0])
        assert edit["kind"] == kind
        assert edit["chosen"] == [2] if kind == "only" else edit["person"] == 2
        assert edit["first"] == (0 if kind == "only" else 6)
        window.menus.actions["undo"].trigger()
        qtbot.waitUntil(lambda: window.reviewing.findings.undoable == 0, timeout=FAST)
        qtbot.waitUntil(lambda: shown(window) == [1, 2], timeout=FAST)
        window.session.people.lock_person(2)


def test_a_name_given_in_the_list_is_kept(window: MainWindow, analysed: Path, qtbot: Any) -> None:
    window._on_renamed(1, "Anna")
    qtbot.waitUntil(
        lambda: window.reviewing.findings is not None and window.reviewing.findings.names == {1: "Anna"}, timeout=FAST
    )
    assert window.person_name(1) == "Anna"


def test_without_a_person_the_user_is_asked_to_choose_one(window: MainWindow, qtbot: Any) -> None:
    go_to(window, 5, qtbot)
    window.review.list.setCurrentRow(-1)
    window.repairs.delete()
    assert "Choose a person" in window.banner.text


def test_the_dialog_offers_the_likeliest_first_and_frames_to_choose_from(qtbot: Any, window: MainWindow) -> None:
    dialog = RepairDialog(window, Question("Swap", 1, 17, [4, 2], points=(10, 20)), str)
    assert (dialog.asked().other, dialog.asked().first, dialog.asked().last) == (4, 10, 20)
    dialog.other_box.setCurrentIndex(1)
    answers = []
    for button, _, _ in dialog.ranges:
        button.setChecked(True)
        answers.append((dialog.asked().other, dialog.asked().first, dialog.asked().last))
    assert answers == [(2, 17, None), (2, 0, 17), (2, 17, 17), (2, 0, None), (2, 10, 20)]


def test_only_analyses_of_the_very_file_are_found(analysed: Path, tmp_path: Path) -> None:
    store = analysed.with_suffix(SUFFIX)
    assert find_analysis(analysed, [analysed.parent]) == (store, True)
    assert find_analysis(analysed, [tmp_path]) == (None, False)
    other = write_video(tmp_path / "clip.mp4", count=12)
    store.rename(tmp_path / store.name)
    assert find_analysis(other, [tmp_path]) == (None, False)
    assert find_analysis(analysed, [analysed.parent, tmp_path]) == (tmp_path / store.name, True)


class Loaded(FakeEstimator):
    """As a real one: other decoding settings need no other network."""

    def with_settings(self, decode: DecodeSettings) -> Loaded:
        return self


@pytest.fixture
def analyst(qtbot: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    monkeypatch.setattr("app.models.loading.model_info", fake_model_info)
    monkeypatch.setattr("tracking.cuts.CutDetector.__call__", lambda self, image: 0.0)  # numbered images are no scene
    made = Analyst(lambda: [tmp_path], load=lambda model, decode: Loaded(delay_s=0.02))
    yield made
    assert made.shutdown(5.0)


def test_an_analysis_is_stopped_continued_and_then_found(analyst: Analyst, video: Path, qtbot: Any) -> None:
    def phase(*wanted: str) -> None:
        qtbot.waitUntil(lambda: analyst.state.phase in wanted, timeout=FAST)

    analyst.open(video)
    phase("none")
    assert not analyst.state.started
    analyst.start(Settings())
    qtbot.waitUntil(lambda: analyst.state.done >= 5, timeout=FAST)
    assert analyst.state.expected == 40
    analyst.cancel()
    phase("none")
    assert analyst.state.started
    with open_store(video.with_suffix(SUFFIX)) as store:
        kept = sum(1 for _ in store.frames())
    assert 5 <= kept < 40
    analyst.open(video)
    phase("none")
    assert analyst.state.started
    analyst.start(Settings())
    phase("ready")
    tracking = analyst.tracking
    assert tracking is not None
    assert tracking.table.frames.tolist() == list(range(40))
    assert np.array_equal(tracking.people_of(39).ids, [1, 2])
    analyst.open(None)
    assert analyst.state.phase == "none" and analyst.tracking is None
    analyst.open(video)
    phase("ready")


def test_the_user_is_asked_once_and_then_every_file_is_analysed(
    make_window: Callable[..., MainWindow], video: Path, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Path | None] = []
    window = make_window(estimator=FakeEstimator())
    monkeypatch.setattr(window.analyst, "start", lambda settings: started.append(window.analyst.state.path))
    window.memory.keep("analyse_files", "")
    window.open_source(str(video))
    qtbot.waitUntil(lambda: "background" in window.banner.text, timeout=FAST)
    assert not started
    window.banner._act()
    assert started == [video]
    window.session.close_source()
    window.open_source(str(video))
    qtbot.waitUntil(lambda: started == [video, video], timeout=FAST)


def test_a_damaged_analysis_is_as_good_as_none(video: Path, make_window: Callable[..., MainWindow], qtbot: Any) -> None:
    video.with_suffix(SUFFIX).write_bytes(b"SQLite format 3\0" + b"x" * 200)
    window = make_window(estimator=FakeEstimator())
    window.open_source(str(video))
    qtbot.waitUntil(lambda: window.view.delivery is not None and window.analyst.state.path == video, timeout=FAST)
    qtbot.waitUntil(lambda: window.analyst.state.phase == "none", timeout=FAST)
    assert shown(window) is not None


def test_the_context_menu_has_the_repairs_of_one_person(window: MainWindow, qtbot: Any) -> None:
    menu = window.repairs.menu_for(1)
    menu.actions()[-1].trigger()  # nobody else counts
    qtbot.waitUntil(lambda: window.reviewing.findings.undoable == 1, timeout=FAST)
