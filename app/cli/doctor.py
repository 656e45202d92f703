"""`doctor`: what is installed, what runs where and why, and how long each stage takes here."""

from __future__ import annotations

import argparse
import contextlib
import platform
import statistics
import sys
import time
from importlib import metadata

import numpy as np
from numpy.typing import NDArray

from app.cli import OK, SOME_FAILED
from app.types import Frame
from pose.errors import PoseStudioError

PACKAGES = (
    "litepose-studio", "torch", "openvino", "onnxruntime", "onnx", "opencv-python", "av",
    "numpy", "scipy", "filterpy", "safetensors", "PyQt6", "pyqtgraph",
)  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", default="litepose-m", help="model to time (default: %(default)s)")
    parser.add_argument("--weights", help="weights file to time instead of a model name")
    parser.add_argument("--engine", default="auto", help="auto, openvino, onnxruntime or torch")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps")
    parser.add_argument("--precision", default="auto", help="auto, fp32, bf16, fp16 or int8")
    parser.add_argument("--input-size", type=int, help="network input in pixels (default: the model's own)")
    parser.add_argument("--frames", type=int, default=20, help="frames to time (default: %(default)s)")


def run(args: argparse.Namespace) -> int:
    print(f"{platform.platform()}, Python {platform.python_version()}, {_cpu_name()}")
    for package in PACKAGES:
        print(f"  {package:16} {_version(package)}")
    print(f"  {'devices':16} {', '.join(_devices())}")
    try:
        _time_pipeline(args)
    except PoseStudioError as error:
        print(f"\nproblem: {error}", file=sys.stderr)
        return SOME_FAILED
    return OK


def _time_pipeline(args: argparse.Namespace) -> None:
    from app.looks import SceneLooks
    from app.pipeline import Pipeline
    from pose.estimator import load_estimator
    from tracking.tracker import Tracker

    start = time.perf_counter()
    estimator = load_estimator(
        args.model,
        weights=args.weights,
        engine=args.engine,
        device=args.device,
        precision=args.precision,
        input_size=args.input_size,
    )
    pipeline = Pipeline(estimator, Tracker(estimator.skeleton), SceneLooks())
    image = generated_frame()
    pipeline(Frame(0, 0.0, image))
    ready_s = time.perf_counter() - start
    results = [pipeline(Frame(i, i / 30, image)) for i in range(1, max(1, args.frames) + 1)]

    engine = estimator.engine
    print(f"\nmodel    {estimator.spec.name} ({estimator.spec.arch}, {estimator.skeleton.name})")
    print(f"engine   {engine.name} on {engine.device}, {engine.precision}: {engine.reason}")
    print(f"input    {image.shape[1]}x{image.shape[0]} frame, network {estimator.input_size} px on the short side")
    print(f"ready    {ready_s:.1f} s from loading to the first result")
    for stage in ("preprocess_ms", "inference_ms", "decode_ms", "track_ms", "total_ms"):
        median = statistics.median(getattr(r.times, stage) for r in results)
        print(f"  {stage.removesuffix('_ms'):11} {median:7.1f} ms")
    total = statistics.median(r.times.total_ms for r in results)
    print(f"  {'rate':11} {1000 / total:7.1f} frames per second, {len(results[-1].tracks)} people in the test image")


def generated_frame() -> NDArray[np.uint8]:
    """(720, 1280, 3) uint8: the built-in scene if it can be drawn, so that decoding has people to find."""
    from app.scene import test_image

    return test_image()


def _version(package: str) -> str:
    for name in (package, f"{package}-headless"):  # OpenCV comes with and without windows of its own
        with contextlib.suppress(metadata.PackageNotFoundError):
            return metadata.version(name)
    return "not installed"


def _cpu_name() -> str:
    import os

    return f"{platform.processor() or platform.machine()}, {os.cpu_count()} CPU threads"


def _devices() -> list[str]:
    """Every device an engine could use."""
    from pose.privacy import switch_off_telemetry

    switch_off_telemetry()
    found = ["cpu"]
    try:
        import torch
    except ImportError:
        return found
    if torch.cuda.is_available():
        found += [f"cuda ({torch.cuda.get_device_name(i)})" for i in range(torch.cuda.device_count())]
    if torch.backends.mps.is_available():
        found.append("mps")
    return found
