"""Lengths and speeds on the image plane in metres, and lean against a floor line.

All of it is planar: true for movement in a plane that the camera looks at squarely and in which the scale was drawn;
whoever is nearer to the camera seems larger and faster.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.analysis.edits import Edit
from app.analysis.track_table import TrackTable
from app.types import TrackedFrame
from pose.errors import SettingsError
from pose.skeleton import Skeleton
from tracking.smoothing import smooth_series
from tracking.types import TrackedPoses

Float64 = NDArray[np.float64]
SPEED_CUTOFF_HZ = 3.0  # a walking body's centre moves below 3 Hz; differences of noise are not speed


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale(Edit):
    """A length that is known: the line from (x0, y0) to (x1, y1), pixels, is `metres` long. No row changes."""

    x0: float
    y0: float
    x1: float
    y1: float
    metres: float

    def __post_init__(self) -> None:
        if not (
            math.isfinite(self.metres) and self.metres > 0 and math.hypot(self.x1 - self.x0, self.y1 - self.y0) > 0
        ):
            raise SettingsError("A scale needs two different points and a length in metres above 0.")

    @property
    def numbers(self) -> tuple[int, ...]:
        return ()

    @property
    def metres_per_px(self) -> float:
        return self.metres / math.hypot(self.x1 - self.x0, self.y1 - self.y0)

    def apply(self, frame: TrackedFrame, skeleton: Skeleton) -> TrackedPoses:
        return frame.tracks

    def with_people(self, ids: Mapping[int, int]) -> Edit:
        return replace(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor(Edit):
    """A line that is level in the world, from (x0, y0) to (x1, y1), pixels. No row changes."""

    x0: float
    y0: float
    x1: float
    y1: float

    def __post_init__(self) -> None:
        if self.x0 == self.x1:
            raise SettingsError("A floor line must not be upright.")

    @property
    def numbers(self) -> tuple[int, ...]:
        return ()

    @property
    def tilt_deg(self) -> float:
        """How far the camera is turned: the line's angle against the image's rows, positive = down to the right."""
        sign = 1 if self.x1 > self.x0 else -1
        return math.degrees(math.atan2(sign * (self.y1 - self.y0), sign * (self.x1 - self.x0)))

    def apply(self, frame: TrackedFrame, skeleton: Skeleton) -> TrackedPoses:
        return frame.tracks

    def with_people(self, ids: Mapping[int, int]) -> Edit:
        return replace(self)


def scale_of(edits: Sequence[Edit]) -> Scale | None:
    """The scale that was drawn last."""
    return next((edit for edit in reversed(edits) if isinstance(edit, Scale)), None)


def floor_of(edits: Sequence[Edit]) -> Floor | None:
    return next((edit for edit in reversed(edits) if isinstance(edit, Floor)), None)


def level_lean(lean_deg: Float64, floor: Floor | None) -> Float64:
    """Lean against the true vertical, from lean against the image's: where the floor falls to the right, whoever
    stands upright seems to lean to the right."""
    return lean_deg if floor is None else lean_deg - floor.tilt_deg


@dataclass(frozen=True, slots=True)
class Motion:
    """How one person moved; T frames in which they were there.

    frames: (T,). times_s: (T,). centres_px: (T, 2), NaN = not seen. smooth_px: (T, 2) without the noise.
    speed: (T,) per second; way: (T,) length of the way so far. Both in pixels, or metres if there was a scale.
    """

    frames: NDArray[np.int64]
    times_s: Float64
    centres_px: Float64
    smooth_px: Float64
    speed: Float64
    way: Float64

    @property
    def path(self) -> float:
        """Length of the whole way."""
        return float(self.way[-1]) if len(self.way) else 0.0


def motion(table: TrackTable, person: int, scale: Scale | None = None) -> Motion:
    """Of the middle of the hips, or of all joints where no hip was found; smoothed, so that noise is no way."""
    rows = table.rows_of(person)
    places = table.places[rows]
    centres = table.centres(rows, ("left_hip", "right_hip"))
    times = table.times_s[places]
    ascending = np.concatenate([[True], np.diff(np.maximum.accumulate(times)) > 0]) if len(times) else np.zeros(0, bool)
    smooth = centres.copy()
    smooth[ascending] = smooth_series(times[ascending], centres[ascending], SPEED_CUTOFF_HZ)
    unit = 1.0 if scale is None else scale.metres_per_px
    step = np.linalg.norm(np.diff(smooth, axis=0), axis=1) * unit
    dt_s = np.diff(times)
    speed = np.full(len(times), np.nan)
    if len(times) > 1:
        speed[1:] = np.divide(step, dt_s, out=np.full_like(step, np.nan), where=dt_s > 0)
        speed[0] = speed[1]
    way = np.concatenate([np.zeros(min(len(times), 1)), np.cumsum(np.nan_to_num(step))])
    return Motion(table.frames[places], times, centres, smooth, speed, way)


class Measures:
    """Where everybody was in metres, how far they had come and how fast: columns of tables, for any moment.

    x_m and y_m are of the middle of the hips: along the floor line and above it where one was drawn, otherwise from the
    lower left corner of the image, y upwards. distance_m is the way since the person was first seen.
    """

    columns = ("x_m", "y_m", "distance_m", "speed_m_per_s")

    def __init__(self, table: TrackTable, scale: Scale, floor: Floor | None, height_px: int) -> None:
        """table: the tracking after edits. height_px: of the image."""
        self._motions = {person: motion(table, person, scale) for person in table.people}
        level = floor or Floor(x0=0.0, y0=height_px - 1.0, x1=1.0, y1=height_px - 1.0)
        tilt = math.radians(level.tilt_deg)
        self._origin = np.array([level.x0, level.y0]) if level.x0 < level.x1 else np.array([level.x1, level.y1])
        self._axes = np.array([[math.cos(tilt), math.sin(tilt)], [math.sin(tilt), -math.cos(tilt)]])
        self._metres_per_px = scale.metres_per_px

    def of(self, person: int, time_s: float) -> tuple[float, ...]:
        """A value for each column; NaN where the person is not known."""
        moved = self._motions.get(person)
        if moved is None or not len(moved.times_s):
            return (math.nan,) * len(self.columns)
        centre = [float(np.interp(time_s, moved.times_s, values)) for values in moved.smooth_px.T]
        x, y = self._axes @ (np.array(centre) - self._origin) * self._metres_per_px
        way, speed = (float(np.interp(time_s, moved.times_s, values)) for values in (moved.way, moved.speed))
        return float(x), float(y), way, speed
