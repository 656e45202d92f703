"""What recent files look like and how long they are, read on a thread of its own."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QObject, pyqtSignal

from app.gui.i18n.library_texts import in_users_language
from app.sources.base import Source
from app.sources.opening import open_source
from pose.errors import PoseStudioError

log = logging.getLogger(__name__)

WIDTH_PX = 128
LOOK_AT = 0.3  # of the length: many films begin in black


@dataclass(frozen=True, slots=True)
class Look:
    """image_bgr: (H, W, 3) uint8, small; None if there is none. problem: why, one sentence."""

    image_bgr: NDArray[np.uint8] | None
    width: int = 0
    height: int = 0
    duration_s: float | None = None
    problem: str = ""


class RecentLooks(QObject):
    """Looks at files one after the other, each once; `seen` follows for each. `stop` does not wait."""

    seen = pyqtSignal(str, object)  # the file, Look

    def __init__(self, open_file: Callable[[str], Source] = open_source) -> None:
        super().__init__()
        self._open_file = open_file
        self._known: dict[str, Look] = {}
        self._stop = threading.Event()

    def look(self, paths: Sequence[str]) -> None:
        """Forget what was still to be looked at, and look at these."""
        self.stop()
        for path in paths:
            if path in self._known:
                self.seen.emit(path, self._known[path])
        new = [path for path in paths if path not in self._known]
        if new:
            self._stop = threading.Event()
            threading.Thread(target=self._run, args=(new, self._stop), name="recent-looks", daemon=True).start()

    def stop(self) -> None:
        self._stop.set()

    def _run(self, paths: list[str], stop: threading.Event) -> None:
        for path in paths:
            if stop.is_set():
                return
            look = self._look_at(path)
            if stop.is_set():
                return
            self._known[path] = look
            try:
                self.seen.emit(path, look)
            except RuntimeError:  # the window was closed meanwhile
                return

    def _look_at(self, path: str) -> Look:
        try:
            with self._open_file(path) as source:
                info = source.info
                frame = next(source.frames(start_s=LOOK_AT * (info.duration_s or 0.0)), None)
        except PoseStudioError as error:
            return Look(None, problem=in_users_language(str(error)))
        except Exception:
            log.exception("looking at %s", Path(path).name)
            return Look(None)
        image = None
        if frame is not None:
            size = WIDTH_PX, max(1, round(WIDTH_PX * info.height / info.width))
            image = np.asarray(cv2.resize(frame.image_bgr, size, interpolation=cv2.INTER_AREA), np.uint8)
        return Look(image, info.width, info.height, info.duration_s)
