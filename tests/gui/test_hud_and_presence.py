from __future__ import annotations

import itertools
import random

from app.gui.common.presence import JOIN_S, Presence
from app.gui.view.hud import CountRate, HudStats, RateMeter, hud_lines


def test_steady_events_give_their_rate() -> None:
    meter = RateMeter()
    for i in range(40):
        meter.tick(i / 25)
    assert abs(meter.rate(39 / 25) - 25) < 0.5


def test_rate_falls_as_soon_as_events_stay_away() -> None:
    meter = RateMeter(window_s=1.5)
    for i in range(30):
        meter.tick(i / 30)
    assert meter.rate(29 / 30 + 0.6) < 25
    assert meter.rate(29 / 30 + 2.0) == 0


def test_counter_rate_starts_anew_when_the_counter_does() -> None:
    rate = CountRate()
    for i in range(5):
        rate.read(i * 10, i * 0.25)
    assert abs(rate.read(50, 1.25) - 40) < 1e-6
    assert rate.read(3, 1.5) == 0


def test_figures_name_every_rate_latency_drops_and_device() -> None:
    lines = dict(hud_lines(HudStats(30, 14.6, 14.4, 83, 61, 12, 2, "litepose-m · 448 px", "openvino bf16 · CPU")))
    assert set(lines) == {"capture", "inference", "display", "latency", "dropped", "people", "model", "engine"}
    assert lines["capture"] == "30 fps" and lines["latency"] == "83 ms" and lines["dropped"] == "12"
    assert "CPU" in lines["engine"]


def test_presence_does_not_depend_on_the_order_of_sightings() -> None:
    times = [i * 0.1 for i in range(50)] + [20 + i * 0.1 for i in range(30)]
    in_order, shuffled = Presence(), Presence()
    for t in times:
        in_order.see([1], t)
    random.Random(3).shuffle(times)
    for t in times:
        shuffled.see([1], t)
    assert in_order.intervals == shuffled.intervals
    assert len(in_order.intervals[1]) == 2


def test_presence_intervals_are_sorted_and_apart() -> None:
    presence, rng = Presence(), random.Random(5)
    for _ in range(500):
        presence.see([1, 2], rng.uniform(0, 300))
    for intervals in presence.intervals.values():
        assert all(start <= end for start, end in intervals)
        assert all(b[0] - a[1] > JOIN_S for a, b in itertools.pairwise(intervals))
