"""Milliseconds per stage and frames per second, side by side in one run with the published inference.

    python -m benchmarks.speed CLIP.mp4 --out benchmarks/results/speed.json

Every frame goes through every contestant in turn, so that a busy machine is equally unkind to all of them.
Reference: eager PyTorch fp32, unfolded, and the decoder of the release with maps projected to the input size.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from app.sources import open_source
from benchmarks.reference_decoder import decode as reference_decode
from benchmarks.reference_decoder import preprocess as reference_preprocess
from benchmarks.reference_decoder import run_network, to_image
from pose.codec import DecodeSettings
from pose.engines.select import create_engine
from pose.errors import EngineError
from pose.estimator import PoseEstimator
from pose.models.litepose import build_litepose
from pose.weights.library import WeightsSpec, find_weights, inspect_checkpoint, load_state
from tracking.tracker import Tracker

CONTESTANTS = (
    ("torch", "fp32"),
    ("onnxruntime", "fp32"),
    ("openvino", "fp32"),
    ("openvino", "int8"),
    ("openvino", "bf16"),
)
STAGES = ("preprocess", "inference", "decode", "track")
StageMs = dict[str, float]


@dataclass
class Entry:
    """One model on one engine; `run(frame, time_s)` returns milliseconds per stage."""

    model: str
    name: str
    run: Callable[[NDArray[np.uint8], float], StageMs]
    samples: list[StageMs] = field(default_factory=list)

    def median(self, stage: str) -> float:
        return statistics.median(sample[stage] for sample in self.samples)

    @property
    def total(self) -> float:
        return statistics.median(sum(sample.values()) for sample in self.samples)


def reference_entry(spec: WeightsSpec, input_size: int) -> Entry:
    model = build_litepose(spec.arch, spec.skeleton.num_keypoints)
    model.load_state_dict({k: torch.from_numpy(v) for k, v in load_state(spec).items()}, strict=False)
    model.eval()
    skeleton = spec.skeleton

    def run(frame: NDArray[np.uint8], time_s: float) -> StageMs:
        marks = [time.perf_counter()]
        image, matrix = reference_preprocess(frame, input_size)
        marks.append(time.perf_counter())
        maps = run_network(model, image, skeleton.flip_index, flip=False)
        marks.append(time.perf_counter())
        to_image(reference_decode(*maps, skeleton.grouping_order), matrix)
        marks.append(time.perf_counter())
        return dict(zip(STAGES, [1e3 * (b - a) for a, b in itertools.pairwise(marks)] + [0.0], strict=True))

    return Entry(spec.name, "reference", run)


def product_entry(spec: WeightsSpec, engine: str, precision: str, input_size: int, threads: int | None) -> Entry:
    built = create_engine(
        load_state(spec), spec.arch, spec.skeleton, engine=engine, device="cpu", precision=precision, threads=threads
    )
    estimator = PoseEstimator(spec, built, input_size, settings=DecodeSettings())
    tracker = Tracker(spec.skeleton)

    def run(frame: NDArray[np.uint8], time_s: float) -> StageMs:
        poses, times = estimator.estimate(frame)
        start = time.perf_counter()
        tracker.update(poses, time_s)
        track_ms = 1e3 * (time.perf_counter() - start)
        return dict(zip(STAGES, (times.preprocess_ms, times.inference_ms, times.decode_ms, track_ms), strict=True))

    return Entry(spec.name, f"{engine} {precision}", run)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clip")
    parser.add_argument("--models", nargs="+", default=["litepose-xs", "litepose-s", "litepose-m"])
    parser.add_argument("--frames", type=int, default=30)
    parser.add_argument("--threads", type=int, help="CPU threads for every contestant (default: all)")
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    if args.threads:
        torch.set_num_threads(args.threads)

    frames = []
    with open_source(args.clip) as source:
        for frame in source:
            frames.append(frame)
            if len(frames) == args.frames + 3:
                break
    rows = []
    for model in args.models:
        spec = inspect_checkpoint(Path(model)) if Path(model).exists() else find_weights(model)
        entries = [reference_entry(spec, spec.input_size)]
        for engine, precision in CONTESTANTS:
            try:
                entries.append(product_entry(spec, engine, precision, spec.input_size, args.threads))
            except EngineError as error:
                print(f"{spec.name} {engine} {precision}: {error}")
        for i, frame in enumerate(frames):
            for entry in entries:
                sample = entry.run(frame.image_bgr, frame.time_s)
                if i >= 3:  # the first frames compile and warm up
                    entry.samples.append(sample)
        for entry in entries:
            rows.append(
                {
                    "model": entry.model,
                    "input_size": spec.input_size,
                    "engine": entry.name,
                    **{f"{stage}_ms": round(entry.median(stage), 2) for stage in STAGES},
                    "total_ms": round(entry.total, 2),
                    "fps": round(1e3 / entry.total, 1),
                    "times_reference": round(entries[0].total / entry.total, 2),
                }
            )
            print(" ".join(f"{key}={value}" for key, value in rows[-1].items()), flush=True)
    if args.out:
        args.out.parent.mkdir(parents=True, exist_ok=True)
        frame_hw = frames[0].image_bgr.shape[:2]
        machine = {"cpu_threads": args.threads or os.cpu_count(), "system": platform.platform(), "frame_hw": frame_hw}
        args.out.write_text(json.dumps({"machine": machine, "frames": args.frames, "rows": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
