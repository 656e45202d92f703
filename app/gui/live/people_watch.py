"""Who is in the image and who is followed: the lock, and when each person was present."""

from __future__ import annotations

import logging

from PyQt6.QtCore import QObject, pyqtSignal

from app.gui.common.presence import Presence
from app.gui.live.lock import Lock, follow, largest, lock_on, most_central
from app.gui.view.delivery import Delivery

log = logging.getLogger(__name__)


class PeopleWatch(QObject):
    """Fed with every delivery that reaches the screen."""

    locked_changed = pyqtSignal(int, bool)  # track id or 0, whether the person is in the image
    found_again = pyqtSignal(int, int)  # the locked person's id before and now; `locked_changed` follows
    forgotten = pyqtSignal()  # identities start anew

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lock: Lock | None = None
        self.presence = Presence()
        self._last: Delivery | None = None
        self._people_key = 0

    @property
    def locked_id(self) -> int:
        """0 = nobody."""
        return self.lock.track_id if self.lock else 0

    def see(self, delivery: Delivery, live: bool) -> None:
        if delivery.people_key != self._people_key:
            self._people_key = delivery.people_key
            self.forget()
        self._last = delivery
        if not delivery.analysed:
            return
        tracks, time_s = delivery.result.tracks, delivery.result.frame.time_s
        if not live:
            self.presence.see(tracks.ids, time_s)
        if self.lock is not None:
            before = (self.lock.track_id, self.lock.visible)
            self.lock = follow(self.lock, tracks, time_s)
            if self.lock.track_id != before[0]:
                log.info("%d found again as %d", before[0], self.lock.track_id)
                self.found_again.emit(before[0], self.lock.track_id)
            if (self.lock.track_id, self.lock.visible) != before:
                self.locked_changed.emit(self.lock.track_id, self.lock.visible)

    def forget(self) -> None:
        """Another source, or another model: nobody is known."""
        self._last = None
        self.presence.clear()
        if self.lock is not None:
            self.lock = None
            self.locked_changed.emit(0, False)
        self.forgotten.emit()

    def lock_person(self, track_id: int) -> None:
        """Lock on a person of the image on the screen; 0 = unlock."""
        lock = None
        if self._last is not None and track_id:
            lock = lock_on(self._last.result.tracks, track_id, self._last.result.frame.time_s)
        self.lock = lock
        log.info("locked on %d", self.locked_id)
        self.locked_changed.emit(self.locked_id, lock is not None)

    def unlock(self) -> None:
        self.lock_person(0)

    def lock_largest(self) -> None:
        if self._last is not None:
            self.lock_person(largest(self._last.result.tracks))

    def lock_centre(self) -> None:
        if self._last is not None:
            hw = self._last.result.frame.image_bgr.shape[:2]
            self.lock_person(most_central(self._last.result.tracks, (hw[0], hw[1])))

    def lock_next(self) -> None:
        """Lock on the next person of the image by id: the way to choose without a mouse."""
        ids = [int(i) for i in self._last.result.tracks.ids] if self._last else []
        if ids:
            self.lock_person(next((i for i in ids if i > self.locked_id), ids[0]))
