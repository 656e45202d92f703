"""A receiver's side of the program: an output, and the thread that feeds it so that nobody else waits for it."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from app.closing import Closing
from app.live.frame import FrameMaker, LiveFrame
from app.types import FrameResult
from pose.errors import MediaError

T = TypeVar("T")
log = logging.getLogger(__name__)

DEPTH = 16  # frames that may wait for a receiver: half a second at a camera's rate, for a machine that is busy
_WELL_S = 1.0  # an output works again when nothing has failed for this long
_CLOSE_S = 0.5  # how long a sender may take to end; halfway its output is closed under its hands


def make_room(waiting: deque[T]) -> int:
    """Forget all that waits once that is DEPTH items: a receiver so slow goes on with the newest, not with the past.

    Returns how many were forgotten.
    """
    forgotten = len(waiting) if len(waiting) >= DEPTH else 0
    if forgotten:
        waiting.clear()
    return forgotten


class LiveOutput(Protocol):
    """Somewhere that frames go. Made on the caller's thread, where it raises MediaError if it cannot work."""

    @property
    def name(self) -> str:
        """For people: "OSC to 127.0.0.1:9000"."""
        ...

    @property
    def warning(self) -> str:
        """One sentence if poses may leave this machine, else empty."""
        ...

    def send(self, frame: LiveFrame) -> None:
        """On its own thread; may take its time. Raises OSError or MediaError if the frame could not be sent."""
        ...

    def close(self) -> None:
        """From any thread, also while `send` waits; safe to call twice."""
        ...


class Sender:
    """Feeds one output from its own thread. `put` never waits: what the receiver cannot take is dropped and counted.

    max_fps: frames that come sooner than this are left out (not counted as dropped); None = every frame.
    notify:  gets one sentence when the output stops working and one when it works again; called on the sender's thread.
    """

    def __init__(
        self, output: LiveOutput, *, max_fps: float | None = None, notify: Callable[[str], None] = lambda sentence: None
    ) -> None:
        self.output = output
        self.sent = self.dropped = 0
        self._period_s = 1 / max_fps if max_fps else 0.0
        self._due_s = float("-inf")
        self._notify = notify
        self._waiting: deque[LiveFrame] = deque()
        self._condition = threading.Condition()
        self._closed = False
        self._failed_s: float | None = None  # time of the last failure; None = works
        self._thread = threading.Thread(target=self._run, name=output.name, daemon=True)
        self._thread.start()

    def put(self, frame: LiveFrame) -> None:
        if self._period_s:
            if frame.captured_s < self._due_s:
                return
            # A late frame does not push the later ones back, but there is no catching up for a pause either.
            self._due_s = max(self._due_s, frame.captured_s - self._period_s) + self._period_s
        with self._condition:
            self.dropped += make_room(self._waiting)
            self._waiting.append(frame)
            self._condition.notify()

    def _run(self) -> None:
        while True:
            with self._condition:
                self._condition.wait_for(lambda: self._waiting or self._closed)
                if self._closed:
                    return
                frame = self._waiting.popleft()
            try:
                self.output.send(frame)
            except Exception as error:
                self._failed(error)
            else:
                self.sent += 1
                if self._failed_s is not None and time.perf_counter() - self._failed_s > _WELL_S:
                    self._failed_s = None
                    self._notify(f"{self.output.name} works again.")

    def _failed(self, error: Exception) -> None:
        self.dropped += 1
        if self._closed:
            return  # sending broke off because the output was closed
        if not isinstance(error, OSError | MediaError):
            log.error("sending by %s", self.output.name, exc_info=error)
        if self._failed_s is None:
            why = (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
            self._notify(f"{self.output.name} does not work at the moment ({why.rstrip('.')}).")
        self._failed_s = time.perf_counter()

    def stop(self) -> None:
        """Send nothing any more; does not wait. `close` must follow."""
        with self._condition:
            self._closed = True
            self._condition.notify()

    def close(self) -> None:
        """End the thread and close the output; what waits is not sent. Takes half a second at most, plus closing."""
        self.stop()
        self._thread.join(_CLOSE_S / 2)
        self.output.close()
        self._thread.join(_CLOSE_S / 2)


class LiveOut(Closing):
    """All outputs together: a context manager whose `publish` takes as long as making one frame, whoever receives."""

    def __init__(
        self,
        maker: FrameMaker,
        outputs: Sequence[LiveOutput],
        *,
        max_fps: float | None = None,
        notify: Callable[[str], None] = lambda sentence: None,
    ) -> None:
        self._maker = maker
        self.senders = [Sender(output, max_fps=max_fps, notify=notify) for output in outputs]

    def publish(self, result: FrameResult, captured_s: float) -> LiveFrame:
        """Give a result to all outputs. captured_s: time.perf_counter() when its image was captured."""
        frame = self._maker(result, captured_s)
        for sender in self.senders:
            sender.put(frame)
        return frame

    def close(self) -> None:
        for sender in self.senders:
            sender.stop()
        for sender in self.senders:
            sender.close()
