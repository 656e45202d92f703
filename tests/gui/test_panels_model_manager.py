"""Importing: the file is checked away from the GUI, described, and installed only on request."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.gui.panels import model_manager
from app.gui.panels.model_manager import ModelManager
from app.gui.panels.task import Task
from pose.errors import WeightsError
from pose.skeleton import CROWDPOSE14
from pose.weights.library import WeightsSpec

SPEC = WeightsSpec(
    "x", "litepose-m", Path("x.pth"), "a1" * 32, "MIT", 448, CROWDPOSE14, {"AP": 59.9}, "somewhere", 3_533_808
)


@pytest.fixture
def manager(qtbot: QtBot) -> ModelManager:
    manager = ModelManager()
    qtbot.addWidget(manager)
    manager.show()
    return manager


def test_a_good_file_is_described_with_its_licence(
    manager: ModelManager, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_manager, "inspect_checkpoint", lambda path: SPEC)
    manager.inspect(Path("x.pth"))
    qtbot.waitUntil(manager.install_button.isEnabled)
    assert manager._facts["licence"].text() == "MIT"
    assert "59.9" in manager._facts["accuracy"].text()
    assert manager._facts["sha256"].text().replace(" ", "") == SPEC.sha256


def test_a_bad_file_is_refused_in_words_and_cannot_be_installed(
    manager: ModelManager, qtbot: QtBot, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.pth"
    bad.write_bytes(b"not a checkpoint")
    manager.inspect(bad)
    qtbot.waitUntil(lambda: manager.status.property("role") == "bad", timeout=20_000)  # reading imports PyTorch
    assert "bad.pth" in manager.status.text()
    assert not manager.install_button.isEnabled()


def test_the_keyboard_goes_to_what_comes_next(
    manager: ModelManager, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager.show()
    manager.activateWindow()
    bad = tmp_path / "bad.pth"
    bad.write_bytes(b"not a checkpoint")
    manager.choose_button.setFocus()
    manager.inspect(bad)
    qtbot.waitUntil(lambda: manager.status.property("role") == "bad", timeout=20_000)  # reading imports PyTorch
    assert manager.focusWidget() is manager.choose_button
    monkeypatch.setattr(model_manager, "inspect_checkpoint", lambda path: SPEC)
    manager.inspect(Path("x.pth"))
    qtbot.waitUntil(manager.install_button.isEnabled)
    assert manager.focusWidget() is manager.install_button


def test_installing_uses_the_name_typed_and_tells_it(
    manager: ModelManager, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_manager, "inspect_checkpoint", lambda path: SPEC)
    installed: list[tuple[Path, str]] = []

    def fake_import(path: Path, name: str) -> WeightsSpec:
        installed.append((path, name))
        return replace(SPEC, name=name)

    monkeypatch.setattr(model_manager, "import_checkpoint", fake_import)
    manager.inspect(Path("x.pth"))
    qtbot.waitUntil(manager.install_button.isEnabled)
    manager.name_edit.setText("Not A Name!")
    assert not manager.install_button.isEnabled()
    manager.name_edit.setText("mine")
    with qtbot.waitSignal(manager.imported) as blocker:
        qtbot.mouseClick(manager.install_button, Qt.MouseButton.LeftButton)
    assert blocker.args == ["mine"]
    assert installed == [(Path("x.pth"), "mine")]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (WeightsError("Plain words."), "Plain words."),
        (MemoryError(), "memory"),
        (KeyError("x"), "KeyError"),
        (ModuleNotFoundError("No module named 'torch'", name="torch"), "needs torch"),
    ],
)
def test_a_task_ends_with_one_sentence_whatever_happens(qtbot: QtBot, error: Exception, said: str) -> None:
    def work(report: object) -> None:
        raise error

    task = Task(work)
    with qtbot.assertNotEmitted(task.done), qtbot.waitSignal(task.failed) as blocker:
        task.start()
    assert blocker.args is not None
    assert said in blocker.args[0]
    assert task.join(1)


def test_a_task_reports_progress_before_it_is_done(qtbot: QtBot) -> None:
    order: list[object] = []
    task = Task(lambda report: (report("half"), 42)[1])
    task.progress.connect(order.append)
    task.done.connect(order.append)
    with qtbot.waitSignal(task.done):
        task.start()
    assert order == ["half", 42]
