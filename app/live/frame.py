"""What goes out: a frame's people in numbered slots, with the joints and angles that were asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.angles import ANGLE_NAMES, joint_angles
from app.live.slots import PersonSlots
from app.repetitions import PeopleCounters, Repetitions, RepetitionSettings
from app.types import FrameResult
from pose.errors import SettingsError
from pose.skeleton import Skeleton

Float32 = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class LiveSettings:
    """What every receiver gets.

    slots:       numbered places for people.
    joints:      names of the joints to send; empty = all.
    raw:         positions as found, not smoothed.
    normalised:  x and y as shares of the image's width and height (0 to 1), not pixels.
    angles:      also the joint angles in degrees.
    repetitions: exercises to count, for every slot.
    max_fps:     frames per second at most; None = every frame.
    """

    slots: int = 4
    joints: tuple[str, ...] = ()
    raw: bool = False
    normalised: bool = False
    angles: bool = False
    repetitions: tuple[RepetitionSettings, ...] = ()
    max_fps: float | None = None


@dataclass(frozen=True, slots=True)
class LiveRun:
    """What receivers may know before the first frame.

    source:        name for people, without secrets.
    width, height: of the frames, pixels; fps: nominal.
    joints, edges: names of the joints that are sent, and pairs of them that are drawn as limbs.
    angles:        names of the angles that are sent; exercises: of those that are counted.
    """

    source: str
    width: int
    height: int
    fps: float
    skeleton: str
    joints: tuple[str, ...]
    edges: tuple[tuple[str, str], ...]
    slots: int
    angles: tuple[str, ...] = ()
    exercises: tuple[str, ...] = ()
    normalised: bool = False


@dataclass(frozen=True, slots=True)
class LivePerson:
    """Who is in a slot now.

    keypoints: (J, 2) float32 and scores: (J,) float32 of the chosen joints; NaN and 0 where a joint is missing.
    angles:    (A,) float32 degrees, NaN where a joint is missing; empty unless asked for.
    observed:  False = hidden for the moment, the position is predicted.
    """

    slot: int
    track_id: int
    confidence: float
    observed: bool
    keypoints: Float32
    scores: Float32
    angles: Float32
    repetitions: tuple[Repetitions, ...] = ()


@dataclass(frozen=True, slots=True)
class LiveFrame:
    """One frame for all receivers; nobody changes it. captured_s: time.perf_counter() when the image was captured."""

    result: FrameResult
    captured_s: float
    people: tuple[LivePerson, ...]

    @property
    def index(self) -> int:
        return self.result.frame.index

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels; a camera that was opened again may have changed them."""
        height, width = self.result.frame.image_bgr.shape[:2]
        return width, height

    @property
    def time_s(self) -> float:
        return self.result.frame.time_s


class FrameMaker:
    """From a pipeline's results to frames for receivers. Call it with the results of one source as they come.

    Raises SettingsError for joints that the skeleton lacks.
    """

    def __init__(self, settings: LiveSettings, skeleton: Skeleton) -> None:
        self._settings, self._skeleton = settings, skeleton
        self.joints = settings.joints or skeleton.keypoint_names
        unknown = [name for name in self.joints if name not in skeleton.keypoint_names]
        if unknown:
            known = ", ".join(skeleton.keypoint_names)
            raise SettingsError("There is no joint {joint}; this model has {known}.", joint=unknown[0], known=known)
        self._columns = [skeleton.index(name) for name in self.joints]
        self._slots = PersonSlots(settings.slots)
        self._counters = PeopleCounters(settings.repetitions)

    def run(self, source: str, width: int, height: int, fps: float) -> LiveRun:
        """What to say of a source to the receivers."""
        names = self._skeleton.keypoint_names
        edges = ((names[a], names[b]) for a, b in self._skeleton.edges)
        return LiveRun(
            source, width, height, fps, self._skeleton.name, self.joints,
            tuple((a, b) for a, b in edges if a in self.joints and b in self.joints),
            self._settings.slots,
            ANGLE_NAMES if self._settings.angles else (),
            tuple(exercise.angle for exercise in self._settings.repetitions),
            self._settings.normalised,
        )  # fmt: skip

    def __call__(self, result: FrameResult, captured_s: float) -> LiveFrame:
        tracks, settings = result.tracks, self._settings
        poses = tracks.raw if settings.raw else tracks.poses
        slots = self._slots.update(tracks.ids, captured_s)  # the time of a file goes back where it is played again
        angles = np.empty((len(tracks), 0), np.float32)
        if settings.angles or settings.repetitions:
            angles = joint_angles(poses.keypoints, self._skeleton)[1]
        points = poses.keypoints[:, self._columns]
        if settings.normalised:
            points = np.divide(points, result.frame.image_bgr.shape[1::-1], dtype=np.float32)
        people = [
            LivePerson(
                slot=int(slots[i]),
                track_id=int(tracks.ids[i]),
                confidence=float(poses.confidence[i]),
                observed=bool(tracks.observed[i]),
                keypoints=points[i],
                scores=poses.scores[i, self._columns],
                angles=angles[i] if settings.angles else angles[i, :0],
                repetitions=self._counters.update(int(tracks.ids[i]), angles[i], captured_s)
                if settings.repetitions
                else (),
            )
            for i in np.argsort(slots, kind="stable")
            if slots[i] > 0
        ]
        return LiveFrame(result, captured_s, tuple(people))


def channel_names(run: LiveRun, parts: Sequence[str] = ("x", "y", "score")) -> tuple[str, ...]:
    """One name a number of a person: <joint>_<part> …, then <angle>_deg …, then <exercise>_count …"""
    joints = [f"{joint}_{part}" for joint in run.joints for part in parts]
    return (*joints, *(f"{angle}_deg" for angle in run.angles), *(f"{name}_count" for name in run.exercises))
