"""The capture thread: owns the source, keeps the time, hands over the newest frame.

Files play by presentation time and obey pause, step, seek, speed and loop; live sources give what comes, and are
opened again when they break off. Opening, seeking and closing happen here, never on the GUI thread.
"""

from __future__ import annotations

import functools
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from PyQt6.QtCore import QObject, pyqtSignal

from app.gui.i18n.library_texts import in_users_language
from app.gui.live.playback import FilePlayer, Playback, PlaybackDesk
from app.latest import LatestSlot
from app.sources.base import Source
from app.types import Frame
from pose.errors import PoseStudioError

log = logging.getLogger(__name__)

RECONNECT_WAIT_S = (0.5, 1.0, 2.0, 4.0)  # the last one repeats


@dataclass(frozen=True, slots=True)
class Captured:
    """A frame on its way to the inference thread.

    captured_s:  time.perf_counter() when it was due on the screen (file) or came from the camera (live).
    jump:        it does not follow the frame before it (seek, step back, loop): motion starts anew.
    source_key:  which opened source it belongs to; what comes late from a closed one is thrown away.
    """

    frame: Frame
    captured_s: float
    jump: bool
    source_key: int
    live: bool


class Continuation:
    """Frames of a live source that was opened again, as one sequence: time goes on by the clock, numbers by one."""

    def __init__(self) -> None:
        self._last: tuple[int, float, float] | None = None  # index, time_s, when it came
        self._index_shift, self._time_shift_s = 0, 0.0
        self._opened_again = False

    def open_again(self) -> None:
        """The next frame is the first of another opening."""
        self._opened_again = True

    def __call__(self, frame: Frame, came_s: float) -> Frame:
        if self._opened_again and self._last is not None:
            index, time_s, last_came_s = self._last
            self._index_shift = index + 1 - frame.index
            self._time_shift_s = time_s + came_s - last_came_s - frame.time_s
        self._opened_again = False
        frame = replace(frame, index=frame.index + self._index_shift, time_s=frame.time_s + self._time_shift_s)
        self._last = frame.index, frame.time_s, came_s
        return frame


class Moved(Exception):
    """The user has moved on while the source was waiting."""


class Capture(QObject):
    """One opened source on its own thread. Signals come from that thread.

    open_source: given a `sleep` to wait with, which ends at once when the source is not wanted any more.
    wake:        called after a frame was put into the empty `slot`; must return at once.
    """

    opened = pyqtSignal(int, object)  # source_key, SourceInfo
    failed = pyqtSignal(int, str, bool)  # source_key, one plain sentence, True if the source is gone for good
    recovered = pyqtSignal(int)  # a live source gives images again
    paused = pyqtSignal(int)  # playing came to its end
    end_found = pyqtSignal(int, float)  # the presentation time of a file's last frame, in seconds
    warned = pyqtSignal(int, str)  # what was wrong with a file, told at its end, each sentence once
    finished = pyqtSignal(int)

    def __init__(
        self,
        source_key: int,
        open_source: Callable[[Callable[[float], None]], Source],
        slot: LatestSlot[Captured],
        wake: Callable[[], None],
        playback: Playback,
    ) -> None:
        super().__init__()
        self.source_key = source_key
        self.captured_count = 0
        self._open_source = open_source
        self._slot = slot
        self._wake = wake
        self._live = False
        self._continued = Continuation()
        self._warnings_reported: set[str] = set()
        self._desk = PlaybackDesk(playback)
        self._thread = threading.Thread(target=self._run, name=f"capture-{source_key}", daemon=True)

    # Called from the GUI thread; none of these waits for the source.

    def start(self) -> None:
        self._thread.start()

    def set_playback(self, playback: Playback) -> None:
        self._desk.set_playback(playback)

    def seek(self, time_s: float) -> None:
        """Show the frame at a time; of several requests only the newest is done."""
        self._desk.seek(time_s)

    def seek_by(self, seconds: float) -> None:
        """Show the frame that is so much later, or earlier, than what was asked for before."""
        self._desk.seek_by(seconds)

    def step(self, count: int) -> None:
        """Move by whole frames, backward if negative."""
        self._desk.step(count)

    def stop(self) -> None:
        self._desk.stop()

    def join(self, timeout_s: float) -> bool:
        """Wait for the thread; False if it still runs, held up by a driver or the network."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    # The capture thread.

    def _run(self) -> None:
        try:
            with self._open_source(self._sleep) as source:
                if self._desk.stopping:
                    return
                live = self._live = source.info.live
                self.opened.emit(self.source_key, source.info)
                if live:
                    self._relay(source)
                else:
                    ended = functools.partial(self._tell, self.paused, self.source_key)
                    found_end = functools.partial(self._tell_end, source)
                    FilePlayer(source, self._desk, self._put, ended, found_end).run()
            if live:
                self._reconnect()
        except Moved:
            pass
        except PoseStudioError as error:
            self._report(in_users_language(str(error)))
        except Exception:
            log.exception("capture")
            self._report(self.tr("The source stopped unexpectedly. Open it again, or choose another one."))
        finally:
            self._tell(self.finished, self.source_key)

    def _sleep(self, wait_s: float) -> None:
        """For sources that wait: raises Moved as soon as nobody wants the source any more."""
        if self._desk.wait_for_stop(wait_s):
            raise Moved

    def _report(self, message: str) -> None:
        if not self._desk.stopping:
            self._tell(self.failed, self.source_key, message, True)

    def _tell(self, signal: Any, *arguments: object) -> None:
        """Emit, unless the application is gone already: a thread stuck in a driver may end long after it."""
        try:
            signal.emit(*arguments)
        except RuntimeError:
            log.debug("nobody listens any more")

    def _tell_end(self, source: Source, last_s: float) -> None:
        self._tell(self.end_found, self.source_key, last_s)
        new = [sentence for sentence in source.warnings if sentence not in self._warnings_reported]
        if new:
            self._warnings_reported.update(new)
            self._tell(self.warned, self.source_key, " ".join(map(in_users_language, new)))

    def _put(self, frame: Frame, captured_s: float, jump: bool) -> None:
        if self._desk.stopping:
            return
        self.captured_count += 1
        # One call for one image to take: more would pile up before what else the reader is asked to do.
        if self._slot.put(Captured(frame, captured_s, jump, self.source_key, self._live)):
            self._wake()

    def _relay(self, source: Source) -> None:
        """Hand over live frames until the source ends, breaks off or is stopped."""
        first = self.captured_count == 0

        def wanted() -> bool:
            """Turning what a camera sends into an image takes time: not for one that nobody will look at."""
            if self._desk.stopping or first:
                return True
            if not self._desk.playback.playing:
                return False
            if self._slot.drops(1 / source.info.fps):
                self.captured_count += 1
                return False
            return True

        try:
            for frame in source.frames(wanted=wanted):
                if self._desk.stopping:
                    return
                came_s = time.perf_counter()
                self._put(self._continued(frame, came_s), came_s, first)
                first = False
        except PoseStudioError as error:
            log.info("live source broke off: %s", error)

    def _reconnect(self) -> None:
        attempt = 0
        while not self._desk.stopping:
            message = self.tr("The image broke off. Check the cable or the network; trying again …")
            self._tell(self.failed, self.source_key, message, False)
            if self._desk.wait_for_stop(RECONNECT_WAIT_S[min(attempt, len(RECONNECT_WAIT_S) - 1)]):
                return
            attempt += 1
            before = self.captured_count
            self._continued.open_again()
            try:
                with self._open_source(self._sleep) as source:
                    self._tell(self.recovered, self.source_key)
                    self._relay(source)
            except PoseStudioError as error:
                log.info("attempt %d: %s", attempt, error)
            if self.captured_count > before:
                attempt = 0
