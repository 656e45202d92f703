"""The batch window writes what `annotate` writes, says how each file went, and goes on after a cancel."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PyQt6.QtCore import QMimeData, QPointF, QRect, Qt, QUrl
from PyQt6.QtGui import QDesktopServices, QDropEvent
from PyQt6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from app import cli
from app.analysis.inputs import AnnotationInput
from app.analysis.job import JobOptions, Outcome
from app.cli import annotate
from app.gui.panels import batch_window
from app.gui.panels.batch_queue import format_duration
from app.gui.panels.batch_runner import BatchRunner
from app.gui.panels.batch_window import BatchWindow
from app.gui.shell.main_window import MainWindow
from app.settings import ModelSettings, Settings, save_settings
from pose.decode_settings import DecodeSettings
from pose.errors import WeightsError
from tests.app.media import packet_sizes, write_video
from tests.fakes import FakeEstimator, fake_model_info


class Network(FakeEstimator):
    """FakeEstimator that can be held after some calls."""

    def __init__(self, hold_after: int | None = None) -> None:
        super().__init__()
        self.hold_after, self.go_on, self.held = hold_after, threading.Event(), threading.Event()

    def with_settings(self, settings: DecodeSettings) -> Network:
        return self

    def estimate(self, image_bgr: np.ndarray):
        if self.hold_after is not None and self.calls >= self.hold_after:
            self.held.set()
            self.go_on.wait(10)
        return super().estimate(image_bgr)


@pytest.fixture(autouse=True)
def no_model_info(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.models.loading.model_info", fake_model_info)


@pytest.fixture
def make_batch(qtbot: QtBot, tmp_path: Path) -> Callable[..., BatchWindow]:
    def make(load: Callable[..., object] = lambda model, decode: Network(), **settings: object) -> BatchWindow:
        runner = BatchRunner(load)  # type: ignore[arg-type]
        window = BatchWindow(replace(Settings(), **settings), runner=runner)  # type: ignore[arg-type]
        qtbot.addWidget(window, before_close_func=lambda w: (w.runner.cancel(), w.runner.join(5)))
        window.folder_edit.setText(str(tmp_path / "out"))
        window.video_box.setChecked(False)
        window.show()
        return window

    return make


def run_all(window: BatchWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.runner.finished, timeout=30_000):
        qtbot.mouseClick(window.start_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.runner.running)


def states(window: BatchWindow) -> list[str]:
    return [row.state for row in window.queue.rows]


@pytest.mark.parametrize("smoothing", ["off", "one-euro", "zero-phase"])
def test_tables_are_those_of_the_command_line(
    make_batch: Callable[..., BatchWindow],
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    smoothing: str,
) -> None:
    clip = write_video(tmp_path / "clip.mp4", count=25)
    window = make_batch(smoothing=smoothing)
    window.add_paths([clip])
    window.angles_box.setChecked(True)
    run_all(window, qtbot)
    save_settings(window._settings, tmp_path / "settings.toml")
    monkeypatch.setattr(annotate, "_load", lambda model, decode: FakeEstimator())
    words = ["--settings", tmp_path / "settings.toml", "--no-video", "--angles", "--out", tmp_path / "cli"]
    assert cli.main(["annotate", str(clip), *map(str, words)]) == 0
    assert (tmp_path / "out" / "clip.csv").read_bytes() == (tmp_path / "cli" / "clip.csv").read_bytes()


def test_one_broken_file_does_not_stop_the_others(
    make_batch: Callable[..., BatchWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no video at all")
    window = make_batch()
    window.add_paths([write_video(tmp_path / "a.mp4", count=5), broken, write_video(tmp_path / "b.mp4", count=5)])
    run_all(window, qtbot)
    assert states(window) == ["done", "failed", "done"]
    assert "2 done, 1 failed" in window.status.text()
    assert window.queue.rows[1].text
    assert (tmp_path / "out" / "b.csv").exists()


def test_what_failed_at_once_does_not_shorten_the_time_that_is_left(
    make_batch: Callable[..., BatchWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no video at all")
    network = Network(hold_after=10)
    window = make_batch(lambda model, decode: network)
    window.add_paths([broken, write_video(tmp_path / "a.mp4", count=20)])
    qtbot.mouseClick(window.start_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.queue.rows[1].fraction > 0, timeout=10_000)
    row = window.queue.rows[1]
    row.fraction = 0.5
    window._first_s = row.began_s = time.perf_counter() - 100.0
    window._show_total()
    assert "1:40 min left" in window.status.text()
    network.go_on.set()
    qtbot.waitUntil(lambda: not window.runner.running, timeout=10_000)


def test_a_video_that_lacks_frames_stays_failed_when_it_is_done_already(
    make_batch: Callable[..., BatchWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    video = write_video(tmp_path / "cut.mp4", count=40, options={"movflags": "faststart"})
    video.write_bytes(video.read_bytes()[: packet_sizes(video)[20][0]])
    window = make_batch()
    window.add_paths([video])
    for _ in range(2):
        run_all(window, qtbot)
        assert states(window) == ["failed"]
        assert "decoded" in window.queue.rows[0].text and "1 failed" in window.status.text()


def test_why_something_failed_can_be_read_at_any_width(
    make_batch: Callable[..., BatchWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    window = make_batch()
    window.add_paths([write_video(tmp_path / f"{name}.mp4", count=3) for name in "ab"])
    row = window.queue.rows[0]
    reason = (
        "frames: 34, not decoded: 416, people: 2, rows: 68. " + "a.mp4 ends early, as a copy does that broke off. " * 2
    )
    window.queue.end(row, Outcome(row.item, "failed", False, reason))
    for width in (1200, 700):
        window.resize(width, 560)

        def shown_whole() -> bool:
            room = window.queue.visualRect(window.queue.indexFromItem(window.queue.topLevelItem(0), 2))
            words = QRect(0, 0, room.width(), 10_000)
            needed = window.queue.fontMetrics().boundingRect(words, Qt.TextFlag.TextWordWrap, row.text)
            return room.width() <= window.queue.viewport().width() and needed.height() <= room.height()  # type: ignore[union-attr]

        qtbot.waitUntil(shown_whole, timeout=5000)
    other = window.queue.visualItemRect(window.queue.topLevelItem(1))
    assert other.height() < window.queue.visualItemRect(window.queue.topLevelItem(0)).height()


def test_a_second_start_does_only_what_is_left(
    make_batch: Callable[..., BatchWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    window = make_batch()
    window.add_paths([write_video(tmp_path / "a.mp4", count=5)])
    run_all(window, qtbot)
    assert not window.start_button.isEnabled()
    window.add_paths([write_video(tmp_path / "b.mp4", count=5)])
    run_all(window, qtbot)
    assert states(window) == ["done", "done"]
    again = make_batch()
    again.add_paths([tmp_path / "a.mp4"])
    run_all(again, qtbot)
    assert states(again) == ["skipped"]


def test_cancel_and_go_on(make_batch: Callable[..., BatchWindow], qtbot: QtBot, tmp_path: Path) -> None:
    network = Network(hold_after=8)
    window = make_batch(lambda model, decode: network)
    window.add_paths([write_video(tmp_path / f"{name}.mp4", count=5) for name in "abc"])
    window.start()
    assert network.held.wait(10)
    window.cancel()
    network.go_on.set()
    qtbot.waitUntil(lambda: not window.runner.running and window.start_button.isEnabled(), timeout=10_000)
    assert states(window) == ["done", "cancelled", "cancelled"]
    assert window.start_button.text() == "Go on"
    run_all(window, qtbot)
    assert states(window) == ["done", "done", "done"]


def test_files_added_while_running_are_done_too(
    make_batch: Callable[..., BatchWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    network = Network(hold_after=3)
    window = make_batch(lambda model, decode: network)
    window.add_paths([write_video(tmp_path / "a.mp4", count=5)])
    window.start()
    assert network.held.wait(10)
    window.add_paths([write_video(tmp_path / "b.mp4", count=5)])
    network.go_on.set()
    qtbot.waitUntil(lambda: states(window) == ["done", "done"], timeout=10_000)


def test_the_model_is_loaded_once_for_two_queues(
    make_batch: Callable[..., BatchWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    loads: list[ModelSettings] = []

    def load(model: ModelSettings, decode: DecodeSettings) -> Network:
        loads.append(model)
        return Network()

    window = make_batch(load)
    for name in "ab":
        window.add_paths([write_video(tmp_path / f"{name}.mp4", count=3)])
        run_all(window, qtbot)
    assert len(loads) == 1
    window.set_settings(replace(Settings(), model=replace(Settings().model, input_size=256)))
    window.add_paths([write_video(tmp_path / "c.mp4", count=3)])
    run_all(window, qtbot)
    assert len(loads) == 2


def test_a_model_that_cannot_be_loaded_is_reported_and_nothing_is_lost(
    make_batch: Callable[..., BatchWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    def load(model: ModelSettings, decode: DecodeSettings) -> Network:
        raise WeightsError("These weights are damaged.")

    window = make_batch(load)
    window.add_paths([write_video(tmp_path / "a.mp4", count=3)])
    window.start()
    qtbot.waitUntil(lambda: window.status.text() == "These weights are damaged.")
    assert states(window) == ["waiting"]
    assert window.start_button.isEnabled()


def test_files_of_one_name_get_results_of_different_names(
    make_batch: Callable[..., BatchWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    for folder in "xyz":
        (tmp_path / folder).mkdir()
        write_video(tmp_path / folder / "clip.mp4", count=3)
    window = make_batch()
    window.add_paths([tmp_path / "x" / "clip.mp4", tmp_path / "y" / "clip.mp4"])
    run_all(window, qtbot)
    window.add_paths([tmp_path / "z" / "clip.mp4"])
    run_all(window, qtbot)
    names = sorted(path.name for path in (tmp_path / "out").glob("*.csv"))
    assert names == ["clip-2.csv", "clip-3.csv", "clip.csv"]


def test_dropping_files_adds_them_once(make_batch: Callable[..., BatchWindow], tmp_path: Path) -> None:
    clip = write_video(tmp_path / "a.mp4", count=3)
    window = make_batch()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(clip)), QUrl("https://example.org/x")])
    for _ in range(2):
        event = QDropEvent(
            QPointF(5, 5),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        window.dropEvent(event)
    assert [row.item.label for row in window.queue.rows] == ["a.mp4"]


def test_what_names_nothing_is_reported(make_batch: Callable[..., BatchWindow], tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    window = make_batch()
    window.add_paths([tmp_path / "empty"])
    assert "holds no videos" in window.status.text()
    assert not window.start_button.isEnabled()


def test_delete_removes_the_selected_rows(make_batch: Callable[..., BatchWindow], qtbot: QtBot, tmp_path: Path) -> None:
    window = make_batch()
    window.add_paths([write_video(tmp_path / f"{name}.mp4", count=3) for name in "abc"])
    window.queue.setCurrentItem(window.queue.topLevelItem(1))
    window._remove()
    assert [row.item.label for row in window.queue.rows] == ["a.mp4", "c.mp4"]


def test_only_the_part_that_was_asked_for_is_annotated(
    make_batch: Callable[..., BatchWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    window = make_batch()
    window.add_paths([write_video(tmp_path / "a.mp4", count=50)])
    window.set_part(0.4, 1.2)
    run_all(window, qtbot)
    assert "frames: 21," in window.queue.rows[0].text
    window.set_part(1.0, 0.5)
    window.queue.rows[0].state = "waiting"
    window.start()
    assert not window.runner.running
    assert "later" in window.status.text()


@pytest.mark.parametrize("cleared", [False, True])
def test_every_part_of_a_file_can_be_exported(
    make_batch: Callable[..., BatchWindow], qtbot: QtBot, tmp_path: Path, cleared: bool
) -> None:
    clip = write_video(tmp_path / "a.mp4", count=50)
    window = make_batch()
    for part, frames in (((0.4, 0.8), 11), ((1.0, None), 25), ((None, 0.2), 6), ((None, None), 50)):
        window.export(clip, *part)
        assert states(window) == ["waiting"]
        run_all(window, qtbot)
        assert states(window) == ["done"] and f"frames: {frames}," in window.queue.rows[0].text
        if cleared:
            window._clear()
    names = {path.name for path in (tmp_path / "out").glob("*.csv")}
    assert names == {"a_0.400-0.801s.csv", "a_from-1.000s.csv", "a_0.000-0.201s.csv", "a.csv"}


def test_where_the_results_of_a_part_go_is_said(make_batch: Callable[..., BatchWindow]) -> None:
    window = make_batch()
    assert window.part_note.text() == ""
    window.set_part(0.4, 0.8)
    assert "_0.400-0.801s" in window.part_note.text()


@pytest.mark.parametrize("asked", ["a.mp4", "b.mp4"])
def test_another_part_can_be_exported_while_files_are_annotated(
    make_batch: Callable[..., BatchWindow], qtbot: QtBot, tmp_path: Path, asked: str
) -> None:
    """Of the file that is being worked on, and of one that waits for its turn."""
    network = Network(hold_after=3)
    window = make_batch(lambda model, decode: network)
    window.add_paths([write_video(tmp_path / f"{name}.mp4", count=50) for name in "ab"])
    window.start()
    assert network.held.wait(10)
    qtbot.waitUntil(lambda: window.queue.rows[0].state == "running", timeout=10_000)
    for _ in range(2):
        window.export(tmp_path / asked, 0.4, 0.8)
    network.go_on.set()
    qtbot.waitUntil(lambda: set(states(window)) == {"done"} and not window.runner.running, timeout=20_000)
    names = sorted(path.name for path in (tmp_path / "out").glob("*.csv"))
    assert names == (["a.csv", "a_0.400-0.801s.csv", "b.csv"] if asked == "a.mp4" else ["a.csv", "b_0.400-0.801s.csv"])


@pytest.mark.parametrize("answer", [QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes])
def test_closing_asks_while_files_are_being_annotated(
    make_batch: Callable[..., BatchWindow],
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    answer: QMessageBox.StandardButton,
) -> None:
    monkeypatch.setattr(QMessageBox, "question", lambda *args: answer)
    network = Network(hold_after=2)
    window = make_batch(lambda model, decode: network)
    window.add_paths([write_video(tmp_path / "a.mp4", count=5)])
    window.start()
    assert network.held.wait(10)
    closed = window.close()
    network.go_on.set()
    assert closed == (answer == QMessageBox.StandardButton.Yes)
    assert window.runner.join(5)


def test_escape_closes_and_enter_does_not_stop_what_runs(
    make_batch: Callable[..., BatchWindow], qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    defaults: list[QMessageBox.StandardButton] = []

    def press_enter(*args: Any) -> QMessageBox.StandardButton:
        defaults.append(args[-1])
        return defaults[-1]

    monkeypatch.setattr(QMessageBox, "question", press_enter)
    network = Network(hold_after=2)
    window = make_batch(lambda model, decode: network)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=5000)
    window.add_paths([write_video(tmp_path / "a.mp4", count=5)])
    window.start()
    assert network.held.wait(10)
    qtbot.keyClick(window.queue, Qt.Key.Key_Escape)
    assert defaults == [QMessageBox.StandardButton.No]
    assert window.isVisible() and window.runner.running
    network.go_on.set()
    qtbot.waitUntil(lambda: states(window) == ["done"] and not window.runner.running, timeout=10_000)
    qtbot.keyClick(window.end_box, Qt.Key.Key_Escape)
    assert not window.isVisible()


def test_where_the_results_are_is_said_where_no_file_manager_shows_them(
    make_batch: Callable[..., BatchWindow], qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: False)
    window = make_batch()
    (tmp_path / "out").mkdir()
    qtbot.mouseClick(window.open_button, Qt.MouseButton.LeftButton)
    assert str(tmp_path / "out") in window.status.text()


def test_the_main_window_stays_while_an_export_shall_go_on(
    make_window: Callable[..., MainWindow], clip: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    network = Network(hold_after=2)
    monkeypatch.setattr(batch_window, "BatchRunner", lambda: BatchRunner(lambda model, decode: network))  # type: ignore[arg-type,return-value]
    window = make_window()
    window.open_source(str(clip))
    qtbot.waitUntil(lambda: window.session.state.info is not None)
    window.tools.export_file()
    batch = window.tools.open_batch()
    batch.folder_edit.setText(str(tmp_path / "out"))
    batch.start()
    assert network.held.wait(10)
    monkeypatch.setattr(QMessageBox, "question", lambda *args: QMessageBox.StandardButton.No)
    assert not window.close()
    assert window.isVisible() and batch.runner.running
    monkeypatch.setattr(QMessageBox, "question", lambda *args: QMessageBox.StandardButton.Yes)
    network.go_on.set()
    assert window.close()
    assert batch.runner.join(5)


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0 s"), (59.6, "1:00 min"), (185, "3:05 min"), (3720, "1:02 h"), (-3, "0 s")]
)
def test_durations_read_well(seconds: float, text: str) -> None:
    assert format_duration(seconds) == text


@pytest.mark.parametrize("fps", [24, 30, 50, 240])
def test_a_part_holds_both_of_its_frames(make_batch: Callable[..., BatchWindow], fps: int) -> None:
    window = make_batch()
    for first in range(30, 60):
        in_s, out_s = first / fps, (first + 7) / fps
        window.set_part(in_s, out_s)
        options = window.options()
        assert options.start_s is not None and options.end_s is not None
        assert options.start_s <= in_s < options.start_s + 1 / fps
        assert out_s + 1e-6 < options.end_s < out_s + 1 / fps


def test_what_is_added_later_changes_no_names_and_what_is_removed_is_not_done(
    make_batch: Callable[..., BatchWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    network = Network(hold_after=3)
    window = make_batch(lambda model, decode: network)
    clips = []
    for name in "abcd":
        (tmp_path / name).mkdir()
        clips.append(write_video(tmp_path / name / "x.mp4", count=6))
    window.add_paths(clips[:3])
    qtbot.mouseClick(window.start_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.queue.rows[0].state == "running" and network.held.is_set(), timeout=10_000)
    window.queue.clearSelection()
    window.queue.topLevelItem(1).setSelected(True)  # type: ignore[union-attr]
    window._remove()
    window.add_paths([clips[3], clips[1]])
    assert [(row.item.spec, row.item.stem) for row in window.queue.rows] == [
        (clips[0], "x"), (clips[2], "x-3"), (clips[3], "x-4"), (clips[1], "x-2"),
    ]  # fmt: skip
    network.go_on.set()
    qtbot.waitUntil(lambda: states(window) == ["done"] * 4 and not window.runner.running, timeout=20_000)
    assert sorted(p.name for p in (tmp_path / "out").glob("*.csv")) == ["x-2.csv", "x-3.csv", "x-4.csv", "x.csv"]


@pytest.mark.slow
def test_several_processes_do_what_one_does(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()  # a real network
    model = ModelSettings("litepose-xs", device="cpu", engine="openvino", precision="fp32", input_size=64)
    videos = [write_video(tmp_path / f"{name}.mp4", count=5 + n) for n, name in enumerate("abc")]
    items = [AnnotationInput(video, video.name, video.stem) for video in videos]
    written = []
    for count in (1, 2):
        runner, ended = BatchRunner(parallel=lambda count=count: count), []
        runner.ended.connect(ended.append)
        out = tmp_path / f"out{count}"
        with qtbot.waitSignal(runner.finished, timeout=120_000):
            runner.start(items, Settings(model=model), JobOptions(out, video=False))
        qtbot.waitUntil(lambda ended=ended: len(ended) == 3)
        assert runner.join(20) and {outcome.status for outcome in ended} == {"done"}
        written.append({path.name: path.read_bytes() for path in out.iterdir() if path.suffix in (".csv", ".json")})
    assert written[0] == written[1]
