"""Whatever comes, the tracker keeps its promises and no more than a fixed number of people in memory."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.tracking_fuzz import Watch, chaos
from tracking.settings import TrackerSettings


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_whatever_comes_ids_are_unique_rising_and_never_given_again(seed):
    watch = Watch()
    for frame in chaos(seed, 200):
        watch.update(frame)


@pytest.mark.parametrize(
    "changes", [{"emit_predicted": True}, {"smooth": True}, {"max_remembered": 3}, {"min_hits": 1}]
)
def test_also_with_other_settings(changes):
    watch = Watch(TrackerSettings(**changes))
    for frame in chaos(7, 100):
        watch.update(frame)


def test_memory_does_not_grow():
    """All that the tracker and the follower of sides know, as bytes; a longer run: benchmarks/tracking_fuzz.py."""
    watch = Watch()
    sizes = []
    for n, frame in enumerate(chaos(3, 800)):
        watch.update(frame)
        if n % 20 == 0:
            sizes.append(sum(len(pickle.dumps(part)) for part in (watch.tracker.__dict__, watch.sides.__dict__)))
    assert max(sizes[20:]) < 1.5 * max(sizes[:20])
