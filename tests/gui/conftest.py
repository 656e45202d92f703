"""Sessions that always end, and a home folder of their own for windows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtWidgets import QApplication

from app.gui.live.session import Session
from app.gui.shell.garbage import GarbageCollector
from app.gui.shell.main_window import MainWindow
from app.gui.shell.memory import Memory
from app.settings import Settings
from tests.app.media import write_video
from tests.gui.studio import Recorded, fake_backend


@pytest.fixture(scope="session")
def collector() -> GarbageCollector:
    return GarbageCollector()


@pytest.fixture(autouse=True)
def _widgets_end_on_their_thread(qapp: QApplication, collector: GarbageCollector) -> Iterator[None]:
    """As in the app: what a test forgot is deleted here, not in the middle of a later one."""
    yield
    collector.collect()


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """40 numbered images at 25 frames per second: 1.6 s."""
    return write_video(tmp_path_factory.mktemp("clips") / "clip.mp4", count=40)


@pytest.fixture
def make_session(qtbot: Any) -> Iterator[Callable[..., tuple[Session, Recorded]]]:
    sessions: list[Session] = []

    def make(settings: Settings | None = None, **backend: Any) -> tuple[Session, Recorded]:
        session = Session(fake_backend(**backend), settings or Settings())
        sessions.append(session)
        return session, Recorded(session)

    yield make
    for session in sessions:
        session.shutdown(3.0)


@pytest.fixture
def make_window(qtbot: Any, tmp_path: Path) -> Iterator[Callable[..., MainWindow]]:
    windows: list[MainWindow] = []

    def make(settings: Settings | None = None, cameras: Callable[[], list[Any]] = list, **backend: Any) -> MainWindow:
        memory = Memory(tmp_path / "window.ini")
        memory.keep("record_folder", str(tmp_path / "recordings"))
        memory.keep("analyse_files", "asked")
        window = MainWindow(
            fake_backend(**backend), settings or Settings(), tmp_path / "settings.toml", memory, find_cameras=cameras
        )
        windows.append(window)
        qtbot.addWidget(window)
        window.show()
        return window

    yield make
    for window in windows:
        window.close()
