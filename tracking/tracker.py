"""The life of tracks: match, correct, begin, recognise, confirm, forget."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pose.skeleton import Skeleton
from pose.types import Poses
from tracking.appearance import SIGNATURE_SIZE
from tracking.backfill import BackfilledDetection
from tracking.body import body_heights_px, sureness
from tracking.clock import FrameClock
from tracking.cost import Bodies, Overlap
from tracking.duplicates import coincidence, suppress_duplicates
from tracking.match import Found, match
from tracking.recognise import Verdict, recognise
from tracking.settings import TrackerSettings
from tracking.smoothing import OneEuro
from tracking.track_table import TrackTable
from tracking.types import TrackedPoses

Float64 = NDArray[np.float64]
Indices = NDArray[np.intp]
Bool = NDArray[np.bool_]

# Sights kept of a person without an id; whoever waits longer begins with the latest of them.
_MAX_SIGHTS = 32


class _Sight(NamedTuple):
    """A pose (K, 2), (K,) as it was found in one frame, counted from the tracker's first."""

    frame: int
    keypoints: NDArray[np.float32]
    scores: NDArray[np.float32]
    confidence: float


class Tracker:
    """Gives people identities, frame after frame. Holds all its state itself: trackers are independent.

    Ids count from 1 in the order of confirmation, from left to right within a frame, without gaps; none is given to
    another person before `reset`. Somebody who is found again after a gap has the id from before.
    """

    def __init__(self, skeleton: Skeleton, settings: TrackerSettings | None = None) -> None:
        self.skeleton = skeleton
        self._settings = settings or TrackerSettings()
        self.reset()

    @property
    def settings(self) -> TrackerSettings:
        """May be replaced at any time: who was known stays known."""
        return self._settings

    @settings.setter
    def settings(self, settings: TrackerSettings) -> None:
        self._settings = self._table.settings = settings
        self._smoothers.clear()

    def reset(self) -> None:
        """Begin anew, as for another source: nobody is known, ids start from 1."""
        self._last_id = 0
        self.forget_people()

    def forget_people(self) -> None:
        """Go on elsewhere, as after a jump or a cut in the same source: nobody is known, but no id is used again."""
        self._table = TrackTable(self.skeleton.num_keypoints, self.settings)
        self._clock = FrameClock()
        self._frame = 0
        self._sights: dict[int, deque[_Sight]] = {}
        self._smoothers: dict[int, OneEuro] = {}
        self._earlier: list[BackfilledDetection] = []

    @property
    def earlier(self) -> tuple[BackfilledDetection, ...]:
        """Sights, in frames before the last one, of the people who got their id in the last one."""
        return tuple(self._earlier)

    def update(
        self,
        poses: Poses,
        time_s: float,
        appearance: NDArray[np.floating] | None = None,
        *,
        single: bool = False,
    ) -> TrackedPoses:
        """The people of one frame with their identities.

        time_s:     presentation time. If it is equal to or before the last one, or no number, no time has passed.
        appearance: (N, D) colour signatures of the poses (appearance.colour_signatures), NaN = unknown. Without it,
                    or with another D (of an earlier version), nobody is recognised by looks.
        single:     no other frame will follow, so nobody has to prove by lasting that they are there.
        Raises ValueError if the poses do not have the skeleton's number of keypoints, or the looks do not fit them.
        """
        if poses.keypoints.shape[1] != self.skeleton.num_keypoints:
            raise ValueError(
                f"poses of {self.skeleton.num_keypoints} keypoints expected, got {poses.keypoints.shape[1]}"
            )
        if appearance is not None and len(appearance) != len(poses):
            raise ValueError(f"looks of {len(poses)} people expected, got {len(appearance)}")
        self._frame += 1
        self._earlier = []
        self._advance(time_s)
        found = self._usable(poses, appearance)
        owner = self._match(found)
        self._forget_unconfirmed(owner)
        owner = self._begin(found, owner)
        self._confirm(found, owner, single)
        return self._emit(found, owner)

    def _advance(self, time_s: float) -> None:
        dt_s, pause_s = self._clock.advance(time_s)
        self._table.advance(dt_s, pause_s)
        rows = self._table.rows
        known = np.isfinite(rows["looks"][:, ::_PART]).any(axis=1) & (rows["id"] > 0)
        patience = np.where(known, max(self.settings.memory_s, self.settings.max_age_s), self.settings.max_age_s)
        self._keep(rows["missed_s"] <= patience)
        if len(self._table) > self.settings.max_remembered:
            oldest = np.sort(self._table.rows["unseen_s"])[self.settings.max_remembered]
            self._keep((self._table.rows["unseen_s"] < oldest) | (self._table.rows["missed_s"] == 0))

    def _keep(self, wanted: Bool) -> None:
        """Forget the other tracks and all that is known of them."""
        if wanted.all():
            return
        for serial in self._table.rows["serial"][~wanted].tolist():
            self._sights.pop(serial, None)
            self._smoothers.pop(serial, None)
        self._table.keep(wanted)

    def _usable(self, poses: Poses, looks: NDArray[np.floating] | None) -> Found:
        """Without weak and empty poses and duplicates, in an order that does not depend on theirs."""
        looked = looks is not None and looks.shape[1:] == (SIGNATURE_SIZE,)
        if looks is None or not looked:
            looks = np.full((len(poses), SIGNATURE_SIZE), np.nan, np.float32)
        index = np.flatnonzero((poses.confidence >= self.settings.track_low_thr) & poses.visible.any(axis=1))
        corner = np.fmin.reduce(poses.keypoints[index], axis=1, initial=np.inf)  # every pose has a joint
        index = index[np.lexsort((poses.confidence[index], corner[:, 1], corner[:, 0]))]
        heights_px = body_heights_px(poses.keypoints[index], self.skeleton)
        kept = suppress_duplicates(poses[index], self.skeleton, self.settings.duplicate_oks, heights_px)
        index, heights_px = index[kept], heights_px[kept]
        poses = poses[index]
        n, k = poses.scores.shape
        bodies = Bodies(
            poses.keypoints.astype(np.float64), poses.scores.astype(np.float64),
            heights_px, np.zeros((n, k)), np.zeros(n),
        )  # fmt: skip
        cover = Overlap(bodies.boxes_xyxy, bodies.boxes_xyxy).cover
        np.fill_diagonal(cover, 0.0)
        alone = cover.max(axis=1, initial=0.0) < _CLEAR
        # A few joints upon somebody else may be some of theirs.
        confidence = np.where(alone, sureness(poses), poses.confidence).astype(np.float64)
        strong = confidence >= self.settings.track_high_thr
        return Found(poses, bodies, looks[index].astype(np.float32), confidence, strong, alone, looked)

    def _match(self, found: Found) -> Indices:
        owner = match(self._table, found, self.skeleton, self.settings)
        self._observe(found, owner)
        return owner

    def _observe(self, found: Found, owner: Indices) -> None:
        seen = np.flatnonzero(owner >= 0)
        if not len(seen):
            return
        # What a neighbour covers shows the neighbour's clothes.
        rows = owner[seen]
        looks = found.looks[seen]
        if found.looked:
            looks[~found.alone[seen] & (self._table.rows["hits"][rows] >= 3)] = np.nan
        self._table.observe(rows, found.bodies.select(seen), found.confidence[seen], looks)
        for i in seen[self._table.rows["id"][rows] == 0].tolist():
            self._remember(found, i, int(owner[i]))

    def _remember(self, found: Found, i: int, row: int) -> None:
        """Keep a sight of a person without an id until it is clear whether this is one."""
        sights = self._sights.setdefault(int(self._table.rows["serial"][row]), deque(maxlen=_MAX_SIGHTS))
        sights.append(_Sight(self._frame, found.poses.keypoints[i], found.poses.scores[i], float(found.confidence[i])))

    def _forget_unconfirmed(self, owner: Indices) -> None:
        rows = self._table.rows
        seen = np.zeros(len(rows), bool)
        seen[owner[owner >= 0]] = True
        rows["missed_s"] = np.where(seen, 0.0, rows["unseen_s"])
        wanted = (rows["id"] > 0) | seen | (rows["missed_s"] <= self.settings.patience_s)
        if not wanted.all():
            moved = np.cumsum(wanted) - 1
            owner[owner >= 0] = moved[owner[owner >= 0]]
            self._keep(wanted)

    def _begin(self, found: Found, owner: Indices) -> Indices:
        new = np.flatnonzero(found.strong & (owner < 0))
        if len(new):
            owner[new] = self._table.begin(found.bodies.select(new), found.confidence[new], found.looks[new])
            for i in new.tolist():
                self._remember(found, i, int(owner[i]))
        return owner

    def _confirm(self, found: Found, owner: Indices, at_once: bool) -> None:
        """Ids for new tracks that are sure or lasted, unless they share their joints with a known person; those who
        were here before get theirs back."""
        rows = self._table.rows
        poses = np.flatnonzero(owner >= 0)
        poses = poses[rows["id"][owner[poses]] == 0]
        if not len(poses):
            return
        settings = self.settings
        new = rows[owner[poses]]
        lasted = (new["hits"] >= settings.min_hits) & (new["alive_s"] >= settings.confirm_s)
        lasted &= found.strong[poses] & (new["sureness"] >= settings.track_high_thr)  # or there would be no row
        ready = lasted | (new["confidence"] >= settings.new_track_thr) | at_once
        poses = poses[ready]
        if not len(poses):
            return
        share = coincidence(found.poses.keypoints, found.poses.scores, self.skeleton, found.bodies.heights_px)
        known = [int(i) for i in np.flatnonzero(owner >= 0) if rows["id"][owner[i]]]
        verdicts = self._recognise(owner[poses]) if not at_once else [Verdict(0, False)] * len(poses)
        gone = np.zeros(len(rows), bool)
        for i, verdict in zip(poses.tolist(), verdicts, strict=True):
            row = owner[i]
            if verdict.wait:
                continue
            if known and share[i, known].max() > settings.duplicate_oks / 2:
                continue
            if verdict.id:
                before = int(np.flatnonzero(rows["id"] == verdict.id)[0])
                gone[before] = True
                self._smoothers.pop(int(rows["serial"][before]), None)
                rows["looks"][row] = np.where(
                    np.isfinite(rows["looks"][before]), rows["looks"][before], rows["looks"][row]
                )
                rows["id"][before] = 0
                rows["id"][row] = verdict.id
            else:
                self._last_id += 1
                rows["id"][row] = self._last_id
            known.append(i)
            sights = self._sights.pop(int(rows["serial"][row]), ())
            self._earlier += [
                BackfilledDetection(self._frame - s.frame, int(rows["id"][row]), s.keypoints, s.scores, s.confidence)
                for s in sights
                if s.frame < self._frame
            ]
        if gone.any():
            moved = np.cumsum(~gone) - 1
            owner[owner >= 0] = moved[owner[owner >= 0]]
            self._keep(~gone)

    def _recognise(self, new: Indices) -> list[Verdict]:
        """Who of the people out of sight the new tracks are."""
        rows = self._table.rows
        lost = np.flatnonzero((rows["id"] > 0) & (rows["missed_s"] > 0))
        return recognise(rows[new], rows[lost], rows["alive_s"][new] >= self.settings.recognise_s)

    def _emit(self, found: Found, owner: Indices) -> TrackedPoses:
        rows = self._table.rows
        pose_of = np.full(len(rows), -1)
        pose_of[owner[owner >= 0]] = np.flatnonzero(owner >= 0)
        sure = (rows["sureness"] >= self.settings.track_high_thr) | (rows["confidence"] >= self.settings.new_track_thr)
        wanted = (rows["id"] > 0) & sure
        if not self.settings.emit_predicted:
            wanted &= pose_of >= 0
        else:
            wanted &= (pose_of >= 0) | (rows["unseen_s"] <= self.settings.max_age_s)
        shown = np.flatnonzero(wanted)
        shown = shown[np.argsort(rows["id"][shown])]
        if not len(shown):
            return TrackedPoses.empty(self.skeleton.num_keypoints)
        place = pose_of[shown]
        observed = place >= 0
        raw = found.poses[np.maximum(place, 0)] if len(found) else None
        if not observed.all():
            faith = self._faith(rows["unseen_s"][shown])
            points = self._table.keypoints[shown]
            scores, confidence = rows["scores"][shown] * faith[:, None], rows["confidence"][shown] * faith
            if raw is not None:
                points = np.where(observed[:, None, None], raw.keypoints, points)
                scores = np.where(observed[:, None], raw.scores, scores)
                confidence = np.where(observed, raw.confidence, confidence)
            raw = Poses(points.astype(np.float32), scores.astype(np.float32), confidence.astype(np.float32))
        assert raw is not None
        smoothed = self._smooth(raw, shown, observed) if self.settings.smooth else raw
        return TrackedPoses(rows["id"][shown], smoothed, observed, raw)

    def _smooth(self, raw: Poses, shown: Indices, observed: Bool) -> Poses:
        keypoints = raw.keypoints.copy()
        for n, row in enumerate(self._table.rows[shown]):
            if observed[n]:
                smoother = self._smoothers.get(int(row["serial"]))
                if smoother is None:
                    smoother = OneEuro(len(keypoints[n]), self.settings.smooth_cutoff_hz, self.settings.smooth_beta)
                    self._smoothers[int(row["serial"])] = smoother
                keypoints[n] = smoother(keypoints[n].astype(np.float64), float(row["alive_s"]), float(row["height_px"]))
        return Poses(keypoints, raw.scores, raw.confidence)

    def _faith(self, unseen_s: Float64) -> Float64:
        """Scores of predicted poses fade to nothing until the track is forgotten."""
        return np.maximum(1.0 - unseen_s / max(self.settings.max_age_s, 1e-9), 0.0)


_PART = SIGNATURE_SIZE // 2  # the first number of a part tells whether it is known
_CLEAR = 0.35  # covered by less than this share of the smaller box, clothes are one's own
