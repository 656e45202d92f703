"""Which pose is whose: the stages of matching in one frame. Letters: N tracks, M poses, D numbers of a signature."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pose.skeleton import Skeleton
from pose.types import Poses
from tracking.appearance import looks_distance
from tracking.assign import assign
from tracking.cost import Bodies, Overlap, affinity, leaps
from tracking.settings import TrackerSettings
from tracking.track_table import TrackTable

Float64 = NDArray[np.float64]
Indices = NDArray[np.intp]
Bool = NDArray[np.bool_]

_DOUBT = 0.5  # weak poses, and tracks that are not confirmed, count so much
_TWIN = 0.03  # people whose looks differ by so little more are as likely
_UNKNOWN_LOOKS = 0.8  # what looks say where they are unknown, between the same and another's


@dataclass(frozen=True, slots=True)
class Found:
    """The M usable poses of a frame. confidence, strong: (M,); looks: (M, D), NaN = unknown; bodies: for the cost.
    alone: (M,) whether little of the person is covered by another; looked: whether any looks are known."""

    poses: Poses
    bodies: Bodies
    looks: NDArray[np.float32]
    confidence: Float64
    strong: Bool
    alone: Bool
    looked: bool

    def __len__(self) -> int:
        return len(self.poses)


def match(table: TrackTable, found: Found, skeleton: Skeleton, settings: TrackerSettings) -> Indices:
    """The row of the track that each pose is (M,), -1 = nobody's.

    All choose at once: a weak pose in its place keeps its own track from taking a neighbour's sure one, and the track
    of somebody new keeps the pose from being taken for the neighbour. Who was out of sight is only matched where no
    other who is looks as much like the pose; recognition, which weighs all evidence, decides otherwise.
    """
    owner = np.full(len(found), -1)
    if not len(table) or not len(found):
        return owner
    rows = table.rows
    tracks = table.bodies()
    fit = affinity(tracks, found.bodies, skeleton, settings)
    looks = looks_distance(rows["looks"], found.looks)
    known = np.isfinite(looks)
    alike = np.where(known, np.exp(-0.5 * (looks / settings.looks_sd) ** 2), _UNKNOWN_LOOKS)
    looks = np.where(known, looks, settings.looks_same)  # neither recognised nor refused
    confirmed = (rows["id"] > 0)[:, None]
    seen = (rows["missed_s"] == 0)[:, None]
    fresh = (rows["missed_s"] <= settings.confirm_s)[:, None]
    present = (rows["missed_s"] <= settings.max_age_s)[:, None]
    recent = seen | (rows["unseen_s"] <= settings.last_sight_s)[:, None]
    similarity = fit.similarity * alike
    strong = found.strong[None]

    possible = fit.allowed & present & (looks <= np.where(seen, settings.looks_never, settings.looks_lost))
    possible &= fresh | fit.overlaps | (looks < settings.looks_same)
    away = confirmed & ~fresh
    if away.sum() > 1:
        possible &= ~_has_twin(np.where(fit.allowed & known & away, looks, np.inf))
    possible &= strong | (recent & fit.same_place & (looks <= settings.looks_other))
    matched = np.zeros(len(rows), bool)

    def stage(value: Float64, allowed: Bool) -> None:
        free = allowed & (owner < 0) & ~matched[:, None]
        if free.any():
            which, columns = assign(value, free)
            owner[columns] = which
            matched[which] = True

    doubt = np.where(strong, 1.0, _DOUBT) * np.where(confirmed, 1.0, _DOUBT)
    stage(similarity * doubt, possible)
    if not matched.all() and bool((owner < 0).any()):
        iou = Overlap(rows["box_xyxy"], found.bodies.boxes_xyxy).iou
        stayed = recent & strong & (iou >= settings.last_sight_iou) & (looks <= settings.looks_other)
        stage(iou * alike * doubt, stayed)
    _match_leaps(table, found, tracks, looks, owner, skeleton, settings)
    return owner


def _has_twin(looks: NDArray[np.floating]) -> Bool:
    """Pairs (N, M) beside which another track out of sight looks as much like the pose; inf = out of the question."""
    best = np.partition(looks, 1, axis=0)[:2]
    other = np.where(looks == best[0], best[1], best[0])
    return np.isfinite(looks) & (other < looks + _TWIN)


def _match_leaps(
    table: TrackTable,
    found: Found,
    tracks: Bodies,
    looks: NDArray[np.floating],
    owner: Indices,
    skeleton: Skeleton,
    settings: TrackerSettings,
) -> None:
    """Who broke into a run, or turned on the spot at full speed, since the last frame: the same pose elsewhere."""
    rows = table.rows
    free = np.flatnonzero(found.strong & (owner < 0))
    waiting = (rows["missed_s"] == 0) & (rows["unseen_s"] > 0)
    waiting[owner[owner >= 0]] = False
    left = np.flatnonzero(waiting)
    if not len(free) or not len(left):
        return
    similarity = leaps(tracks.select(left), found.bodies.select(free), skeleton, settings)
    allowed = (similarity > 0) & (looks[np.ix_(left, free)] <= settings.looks_other)
    # Where several could have moved, only looks can tell who did.
    alone = (allowed.sum(axis=0) == 1)[None] & (allowed.sum(axis=1) == 1)[:, None]
    allowed &= alone | (looks[np.ix_(left, free)] < settings.looks_same)
    matched, columns = assign(similarity, allowed)
    owner[free[columns]] = left[matched]
