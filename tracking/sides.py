"""Left and right that stay where they are: a network that takes a person's left leg for the right one for a few frames
and back again has erred, since joints do not jump.

For each pair of joints all depends on one vector, from the right joint to the left one: what the whole body does
cancels out. Exchanging the joints turns its sign, so the sides of a person over time are a chain of signs, of which
the likeliest is found by dynamic programming (Viterbi, 1967): a jump costs what it is too far, an exchange costs for
as long as it lasts. So a short exchange is undone, and whoever turned around stays so. Both ends of an exchange must be
seen for that; without the frames that follow, more would be broken than mended (docs/experiments/sides.md).

Letters: N people, P = 6 pairs of joints, C = 4 chains: what a network takes for the other side together.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pose.skeleton import Skeleton
from pose.types import Poses
from tracking.body import body_heights_px
from tracking.types import TrackedPoses

Float64 = NDArray[np.float64]
Bool = NDArray[np.bool_]

_CHAINS = (("shoulder",), ("elbow", "wrist"), ("hip",), ("knee", "ankle"))
_LIMBS = tuple(limb for chain in _CHAINS for limb in chain)
_IN_CHAIN = np.array([[limb in chain for chain in _CHAINS] for limb in _LIMBS], np.float64)  # (P, C)
_CHAIN_OF = _IN_CHAIN.argmax(axis=1)

# Costs are logarithms of odds. Lengths in heights of the person.
_NOISE, _SPEED = 0.05, 1.0  # of the vector: standard deviation at rest, and more per second
_MOST = 4.0  # evidence of one pair in one frame: a wrong joint shall not decide
_TURN = 2.0  # of an exchange that begins or ends
_EXCHANGED_PER_S = 40.0  # of one that lasts, per chain
_LONGEST_STEP_S = 0.15  # and counts for no more from frame to frame
_START_S = 0.1  # somebody new is exchanged already: as if for so long
_GAP_S = 0.3  # joints unseen for longer say nothing


class _Frame(NamedTuple):
    """ids (N,). before: (N, 2, C), whether the likeliest past of kept / exchanged sides is exchanged. now: (N, C)."""

    ids: NDArray[np.int64]
    before: Bool
    now: Bool


class Sides:
    """Follows the sides of tracked people. `add` frames in order, `take` them back in order, some frames later."""

    def __init__(self, skeleton: Skeleton) -> None:
        self._skeleton = skeleton
        self._left, self._right = (
            np.array([skeleton.index(f"{side}_{limb}") for limb in _LIMBS]) for side in ("left", "right")
        )
        self._frames: deque[_Frame] = deque()
        p, c = len(_LIMBS), len(_CHAINS)
        self._dtype = np.dtype(
            [
                ("id", np.int64), ("time_s", np.float64), ("cost", np.float64, (2, c)),
                ("last", np.float64, (p, 2)), ("last_s", np.float64, p),
                ("older", np.float64, (p, 2)), ("older_s", np.float64, p),
            ]
        )  # fmt: skip
        self._people = np.zeros(0, self._dtype)  # sorted by id

    def add(self, tracks: TrackedPoses, time_s: float) -> None:
        """Take in the next frame. Only people observed in it count."""
        ids = tracks.ids[tracks.observed]
        poses = tracks.raw[tracks.observed]
        rows, known = self._rows(ids)
        heights = body_heights_px(poses.keypoints, self._skeleton)
        points = poses.keypoints.astype(np.float64) / heights[:, None, None]
        vectors = points[:, self._left] - points[:, self._right]
        evidence = np.where(known[:, None], self._evidence(rows, vectors, time_s), 0.0) @ _IN_CHAIN

        kept, exchanged = rows["cost"][:, 0], rows["cost"][:, 1]
        same, other = np.maximum(-evidence, 0.0), np.maximum(evidence, 0.0) + _TURN
        step_s = np.clip(time_s - rows["time_s"], 0.0, _LONGEST_STEP_S)[:, None]
        before = np.stack([exchanged + other < kept + same, exchanged + same < kept + other], axis=1)
        before[~known] = [[False], [True]]
        cost = np.stack(
            [
                np.minimum(kept + same, exchanged + other),
                np.minimum(kept + other, exchanged + same) + _EXCHANGED_PER_S * step_s,
            ],
            axis=1,
        )
        cost = np.where(known[:, None, None], cost - cost.min(axis=1, keepdims=True), rows["cost"])

        seen = np.isfinite(vectors[..., 0])
        rows["older"] = np.where(seen[..., None], rows["last"], rows["older"])
        rows["older_s"] = np.where(seen, rows["last_s"], rows["older_s"])
        rows["last"] = np.where(seen[..., None], vectors, rows["last"])
        rows["last_s"] = np.where(seen, time_s, rows["last_s"])
        rows["cost"], rows["time_s"] = cost, time_s
        absent = self._people[~np.isin(self._people["id"], ids)]
        people = np.concatenate([rows, absent[np.abs(time_s - absent["time_s"]) <= _GAP_S]])
        self._people = people[np.argsort(people["id"])]
        self._frames.append(_Frame(ids, before, cost[:, 1] < cost[:, 0]))

    def take(self, tracks: TrackedPoses) -> TrackedPoses:
        """The oldest frame that was added and not yet taken, its sides decided by it and all that was added since.

        tracks: its people, and those who were found to be in it later, whose sides nobody knows. `raw` stays as seen.
        """
        exchanged = self._oldest()
        self._frames.popleft()
        place = {int(i): n for n, i in enumerate(tracks.ids)}
        n, which = [], []
        for person, chains in exchanged.items():
            if person in place:
                n.append(place[person])
                which.append(chains[_CHAIN_OF])
        if not n:
            return tracks
        row, pair = np.nonzero(np.stack(which))
        row, left, right = np.array(n)[row], self._left[pair], self._right[pair]
        keypoints, scores = tracks.poses.keypoints.copy(), tracks.poses.scores.copy()
        for values in (keypoints, scores):
            values[row, left], values[row, right] = values[row, right], values[row, left]
        return TrackedPoses(tracks.ids, Poses(keypoints, scores, tracks.poses.confidence), tracks.observed, tracks.raw)

    def _rows(self, ids: NDArray[np.int64]) -> tuple[NDArray[np.void], Bool]:
        """What is known of these people, and of whom anything is."""
        rows = np.zeros(len(ids), self._dtype)
        rows["id"], rows["cost"][:, 1] = ids, _EXCHANGED_PER_S * _START_S + _TURN
        rows["last_s"] = rows["older_s"] = -np.inf
        place = np.minimum(np.searchsorted(self._people["id"], ids), max(len(self._people) - 1, 0))
        known = self._people["id"][place] == ids if len(self._people) else np.zeros(len(ids), bool)
        rows[known] = self._people[place[known]]
        return rows, known

    def _evidence(self, rows: NDArray[np.void], vectors: Float64, time_s: float) -> Float64:
        """(N, P) that the sides are those of the frame before, as the network named them; below 0: exchanged."""
        since_s = time_s - rows["last_s"]
        fresh = (since_s >= 0) & (since_s <= _GAP_S) & np.isfinite(vectors[..., 0])
        since_s = np.where(fresh, since_s, 0.0)
        last, older = rows["last"], rows["older"]
        variance = _NOISE**2 + (_SPEED * since_s) ** 2
        evidence = 2 * (vectors * last).sum(axis=2) / variance
        # Joints that pass each other go on as they went.
        moved = fresh & np.isfinite(rows["older_s"])
        between_s = np.where(moved, rows["last_s"], 0.0) - np.where(moved, rows["older_s"], 0.0)
        moved &= between_s <= _GAP_S
        ratio = np.where(moved, np.minimum(since_s / np.maximum(between_s, 1e-3), 1.5), 0.0)
        aligned = np.where(((older * last).sum(axis=2) >= 0)[..., None], older, -older)
        expected = last + (last - aligned) * ratio[..., None]
        steady = 2 * (vectors * expected).sum(axis=2) / variance
        evidence = np.where((evidence < 0) & moved, np.minimum(np.maximum(evidence, steady), 0.0), evidence)
        return np.where(fresh, np.clip(evidence, -_MOST, _MOST), 0.0)

    def _oldest(self) -> dict[int, Bool]:
        """Of the people of the oldest frame those with exchanged chains (C,)."""
        if not any(f.now.any() or f.before[:, 0].any() for f in self._frames):
            return {}  # which is usual
        state: dict[int, Bool] = {}
        here: dict[int, Bool] = {}
        for frame in reversed(self._frames):
            here = {}
            for n, person in enumerate(frame.ids.tolist()):
                now = state.get(person, frame.now[n])
                here[person] = now
                state[person] = np.where(now, frame.before[n, 1], frame.before[n, 0])
        return {person: chains for person, chains in here.items() if chains.any()}
