"""A one-item mailbox between two threads: the newest item wins, what it replaces is counted as dropped."""

from __future__ import annotations

import threading
from typing import Generic, TypeVar

T = TypeVar("T")


class LatestSlot(Generic[T]):
    """Holds at most one item. For live pictures: a slow reader never makes the writer wait nor fall behind."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._items: list[T] = []  # empty or one item, so that None is a valid item
        self._dropped = 0
        self._closed = False

    def put(self, item: T) -> bool:
        """Offer an item, replacing one that nobody took. Ignored once the slot is closed.

        True if nothing was waiting: a reader that has to be woken is woken once for each item that it can take.
        """
        with self._condition:
            if self._closed:
                return False
            replaced = len(self._items)
            self._dropped += replaced
            self._items = [item]
            self._condition.notify()
            return not replaced

    def get(self, timeout_s: float | None = None) -> T | None:
        """Wait for an item and take it; None if the time runs out or the slot is closed."""
        with self._condition:
            self._condition.wait_for(lambda: self._items or self._closed, timeout_s)
            return self._items.pop() if self._items else None

    def take(self) -> T | None:
        """Take the item if there is one, without waiting."""
        return self.get(timeout_s=0)

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
