"""The list of people counts right, follows the keyboard and asks instead of acting."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PyQt6.QtCore import QModelIndex, Qt
from PyQt6.QtGui import QColor
from PyQt6.QtTest import QAbstractItemModelTester
from PyQt6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.gui.common.theme import apply_theme
from app.gui.i18n.translation import FOLDER, TsTranslator
from app.gui.panels import people_model
from app.gui.panels.people_model import Column, PeopleModel, format_seconds
from app.gui.panels.people_panel import PeoplePanel
from tests.gui.people_results import result_of


@pytest.fixture
def panel(qtbot: QtBot) -> PeoplePanel:
    panel = PeoplePanel()
    qtbot.addWidget(panel)
    panel.resize(360, 400)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def rows(panel: PeoplePanel) -> list[tuple[str, str, str]]:
    """The texts of the list in the order on the screen."""
    model = panel.view.model()
    assert model is not None
    return [tuple(model.index(r, c).data() for c in Column) for r in range(model.rowCount())]  # type: ignore[misc]


def select(panel: PeoplePanel, row: int, column: int = 0) -> QModelIndex:
    model = panel.view.model()
    assert model is not None
    panel.view.setCurrentIndex(model.index(row, column))
    return panel.view.currentIndex()


def test_seconds_and_confidence_are_those_of_the_frames_seen(panel: PeoplePanel) -> None:
    for i in range(31):
        panel.update_result(result_of(i / 10, [1], confidence=0.9 if i % 2 else 0.7))
    panel.refresh()
    [(name, seconds, confidence)] = rows(panel)
    assert name == "Person 1"
    assert seconds == "3.0 s"
    assert confidence == "80 %"


def test_predicted_people_are_not_counted_as_seen(panel: PeoplePanel) -> None:
    panel.update_result(result_of(0.0, [1, 2], observed=[True, False]))
    panel.refresh()
    assert [name for name, _, _ in rows(panel)] == ["Person 1"]


def test_watching_the_same_second_twice_counts_once(panel: PeoplePanel) -> None:
    for _ in range(2):
        for i in range(11):
            panel.update_result(result_of(i / 10, [1]))
    panel.refresh()
    assert rows(panel)[0][1] == "1.0 s"


@pytest.mark.parametrize(("step_s", "seconds"), [(0.1, "12.0 s"), (0.9, "11.7 s"), (2.0, "12.0 s"), (3.0, "0.0 s")])
def test_a_slow_machine_counts_the_time_between_its_frames(panel: PeoplePanel, step_s: float, seconds: str) -> None:
    for i in range(int(12 / step_s + 1e-9) + 1):
        panel.update_result(result_of(i * step_s, [1]))
    panel.refresh()
    assert rows(panel)[0][1] == seconds


def test_time_that_was_jumped_over_is_not_counted(panel: PeoplePanel) -> None:
    for start_s in (0.0, 2.0):
        panel.jump()
        for i in range(11):
            panel.update_result(result_of(start_s + i / 10, [1]))
    panel.refresh()
    assert rows(panel)[0][1] == "2.0 s"


def test_time_away_is_not_counted(panel: PeoplePanel) -> None:
    for i in range(21):
        panel.update_result(result_of(i, [2] if 5 < i < 15 else [1, 2]))
    panel.refresh()
    assert {name: seconds for name, seconds, _ in rows(panel)} == {"Person 1": "10.0 s", "Person 2": "20.0 s"}


def test_those_seen_longest_come_first(panel: PeoplePanel) -> None:
    for i in range(21):
        panel.update_result(result_of(i / 10, [1, 2] if i > 15 else [2]))
    panel.refresh()
    assert [name for name, _, _ in rows(panel)] == ["Person 2", "Person 1"]


def test_many_results_become_few_refreshes(panel: PeoplePanel, qtbot: QtBot) -> None:
    changes = []
    panel.model.dataChanged.connect(lambda *_: changes.append(1))
    for i in range(300):
        panel.update_result(result_of(i / 60, [1]))
    qtbot.waitUntil(lambda: len(rows(panel)) == 1)
    qtbot.wait(2 * 200)
    assert len(changes) <= 3


@pytest.mark.parametrize("column", list(Column))
def test_enter_asks_for_the_lock_and_again_for_its_release(panel: PeoplePanel, qtbot: QtBot, column: int) -> None:
    panel.update_result(result_of(0.0, [7]))
    panel.refresh()
    select(panel, 0, column)
    asked: list[int] = []
    panel.lock_requested.connect(asked.append)
    qtbot.keyClick(panel.view, Qt.Key.Key_Return)
    assert asked == [7]
    assert panel.model.locked_id == 0  # only the session can lock
    panel.set_locked(7)
    assert panel.lock_button.text() == "Release"
    qtbot.keyClick(panel.view, Qt.Key.Key_Enter)
    assert asked == [7, 0]


@pytest.mark.parametrize("column", list(Column))
def test_space_hides_and_shows(panel: PeoplePanel, qtbot: QtBot, column: int) -> None:
    panel.update_result(result_of(0.0, [7]))
    panel.refresh()
    select(panel, 0, column)
    told: list[tuple[int, bool]] = []
    panel.hide_changed.connect(lambda track_id, hidden: told.append((track_id, hidden)))
    qtbot.keyClick(panel.view, Qt.Key.Key_Space)
    qtbot.keyClick(panel.view, Qt.Key.Key_Space)
    assert told == [(7, True), (7, False)]


def test_show_all_brings_back_everybody(panel: PeoplePanel, qtbot: QtBot) -> None:
    panel.update_result(result_of(0.0, [1, 2, 3]))
    panel.refresh()
    assert not panel.show_all_button.isEnabled()
    for row in (0, 2):
        select(panel, row)
        panel.view.toggle_current()
    assert len(panel.model.hidden_ids) == 2
    qtbot.mouseClick(panel.show_all_button, Qt.MouseButton.LeftButton)
    assert panel.model.hidden_ids == []
    assert not panel.show_all_button.isEnabled()


def test_f2_renames_and_an_empty_name_brings_back_the_default(panel: PeoplePanel, qtbot: QtBot) -> None:
    panel.update_result(result_of(0.0, [4]))
    panel.refresh()
    told: list[tuple[int, str]] = []
    panel.renamed.connect(lambda track_id, name: told.append((track_id, name)))
    for typed, shown in (("  Ada ", "Ada"), ("", "Person 4")):
        select(panel, 0, Column.CONFIDENCE)
        qtbot.keyClick(panel.view, Qt.Key.Key_F2)
        editor = panel.view.findChild(QLineEdit)
        assert editor is not None
        editor.setText(typed)
        qtbot.keyClick(editor, Qt.Key.Key_Return)
        QApplication.processEvents()
        assert rows(panel)[0][0] == shown
        editor.setParent(None)
    assert told == [(4, "Ada"), (4, "")]


def name_field(panel: PeoplePanel, qtbot: QtBot) -> QLineEdit:
    """The field that F2 opens on the first row."""
    select(panel, 0)
    qtbot.keyClick(panel.view, Qt.Key.Key_F2)
    field = panel.view.findChild(QLineEdit)
    assert field is not None
    return field


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab])
def test_the_key_that_ends_a_name_does_nothing_else(panel: PeoplePanel, qtbot: QtBot, key: Qt.Key) -> None:
    panel.lock_requested.connect(panel.set_locked)
    panel.update_result(result_of(0.0, [4]))
    panel.refresh()
    field = name_field(panel, qtbot)
    qtbot.keyClicks(field, "Ada")
    qtbot.keyClick(field, key)
    qtbot.waitUntil(lambda: rows(panel)[0][0] == "Ada")
    assert panel.model.locked_id == 0
    assert not panel.model.hidden_ids


def test_what_is_typed_stays_while_the_video_plays(panel: PeoplePanel, qtbot: QtBot) -> None:
    panel.update_result(result_of(0.0, [1]))
    panel.refresh()
    field = name_field(panel, qtbot)
    assert (field.text(), field.selectedText()) == ("Person 1", "Person 1")
    for i, letter in enumerate("Ada", 1):
        panel.update_result(result_of(i / 10, [1]))
        panel.refresh()
        panel.set_locked(i % 2)
        qtbot.keyClicks(field, letter)
    assert field.text() == "Ada"
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: rows(panel)[0][0] == "Ada")


@pytest.fixture
def in_german(qapp: QApplication) -> Iterator[None]:
    translator = TsTranslator(FOLDER / "de.ts")
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)


@pytest.fixture
def dressed(qapp: QApplication) -> Iterator[None]:
    apply_theme(qapp, "light")
    yield
    qapp.setStyleSheet("")


def nothing_is_cut(panel: PeoplePanel) -> bool:
    view, header = panel.view, panel.view.header()
    assert header is not None
    buttons = (panel.lock_button, panel.rename_button, panel.show_all_button)
    return (
        all(view.sizeHintForColumn(column) <= view.columnWidth(column) for column in Column)
        and all(header.sectionSizeHint(column) <= view.columnWidth(column) for column in Column)
        and all(button.width() >= button.sizeHint().width() for button in buttons)
    )


@pytest.mark.usefixtures("dressed")
@pytest.mark.parametrize("language", ["en", "de"])
def test_names_and_buttons_are_to_be_read_in_the_narrowest_panel(
    qtbot: QtBot, request: pytest.FixtureRequest, language: str
) -> None:
    if language == "de":
        request.getfixturevalue("in_german")
    panel = PeoplePanel()
    qtbot.addWidget(panel)
    panel.update_result(result_of(0.0, list(range(61, 89))))
    panel.refresh()
    panel.show()
    for points in (9, 15):
        for widget in panel.findChildren(QWidget):
            font = widget.font()
            font.setPointSize(points)
            widget.setFont(font)
        QApplication.processEvents()
        least = panel.minimumSizeHint().width()
        panel.resize(least, 300)
        for locked_id in (0, 88):
            panel.set_locked(locked_id)
            QApplication.processEvents()
            assert panel.view.verticalScrollBar().isVisible()  # type: ignore[union-attr]
            assert nothing_is_cut(panel)
            assert panel.minimumSizeHint().width() == least


def test_reset_forgets_everybody(panel: PeoplePanel) -> None:
    panel.update_result(result_of(0.0, [1, 2]))
    panel.refresh()
    panel.set_locked(1)
    panel.reset()
    assert rows(panel) == []
    assert panel.model.locked_id == 0
    assert panel.summary.text() == "Nobody seen yet"


def test_memory_is_bounded_and_keeps_the_named_the_locked_and_the_present(
    panel: PeoplePanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people_model, "MAX_PEOPLE", 10)
    panel.update_result(result_of(0.0, [1, 2]))
    panel.refresh()
    panel.set_locked(1)
    row = panel.model.row_of(2)
    assert row is not None
    panel.model.setData(panel.model.index(row, 0), "Ada")
    for i in range(3, 60):
        panel.update_result(result_of(float(i), [i]))
        panel.refresh()
    names = {name for name, _, _ in rows(panel)}
    assert len(names) == 10
    assert {"Person 1", "Ada", "Person 59"} <= names


def test_the_model_keeps_qts_promises(qapp: QApplication) -> None:
    model = PeopleModel(lambda _: QColor("red"))
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    for i in range(5):
        model.see(result_of(float(i), list(range(1, i + 2))))
        model.refresh()
    model.reset()
    assert tester.model() is model


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0.0 s"), (59.94, "59.9 s"), (59.96, "1:00 min"), (62.4, "1:02 min"), (3600, "60:00 min")],
)
def test_seconds_read_well(seconds: float, text: str) -> None:
    assert format_seconds(seconds) == text
