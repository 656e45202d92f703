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

    frames: (T,). times_s: (T,). centres_px: (T, 2), NaN = not seen. speed: (T,) per second; path: length of the way.
    Both in pixels, or metres if there was a scale.
    """

    frames: NDArray[np.int64]
    times_s: Float64
    centres_px: Float64
    speed: Float64
    path: float


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
    return Motion(table.frames[places], times, centres, speed, float(np.nansum(step)))
