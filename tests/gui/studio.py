"""A session or window on fake sources and a fake model, and how to wait for what it shows."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QObject

import tracking.tracker  # noqa: F401  as the real backend does: a first import may outlast a window that closes at once
from app.gui.live.session import Session
from app.gui.live.session_state import Backend
from app.gui.live.workers import Brain
from app.gui.shell.main_window import MainWindow
from app.gui.view.delivery import Delivery
from app.settings import Settings
from app.sources import Source, open_source
from app.sources.camera import LiveSource
from pose.errors import MediaError
from pose.types import Poses
from tests.fakes import FakeEstimator, FakeTimes

Image = NDArray[np.uint8]
FAST = 20_000  # ms that a wait may take before the test fails; nothing here takes a tenth of it


class SlowEstimator(FakeEstimator):
    """Takes its time for every image."""

    def __init__(self, seconds: float, people: int = 2) -> None:
        super().__init__(people)
        self._seconds = seconds

    def estimate(self, image_bgr: Image) -> tuple[Poses, FakeTimes]:
        time.sleep(self._seconds)
        return super().estimate(image_bgr)


class FailingEstimator(FakeEstimator):
    """Raises on every image."""

    def __init__(self, error: Exception) -> None:
        super().__init__(1)
        self._error = error

    def estimate(self, image_bgr: Image) -> tuple[Poses, FakeTimes]:
        raise self._error


def brain_of(estimator: Any, settings: Settings | None = None, device: str = "cpu") -> Brain:
    facts = {"name": "fake", "weights_sha256": "0" * 64}
    return Brain(estimator, (settings or Settings()).tracker, "fake · 64 px", "fake fp32", device, facts=facts)


def fake_backend(
    estimator: Any = None,
    sources: dict[Any, Callable[[Callable[[float], None]], Source]] | None = None,
    build: Callable[[Settings, str, Callable[[str], None]], Brain] | None = None,
) -> Backend:
    """Sources by spec; whatever is not named there is opened as a real file."""
    model = estimator or FakeEstimator()

    def open_any(spec: Any, sleep: Callable[[float], None]) -> Source:
        maker = (sources or {}).get(spec)
        return maker(sleep) if maker else open_source(spec)

    return Backend(open_any, build or (lambda settings, device, progress: brain_of(model, settings)))


class Recorded(QObject):
    """Everything a session has told, in order."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.deliveries: list[Delivery] = []
        self.failures: list[str] = []
        self.warnings: list[str] = []
        self.informed: list[str] = []
        self.lost: list[str] = []
        self.waits: list[str] = []
        session.delivery_ready.connect(self.deliveries.append)
        session.failed.connect(self.failures.append)
        session.record_failed.connect(self.failures.append)
        session.warned.connect(self.warnings.append)
        session.informed.connect(self.informed.append)
        session.source_failed.connect(self.lost.append)
        session.waiting_changed.connect(self.waits.append)

    @property
    def indices(self) -> list[int]:
        return [d.result.frame.index for d in self.deliveries]

    @property
    def last(self) -> Delivery:
        return self.deliveries[-1]


class FakeCamera:
    """cv2.VideoCapture as it behaves in the field.

    start_s: time until the first image. fps: what it really gives. says_fps: what it claims.
    unplug_after: images after which it gives none any more.
    """

    def __init__(
        self,
        width: int = 64,
        height: int = 48,
        fps: float = 60.0,
        says_fps: float = 30.0,
        start_s: float = 0.0,
        unplug_after: int | None = None,
        opens: bool = True,
    ) -> None:
        self._shape = (height, width, 3)
        self._fps, self._says_fps = fps, says_fps
        self._ready_s = time.monotonic() + start_s
        self._left = unplug_after
        self._opens = opens
        self.released = False

    def isOpened(self) -> bool:
        return self._opens

    def grab(self) -> bool:
        if time.monotonic() < self._ready_s or self._left == 0:
            return False
        time.sleep(1 / self._fps)
        if self._left is not None:
            self._left -= 1
        return True

    def retrieve(self) -> tuple[bool, Image | None]:
        return True, np.full(self._shape, 90, np.uint8)

    def get(self, prop: int) -> float:
        return self._says_fps

    def release(self) -> None:
        self.released = True


def camera_source(make: Callable[[], FakeCamera]) -> Callable[[Callable[[float], None]], Source]:
    """A live source on fake cameras; each opening makes a new one."""
    return lambda sleep: LiveSource(0, reconnects=0, opener=lambda device, backend: make(), backends=(0,), sleep=sleep)


def broken_source(sentence: str) -> Callable[[Callable[[float], None]], Source]:
    def open_it(sleep: Callable[[float], None]) -> Source:
        raise MediaError(sentence)

    return open_it


def our_threads() -> list[str]:
    """Names of the living threads that sessions and pickers start."""
    ours = ("capture-", "preview-", "model-loader", "recorder")
    return [t.name for t in threading.enumerate() if t.name.startswith(ours)]


def shown(window: MainWindow) -> Any:
    delivery = window.view.delivery
    return None if delivery is None else delivery.result.tracks.ids.tolist()


def go_to(window: MainWindow, frame: int, qtbot: Any) -> None:
    window.session.pause()
    window.session.seek(frame / 25)
    qtbot.waitUntil(lambda: window.view.delivery.result.frame.index == frame, timeout=FAST)
