"""Time between frames, and which of it is a pause of the source."""

from __future__ import annotations

import math
from collections import deque

_LONGEST_USUAL_S = 10.0  # frames further apart than this are no video
_PAUSE = 4.0  # times the usual time between frames, and at least this many seconds below
_SHORTEST_PAUSE_S = 0.5


class FrameClock:
    """Tells a slow source, whose frames are far apart as a rule, from one that paused."""

    def __init__(self) -> None:
        self._time_s: float | None = None
        self._steps_s: deque[float] = deque(maxlen=9)

    def advance(self, time_s: float) -> tuple[float, float]:
        """Seconds since the last frame, and how much of them was a pause. No time passes if the time given is no
        number or not after the last one."""
        if not math.isfinite(time_s):
            return 0.0, 0.0
        dt_s = max(time_s - self._time_s, 0.0) if self._time_s is not None else 0.0
        self._time_s = time_s
        if dt_s == 0.0:
            return 0.0, 0.0
        usual_s = sorted(self._steps_s)[len(self._steps_s) // 2] if self._steps_s else _LONGEST_USUAL_S
        self._steps_s.append(dt_s)
        paused = dt_s > _LONGEST_USUAL_S or (dt_s > _PAUSE * usual_s and dt_s > _SHORTEST_PAUSE_S)
        return dt_s, dt_s if paused else 0.0
