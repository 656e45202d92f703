"""What is known of people, as it grows from sight to sight."""

from __future__ import annotations

import numpy as np
import pytest

from pose.skeleton import CROWDPOSE14
from tests.tracking.walkers import Walker
from tracking.appearance import SIGNATURE_SIZE, blend
from tracking.body import body_heights_px
from tracking.cost import Bodies
from tracking.settings import TrackerSettings
from tracking.track_table import TrackTable

UNKNOWN = np.full((1, SIGNATURE_SIZE), np.nan, np.float32)


def body(points, weight=0.7):
    known = np.isfinite(points[None, :, 0])
    heights = body_heights_px(points[None], CROWDPOSE14)
    return Bodies(points[None], np.where(known, weight, 0.0), heights, np.zeros(known.shape), np.zeros(1))


def seen_once(points, looks=UNKNOWN):
    table = TrackTable(14, TrackerSettings())
    assert table.begin(body(points), np.array([0.6]), looks).tolist() == [0]
    return table


def observe(table, points, looks=UNKNOWN, weight=0.7):
    table.observe(np.array([0]), body(points, weight), np.array([0.8]), looks)


def looks_of(seed):
    shares = np.random.default_rng(seed).dirichlet(np.full(SIGNATURE_SIZE // 2, 0.3), (1, 2)).reshape(1, -1)
    return blend(UNKNOWN, np.sqrt(shares).astype(np.float32), np.ones(1))


STANDING = Walker(300).keypoints(0)


def test_a_track_begins_where_its_pose_is():
    table = seen_once(STANDING)
    row = table.rows[0]
    assert (row["id"], row["serial"], row["hits"], row["unseen_s"], row["alive_s"]) == (0, 1, 1, 0, 0)
    np.testing.assert_allclose(table.keypoints[0], STANDING)
    assert table.begin(body(STANDING + 500), np.array([0.5]), UNKNOWN).tolist() == [1]
    table.keep(np.array([False, True]))
    assert table.begin(body(STANDING), np.array([0.5]), UNKNOWN).tolist() == [1]
    assert table.rows["serial"].tolist() == [2, 3], "a number is never used again"


def test_times_run_on_and_begin_anew_with_a_sight():
    table = seen_once(STANDING)
    table.advance(0.5, 0.2)
    row = table.rows[0]
    assert (row["alive_s"], row["unseen_s"], row["missed_s"]) == (0.5, 0.5, 0.2)
    assert (row["joint_ages_s"] == 0.5).all()
    part = STANDING.copy()
    part[:6] = np.nan
    observe(table, part)
    row = table.rows[0]
    assert (row["alive_s"], row["unseen_s"], row["missed_s"], row["hits"]) == (0.5, 0, 0, 2)
    assert row["joint_ages_s"].tolist() == [0.5] * 6 + [0] * 8
    assert row["confidence"] == 0.8
    np.testing.assert_allclose(row["box_xyxy"], [*np.nanmin(part, axis=0), *np.nanmax(part, axis=0)])


def test_hidden_joints_move_along_and_are_vague():
    table = seen_once(STANDING)
    for n in range(1, 21):
        table.advance(0.05, 0.0)
        part = np.add(STANDING, (4 * n, 0))
        part[:6] = np.nan
        observe(table, part, weight=0.3)
    np.testing.assert_allclose(table.keypoints[0], np.add(STANDING, (80, 0)), atol=2.0)
    bodies = table.bodies()
    np.testing.assert_allclose(bodies.weights[0], [0.7] * 6 + [0.3] * 8)
    limbs_px = TrackerSettings().limb_speed * bodies.heights_px[0] * 1.0  # unseen for a second
    np.testing.assert_allclose(bodies.variances_px2[0, :6] - bodies.variances_px2[0, 6:].mean(), limbs_px**2)


def test_the_middle_joint_moves_the_body_whatever_one_joint_pretends():
    """As far as the filter believes it, and the same for all."""
    tables = [seen_once(STANDING) for _ in range(2)]
    moved = np.add(STANDING, (6, 3))
    pretended = moved.copy()
    pretended[4] += 400
    for table, points in zip(tables, (moved, pretended), strict=True):
        table.advance(0.1, 0.0)
        observe(table, points)
    one, other = (table.rows[0]["position_px"] - STANDING.mean(axis=0) for table in tables)
    np.testing.assert_allclose(one, other)
    assert 0.8 * 6 < one[0] <= 6 and one[1] == pytest.approx(one[0] / 2)


def test_of_whom_other_joints_show_the_middles_are_one_place():
    upper, lower = STANDING.copy(), STANDING.copy()
    upper[6:12], lower[:6], lower[12:] = np.nan, np.nan, np.nan
    table = seen_once(upper)
    raised = upper.copy()
    raised[4, 1] -= 150
    table.advance(0.1, 0.0)
    observe(table, raised)
    table.advance(0.1, 0.0)
    before = table.rows[0]["position_px"].copy()
    observe(table, lower - np.nanmean(lower, axis=0) + np.nanmean(table.keypoints[0], axis=0))
    np.testing.assert_allclose(table.rows[0]["position_px"], before, atol=1e-6)


@pytest.mark.parametrize("step_s", [0.04, 0.3, 2.0])
def test_height_is_remembered_for_a_third_of_a_second(step_s):
    table = seen_once(STANDING)
    before = table.rows[0]["height_px"]
    table.advance(step_s, 0.0)
    larger = STANDING * 1.2
    observe(table, larger)
    share = 1 - np.exp(-step_s / 0.3)
    wanted = (1 - share) * before + share * body_heights_px(larger[None], CROWDPOSE14)[0]
    assert table.rows[0]["height_px"] == pytest.approx(wanted)


@pytest.mark.parametrize(("step_s", "later"), [(0.04, 0.08), (1.0, 0.2)])
def test_first_sights_count_alike_and_later_ones_by_the_time_between(step_s, later):
    mean = looks_of(0)
    table = seen_once(STANDING, mean)
    for n in range(2, 8):
        table.advance(step_s, 0.0)
        observe(table, STANDING, looks_of(n))
        mean = blend(mean, looks_of(n), np.array([1 / n if n <= 5 else later]))
        np.testing.assert_allclose(table.rows["looks"], mean, atol=1e-5)
    observe(table, STANDING)  # unknown looks change nothing
    np.testing.assert_allclose(table.rows["looks"], mean, atol=1e-5)
