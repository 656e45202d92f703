"""8-bit convolutions: what they cost in accuracy and gain in speed, beside fp32 and bf16 in one run.

    python -m benchmarks.int8 --models litepose-m --images DIR --annotations FILE.json --joints shared \
        --out benchmarks/results/int8.json

"int8, 7-bit weights" is what CPUs without VNNI get. To see their speed too, set ONEDNN_MAX_CPU_ISA=AVX2 and take
`--precisions fp32 int8`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from pose.engines.base import Engine
from pose.engines.select import create_engine
from pose.estimator import PoseEstimator
from pose.evaluation.average_precision import ImageMatches
from pose.evaluation.bootstrap import bootstrap_difference
from pose.evaluation.coco_labels import Labels, read_labels
from pose.evaluation.evaluate import check_images, map_joints, predict, read_image, score
from pose.evaluation.report import write_json
from pose.preprocess import fit_to_network
from pose.training.start import find
from pose.weights.library import WeightsSpec, load_state

Image = NDArray[np.uint8]

WARM_UP, ROUNDS = 3, 15


def engines(spec: WeightsSpec, precisions: list[str]) -> Iterator[tuple[str, Engine]]:
    state = load_state(spec)
    for precision in precisions:
        yield precision, create_engine(state, spec.arch, spec.skeleton, engine="openvino", precision=precision)
    with patch("pose.engines.openvino_int8.sums_overflow", return_value=True):
        yield (
            "int8, 7-bit weights",
            create_engine(state, spec.arch, spec.skeleton, engine="openvino", precision="int8"),
        )


def milliseconds(candidates: dict[str, Engine], image: Image) -> dict[str, float]:
    """Medians, measured in turns so that whatever else the machine does meets all alike."""
    times: dict[str, list[float]] = {name: [] for name in candidates}
    for _ in range(WARM_UP + ROUNDS):
        for name, engine in candidates.items():
            start = perf_counter()
            engine(image[None])
            times[name].append(1e3 * (perf_counter() - start))
    return {name: float(np.median(t[WARM_UP:])) for name, t in times.items()}


def measure(
    spec: WeightsSpec, size: int, precisions: list[str], labels: Labels, images: Path, joints: str
) -> list[Any]:
    candidates = dict(engines(spec, precisions))
    first = read_image(images / labels.images[0].file_name, labels.images[0])
    times = milliseconds(candidates, fit_to_network(first.shape[:2], size).warp(first))
    mapped = map_joints(labels.skeleton, spec.skeleton, joints)
    rows: list[Any] = []
    first_matches: tuple[ImageMatches, ...] | None = None
    for name, engine in candidates.items():
        predictions = predict(PoseEstimator(spec, engine, size), labels, images)
        found = list(tqdm(predictions, total=len(labels.images), desc=f"{spec.name} {size} {name}", disable=None))
        evaluation = score(labels, found, mapped)
        first_matches = first_matches or evaluation.matches
        difference = bootstrap_difference(evaluation.matches, first_matches)
        rows.append(
            {
                "model": spec.name,
                "input_size": size,
                "precision": name,
                "AP": round(evaluation.metrics["AP"], 4),
                "difference_from_fp32": round(difference.value, 4),
                "interval_95": [round(difference.low, 4), round(difference.high, 4)],
                "network_ms": round(times[name], 1),
                "speed_over_fp32": round(times["fp32"] / times[name], 2),
            }
        )
        print(rows[-1], flush=True)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", nargs="+", default=["litepose-m"], help="names of weights, or files")
    parser.add_argument("--sizes", nargs="+", type=int, help="default: each model's own")
    parser.add_argument("--precisions", nargs="+", default=["fp32", "bf16", "int8"], help="fp32 first")
    parser.add_argument("--images", type=Path, required=True)
    parser.add_argument("--annotations", type=Path, required=True)
    parser.add_argument("--joints", choices=("all", "shared"), default="all")
    parser.add_argument("--out", type=Path, required=True, metavar="RESULT.json")
    args = parser.parse_args()
    labels = read_labels(args.annotations)
    check_images(labels, args.images)
    rows: list[Any] = []
    for name in args.models:
        spec = find(name)
        for size in args.sizes or [spec.input_size]:
            rows += measure(spec, size, args.precisions, labels, args.images, args.joints)
            write_json(args.out, {"schema": "litepose-studio-int8/1", "rows": rows})


if __name__ == "__main__":
    main()
