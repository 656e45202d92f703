"""Training for a given time: the learning rate follows the clock, so that a run always ends annealed."""

from __future__ import annotations

import math
import time
from collections.abc import Callable


class Clock:
    """Time spent on a run of some minutes, over all its sessions. spent_s: before this one."""

    def __init__(self, minutes: float, spent_s: float = 0.0, now: Callable[[], float] = time.monotonic) -> None:
        self._total_s, self._now = 60 * minutes, now
        self._began = now() - spent_s

    @property
    def spent_s(self) -> float:
        return self._now() - self._began

    @property
    def part(self) -> float:
        """0 at the start, 1 when the time is up or has passed."""
        return min(1.0, self.spent_s / self._total_s) if self._total_s > 0 else 1.0

    def skip(self, seconds: float) -> None:
        """Leaves out time that was not spent on training."""
        self._began += seconds


def rate(part: float, peak: float, warm_up: float, least: float = 0.02) -> float:
    """Learning rate at a part of the run: linear over the first `warm_up`, then a cosine to `least` of the peak."""
    if part < warm_up:
        return peak * max(least, part / warm_up)
    after = (part - warm_up) / max(1e-9, 1 - warm_up)
    return peak * (least + (1 - least) * 0.5 * (1 + math.cos(math.pi * min(1.0, after))))
