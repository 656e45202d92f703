"""Identities with the future known: mended where looks tell, untouched where they do not, never over a cut."""

from __future__ import annotations

import numpy as np
import pytest

from pose.skeleton import CROWDPOSE14
from tests.tracking.walkers import Walker, detections
from tracking.appearance import SIGNATURE_SIZE, blend
from tracking.stitch import fill_gaps, looks_of_rows, stitch
from tracking.types import Detections, TrackedPoses

FPS = 10


def clothes(seed):
    """(D,) a signature of its own."""
    rng = np.random.default_rng(seed)
    shares = rng.dirichlet(np.full(SIGNATURE_SIZE, 0.1)).astype(np.float32)[None]
    return blend(np.full_like(shares, np.nan), np.sqrt(shares), np.ones(1))[0]


def recording(people, ids, seconds=6.0):
    """Walkers with clothes: (walker, seed of the clothes, time → shown); `ids(who, time_s)` is what a tracker said."""
    frames, times, looks = [], [], []
    for i in range(round(seconds * FPS)):
        t = i / FPS
        shown = [(ids(who, t), w, c) for who, (w, c, seen) in enumerate(people) if seen(t)]
        shown.sort(key=lambda row: row[0])
        poses = detections([w.keypoints(t) for _, w, _ in shown], 0.7)
        frames.append(
            TrackedPoses(np.array([n for n, _, _ in shown], np.int64), poses, np.ones(len(shown), bool), poses)
        )
        looks.append(np.stack([clothes(c) for _, _, c in shown]) if shown else np.empty((0, SIGNATURE_SIZE)))
        times.append(t)
    return frames, times, looks


def ids_of(frames, walker, times):
    """The ids of whoever is where the walker is."""
    found = set()
    for frame, t in zip(frames, times, strict=True):
        at = walker.keypoints(t)[13, 0]
        found |= {int(i) for i, p in zip(frame.ids, frame.raw.keypoints, strict=True) if abs(p[13, 0] - at) < 1}
    return found


def always(t):
    return True


NEAR, FAR = Walker(100, speed=0.3), Walker(700, speed=-0.1)


def test_somebody_who_comes_back_gets_the_number_from_before():
    people = [(NEAR, 1, lambda t: not 2 < t < 4), (FAR, 2, always)]
    frames, times, looks = recording(people, lambda who, t: 3 if who == 0 and t >= 4 else who + 1)
    better = stitch(frames, times, looks, [False] * len(times), CROWDPOSE14)
    assert ids_of(better, NEAR, times) == {1} and ids_of(better, FAR, times) == {2}


def test_people_whose_numbers_were_exchanged_get_them_back():
    people = [(NEAR, 1, always), (FAR, 2, always)]
    frames, times, looks = recording(people, lambda who, t: who + 1 if t < 3 else 2 - who)
    better = stitch(frames, times, looks, [False] * len(times), CROWDPOSE14)
    assert ids_of(better, NEAR, times) == {1} and ids_of(better, FAR, times) == {2}


def test_a_thief_gives_back_what_was_stolen():
    """A track goes over to a newcomer, and its owner comes back under another number."""
    people = [(NEAR, 1, lambda t: not 2 < t < 4), (FAR, 2, lambda t: t > 2.5)]
    frames, times, looks = recording(people, lambda who, t: 1 if who == 1 or t < 3 else 2)
    better = stitch(frames, times, looks, [False] * len(times), CROWDPOSE14)
    assert len(ids_of(better, NEAR, times)) == len(ids_of(better, FAR, times)) == 1
    assert ids_of(better, NEAR, times) != ids_of(better, FAR, times)


def test_other_people_are_not_joined():
    people = [(NEAR, 1, lambda t: t < 2), (Walker(200), 2, lambda t: t > 3)]
    frames, times, looks = recording(people, lambda who, t: who + 1)
    better = stitch(frames, times, looks, [False] * len(times), CROWDPOSE14)
    assert {i for f in better for i in f.ids.tolist()} == {1, 2}


def test_nobody_is_joined_over_a_cut_even_under_one_number():
    people = [(NEAR, 1, always)]
    frames, times, looks = recording(people, lambda who, t: 1)
    cuts = [i == 30 for i in range(len(times))]
    better = stitch(frames, times, looks, cuts, CROWDPOSE14)
    assert [f.ids.tolist() for f in better] == [[1]] * 30 + [[2]] * 30


@pytest.mark.parametrize("known", [True, False])
def test_what_the_tracker_said_stays_where_looks_tell_nothing(known):
    """Twins in the same clothes, and people of whom nothing is known."""
    people = [(NEAR, 1, lambda t: not 1 < t < 2), (FAR, 1, always)]
    frames, times, looks = recording(people, lambda who, t: who + 1)
    if not known:
        looks = [np.full_like(one, np.nan) for one in looks]
    better = stitch(frames, times, looks, [False] * len(times), CROWDPOSE14)
    assert all(np.array_equal(a.ids, b.ids) for a, b in zip(frames, better, strict=True))


def test_rows_stay_what_they_are_and_ids_ascend_without_gaps():
    people = [(Walker(100 + 150 * i, speed=0.1), i, lambda t, i=i: t > 0.3 * i) for i in range(5)]
    frames, times, looks = recording(people, lambda who, t: 50 - who)
    better = stitch(frames, times, looks, [False] * len(times), CROWDPOSE14)
    for before, after in zip(frames, better, strict=True):
        assert sorted(map(bytes, before.raw.keypoints)) == sorted(map(bytes, after.raw.keypoints))
        assert after.ids.tolist() == list(range(1, len(after) + 1))


def test_nothing_is_stitched_to_nothing():
    assert stitch([], [], [], [], CROWDPOSE14) == []
    empty = TrackedPoses.empty(14)
    none = [np.empty((0, SIGNATURE_SIZE))] * 2
    assert [len(f) for f in stitch([empty, empty], [0, 1], none, [False, True], CROWDPOSE14)] == [0, 0]


def test_looks_are_found_by_the_poses_they_belong_to(rng):
    poses = detections([w.keypoints(0) for w in (NEAR, FAR)], 0.7)
    looks = np.stack([clothes(1), clothes(2)]).astype(np.float16)
    tracks = TrackedPoses(np.array([4, 7]), poses[::-1], np.ones(2, bool), poses[::-1])
    assert np.array_equal(looks_of_rows(tracks, Detections(0, 0.0, poses, looks)), looks[::-1])
    assert np.isnan(looks_of_rows(tracks, Detections(0, 0.0, poses))).all()


def test_short_gaps_are_filled_and_marked_and_long_ones_and_cuts_are_not():
    people = [(NEAR, 1, lambda t: not (0.95 < t < 1.15 or 3 < t < 4 or 4.95 < t < 5.15))]
    frames, times, _ = recording(people, lambda who, t: 1)
    filled = fill_gaps(frames, times, [t == 5.1 for t in times], max_gap_s=0.35)
    assert [round(t, 1) for t, f in zip(times, filled, strict=True) if len(f) and not f.observed[0]] == [1.0, 1.1]
    truth = NEAR.keypoints(1.1)
    assert np.nanmax(np.abs(filled[11].raw.keypoints[0] - truth)) < 0.05 * 200
    assert 0 < filled[11].poses.confidence[0] < 0.7
    assert all(f is g for f, g in zip(frames, filled, strict=True) if len(f))


@pytest.mark.parametrize(
    ("aside", "hidden_s", "filled"),
    [(0, 0.7, True), (0, 1.4, False), (900, 0.7, False)],
    ids=["behind somebody", "behind somebody for long", "behind nobody"],
)
def test_who_passes_behind_somebody_is_followed(aside, hidden_s, filled):
    other_x = NEAR.keypoints(3.0)[13, 0] + aside
    people = [(NEAR, 1, lambda t: abs(t - 3) > hidden_s / 2), (Walker(other_x, height=260), 2, always)]
    frames, times, _ = recording(people, lambda who, t: who + 1)
    whole = fill_gaps(frames, times, [False] * len(times))
    rows = [f.observed[f.ids == 1].tolist() for t, f in zip(times, whole, strict=True) if abs(t - 3) <= hidden_s / 2]
    assert rows == [[False] if filled else []] * len(rows)
    assert len(rows) > 5
