"""Identities with the future known: mended where looks tell, untouched where they do not, never over a cut."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pose.skeleton import CROWDPOSE14
from pose.types import Poses
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


@pytest.mark.parametrize("seed", range(6))
def test_nobody_is_in_two_places_at_once(seed):
    """People in the same clothes who come and go, under a new number each time; some are seen for one frame only."""
    rng = np.random.default_rng(seed)
    shown = [np.repeat(rng.random(20) < 0.6, rng.integers(1, 7, 20))[: 6 * FPS] for _ in range(4)]
    shown = [np.pad(one, (0, 6 * FPS - len(one))) for one in shown]
    numbers = [np.cumsum(np.diff(one, prepend=False) & one) for one in shown]
    people = [(Walker(100 + 60 * i), 1, lambda t, one=one: one[round(t * FPS)]) for i, one in enumerate(shown)]
    frames, times, looks = recording(people, lambda who, t: int(100 * who + numbers[who][round(t * FPS)]))
    better = stitch(frames, times, looks, [False] * len(times), CROWDPOSE14)
    for frame in better:
        assert len(set(frame.ids.tolist())) == len(frame)
    assert len({i for f in better for i in f.ids.tolist()}) < len({i for f in frames for i in f.ids.tolist()})


def test_a_chain_goes_on_only_where_its_last_piece_ends():
    """A twin appears nearby while somebody who was seen in three pieces is there."""
    here, twin = Walker(100), Walker(500)
    people = [(here, 1, lambda t: t < 1 or 1.45 < t < 2.5 or t > 2.95), (twin, 1, lambda t: t > 2.65)]
    frames, times, looks = recording(people, lambda who, t: 9 if who else 1 + (t > 1.2) + (t > 2.7))
    better = stitch(frames, times, looks, [False] * len(times), CROWDPOSE14)
    assert ids_of(better, here, times) == {1} and ids_of(better, twin, times) == {2}


@pytest.mark.parametrize(("heights", "joined"), [(1.0, True), (5.0, True), (7.0, False)])
def test_people_come_back_about_where_they_went(heights, joined):
    """After a second out of sight, under another number; measured from where they were last to where they are first."""
    start, end = Walker(100, speed=1.0), Walker(100 + 1.9 * 200 + heights * 200 - 3.0 * 200, speed=1.0)
    people = [(start, 1, lambda t: t < 1.95), (end, 1, lambda t: t > 2.95)]
    frames, times, looks = recording(people, lambda who, t: who + 1)
    better = stitch(frames, times, looks, [False] * len(times), CROWDPOSE14)
    assert ids_of(better, end, times) == ({1} if joined else {2})


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


def test_gaps_are_filled_on_the_mended_sides_and_raw_as_seen():
    """Before the gap the legs were seen exchanged, and mended; straight from there, raw legs would cross."""
    frames, times, _ = recording([(NEAR, 1, lambda t: not 0.95 < t < 1.15)], lambda who, t: 1, seconds=2)
    poses = frames[9].poses
    exchanged = poses.keypoints.copy()
    exchanged[:, [8, 9]] = exchanged[:, [9, 8]]
    seen = Poses(exchanged, poses.scores, poses.confidence)
    frames[9] = TrackedPoses(frames[9].ids, poses, frames[9].observed, seen)
    filled = fill_gaps(frames, times, [False] * len(times))
    mended = [replace(frame, raw=frame.poses) for frame in frames]
    plain = fill_gaps(mended, times, [False] * len(times))
    assert np.array_equal(filled[10].poses.keypoints, plain[10].poses.keypoints)
    share = (times[10] - times[9]) / (times[12] - times[9])
    wanted = (1 - share) * exchanged[0] + share * frames[12].raw.keypoints[0]
    np.testing.assert_allclose(filled[10].raw.keypoints[0], wanted, atol=1e-3)
