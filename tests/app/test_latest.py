from __future__ import annotations

import threading
import time

from app.latest import LatestSlot


def test_slot_keeps_the_newest_and_counts_the_dropped() -> None:
    slot: LatestSlot[int] = LatestSlot()
    for i in range(5):
        slot.put(i)
    assert (slot.take(), slot.take(), slot.dropped) == (4, None, 4)


def test_get_waits_for_an_item() -> None:
    slot: LatestSlot[str] = LatestSlot()
    threading.Timer(0.05, slot.put, ["late"]).start()
    assert slot.get(timeout_s=5) == "late"


def test_get_gives_up_when_time_runs_out() -> None:
    assert LatestSlot[int]().get(timeout_s=0.01) is None


def test_close_wakes_a_waiting_reader_and_ignores_later_items() -> None:
    slot: LatestSlot[int] = LatestSlot()
    threading.Timer(0.05, slot.close).start()
    assert slot.get(timeout_s=5) is None
    slot.put(1)
    assert slot.closed
    assert slot.take() is None


def test_nothing_is_lost_uncounted_between_threads() -> None:
    slot: LatestSlot[int] = LatestSlot()
    taken: list[int] = []

    def read() -> None:
        while (item := slot.get(timeout_s=5)) is not None:
            taken.append(item)

    reader = threading.Thread(target=read)
    reader.start()
    for i in range(2000):
        slot.put(i)
    while len(slot):
        time.sleep(0.001)
    slot.close()
    reader.join()
    assert len(taken) + slot.dropped == 2000
    assert taken == sorted(taken)
