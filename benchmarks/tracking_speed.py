"""CPU milliseconds per frame of the tracker, with and without looks, for a number of synthetic people.

    python -m benchmarks.tracking_speed [--people 1 10 50] [--frames 200] [--norfair]

Everything is on one thread; `--norfair` measures that library, if it is installed, on the same boxes in the same run.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import cv2
import numpy as np

from pose.skeleton import CROWDPOSE14
from pose.types import Poses
from tracking.appearance import colour_signatures
from tracking.tracker import Tracker

FIGURE = np.array(
    [
        [0.06, 0.18], [-0.06, 0.18], [0.07, 0.37], [-0.07, 0.37], [0.07, 0.51], [-0.07, 0.51], [0.04, 0.47],
        [-0.04, 0.47], [0.04, 0.72], [-0.04, 0.72], [0.04, 0.96], [-0.04, 0.96], [0.0, 0.0], [0.0, 0.15],
    ]
)  # fmt: skip


def crowd(people: int, frames: int, seed: int = 0) -> list[Poses]:
    """Figures that walk about an image of 1920 x 1080, with jitter and a tenth of them missed."""
    rng = np.random.default_rng(seed)
    height = rng.uniform(120, 260, people)
    start, speed = rng.uniform(0, [1920, 700], (people, 2)), rng.normal(0, 60, (people, 2))
    found = []
    for i in range(frames):
        place = start + speed * (i / 30)
        points = place[:, None] + FIGURE * height[:, None, None] + rng.normal(0, 2, (people, 14, 2))
        seen = rng.random(people) > 0.1
        count = int(seen.sum())
        scores = rng.uniform(0.3, 0.9, (count, 14)).astype(np.float32)
        found.append(Poses(points[seen].astype(np.float32), scores, scores.mean(axis=1)))
    return found


def milliseconds(step: Callable[[int], object], frames: int) -> float:
    """Mean CPU time of `step`, without the first tenth."""
    warm = frames // 10
    for i in range(warm):
        step(i)
    start = time.process_time()
    for i in range(warm, frames):
        step(i)
    return 1e3 * (time.process_time() - start) / (frames - warm)


def norfair_step(found: list[Poses]) -> Callable[[int], object]:
    import norfair  # type: ignore[import-not-found]

    tracker = norfair.Tracker("iou", 0.7, hit_counter_max=60, initialization_delay=2)
    boxes = [[norfair.Detection(b.reshape(2, 2)) for b in p.boxes_xyxy.astype(float)] for p in found]
    return lambda i: tracker.update(boxes[i])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, nargs="+", default=[1, 10, 50])
    parser.add_argument("--frames", type=int, default=200)
    parser.add_argument("--norfair", action="store_true")
    args = parser.parse_args()
    cv2.setNumThreads(1)
    image = np.random.default_rng(0).integers(0, 256, (1080, 1920, 3), dtype=np.uint8)
    print("people  tracker  with looks  looks" + "  Norfair IoU" * args.norfair)
    for people in args.people:
        found = crowd(people, args.frames)
        looks = [colour_signatures(image, p, CROWDPOSE14) for p in found]
        plain, looking = Tracker(CROWDPOSE14), Tracker(CROWDPOSE14)
        cells = [
            milliseconds(lambda i, t=plain, f=found: t.update(f[i], i / 30), args.frames),
            milliseconds(lambda i, t=looking, f=found, a=looks: t.update(f[i], i / 30, a[i]), args.frames),
            milliseconds(lambda i, f=found: colour_signatures(image, f[i], CROWDPOSE14), args.frames),
        ]
        if args.norfair:
            cells.append(milliseconds(norfair_step(found), args.frames))
        print(f"{people:6d}" + "".join(f"{cell:9.2f}" for cell in cells), flush=True)


if __name__ == "__main__":
    main()
