"""Steps between the frames of a video: where the clock begins anew, where frames are missing, where times jump."""

from __future__ import annotations

from typing import Any

HOLE = 1.5  # of a frame's duration: steps longer than this leave room for another frame
GAP = 3.5  # of a frame's duration: in an even stream no encoder leaves out so much
MOST_TORN_S = 30.0  # what claims to be longer is a wrong time
EVEN, MOST_EVEN, PER_GAP = 6, 20, 2  # points for even steps: so many are needed, kept at most, lost with each gap


def is_jump(ticks: Any, second: int, step: int) -> Any:
    """Whether so long a step (or each of an array) is no slow frame rate but a break in the times."""
    return ticks > max(2 * second, 10 * step)


class Clock:
    """What to add to the times of packets so that they go on where the clock of a file begins anew.

    Calls give the decoding times of all packets, in the order of storage. step, second: ticks of a frame, of a second.
    """

    def __init__(self, step: int, second: int) -> None:
        self._step, self._second = step, second
        self._last: int | None = None
        self.shift = 0

    def __call__(self, stored: int | None) -> int:
        if stored is not None:
            if self._last is not None and stored < self._last - self._second:
                self.shift += self._last + self._step - stored
            self._last = stored
        return self.shift


class Gaps:
    """Judges each step between two frames that are shown one after the other.

    broadcast: a stream that is sent at an even rate, of which parts may be lost on the way (MPEG-TS and -PS).
    begun:     this is not its beginning: take it to be even.
    """

    def __init__(self, step: int, second: int, broadcast: bool, begun: bool = False) -> None:
        self._step, self._second, self._broadcast = step, second, broadcast
        self._points = MOST_EVEN if begun else 0
        self._torn: list[int] = []

    def tear(self, ticks: int) -> None:
        """A packet with that time says that something before it is missing."""
        self._torn = [*self._torn[-63:], ticks]

    def __call__(self, before: int, after: int) -> tuple[int, bool]:
        """How many frames are missing between two, and whether the times jump there."""
        step = after - before
        if step <= HOLE * self._step:
            self._points = min(self._points + 1, MOST_EVEN)
            return 0, False
        is_even, self._points = self._points >= EVEN, max(0, self._points - PER_GAP)
        is_torn = any(before - self._second <= ticks <= after for ticks in self._torn)
        if (is_torn or (is_even and self._broadcast)) and step <= MOST_TORN_S * self._second:
            return round(step / self._step) - 1, False
        return 0, is_jump(step, self._second, self._step) or (is_even and step > GAP * self._step)
