"""How quick networks are on this device, at every precision, one image and many at a time, eager and compiled."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from pose.engines.torch_engine import TorchEngine
from pose.errors import EngineError
from pose.skeleton import Skeleton
from pose.training.kit.measure import held_out_ap
from pose.training.kit.pack import Pack
from pose.weights.checkpoint import State

_REPEATS = 20
_SAMPLE = 40  # photos for the accuracy of a precision


def measure_speed(
    networks: dict[str, State],
    pack: Pack,
    skeleton: Skeleton,
    sizes: tuple[int, ...],
    batches: tuple[int, ...],
    seconds: float,
    tell: Callable[[str], None],
) -> list[dict[str, Any]]:
    """Frames a second through the torch engine, uint8 images in, maps out, as many rows as fit into the time.

    networks: architecture → tensors. A row of batch 1, eager, also has the AP on a sample of the held-out photos.
    """
    device = "cuda" if torch.cuda.is_available() else "cpu"
    until = time.monotonic() + seconds
    rows = []
    plans = [
        (compiled, precision, arch, size, batch)
        for compiled in (False, True)
        for precision in ("fp16", "bf16", "fp32")
        for arch in networks
        for size in sizes
        for batch in batches
    ]
    for compiled, precision, arch, size, batch in plans:
        if time.monotonic() > until:
            tell("no time is left for the other rows")
            break
        try:
            engine = TorchEngine(networks[arch], arch, skeleton.num_keypoints, device=device, precision=precision)
        except EngineError:
            continue  # no fp16 on a CPU
        if compiled:
            engine._model = torch.compile(engine._model)
        row: dict[str, Any] = {
            "arch": arch, "size": size, "batch": batch, "precision": precision, "compiled": compiled, "device": device,
        }  # fmt: skip
        try:
            row |= _timed(engine, size, batch, until)
            if batch == 1 and not compiled:
                row["AP"] = held_out_ap(engine, pack, skeleton, size, _SAMPLE)
        except (EngineError, RuntimeError) as error:
            row["failed"] = str(error).splitlines()[0]
        rows.append(row)
        tell(str(row))
    return rows


def _timed(engine: TorchEngine, size: int, batch: int, until: float) -> dict[str, float]:
    images = np.random.default_rng(0).integers(0, 255, (batch, size, size, 3), np.uint8)
    began = time.perf_counter()
    engine(images)
    first = time.perf_counter() - began
    engine(images)
    times: list[float] = []
    while len(times) < _REPEATS and (not times or time.monotonic() < until):
        began = time.perf_counter()
        engine(images)
        times.append(time.perf_counter() - began)
    return {"first_call_s": first, "ms": 1e3 * float(np.median(times)), "fps": batch / float(np.median(times))}
