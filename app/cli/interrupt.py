"""Ctrl-C that lets work end properly."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from app.threads import StopSignal


@contextmanager
def stop_on_signal() -> Iterator[StopSignal]:
    """The first Ctrl-C, or a request to terminate, sets the signal; the second one stops the program at once."""
    stop = StopSignal()

    def on_signal(number: int, frame: Any) -> None:
        stop.set()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    signals = [signal.SIGINT, signal.SIGTERM]
    before = [signal.signal(s, on_signal) for s in signals]
    try:
        yield stop
    finally:
        for s, handler in zip(signals, before, strict=True):
            signal.signal(s, handler)
