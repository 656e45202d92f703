"""The settings dialog shows what is set, tells what was changed and nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QWheelEvent
from PyQt6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QSpinBox,
    QStyle,
    QStyleOptionComboBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.gui.common.theme import apply_theme
from app.gui.panels import model_list
from app.gui.panels.editors import choice, flag, number, whole
from app.gui.panels.model_list import NAME_ROLE
from app.gui.panels.settings_dialog import SettingsDialog
from app.gui.panels.settings_fields import drawing_fields, engine_fields, people_fields, value_at, with_value
from app.models import auto_model
from app.models.auto_model import SpeedCache, speed_key
from app.settings import AUTO, ModelSettings, Settings
from pose.skeleton import COCO17
from pose.weights.library import WeightsSpec

FIELDS = [*engine_fields(), *people_fields(), *drawing_fields()]
SPECS = [
    WeightsSpec("litepose-m", "litepose-m", Path("m"), "m" * 64, "MIT", 448, COCO17, {"AP": 59.9}, "", 3_500_000),
    WeightsSpec("litepose-xs", "litepose-xs", Path("x"), "x" * 64, "MIT", 256, COCO17, {"AP": 40.0}, "", 1_600_000),
]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LITEPOSE_STUDIO_HOME", str(tmp_path))
    monkeypatch.setattr(model_list, "list_weights", lambda: SPECS)


@pytest.fixture
def dialog(qtbot: QtBot) -> SettingsDialog:
    dialog = SettingsDialog(Settings(), theme="system")
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def turn(editor: QWidget) -> None:
    """What a user does to a control: move it by one step."""
    if isinstance(editor, QCheckBox):
        editor.toggle()
    elif isinstance(editor, QComboBox):
        editor.setCurrentIndex((editor.currentIndex() + 1) % editor.count())
    elif isinstance(editor, QDoubleSpinBox | QSpinBox):
        editor.stepUp()


def told(dialog: SettingsDialog, qtbot: QtBot, action: object) -> Settings:
    assert callable(action)
    with qtbot.waitSignal(dialog.settings_changed) as blocker:
        action()
    assert blocker.args is not None
    return blocker.args[0]


@pytest.mark.parametrize("field", FIELDS, ids=lambda f: f.path)
def test_every_field_changes_its_own_setting_and_no_other(dialog: SettingsDialog, qtbot: QtBot, field: object) -> None:
    path = field.path  # type: ignore[attr-defined]
    after = told(dialog, qtbot, lambda: turn(dialog._editors[path].widget))
    assert value_at(after, path) != value_at(Settings(), path)
    back = with_value(after, path, value_at(Settings(), path))
    if path == "smoothing":  # the tracker's own switch follows it
        back = replace(back, tracker=Settings().tracker)
    assert back == Settings()


def test_showing_settings_changes_nothing(dialog: SettingsDialog, qtbot: QtBot) -> None:
    odd = Settings(model=ModelSettings(name="litepose-xs", input_size=100, engine="torch"))
    with qtbot.assertNotEmitted(dialog.settings_changed, wait=500):
        dialog.set_settings(odd)
    for path, editor in dialog._editors.items():
        assert editor.get() == value_at(odd, path), path


def test_a_value_that_is_being_turned_is_reported_once(dialog: SettingsDialog, qtbot: QtBot) -> None:
    heard: list[Settings] = []
    dialog.settings_changed.connect(heard.append)
    box = dialog._editors["decode.det_thr"].widget
    assert isinstance(box, QDoubleSpinBox)
    for _ in range(20):
        box.stepUp()
    qtbot.waitUntil(lambda: bool(heard))
    qtbot.wait(400)
    assert [s.decode.det_thr for s in heard] == [0.2]


def test_closing_does_not_lose_a_change(dialog: SettingsDialog) -> None:
    heard: list[Settings] = []
    dialog.settings_changed.connect(heard.append)
    turn(dialog._editors["overlay.boxes"].widget)
    dialog.close()
    assert [s.overlay.boxes for s in heard] == [True]


def test_reset_brings_everything_back_at_once(dialog: SettingsDialog, qtbot: QtBot) -> None:
    for path in ("decode.det_thr", "overlay.boxes", "model.engine"):
        turn(dialog._editors[path].widget)
    heard: list[Settings] = []
    dialog.settings_changed.connect(heard.append)
    qtbot.mouseClick(dialog.reset_button, Qt.MouseButton.LeftButton)
    assert heard == [Settings()]
    assert dialog._editors["decode.det_thr"].get() == Settings().decode.det_thr


def test_values_that_contradict_each_other_are_refused_in_words(dialog: SettingsDialog, qtbot: QtBot) -> None:
    dialog.set_settings(with_value(Settings(), "tracker.track_low_thr", 0.2))
    heard: list[Settings] = []
    dialog.settings_changed.connect(heard.append)
    box = dialog._editors["tracker.track_high_thr"].widget
    assert isinstance(box, QDoubleSpinBox)
    box.setValue(0.1)
    qtbot.wait(400)
    assert heard == []
    assert dialog.message.isVisible()
    assert "track_low_thr" in dialog.message.text()


def test_the_list_offers_automatic_first_and_marks_the_model_in_use(dialog: SettingsDialog) -> None:
    tree = dialog.models.tree
    names = [tree.topLevelItem(i).data(0, NAME_ROLE) for i in range(tree.topLevelItemCount())]  # type: ignore[union-attr]
    assert names == [AUTO, "litepose-m", "litepose-xs"]
    assert tree.currentItem() is not None
    assert tree.currentItem().data(0, NAME_ROLE) == Settings().model.name  # type: ignore[union-attr]


def test_choosing_a_model_with_the_keyboard_tells_it(dialog: SettingsDialog, qtbot: QtBot) -> None:
    after = told(dialog, qtbot, lambda: qtbot.keyClick(dialog.models.tree, Qt.Key.Key_End))
    assert after.model.name == "litepose-xs"


def test_measuring_fills_the_speeds_and_names_the_automatic_choice(
    dialog: SettingsDialog, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    speeds = {"litepose-m": 12.0, "litepose-xs": 60.0}
    monkeypatch.setattr(auto_model, "measure_fps", lambda settings: speeds[settings.name])
    monkeypatch.setattr(auto_model, "list_weights", lambda: SPECS)
    qtbot.mouseClick(dialog.models.measure_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(dialog.models.measure_button.isEnabled)
    texts = [dialog.models.tree.topLevelItem(i).text(2) for i in range(3)]  # type: ignore[union-attr]
    assert texts[1] == "12 fps at 448 px"
    assert texts[2] == "60 fps at 256 px"
    assert texts[0] == "now litepose-xs, 60 fps at 256 px"


def test_a_weights_file_is_shown_until_another_model_is_chosen(dialog: SettingsDialog, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(dialog.settings_changed, wait=500):
        dialog.set_settings(Settings(model=ModelSettings(weights="/far/away/own.pth")))
    current = dialog.models.tree.currentItem()
    assert current is not None and current.text(0) == "own.pth"
    after = told(dialog, qtbot, lambda: qtbot.keyClick(dialog.models.tree, Qt.Key.Key_Home))
    assert (after.model.name, after.model.weights) == (AUTO, None)
    texts = [dialog.models.tree.topLevelItem(i).text(0) for i in range(dialog.models.tree.topLevelItemCount())]  # type: ignore[union-attr]
    assert "own.pth" not in texts


def test_the_automatic_choice_is_named_as_soon_as_it_is_made(dialog: SettingsDialog) -> None:
    row = dialog.models.tree.topLevelItem(0)
    assert row is not None and row.text(2) == "not measured yet"
    dialog.models.show_loading("measuring")
    assert dialog.models.status.text() == "measuring"
    cache = SpeedCache()
    cache.put(speed_key(SPECS[0], 448, ModelSettings()), 50.0)
    dialog.models.show_loading("")
    row = dialog.models.tree.topLevelItem(0)
    assert row is not None and row.text(2) == "now litepose-m, 50 fps at 448 px"
    assert dialog.models.status.text() == ""


def test_every_control_says_what_it_is(dialog: SettingsDialog) -> None:
    for field in FIELDS:
        widget = dialog._editors[field.path].widget
        assert field.tip
        assert widget.toolTip() == field.tip
        assert field.label or (isinstance(widget, QCheckBox) and widget.text())
    buddies = [label.buddy() for label in dialog.findChildren(QLabel) if label.buddy() is not None]
    assert len(buddies) >= len(FIELDS)


def test_scrolling_over_a_field_changes_it_only_when_it_was_chosen(dialog: SettingsDialog, qtbot: QtBot) -> None:
    dialog.show()
    dialog.tabs.setCurrentIndex(1)
    box = next(b for b in dialog.findChildren(QSpinBox) if b.isVisible())
    before = box.value()

    def scroll() -> None:
        at = QPointF(box.rect().center())
        none = Qt.KeyboardModifier.NoModifier
        wheel = QWheelEvent(
            at, QPointF(box.mapToGlobal(at)), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton, none,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(box, wheel)

    dialog.tabs.setFocus()
    scroll()
    assert box.value() == before
    box.setFocus()
    qtbot.waitUntil(box.hasFocus)
    scroll()
    assert box.value() == before - 1


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_list_opens_whole_and_without_arrows_over_its_choices(
    qapp: QApplication, qtbot: QtBot, theme: str
) -> None:
    apply_theme(qapp, theme)  # type: ignore[arg-type]
    dialog = SettingsDialog(Settings(), theme=theme)
    qtbot.addWidget(dialog)
    dialog.show()
    boxes = dialog.findChildren(QComboBox)
    assert len(boxes) > 8
    for box in boxes:
        style = box.style()
        assert style is not None
        # As a menu, a list has arrows to scroll with, which take the room of its last choice.
        assert not style.styleHint(QStyle.StyleHint.SH_ComboBox_Popup, QStyleOptionComboBox(), box)
        dialog.tabs.setCurrentIndex(next(i for i in range(3) if dialog.tabs.widget(i).isAncestorOf(box)))  # type: ignore[union-attr]
        box.showPopup()
        view = box.view()
        assert view is not None and (room := view.viewport()) is not None and (model := view.model()) is not None
        for row in range(box.count()):
            assert room.rect().contains(view.visualRect(model.index(row, 0))), box.itemText(row)
        box.hidePopup()
    apply_theme(qapp, "light")


def test_editors_give_back_what_they_were_given() -> None:
    def never() -> None:
        raise AssertionError("setting a value must not count as a change")

    for editor, values in (
        (number(0, 1, 0.01, "", never), (0.0, 0.1, 0.15, 1.0)),
        (whole(1, 100, "", never), (1, 30, 100)),
        (flag("x", never), (True, False)),
        (choice([(None, "a"), (1, "b")], never), (None, 1, 7)),
    ):
        for value in values:
            editor.set(value)
            assert editor.get() == value
