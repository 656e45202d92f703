"""The life of tracks: match, correct, begin, confirm, forget."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from pose.skeleton import Skeleton
from pose.types import Poses
from tracking.assign import assign
from tracking.backfill import BackfilledDetection
from tracking.body import body_heights_px
from tracking.cost import affinity
from tracking.duplicates import coincidence, suppress_duplicates
from tracking.motion import TimeStep
from tracking.settings import TrackerSettings
from tracking.track import Track, as_bodies, detected_bodies
from tracking.types import TrackedPoses

Float64 = NDArray[np.float64]


class Tracker:
    """Gives people identities, frame after frame. Holds all its state itself: trackers are independent.

    Ids count from 1 in the order of confirmation, from left to right within a frame, without gaps; none is used again
    before `reset`.
    """

    def __init__(self, skeleton: Skeleton, settings: TrackerSettings | None = None) -> None:
        self.skeleton = skeleton
        self.settings = settings or TrackerSettings()
        self.reset()

    def reset(self) -> None:
        """Begin anew, as for another source: nobody is known, ids start from 1."""
        self._last_id = 0
        self.forget_people()

    def forget_people(self) -> None:
        """Go on elsewhere, as after a jump in the same source: nobody is known, but no id is used again."""
        self._tracks: list[Track] = []
        self._time_s: float | None = None
        self._frame = 0
        self._earlier: list[BackfilledDetection] = []

    @property
    def earlier(self) -> tuple[BackfilledDetection, ...]:
        """Sights, in frames before the last one, of the people who got their id in the last one."""
        return tuple(self._earlier)

    def update(self, poses: Poses, time_s: float, *, single: bool = False) -> TrackedPoses:
        """The people of one frame with their identities.

        time_s: presentation time. If it is equal to or before the last one, or no number, no time has passed.
        single: no other frame will tell more, so nobody has to prove by lasting that they are there.
        Raises ValueError if the poses do not have the skeleton's number of keypoints.
        """
        if poses.keypoints.shape[1] != self.skeleton.num_keypoints:
            raise ValueError(
                f"poses of {self.skeleton.num_keypoints} keypoints expected, got {poses.keypoints.shape[1]}"
            )
        self._frame += 1
        self._earlier = []
        self._advance(time_s)
        poses = self._usable(poses)
        heights_px = body_heights_px(poses.keypoints, self.skeleton)
        seen = self._match(poses, heights_px)
        self._forget_unconfirmed(seen)
        self._begin(poses, heights_px, seen)
        self._confirm(poses, seen, single)
        return self._emit(poses, seen)

    def _advance(self, time_s: float) -> None:
        dt_s = 0.0
        if math.isfinite(time_s):
            dt_s = max(time_s - self._time_s, 0.0) if self._time_s is not None else 0.0
            self._time_s = time_s
        # Who was unseen for too long, be it over a pause of the source, is not predicted into this frame.
        self._tracks = [t for t in self._tracks if t.time_since_update_s + dt_s <= self.settings.max_age_s]
        step = TimeStep(dt_s)
        for track in self._tracks:
            track.advance(step)

    def _usable(self, poses: Poses) -> Poses:
        """Without weak and empty poses and duplicates, in an order that does not depend on theirs."""
        poses = poses[(poses.confidence >= self.settings.track_low_thr) & poses.visible.any(axis=1)]
        centre = np.nanmean(poses.keypoints, axis=1)  # every pose has a joint
        poses = poses[np.lexsort((poses.confidence, centre[:, 1], centre[:, 0]))]
        return poses[suppress_duplicates(poses, self.skeleton, self.settings.duplicate_oks)]

    def _match(self, poses: Poses, heights_px: Float64) -> dict[Track, int]:
        """Which pose each track is seen as. Sure poses choose first, then weak ones keep tracks alive (the idea of
        ByteTrack, ECCV 2022); tracks that are not confirmed take what is left."""
        strong = poses.confidence >= self.settings.track_high_thr
        confirmed = [t for t in self._tracks if t.id]
        seen: dict[Track, int] = {}
        for tracks, usable in (
            (confirmed, strong),
            (confirmed, ~strong),
            ([t for t in self._tracks if not t.id], np.ones(len(poses), bool)),
        ):
            free = _unseen(usable, seen)
            waiting = [t for t in tracks if t not in seen]
            if not waiting or not len(free):
                continue
            bodies = as_bodies(waiting, self.skeleton.num_keypoints)
            fit = affinity(bodies, detected_bodies(poses[free], heights_px[free]), self.skeleton, self.settings)
            seen |= {waiting[r]: int(free[c]) for r, c in zip(*assign(fit.similarity, fit.allowed), strict=True)}
        for track, i in seen.items():
            points = poses.keypoints[i].astype(np.float64)
            if not track.id:
                track.remember(self._frame, poses.keypoints[i], poses.scores[i], float(poses.confidence[i]))
            track.observe(points, poses.scores[i], float(poses.confidence[i]), float(heights_px[i]))
        return seen

    def _forget_unconfirmed(self, seen: dict[Track, int]) -> None:
        self._tracks = [
            t for t in self._tracks if t.id or t in seen or t.time_since_update_s <= self.settings.confirm_s
        ]

    def _begin(self, poses: Poses, heights_px: Float64, seen: dict[Track, int]) -> None:
        for i in _unseen(poses.confidence >= self.settings.track_high_thr, seen):
            points = poses.keypoints[i].astype(np.float64)
            track = Track(points, poses.scores[i], float(poses.confidence[i]), float(heights_px[i]), self.settings)
            track.remember(self._frame, poses.keypoints[i], poses.scores[i], float(poses.confidence[i]))
            self._tracks.append(track)
            seen[track] = int(i)

    def _confirm(self, poses: Poses, seen: dict[Track, int], at_once: bool) -> None:
        """Ids for new tracks that are sure or lasted, unless they share their joints with a known person."""
        new = sorted(((i, t) for t, i in seen.items() if not t.id), key=lambda pair: pair[0])
        if not new:
            return
        share = coincidence(poses.keypoints, poses.scores, self.skeleton)
        known = [i for t, i in seen.items() if t.id]
        for i, track in new:
            lasted = track.hits >= self.settings.min_hits and track.alive_s >= self.settings.confirm_s
            if not (at_once or lasted or track.confidence >= self.settings.new_track_thr):
                continue
            if known and share[i, known].max() > self.settings.duplicate_oks / 2:
                continue
            self._last_id += 1
            track.id = self._last_id
            known.append(i)
            self._earlier += [
                BackfilledDetection(self._frame - s.frame, track.id, s.keypoints, s.scores, s.confidence)
                for s in track.forget_sights()
                if s.frame < self._frame
            ]

    def _emit(self, poses: Poses, seen: dict[Track, int]) -> TrackedPoses:
        shown = [t for t in self._tracks if t.id and (t in seen or self.settings.emit_predicted)]
        shown.sort(key=lambda t: t.id)
        if not shown:
            return TrackedPoses.empty(self.skeleton.num_keypoints)
        observed = np.array([t in seen for t in shown], bool)
        faith = np.array([1.0 if t in seen else self._faith(t) for t in shown])
        raw = Poses(
            np.stack([poses.keypoints[seen[t]] if t in seen else t.keypoints for t in shown]).astype(np.float32),
            (np.stack([poses.scores[seen[t]] if t in seen else t.scores for t in shown]) * faith[:, None]).astype(
                np.float32
            ),
            (np.array([t.confidence for t in shown]) * faith).astype(np.float32),
        )
        smoothed = raw
        if self.settings.smooth:
            calm = [t.smooth(p) if s else p for t, p, s in zip(shown, raw.keypoints, observed, strict=True)]
            smoothed = Poses(np.stack(calm).astype(np.float32), raw.scores, raw.confidence)
        return TrackedPoses(np.array([t.id for t in shown], np.int64), smoothed, observed, raw)

    def _faith(self, track: Track) -> float:
        """Scores of predicted poses fade to nothing until the track is forgotten."""
        return max(1.0 - track.time_since_update_s / self.settings.max_age_s, 0.0) if self.settings.max_age_s else 0.0


def _unseen(wanted: NDArray[np.bool_], seen: dict[Track, int]) -> NDArray[np.intp]:
    """Places of the wanted poses that are nobody's yet, ascending."""
    free = wanted.copy()
    free[list(seen.values())] = False
    return np.flatnonzero(free)
