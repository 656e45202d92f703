"""`eval`: measure the accuracy of a model on labelled images."""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli import OK
from app.cli.engine_options import add_engine_options
from pose.errors import SettingsError
from pose.topdown.settings import OFF, RefineSettings

if TYPE_CHECKING:
    from pose.estimator import PoseEstimator


def add_arguments(parser: argparse.ArgumentParser) -> None:
    model = parser.add_mutually_exclusive_group()
    model.add_argument("--model", default="litepose-m", help="name of the weights (default: %(default)s)")
    model.add_argument("--weights", type=Path, metavar="FILE", help="a weights file instead of a name")
    parser.add_argument("--images", type=Path, required=True, metavar="DIR", help="folder of the labelled images")
    parser.add_argument(
        "--annotations", type=Path, required=True, metavar="FILE.json", help="labels in COCO's or CrowdPose's layout"
    )
    parser.add_argument("--input-size", type=int, metavar="S", help="network pixels (default: the model's own)")
    parser.add_argument("--fit", choices=("short", "long"), default="short", help="image side that becomes S pixels")
    parser.add_argument("--flip", action="store_true", help="average with the mirrored image (the papers' flip test)")
    parser.add_argument("--refine", default=OFF, metavar="HOW", help="second look at people, as of `annotate`")
    parser.add_argument("--scales", type=_scales, default=(1.0,), metavar="1,1.5", help="average several scales")
    parser.add_argument(
        "--joints", choices=("all", "shared"), default="all",
        help="shared: only the 12 joints that COCO and CrowdPose have in common",
    )  # fmt: skip
    parser.add_argument(
        "--pck", type=_fraction, metavar="A",
        help="also PCK: joints within A times the torso (left shoulder to right hip) of the labelled people",
    )  # fmt: skip
    parser.add_argument(
        "--det-thr",
        type=float,
        default=0.0,
        metavar="P",
        help="least score of a joint, up to 1 (default 0: what suits the model)",
    )
    add_engine_options(parser)
    parser.add_argument("--limit", type=int, metavar="N", help="only the first N labelled images")
    parser.add_argument("--out", type=Path, metavar="RESULT.json", help="write the report as JSON")
    parser.add_argument("--per-image", action="store_true", help="add a list of results per image to the report")
    parser.add_argument("--detections", type=Path, metavar="FILE.json", help="write the poses in COCO's results layout")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")


def run(args: argparse.Namespace) -> int:
    from tqdm import tqdm

    from pose.decode_settings import DecodeSettings
    from pose.estimator import load_estimator
    from pose.evaluation.coco_labels import read_labels
    from pose.evaluation.evaluate import check_images, first_images, map_joints, predict, score
    from pose.evaluation.report import (
        check_writable,
        coco_results,
        evaluation_report,
        evaluation_table,
        per_image_report,
        write_json,
    )

    if not 0 <= args.det_thr <= 1:
        raise SettingsError("--det-thr must lie between 0 and 1.")
    if args.limit is not None and args.limit < 1:
        raise SettingsError("--limit must be at least 1.")
    _check_outputs(args)
    labels = read_labels(args.annotations)
    if args.limit is not None:
        labels = first_images(labels, args.limit)
    check_images(labels, args.images)
    for path in (args.out, args.detections):
        if path is not None:
            check_writable(path)  # before the long part, not after it
    estimator = load_estimator(
        args.model, weights=args.weights, device=args.device, engine=args.engine, precision=args.precision,
        input_size=args.input_size, fit=args.fit, flip=args.flip, scales=args.scales,
        decode=DecodeSettings(det_thr=args.det_thr),
    )  # fmt: skip
    if args.refine != OFF:
        where = {"device": args.device, "engine": args.engine, "precision": args.precision}
        from pose.topdown.estimator import with_refinement

        estimator = with_refinement(estimator, RefineSettings(args.refine), **where)
    joints = map_joints(labels.skeleton, estimator.skeleton, args.joints)
    progress = tqdm(
        predict(estimator, labels, args.images), total=len(labels.images), unit="image",
        disable=True if args.quiet else None,  # None: shown on a terminal only
    )  # fmt: skip
    detections = list(progress)
    evaluation = score(labels, detections, joints, args.pck)
    report = evaluation_report(labels, evaluation, _settings(args, estimator))
    engine = estimator.engine
    print(f"{estimator.spec.name}, input {estimator.input_size}, {engine.name} {engine.precision} on {engine.device}")
    print(evaluation_table(report))
    if args.out is not None:
        extra = {"per_image": per_image_report(labels, detections, evaluation)} if args.per_image else {}
        write_json(args.out, report | extra)
    if args.detections is not None:
        write_json(args.detections, coco_results(labels, detections))
    return OK


def _check_outputs(args: argparse.Namespace) -> None:
    """Raises SettingsError if one output would overwrite the other, or a file that is read."""
    outputs = {"--out": args.out, "--detections": args.detections}
    others = outputs | {"--annotations": args.annotations, "--weights": args.weights}
    for name, path in outputs.items():
        for other, other_path in others.items():
            if name != other and path is not None and other_path is not None and _is_same(path, other_path):
                raise SettingsError(f"{name} and {other} name the same file, {path}.")


def _is_same(a: Path, b: Path) -> bool:
    """Whether two paths are one file, which need not exist."""
    try:
        return a.resolve() == b.resolve() or a.samefile(b)
    except OSError:  # one of them does not exist
        return False


def _settings(args: argparse.Namespace, estimator: PoseEstimator) -> dict[str, Any]:
    return {
        "model": estimator.spec.name,
        "architecture": estimator.spec.arch,
        "sha256": estimator.spec.sha256,
        "skeleton": estimator.skeleton.name,
        "input_size": estimator.input_size,
        "fit": args.fit,
        "flip": args.flip,
        "scales": list(args.scales),
        "refine": args.refine,
        "engine": estimator.engine.name,
        "device": estimator.engine.device,
        "precision": estimator.engine.precision,
        "joints": args.joints,
        "limit": args.limit,
        "det_thr": estimator.det_thr,
        "pck_alpha": args.pck,
    }


def _scales(text: str) -> tuple[float, ...]:
    try:
        scales = tuple(float(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a list of numbers such as 1,1.5") from None
    if not all(math.isfinite(s) and 0.1 <= s <= 10 for s in scales):
        raise argparse.ArgumentTypeError("scales must lie between 0.1 and 10")
    return scales


def _fraction(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value > 0):
        raise argparse.ArgumentTypeError(f"'{text}' is not a number above 0, such as 0.2")
    return value
