"""Which pose is whose, where one thing alone decides."""

from __future__ import annotations

import numpy as np
import pytest

from pose.skeleton import CROWDPOSE14
from tests.tracking.test_recognise import like
from tests.tracking.test_track_table import body, looks_of
from tests.tracking.walkers import Walker, detections
from tracking.appearance import looks_distance
from tracking.body import body_heights_px
from tracking.cost import Bodies
from tracking.match import Found, match
from tracking.settings import TrackerSettings
from tracking.track_table import TrackTable

SETTINGS = TrackerSettings()


def tracked(*people, **columns):
    """Tracks with ids of their own that were seen in the last frame: (keypoints, looks)."""
    table = TrackTable(14, SETTINGS)
    for points, looks in people:
        table.begin(body(points), np.array([0.7]), looks)
    table.rows["id"], table.rows["hits"], table.rows["alive_s"] = 1 + np.arange(len(people)), 9, 3.0
    for name, values in columns.items():
        table.rows[name] = values
    table.advance(0.04, 0.0)
    return table


def found(*people, strong=True):
    points, looks = [p for p, _ in people], np.concatenate([looks for _, looks in people])
    poses = detections(points)
    keypoints, count = poses.keypoints.astype(np.float64), len(points)
    bodies = Bodies(
        keypoints, poses.scores.astype(np.float64), body_heights_px(keypoints, CROWDPOSE14),
        np.zeros((count, 14)), np.zeros(count),
    )  # fmt: skip
    return Found(
        poses,
        bodies,
        looks,
        np.full(count, 0.7),
        np.full(count, strong),
        np.ones(count, bool),
        bool(np.isfinite(looks).any()),
    )


def owners(table, poses):
    return match(table, poses, CROWDPOSE14, SETTINGS).tolist()


def at(x, **shape):
    return Walker(x, **shape).keypoints(0)


def apart(one, other):
    return float(looks_distance(one, other)[0, 0])


RED = looks_of(1)


def other_than_red(least, most):
    """Looks that differ by so much from red."""
    mixed = (like(1, 2, share) for share in np.linspace(0, 1, 100))
    return next(looks for looks in mixed if least < apart(RED, looks) < most)


def test_of_two_as_near_the_one_who_looks_so_is_it():
    nearly = other_than_red(0.1, SETTINGS.looks_other)
    for looks, owner in ((RED, 0), (nearly, 1)):
        assert owners(tracked((at(290), RED), (at(310), nearly)), found((at(300), looks))) == [owner]


@pytest.mark.parametrize(("missed_s", "owner"), [(0.0, 0), (0.04, -1)])
def test_whoever_was_out_of_sight_must_look_the_same(missed_s, owner):
    other = other_than_red(SETTINGS.looks_other, SETTINGS.looks_never)
    assert owners(tracked((at(300), RED), missed_s=missed_s), found((at(302), other))) == [owner]


@pytest.mark.parametrize(("x", "owner"), [(310, -1), (2000, 0)])
def test_of_two_out_of_sight_who_look_the_same_neither_is_taken_unless_one_is_too_far(x, owner):
    table = tracked((at(300), RED), (at(x), RED), missed_s=0.6, unseen_s=0.6)
    assert owners(table, found((at(302), RED))) == [owner]


def test_nobody_out_of_sight_for_long_is_found_by_motion():
    unseen = {"missed_s": SETTINGS.max_age_s + 0.1, "unseen_s": SETTINGS.max_age_s + 0.1}
    assert owners(tracked((at(300), RED), **unseen), found((at(300), RED))) == [-1]
    unseen = {"missed_s": SETTINGS.max_age_s - 0.1, "unseen_s": SETTINGS.max_age_s - 0.1}
    assert owners(tracked((at(300), RED), **unseen), found((at(300), RED))) == [0]


def test_the_sure_and_the_known_go_before_the_others():
    people = (at(300), RED), (at(300), RED)
    assert owners(tracked(*people, id=[0, 7]), found((at(301), RED))) == [1]
    assert owners(tracked(*people, id=[7, 0]), found((at(301), RED))) == [0]


CHANGED = at(300)[::-1]  # all joints elsewhere in the same box


def test_a_pose_changed_wholly_is_known_by_its_place_and_by_the_known_first():
    assert owners(tracked((at(300), RED)), found((CHANGED, RED))) == [0]
    assert owners(tracked((at(300), RED), (at(300), RED), id=[0, 7]), found((CHANGED, RED))) == [1]
    assert owners(tracked((at(300), RED)), found((CHANGED, RED), strong=False)) == [-1], "a ghost may be anywhere"


def test_the_place_decides_only_over_what_is_left():
    """Somebody upright is followed by pose; whoever stood there too and is not found does not take the pose over."""
    table = tracked((at(300), RED), (CHANGED, RED))
    assert owners(table, found((at(301), RED), (at(900), RED))) == [0, -1]
    assert owners(table, found((at(900), RED), (at(301), RED))) == [-1, 0]


def test_a_leap_is_followed_where_only_one_can_have_made_it():
    unseen = {"unseen_s": 0.2}
    far = SETTINGS.max_speed * 0.24 * body(at(300)).heights_px[0]
    assert owners(tracked((at(300), RED), **unseen), found((at(300 + 0.9 * far), RED))) == [0]
    assert owners(tracked((at(300), RED), **unseen), found((at(300 + 1.1 * far), RED))) == [-1], "no one is as fast"
    changed = other_than_red(SETTINGS.looks_same, SETTINGS.looks_other)
    assert owners(tracked((at(300), RED), **unseen), found((at(500), changed))) == [0]
    assert owners(tracked((at(300), RED), (at(250), RED), **unseen), found((at(500), changed))) == [-1], (
        "it may be either"
    )
    assert owners(tracked((at(300), RED), (at(250), changed), **unseen), found((at(500), RED))) == [0], "looks tell"


def test_nobody_and_nothing_match():
    nobody = TrackTable(14, SETTINGS)
    assert owners(nobody, found((at(300), RED))) == [-1]
