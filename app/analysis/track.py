"""From stored detections to the people of each frame: track → edit → smooth → resample. No step needs an engine."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from app.analysis.detect import Seen
from app.analysis.edits import Edit, edited
from app.analysis.resample import resampled
from app.analysis.store import DetectionStore
from app.settings import Settings, Smoothing
from app.types import TrackedFrame
from pose.skeleton import Skeleton
from tracking.backfill import with_backfilled
from tracking.settings import TrackerSettings
from tracking.sides import Sides
from tracking.smoothing import smooth_tracks
from tracking.stitch import fill_gaps, looks_of_rows, stitch
from tracking.tracker import Tracker
from tracking.types import Detections

LOOK_BACK = 8  # frames held back to complete them; the tracker is sure of most people after three to six


@dataclass(frozen=True, slots=True)
class TrackChoices:
    """Everything that can be chosen anew once the detections are stored.

    slow_motion:  how many times slower than life the source plays; times become those of life.
    resample_fps: frames per second of the result; None = the source's own frames.
    edits:        applied in this order, between tracking and smoothing over the whole recording.
    offline:      identities are decided with the whole recording known, and short gaps are filled.
    single:       each frame is an image of its own (a photo), in which nobody has to prove by lasting that they exist.
    """

    tracker: TrackerSettings = field(default_factory=TrackerSettings)
    smoothing: Smoothing = "off"
    slow_motion: float = 1.0
    resample_fps: float | None = None
    edits: tuple[Edit, ...] = ()
    single: bool = False
    offline: bool = False

    @staticmethod
    def of(settings: Settings) -> TrackChoices:
        """As `annotate` understands settings: live smoothing is a matter of `smoothing` alone."""
        tracker = replace(settings.tracker, smooth=settings.smoothing == "one-euro")
        return TrackChoices(tracker, settings.smoothing, offline=settings.offline)

    @property
    def unsmoothed(self) -> TrackChoices:
        """The same people with their joints where they were found."""
        return replace(self, tracker=replace(self.tracker, smooth=False), smoothing="off")

    @property
    def needs_whole(self) -> bool:
        """Whether the first frame depends on the last."""
        return self.smoothing == "zero-phase" or self.offline


def tracked_frames(store: DetectionStore, choices: TrackChoices) -> Iterator[TrackedFrame]:
    """The people of each stored frame, in order; a few frames in memory, all of them if `choices.needs_whole`."""
    return finished(track(store.detections(), store.head.skeleton, choices), store.head.skeleton, choices)


def track(detections: Iterable[Detections], skeleton: Skeleton, choices: TrackChoices) -> Iterator[TrackedFrame]:
    """One frame for each of the detections, a few frames late, so that people have poses from the first on in which
    they were seen; offline only after the last. If `detections` raises, the frames before it still come first."""
    if choices.offline and not choices.single:
        return _stitched(detections, skeleton, choices)
    return _tracked(detections, skeleton, choices)


def _stitched(detections: Iterable[Detections], skeleton: Skeleton, choices: TrackChoices) -> Iterator[TrackedFrame]:
    kept: deque[Detections] = deque()
    frames: list[TrackedFrame] = []
    appearance: list[NDArray[np.float32]] = []
    cuts: list[bool] = []

    def passing() -> Iterator[Detections]:
        for found in detections:
            kept.append(found)
            yield found

    failure: Exception | None = None
    try:
        for frame in _tracked(passing(), skeleton, choices):
            found = kept.popleft()
            frames.append(frame)
            appearance.append(looks_of_rows(frame.tracks, found))
            cuts.append(found.begins_shot)
    except Exception as error:
        failure = error
    times_s = [frame.time_s for frame in frames]
    tracks = stitch([frame.tracks for frame in frames], times_s, appearance, cuts, skeleton)
    for frame, better in zip(frames, fill_gaps(tracks, times_s, cuts), strict=True):
        yield replace(frame, tracks=better)
    if failure is not None:
        raise failure


def _tracked(detections: Iterable[Detections], skeleton: Skeleton, choices: TrackChoices) -> Iterator[TrackedFrame]:
    tracker = Tracker(skeleton, choices.tracker)
    sides = Sides(skeleton) if choices.tracker.steady_sides and not choices.single else None
    held: deque[TrackedFrame] = deque()

    def oldest() -> TrackedFrame:
        frame = held.popleft()
        return frame if sides is None else replace(frame, tracks=sides.take(frame.tracks))

    try:
        for found in detections:
            if choices.single:
                tracker.reset()
            elif found.begins_shot:
                tracker.forget_people()
            time_s = found.time_s / choices.slow_motion
            tracks = tracker.update(found.poses, time_s, found.appearance, single=choices.single)
            held.append(TrackedFrame(found.frame_index, time_s, tracks))
            if sides is not None:
                sides.add(tracks, time_s)
            for sight in tracker.earlier:
                place = len(held) - 1 - sight.frames_ago
                if place >= 0:
                    held[place] = replace(held[place], tracks=with_backfilled(held[place].tracks, sight))
            if len(held) > LOOK_BACK:
                yield oldest()
    except Exception:
        while held:
            yield oldest()
        raise
    while held:
        yield oldest()


def tracked_at_once(
    seen: Iterable[Seen], skeleton: Skeleton, choices: TrackChoices
) -> Iterator[tuple[TrackedFrame, Seen]]:
    """Frames tracked while they are detected, each with what it comes from; not for choices that need the whole."""
    waiting: deque[Seen] = deque()

    def detections() -> Iterator[Detections]:
        for one in seen:
            waiting.append(one)
            yield one.detections

    for frame in finished(track(detections(), skeleton, choices), skeleton, choices):
        yield frame, waiting.popleft()


def finished(frames: Iterable[TrackedFrame], skeleton: Skeleton, choices: TrackChoices) -> Iterator[TrackedFrame]:
    """Tracked frames after edits and the smoothing that needs all of them, in the source's own frames."""
    frames = (edited(frame, choices.edits, skeleton) for frame in frames) if choices.edits else frames
    if choices.smoothing != "zero-phase":
        yield from frames
        return
    kept = list(frames)
    smoothed = smooth_tracks([frame.tracks for frame in kept], [frame.time_s for frame in kept])
    for frame, tracks in zip(kept, smoothed, strict=True):
        yield replace(frame, tracks=tracks)


def as_exported(frames: Iterable[TrackedFrame], choices: TrackChoices) -> Iterator[TrackedFrame]:
    """Finished frames as files get them: at the rate that was asked for."""
    return iter(frames) if choices.resample_fps is None else resampled(frames, choices.resample_fps)
