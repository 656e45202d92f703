"""Repetitions counted in rendered squats: from the truth, from the truth with noise, and from detected poses.

`python -m benchmarks.repetitions --model litepose-m --input-size 256 --fps 12.5 --out results.json`
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from app.repetitions import RepetitionCounter
from app.types import Frame
from tests.app.squats import FPS, Squats, knee_angles, variants


def counted(angles: Iterable[tuple[float, float]]) -> dict[str, Any]:
    """Of (time in seconds, degrees): the count and the mean turning points of all repetitions."""
    counter = RepetitionCounter()
    turns: list[tuple[float, float]] = []
    for time_s, angle in angles:
        state = counter.update(angle, time_s)
        if state.count > len(turns):
            turns.append((state.low_deg, state.high_deg))
    low, high = np.mean(turns, axis=0).round(1).tolist() if turns else (None, None)
    return {"count": len(turns), "low_deg": low, "high_deg": high}


def from_truth(squats: Squats, noise_px: float) -> dict[str, Any]:
    points = squats.keypoints()
    noise = np.random.default_rng(squats.seed).normal(0, noise_px, points.shape)
    return counted(zip(squats.times().tolist(), knee_angles(points + noise), strict=True))


def from_images(squats: Squats, pipeline: Any, fps: float) -> dict[str, Any]:
    """Detected and tracked; the person who is seen in most frames."""
    scene = squats.scene()
    pipeline.reset()
    seen: dict[int, list[tuple[float, float]]] = {}
    for index, time_s in enumerate(np.arange(0, squats.duration_s, 1 / fps).tolist()):
        tracks = pipeline(Frame(index, time_s, scene.frame(time_s)[0])).tracks
        for track_id, points in zip(tracks.ids.tolist(), tracks.poses.keypoints, strict=True):
            seen.setdefault(track_id, []).append((time_s, knee_angles(points[None])[0]))
    return counted(max(seen.values(), key=len)) if seen else counted([])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", help="also detect, with these weights")
    parser.add_argument("--input-size", type=int)
    parser.add_argument("--fps", type=float, default=FPS)
    parser.add_argument("--only", type=int, nargs="*", help="numbers of variants")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    pipeline = None
    if args.model:
        from app.pipeline import Pipeline
        from pose.estimator import load_estimator
        from tracking.settings import TrackerSettings
        from tracking.tracker import Tracker

        estimator = load_estimator(args.model, input_size=args.input_size)
        pipeline = Pipeline(estimator, Tracker(estimator.skeleton, TrackerSettings(smooth=True)))
    rows = []
    for squats in variants():
        if args.only and squats.seed not in args.only:
            continue
        truth = knee_angles(squats.keypoints())
        row = {
            "variant": squats.seed, "turned_deg": squats.turned_deg, "seconds_down": round(squats.down_s, 2),
            "pauses_s": [squats.pause_below_s, squats.pause_above_s], "count": squats.count,
            "lowest_deg": round(min(truth), 1), "highest_deg": round(max(truth), 1),
            "truth": from_truth(squats, 0.0), "truth_4px_noise": from_truth(squats, 4.0),
        }  # fmt: skip
        if pipeline is not None:
            row["detected"] = from_images(squats, pipeline, args.fps)
        rows.append(row)
        print(json.dumps(row), flush=True)
        kinds = [kind for kind in ("truth", "truth_4px_noise", "detected") if kind in row]
        right = {kind: sum(r[kind]["count"] == r["count"] for r in rows) for kind in kinds}
        content = {"model": args.model, "input_size": args.input_size, "fps": args.fps, "variants": len(rows)}
        args.out.write_text(json.dumps(content | {"right": right, "rows": rows}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
