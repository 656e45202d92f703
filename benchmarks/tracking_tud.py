"""MOTA, IDF1 and identity switches on a clip with MOTChallenge ground truth, by py-motmetrics.

    python -m benchmarks.tracking_tud CLIP.mp4 GT.txt [--weights FILE]

Ground truth has boxes of whole bodies; poses become boxes by `body_boxes_xyxy`, as in all that the program writes.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import av
import motmetrics
import numpy as np
from numpy.typing import NDArray

from pose import load_estimator
from pose.skeleton import Skeleton
from tracking.appearance import colour_signatures
from tracking.body_boxes import body_boxes_xyxy
from tracking.metrics import FramePair, iou_matrix, score_tracking
from tracking.settings import TrackerSettings
from tracking.tracker import Tracker
from tracking.types import TrackedPoses

Float64 = NDArray[np.float64]


def read_ground_truth(path: Path, frame_count: int) -> list[tuple[NDArray[np.int64], Float64]]:
    """Per frame the ids (G,) and boxes (G, 4) of a MOTChallenge file; rows flagged 0 are left out."""
    rows = np.loadtxt(path, delimiter=",", ndmin=2)
    rows = rows[rows[:, 6] != 0]
    frames = []
    for frame in range(1, frame_count + 1):
        here = rows[rows[:, 0] == frame]
        boxes = np.concatenate([here[:, 2:4], here[:, 2:4] + here[:, 4:6]], axis=1)
        frames.append((here[:, 1].astype(np.int64), boxes))
    return frames


def track_clip(
    clip: Path, weights: Path | None, settings: TrackerSettings
) -> tuple[list[TrackedPoses], Skeleton, float]:
    """All frames, the skeleton, and the tracker's milliseconds per frame."""
    estimator = load_estimator(weights=weights)
    tracker = Tracker(estimator.skeleton, settings)
    tracks, spent_s = [], 0.0
    with av.open(str(clip)) as container:
        for frame in container.decode(video=0):
            image = np.asarray(frame.to_ndarray(format="bgr24"), np.uint8)
            poses = estimator(image)
            start = time.perf_counter()
            looks = colour_signatures(image, poses, estimator.skeleton)
            tracks.append(tracker.update(poses, frame.time, looks))
            spent_s += time.perf_counter() - start
    return tracks, estimator.skeleton, 1e3 * spent_s / max(len(tracks), 1)


def report(
    tracks: list[TrackedPoses], truth: list[tuple[NDArray[np.int64], Float64]], skeleton: Skeleton, least_iou: float
) -> str:
    """Both scorers, one line each."""
    pairs = [
        FramePair(ids, t.ids, iou_matrix(boxes, body_boxes_xyxy(t.poses, skeleton)))
        for (ids, boxes), t in zip(truth, tracks, strict=True)
    ]
    accumulator = motmetrics.MOTAccumulator(auto_id=True)
    for pair in pairs:
        distance = np.where(pair.similarity >= least_iou, 1 - pair.similarity, np.nan)
        accumulator.update(pair.true_ids, pair.found_ids, distance)
    names = ["mota", "idf1", "num_switches", "num_misses", "num_false_positives", "mostly_tracked", "mostly_lost"]
    theirs = motmetrics.metrics.create().compute(accumulator, metrics=names).iloc[0]
    ours = score_tracking(pairs, least_iou)
    shown = ("mota", "idf1", "switches", "hota", "deta", "assa", "motp")
    return "\n".join(
        [
            "py-motmetrics  " + "  ".join(f"{n} {theirs[n]:.4g}" for n in names),
            "tracking       " + "  ".join(f"{n} {getattr(ours, n):.4g}" for n in shown),
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("clip", type=Path)
    parser.add_argument("ground_truth", type=Path)
    parser.add_argument("--weights", type=Path, default=None, help="a checkpoint; default: the model that is shipped")
    parser.add_argument("--iou", type=float, default=0.5, help="of boxes that match; docs/experiments has 0.4")
    args = parser.parse_args()
    tracks, skeleton, track_ms = track_clip(args.clip, args.weights, TrackerSettings())
    print(report(tracks, read_ground_truth(args.ground_truth, len(tracks)), skeleton, args.iou))
    identities = {i for t in tracks for i in t.ids.tolist()}
    print(f"{len(tracks)} frames, {len(identities)} identities, {track_ms:.2f} ms a frame in the tracker")


if __name__ == "__main__":
    main()
