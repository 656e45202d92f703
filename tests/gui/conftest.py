"""Sessions that always end, and a home folder of their own for windows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtWidgets import QApplication

from app.analysis.facts import file_facts
from app.analysis.store import SUFFIX, StoredFrame, create_store
from app.analysis.store_head import StoreHead
from app.gui.live.session import Session
from app.gui.shell.garbage import GarbageCollector
from app.gui.shell.main_window import MainWindow
from app.gui.shell.memory import Memory
from app.settings import Settings
from app.sources import open_source
from pose.skeleton import CROWDPOSE14
from tests.app.media import write_video
from tests.app.tracked import tracked_frame
from tests.gui.studio import FAST, Recorded, SlowEstimator, fake_backend, shown
from tracking.types import Detections


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


@pytest.fixture
def video(tmp_path: Path) -> Path:
    """40 images in a folder of its own, without an analysis."""
    folder = tmp_path / "videos"
    folder.mkdir()
    return write_video(folder / "clip.mp4", count=40)


@pytest.fixture
def analysed(video: Path) -> Path:
    """Two people; one leaves in mid-image and comes back after 0.6 s as another number."""
    with open_source(video) as source:
        head = StoreHead(source.info, CROWDPOSE14, file_facts(source.files), model={"name": "fake"})
    with create_store(video.with_suffix(SUFFIX), head) as store:
        for i in range(40):
            people = {1: (20.0, 20.0)} | ({2: (70.0, 20.0)} if not 12 <= i < 25 else {})
            frame = tracked_frame(i, people, height=30)
            store.add(StoredFrame(i, "ok", Detections(i, i / 25, frame.tracks.raw)))
        store.finish()
    return video


@pytest.fixture
def analysed_window(make_window: Callable[..., MainWindow], analysed: Path, qtbot: Any) -> MainWindow:
    """The window with the analysed file open; its network finds five other people and takes its time."""
    window = make_window(estimator=SlowEstimator(0.2, people=5))
    window.open_source(str(analysed))
    qtbot.waitUntil(lambda: window.analyst.state.phase == "ready", timeout=FAST)
    qtbot.waitUntil(lambda: shown(window) is not None and len(shown(window)) <= 2, timeout=FAST)
    qtbot.waitUntil(lambda: window.reviewing.findings is not None, timeout=FAST)
    return window
