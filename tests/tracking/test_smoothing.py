"""Smoothing: calmer, hardly later (causal) or not later at all (zero-phase), and honest about what is missing."""

from __future__ import annotations

import numpy as np
import pytest

from pose.errors import SettingsError
from pose.skeleton import CROWDPOSE14
from tests.tracking.walkers import Walker, detections, jitter
from tracking.settings import TrackerSettings
from tracking.smoothing import OneEuro, smooth_series, smooth_tracks
from tracking.tracker import Tracker

HEIGHT = 200.0


def one_euro(times, points, cutoff_hz=1.5, beta=8.0):
    filtered = OneEuro(len(points[0]), cutoff_hz, beta)
    return np.stack([filtered(p, t, HEIGHT) for t, p in zip(times, points, strict=True)])


def lag_s(times, truth, filtered):
    """The delay that makes the filtered signal fit the true one best."""
    delays = np.arange(-0.1, 0.4, 0.002)
    errors = [np.nanmean((np.interp(times - d, times, truth) - filtered)[len(times) // 4 : -10] ** 2) for d in delays]
    return delays[int(np.argmin(errors))]


@pytest.mark.parametrize("fps", [15, 30, 60, 120])
def test_causal_jitter_of_a_still_person_shrinks_at_every_rate(fps, rng):
    times = np.arange(4 * fps) / fps
    noisy = 100 + rng.normal(0, 1, (len(times), 3, 2))
    assert one_euro(times, noisy)[fps:].std() < 0.75 * noisy[fps:].std()


@pytest.mark.parametrize("fps", [30, 60])
@pytest.mark.parametrize("speed", [0.5, 1.0, 3.0])
def test_causal_lag_is_bounded_and_shorter_when_fast(fps, speed):
    """At a steady speed v the lag of a first-order filter is 1 / (2 pi (cutoff + beta v))."""
    times = np.arange(3 * fps) / fps
    path = np.stack([speed * HEIGHT * times, np.zeros_like(times)], axis=1)[:, None]
    late_px = path[-1, 0, 0] - one_euro(times, path)[-1, 0, 0]
    assert late_px / (speed * HEIGHT) == pytest.approx(1 / (2 * np.pi * (1.5 + 8.0 * speed)), rel=0.05)


def test_causal_result_does_not_depend_on_scale():
    times = np.arange(60) / 30
    path = np.cumsum(np.random.default_rng(1).normal(0, 2, (60, 14, 2)), axis=0)
    small, large = OneEuro(14, 1.5, 8.0), OneEuro(14, 1.5, 8.0)
    for t, p in zip(times, path, strict=True):
        assert np.allclose(10 * small(p, t, HEIGHT), large(10 * p, t, 10 * HEIGHT))


def test_causal_keeps_missing_joints_missing_and_starts_afresh_after_a_gap():
    times = np.arange(30) / 30
    path = np.tile(np.array([[50.0, 50.0], [0.0, 0.0]]), (30, 1, 1))
    path[10:22, 0] = np.nan
    path[22:, 0] = 500
    smooth = one_euro(times, path)
    assert np.isnan(smooth[10:22, 0]).all()
    assert np.allclose(smooth[22:, 0], 500)
    assert np.allclose(smooth[:, 1], 0)


def test_causal_with_equal_times_stays_finite():
    assert np.isfinite(one_euro([0, 0, 0, 0.1], np.random.default_rng(0).normal(size=(4, 5, 2)))).all()


def uneven_times(rng, seconds=4.0):
    return np.cumsum(rng.choice([1 / 60, 1 / 30, 1 / 25], int(seconds * 30)))


@pytest.mark.parametrize("even", [True, False])
def test_zero_phase_has_no_lag_and_removes_noise(even, rng):
    times = np.arange(120) / 30 if even else uneven_times(rng)
    truth = 50 * np.sin(2 * np.pi * 0.8 * times)
    noisy = truth + rng.normal(0, 3, len(times))
    smooth = smooth_series(times, noisy[:, None], 4.0)[:, 0]
    assert abs(lag_s(times, truth, smooth)) <= 0.004
    assert np.sqrt(np.mean((smooth - truth) ** 2)) < 0.7 * 3


def test_zero_phase_leaves_straight_lines_alone(rng):
    times = uneven_times(rng)
    line = np.stack([3 + 40 * times, -7 * times], axis=1)
    assert np.allclose(smooth_series(times, line), line, atol=0.05)


def test_zero_phase_is_the_same_backwards(rng):
    times = np.arange(90) / 30
    signal = np.cumsum(rng.normal(size=(90, 1)), axis=0)
    assert np.allclose(smooth_series(times, signal), smooth_series(times, signal[::-1])[::-1], atol=0.02 * signal.std())


def test_zero_phase_keeps_gaps_and_does_not_blend_across_long_ones(rng):
    times = np.arange(120) / 30
    signal = np.where(np.arange(120) < 60, 0.0, 1000.0)[:, None]
    signal[50:70] = np.nan
    smooth = smooth_series(times, signal, max_gap_s=0.2)
    assert np.array_equal(np.isnan(smooth), np.isnan(signal))
    assert np.allclose(smooth[:50], 0) and np.allclose(smooth[70:], 1000)


def test_zero_phase_bridges_short_gaps(rng):
    times = np.arange(120) / 30
    truth = 50 * np.sin(2 * np.pi * 0.8 * times)[:, None]
    holes = truth.copy()
    holes[[20, 21, 50, 80]] = np.nan
    smooth = smooth_series(times, holes)
    seen = np.isfinite(holes)
    assert np.abs(smooth - truth)[seen].max() < 1.5


def test_zero_phase_does_not_depend_on_when_the_recording_began(rng):
    times = np.arange(60) / 32
    signal = np.cumsum(rng.normal(size=(60, 1)), axis=0)
    assert np.allclose(smooth_series(times + 64, signal), smooth_series(times, signal))


@pytest.mark.parametrize(("max_gap_s", "bridged"), [(0.25, True), (0.24, False)])
def test_zero_phase_bridges_gaps_up_to_the_longest(max_gap_s, bridged, rng):
    times = np.concatenate([np.arange(32), np.arange(39, 71)]) / 32  # 8 steps between the halves
    signal = np.repeat([0.0, 100.0], 32)[:, None]
    smooth = smooth_series(times, signal, max_gap_s=max_gap_s)
    assert (np.abs(smooth - signal).max() > 1) == bridged


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5])
def test_zero_phase_takes_short_recordings(count):
    values = np.arange(count, dtype=float)[:, None]
    assert np.allclose(smooth_series(np.arange(count) / 30, values), values, atol=0.2)


def test_zero_phase_at_a_rate_too_low_for_the_cutoff_changes_nothing(rng):
    signal = rng.normal(size=(20, 2))
    assert np.array_equal(smooth_series(np.arange(20) / 5, signal, 6.0), signal)


def test_zero_phase_refuses_nonsense():
    with pytest.raises(ValueError, match="ascend"):
        smooth_series(np.array([0.0, 0.0]), np.zeros((2, 1)))
    with pytest.raises(SettingsError):
        smooth_series(np.array([0.0, 1.0]), np.zeros((2, 1)), 0)


def test_recordings_are_smoothed_per_person_and_keep_raw(rng):
    walkers = [Walker(100, speed=0.6), Walker(900, speed=-0.6)]
    times = np.arange(90) / 30
    tracker = Tracker(CROWDPOSE14, TrackerSettings(smooth=False))
    frames = []
    for i, t in enumerate(times):
        shown = walkers if i % 10 else walkers[:1]
        frames.append(tracker.update(detections([jitter(w.keypoints(t), rng, HEIGHT) for w in shown]), t))
    result = smooth_tracks(frames, list(times))
    raw_error, error = [], []
    for t, before, after in zip(times, frames, result, strict=True):
        assert np.array_equal(before.ids, after.ids)
        assert after.raw is before.raw
        truth = np.stack([walkers[i - 1].keypoints(t) for i in after.ids])
        raw_error.append(np.abs(after.raw.keypoints - truth).mean())
        error.append(np.abs(after.poses.keypoints - truth).mean())
    assert np.mean(error) < 0.8 * np.mean(raw_error)
