"""Forgotten widgets are deleted on the GUI thread, between events, and nowhere else."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable

from PyQt6.QtCore import QEvent
from PyQt6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.gui.common.theme import apply_theme
from app.gui.shell.garbage import YOUNG_EVERY_MS, GarbageCollector


class Forgotten:
    """A cycle that says which thread collected it."""

    def __init__(self, tell: Callable[[int], None]) -> None:
        self.itself, self.tell = self, tell

    def __del__(self) -> None:
        self.tell(threading.get_ident())


class Busy(QLabel):
    """Makes many objects whenever its style changes."""

    def changeEvent(self, event: QEvent | None) -> None:
        self.made = [[] for _ in range(50)]  # type: ignore[var-annotated]
        super().changeEvent(event)


def test_cycles_are_collected_on_the_gui_thread(qtbot: QtBot) -> None:
    where: list[int] = []
    for _ in range(5):
        Forgotten(where.append)
    worker = threading.Thread(target=lambda: [[] for _ in range(200_000)])
    worker.start()
    worker.join()
    assert where == []
    qtbot.waitUntil(lambda: len(where) == 5, timeout=5 * YOUNG_EVERY_MS)
    assert set(where) == {threading.get_ident()}


def test_old_cycles_go_too(collector: GarbageCollector) -> None:
    where: list[int] = []
    old = Forgotten(where.append)
    gc.collect(1)
    gc.collect(1)
    del old
    collector.collect()
    assert len(where) == 1


def test_a_change_of_theme_survives_forgotten_widgets(qapp: QApplication) -> None:
    """It ended the program: Qt restyled widgets that Python had collected a moment before."""
    shown = [Busy() for _ in range(50)]
    for label in shown:
        label.show()
    for name in ("dark", "light") * 3:
        for _ in range(100):
            forgotten = Busy()
            forgotten.itself = forgotten  # type: ignore[attr-defined]
            forgotten.ensurePolished()
        del forgotten
        apply_theme(qapp, name)  # type: ignore[arg-type]
    assert all(label.isVisible() for label in shown)
