"""Numbered places for people: what was built for place 1 keeps getting the same person."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pose.errors import SettingsError

MAX_SLOTS = 30
_GONE_S = 1.5  # whoever was missed for longer gives way to a newcomer who finds no free slot


class PersonSlots:
    """Slots 1 to `count`. A person keeps a slot while seen, and for `keep_s` after being seen last.

    Newcomers take the lowest free slot, or, if none is free, that of whoever has been missed longest (at least 1.5 s).
    Raises SettingsError for a count outside 1 to 30.
    """

    def __init__(self, count: int = 4, keep_s: float = 10.0) -> None:
        if not 1 <= count <= MAX_SLOTS:
            raise SettingsError(
                "The number of person slots must lie between 1 and {most}, not {count}.", most=MAX_SLOTS, count=count
            )
        self._keep_s = keep_s
        self._ids = np.zeros(count, np.int64)  # 0 = free
        self._seen_s = np.full(count, -np.inf)

    def __len__(self) -> int:
        return len(self._ids)

    def update(self, track_ids: NDArray[np.int64], time_s: float) -> NDArray[np.int64]:
        """(N,) int64, the slot of each of the people (N,) seen at a time that never decreases; 0 = without a slot."""
        present = np.isin(self._ids, track_ids) & (self._ids > 0)
        self._seen_s[present] = time_s
        self._ids[time_s - self._seen_s > self._keep_s] = 0
        for track_id in np.setdiff1d(track_ids, self._ids):  # ascending: who has been known longest comes first
            slot = self._place_for_newcomer(time_s)
            if slot is None:
                break
            self._ids[slot], self._seen_s[slot] = track_id, time_s
        matches = track_ids[:, None] == self._ids[None]
        return np.where(matches.any(axis=1), matches.argmax(axis=1) + 1, 0)

    def _place_for_newcomer(self, time_s: float) -> int | None:
        free = np.flatnonzero(self._ids == 0)
        if len(free):
            return int(free[0])
        longest = int(self._seen_s.argmin())
        return longest if time_s - self._seen_s[longest] > _GONE_S else None
