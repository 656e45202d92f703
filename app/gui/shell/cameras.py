"""Which cameras there are, by name, and an image of each: nothing here waits on the GUI thread."""

from __future__ import annotations

import logging
import math
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QObject, pyqtSignal

from app.gui.i18n.library_texts import in_users_language
from pose.errors import PoseStudioError

log = logging.getLogger(__name__)

RELEASE_S = 3.0  # how long a thumbnail may take to let go of its camera
PREVIEW_WAIT_S = 0.4  # between two frames of a live thumbnail


@dataclass(frozen=True, slots=True)
class CameraInfo:
    index: int
    name: str


def list_cameras() -> list[CameraInfo]:
    """Cameras by the index under which OpenCV opens them. Opens none."""
    return _linux_cameras() if sys.platform.startswith("linux") else _qt_cameras()


def _linux_cameras(devices: Path = Path("/sys/class/video4linux")) -> list[CameraInfo]:
    """Of the several nodes of one camera, the first gives the images: its `index` file says 0."""
    found = []
    for node in devices.glob("video*") if devices.is_dir() else ():
        try:
            if int((node / "index").read_text()) == 0:
                found.append(CameraInfo(int(node.name.removeprefix("video")), (node / "name").read_text().strip()))
        except (OSError, ValueError):
            log.debug("%s is no camera", node)
    return sorted(found, key=lambda camera: camera.index)


def _qt_cameras() -> list[CameraInfo]:
    try:
        from PyQt6.QtMultimedia import QMediaDevices
    except ImportError:
        return [CameraInfo(0, "Camera 0")]
    return [CameraInfo(index, device.description()) for index, device in enumerate(QMediaDevices.videoInputs())]


class CameraPreview(QObject):
    """Live thumbnails of one camera from its own thread; the camera is free again when the thread has ended."""

    image = pyqtSignal(int, object)  # camera index, (H, W, 3) uint8 BGR
    failed = pyqtSignal(int, str)

    def __init__(
        self,
        index: int,
        open_source: Callable[[Any, Callable[[float], None]], Any],
        wait_for: Sequence[CameraPreview] = (),
    ) -> None:
        """wait_for: earlier thumbnails; most cameras serve one reader at a time."""
        super().__init__()
        self._index = index
        self._wait_for = tuple(wait_for)
        self._open_source = open_source
        self._stop = threading.Event()
        self._shown_s = -math.inf
        self._thread = threading.Thread(target=self._run, name=f"preview-{index}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()

    @property
    def running(self) -> bool:
        return self._thread.is_alive()

    def join(self, timeout_s: float) -> bool:
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _sleep(self, wait_s: float) -> None:
        if self._stop.wait(wait_s):
            raise _Stopped

    def _run(self) -> None:
        try:
            for earlier in self._wait_for:
                earlier.join(RELEASE_S)
            self._wait_for = ()
            if self._stop.is_set():
                return
            with self._open_source(self._index, self._sleep) as source:
                for frame in source.frames(wanted=self._is_due):
                    if self._stop.is_set():
                        return
                    self._shown_s = time.monotonic()
                    self._tell(self.image, self._index, _small(frame.image_bgr))
        except _Stopped:
            pass
        except PoseStudioError as error:
            self._tell(self.failed, self._index, in_users_language(str(error)))
        except Exception:
            log.exception("camera preview")
            self._tell(self.failed, self._index, self.tr("This camera gives no image."))

    def _is_due(self) -> bool:
        """Whether the next image is worth decoding."""
        return self._stop.is_set() or time.monotonic() - self._shown_s >= PREVIEW_WAIT_S

    def _tell(self, signal: Any, *arguments: object) -> None:
        if not self._stop.is_set():
            try:
                signal.emit(*arguments)
            except RuntimeError:
                log.debug("nobody listens any more")


class _Stopped(Exception):
    pass


def _small(image_bgr: NDArray[np.uint8], width: int = 320) -> NDArray[np.uint8]:
    step = max(image_bgr.shape[1] // width, 1)
    return np.ascontiguousarray(image_bgr[::step, ::step])
