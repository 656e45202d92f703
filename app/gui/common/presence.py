"""When each person was in the image: intervals in seconds, for the marks on the timeline."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping

JOIN_S = 0.5  # sightings closer than this belong together


class Presence:
    """Grows with every analysed frame, in any order; sightings of one person are kept as joined intervals."""

    def __init__(self) -> None:
        self._intervals: dict[int, list[tuple[float, float]]] = {}

    def see(self, ids: Iterable[int], time_s: float) -> None:
        for person in ids:
            _insert(self._intervals.setdefault(int(person), []), time_s)

    def clear(self) -> None:
        self._intervals.clear()

    @property
    def intervals(self) -> Mapping[int, list[tuple[float, float]]]:
        """id → [(start_s, end_s), …], sorted, at least JOIN_S apart."""
        return self._intervals


def _insert(intervals: list[tuple[float, float]], time_s: float) -> None:
    at = bisect_left(intervals, (time_s, time_s))
    start = end = time_s
    if at > 0 and time_s - intervals[at - 1][1] <= JOIN_S:
        at -= 1
        start, end = intervals[at][0], max(intervals[at][1], time_s)
        del intervals[at]
    if at < len(intervals) and intervals[at][0] - end <= JOIN_S:
        end = max(end, intervals[at][1])
        start = min(start, intervals[at][0])
        del intervals[at]
    intervals.insert(at, (start, end))
