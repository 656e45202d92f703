from __future__ import annotations

import numpy as np

from app.gui.live.identities import Identities
from pose.skeleton import CROWDPOSE14
from pose.types import Poses
from tests.fakes import standing_person
from tracking.metrics import iou_matrix
from tracking.types import TrackedPoses


def people(places: dict[int, float]) -> TrackedPoses:
    """Ids → x of people 200 pixels tall."""
    ids = sorted(places)
    if not ids:
        return TrackedPoses.empty(14)
    keypoints = np.stack([standing_person(CROWDPOSE14, places[i], 100, 200) for i in ids])
    n = len(ids)
    poses = Poses(keypoints, np.ones((n, 14), np.float32), np.ones(n, np.float32))
    return TrackedPoses(np.array(ids), poses, np.ones(n, bool), poses)


def shown(identities: Identities, places: dict[int, float], time_s: float) -> dict[int, float]:
    tracks = identities.rename(people(places), time_s)
    assert tracks.ids.tolist() == sorted(tracks.ids.tolist())
    return {int(i): float(k[13, 0]) for i, k in zip(tracks.ids, tracks.poses.keypoints, strict=True)}


def test_the_first_pass_keeps_the_trackers_ids() -> None:
    identities = Identities()
    for i in range(30):
        assert set(shown(identities, {1: 100 + i, 2: 500 - i}, i / 30)) == {1, 2}


def test_the_second_round_of_a_loop_shows_the_same_people() -> None:
    identities = Identities()
    for i in range(30):
        shown(identities, {1: 100 + 5 * i, 2: 500 - 5 * i}, i / 30)
    identities.jump(0.0)
    for i in range(30):
        assert shown(identities, {3: 100 + 5 * i, 4: 500 - 5 * i}, i / 30) == {1: 100 + 5 * i, 2: 500 - 5 * i}


def test_who_comes_new_in_a_later_round_gets_the_next_number() -> None:
    identities = Identities()
    shown(identities, {1: 100, 2: 500}, 0.0)
    for ids in ((3, 4), (5, 6)):
        identities.jump(0.0)
        assert set(shown(identities, dict(zip(ids, (100, 500), strict=True)), 0.0)) == {1, 2}
    assert set(shown(identities, {5: 100, 7: 900}, 0.04)) == {1, 3}


def test_who_is_lost_for_a_moment_never_shares_a_number_with_who_takes_the_place() -> None:
    identities = Identities()
    shown(identities, {1: 100, 2: 500}, 0.0)
    assert set(shown(identities, {1: 100, 3: 505}, 0.04)) == {1, 3}  # the tracker took somebody for new
    assert set(shown(identities, {1: 100, 2: 500, 3: 520}, 0.08)) == {1, 2, 3}
    identities.jump(0.0)
    shown(identities, {4: 100, 5: 500}, 0.0)
    assert set(shown(identities, {4: 100, 6: 505}, 0.04)) == {1, 3}
    assert set(shown(identities, {4: 100, 5: 500, 6: 520}, 0.08)) == {1, 2, 3}


def test_crossed_numbers_are_put_back_in_order() -> None:
    identities = Identities()
    shown(identities, {1: 100, 2: 500}, 0.0)
    identities.jump(0.0)
    assert shown(identities, {3: 500, 4: 100}, 0.0) == {1: 100, 2: 500}


def test_who_comes_later_in_the_second_round_is_known_too() -> None:
    identities = Identities()
    for i in range(30):
        shown(identities, {1: 100} if i < 15 else {1: 100, 2: 500}, i / 30)
    identities.jump(0.0)
    for i in range(30):
        now = shown(identities, {3: 100} if i < 15 else {3: 100, 4: 500}, i / 30)
        assert set(now) == ({1} if i < 15 else {1, 2})


def test_frames_between_those_seen_before_are_matched() -> None:
    identities = Identities()
    for i in range(0, 30, 3):
        shown(identities, {1: 100 + i}, i / 30)
    identities.jump(8 / 30)
    assert set(shown(identities, {5: 108}, 8 / 30)) == {1}


def test_a_new_place_or_an_unseen_moment_means_a_new_person() -> None:
    identities = Identities()
    shown(identities, {1: 100}, 0.0)
    assert set(shown(identities, {3: 400}, 0.0)) == {2}
    assert set(shown(identities, {4: 100}, 5.0)) == {3}


def test_after_a_skip_whoever_stands_in_the_same_place_is_the_same() -> None:
    identities = Identities()
    shown(identities, {1: 100, 2: 500}, 0.0)
    identities.jump(5.0)
    assert shown(identities, {3: 510, 4: 900}, 5.0) == {2: 510, 3: 900}
    identities.jump(60.0)  # too far off for places to mean anything
    assert set(shown(identities, {5: 100, 6: 500}, 60.0)) == {4, 5}


def test_who_was_always_alone_stays_the_same_after_any_jump_but_not_without_one() -> None:
    identities = Identities()
    shown(identities, {1: 100}, 0.0)
    identities.jump(60.0)
    assert set(shown(identities, {2: 900}, 60.0)) == {1}
    assert set(shown(identities, {3: 100}, 70.0)) == {2}  # somebody else came


def test_after_a_jump_a_slow_machine_has_as_many_frames_to_be_sure() -> None:
    identities = Identities()
    shown(identities, {1: 100}, 0.0)
    identities.jump(60.0)
    shown(identities, {}, 60.0)
    shown(identities, {}, 60.4)
    assert set(shown(identities, {2: 900}, 60.8)) == {1}


def test_an_id_is_never_shown_twice_in_a_image() -> None:
    identities = Identities()
    shown(identities, {1: 100}, 0.0)
    assert len(shown(identities, {3: 100, 4: 110}, 0.0)) == 2


def test_iou_of_equal_half_shifted_and_missing_boxes() -> None:
    box = np.array([[0, 0, 10, 10]], np.float32)
    others = np.array([[0, 0, 10, 10], [5, 0, 15, 10], [20, 20, 30, 30], [np.nan] * 4], np.float32)
    assert np.allclose(iou_matrix(box, others), [[1, 1 / 3, 0, 0]])
