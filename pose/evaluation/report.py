"""An evaluation as JSON for machines and as a table for people."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pose.errors import PoseStudioError
from pose.evaluation.average_precision import MAX_DETECTIONS, OKS_THRESHOLDS
from pose.evaluation.coco_labels import Labels
from pose.evaluation.evaluate import Evaluation
from pose.evaluation.oks import object_keypoint_similarity
from pose.types import Poses

SCHEMA = "litepose-studio-eval/1"


def evaluation_report(labels: Labels, evaluation: Evaluation, settings: dict[str, Any]) -> dict[str, Any]:
    """Everything needed to read a figure later: model, settings, protocol and metrics (None where undefined)."""
    return {
        "schema": SCHEMA,
        "settings": settings,
        "protocol": {
            "name": labels.protocol,
            "labels": labels.path.name,
            "images": len(labels.images),
            "people": int(sum(m.num_truths[0] for m in evaluation.matches)),
            "joints": list(evaluation.joints.names),
            "oks_thresholds": [round(float(t), 2) for t in OKS_THRESHOLDS],
            "max_detections": MAX_DETECTIONS,
        },
        "metrics": _plain(evaluation.metrics),
        "AP_standard_error": _number(evaluation.ap_spread.standard_error),
        "pck": None if evaluation.pck is None else _plain(evaluation.pck),
    }


def per_image_report(labels: Labels, detections: Sequence[Poses], evaluation: Evaluation) -> list[dict[str, Any]]:
    """For each image: its people, its detections, how many of each were matched at OKS 0.5, and each person's OKS."""
    rows = []
    for image, poses, match in zip(labels.images, detections, evaluation.matches, strict=True):
        truths = image.truths.with_joints(evaluation.joints.truth) if evaluation.joints.partial else image.truths
        points = poses.keypoints[:, evaluation.joints.detected]
        similarity = object_keypoint_similarity(points, truths, evaluation.joints.sigmas)
        best = similarity.max(axis=0, initial=0)[~truths.ignored]
        rows.append({
            "image_id": image.image_id,
            "file_name": image.file_name,
            "people": int(match.num_truths[0]),
            "detections": len(poses),
            "found_at_50": int(match.hit[0, 0].sum()),
            "false_at_50": int((~match.hit[0, 0] & ~match.ignored[0, 0]).sum()),
            "best_oks": [round(float(v), 4) for v in best],
        })  # fmt: skip
    return rows


def coco_results(labels: Labels, detections: Sequence[Poses]) -> list[dict[str, Any]]:
    """The detections in COCO's results layout: missing joints are 0, 0, 0."""
    results = []
    for image, poses in zip(labels.images, detections, strict=True):
        rows = np.concatenate([np.nan_to_num(poses.keypoints), poses.scores[..., None]], axis=2)
        results += [
            {
                "image_id": image.image_id,
                "category_id": 1,
                "keypoints": [round(float(v), 3) for v in row.ravel()],
                "score": float(confidence),
            }
            for row, confidence in zip(rows, poses.confidence, strict=True)
        ]
    return results


def evaluation_table(report: dict[str, Any]) -> str:
    """A few lines of text: metrics in points (0-100), the uncertainty of AP, and PCK if it was asked for."""
    metrics, protocol = report["metrics"], report["protocol"]
    names = list(metrics)
    lines = [
        f"{protocol['name']} protocol, {protocol['images']} images, {protocol['people']} people, "
        f"{len(protocol['joints'])} joints",
        "  ".join(f"{name:>9}" for name in names),
        "  ".join(f"{_points(metrics[name]):>9}" for name in names),
        f"AP standard error over images: {_points(report['AP_standard_error'])}",
    ]
    if report["pck"] is not None:
        alpha = report["settings"]["pck_alpha"]
        each = ", ".join(f"{name} {_points(v)}" for name, v in report["pck"].items() if name != "PCK")
        lines += [f"PCK@{alpha:g} of the labelled people: {_points(report['pck']['PCK'])}", f"  {each}"]
    return "\n".join(lines)


def check_writable(path: Path) -> None:
    """Make the folder of a file that will be written later. Raises PoseStudioError if that cannot work."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PoseStudioError(f"Cannot make the folder {path.parent}: {error.strerror or error}.") from None
    try:
        is_folder, exists = path.is_dir(), path.exists()
    except OSError as error:  # a name longer than the disk takes
        raise PoseStudioError(f"Cannot write {path}: {error.strerror or error}.") from None
    if is_folder:
        raise PoseStudioError(f"{path} is a folder: name a file to write.")
    if not os.access(path if exists else path.parent, os.W_OK):
        raise PoseStudioError(f"Cannot write {path}: permission denied.")


def write_json(path: Path, content: Any) -> None:
    """Raises PoseStudioError if the file cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise PoseStudioError(f"Cannot write {path}: {error.strerror or error}.") from None


def _plain(values: dict[str, float]) -> dict[str, float | None]:
    return {name: _number(value) for name, value in values.items()}


def _number(value: float) -> float | None:
    """Rounded to 6 places; None for NaN, which JSON does not know."""
    return None if math.isnan(value) else round(float(value), 6)


def _points(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f}"
