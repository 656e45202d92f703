"""A one-item mailbox between two threads: the newest item wins, what it replaces is counted as dropped."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from itertools import pairwise
from typing import Generic, TypeVar

T = TypeVar("T")


class LatestSlot(Generic[T]):
    """Holds at most one item. For live images: a slow reader never makes the writer wait nor fall behind.

    in_place_of: (new, old) → what is kept when `new` comes before `old` was taken; `new` if not given.
    """

    def __init__(
        self, in_place_of: Callable[[T, T], T] | None = None, *, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        self._in_place_of = in_place_of
        self._clock = clock
        self._condition = threading.Condition()
        self._items: list[T] = []  # empty or one item, so that None is a valid item
        self._dropped = 0
        self._closed = False
        self._taken_s: deque[float] = deque(maxlen=8)  # when the last items were taken

    def put(self, item: T) -> bool:
        """Offer an item, replacing one that nobody took. Ignored once the slot is closed.

        True if nothing was waiting: a reader that has to be woken is woken once for each item that it can take.
        """
        with self._condition:
            if self._closed:
                return False
            replaced = len(self._items)
            self._dropped += replaced
            if replaced and self._in_place_of is not None:
                item = self._in_place_of(item, self._items[0])
            self._items = [item]
            self._condition.notify()
            return not replaced

    def get(self, timeout_s: float | None = None) -> T | None:
        """Wait for an item and take it; None if the time runs out or the slot is closed."""
        with self._condition:
            self._condition.wait_for(lambda: self._items or self._closed, timeout_s)
            if not self._items:
                return None
            self._taken_s.append(self._clock())
            return self._items.pop()

    def take(self) -> T | None:
        """Take the item if there is one, without waiting."""
        return self.get(timeout_s=0)

    def drops(self, next_in_s: float) -> bool:
        """True if an item put now would be replaced by one that comes `next_in_s` later; it is counted as dropped.

        For items that cost something to make. Judged by the quickest of the reader's last rounds, and never while
        nothing waits for the reader.
        """
        with self._condition:
            taken = list(self._taken_s)
            if not self._items or len(taken) < 2 or self._closed:
                return False
            quickest_s = min(after - before for before, after in pairwise(taken))
            too_early = self._clock() + next_in_s < taken[-1] + quickest_s
            self._dropped += too_early
            return too_early

    def close(self) -> None:
        """Wake everyone who waits; an item that nobody took is dropped."""
        with self._condition:
            self._closed = True
            self._dropped += len(self._items)
            self._items = []
            self._condition.notify_all()

    @property
    def closed(self) -> bool:
        return self._closed

    @property
    def dropped(self) -> int:
        """Items replaced before anyone took them."""
        return self._dropped

    def __len__(self) -> int:
        return len(self._items)
