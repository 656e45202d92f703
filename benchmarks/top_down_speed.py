"""Milliseconds per crop of a top-down network in every engine, at several batch sizes, in one run.

    python -m benchmarks.top_down_speed --arch lite-hrnet-18 --batches 1 4 8 16 --threads 1 --out RESULT.json

Weights are random: they do not change the cost. Engines take turns; each figure is the least of its rounds. On a
machine that others use too, take one thread and --cpu-time: processor time of this process does not count theirs.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np
import torch

from benchmarks.accuracy import machine
from pose.engines.select import create_engine
from pose.evaluation.report import write_json
from pose.models.architectures import CROPS
from pose.models.build import build_network
from pose.normalisation import MEAN_RGB, STD_RGB
from pose.skeleton import COCO17
from pose.tensors import PIXELS

Call = Callable[[np.ndarray], Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--arch", default="lite-hrnet-18")
    parser.add_argument("--batches", type=int, nargs="+", default=[1, 4, 8, 16])
    parser.add_argument("--height", type=int, choices=tuple(CROPS), default=256)
    parser.add_argument("--engines", nargs="+", default=["eager", "torch", "onnxruntime", "openvino", "openvino:int8"])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--cpu-time", action="store_true")
    parser.add_argument("--out", type=Path, required=True, metavar="RESULT.json")
    args = parser.parse_args()
    clock = process_time if args.cpu_time else perf_counter
    model = build_network(args.arch, COCO17.num_keypoints).eval().requires_grad_(False)
    state = {name: values.float().numpy() for name, values in model.state_dict().items()}
    calls = {name: call(name, args.arch, model, state, args.threads) for name in args.engines}
    rng = np.random.default_rng(1)
    best = {(name, batch): np.inf for batch in args.batches for name in calls}
    for batch in args.batches:
        images = rng.integers(0, 256, (batch, *CROPS[args.height], 3), np.uint8)
        for _ in range(args.rounds + 1):  # the first one prepares
            for name, run in calls.items():
                start = clock()
                run(images)
                elapsed = 1e3 * (clock() - start) / batch
                if _ > 0:
                    best[name, batch] = min(best[name, batch], elapsed)
    rows = [{"engine": name, **{str(b): round(best[name, b], 2) for b in args.batches}} for name in calls]
    settings = {"arch": args.arch, "height": args.height, "threads": args.threads, "cpu_time": args.cpu_time}
    write_json(args.out, {"machine": machine(), **settings, "ms_per_crop": rows})
    print(
        "| ms per crop at batch | "
        + " | ".join(str(b) for b in args.batches)
        + " |\n"
        + "|---" * (len(args.batches) + 1)
        + "|"
    )
    for row in rows:
        print("| " + " | ".join(str(value) for value in row.values()) + " |")


def call(name: str, arch: str, model: torch.nn.Module, state: dict[str, np.ndarray], threads: int) -> Call:
    engine, _, precision = name.partition(":")
    if engine != "eager":
        built = create_engine(
            state, arch, COCO17, engine=engine, device="cpu", precision=precision or "fp32", threads=threads
        )
        return lambda images: built.run({PIXELS: images})
    torch.set_num_threads(threads)
    mean, std = (torch.tensor(values).view(1, 3, 1, 1) for values in (MEAN_RGB, STD_RGB))

    def eager(images: np.ndarray) -> torch.Tensor:
        pixels = torch.from_numpy(images[..., ::-1].copy()).permute(0, 3, 1, 2).float() / 255
        with torch.inference_mode():
            return model((pixels - mean) / std)

    return eager


if __name__ == "__main__":
    main()
