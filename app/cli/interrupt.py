"""Ctrl-C that lets work end properly."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def cancel_on_signal() -> Iterator[threading.Event]:
    """The first Ctrl-C lets the current frame finish and the files be closed; the second one stops at once."""
    cancelled = threading.Event()

    def on_signal(number: int, frame: Any) -> None:
        cancelled.set()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    signals = [signal.SIGINT, signal.SIGTERM]
    before = [signal.signal(s, on_signal) for s in signals]
    try:
        yield cancelled
    finally:
        for s, handler in zip(signals, before, strict=True):
            signal.signal(s, handler)
