"""Ctrl-C in a long run: it ends between two steps, with everything saved."""

from __future__ import annotations

import signal
import sys
import threading
from types import FrameType
from typing import Any


class Interrupted(KeyboardInterrupt):
    """Ctrl-C, noticed at a moment at which the state is whole."""


class Interruption:
    """Within its context Ctrl-C only asks for the end; a second one ends at once, as usual.

    Any thread may `check`. Without the context (another thread than the main one, or Ctrl-C ignored) nothing is asked.
    """

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._before: Any = None

    def check(self) -> None:
        """Raises Interrupted if the end was asked for."""
        if self._asked.is_set():
            raise Interrupted

    def __enter__(self) -> Interruption:
        is_main = threading.current_thread() is threading.main_thread()
        if is_main and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            self._before = signal.signal(signal.SIGINT, self._ask)
        return self

    def __exit__(self, *_: object) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        if self._asked.is_set():
            raise KeyboardInterrupt
        self._asked.set()
        print("\nstopping after this step; Ctrl-C again stops at once", file=sys.stderr)
