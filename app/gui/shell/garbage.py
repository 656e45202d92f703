"""Python's cyclic garbage is collected on the GUI thread alone, between events.

Python would collect whenever enough objects have been made: on a worker thread, where a forgotten dialog must not be
deleted, or while Qt walks through all widgets to restyle them, which then steps on one that is gone.
"""

from __future__ import annotations

import gc
import time

from PyQt6.QtCore import QObject, QTimer

YOUNG_EVERY_MS = 1000
ALL_EVERY = 30  # looks at the young objects
LONG_S = 0.02


class GarbageCollector(QObject):
    """Replaces the automatic collection as long as it lives; make it on the GUI thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        gc.freeze()  # what the start has made stays: looking through it would halt every thread for 0.1 s
        self._looks = 0
        timer = QTimer(self)
        timer.timeout.connect(self._look)
        timer.start(YOUNG_EVERY_MS)

    def collect(self) -> None:
        """Look at everything made since the start."""
        before = time.perf_counter()
        gc.collect()
        if time.perf_counter() - before > LONG_S:  # a library was loaded meanwhile
            gc.freeze()

    def _look(self) -> None:
        self._looks += 1
        if self._looks % ALL_EVERY == 0:
            self.collect()
        else:
            gc.collect(1)
