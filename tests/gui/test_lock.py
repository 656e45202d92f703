from __future__ import annotations

from dataclasses import replace

import numpy as np

from app.gui.live.lock import Lock, follow, largest, lock_on, most_central, shape_difference
from pose.skeleton import CROWDPOSE14
from pose.types import Poses
from tests.fakes import standing_person
from tracking.types import TrackedPoses

DT = 1 / 30


def tracks_of(people: dict[int, np.ndarray]) -> TrackedPoses:
    if not people:
        return TrackedPoses.empty(14)
    ids = sorted(people)
    keypoints = np.stack([people[i] for i in ids]).astype(np.float32)
    n = len(ids)
    poses = Poses(keypoints, np.ones((n, 14), np.float32), np.ones(n, np.float32))
    return TrackedPoses(np.array(ids), poses, np.ones(n, bool), poses)


def person(x: float, height: float = 200, y: float = 150) -> np.ndarray:
    return standing_person(CROWDPOSE14, x, y, height)


def walk(lock: Lock, path: list[dict[int, np.ndarray]], start_s: float = 0.0) -> Lock:
    for i, people in enumerate(path, 1):
        lock = follow(lock, tracks_of(people), start_s + i * DT)
    return lock


def locked_on_walker() -> Lock:
    """Locked on 1, who has walked to x = 260 at 180 px/s; 2 stands at 600."""
    lock = lock_on(tracks_of({1: person(200), 2: person(600)}), 1, 0.0)
    assert lock is not None
    return walk(lock, [{1: person(200 + 6 * i), 2: person(600)} for i in range(1, 11)])


def test_largest_and_most_central_are_found() -> None:
    tracks = tracks_of({3: person(100, 300), 5: person(330, 150), 9: person(600, 200)})
    assert largest(tracks) == 3
    assert most_central(tracks, (480, 640)) == 5
    assert largest(TrackedPoses.empty(14)) == most_central(TrackedPoses.empty(14), (1, 1)) == 0


def test_locking_on_somebody_who_is_not_there_gives_no_lock() -> None:
    assert lock_on(tracks_of({1: person(100)}), 7, 0.0) is None


def test_lock_stays_while_the_identity_stays() -> None:
    lock = locked_on_walker()
    assert (lock.track_id, lock.visible) == (1, True)
    assert abs(lock.velocity_xy[0] - 180) < 40


def test_lock_survives_an_occlusion_with_the_same_identity() -> None:
    lock = walk(locked_on_walker(), [{2: person(600)}] * 20)
    assert (lock.track_id, lock.visible) == (1, False)
    lock = follow(lock, tracks_of({1: person(380), 2: person(600)}), 2.0)
    assert (lock.track_id, lock.visible) == (1, True)


def test_person_who_comes_back_under_a_new_identity_is_found_again() -> None:
    lock = walk(locked_on_walker(), [{2: person(600)}] * 20, start_s=10 * DT)
    lock = follow(lock, tracks_of({2: person(600), 8: person(340)}), 31 * DT)
    assert (lock.track_id, lock.visible) == (8, True)


def test_a_person_known_before_is_never_taken_for_the_lost_one() -> None:
    lock = walk(locked_on_walker(), [{2: person(270)}] * 30, start_s=10 * DT)
    assert (lock.track_id, lock.visible) == (1, False)


def test_a_person_seen_beside_the_locked_one_long_ago_is_never_taken_for_that_one() -> None:
    lock = walk(locked_on_walker(), [{1: person(260)}] * 5, start_s=10 * DT)  # 2 has left
    lock = follow(lock, tracks_of({2: person(260)}), 0.0)  # back to where 1 has not come yet
    assert (lock.track_id, lock.visible) == (1, False)
    lock = follow(lock, tracks_of({1: person(500), 2: person(260)}), DT)
    assert (lock.track_id, lock.visible) == (1, True)


def test_after_a_jump_a_former_identity_of_the_locked_person_is_taken_wherever_it_is() -> None:
    lock = walk(locked_on_walker(), [{}] * 3, start_s=10 * DT)
    lock = follow(lock, tracks_of({8: person(280)}), 14 * DT)
    assert lock.track_id == 8
    lock = follow(lock, tracks_of({1: person(900), 9: person(280)}), 0.0)
    assert (lock.track_id, lock.visible) == (1, True)


def test_two_who_are_seen_together_are_two_people_whatever_was_taken_before() -> None:
    lock = walk(locked_on_walker(), [{}] * 3, start_s=10 * DT)
    lock = follow(lock, tracks_of({8: person(280)}), 14 * DT)
    lock = follow(lock, tracks_of({1: person(500), 8: person(285)}), 15 * DT)
    assert lock.track_id == 8
    lock = follow(lock, tracks_of({1: person(290)}), 16 * DT)
    assert (lock.track_id, lock.visible) == (8, False)


def test_who_comes_while_the_locked_person_is_only_predicted_may_be_that_person() -> None:
    both = tracks_of({1: person(265), 8: person(275)})
    lock = follow(locked_on_walker(), replace(both, observed=np.array([False, True])), 11 * DT)
    assert lock.track_id == 1
    lock = follow(lock, tracks_of({8: person(285)}), 12 * DT)
    assert (lock.track_id, lock.visible) == (8, True)


def test_a_newcomer_of_another_build_is_not_taken() -> None:
    lock = walk(locked_on_walker(), [{2: person(600)}] * 5, start_s=10 * DT)
    lock = follow(lock, tracks_of({8: person(290, height=80)}), 16 * DT)
    assert not lock.visible


def test_a_newcomer_far_away_is_not_taken() -> None:
    lock = walk(locked_on_walker(), [{}] * 3, start_s=10 * DT)
    lock = follow(lock, tracks_of({8: person(900)}), 14 * DT)
    assert not lock.visible


def test_of_two_newcomers_the_one_on_the_way_is_taken() -> None:
    lock = walk(locked_on_walker(), [{}] * 10, start_s=10 * DT)
    lock = follow(lock, tracks_of({8: person(160), 9: person(300)}), 21 * DT)
    assert lock.track_id == 9


def test_shape_difference_ignores_place_and_grows_with_size() -> None:
    assert shape_difference(person(0), person(500)) < 1e-5
    assert abs(shape_difference(person(0, 100), person(0, 200)) - np.log(2)) < 0.02


def test_shape_difference_says_nothing_about_hardly_seen_people() -> None:
    hidden = person(0)
    hidden[2:] = np.nan
    assert shape_difference(hidden, person(0, 500)) == 0
