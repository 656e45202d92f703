"""Counting repetitions of an exercise from one joint angle: turning points of the smoothed angle.

A repetition is one movement away from the position of rest and back, each way by at least `min_range_deg`; so a pause
on the way, or trembling at the turning point, does not count twice. Whether rest is the straight or the bent position
shows in the first movement.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.angles import ANGLE_NAMES
from pose.errors import SettingsError

_PAIRS = tuple(dict.fromkeys(name.removeprefix("left_").removeprefix("right_") for name in ANGLE_NAMES))
COUNTABLE = tuple(dict.fromkeys((*_PAIRS, *ANGLE_NAMES)))  # "knee" = mean of both knees, as far as they are seen

_MEDIAN_S = 0.25  # a joint found in the wrong place is gone after some frames
FORGET_PEOPLE_S = 600.0
_FORGET_S = 1.0  # what was before so long a gap says nothing about the angle now


@dataclass(frozen=True, slots=True)
class RepetitionSettings:
    """What is counted.

    angle:         one of COUNTABLE.
    low_deg:       a repetition must go down to this angle; None = as far as min_range_deg asks.
    high_deg:      and up to this one; None = likewise.
    min_range_deg: least difference between the two turning points.

    Raises SettingsError for what cannot be used.
    """

    angle: str = "knee"
    low_deg: float | None = None
    high_deg: float | None = None
    min_range_deg: float = 30.0

    def __post_init__(self) -> None:
        if self.angle not in COUNTABLE:
            raise SettingsError(
                "There is no angle {angle}; known: {angles}.", angle=self.angle, angles=", ".join(COUNTABLE)
            )
        for value in (self.low_deg, self.high_deg):
            if value is not None and not -180 <= value <= 180:
                raise SettingsError("An angle must lie between -180 and 180 degrees, not {value}.", value=f"{value:g}")
        if not 5 <= self.min_range_deg <= 180:
            raise SettingsError(
                "The least range must lie between 5 and 180 degrees, not {min_range_deg}.",
                min_range_deg=f"{self.min_range_deg:g}",
            )
        if self.low_deg is not None and self.high_deg is not None and self.high_deg <= self.low_deg:
            raise SettingsError(
                "The upper angle {high_deg} must be more than the lower one {low_deg}.",
                high_deg=f"{self.high_deg:g}",
                low_deg=f"{self.low_deg:g}",
            )

    def __str__(self) -> str:
        """As `parse_repetitions` reads it, the least range apart."""
        if self.low_deg is None or self.high_deg is None:
            return self.angle
        return f"{self.angle}:{self.low_deg:g}:{self.high_deg:g}"


def parse_exercises(texts: Sequence[str]) -> tuple[RepetitionSettings, ...]:
    """Several, each of another angle. Raises SettingsError."""
    exercises = tuple(map(parse_repetitions, texts))
    angles = [exercise.angle for exercise in exercises]
    for angle in angles:
        if angles.count(angle) > 1:
            raise SettingsError("Repetitions of {angle} can be counted in one way at a time.", angle=angle)
    return exercises


def parse_repetitions(text: str) -> RepetitionSettings:
    """From `knee`, or `knee:100:150` with the lower and the upper angle. Raises SettingsError."""
    angle, *bounds = text.split(":")
    if len(bounds) not in (0, 2):
        raise SettingsError(
            "Repetitions are written ANGLE or ANGLE:LOW:HIGH, such as knee:100:150, not {text}.", text=text
        )
    try:
        low, high = map(float, bounds) if bounds else (None, None)
    except ValueError:
        raise SettingsError("The angles in {text} must be numbers of degrees.", text=text) from None
    return RepetitionSettings(angle, low, high)


def angle_of(angle: str, angles_deg: NDArray[np.float32]) -> float:
    """One of COUNTABLE from the (A,) angles of `app.angles.joint_angles`; NaN if no joint that it needs was found."""
    if angle in ANGLE_NAMES:
        return float(angles_deg[ANGLE_NAMES.index(angle)])
    sides = [float(angles_deg[ANGLE_NAMES.index(f"{side}_{angle}")]) for side in ("left", "right")]
    found = [value for value in sides if not math.isnan(value)]
    return sum(found) / len(found) if found else math.nan


@dataclass(frozen=True, slots=True)
class Repetitions:
    """Where an exercise stands.

    count:    repetitions completed.
    angle_deg: the smoothed angle; NaN if it is not seen.
    low_deg, high_deg: turning points of the last repetition; NaN before the first.
    """

    count: int = 0
    angle_deg: float = math.nan
    low_deg: float = math.nan
    high_deg: float = math.nan

    @property
    def range_deg(self) -> float:
        return self.high_deg - self.low_deg


class RepetitionCounter:
    """Counts for one person; call it with every frame, in order. Memory does not grow."""

    def __init__(self, settings: RepetitionSettings | None = None) -> None:
        self.settings = settings or RepetitionSettings()
        self.state = Repetitions()
        self._recent: deque[tuple[float, float]] = deque(maxlen=256)  # (time, angle)
        self._low, self._high = math.inf, -math.inf  # since the last turning points
        self._rests_high: bool | None = None  # where rest is; None until the first movement
        self._away = False  # from rest

    def update(self, angle_deg: float, time_s: float) -> Repetitions:
        """The state after an angle (NaN = not seen) at a time that never decreases."""
        is_seen = not math.isnan(angle_deg)
        while self._recent and time_s - self._recent[0][0] > (_MEDIAN_S if is_seen else _FORGET_S):
            self._recent.popleft()
        if not is_seen:
            if not self._recent:
                self.state = replace(self.state, angle_deg=math.nan)
            return self.state
        self._recent.append((time_s, angle_deg))
        smooth = float(np.median([angle for _, angle in self._recent]))
        self.state = replace(self.state, angle_deg=smooth)
        self._low, self._high = min(self._low, smooth), max(self._high, smooth)
        if self._rests_high is None:
            self._find_rest(smooth)
        elif self._moved(smooth, up=self._rests_high == self._away):
            if self._away:
                self.state = Repetitions(self.state.count + 1, smooth, self._low, self._high)
            self._away = not self._away
            self._start_side(smooth, high=self._rests_high != self._away)
        return self.state

    def _find_rest(self, angle: float) -> None:
        """The position before the first movement is that of rest."""
        up, down = self._moved(angle, up=True), self._moved(angle, up=False)
        if up or down:
            self._rests_high, self._away = down, True
            self._start_side(angle, high=up)

    def _moved(self, angle: float, up: bool) -> bool:
        """Whether the angle has gone far enough upwards from its lowest, or downwards from its highest."""
        settings = self.settings
        if up:
            bound = -math.inf if settings.high_deg is None else settings.high_deg
            return angle >= bound and angle - self._low >= settings.min_range_deg
        bound = math.inf if settings.low_deg is None else settings.low_deg
        return angle <= bound and self._high - angle >= settings.min_range_deg

    def _start_side(self, angle: float, high: bool) -> None:
        """The angle has come to one side: the turning point there is still to be found."""
        if high:
            self._high = angle
        else:
            self._low = angle


class PeopleCounters:
    """Repetitions of everybody, by track id. Who was not seen for ten minutes starts anew, so memory stays small."""

    def __init__(self, exercises: Sequence[RepetitionSettings]) -> None:
        self._exercises = tuple(exercises)
        self._people: dict[int, tuple[float, list[RepetitionCounter]]] = {}

    def update(self, track_id: int, angles_deg: NDArray[np.float32], time_s: float) -> tuple[Repetitions, ...]:
        """The state of each exercise after the (A,) angles of `app.angles` at a time that never decreases."""
        _, counters = self._people.get(track_id, (0.0, []))
        if not counters:
            counters = [RepetitionCounter(exercise) for exercise in self._exercises]
            self._people = {k: v for k, v in self._people.items() if time_s - v[0] <= FORGET_PEOPLE_S}
        self._people[track_id] = (time_s, counters)
        return tuple(c.update(angle_of(c.settings.angle, angles_deg), time_s) for c in counters)
