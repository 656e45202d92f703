"""Left and right: short exchanges are undone, real turns are not, and nothing else changes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pose.skeleton import COCO17, CROWDPOSE14
from pose.types import Poses
from tests.tracking.walkers import Walker, detections
from tracking.sides import Sides
from tracking.types import TrackedPoses

FPS = 25
LEGS = ("knee", "ankle")
ALL = ("shoulder", "elbow", "wrist", "hip", *LEGS)


def exchanged(points, limbs, skeleton=CROWDPOSE14):
    points = points.copy()
    for limb in limbs:
        pair = [skeleton.index(f"{side}_{limb}") for side in ("left", "right")]
        points[pair] = points[pair[::-1]]
    return points


def tracked(people):
    """people: by id."""
    poses = detections(list(people.values()), k=len(next(iter(people.values()))) if people else 14)
    ids = np.array(list(people), np.int64)
    return TrackedPoses(ids, poses, np.ones(len(ids), bool), poses)


def followed(frames, fps=FPS, look_ahead=8, skeleton=CROWDPOSE14):
    sides, given_back = Sides(skeleton), []
    for n, frame in enumerate(frames):
        sides.add(frame, n / fps)
        if n >= look_ahead:
            given_back.append(sides.take(frames[n - look_ahead]))
    return given_back + [sides.take(frame) for frame in frames[len(given_back) :]]


def seen_from(angle, height=200.0):
    """A figure that turned by an angle: widths shrink to nothing and come back the other way round."""
    points = Walker(0).keypoints(0)
    points[:, 0] *= np.cos(angle)
    return points * height / 200.0 + 300.0


def walking(count, person=1):
    walker = Walker(100 * person, speed=0.6, phase=person)
    return [walker.keypoints(n / FPS) for n in range(count)]


@settings(max_examples=25, deadline=None)
@given(
    first=st.integers(3, 30),
    length=st.integers(1, 2),
    limbs=st.sampled_from([("shoulder",), ("elbow", "wrist"), ("knee", "ankle"), ("shoulder", "elbow", "wrist")]),
    seed=st.integers(0, 99),
)
def test_a_short_exchange_is_undone_and_what_was_seen_is_kept(first, length, limbs, seed):
    rng = np.random.default_rng(seed)
    true = [seen_from(0.3 * np.sin(n / 9)) + rng.normal(0, 1, (14, 2)) for n in range(40)]
    seen = [exchanged(p, limbs) if first <= n < first + length else p for n, p in enumerate(true)]
    frames = [tracked({1: p}) for p in seen]
    for n, (frame, result) in enumerate(zip(frames, followed(frames), strict=True)):
        np.testing.assert_array_equal(result.poses.keypoints[0], np.float32(true[n]))
        assert result.raw is frame.raw


@pytest.mark.parametrize("fps", [10, 25, 60])
def test_somebody_who_turns_around_keeps_the_sides_that_were_seen(fps):
    frames = [tracked({1: seen_from(np.pi * min(n / fps / 0.8, 1))}) for n in range(3 * fps)]
    assert all(result is frame for frame, result in zip(frames, followed(frames, fps), strict=True))


def test_legs_that_pass_each_other_are_left_alone():
    frames = [tracked({1: p}) for p in walking(60)]
    assert all(result is frame for frame, result in zip(frames, followed(frames), strict=True))


def test_an_exchange_that_lasts_is_believed():
    true = [seen_from(0.2)] * 60
    frames = [tracked({1: exchanged(p, ALL) if n >= 20 else p}) for n, p in enumerate(true)]
    assert all(result is frame for frame, result in zip(frames, followed(frames), strict=True))


def test_somebody_away_for_a_moment_is_still_known():
    true = seen_from(0.2)
    frames = [tracked({1: true}) for _ in range(40)]
    frames[20] = frames[21] = tracked({})
    frames[22] = tracked({1: exchanged(true, ("elbow", "wrist"))})
    np.testing.assert_array_equal(followed(frames)[22].poses.keypoints[0], np.float32(true))


def test_scores_go_with_their_joints():
    frames = []
    for n in range(20):
        points, scores = seen_from(0.2), np.linspace(0.3, 0.9, 14, dtype=np.float32)
        if n == 10:
            points, scores = exchanged(points, LEGS), exchanged(scores[:, None], LEGS)[:, 0]
        poses = Poses(np.float32(points)[None], scores[None], np.array([0.7], np.float32))
        frames.append(TrackedPoses(np.array([1]), poses, np.array([True]), poses))
    for result in followed(frames):
        np.testing.assert_array_equal(result.poses.scores[0], np.linspace(0.3, 0.9, 14, dtype=np.float32))


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 999))
def test_people_do_not_depend_on_each_other(seed):
    rng = np.random.default_rng(seed)
    alone = {}
    for person in (1, 2, 3):
        at = set(rng.integers(0, 40, 3).tolist())
        alone[person] = [exchanged(p, LEGS) if n in at else p for n, p in enumerate(walking(40, person))]
    gone = {person: set(rng.integers(0, 40, 4).tolist()) for person in alone}
    together = [tracked({i: alone[i][n] for i in alone if n not in gone[i]}) for n in range(40)]
    results = followed(together)
    for person in alone:
        own = [tracked({person: alone[person][n]} if n not in gone[person] else {}) for n in range(40)]
        for n, (one, many) in enumerate(zip(followed(own), results, strict=True)):
            if n not in gone[person]:
                row = many.ids.tolist().index(person)
                np.testing.assert_array_equal(one.poses.keypoints[0], many.poses.keypoints[row])


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 999), skeleton=st.sampled_from([CROWDPOSE14, COCO17]))
def test_whatever_comes_only_pairs_change_places(seed, skeleton):
    rng = np.random.default_rng(seed)
    frames, k = [], skeleton.num_keypoints
    for _ in range(30):
        ids = np.sort(rng.permutation(5)[: rng.integers(0, 5)]).astype(np.int64) + 1
        points = rng.normal(0, rng.choice([1e-3, 50.0, 1e5]), (len(ids), k, 2)).astype(np.float32)
        points[rng.random(points.shape[:2]) < 0.3] = np.nan
        poses = Poses(points, rng.random((len(ids), k), np.float32), rng.random(len(ids), np.float32))
        frames.append(TrackedPoses(ids, poses, rng.random(len(ids)) < 0.8, poses))
    times = np.cumsum(rng.choice([-1.0, 0.0, 0.04, 3600.0], 30, p=[0.1, 0.1, 0.7, 0.1]))
    sides = Sides(skeleton)
    with np.errstate(all="raise"):
        for frame, time_s in zip(frames, times, strict=True):
            sides.add(frame, float(time_s))
        for frame in frames:
            result = sides.take(frame)
            assert result.ids is frame.ids and result.raw is frame.raw
            for one, other in zip(frame.poses.keypoints, result.poses.keypoints, strict=True):
                np.testing.assert_array_equal(np.sort(one, axis=0), np.sort(other, axis=0))
            hidden = ~frame.observed
            np.testing.assert_array_equal(frame.poses.keypoints[hidden], result.poses.keypoints[hidden])


def test_people_who_left_are_forgotten():
    sides = Sides(CROWDPOSE14)
    for n in range(300):
        sides.add(tracked({n + 1: seen_from(0.1)}), n / FPS)
        sides.take(tracked({n + 1: seen_from(0.1)}))
    assert len(sides._people) <= 10 and not sides._frames
