"""Frames per second from file to table, side by side: the published inference, our pipeline, and our engine alone.

    python -m benchmarks.end_to_end CLIP.mp4 [--model NAME_OR_FILE] [--out FILE.json]

Reference: read with OpenCV, eager PyTorch fp32, the release's decoder on maps projected to the input size.
Pipeline: what `annotate --no-video` does (video decoding, network, decoding, tracking, CSV), and with the video.
Engine alone: the network on one prepared image, over and over. Contestants take turns, round by round.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np

from app.analysis.inputs import AnnotationInput
from app.analysis.job import Hooks, Job, JobOptions
from app.analysis.run import run_job
from app.models.loading import LoadedModel
from app.settings import Settings
from app.sources import open_source
from benchmarks.speed import reference_entry
from pose.estimator import PoseEstimator, load_estimator
from pose.preprocess import fit_to_network

QUIET = Hooks(lambda info, frames: None, lambda: None, lambda: None, lambda: False)


def pipeline_fps(clip: Path, estimator: PoseEstimator, video: bool, seconds: float) -> float:
    """Frames per second of `annotate` over the first `seconds` of the clip, output files included."""
    with tempfile.TemporaryDirectory() as folder, open_source(clip) as source:
        options = JobOptions(Path(folder), video=video, end_s=seconds)
        frames = sum(1 for _ in source.frames(end_s=seconds))
        start = time.perf_counter()
        job = Job(AnnotationInput(clip, clip.name, clip.stem), Settings(), options)
        outcome = run_job(job, LoadedModel(estimator), QUIET)
        elapsed = time.perf_counter() - start
    if not outcome.ok:
        raise SystemExit(outcome.sentence)
    return frames / elapsed


def reference_fps(clip: Path, estimator: PoseEstimator, frames: int) -> float:
    entry = reference_entry(estimator.spec, estimator.input_size)
    capture = cv2.VideoCapture(str(clip))
    start = time.perf_counter()
    for _ in range(frames):
        entry.run(np.asarray(capture.read()[1], np.uint8), 0.0)
    elapsed = time.perf_counter() - start
    capture.release()
    return frames / elapsed


def engine_fps(clip: Path, estimator: PoseEstimator, frames: int) -> float:
    with open_source(clip) as source:
        image = next(iter(source)).image_bgr
    canvas = fit_to_network(image.shape[:2], estimator.input_size).warp(image)[None]
    estimator.engine(canvas)
    start = time.perf_counter()
    for _ in range(frames):
        estimator.engine(canvas)
    return frames / (time.perf_counter() - start)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clip", type=Path)
    parser.add_argument("--model", default="litepose-m")
    parser.add_argument("--input-size", type=int)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2.0, help="part of the clip per round")
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()

    weights = args.model if Path(args.model).exists() else None
    engines = {
        p: load_estimator(args.model, weights=weights, engine="openvino", precision=p, input_size=args.input_size)
        for p in ("fp32", "int8", "bf16")
    }
    rates: dict[str, list[float]] = {}
    for i in range(args.rounds + 1):
        found = {"reference": reference_fps(args.clip, engines["fp32"], 6)}
        for precision, estimator in engines.items():
            found[f"engine alone {precision}"] = engine_fps(args.clip, estimator, 20)
            found[f"table {precision}"] = pipeline_fps(args.clip, estimator, False, args.seconds)
            found[f"table and video {precision}"] = pipeline_fps(args.clip, estimator, True, args.seconds)
        if i:  # the first round warms up
            for name, rate in found.items():
                rates.setdefault(name, []).append(rate)
    medians = {name: statistics.median(values) for name, values in rates.items()}
    rows = [
        {
            "path": name,
            "fps": round(rate, 2),
            "times_reference": round(rate / medians["reference"], 2),
            "of_engine": round(rate / medians[f"engine alone {name.split()[-1]}"], 3) if name != "reference" else None,
        }
        for name, rate in medians.items()
    ]
    for row in rows:
        print(" ".join(f"{key}={value}" for key, value in row.items()))
    if args.out:
        args.out.parent.mkdir(parents=True, exist_ok=True)
        content = {"model": args.model, "cpu_threads": os.cpu_count(), "rows": rows}
        args.out.write_text(json.dumps(content, indent=1) + "\n")


if __name__ == "__main__":
    main()
