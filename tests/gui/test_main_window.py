"""The window, driven offscreen: keys, clicks, drops, errors, and what it remembers."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import cv2
import numpy as np
import pytest
from PyQt6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PyQt6.QtGui import QDesktopServices, QDropEvent, QKeySequence
from PyQt6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QMenuBar,
    QSpinBox,
    QTreeView,
    QWidget,
)

from app.gui.live.workers import Brain
from app.gui.panels.people_model import ID_ROLE, Column
from app.gui.panels.settings_dialog import SettingsDialog
from app.gui.shell.cameras import CameraInfo
from app.gui.shell.main_window import MainWindow
from app.gui.shell.memory import Memory
from app.settings import ModelSettings, Settings, load_settings
from pose.errors import EngineError, WeightsError
from tests.app.media import write_video
from tests.fakes import FakeEstimator
from tests.gui.studio import FAST, FakeCamera, brain_of, camera_source, our_threads

Maker = Callable[..., MainWindow]


def shown_index(window: MainWindow) -> int:
    delivery = window.view.delivery
    return delivery.result.frame.index if delivery is not None else -1


def open_paused(qtbot: Any, window: MainWindow, path: Path) -> None:
    window.open_source(str(path))
    window.session.pause()
    qtbot.waitUntil(lambda: window.view.delivery is not None and window.view.delivery.analysed, timeout=FAST)


def test_the_first_page_offers_sources_and_recent_ones(qtbot: Any, make_window: Maker, clip: Path) -> None:
    window = make_window()
    assert window.stack.currentWidget() is window.picker
    open_paused(qtbot, window, clip)
    assert window.stack.currentWidget() is window.page
    window.show_sources()
    assert window.stack.currentWidget() is window.picker
    assert window.picker.recent_list.item(0).text() == "clip.mp4"
    item = window.picker.recent_list.visualItemRect(window.picker.recent_list.item(0))
    qtbot.mouseClick(window.picker.recent_list.viewport(), Qt.MouseButton.LeftButton, pos=item.center())
    qtbot.waitUntil(lambda: shown_index(window) >= 0, timeout=FAST)


def test_the_first_page_tells_what_is_measured(qtbot: Any, make_window: Maker) -> None:
    go_on = threading.Event()

    def build(settings: Settings, device: str, progress: Callable[[str], None]) -> Brain:
        progress("Finding the best model")
        go_on.wait(5)
        return brain_of(FakeEstimator(), settings)

    window = make_window(build=build)
    note = window.picker.note
    qtbot.waitUntil(lambda: note.isVisible() and note.text() == "Finding the best model", timeout=FAST)
    go_on.set()
    qtbot.waitUntil(note.isHidden, timeout=FAST)


def test_playing_is_driven_by_keys_alone(qtbot: Any, make_window: Maker, clip: Path) -> None:
    window = make_window()
    open_paused(qtbot, window, clip)
    window.activateWindow()
    window.focus_view()
    start = shown_index(window)
    qtbot.keyClick(window.view, ".")
    qtbot.waitUntil(lambda: shown_index(window) == start + 1, timeout=FAST)
    qtbot.keyClick(window.view, ",")
    qtbot.waitUntil(lambda: shown_index(window) == start, timeout=FAST)
    qtbot.keyClick(window.view, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: shown_index(window) == 39, timeout=FAST)
    qtbot.keyClick(window.view, Qt.Key.Key_Left)
    qtbot.waitUntil(lambda: shown_index(window) == 14, timeout=FAST)
    qtbot.keyClick(window.view, "I")
    qtbot.keyClick(window.view, Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: shown_index(window) == 0, timeout=FAST)
    assert window.session.state.in_s == pytest.approx(14 / 25)
    qtbot.keyClick(window.view, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: shown_index(window) > 14, timeout=FAST)
    assert window.session.state.playing


@pytest.mark.parametrize("focus", ["view", "timeline"])
def test_seek_keys_pressed_quickly_all_count(qtbot: Any, make_window: Maker, tmp_path: Path, focus: str) -> None:
    window = make_window()
    open_paused(qtbot, window, write_video(tmp_path / "long.mp4", count=200))
    window.activateWindow()
    widget = window.view if focus == "view" else window.transport.timeline
    widget.setFocus()
    qtbot.keyClick(widget, Qt.Key.Key_Home)
    for _ in range(5):
        qtbot.keyClick(widget, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: shown_index(window) == 125, timeout=FAST)


def test_the_time_line_is_as_long_as_the_video_proves_to_be(qtbot: Any, make_window: Maker, tmp_path: Path) -> None:
    window = make_window()
    window.resize(1280, 800)
    open_paused(qtbot, window, write_video(tmp_path / "video.mkv", count=25, sound="aac", sound_shift_s=2.0))
    assert not window.transport.time_label.text().endswith("/ 0:01.000")
    window.menus.actions["end"].trigger()
    qtbot.waitUntil(lambda: window.transport.time_label.text() == "0:00.960 / 0:01.000", timeout=FAST)
    timeline = window.transport.timeline
    qtbot.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=QPoint(timeline.width() // 2, 12))
    qtbot.waitUntil(lambda: shown_index(window) == 12, timeout=FAST)


def test_a_click_on_a_person_locks_and_another_unlocks(qtbot: Any, make_window: Maker, clip: Path) -> None:
    window = make_window()
    open_paused(qtbot, window, clip)
    QApplication.processEvents()
    delivery, transform = window.view.delivery, window.view.transform
    assert delivery is not None and transform is not None
    x, y = transform.to_view(delivery.result.tracks.poses.keypoints[1, 0]) / window.view.devicePixelRatioF()
    qtbot.mouseClick(window.view, Qt.MouseButton.LeftButton, pos=QPoint(round(float(x)), round(float(y))))
    assert window.session.people.locked_id == 2
    assert window.people.model.locked_id == 2
    qtbot.mouseClick(window.view, Qt.MouseButton.LeftButton, pos=QPoint(round(float(x)), round(float(y))))
    assert window.session.people.locked_id == 0


def test_people_are_locked_with_keys(qtbot: Any, make_window: Maker, clip: Path) -> None:
    window = make_window()
    open_paused(qtbot, window, clip)
    window.activateWindow()
    window.focus_view()
    qtbot.keyClick(window.view, "N")
    assert window.session.people.locked_id == 1
    qtbot.keyClick(window.view, "N")
    assert window.session.people.locked_id == 2
    qtbot.keyClick(window.view, "U")
    assert window.session.people.locked_id == 0


def test_unlock_is_offered_only_while_somebody_is_locked(qtbot: Any, make_window: Maker, clip: Path) -> None:
    window = make_window()
    unlock = window.menus.actions["unlock"]
    assert not unlock.isEnabled()
    open_paused(qtbot, window, clip)
    assert not unlock.isEnabled()
    window.session.people.lock_next()
    window.session.set_loop(True)  # any change of the state
    assert unlock.isEnabled()
    unlock.trigger()
    window.session.set_loop(False)
    assert not unlock.isEnabled()
    window.session.people.lock_next()
    window.show_sources()
    assert not unlock.isEnabled()


def test_where_the_recordings_are_is_said_where_no_file_manager_shows_them(
    make_window: Maker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: bool(shown.append(url.toLocalFile())))
    window = make_window()
    window.menus.actions["open_folder"].trigger()
    assert shown == [] and "no recordings yet" in window.banner.text
    (tmp_path / "recordings").mkdir()
    window.menus.actions["open_folder"].trigger()
    assert shown == [str(tmp_path / "recordings")] and shown[0] in window.banner.text


def test_a_hidden_person_is_neither_drawn_nor_clicked(qtbot: Any, make_window: Maker, clip: Path) -> None:
    window = make_window()
    open_paused(qtbot, window, clip)
    QApplication.processEvents()
    delivery, transform = window.view.delivery, window.view.transform
    assert delivery is not None and transform is not None
    x, y = transform.to_view(delivery.result.tracks.poses.keypoints[0, 0]) / window.view.devicePixelRatioF()
    at = QPointF(float(x), float(y))
    before = window.view.grab().toImage()
    assert window.view.person_at(at) == 1
    window.people.hide_changed.emit(1, True)
    assert window.view.person_at(at) == 0
    assert window.view.grab().toImage() != before


def test_zoom_and_pan_move_the_image_and_fit_brings_it_back(qtbot: Any, make_window: Maker, clip: Path) -> None:
    window = make_window()
    open_paused(qtbot, window, clip)
    QApplication.processEvents()
    whole = window.view.transform
    window.menus.actions["zoom_in"].trigger()
    assert window.view.transform is not None and window.view.transform.zoom > 1.2
    window.menus.actions["zoom_fit"].trigger()
    assert window.view.transform == whole


def test_a_dropped_file_plays(qtbot: Any, make_window: Maker, clip: Path) -> None:
    window = make_window()
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(clip))])
    none = Qt.MouseButton.NoButton
    window.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, mime, none, Qt.KeyboardModifier.NoModifier))
    qtbot.waitUntil(lambda: shown_index(window) >= 0, timeout=FAST)


def test_a_broken_file_is_said_in_plain_words_with_a_way_out(qtbot: Any, make_window: Maker, tmp_path: Path) -> None:
    broken = tmp_path / "notes.mp4"
    broken.write_text("these are notes")
    window = make_window()
    window.open_source(str(broken))
    qtbot.waitUntil(lambda: window.banner.isVisible(), timeout=FAST)
    assert "notes.mp4" in window.banner.text and "Traceback" not in window.banner.text
    assert window.stack.currentWidget() is window.picker
    assert window.focusWidget() is window.picker.file_button
    assert window.picker.recent_list.count() == 0  # nothing to come back to


@pytest.mark.parametrize("images", [0, 3])
def test_a_dropped_folder_plays_its_images_or_queues_its_videos(
    qtbot: Any, make_window: Maker, tmp_path: Path, clip: Path, images: int
) -> None:
    folder = tmp_path / "dropped"
    folder.mkdir()
    for number in range(images):
        cv2.imwrite(str(folder / f"{number}.png"), np.zeros((48, 64, 3), np.uint8))
    if not images:
        for name in ("a.mp4", "b.mp4"):
            shutil.copy(clip, folder / name)
    window = make_window()
    window.open_words([str(folder)])
    if images:
        qtbot.waitUntil(lambda: shown_index(window) == images - 1, timeout=FAST)
        assert window.session.state.info is not None and window.session.state.info.name == "dropped"
    else:
        batch = window.tools.open_batch()
        assert [row.item.label for row in batch.queue.rows] == ["a.mp4", "b.mp4"]


def test_a_folder_with_one_video_plays_it_and_an_empty_one_is_said(
    qtbot: Any, make_window: Maker, tmp_path: Path, clip: Path
) -> None:
    empty, single = tmp_path / "empty", tmp_path / "single"
    empty.mkdir()
    single.mkdir()
    shutil.copy(clip, single / "one.mp4")
    window = make_window()
    window.open_words([str(empty)])
    assert window.banner.isVisible() and "empty" in window.banner.text
    window.open_words([str(single)])
    qtbot.waitUntil(lambda: shown_index(window) >= 0, timeout=FAST)
    assert not window.banner.isVisible()


def test_the_error_of_a_model_leaves_when_another_one_is_there(qtbot: Any, make_window: Maker, clip: Path) -> None:
    def build(settings: Settings, device: str, progress: Callable[[str], None]) -> Brain:
        if settings.model.name == "wrong":
            raise WeightsError("There are no weights like that.")
        return brain_of(FakeEstimator(), settings)

    wrong = Settings(model=ModelSettings("wrong"))
    window = make_window(settings=wrong, build=build)
    qtbot.waitUntil(lambda: window.banner.isVisible(), timeout=FAST)
    assert window.session.stats().model == "none"
    window.use_settings(Settings())
    qtbot.waitUntil(lambda: not window.banner.isVisible(), timeout=FAST)
    window.use_settings(wrong)
    qtbot.waitUntil(lambda: window.banner.isVisible(), timeout=FAST)
    window.banner.show_message("Something else.", "error")
    window.use_settings(Settings())
    qtbot.waitUntil(lambda: not window.session.state.loading, timeout=FAST)
    assert window.banner.text == "Something else." and window.banner.isVisible()


def test_settings_that_cannot_be_used_are_reported_where_they_are_made(qtbot: Any, make_window: Maker) -> None:
    def build(settings: Settings, device: str, progress: Callable[[str], None]) -> Brain:
        if settings.model.precision == "fp16":
            raise EngineError("There is no fp16 here.")
        return brain_of(FakeEstimator(), settings)

    def tell_dialog() -> SettingsDialog:
        window.tools.open_settings()
        dialog = window.findChild(SettingsDialog)
        assert dialog is not None
        return dialog

    def is_reported() -> bool:
        return dialog.message.isVisible() and dialog.message.text() == "There is no fp16 here."

    window = make_window(build=build)
    dialog = tell_dialog()
    assert not dialog.message.isVisible()
    window.use_settings(Settings(model=ModelSettings(precision="fp16")))
    qtbot.waitUntil(is_reported, timeout=FAST)
    box = dialog._editors["overlay.boxes"].widget
    assert isinstance(box, QCheckBox)
    box.toggle()  # has nothing to do with it
    assert is_reported()
    with qtbot.waitSignal(dialog.destroyed, timeout=FAST):
        dialog.close()
    dialog = tell_dialog()  # from the button of the message, for one
    assert is_reported()
    window.use_settings(Settings())
    qtbot.waitUntil(lambda: not dialog.message.isVisible(), timeout=FAST)


def test_view_choices_are_kept_in_the_settings_file(qtbot: Any, make_window: Maker, tmp_path: Path) -> None:
    window = make_window()
    window.menus.actions["boxes"].trigger()
    window.menus.actions["colours_side"].trigger()
    window.menus.actions["plain"].trigger()
    overlay = load_settings(tmp_path / "settings.toml").overlay
    assert (overlay.boxes, overlay.colours, overlay.background) == (True, "side", "plain")


def test_changes_in_the_dialog_and_in_the_menu_at_once_are_both_kept(make_window: Maker, tmp_path: Path) -> None:
    window = make_window()
    window.tools.open_settings()
    dialog = window.findChild(SettingsDialog)
    assert dialog is not None
    people = next(box for box in dialog.findChildren(QSpinBox) if box.maximum() == 100)
    people.setValue(7)
    window.set_style(trails=True)
    for settings in (window.settings, load_settings(tmp_path / "settings.toml"), dialog.settings):
        assert settings.decode.max_people == 7 and settings.overlay.trails


def test_skeleton_only_shows_nothing_of_the_image(qtbot: Any, make_window: Maker, clip: Path) -> None:
    window = make_window()
    open_paused(qtbot, window, clip)
    window.show_hud(False)
    window.set_style(background="plain", skeleton=False, labels=False)
    QApplication.processEvents()
    image = window.view.grab().toImage()
    colours = {image.pixel(x, y) for x in range(2, image.width(), 23) for y in range(2, image.height(), 17)}
    assert len(colours) <= 2


def test_mirror_turns_live_images_only(qtbot: Any, make_window: Maker, clip: Path) -> None:
    window = make_window(sources={0: camera_source(FakeCamera)})
    window.set_style(mirror=True)
    open_paused(qtbot, window, clip)
    QApplication.processEvents()
    assert window.view.transform is not None and not window.view.transform.mirror
    window.open_source(0)
    qtbot.waitUntil(lambda: window.view.transform is not None and window.view.transform.mirror, timeout=FAST)


def test_what_cameras_are_asked_for_is_chosen_beside_them_and_remembered(
    qtbot: Any, make_window: Maker, tmp_path: Path
) -> None:
    opened: list[float] = []

    def camera(sleep: Callable[[float], None]) -> Any:
        opened.append(time.monotonic())
        return camera_source(FakeCamera)(sleep)

    window = make_window(cameras=lambda: [CameraInfo(0, "Front camera")], sources={0: camera})
    box = window.picker.size_box
    qtbot.waitUntil(lambda: len(opened) == 1, timeout=FAST)
    box.setCurrentIndex(box.findData("1280x720"))
    box.activated.emit(box.currentIndex())
    assert window.settings.camera_wh == (1280, 720)
    assert load_settings(tmp_path / "settings.toml").camera_size == "1280x720"
    qtbot.waitUntil(lambda: len(opened) == 2, timeout=FAST)  # its thumbnail is made anew
    window.use_settings(Settings())
    assert box.currentData() == "auto"


def test_a_camera_is_chosen_by_its_image(qtbot: Any, make_window: Maker) -> None:
    window = make_window(cameras=lambda: [CameraInfo(0, "Front camera")], sources={0: camera_source(FakeCamera)})
    card = window.picker._cards[0]
    assert "Front camera" in card.text()
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: shown_index(window) > 2, timeout=FAST)
    assert window.session.state.live
    assert not window.transport.timeline.isVisible()


def test_the_first_window_fits_the_screen(make_window: Maker) -> None:
    window = make_window()
    screen = window.screen()
    assert screen is not None
    room = screen.availableSize()
    assert window.height() < room.height() and window.width() < max(room.width(), window.minimumSizeHint().width() + 1)


def test_shortcuts_are_unique(make_window: Maker) -> None:
    window = make_window()
    keys = [key.toString() for action in window.menus.actions.values() for key in action.shortcuts()]
    assert len(keys) == len(set(keys))
    assert all(QKeySequence(key).count() == 1 for key in keys)


def test_the_sheet_lists_every_shortcut(make_window: Maker) -> None:
    from PyQt6.QtWidgets import QLabel

    window = make_window()
    sheet = window.menus.shortcut_sheet()
    words = {label.text() for label in sheet.findChildren(QLabel)}
    for action in window.menus.actions.values():
        if action.shortcuts():
            assert action.text().replace("&", "").rstrip("…. ") in words


def test_every_button_says_what_it_does(make_window: Maker) -> None:
    window = make_window()
    for button in window.findChildren(QAbstractButton):
        if button.isHidden() or isinstance(button.parent(), QLineEdit | QMenuBar | QTreeView):
            continue
        assert button.toolTip(), button.text() or button.objectName()


@pytest.mark.parametrize("width", [640, 900, 1280])
def test_nothing_of_the_controls_is_cut(qtbot: Any, make_window: Maker, clip: Path, width: int) -> None:
    window = make_window()
    window.resize(width, 600)
    open_paused(qtbot, window, clip)
    window.tools.toggle_recording()
    QApplication.processEvents()
    label = window.transport.time_label
    assert label.width() >= label.fontMetrics().horizontalAdvance(label.text())
    shown = [w for w in window.transport.findChildren(QWidget) if w.isVisible() and w.parent() is window.transport]
    row = sorted((w for w in shown if w is not window.transport.timeline), key=lambda w: w.x())
    for left, right in pairwise(row):
        assert left.geometry().right() < right.x(), (left, right)
    assert row[-1].geometry().right() <= window.transport.width()


def walked_with_tab(qtbot: Any, window: MainWindow, start: QWidget) -> list[QWidget]:
    """The widgets that have the keyboard one after the other, until the first comes again."""
    start.setFocus()
    seen: list[QWidget] = []
    while (widget := window.focusWidget()) is not None and widget not in seen:
        seen.append(widget)
        qtbot.keyClick(widget, Qt.Key.Key_Tab)
    return seen


def test_tab_reaches_every_control(qtbot: Any, make_window: Maker, clip: Path) -> None:
    window = make_window()
    window.activateWindow()
    for page in ("picker", "page"):
        if page == "page":
            open_paused(qtbot, window, clip)
            window.docks.plots.show()
            window.session.people.lock_next()
            window.people.refresh()
        reached = walked_with_tab(qtbot, window, window.view if page == "page" else window.picker.file_button)
        controls = (QAbstractButton, QComboBox, QLineEdit, QTreeView)
        for widget in window.findChildren(QWidget):
            if isinstance(widget, controls) and widget.isVisible() and widget.isEnabled():
                own = widget.objectName().startswith("qt_") or isinstance(widget.parent(), QLineEdit)
                assert own or widget in reached, (page, widget.toolTip() or widget.accessibleName())
    row = [w for w in reached if w.parent() is window.transport and w is not window.transport.timeline]
    assert [w.x() for w in row] == sorted(w.x() for w in row)


def test_space_presses_the_button_that_has_the_keyboard(qtbot: Any, make_window: Maker, clip: Path) -> None:
    window = make_window()
    open_paused(qtbot, window, clip)
    window.activateWindow()
    window.transport.loop_button.setFocus()
    qtbot.keyClick(window.transport.loop_button, Qt.Key.Key_Space)
    assert window.session.state.loop and not window.session.state.playing
    window.focus_view()
    qtbot.keyClick(window.view, Qt.Key.Key_Space)
    assert window.session.state.playing


def test_window_remembers_sources_figures_and_place(qtbot: Any, make_window: Maker, clip: Path, tmp_path: Path) -> None:
    window = make_window()
    open_paused(qtbot, window, clip)
    window.menus.actions["hud"].trigger()
    window.resize(900, 600)
    window.close()
    memory = Memory(tmp_path / "window.ini")
    assert memory.recent == [str(clip)]
    assert memory.text("last_source") == str(clip)
    assert not memory.flag("hud", True)
    assert not memory.blob("geometry").isEmpty()


def test_passwords_of_streams_are_not_shown(make_window: Maker) -> None:
    window = make_window()
    window.picker.set_recent(["rtsp://coach:secret@10.0.0.5:554/live"])
    item = window.picker.recent_list.item(0)
    assert "secret" not in item.text() and "secret" not in item.toolTip()
    assert "10.0.0.5" in item.text()


def test_passwords_of_streams_are_never_written_down(qtbot: Any, make_window: Maker, tmp_path: Path) -> None:
    secret = "rtsp://coach:hunter2@10.0.0.5:554/live?token=sesame&stream=1"
    ini = tmp_path / "window.ini"
    ini.write_text(f"[General]\nlast_source={secret}\nrecent={secret}, /clips/a.mp4\n")  # by an earlier version
    memory = Memory(ini)
    memory.add_recent(secret)
    memory.last_source = secret
    memory.flush()
    assert "hunter2" not in ini.read_text() and "sesame" not in ini.read_text()
    assert memory.recent == [secret, "/clips/a.mp4"], "known until the program ends"
    assert memory.last_source == secret
    kept = "rtsp://coach:@10.0.0.5:554/live?token=&stream="
    assert Memory(ini).recent == [kept, "/clips/a.mp4"]

    window = make_window()
    window.open_source(kept)
    assert window.picker.url_edit.text() == kept, "to be completed"
    assert "Passwords are not kept" in window.banner.text
    assert window.session.state.spec is None


def test_closing_ends_everything_soon(qtbot: Any, make_window: Maker, clip: Path) -> None:
    window = make_window()
    window.transport.loop_button.setChecked(True)
    window.open_source(str(clip))
    qtbot.waitUntil(lambda: shown_index(window) > 2, timeout=FAST)
    start = time.monotonic()
    window.close()
    assert time.monotonic() - start < 1.0
    assert window.all_threads_ended
    assert our_threads() == []


def test_the_heatmap_is_asked_for_only_while_shown(qtbot: Any, make_window: Maker, clip: Path) -> None:
    from pose.preprocess import fit_to_network
    from pose.types import Poses
    from tests.fakes import FakeEstimator, FakeTimes

    class WithMaps(FakeEstimator):
        inferred, streams = 0, 1

        def with_streams(self, streams: int) -> WithMaps:
            return self

        def infer(self, image: np.ndarray) -> SimpleNamespace:
            self.inferred += 1
            fit = fit_to_network(image.shape[:2], 64)
            h, w = fit.network_hw
            return SimpleNamespace(image=image, fit=fit, heatmaps=np.ones((14, h // 2, w // 2), np.float32))

        def decode(self, inferred: SimpleNamespace) -> tuple[Poses, FakeTimes]:
            return self.estimate(inferred.image)

    estimator = WithMaps()
    window = make_window(estimator=estimator)
    open_paused(qtbot, window, clip)
    assert window.view.delivery is not None and window.view.delivery.heatmap is None
    window.menus.actions["heatmap"].trigger()
    qtbot.waitUntil(lambda: window.view.delivery is not None and window.view.delivery.heatmap is not None, timeout=FAST)
    window.view.grab()
    assert estimator.inferred == window.session._inference.worker.inferred_count


def test_a_jump_is_neither_counted_as_seen_nor_joined_in_the_plot(qtbot: Any, make_window: Maker, clip: Path) -> None:
    window = make_window()
    open_paused(qtbot, window, clip)
    window.session.people.lock_person(1)
    window.session.seek(1.2)
    qtbot.waitUntil(lambda: shown_index(window) == 30, timeout=FAST)
    window.people.refresh()
    seconds = str(window.people.model.index(0, Column.SECONDS).data())
    assert float(seconds.removesuffix(" s")) < 1.2  # the video was never played as far as that
    assert np.isnan(window.plots._history.keypoints[-2]).all()


def test_a_person_found_again_keeps_name_curves_and_being_hidden(qtbot: Any, make_window: Maker, clip: Path) -> None:
    window = make_window()
    open_paused(qtbot, window, clip)
    window.session.people.lock_person(1)
    window.people.refresh()
    cell = window.people.model.index(window.people.model.row_of(1) or 0, 0)
    window.people.model.setData(cell, "Ada")
    window.people.model.setData(cell, Qt.CheckState.Unchecked, Qt.ItemDataRole.CheckStateRole)
    window.session.people.found_again.emit(1, 7)
    window.session.people.locked_changed.emit(7, True)
    model = window.people.model
    names = {model.index(row, 0).data(): model.index(row, 0).data(ID_ROLE) for row in range(model.rowCount())}
    assert names["Ada"] == 7 and names["Person 1"] == 1
    assert {1, 7} <= window.hidden_ids
    assert len(window.plots._history.times_s) > 0
    assert window.plots._who.whole_text.startswith("Ada")
