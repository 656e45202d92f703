"""Whether this program has the machine to itself: what is measured on a busy one says little about the next start."""

from __future__ import annotations

import os
import time

import psutil

LEAST_S = 0.1  # the system counts in hundredths of a second


class OtherPrograms:
    """How much of the processor other programs take from now on."""

    def __init__(self) -> None:
        self._begun = _now()

    def share(self) -> float:
        """0 = nothing, 1 = all cores; 0 if too little time has passed to tell."""
        wall_s, busy_s, own_s = (now - then for now, then in zip(_now(), self._begun, strict=True))
        if wall_s < LEAST_S:
            return 0.0
        return min(max((busy_s - own_s) / (wall_s * (os.cpu_count() or 1)), 0.0), 1.0)


def _now() -> tuple[float, float, float]:
    """Seconds: by the clock, of work by all programs, of work by this one."""
    everybody = psutil.cpu_times()
    busy_s = everybody.user + everybody.system + getattr(everybody, "nice", 0.0)
    own = os.times()
    return time.monotonic(), busy_s, own.user + own.system
