"""Accuracy and speed of several models at several input sizes, on the same labelled images, with paired differences.

    python -m benchmarks.accuracy --images DIR --annotations FILE.json --joints shared \
        --models litepose-m litepose-s official.pth --sizes 448 320 256 --flip both --out docs/accuracy/coco.json

Writes RESULT.json and RESULT.md. With several sets of photos each has its rows, and all together have theirs. Every row
is compared with the first, or with the first of its architecture, by a paired bootstrap over images. Milliseconds are
the median of a whole estimate (preprocessing, network, decoding) over all images, on the machine that ran this.
`--reference` adds rows of the published inference, transcribed in `benchmarks.reference_decoder`; `--movenet FILE.py` a
runner of MoveNet MultiPose, whose input size counts along the long side. `benchmarks.front` draws accuracy over time.
"""

from __future__ import annotations

import argparse
import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tqdm import tqdm

from benchmarks import reference_decoder
from benchmarks.movenet_peer import load_movenet
from benchmarks.readme_table import accuracy_markdown
from benchmarks.views import VIEWS
from pose.engines.base import available_cores
from pose.errors import PoseStudioError
from pose.estimator import load_estimator
from pose.evaluation.average_precision import ImageMatches, coco_metrics
from pose.evaluation.bootstrap import bootstrap_ap, bootstrap_difference
from pose.evaluation.coco_labels import Labels, read_labels
from pose.evaluation.evaluate import (
    Estimate,
    Evaluation,
    check_images,
    first_images,
    map_joints,
    read_image,
    score,
)
from pose.evaluation.report import evaluation_report, write_json
from pose.models.litepose import LitePose, build_litepose
from pose.skeleton import COCO17, Skeleton
from pose.types import Poses
from pose.weights.library import WeightsSpec, find_weights, inspect_checkpoint, load_state

SCHEMA = "litepose-studio-accuracy/2"


def main() -> None:
    args = parse_arguments()
    sets = read_sets(args)
    rows: list[dict[str, Any]] = []
    baselines: dict[tuple[str, ...], tuple[ImageMatches, ...]] = {}
    for settings, skeleton, estimate in candidates(args):
        name = f"{settings['model']} {settings['input_size']}{' flip' if settings['flip'] else ''}"
        evaluations, times_ms = {}, []
        for photos in sets:
            predictions, each_ms = predict(estimate, photos, f"{name} {photos.name}")
            times_ms += each_ms
            joints = map_joints(photos.labels.skeleton, skeleton, args.joints)
            evaluations[photos.name] = score(photos.labels, predictions, joints, args.pck)
        ms = round(median(times_ms), 1)
        for photos in [*sets, *([together(sets)] if len(sets) > 1 else [])]:
            evaluation = evaluations.get(photos.name) or pooled(list(evaluations.values()))
            row = evaluation_report(photos.labels, evaluation, settings) | {"photos": photos.name, "ms": ms}
            compared = (photos.name, *compared_with(settings, args.against))
            baseline = baselines.setdefault(compared, evaluation.matches)
            row["difference"] = difference_report(evaluation.matches, baseline)
            rows.append(row)
        report = {
            "schema": SCHEMA,
            "title": args.title,
            "machine": machine(),
            "protocol": rows[0]["protocol"],
            "rows": rows,
        }
        write_json(args.out, report)
        args.out.with_suffix(".md").write_text(accuracy_markdown(report), encoding="utf-8")
    print(accuracy_markdown(report))


@dataclass(frozen=True)
class PhotoSet:
    name: str
    folder: Path
    labels: Labels


def read_sets(args: argparse.Namespace) -> list[PhotoSet]:
    if len(args.images) != len(args.annotations):
        raise PoseStudioError("--images and --annotations need as many folders as files.")
    sets = []
    for folder, path in zip(args.images, args.annotations, strict=True):
        labels = read_labels(path)
        if args.limit is not None:
            labels = first_images(labels, args.limit)
        check_images(labels, folder)
        sets.append(PhotoSet(path.parent.name, folder, labels))
    return sets


def together(sets: list[PhotoSet]) -> PhotoSet:
    """All photos as one set, for a report."""
    labels = replace(sets[0].labels, images=tuple(image for s in sets for image in s.labels.images))
    return PhotoSet(" + ".join(s.name for s in sets), sets[0].folder, labels)


def pooled(evaluations: list[Evaluation]) -> Evaluation:
    """Of the photos of several sets with the same joints."""
    matches = tuple(match for e in evaluations for match in e.matches)
    return replace(
        evaluations[0], metrics=coco_metrics(matches), ap_spread=bootstrap_ap(matches), matches=matches, pck=None
    )


def compared_with(settings: dict[str, Any], against: str) -> tuple[str, ...]:
    """What rows have in common that are compared with the first of them."""
    return () if against == "first" else (settings["architecture"], str(settings["input_size"]), str(settings["flip"]))


def difference_report(matches: tuple[ImageMatches, ...], baseline: tuple[ImageMatches, ...]) -> dict[str, Any]:
    difference = bootstrap_difference(matches, baseline)
    return {
        "AP": round(difference.value, 6),
        "standard_error": round(difference.standard_error, 6),
        "interval_95": [round(difference.low, 6), round(difference.high, 6)],
        "is_baseline": matches is baseline,
    }


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=Path, nargs="+", required=True, help="one folder for each labels file")
    parser.add_argument("--annotations", type=Path, nargs="+", required=True)
    parser.add_argument("--models", nargs="+", default=["litepose-m"], help="names of weights, or files")
    parser.add_argument("--sizes", nargs="+", type=int, default=[448, 320, 256])
    parser.add_argument("--flip", choices=("no", "yes", "both"), default="no")
    parser.add_argument("--joints", choices=("all", "shared"), default="all")
    parser.add_argument("--pck", type=float, metavar="A")
    parser.add_argument("--engine", default="auto")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--precision", default="auto")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--reference", action="store_true", help="also the published inference, in plain PyTorch")
    parser.add_argument("--views", nargs="+", choices=VIEWS, default=["plain"], help="how the photos are seen")
    parser.add_argument("--movenet", type=Path, metavar="FILE.py", help="rows of MoveNet MultiPose, by this runner")
    parser.add_argument("--movenet-sizes", nargs="+", type=int, default=[256, 320, 448])
    parser.add_argument(
        "--against", choices=("first", "architecture"), default="first",
        help="compare each row with the first one, or with the first of its architecture, size and flip",
    )  # fmt: skip
    parser.add_argument("--title", default="Accuracy")
    parser.add_argument("--out", type=Path, required=True, metavar="RESULT.json")
    return parser.parse_args()


def candidates(args: argparse.Namespace) -> Iterator[tuple[dict[str, Any], Skeleton, Estimate]]:
    """Each thing to measure: its settings, its joints and the call."""
    flips = {"no": (False,), "yes": (True,), "both": (False, True)}[args.flip]
    for name in args.models:
        spec = inspect_checkpoint(Path(name)) if Path(name).is_file() else find_weights(name)
        network = eager_network(spec)
        for size in args.sizes:
            macs = count_macs(network, size)
            for flip in flips:
                common = {
                    "model": spec.name, "architecture": spec.arch, "sha256": spec.sha256,
                    "input_size": size, "flip": flip, "joints": args.joints, "pck_alpha": args.pck, "fit": "short",
                    "parameters": count_parameters(network), "gmacs_square": round(macs / 1e9, 2),
                }  # fmt: skip
                estimator = load_estimator(
                    name, weights=Path(name) if Path(name).is_file() else None, engine=args.engine, device=args.device,
                    precision=args.precision, input_size=size, flip=flip, threads=args.threads,
                )  # fmt: skip
                engine = {k: getattr(estimator.engine, k) for k in ("name", "device", "precision")}
                for view in args.views:
                    seen = common if view == "plain" else common | {"model": f"{spec.name}, {view}"}
                    yield seen | {"decoder": "product", "engine": engine}, spec.skeleton, VIEWS[view](estimator)
                if args.reference:
                    engine = {"name": "torch eager", "device": "cpu", "precision": "fp32"}
                    call = reference(network, spec, size, flip)
                    yield common | {"decoder": "reference", "engine": engine}, spec.skeleton, call
    if args.movenet:
        yield from movenet(args)


def movenet(args: argparse.Namespace) -> Iterator[tuple[dict[str, Any], Skeleton, Estimate]]:
    network = load_movenet(args.movenet, args.threads or available_cores())

    def estimate(image_bgr: NDArray[np.uint8], long_side: int) -> Poses:
        return Poses(*(np.asarray(a, np.float32) for a in network(image_bgr, long_side)))

    for size in args.movenet_sizes:
        settings = {
            "model": "movenet-multipose", "architecture": "movenet-multipose", "sha256": "", "input_size": size,
            "flip": False, "joints": args.joints, "pck_alpha": args.pck, "fit": "long", "parameters": None,
            "gmacs_square": None, "decoder": "product",
            "engine": {"name": "openvino", "device": "cpu", "precision": "fp32"},
        }  # fmt: skip
        yield settings, COCO17, partial(estimate, long_side=size)


def reference(network: LitePose, spec: WeightsSpec, size: int, flip: bool) -> Estimate:
    def estimate(image_bgr: NDArray[np.uint8]) -> Poses:
        skeleton = spec.skeleton
        found = reference_decoder.estimate(
            network, image_bgr, skeleton.flip_index, skeleton.grouping_order, input_size=size, flip=flip
        )
        return Poses(*(np.asarray(a, np.float32) for a in (found.keypoints, found.scores, found.confidence)))

    return estimate


def predict(estimate: Estimate, photos: PhotoSet, title: str) -> tuple[list[Poses], list[float]]:
    """The people of each image, in the labels' order, and the milliseconds that each took.

    Images of one shape come one after the other: engines prepare themselves anew for each new shape.
    """
    found: dict[int, Poses] = {}
    times_ms = []
    images = photos.labels.images

    def shape(i: int) -> tuple[float, tuple[int, int]]:
        width, height = images[i].size_wh or (1, 1)
        return width / height, (width, height)

    for i in tqdm(sorted(range(len(images)), key=shape), desc=title, unit="image", disable=None):
        image_bgr = read_image(photos.folder / images[i].file_name, images[i])
        start = perf_counter()
        found[i] = estimate(image_bgr)
        times_ms.append(1e3 * (perf_counter() - start))
    return [found[i] for i in range(len(images))], times_ms


def eager_network(spec: WeightsSpec) -> LitePose:
    """The plain PyTorch network, whose BN is not folded."""
    network = build_litepose(spec.arch, spec.skeleton.num_keypoints)
    state = {name: torch.from_numpy(np.array(value)) for name, value in load_state(spec).items()}
    missing, unexpected = network.load_state_dict(state, strict=False)
    if unexpected or any("num_batches_tracked" not in name for name in missing):
        raise SystemExit(f"{spec.name} does not fit {spec.arch}: {[*missing, *unexpected][:3]}")
    return network.eval()


def count_parameters(network: torch.nn.Module) -> int:
    return sum(p.numel() for p in network.parameters())


@torch.inference_mode()
def count_macs(network: torch.nn.Module, size: int) -> int:
    """Multiply-adds of all convolutions for a square input; deconvolutions counted at their input positions."""
    total = 0

    def convolution(module: torch.nn.Module, inputs: tuple[torch.Tensor, ...], output: torch.Tensor) -> None:
        nonlocal total
        positions = inputs[0] if isinstance(module, torch.nn.ConvTranspose2d) else output
        weight: Any = module.weight
        total += weight.numel() * positions.shape[2] * positions.shape[3]

    kinds = (torch.nn.Conv2d, torch.nn.ConvTranspose2d)
    hooks = [m.register_forward_hook(convolution) for m in network.modules() if isinstance(m, kinds)]
    network(torch.zeros(1, 3, size, size))
    for hook in hooks:
        hook.remove()
    return total


def machine() -> str:
    return f"{platform.system()} {platform.machine()}, {torch.get_num_threads()} threads"


if __name__ == "__main__":
    try:
        main()
    except PoseStudioError as error:
        sys.exit(f"error: {error}")
