"""Who counts: one person picked for the whole video, and regions of the image. Edits like all others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeGuard, get_args

import numpy as np
from numpy.typing import NDArray

from app.analysis.edits import Edit
from app.analysis.track_table import TrackTable
from app.types import TrackedFrame
from pose.errors import SettingsError
from pose.skeleton import Skeleton
from tracking.types import TrackedPoses

Rule = Literal["largest", "longest", "central"]
RULES: tuple[Rule, ...] = get_args(Rule)
Polygon = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Only(Edit):
    """Nobody else counts."""

    chosen: tuple[int, ...]

    @property
    def numbers(self) -> tuple[int, ...]:
        return self.chosen

    def apply(self, frame: TrackedFrame, skeleton: Skeleton) -> TrackedPoses:
        return frame.tracks[np.isin(frame.tracks.ids, self.chosen)]

    def with_people(self, ids: Mapping[int, int]) -> Edit:
        return replace(self, chosen=tuple(ids.get(i, i) for i in self.chosen))


@dataclass(frozen=True, slots=True, kw_only=True)
class Region(Edit):
    """People count only inside of a polygon, or only outside; where they stand decides.

    corners: pixels, at least three. inside: False = whoever stands in it does not count.
    """

    corners: Polygon
    inside: bool = True

    def __post_init__(self) -> None:
        if len(self.corners) < 3:
            raise SettingsError("A region needs at least three corners, not {count}.", count=len(self.corners))

    @property
    def numbers(self) -> tuple[int, ...]:
        return ()

    def apply(self, frame: TrackedFrame, skeleton: Skeleton) -> TrackedPoses:
        if not len(frame.tracks):
            return frame.tracks
        within = contains(np.array(self.corners, np.float64), ground_points(frame.tracks))
        return frame.tracks[within == self.inside]

    def with_people(self, ids: Mapping[int, int]) -> Edit:
        return self


def ground_points(tracks: TrackedPoses) -> NDArray[np.float64]:
    """(N, 2) where people stand: the middle of the lower side of their joints' box."""
    boxes = tracks.raw.boxes_xyxy.astype(np.float64)
    return np.stack([(boxes[:, 0] + boxes[:, 2]) / 2, boxes[:, 3]], axis=1)


def contains(corners: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.bool_]:
    """(N,) whether points (N, 2) lie in a polygon (C, 2), by the even-odd rule; False for NaN."""
    a, b = corners, np.roll(corners, -1, axis=0)
    x, y = points[:, None, 0], points[:, None, 1]
    crosses = (a[:, 1] > y) != (b[:, 1] > y)
    with np.errstate(divide="ignore", invalid="ignore"):
        at = a[:, 0] + (y - a[:, 1]) * (b[:, 0] - a[:, 0]) / (b[:, 1] - a[:, 1])
    return np.asarray((crosses & (x < at)).sum(axis=1) % 2 == 1)


def is_rule(who: str) -> TypeGuard[Rule]:
    return who in RULES


def parse_person(text: str) -> int:
    """The number of a person. Raises SettingsError."""
    if not text.isdecimal():
        raise SettingsError('"{text}" is not the number of a person.', text=text)
    return int(text)


def choose(table: TrackTable, rule: Rule, size: tuple[int, int]) -> int:
    """The person who fits the rule best over the whole video.

    largest: by the area of their boxes summed over all frames; longest: seen in most frames; central: the largest
    where each box counts the less the farther it is from the middle of the image. size: (width, height) in pixels.
    Raises SettingsError if there is nobody.
    """
    if not table.people:
        raise SettingsError("There is nobody in this video to choose.")
    boxes = np.nan_to_num(table.boxes_xyxy.astype(np.float64))
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    away = np.linalg.norm(middle / np.array(size, np.float64) - 0.5, axis=1)
    weights = {"largest": areas, "longest": np.ones(len(areas)), "central": areas * np.maximum(1 - 2 * away, 0.0)}
    seen = weights[rule] * table.observed
    totals = [float(seen[table.ids == person].sum()) for person in table.people]
    return table.people[int(np.argmax(totals))]


def parse_region(text: str, size: tuple[int, int]) -> Region:
    """Two corners of a rectangle, "X,Y,X,Y", or three corners and more; "!" before it = whoever is outside counts.

    Numbers up to 1 are shares of width and height. Raises SettingsError.
    """
    inside = not text.startswith("!")
    try:
        numbers = [float(word) for word in text.removeprefix("!").split(",")]
    except ValueError:
        numbers = []
    if len(numbers) == 4:  # two corners of a rectangle
        x0, y0, x1, y1 = numbers
        numbers = [x0, y0, x1, y0, x1, y1, x0, y1]
    if len(numbers) < 6 or len(numbers) % 2 or not np.isfinite(numbers).all():
        raise SettingsError(
            '"{text}" is not a region: give X,Y,X,Y of a rectangle or X,Y of three corners and more, with "!" '
            "before it for everything outside.",
            text=text,
        )
    points = np.array(numbers).reshape(-1, 2)
    if (points <= 1).all():
        points = points * np.array(size)
    return Region(corners=tuple((float(x), float(y)) for x, y in points), inside=inside)
