"""One thread that runs errands in their order, away from the GUI."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable


class Errands:
    """`put` never waits. A daemon: what is left at the end of the program is dropped with it."""

    def __init__(self, name: str) -> None:
        self._queue: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def put(self, errand: Callable[[], None]) -> None:
        """`errand` must not raise."""
        self._queue.put(errand)

    def close(self) -> None:
        """End after the errands that were put before."""
        self._queue.put(None)

    def join(self, timeout_s: float) -> bool:
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while (errand := self._queue.get()) is not None:
            errand()
