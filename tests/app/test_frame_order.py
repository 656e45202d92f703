from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sources.frame_order import FrameOrder, Timed

STEP, SECOND = 3600, 90_000


def decode(
    packets: list[tuple[int, int]],
    delay: int = 3,
    lost: tuple[int, ...] = (),
    torn: tuple[int, ...] = (),
    patience: int = 12,
    duration: int = STEP,
    broadcast: bool = False,
) -> tuple[list[Timed[int]], int, FrameOrder[int]]:
    """What becomes of (place, label) packets, given in order of storage, in a decoder that shows them by place."""
    order: FrameOrder[int] = FrameOrder(STEP, SECOND, patience, broadcast)
    inside: list[tuple[int, int]] = []
    out: list[Timed[int]] = []

    def show(keep: int) -> None:
        while len(inside) > keep:
            inside.sort()
            order.accept(*inside.pop(0))

    for number, (place, label) in enumerate(packets):
        order.expect(label, duration, number * STEP, number in torn)
        if place not in lost:
            inside.append((place, label))
        show(delay)
        out += order.ready()
    show(0)
    out += order.ready(ended=True)
    return out, order.lost_at_end(), order


def reordered(count: int, b_frames: int) -> list[int]:
    """Places in the order of storage: each reference frame before the frames that are shown ahead of it."""
    places = [0]
    for first in range(1, count, b_frames + 1):
        last = min(first + b_frames, count - 1)
        places += [last, *range(first, last)]
    return places


@given(count=st.integers(1, 60), b_frames=st.integers(0, 4), extra_delay=st.integers(0, 4))
def test_frames_keep_their_times(count: int, b_frames: int, extra_delay: int) -> None:
    places = reordered(count, b_frames)
    out, lost, order = decode([(p, p * STEP) for p in places], min(1, b_frames) + extra_delay)
    assert out == [(p, p * STEP, 0) for p in range(count)]
    assert (lost, order.estimated, order.jumps) == (0, 0, [])


@given(count=st.integers(1, 60), b_frames=st.integers(1, 4))
def test_times_in_the_order_of_storage_are_put_in_order(count: int, b_frames: int) -> None:
    labels = [n * STEP for n in range(count)]
    out, lost, order = decode(list(zip(reordered(count, b_frames), labels, strict=True)))
    assert out == [(p, p * STEP, 0) for p in range(count)]
    assert (lost, order.estimated) == (0, 0)


@given(b_frames=st.integers(0, 3), missing=st.integers(1, 28))
def test_a_frame_that_does_not_come_is_missed_where_it_belongs(b_frames: int, missing: int) -> None:
    out, lost, _ = decode([(p, p * STEP) for p in reordered(30, b_frames)], lost=(missing,))
    assert out == [(p, p * STEP, int(p == missing + 1)) for p in range(30) if p != missing]
    assert lost == 0


def test_what_does_not_come_at_the_end_is_missed_there() -> None:
    out, lost, _ = decode([(p, p * STEP) for p in range(30)], lost=(28, 29))
    assert len(out) == 28 and lost == 2


@given(b_frames=st.integers(0, 3), doubled=st.integers(1, 29))
def test_a_time_given_twice_loses_no_frame(b_frames: int, doubled: int) -> None:
    places = reordered(30, b_frames)
    packets = [(p, (places[n - 1] if n == doubled else p) * STEP) for n, p in enumerate(places)]
    out, lost, order = decode(packets)
    assert [frame for frame, _, _ in out] == list(range(30))
    assert all(a.ticks < b.ticks for a, b in pairwise(out))
    assert sum(t.lost_before for t in out) + lost == 0
    assert order.estimated == 1
    assert [t.ticks for t in out[:-1]] == pytest.approx([p * STEP for p in range(29)], abs=4 * STEP)


def test_the_two_halves_of_a_frame_are_one() -> None:
    order: FrameOrder[int] = FrameOrder(STEP, SECOND, 4)
    out: list[Timed[int]] = []
    for number in range(20):
        order.expect(number * STEP, STEP, None, False)
        order.expect(number * STEP + STEP // 2, STEP, None, False)
        order.accept(number, number * STEP)
        out += order.ready()
    assert out == [(n, n * STEP, 0) for n in range(20)]
    assert order.lost_at_end() == 0


def test_a_clock_that_begins_anew_goes_on() -> None:
    order: FrameOrder[int] = FrameOrder(STEP, SECOND, 4)
    out: list[Timed[int]] = []
    for number in range(100):
        label = number % 50 * STEP
        order.expect(label, STEP, label, False)
        order.accept(number, label)
        out += order.ready()
    assert out == [(n, n * STEP, 0) for n in range(100)]
    assert order.estimated == 0


def test_frames_without_a_time_follow_at_the_nominal_rate() -> None:
    order: FrameOrder[int] = FrameOrder(STEP, SECOND, 4)
    for number in range(5):
        order.accept(number, None)
        assert list(order.ready()) == [(number, number * STEP, 0)]
    assert order.estimated == 5


def test_a_gap_counts_as_lost_frames_only_where_the_stream_is_torn() -> None:
    places = [*range(10), *range(25, 40)]
    for torn, missing in (((9,), 15), ((10,), 15), ((), 0)):
        out, lost, _ = decode([(p, p * STEP) for p in places], torn=torn)
        assert [t.lost_before for t in out] == [0] * 10 + [missing] + [0] * 14
        assert lost == 0


def test_a_jump_is_reported_with_its_times() -> None:
    places = [*range(10), *range(1000, 1010)]
    out, _, order = decode([(p, p * STEP) for p in places])
    assert [t.ticks for t in out] == [p * STEP for p in places]
    assert order.jumps == [(9 * STEP, 1000 * STEP)]


def test_a_gap_in_an_even_stream_is_reported_and_a_slow_moment_is_not() -> None:
    for places, jumps in (
        ([*range(20), *range(24, 40)], [(19 * STEP, 24 * STEP)]),
        ([*range(20), *range(22, 40)], []),
        ([0, 5, 9, 16, 18, 25, 31], []),
    ):
        assert decode([(p, p * STEP) for p in places])[2].jumps == jumps


def test_in_a_broadcast_a_gap_is_a_loss_if_the_stream_was_even() -> None:
    even, uneven = [*range(20), *range(24, 40), *range(42, 50)], [0, 5, 9, 16, 18, 25, 31]
    out, _, order = decode([(p, p * STEP) for p in even], broadcast=True)
    assert {t.frame: t.lost_before for t in out if t.lost_before} == {24: 4, 42: 2} and not order.jumps
    assert all(t.lost_before == 0 for t in decode([(p, p * STEP) for p in uneven], broadcast=True)[0])


def test_a_time_that_must_be_wrong_is_no_loss() -> None:
    places = [*range(20), 10**7]
    out, lost, order = decode([(p, p * STEP) for p in places], broadcast=True, torn=(19, 20))
    assert [t.lost_before for t in out] == [0] * 21 and lost == 0
    assert order.jumps == [(19 * STEP, 10**7 * STEP)]
