"""Small helpers that let decoding, inference, encoding and the window share the processor."""

from __future__ import annotations

import contextlib
import os
import queue
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, wait
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

T = TypeVar("T")

_POLL_S = 0.1  # how soon a waiting thread notices that the other side has gone
_LATER = 5  # steps of a thread's priority; each is a fourth more or less of a busy core


def give_way() -> None:
    """Let the other threads go before this one and those that it starts from now on. Linux only."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _LATER)


class Stopped(Exception):
    """Whoever waited was asked to stop."""


class StopSignal:
    """Asks whoever waits with its `sleep` to stop; from any thread, or from a signal's handler.

    event: what is set then, if others wait for it too.
    """

    def __init__(self, event: threading.Event | None = None) -> None:
        self._event = event or threading.Event()

    def set(self) -> None:
        self._event.set()

    def is_set(self) -> bool:
        return self._event.is_set()

    def sleep(self, wait_s: float) -> None:
        """Wait. Raises Stopped as soon as it is asked for."""
        if self._event.wait(wait_s):
            raise Stopped


class BlockingCalls:
    """Makes calls that may block for long, one after the other, on a daemon thread: whoever waits can give up.

    meanwhile: called every tenth of a second while a call blocks; what it raises ends the wait, not the call.
    """

    def __init__(self, name: str, meanwhile: Callable[[], None]) -> None:
        self._name, self._meanwhile = name, meanwhile
        self._calls: queue.SimpleQueue[tuple[Callable[[], Any], Future[Any]] | None] | None = None
        self._newest: Future[Any] = Future()

    def __call__(self, work: Callable[[], T]) -> T:
        """The result of `work`, or what it raises."""
        done: Future[T] = Future()
        self._newest = done
        if self._calls is None:
            self._calls = queue.SimpleQueue()
            threading.Thread(target=_make_calls, args=(self._calls,), name=self._name, daemon=True).start()
        self._calls.put((work, done))
        while not wait([done], _POLL_S).done:
            self._meanwhile()
        return done.result()

    def end(self, last: Callable[[], Any], timeout_s: float) -> None:
        """Make the last call after all others and end the thread. Raises nothing.

        It is waited for, but not for longer than `timeout_s`, and not at all if a call before it still blocks.
        """
        if self._calls is None:
            with contextlib.suppress(Exception):
                last()
            return
        done: Future[Any] = Future()
        self._calls.put((last, done))
        self._calls.put(None)
        self._calls = None
        if self._newest.done():
            wait([done], timeout_s)


def _make_calls(calls: queue.SimpleQueue[tuple[Callable[[], Any], Future[Any]] | None]) -> None:
    while (call := calls.get()) is not None:
        work, done = call
        try:
            done.set_result(work())
        except BaseException as error:
            done.set_exception(error)
        del call, work, done  # what was given up is freed now, not with the next call


class _End:
    def __init__(self, error: BaseException | None) -> None:
        self.error = error


class Prefetch(Generic[T]):
    """Runs an iterable on its own thread, at most `depth` items ahead. Its errors are raised where items are read.

    newest_only: instead of waiting for a slow reader, throw the oldest waiting item away and count it.
    """

    def __init__(self, items: Iterable[T], depth: int, name: str, newest_only: bool = False) -> None:
        self._items, self._newest_only = items, newest_only
        self.dropped = 0
        self._queue: queue.Queue[T | _End] = queue.Queue(depth)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __iter__(self) -> Iterator[T]:
        while True:
            try:
                # With a time limit, because a wait without one cannot be interrupted on Windows.
                item = self._queue.get(timeout=_POLL_S)
            except queue.Empty:
                continue
            if isinstance(item, _End):
                if item.error is not None:
                    raise item.error
                return
            yield item

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        end = _End(None)
        try:
            for item in self._items:
                if not self._offer(item):
                    return
        except BaseException as error:
            end = _End(error)
        self._offer(end)

    def _offer(self, item: T | _End) -> bool:
        while not self._stop.is_set():
            if self._newest_only and not isinstance(item, _End) and self._queue.full():
                with contextlib.suppress(queue.Empty):
                    self._queue.get_nowait()
                    self.dropped += 1
            try:
                self._queue.put(item, timeout=_POLL_S)
                return True
            except queue.Full:
                continue
        return False


class Background(Generic[T]):
    """Calls `work(item)` on its own thread, with at most `depth` items waiting. Its error is raised at the next put.

    Leaving waits until everything that was put is done.
    """

    def __init__(self, work: Callable[[T], None], depth: int, name: str) -> None:
        self._work = work
        self._queue: queue.Queue[T | _End] = queue.Queue(depth)
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def put(self, item: T) -> None:
        """Wait for room, then hand over. Raises the error that ended the work, if one did."""
        self._send(item)

    def _send(self, item: T | _End) -> None:
        while self._error is None:
            try:
                self._queue.put(item, timeout=_POLL_S)
                return
            except queue.Full:
                continue
        raise self._error

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(BaseException):
            self._send(_End(None))
        self._thread.join()
        if error is None and self._error is not None:
            raise self._error

    def _run(self) -> None:
        while not isinstance(item := self._queue.get(), _End):
            try:
                self._work(item)
            except BaseException as error:
                self._error = error
                return
