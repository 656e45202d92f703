"""What is a pause, how tall somebody is and how sure it is that there is anybody, each to the value."""

from __future__ import annotations

import math

import numpy as np
import pytest

from pose.skeleton import CROWDPOSE14
from pose.types import Poses
from tracking.body import body_heights_px, sureness
from tracking.clock import FrameClock


def clock(steps_s):
    """A clock that has seen frames so far apart, and the time of the last."""
    found, time_s = FrameClock(), 7.0
    assert found.advance(time_s) == (0.0, 0.0), "nothing was before the first frame"
    for step_s in steps_s:
        time_s += step_s
        found.advance(time_s)
    return found, time_s


@pytest.mark.parametrize(
    ("steps_s", "step_s", "paused"),
    [
        ([0.25] * 5, 1.0, False),  # four times the usual time is not a pause yet
        ([0.25] * 5, 1.01, True),
        ([0.03125] * 5, 0.5, False),  # nor is half a second, however quick the source
        ([0.03125] * 5, 0.51, True),
        ([4.0] * 5, 10.0, False),
        ([4.0] * 5, 10.01, True),  # no video is that slow
        ([], 9.0, False),
        ([], 11.0, True),
        ([1.0] * 5 + [0.125] * 5, 0.625, True),  # usual is the median of the last nine
        ([1.0] * 6 + [0.125] * 4, 0.625, False),
    ],
)
def test_a_pause_is_longer_than_usual(steps_s, step_s, paused):
    found, time_s = clock(steps_s)
    dt_s, pause_s = found.advance(time_s + step_s)
    assert dt_s == pytest.approx(step_s) and pause_s == (dt_s if paused else 0.0)


def test_a_time_that_is_none_or_not_later_is_no_time():
    found, time_s = clock([0.1])
    assert [found.advance(t) for t in (math.nan, math.inf, time_s, time_s - 1)] == [(0.0, 0.0)] * 4
    assert found.advance(time_s) == pytest.approx((1.0, 1.0)), "the source went back, and this is new"


def test_a_body_is_as_tall_as_three_of_four_of_its_segments_say():
    """Shoulder to elbow and hip to knee of known lengths on an otherwise unknown body."""
    points = np.full((2, 14, 2), np.nan)
    at = {name: CROWDPOSE14.index(name) for name in CROWDPOSE14.keypoint_names}
    points[0, at["left_shoulder"]], points[0, at["left_elbow"]] = (0, 0), (0, 0.186 * 100)
    points[:, at["left_hip"]], points[:, at["left_knee"]] = (50, 0), (50, 0.245 * 200)
    points[1, at["left_ankle"]] = 50, (0.245 + 0.246) * 200
    upper, lower = body_heights_px(points, CROWDPOSE14)
    assert lower == pytest.approx(200) and 100 <= upper <= 200


def test_without_a_segment_the_body_is_four_times_what_shows_and_never_nothing():
    points = np.full((3, 14, 2), np.nan)
    points[0, CROWDPOSE14.index("left_wrist")], points[0, CROWDPOSE14.index("right_knee")] = (10, 20), (10, 50)
    points[1, 0] = 5
    assert body_heights_px(points, CROWDPOSE14).tolist() == [120.0, 4.0, 4.0]
    assert body_heights_px(points[:0], CROWDPOSE14).shape == (0,)


@pytest.mark.parametrize(
    ("scores", "confidence", "sure"),
    [
        ([0.5] * 6, 0.2, 3.0 / 8),  # two more count as missed
        ([0.5] * 6, 0.45, 0.45),  # never less than the pose's own
        ([0.5] * 4, 0.1, 2.0 / 6),
        ([0.9] * 3, 0.1, 0.1),  # three joints are nobody
        ([0.5] * 4 + [0.09] * 10, 0.1, 2.0 / 6),  # guesses do not count
        ([0.5] * 4 + [0.11] * 2, 0.1, 2.22 / 8),
    ],
)
def test_sureness_is_the_mean_of_what_shows_less_the_fewer_it_is(scores, confidence, sure):
    table = np.zeros((1, 14), np.float32)
    table[0, : len(scores)] = scores
    poses = Poses(np.zeros((1, 14, 2), np.float32), table, np.array([confidence], np.float32))
    assert sureness(poses) == pytest.approx([sure])
