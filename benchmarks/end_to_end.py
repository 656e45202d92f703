"""Frames per second from file to table, side by side: the published inference, our pipeline, and our engine alone.

    python -m benchmarks.end_to_end CLIP.mp4 [--model NAME] [--precisions fp32,int8] [--movenet DIR] [--out FILE.json]

Reference: read with OpenCV, eager PyTorch fp32, the release's decoder on maps projected to the input size.
Pipeline: what `annotate --no-video` does (video decoding, network, decoding, tracking, CSV), and with the video.
Engine alone: the network on one prepared image, over and over. With --movenet DIR, which holds a `movenet.py` with
MoveNet MultiPose on OpenVINO: read with OpenCV, that network in fp32, CSV. Contestants take turns, round by round.
Besides frames per second there is the processor time of a frame, which other programs on the machine disturb less.
"""

from __future__ import annotations

import argparse
import csv
import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from app.analysis.inputs import AnnotationInput
from app.analysis.job import Hooks, Job, JobOptions
from app.analysis.run import run_job
from app.models.loading import LoadedModel
from app.settings import Settings
from app.sources import open_source
from benchmarks.movenet_peer import Network, load_movenet
from benchmarks.speed import reference_entry
from pose.engines.base import available_cores
from pose.estimator import PoseEstimator, load_estimator
from pose.preprocess import fit_to_network

QUIET = Hooks(lambda info, frames: None, lambda: None, lambda: None, lambda: False)


class Cost(NamedTuple):
    """Of one frame."""

    seconds: float
    processor_s: float


class Clock:
    """Leave the `with` block, then ask for the cost of each of so many frames."""

    def __enter__(self) -> Clock:
        self._begun = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended = time.perf_counter(), time.process_time()

    def each(self, frames: int) -> Cost:
        return Cost(*((after - before) / frames for before, after in zip(self._begun, self._ended, strict=True)))


def pipeline(clip: Path, estimator: PoseEstimator, video: bool, seconds: float) -> Cost:
    """`annotate` over the first `seconds` of the clip, output files included."""
    with tempfile.TemporaryDirectory() as folder, open_source(clip) as source:
        options = JobOptions(Path(folder), video=video, end_s=seconds)
        frames = sum(1 for _ in source.frames(end_s=seconds))
        job = Job(AnnotationInput(clip, clip.name, clip.stem), Settings(), options)
        with Clock() as clock:
            outcome = run_job(job, LoadedModel(estimator), QUIET)
    if not outcome.ok:
        raise SystemExit(outcome.sentence)
    return clock.each(frames)


def reference(clip: Path, estimator: PoseEstimator, frames: int) -> Cost:
    entry = reference_entry(estimator.spec, estimator.input_size)
    capture = cv2.VideoCapture(str(clip))
    with Clock() as clock:
        for _ in range(frames):
            entry.run(np.asarray(capture.read()[1], np.uint8), 0.0)
    capture.release()
    return clock.each(frames)


def movenet(clip: Path, network: Network, long_side: int, frames: int) -> Cost:
    """A row per person and frame: the frame's number, confidence and 17 joints."""
    capture = cv2.VideoCapture(str(clip))
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "table.csv").open("w", newline="") as file:
        table = csv.writer(file)
        with Clock() as clock:
            for number in range(frames):
                image_bgr = np.asarray(capture.read()[1], np.uint8)
                for points, scores, confidence in zip(*network(image_bgr, long_side), strict=True):
                    table.writerow([number, confidence, *np.column_stack([points, scores]).ravel().tolist()])
    capture.release()
    return clock.each(frames)


def engine(clip: Path, estimator: PoseEstimator, frames: int) -> Cost:
    with open_source(clip) as source:
        image = next(iter(source)).image_bgr
    canvas = fit_to_network(image.shape[:2], estimator.input_size).warp(image)[None]
    estimator.engine(canvas)
    with Clock() as clock:
        for _ in range(frames):
            estimator.engine(canvas)
    return clock.each(frames)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clip", type=Path)
    parser.add_argument("--model", default="litepose-m")
    parser.add_argument("--input-size", type=int)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2.0, help="part of the clip per round")
    parser.add_argument("--precisions", default="fp32,int8,bf16", type=lambda text: text.split(","))
    parser.add_argument("--reference-frames", type=int, default=6)
    parser.add_argument("--engine-frames", type=int, default=20)
    parser.add_argument("--movenet", type=Path, metavar="DIR")
    parser.add_argument(
        "--long-sides", default="320,512,768", type=lambda text: [int(side) for side in text.split(",")]
    )
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()

    weights = args.model if Path(args.model).exists() else None
    engines = {
        p: load_estimator(args.model, weights=weights, engine="openvino", precision=p, input_size=args.input_size)
        for p in args.precisions
    }
    plain = next(iter(engines.values()))
    peer = load_movenet(args.movenet / "movenet.py", available_cores()) if args.movenet else None
    costs: dict[str, list[Cost]] = {}
    for i in range(args.rounds + 1):
        found = {"reference": reference(args.clip, plain, args.reference_frames)}
        for precision, estimator in engines.items():
            found[f"engine alone {precision}"] = engine(args.clip, estimator, args.engine_frames)
            found[f"table {precision}"] = pipeline(args.clip, estimator, False, args.seconds)
            found[f"table and video {precision}"] = pipeline(args.clip, estimator, True, args.seconds)
        if peer is not None:
            for side in args.long_sides:
                found[f"MoveNet MultiPose, {side} px"] = movenet(args.clip, peer, side, args.engine_frames)
        if i:  # the first round warms up
            for name, cost in found.items():
                costs.setdefault(name, []).append(cost)
    medians = {name: Cost(*map(statistics.median, zip(*values, strict=True))) for name, values in costs.items()}
    rows = []
    for name, cost in medians.items():
        alone = medians.get(f"engine alone {name.split()[-1]}")
        rows.append(
            {
                "path": name,
                "fps": round(1 / cost.seconds, 2),
                "times_reference": round(medians["reference"].seconds / cost.seconds, 2),
                "of_engine": round(alone.seconds / cost.seconds, 3) if alone else None,
                "processor_ms": round(1e3 * cost.processor_s, 1),
                "of_engine_by_processor": round(alone.processor_s / cost.processor_s, 3) if alone else None,
            }
        )
    for row in rows:
        print(" ".join(f"{key}={value}" for key, value in row.items()))
    if args.out:
        args.out.parent.mkdir(parents=True, exist_ok=True)
        content = {"model": args.model, "cpu_threads": available_cores(), "rows": rows}
        args.out.write_text(json.dumps(content, indent=1) + "\n")


if __name__ == "__main__":
    main()
