"""Calmer keypoints: a causal filter for live use and a zero-phase filter for finished recordings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pose.errors import SettingsError
from pose.types import Poses
from tracking.types import TrackedPoses

Float64 = NDArray[np.float64]

_SPEED_CUTOFF_HZ = 1.0  # the One-Euro authors' own choice for the speed
_FORGET_S = 0.3  # a joint hidden for longer starts afresh, where it is seen again


class OneEuro:
    """The One-Euro filter (Casiez, Roussel, Vogel, CHI 2012) for the K joints of one person.

    Speed is measured in body heights per second, so one beta suits every distance from the camera. Each joint has its
    own clock: hidden joints stay hidden and do not disturb the others.
    """

    def __init__(self, num_keypoints: int, cutoff_hz: float, beta: float) -> None:
        self._cutoff_hz = cutoff_hz
        self._beta = beta
        self._points = np.zeros((num_keypoints, 2))
        self._last = np.zeros((num_keypoints, 2))
        self._speeds = np.zeros((num_keypoints, 2))  # heights per second
        self._times_s = np.full((num_keypoints, 1), -np.inf)

    def __call__(self, keypoints: Float64, time_s: float, height_px: float) -> Float64:
        """Filtered (K, 2) of keypoints (K, 2), NaN = missing, at a time that never decreases."""
        seen = np.isfinite(keypoints[:, :1])
        elapsed_s = time_s - self._times_s
        fresh = elapsed_s > _FORGET_S
        dt_s = np.where(fresh, np.inf, elapsed_s)  # whatever was before has no weight
        per_s = np.divide(1.0, dt_s, out=np.zeros_like(dt_s), where=dt_s > 0)
        speeds = (keypoints - self._last) * (per_s / height_px)
        speeds = self._speeds + _gain(_SPEED_CUTOFF_HZ, dt_s) * (speeds - self._speeds)
        cutoff_hz = self._cutoff_hz + self._beta * np.hypot(speeds[:, :1], speeds[:, 1:])
        points = self._points + _gain(cutoff_hz, dt_s) * (keypoints - self._points)
        np.copyto(self._speeds, speeds, where=seen)
        np.copyto(self._points, points, where=seen)
        np.copyto(self._last, keypoints, where=seen)
        np.copyto(self._times_s, time_s, where=seen)
        return points  # NaN where a keypoint is


def _gain(cutoff_hz: Float64 | float, dt_s: Float64) -> Float64:
    """Share of the new value in a first-order low-pass."""
    return 1 - 1 / (1 + (2 * np.pi * cutoff_hz) * dt_s)


def smooth_series(times_s: Float64, values: Float64, cutoff_hz: float = 6.0, max_gap_s: float = 0.2) -> Float64:
    """Zero-phase Butterworth low-pass (order 4 in effect) of signals (T, D) at uneven, ascending times (T,).

    Missing values (NaN) stay missing. Gaps up to max_gap_s are bridged for the filter's sake, longer ones separate
    stretches that are filtered apart. Stretches too short to filter, and rates too low for the cutoff to mean
    anything, are returned as they are. Raises ValueError if times do not ascend, SettingsError for a cutoff of 0.
    """
    if cutoff_hz <= 0:
        raise SettingsError("The smoothing cutoff must be more than 0 Hz.")
    times = np.asarray(times_s, np.float64)
    if (np.diff(times) <= 0).any():
        raise ValueError("times must ascend")
    smoothed = np.array(values, np.float64)
    masks, group = np.unique(np.isfinite(smoothed), axis=1, return_inverse=True)
    for number, mask in enumerate(masks.T):
        columns = np.flatnonzero(group == number)  # those that are there at the same times
        seen = np.flatnonzero(mask)
        for stretch in np.split(seen, np.flatnonzero(np.diff(times[seen]) > max_gap_s) + 1):
            block = np.ix_(stretch, columns)
            smoothed[block] = _smooth_stretch(times[stretch], smoothed[block], cutoff_hz)
    return smoothed


def _smooth_stretch(times_s: Float64, values: Float64, cutoff_hz: float) -> Float64:
    """Signals (T, D) on an even grid as fine as the finest usual step, the filter there and back, and back to the
    given times."""
    from scipy.signal import butter, filtfilt  # takes half a second to import, and live tracking does without

    if len(values) < 4:
        return values
    step_s = float(np.quantile(np.diff(times_s), 0.1))
    if cutoff_hz * step_s * 2 >= 0.95:  # the signal cannot hold what the filter would remove
        return values
    count = int(np.ceil((times_s[-1] - times_s[0]) / step_s - 1e-6)) + 1
    grid = np.linspace(times_s[0], times_s[-1], count)
    b, a = butter(2, cutoff_hz * 2 * (grid[1] - grid[0]))
    even = _interpolated(grid, times_s, values)
    padding = min(count - 1, int(np.ceil(1 / (cutoff_hz * (grid[1] - grid[0])))))
    return _interpolated(times_s, grid, filtfilt(b, a, even, axis=0, padlen=padding))


def _interpolated(at_s: Float64, times_s: Float64, values: Float64) -> Float64:
    """Linear between values (T, D) at ascending times, T at least 2, and no further: `np.interp` for many signals."""
    before = np.clip(np.searchsorted(times_s, at_s, side="right") - 1, 0, len(times_s) - 2)
    share = (at_s - times_s[before]) / (times_s[before + 1] - times_s[before])
    low = values[before]
    return low + np.clip(share, 0.0, 1.0)[:, None] * (values[before + 1] - low)


def smooth_tracks(
    frames: Sequence[TrackedPoses], times_s: Sequence[float], cutoff_hz: float = 6.0, max_gap_s: float = 0.2
) -> list[TrackedPoses]:
    """A finished recording with every person's keypoints smoothed without delay; `raw` is kept as it was.

    frames, times_s: one per frame, times ascending, `poses` not smoothed before. Identities, scores and missing joints
    do not change.
    """
    rows: dict[int, list[tuple[int, int]]] = {}
    for f, frame in enumerate(frames):
        for n, person in enumerate(frame.ids.tolist()):
            rows.setdefault(person, []).append((f, n))
    keypoints = [frame.poses.keypoints.copy() for frame in frames]
    for places in rows.values():
        points = np.stack([keypoints[f][n] for f, n in places])
        times = np.array([times_s[f] for f, _ in places])
        smoothed = smooth_series(times, points.reshape(len(points), -1), cutoff_hz, max_gap_s)
        for (f, n), person_points in zip(places, smoothed.reshape(points.shape), strict=True):
            keypoints[f][n] = person_points
    return [
        replace(frame, poses=Poses(points, frame.poses.scores, frame.poses.confidence))
        for frame, points in zip(frames, keypoints, strict=True)
    ]
