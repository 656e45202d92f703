from __future__ import annotations

import threading
import time

from app.latest import LatestSlot


def test_slot_keeps_the_newest_and_counts_the_dropped() -> None:
    slot: LatestSlot[int] = LatestSlot()
    for i in range(5):
        slot.put(i)
    assert (slot.take(), slot.take(), slot.dropped) == (4, None, 4)


def test_what_a_replaced_item_leaves_behind_is_kept() -> None:
    slot: LatestSlot[int] = LatestSlot(lambda new, old: new + old)
    for i in (1, 10, 100):
        slot.put(i)
    assert slot.take() == 111
    slot.put(1000)
    assert slot.take() == 1000


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


def test_an_item_that_would_be_replaced_before_it_is_taken_need_not_be_made() -> None:
    times = iter([0.0, 0.1, 0.2, 0.22, 0.25, 0.28, 0.5, 0.5])
    slot: LatestSlot[int] = LatestSlot(clock=lambda: next(times))
    for _ in range(3):  # the reader comes ten times a second
        slot.put(0)
        slot.take()
    assert not slot.drops(next_in_s=0.03)  # nothing waits: the reader may come early
    slot.put(1)
    assert [slot.drops(next_in_s=0.03) for _ in range(4)] == [True, True, False, False]
    assert slot.dropped == 2
    assert slot.take() == 1
