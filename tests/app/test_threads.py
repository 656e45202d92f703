from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from app.threads import Background, Prefetch, give_way


def test_prefetch_keeps_order_and_bounds_what_waits() -> None:
    produced: list[int] = []

    def items() -> Iterator[int]:
        for i in range(20):
            produced.append(i)
            yield i

    with Prefetch(items(), 3, "t") as fetched:
        for i, item in enumerate(fetched):
            assert item == i
            assert len(produced) <= i + 1 + 3 + 2
    assert len(produced) == 20


def test_prefetch_raises_the_sources_error_after_its_items() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise ValueError("broken")

    with Prefetch(items(), 2, "t") as fetched:
        rest = iter(fetched)
        assert next(rest) == 1
        with pytest.raises(ValueError, match="broken"):
            next(rest)


def test_leaving_early_ends_the_thread() -> None:
    before = threading.active_count()
    with Prefetch(iter(range(10**9)), 2, "t") as fetched:
        next(iter(fetched))
    assert threading.active_count() == before


def test_newest_only_drops_and_counts() -> None:
    with Prefetch(range(50), 1, "t", newest_only=True) as fetched:
        time.sleep(0.1)
        seen = list(fetched)
    assert seen[-1] == 49
    assert len(seen) + fetched.dropped == 50


def test_background_does_everything_in_order() -> None:
    done: list[int] = []
    with Background(done.append, 2, "t") as background:
        for i in range(50):
            background.put(i)
    assert done == list(range(50))


def test_background_error_reaches_the_caller() -> None:
    def work(item: int) -> None:
        raise OSError("disk")

    with pytest.raises(OSError, match="disk"), Background(work, 2, "t") as background:
        for i in range(100):
            background.put(i)
    with pytest.raises(OSError, match="disk"), Background(work, 2, "t") as background:
        background.put(1)


def test_background_finishes_what_was_put_when_the_caller_fails() -> None:
    done: list[int] = []
    with pytest.raises(KeyError), Background(done.append, 5, "t") as background:
        for i in range(5):
            background.put(i)
        raise KeyError
    assert done == list(range(5))


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere threads have no priorities of their own")
def test_who_gives_way_lets_the_others_go_first_with_all_it_starts() -> None:
    def priority() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    found: list[int] = []

    def run() -> None:
        give_way()
        child = threading.Thread(target=lambda: found.append(priority()))
        child.start()
        child.join()
        found.append(priority())

    before = priority()
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert found[0] == found[1] > before == priority()
