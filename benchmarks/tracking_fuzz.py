"""The tracker under everything that can come: births, deaths, misses, duplicates, ghosts, joints and scores of nothing,
clocks that stand still, run backwards or skip an hour, cuts, looks that come and go.

    python -m benchmarks.tracking_fuzz [--frames 1000000] [--seed 0]

Stops with AssertionError at the first frame that breaks a promise; memory is printed on the way.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import psutil

from benchmarks.tracking_speed import FIGURE
from pose.skeleton import CROWDPOSE14
from pose.types import Poses
from tracking.appearance import SIGNATURE_SIZE
from tracking.settings import TrackerSettings
from tracking.sides import Sides
from tracking.tracker import Tracker
from tracking.types import TrackedPoses

_HOUR_S = 3600.0
_LOOK_BACK = 8


class Chaos(NamedTuple):
    """What comes with one frame. apart: nobody from before can be known any more."""

    poses: Poses
    time_s: float
    looks: np.ndarray | None
    cut: bool
    apart: bool


def chaos(seed: int, frames: int) -> Iterator[Chaos]:
    """Up to eight people who come, walk, hide and go, as a bad detector and a bad clock show them."""
    rng = np.random.default_rng(seed)
    people = np.empty((0, 5))  # x, y, speed, height, which looks
    wardrobe = rng.random((40, SIGNATURE_SIZE)).astype(np.float32)
    time_s = 0.0
    for _ in range(frames):
        people = people[rng.random(len(people)) > 0.01]
        if len(people) < 8 and rng.random() < 0.06:
            born = [rng.uniform(0, 1900), rng.uniform(200, 900), rng.normal(0, 60), rng.uniform(30, 400)]
            people = np.vstack([people, [*born, rng.integers(len(wardrobe))]])
        event = rng.random()
        step_s, apart = 0.04, False
        if event < 0.002:
            step_s, apart = _HOUR_S, True
        elif event < 0.004:
            step_s = -rng.choice([0.04, 1.0, _HOUR_S])
        elif event < 0.02:
            step_s = 0.0
        elif event < 0.022:
            step_s = rng.uniform(0, 12)
        time_s += step_s
        people[:, 0] += people[:, 2] * max(step_s, 0.0)
        people[:, 0] %= 1900
        shown = people[rng.random(len(people)) < 0.85]
        if len(shown) and rng.random() < 0.1:
            shown = np.vstack([shown, shown[rng.integers(len(shown))]])  # found twice
        if rng.random() < 0.05:
            ghost = [rng.uniform(0, 1900), rng.uniform(0, 1000), 0, rng.uniform(1, 900), rng.integers(len(wardrobe))]
            shown = np.vstack([shown, ghost])
        cut = bool(rng.random() < 0.001)
        given_s = float("nan") if rng.random() < 0.002 and not apart else time_s
        yield _frame(rng, shown, wardrobe, given_s, cut, apart)


def _frame(
    rng: np.random.Generator, shown: np.ndarray, wardrobe: np.ndarray, time_s: float, cut: bool, apart: bool
) -> Chaos:
    n, k = len(shown), len(FIGURE)
    points = shown[:, None, :2] + (FIGURE[None] + rng.normal(0, 0.01, (n, k, 2))) * shown[:, 3, None, None]
    points[rng.random((n, k)) < 0.1] = np.nan
    points[rng.random(n) < 0.01] = np.nan
    scores = np.where(np.isfinite(points[..., 0]), rng.random((n, k)), 0.0)
    scores[rng.random(n) < 0.02] = 0.0
    confidence = np.where(rng.random(n) < 0.03, 0.0, rng.random(n))
    looks = None
    if rng.random() > 0.02:
        looks = wardrobe[shown[:, 4].astype(int)] + rng.normal(0, 0.02, (n, SIGNATURE_SIZE)).astype(np.float32)
        looks[rng.random(n) < 0.2] = np.nan
    order = rng.permutation(n)
    poses = Poses(*(a.astype(np.float32)[order] for a in (points, scores, confidence)))
    return Chaos(poses, time_s, None if looks is None else looks[order], cut, apart)


class Watch:
    """A tracker whose promises are checked with every frame; keeps no more than numbers of the frames before."""

    def __init__(self, settings: TrackerSettings | None = None) -> None:
        self.tracker = Tracker(CROWDPOSE14, settings)
        self.sides = Sides(CROWDPOSE14)
        self._held: list[TrackedPoses] = []
        self.highest = 0  # id so far
        self._closed = 0  # ids up to here belong to people whom nobody can know any more

    def update(self, given: Chaos) -> TrackedPoses:
        if given.cut:
            self.tracker.forget_people()
        if given.cut or given.apart:
            self._closed = self.highest
        tracks = self.tracker.update(given.poses, given.time_s, given.looks)
        ids = tracks.ids.tolist()
        assert ids == sorted(set(ids)), "an id twice in a frame"
        assert not ids or ids[0] > self._closed, "an id of somebody who is gone"
        new = [i for i in ids if i > self.highest]
        assert new == list(range(self.highest + 1, self.highest + 1 + len(new))), "ids with a gap"
        self.highest = max([self.highest, *ids])
        sights = {pose.tobytes() for pose in given.poses.keypoints}
        assert all(p.tobytes() in sights for p in tracks.raw.keypoints[tracks.observed]), "a pose that nobody saw"
        assert len(self.tracker._table) <= self.tracker.settings.max_remembered + len(given.poses), (
            "too many remembered"
        )
        # what recordings do with it
        time_s = given.time_s if np.isfinite(given.time_s) else 0.0
        self.sides.add(tracks, time_s)
        self._held.append(tracks)
        if len(self._held) > _LOOK_BACK:
            mended = self.sides.take(self._held.pop(0))
            assert len(mended) == len(mended.poses)
        return tracks


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--frames", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    watch, process, people = Watch(), psutil.Process(), 0
    start_s = time.process_time()
    for n, given in enumerate(chaos(args.seed, args.frames), start=1):
        people += len(watch.update(given))
        if n % max(args.frames // 10, 1) == 0:
            spent_s = time.process_time() - start_s
            memory = process.memory_info().rss / 2**20
            print(
                f"{n} frames, {people} rows, {watch.highest} ids, {memory:.1f} MiB, {spent_s:.0f} s of CPU", flush=True
            )


if __name__ == "__main__":
    main()
