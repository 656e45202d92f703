"""Repetitions: counted right in rendered squats, whatever their speed, pauses and view."""

from __future__ import annotations

import math

import numpy as np
import pytest

from app.angles import ANGLE_NAMES
from app.repetitions import (
    PeopleCounters,
    RepetitionCounter,
    Repetitions,
    RepetitionSettings,
    angle_of,
    parse_exercises,
    parse_repetitions,
)
from pose.errors import SettingsError
from tests.app.squats import Squats, knee_angles, variants


def count(angles: list[float], fps: float = 25.0, settings: RepetitionSettings | None = None) -> Repetitions:
    counter = RepetitionCounter(settings)
    for i, angle in enumerate(angles):
        counter.update(angle, i / fps)
    return counter.state


def wave(repetitions: float, low: float, high: float, period_s: float = 2.0, fps: float = 25.0) -> list[float]:
    """Starts at `high` and goes to `low` and back."""
    t = np.arange(round(repetitions * period_s * fps) + 1) / fps
    return ((high + low) / 2 + (high - low) / 2 * np.cos(2 * np.pi * t / period_s)).tolist()


@pytest.mark.parametrize("squats", variants(), ids=lambda squats: f"{squats.count}x{squats.turned_deg:g}")
def test_rendered_squats_are_counted_right_and_their_depth_is_the_true_one(squats: Squats) -> None:
    rng = np.random.default_rng(squats.seed)
    points = squats.keypoints()
    truth = knee_angles(points)
    counter = RepetitionCounter()
    for time_s, angle in zip(squats.times(), knee_angles(points + rng.normal(0, 2.0, points.shape)), strict=True):
        counter.update(angle, time_s)
    assert counter.state.count == squats.count
    assert counter.state.low_deg == pytest.approx(min(truth), abs=6)
    assert counter.state.high_deg == pytest.approx(max(truth), abs=6)


def test_half_a_repetition_does_not_count_yet() -> None:
    assert count(wave(2.5, 80, 175)).count == 2
    assert count(wave(3, 80, 175)).count == 3


def test_movements_that_begin_bent_count_where_they_come_back() -> None:
    """An arm that hangs (10 degrees) and is raised."""
    assert count(wave(3, 160, 10)).count == 3


def test_small_movements_and_trembling_do_not_count() -> None:
    assert count(wave(20, 160, 175)).count == 0
    rng = np.random.default_rng(0)
    assert count((np.array(wave(4, 80, 175)) + rng.normal(0, 8, len(wave(4, 80, 175)))).tolist()).count == 4


def test_a_joint_found_elsewhere_for_some_frames_changes_nothing() -> None:
    angles = wave(4, 90, 175)
    clean = count(angles)
    for start in range(20, len(angles), 37):
        angles[start : start + 2] = [20.0, 20.0]
    glitched = count(angles)
    assert glitched.count == clean.count
    assert glitched.low_deg == pytest.approx(clean.low_deg, abs=5)


def test_the_users_bounds_must_be_reached() -> None:
    shallow, deep = wave(3, 120, 175), wave(3, 85, 175)
    bounds = RepetitionSettings("knee", low_deg=100, high_deg=150)
    assert count(shallow, settings=bounds).count == 0
    assert count(deep, settings=bounds).count == 3
    not_straight = wave(3, 85, 140)
    assert count([170.0] * 10 + not_straight, settings=bounds).count == 0


def test_gaps_neither_count_nor_stop_counting() -> None:
    angles = wave(6, 80, 175)
    angles[30:40] = [math.nan] * 10  # less than a second, on the way up
    angles[100:150] = [math.nan] * 50  # a whole repetition is not seen
    assert count(angles).count == 5
    assert math.isnan(count([*angles, *[math.nan] * 60]).angle_deg)


@pytest.mark.parametrize("fps", [8.0, 15.0, 60.0, 120.0])
def test_the_rate_of_the_camera_does_not_matter(fps: float) -> None:
    state = count(wave(5, 80, 175, fps=fps), fps)
    assert state.count == 5
    assert state.range_deg == pytest.approx(95, abs=8)


def test_both_sides_give_their_mean_as_far_as_they_are_seen() -> None:
    angles = np.full(len(ANGLE_NAMES), np.nan, np.float32)
    assert math.isnan(angle_of("knee", angles))
    angles[ANGLE_NAMES.index("left_knee")] = 100
    assert angle_of("knee", angles) == 100
    angles[ANGLE_NAMES.index("right_knee")] = 120
    assert angle_of("knee", angles) == 110
    assert angle_of("right_knee", angles) == 120


def test_everybody_is_counted_apart_and_forgotten_in_the_end() -> None:
    counters = PeopleCounters((RepetitionSettings("knee"), RepetitionSettings("elbow")))
    angles = np.full(len(ANGLE_NAMES), np.nan, np.float32)
    states = {}
    for i, (first, second) in enumerate(zip(wave(4, 80, 175), wave(2, 80, 175, period_s=4), strict=True)):
        for person, knee in ((1, first), (2, second)):
            angles[ANGLE_NAMES.index("left_knee")] = knee
            states[person] = counters.update(person, angles, i / 25)
    assert [states[1][0].count, states[2][0].count] == [4, 2]
    assert states[1][1].count == 0 and math.isnan(states[1][1].angle_deg)
    for person in range(3, 500):
        counters.update(person, angles, 1000.0 + person * 10)
    assert len(counters._people) < 100


def test_exercises_are_written_as_they_are_read() -> None:
    texts = ("knee", "left_elbow:60:140.5")
    assert tuple(map(str, parse_exercises(texts))) == texts
    with pytest.raises(SettingsError, match="knee"):
        parse_exercises(("knee", "knee:90:120"))


def test_what_cannot_be_counted_is_refused_in_one_sentence() -> None:
    assert parse_repetitions("knee:100:150") == RepetitionSettings("knee", 100, 150)
    for text in ("toe", "knee:100", "knee:a:b", "knee:150:100", "knee:0:900"):
        with pytest.raises(SettingsError):
            parse_repetitions(text)
    with pytest.raises(SettingsError):
        RepetitionSettings(min_range_deg=1)
