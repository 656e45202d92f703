"""Identities of a finished recording, with the future known: tracklets are cut apart where it is doubtful that they
are one person, and joined anew by looks, size, place and what the tracker said, all gaps of a shot at once.

Letters: T tracklets, D numbers of a colour signature.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pose.skeleton import Skeleton
from pose.types import Poses
from tracking.appearance import SIGNATURE_SIZE, looks_distance, mean_looks
from tracking.assign import assign
from tracking.body import body_heights_px
from tracking.cost import Overlap
from tracking.recognise import looks_evidence
from tracking.types import Detections, TrackedPoses

Float64 = NDArray[np.float64]
Float32 = NDArray[np.float32]

_GAP_S = 1.0  # longer absences are decided anew; over shorter ones motion knows better
_WINDOW_S = 1.0  # looks before and after a moment are compared over so long
_CHANGED = 0.25  # a difference of looks that one person hardly shows: two people have been mixed up
_SAID = 2.0  # evidence of the tracker's own opinion
_LOG_HEIGHT_SD = 0.35
_START, _WALK = 0.5, 1.2  # heights, heights per second: how far people get while out of sight, standard deviations
_RETURN = 1.0  # odds that an end goes on in one of the beginnings that follow
_SURE = 2.0  # evidence with which joining begins; what is joined then helps to decide the rest
_HIDDEN = 0.3  # share of the smaller box from which on somebody may be hidden by whom it is shared with
_COVERED = 0.35  # share of the smaller box from which on clothes may be a neighbour's


@dataclass(frozen=True, slots=True)
class Tracklet:
    """One stretch of one track. rows: (R, 2) place of the frame and row in it, by time. looks: (D,), NaN = unknown.

    first_s, last_s: its ends; first_xy, last_xy: middle of the box there; height_px: median; said: id by the tracker.
    """

    rows: NDArray[np.intp]
    shot: int
    said: int
    first_s: float
    last_s: float
    first_xy: Float64
    last_xy: Float64
    height_px: float
    looks: Float32


def looks_of_rows(tracks: TrackedPoses, found: Detections) -> Float32:
    """Signatures (N, D) of N tracked people, taken from the detections that they were made of; NaN = unknown."""
    looks = np.full((len(tracks), SIGNATURE_SIZE), np.nan, np.float32)
    if found.appearance is None or found.appearance.shape[1:] != (SIGNATURE_SIZE,):
        return looks
    place = {pose.tobytes(): i for i, pose in enumerate(found.poses.keypoints)}
    for n, pose in enumerate(tracks.raw.keypoints):
        i = place.get(np.ascontiguousarray(pose, np.float32).tobytes())
        if i is not None:
            looks[n] = found.appearance[i]
    return looks


def stitch(
    frames: Sequence[TrackedPoses],
    times_s: Sequence[float],
    appearance: Sequence[NDArray[np.floating]],
    cuts: Sequence[bool],
    skeleton: Skeleton,
) -> list[TrackedPoses]:
    """The same rows with better ids, which count from 1 in the order of appearance.

    frames, times_s: one per frame, times ascending. appearance: per frame (N, D) signatures of its people (see
    looks_of_rows), NaN = unknown. cuts: whether another shot begins with the frame: nobody is joined over it.
    """
    rows = _Rows(frames, times_s, appearance, cuts, skeleton)
    tracklets = [part for person in rows.people() for part in rows.split(person)]
    for least in (_SURE, 0.0):
        tracklets = _joined(tracklets, least)
    tracklets.sort(key=lambda t: (t.rows[0, 0], t.said))
    ids = [frame.ids.copy() for frame in frames]
    for number, tracklet in enumerate(tracklets, start=1):
        for f, n in tracklet.rows:
            ids[f][n] = number
    return [replace(frame, ids=new)[np.argsort(new)] for frame, new in zip(frames, ids, strict=True)]


class _Rows:
    """All rows of a recording as columns, and how to cut them into tracklets."""

    def __init__(
        self,
        frames: Sequence[TrackedPoses],
        times_s: Sequence[float],
        appearance: Sequence[NDArray[np.floating]],
        cuts: Sequence[bool],
        skeleton: Skeleton,
    ) -> None:
        self.frame = np.repeat(np.arange(len(frames)), [len(f) for f in frames])
        self.row = np.concatenate([np.arange(len(f)) for f in frames] or [np.empty(0, np.intp)])
        self.time_s = np.asarray(times_s, np.float64)[self.frame]
        self.shot = np.cumsum(np.asarray(cuts, bool))[self.frame] if len(frames) else np.empty(0, np.intp)
        self.ids = np.concatenate([f.ids for f in frames] or [np.empty(0, np.int64)])
        self.looks = np.concatenate([np.empty((0, SIGNATURE_SIZE), np.float32), *appearance]).astype(np.float32)
        boxes = [f.raw.boxes_xyxy.astype(np.float64) for f in frames]
        self.middle = np.concatenate([np.empty((0, 2)), *[(b[:, :2] + b[:, 2:]) / 2 for b in boxes]])
        self.height_px = np.concatenate([np.empty(0), *[body_heights_px(f.raw.keypoints, skeleton) for f in frames]])
        for at, box in zip(np.cumsum([0, *map(len, frames)]), boxes, strict=False):
            if len(box) > 1:
                cover = Overlap(box, box).cover
                np.fill_diagonal(cover, 0.0)
                self.looks[at : at + len(box)][cover.max(axis=1) >= _COVERED] = np.nan

    def people(self) -> list[NDArray[np.intp]]:
        """Places of the rows of each id, by time."""
        order = np.argsort(self.ids, kind="stable")
        return [part for part in np.split(order, np.flatnonzero(np.diff(self.ids[order])) + 1) if len(part)]

    def split(self, person: NDArray[np.intp]) -> list[Tracklet]:
        """At cuts, at absences, and where the looks change for good."""
        apart = (np.diff(self.time_s[person]) > _GAP_S) | (np.diff(self.shot[person]) > 0)
        parts = np.split(person, np.flatnonzero(apart) + 1)
        return [self.tracklet(p) for part in parts for p in np.split(part, self._changes(part))]

    def _changes(self, part: NDArray[np.intp]) -> list[int]:
        """Where the looks of the second before differ from those of the second after as two people's do."""
        times = self.time_s[part]
        seen = np.flatnonzero(np.isfinite(self.looks[part]).any(axis=1))
        changes: list[tuple[float, int]] = []
        for i in seen[1:].tolist():
            before = seen[(seen < i) & (times[seen] >= times[i] - _WINDOW_S)]
            after = seen[(seen >= i) & (times[seen] <= times[i] + _WINDOW_S)]
            if min(len(before), len(after)) >= 3:
                one, other = (mean_looks(self.looks[part[which]]) for which in (before, after))
                difference = float(looks_distance(one[None], other[None])[0, 0])
                if difference > _CHANGED:
                    changes.append((difference, i))
        chosen: list[int] = []
        for _, i in sorted(changes, reverse=True):
            if all(abs(times[i] - times[j]) > _WINDOW_S for j in chosen):
                chosen.append(i)
        return sorted(chosen)

    def tracklet(self, part: NDArray[np.intp]) -> Tracklet:
        first, last = part[0], part[-1]
        return Tracklet(
            rows=np.stack([self.frame[part], self.row[part]], axis=1),
            shot=int(self.shot[first]),
            said=int(self.ids[first]),
            first_s=float(self.time_s[first]),
            last_s=float(self.time_s[last]),
            first_xy=self.middle[first],
            last_xy=self.middle[last],
            height_px=float(np.median(self.height_px[part])),
            looks=mean_looks(self.looks[part]),
        )


def _joined(tracklets: list[Tracklet], least: float) -> list[Tracklet]:
    """Chains of the greatest total evidence, each link with more than `least`."""
    if len(tracklets) < 2:
        return tracklets
    evidence = _evidence(tracklets)
    ends, starts = assign(np.maximum(evidence, 0.0), evidence > least)
    following = dict(zip(ends.tolist(), starts.tolist(), strict=True))
    chains = []
    for i in range(len(tracklets)):
        if i not in starts:
            chain = [i]
            while chain[-1] in following:
                chain.append(following[chain[-1]])
            chains.append(_chained([tracklets[j] for j in chain]))
    return chains


def _evidence(tracklets: list[Tracklet]) -> Float64:
    """(T, T) logarithm of the odds that each tracklet goes on in each other one; -inf where it cannot."""
    first_s, last_s, height = (np.array([getattr(t, n) for t in tracklets]) for n in ("first_s", "last_s", "height_px"))
    said, shot = (np.array([getattr(t, n) for t in tracklets]) for n in ("said", "shot"))
    looks = np.stack([t.looks for t in tracklets])
    gap = first_s[None] - last_s[:, None]
    possible = (gap > 0) & (shot[:, None] == shot[None])
    start, end = np.stack([t.first_xy for t in tracklets]), np.stack([t.last_xy for t in tracklets])
    scale = np.sqrt(height[:, None] * height[None])
    moved = np.hypot(*np.moveaxis(start[None] - end[:, None], -1, 0)) / scale / (_START + _WALK * np.maximum(gap, 0))
    size = np.log(height[:, None] / height[None]) / _LOG_HEIGHT_SD
    rivals = np.maximum(possible.sum(axis=1, keepdims=True), 1)
    difference = looks_distance(looks, looks)
    evidence = looks_evidence(difference) - 0.5 * moved**2 - 0.5 * size**2 + np.log(_RETURN / rivals)
    evidence += _SAID * (said[:, None] == said[None])
    # without looks nothing is known that the tracker did not know
    evidence = np.where(np.isfinite(difference) | (said[:, None] == said[None]), evidence, -np.inf)
    return np.where(possible, evidence, -np.inf)


def _chained(parts: list[Tracklet]) -> Tracklet:
    if len(parts) == 1:
        return parts[0]
    count = np.array([len(p.rows) for p in parts])
    return replace(
        parts[0],
        rows=np.concatenate([p.rows for p in parts]),
        said=parts[int(count.argmax())].said,
        last_s=parts[-1].last_s,
        last_xy=parts[-1].last_xy,
        height_px=float(np.average([p.height_px for p in parts], weights=count)),
        looks=mean_looks(np.stack([p.looks for p in parts]), count),
    )


def fill_gaps(
    frames: Sequence[TrackedPoses],
    times_s: Sequence[float],
    cuts: Sequence[bool],
    max_gap_s: float = 0.3,
    max_hidden_s: float = 1.0,
) -> list[TrackedPoses]:
    """People missing for up to max_gap_s within a shot get rows on the straight line between their two sights, marked
    as not observed; so do those missing for up to max_hidden_s who pass behind others all the while. Scores fade
    towards the middle of the gap. Joints that one of the sights lacks stay missing. `poses` lie between `poses`, on
    their sides, and `raw` between `raw`."""
    shots = np.cumsum(np.asarray(cuts, bool))
    last: dict[int, tuple[int, int]] = {}
    whole = list(frames)
    for f, frame in enumerate(frames):
        for n, person in enumerate(frame.ids.tolist()):
            g, m = last.get(person, (f, n))
            last[person] = (f, n)
            gap_s = times_s[f] - times_s[g]
            if f - g < 2 or gap_s > max(max_gap_s, max_hidden_s) or shots[f] != shots[g]:
                continue
            one, other = frames[g][m : m + 1], frame[n : n + 1]
            share = (np.asarray(times_s[g + 1 : f]) - times_s[g]) / gap_s
            if gap_s > max_gap_s and not _behind_others(frames[g + 1 : f], one.raw, other.raw, share):
                continue
            for h, part in enumerate(share.tolist(), start=g + 1):
                whole[h] = whole[h].joined(_between(one, other, part))
    return whole


def _behind_others(frames: Sequence[TrackedPoses], one: Poses, other: Poses, share: Float64) -> bool:
    """Whether the box on its way from one sight to the other is covered in each of the frames by somebody in it."""
    boxes = (1 - share[:, None]) * one.boxes_xyxy + share[:, None] * other.boxes_xyxy
    return all(
        Overlap(box[None], frame.raw.boxes_xyxy.astype(np.float64)).cover.max(initial=0.0) >= _HIDDEN
        for box, frame in zip(boxes, frames, strict=True)
    )


def _between(one: TrackedPoses, other: TrackedPoses, share: float) -> TrackedPoses:
    """A person not observed, so far on the way from one sight to the other."""
    faith = max(share, 1 - share)

    def mixed(a: Poses, b: Poses) -> Poses:
        points = (1 - share) * a.keypoints + share * b.keypoints
        scores = np.where(np.isfinite(points[..., 0]), faith * np.minimum(a.scores, b.scores), np.float32(0))
        return Poses(points, scores, np.float32(faith) * np.minimum(a.confidence, b.confidence))

    poses = mixed(one.poses, other.poses)
    shared = one.raw is one.poses and other.raw is other.poses
    return TrackedPoses(one.ids, poses, np.zeros(1, bool), poses if shared else mixed(one.raw, other.raw))
