"""Lock on one person: choose, follow, lose in an occlusion, find again by motion and pose.

Pure functions on frozen states: `lock = follow(lock, tracks, time_s)` once per frame. As long as the tracker keeps
the identity there is nothing to do. When it is gone, people who were never in the image together with the locked
person are compared with where that person would be by now and with how that person is built. After a jump in a file an
identity may come back that carried the person before: it still does.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from tracking.types import TrackedPoses

VELOCITY_MEMORY_S = 0.2  # time constant of the smoothed velocity
COAST_S = 1.0  # beyond this the last velocity says nothing about the position any more
REACH_PER_S = 1.2  # how far from the expected place, in body heights per second of absence
START_REACH = 0.6  # ... and at once
MAX_REACH = 3.0
MAX_SHAPE_DIFFERENCE = 0.45  # of log size and limb proportions


@dataclass(frozen=True, slots=True)
class Lock:
    """The person followed.

    track_id:   the identity that carries the person now or carried it last.
    visible:    False while the person is hidden or lost.
    centre_xy, velocity_xy: pixels and pixels per second, at `seen_s`.
    keypoints:  (K, 2) float32, the last pose seen.
    known_ids:  identities that were in the image together with the person since the lock began: somebody else's.
    former_ids: identities that carried the person before.
    """

    track_id: int
    seen_s: float
    visible: bool
    centre_xy: tuple[float, float]
    velocity_xy: tuple[float, float]
    keypoints: NDArray[np.float32] = field(repr=False)
    known_ids: frozenset[int] = frozenset()
    former_ids: frozenset[int] = frozenset()


def lock_on(tracks: TrackedPoses, track_id: int, time_s: float) -> Lock | None:
    """Lock on an identity of this frame; None if it is not there."""
    index = _index_of(tracks, track_id)
    if index is None:
        return None
    keypoints = tracks.poses.keypoints[index]
    return Lock(track_id, time_s, True, _centre(keypoints), (0.0, 0.0), keypoints, _others(tracks, track_id))


def largest(tracks: TrackedPoses) -> int:
    """The id of the person with the largest box, or 0."""
    if len(tracks) == 0:
        return 0
    boxes = tracks.poses.boxes_xyxy
    areas = np.nan_to_num(np.prod(boxes[:, 2:] - boxes[:, :2], axis=1), nan=-1.0)
    return int(tracks.ids[int(np.argmax(areas))])


def most_central(tracks: TrackedPoses, image_hw: tuple[int, int]) -> int:
    """The id of the person nearest to the middle of the image, or 0."""
    if len(tracks) == 0:
        return 0
    boxes = tracks.poses.boxes_xyxy
    middle = np.array([image_hw[1] / 2, image_hw[0] / 2], np.float32)
    gaps = np.linalg.norm((boxes[:, :2] + boxes[:, 2:]) / 2 - middle, axis=1)
    return int(tracks.ids[int(np.argmin(np.nan_to_num(gaps, nan=np.inf)))])


def follow(lock: Lock, tracks: TrackedPoses, time_s: float) -> Lock:
    """The lock after one more frame."""
    index = _index_of(tracks, lock.track_id)
    if index is None:
        index = next((i for i, track_id in enumerate(tracks.ids.tolist()) if track_id in lock.former_ids), None)
    if index is None:
        index = _find_again(lock, tracks, time_s)
    if index is None:
        return replace(lock, visible=False) if lock.visible else lock
    return _seen(lock, tracks, index, time_s)


def _seen(lock: Lock, tracks: TrackedPoses, index: int, time_s: float) -> Lock:
    keypoints = tracks.poses.keypoints[index]
    centre = _centre(keypoints)
    elapsed = time_s - lock.seen_s
    velocity = lock.velocity_xy
    if elapsed <= 0 or elapsed > COAST_S:  # the source was sought, or the person was away for long
        velocity = (0.0, 0.0)
    else:
        weight = 1 - float(np.exp(-elapsed / VELOCITY_MEMORY_S))
        now = (np.subtract(centre, lock.centre_xy)) / elapsed
        blended = (1 - weight) * np.asarray(velocity) + weight * now
        velocity = (float(blended[0]), float(blended[1]))
    track_id = int(tracks.ids[index])
    known, former = lock.known_ids, lock.former_ids
    if tracks.observed[index]:  # whoever comes while the position is only predicted may be the same person
        known = known | _others(tracks, track_id)
    if track_id != lock.track_id:
        former = former | {lock.track_id}
    return Lock(track_id, time_s, True, centre, velocity, keypoints, known, former - known)


def _find_again(lock: Lock, tracks: TrackedPoses, time_s: float) -> int | None:
    """Index of the newcomer who is most likely the locked person, or None."""
    absence = abs(time_s - lock.seen_s)
    coast = min(absence, COAST_S)
    # Somebody who stops behind an obstacle is as likely as somebody who walks on: half the way is the best guess.
    expected = np.asarray(lock.centre_xy) + 0.5 * coast * np.asarray(lock.velocity_xy)
    height = _size(lock.keypoints)
    reach = min(START_REACH + REACH_PER_S * absence, MAX_REACH)
    best, best_cost = None, 1.0
    for index, track_id in enumerate(tracks.ids):
        if int(track_id) in lock.known_ids:
            continue
        keypoints = tracks.poses.keypoints[index]
        distance = float(np.linalg.norm(np.asarray(_centre(keypoints)) - expected)) / max(height, 1.0)
        shape = shape_difference(lock.keypoints, keypoints)
        if distance > reach or shape > MAX_SHAPE_DIFFERENCE:
            continue
        cost = 0.6 * distance / reach + 0.4 * shape / MAX_SHAPE_DIFFERENCE
        if cost < best_cost:
            best, best_cost = index, cost
    return best


def shape_difference(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    """How differently two people are built and sized, from 0: median |log ratio| of shared joint distances.

    Distances between all pairs of joints that both (K, 2) poses show; 0 when they share fewer than three joints,
    because then nothing can be said.
    """
    shared = np.flatnonzero(np.isfinite(a[:, 0]) & np.isfinite(b[:, 0]))
    if len(shared) < 3:
        return 0.0
    pairs = np.array(list(combinations(shared, 2)), np.intp)
    lengths_a = np.linalg.norm(a[pairs[:, 0]] - a[pairs[:, 1]], axis=1)
    lengths_b = np.linalg.norm(b[pairs[:, 0]] - b[pairs[:, 1]], axis=1)
    return float(np.median(np.abs(np.log(np.maximum(lengths_a, 1.0) / np.maximum(lengths_b, 1.0)))))


def _index_of(tracks: TrackedPoses, track_id: int) -> int | None:
    found = np.flatnonzero(tracks.ids == track_id)
    return int(found[0]) if len(found) else None


def _others(tracks: TrackedPoses, track_id: int) -> frozenset[int]:
    return frozenset(tracks.ids.tolist()) - {track_id}


def _centre(keypoints: NDArray[np.float32]) -> tuple[float, float]:
    """Median of the found joints: steadier than the box when arms swing or legs are hidden."""
    found = keypoints[np.isfinite(keypoints[:, 0])]
    if len(found) == 0:
        return (np.nan, np.nan)
    x, y = np.median(found, axis=0)
    return (float(x), float(y))


def _size(keypoints: NDArray[np.float32]) -> float:
    """The longer side of the box around the found joints, pixels."""
    found = keypoints[np.isfinite(keypoints[:, 0])]
    return float(np.ptp(found, axis=0).max()) if len(found) else 0.0
