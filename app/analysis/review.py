"""Doubtful moments of a tracking, worst first, from the stored tracks alone.

Each signal looks at one thing that goes with mistakes: somebody who begins or ends where nobody can come or go, two
people who touch and may have come apart as each other, a body or a joint that moves faster than bodies do, bones longer
than a body has, a stretch that was hardly seen, and cuts. Distances are in body heights and times in seconds, so frame
rate and resolution do not matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.analysis.doubt import Doubt
from app.analysis.store import DetectionStore
from app.analysis.track_table import TrackTable
from tracking.body import body_heights_px
from tracking.metrics import iou_matrix

Float64 = NDArray[np.float64]
# Chosen on rendered crowds of odd seeds (benchmarks/review_recall.py), reported on the even ones and on real clips.
_EDGE = 0.3  # heights from the border of the image: nearer, people come and go
_ENDS_S = 0.3  # so close to the ends of the video, or to a cut, people begin and end anyway
_BROKEN_S, _BROKEN_HEIGHTS = 1.5, 1.0  # so long and so far after somebody ended, a new person may be the same one
_TOUCH = 0.15  # IoU of boxes of two people who can be mistaken for each other
_APART_S = 0.3  # a contact interrupted for less is one contact
_AROUND_S = 0.4  # seconds before and after a contact that show where people were going
_UNSURE = 0.45  # least share of "exchanged" over "as they were" that makes a contact a swap candidate
_GAP_S = 0.3  # unseen for longer, a person may have come back as somebody else
_BODY_SPEED = 4.0  # heights per second; sprinters reach 5
_BODY_SLACK = 0.25  # heights: what a frame's noise moves a body
_JOINT_STEP = 0.35  # heights a joint moves there and back between frames, relative to its body
_TRUNK = ("left_shoulder", "right_shoulder", "left_hip", "right_hip")
_SURE = 0.2  # least score of joints that count
_BONE = 0.42  # heights; the longest bone of a skeleton, the trunk's side, has 0.29
_STILL, _STILL_S = 0.001, 0.5  # heights a joint moves in that time: of photos 0.0004, of people in real clips 0.04
_WEAK, _WEAK_S = 0.15, 0.5  # mean score, and for how long


def review(table: TrackTable, size: tuple[int, int], cuts: Sequence[int] = ()) -> list[Doubt]:
    """Doubtful moments, worst first.

    size: width and height of the image, pixels. cuts: frames with which another shot begins.
    """
    if not len(table.ids):
        return _cuts(cuts)
    heights = _heights(table)
    people = {person: _Path.of(table, person, heights) for person in table.people}
    doubts = [
        *_beginnings(people, table, size, cuts),
        *_swaps(people, table, heights),
        *_jumps(people, cuts),
        *_joint_jumps(people, table),
        *_mixed(people, table, heights),
        *_weak(people, table),
        *_still(people, table),
        *_cuts(cuts),
    ]
    return sorted(doubts, key=lambda d: (-d.severity, d.first, d.kind, d.people))


@dataclass(frozen=True, slots=True)
class _Path:
    """Rows of one person. frames, times_s: (T,). centres: (T, 2) and boxes: (T, 4) pixels. height: median, pixels."""

    person: int
    rows: NDArray[np.intp]
    frames: NDArray[np.int64]
    times_s: Float64
    centres: Float64
    boxes: Float64
    height: float

    @staticmethod
    def of(table: TrackTable, person: int, heights: Float64) -> _Path:
        rows = table.rows_of(person)
        observed = rows[table.observed[rows]]
        rows = observed if len(observed) else rows
        places = table.places[rows]
        return _Path(
            person,
            rows,
            table.frames[places],
            table.times_s[places],
            table.centres(rows, _TRUNK),
            table.boxes_xyxy[rows].astype(np.float64),
            float(np.median(heights[rows])),
        )

    def towards(self, time_s: float, begin: int, end: int) -> Float64:
        """(2,) where the centres of rows begin to end lead at a time: a straight line through them."""
        times, centres = self.times_s[begin:end], self.centres[begin:end]
        if len(times) < 3:
            return np.asarray(centres.mean(axis=0))
        middle = times.mean()
        spread = times - middle
        speed = (spread[:, None] * centres).sum(axis=0) / max((spread**2).sum(), 1e-9)
        return np.asarray(centres.mean(axis=0) + speed * (time_s - middle))


def _heights(table: TrackTable) -> Float64:
    return body_heights_px(table.keypoints, table.skeleton)


def _from_edge(box: Float64, size: tuple[int, int], height: float) -> float:
    """Heights between a box (4,) and the nearest border of the image, its top aside: nobody comes from above."""
    return float(min(box[0], size[0] - 1 - box[2], size[1] - 1 - box[3]) / height)


def _near_cut(time_s: float, table: TrackTable, cuts: Sequence[int]) -> bool:
    places = [table.place_of(frame) for frame in cuts]
    return any(p is not None and abs(table.times_s[p] - time_s) <= _ENDS_S for p in places)


def _beginnings(
    people: dict[int, _Path], table: TrackTable, size: tuple[int, int], cuts: Sequence[int]
) -> Iterator[Doubt]:
    """Who begins or ends in mid-image; an end and a beginning that fit together are one moment."""
    start_s, end_s = float(table.times_s[0]), float(table.times_s[-1])
    ends = [
        p
        for p in people.values()
        if p.times_s[-1] < end_s - _ENDS_S and not _near_cut(float(p.times_s[-1]), table, cuts)
    ]
    inside = {p.person for p in ends if _from_edge(p.boxes[-1], size, p.height) > _EDGE}
    explained = set()
    for p in people.values():
        time_s = float(p.times_s[0])
        if time_s <= start_s + _ENDS_S or _near_cut(time_s, table, cuts):
            continue
        before = [
            (gap, q)
            for q in ends
            if q.person != p.person and -_ENDS_S <= time_s - q.times_s[-1] <= _BROKEN_S
            if (gap := _gap(q, p, time_s)) <= _BROKEN_HEIGHTS
        ]
        away = _from_edge(p.boxes[0], size, p.height)
        if before and (away > _EDGE or min(before, key=lambda b: b[0])[1].person in inside):
            gap, q = min(before, key=lambda b: b[0])
            explained.add(q.person)
            severity = 0.95 - 0.25 * gap / _BROKEN_HEIGHTS
            yield Doubt("broken", int(q.frames[-1]), int(p.frames[0]), (q.person, p.person), severity)
        elif away > _EDGE:
            severity = 0.55 + 0.2 * min(away, 1.0)
            yield Doubt("new", int(p.frames[0]), int(p.frames[0]), (p.person,), severity)
    for p in ends:
        if p.person in inside and p.person not in explained:
            away = _from_edge(p.boxes[-1], size, p.height)
            yield Doubt("lost", int(p.frames[-1]), int(p.frames[-1]), (p.person,), 0.4 + 0.2 * min(away, 1.0))


def _gap(q: _Path, p: _Path, time_s: float) -> float:
    """Heights between where q was going and where p begins."""
    begin = int(np.searchsorted(q.times_s, q.times_s[-1] - _AROUND_S))
    height = max(q.height, p.height)
    there = q.towards(time_s, begin, len(q.times_s))
    return float(min(np.linalg.norm(there - p.centres[0]), np.linalg.norm(q.centres[-1] - p.centres[0])) / height)


def _swaps(people: dict[int, _Path], table: TrackTable, heights: Float64) -> Iterator[Doubt]:
    """Contacts after which an exchange would explain the motion about as well."""
    for (a, b), moments in _contacts(table).items():
        times = table.times_s[[place for place, _ in moments]]
        for stretch in np.split(np.arange(len(moments)), np.flatnonzero(np.diff(times) > _APART_S) + 1):
            begin_s, end_s = float(times[stretch[0]]), float(times[stretch[-1]])
            overlap = max(moments[i][1] for i in stretch)
            exchanged = _exchanged(people[a], people[b], begin_s, end_s)
            if exchanged is None or exchanged < _UNSURE:
                continue
            first, last = (int(table.frames[moments[stretch[i]][0]]) for i in (0, -1))
            severity = float(np.clip(0.25 + 0.5 * exchanged + 0.25 * overlap, 0.0, 1.0))
            yield Doubt("swap", first, last, (a, b), severity)


def _contacts(table: TrackTable) -> dict[tuple[int, int], list[tuple[int, float]]]:
    """Pairs of people whose boxes overlap: where in the table, and how much (IoU)."""
    found: dict[tuple[int, int], list[tuple[int, float]]] = {}
    boxes = table.boxes_xyxy
    for place in np.flatnonzero(np.diff(table.starts) > 1).tolist():
        rows = slice(int(table.starts[place]), int(table.starts[place + 1]))
        overlap = np.triu(iou_matrix(boxes[rows], boxes[rows]), 1)
        ids = table.ids[rows]
        for i, j in zip(*np.nonzero(overlap >= _TOUCH), strict=True):
            found.setdefault((int(ids[i]), int(ids[j])), []).append((place, float(overlap[i, j])))
    return found


def _exchanged(a: _Path, b: _Path, begin_s: float, end_s: float) -> float | None:
    """0 = they went on as they were going, 1 = as the other was going; None if one of them was not there before or
    after."""
    earlier_s, later_s = begin_s - _AROUND_S / 2, end_s + _AROUND_S / 2
    ways = []
    for p in (a, b):
        before = np.searchsorted(p.times_s, [begin_s - _AROUND_S, begin_s + 1e-9])
        after = np.searchsorted(p.times_s, [end_s - 1e-9, end_s + _AROUND_S])
        if before[0] == before[1] or after[0] == after[1]:
            return None
        # Where each part of the way leads, beyond the contact and on its own side of it.
        ways.append(
            [
                np.concatenate([p.towards(t, int(ends[0]), int(ends[1])) for t in (earlier_s, later_s)])
                for ends in (before, after)
            ]
        )
    (a_before, a_after), (b_before, b_after) = ways
    straight = float(np.linalg.norm(a_before - a_after) + np.linalg.norm(b_before - b_after))
    crossed = float(np.linalg.norm(a_before - b_after) + np.linalg.norm(b_before - a_after))
    return straight / max(straight + crossed, 1e-9)


def _jumps(people: dict[int, _Path], cuts: Sequence[int]) -> Iterator[Doubt]:
    """Steps that bodies do not make, and absences after which somebody else may have come back."""
    for p in people.values():
        step_s = np.diff(p.times_s)
        for i in range(len(step_s)):
            first, last = int(p.frames[i]), int(p.frames[i + 1])
            if any(first < cut <= last for cut in cuts):
                continue
            if step_s[i] > _GAP_S:
                begin = int(np.searchsorted(p.times_s, p.times_s[i] - _AROUND_S))
                there = p.towards(float(p.times_s[i] + min(step_s[i], 0.5)), begin, i + 1)
                off = float(np.linalg.norm(there - p.centres[i + 1])) / p.height
                severity = 0.45 + 0.3 * min(off, 1.0) + 0.15 * min(float(step_s[i]), 1.0)
                yield Doubt("gap", first, last, (p.person,), severity)
                continue
            step = float(np.linalg.norm(p.centres[i + 1] - p.centres[i])) / p.height
            excess = (step - _BODY_SLACK) / max(step_s[i] * _BODY_SPEED, 1e-6)
            if excess > 1:
                severity = 0.5 + 0.2 * (1 - 1 / excess) + 0.3 * min(step / 2, 1.0)
                yield Doubt("jump", first, last, (p.person,), severity)


def _joint_jumps(people: dict[int, _Path], table: TrackTable) -> Iterator[Doubt]:
    """A sure joint that leaves its place on the body for one frame, or for good."""
    for p in people.values():
        if len(p.rows) < 3:
            continue
        points = table.keypoints[p.rows].astype(np.float64) - p.centres[:, None]
        points[table.scores[p.rows] < _SURE] = np.nan
        gaps = np.diff(p.times_s)
        usual = np.median(gaps)
        steps = np.linalg.norm(np.diff(points, axis=0), axis=2) / p.height
        steps[gaps > 1.5 * usual] = np.nan
        steps = np.nan_to_num(steps)
        limit = max(_JOINT_STEP, 6.0 * float(usual))
        for begin, end in _stretches(steps.max(axis=1) > limit, p.times_s[1:]):
            most = steps[begin:end].max(axis=0)
            joint = table.skeleton.keypoint_names[int(most.argmax())]
            severity = min(0.15 + 0.2 * float(most.max()) / limit, 0.45)
            yield Doubt("joint", int(p.frames[begin + 1]), int(p.frames[end]), (p.person,), severity, joint)


def _mixed(people: dict[int, _Path], table: TrackTable, heights: Float64) -> Iterator[Doubt]:
    """Bones longer than bodies have, measured against the person's own usual height."""
    a, b = np.array(table.skeleton.edges).T
    for p in people.values():
        points = table.keypoints[p.rows].astype(np.float64)
        points[table.scores[p.rows] < _SURE] = np.nan
        bones = np.linalg.norm(points[:, a] - points[:, b], axis=2) / p.height
        worst = np.nan_to_num(bones).max(axis=1)
        for begin, end in _stretches(worst > _BONE, p.times_s):
            severity = min(0.2 + 0.5 * float(worst[begin:end].max() - _BONE), 0.45)
            yield Doubt("mixed", int(p.frames[begin]), int(p.frames[end - 1]), (p.person,), severity)


def _weak(people: dict[int, _Path], table: TrackTable) -> Iterator[Doubt]:
    for p in people.values():
        score = table.scores[p.rows].mean(axis=1)
        for begin, end in _stretches(score < _WEAK, p.times_s):
            if p.times_s[end - 1] - p.times_s[begin] >= _WEAK_S:
                severity = float(np.clip(0.35 * (1 - score[begin:end].mean() / _WEAK) + 0.1, 0, 0.45))
                yield Doubt("weak", int(p.frames[begin]), int(p.frames[end - 1]), (p.person,), severity)


def _still(people: dict[int, _Path], table: TrackTable) -> Iterator[Doubt]:
    """Who never moves: noise alone moves people who stand still by far more."""
    for p in people.values():
        later = np.searchsorted(p.times_s, p.times_s + _STILL_S - 1e-6)
        begins = np.flatnonzero(later < len(p.rows))
        if p.times_s[-1] - p.times_s[0] < 2 * _STILL_S or not len(begins):
            continue
        points = table.keypoints[p.rows].astype(np.float64)
        points[table.scores[p.rows] < _SURE] = np.nan
        moves = np.linalg.norm(points[later[begins]] - points[begins], axis=2) / p.height
        if np.isfinite(moves).any() and np.nanmedian(moves) < _STILL:
            yield Doubt("still", int(p.frames[0]), int(p.frames[-1]), (p.person,), 0.4)


def _stretches(flags: NDArray[np.bool_], times_s: Float64) -> Iterator[tuple[int, int]]:
    """Begin and end (exclusive) of runs of flagged rows; interruptions below _APART_S count as part of the run."""
    marked = np.flatnonzero(flags)
    if len(marked):
        for run in np.split(marked, np.flatnonzero(np.diff(times_s[marked]) > _APART_S) + 1):
            yield int(run[0]), int(run[-1]) + 1


def _cuts(cuts: Sequence[int]) -> list[Doubt]:
    return [Doubt("cut", frame, frame, (), 0.3) for frame in cuts]


def cuts_of(store: DetectionStore) -> list[int]:
    """Frames with which another shot begins."""
    return [found.frame_index for found in store.detections() if found.begins_shot]
