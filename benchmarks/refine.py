"""What a second look at people in enlarged crops gains and costs, on labelled images.

    python -m benchmarks.refine --images DIR --annotations FILE.json --models litepose-xs:256:crops,litepose-m \
        litepose-s:448 litepose-m:448:crops --out RESULT.json

Every model runs alone and refined on the same images in one run; differences are paired, by a bootstrap over images.
Small people, 40 to 120 pixels high in the image, have columns of their own: other people are ignored there, and so are
detections of other sizes. Milliseconds are medians of repeated calls with the image in which most people are looked at
again: engines prepare themselves anew for each new shape, so calls with ever other images would time that.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
from tqdm import tqdm

from app.settings import DECODE
from benchmarks.accuracy import machine
from pose.estimator import load_estimator
from pose.evaluation.average_precision import ImageMatches, coco_metrics, match_image
from pose.evaluation.bootstrap import bootstrap_difference
from pose.evaluation.coco_labels import Labels, read_labels
from pose.evaluation.evaluate import JointMap, check_images, extent_areas, first_images, map_joints, read_image, score
from pose.evaluation.oks import object_keypoint_similarity
from pose.evaluation.report import write_json
from pose.topdown.crops import crops_of, person_boxes, usable_boxes
from pose.topdown.estimator import RefinedEstimator, with_refinement
from pose.topdown.settings import RefineSettings
from pose.types import Poses

WARM_UP, REPEATS = 2, 7
SMALL_PX = (40.0, 120.0)
OF_BODY = 1.1  # a labelled box is about so many times as high as the extent of the joints in it
SHOWN = ("AP", "AP50", "AP75", "APM", "APL")


@dataclass
class Row:
    """One model, alone (method None) or refined, over the images so far."""

    model: str
    method: str | None
    estimator: Any
    found: list[Poses] = field(default_factory=list)
    looked_at: list[int] = field(default_factory=list)
    ms: float = 0.0


def main() -> None:
    args = parse_arguments()
    labels = read_labels(args.annotations)
    if args.limit is not None:
        labels = first_images(labels, args.limit)
    check_images(labels, args.images)
    rows = [row for model in args.models for row in load(model, args)]
    for image in tqdm(labels.images, unit="image", disable=None):
        for row, poses, count in look(rows, read_image(args.images / image.file_name, image)):
            row.found.append(poses)
            row.looked_at.append(count)
    fullest = labels.images[int(np.argmax(np.sum([row.looked_at for row in rows], axis=0)))]
    measure_times(rows, read_image(args.images / fullest.file_name, fullest))
    joints = map_joints(labels.skeleton, rows[0].estimator.skeleton, "shared")
    alone = {row.model: row for row in rows if row.method is None}
    report = {
        "machine": machine(),
        "images": len(labels.images),
        "people": args.people,
        "rows": [figures(row, alone[row.model], labels, joints) for row in rows],
    }
    write_json(args.out, report)
    print(table(report["rows"]))


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=Path, required=True)
    parser.add_argument("--annotations", type=Path, required=True)
    what = "NAME:SIZE[:METHOD,METHOD]; methods are crops or names of weights"
    parser.add_argument("--models", nargs="+", default=["litepose-m:448:crops"], metavar="MODEL", help=what)
    parser.add_argument("--people", type=int, default=RefineSettings().people)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--out", type=Path, required=True, metavar="RESULT.json")
    return parser.parse_args()


def load(model: str, args: argparse.Namespace) -> list[Row]:
    name, size, *methods = model.split(":")
    first = load_estimator(name, input_size=int(size), decode=DECODE)
    shown = f"{name} {size}"
    refined = [with_refinement(first, RefineSettings(m, args.people)) for m in ",".join(methods).split(",") if m]
    return [Row(shown, None, first), *(Row(shown, r.refine.settings.method, r) for r in refined)]


def look(rows: Sequence[Row], image: Any) -> Iterator[tuple[Row, Poses, int]]:
    """Each row's poses and how many people it looked at again. The first stage runs once per model."""
    for row in rows:
        if row.method is None:
            inferred = row.estimator.infer(image)
            first, _ = row.estimator.decode(inferred)
            yield row, first, 0
        else:
            estimator: RefinedEstimator = row.estimator
            boxes = person_boxes(first)
            crops = crops_of(boxes[usable_boxes(boxes, image.shape[:2])], estimator.refine.proposer.crop_hw)
            enlarged = int((crops.factors >= inferred.fit.factor).sum())
            poses = estimator.refine(image, first, inferred.fit.factor)
            yield row, poses, min(enlarged, estimator.refine.settings.people)


def measure_times(rows: Sequence[Row], image: Any) -> None:
    for row in rows:
        times = []
        for _ in range(WARM_UP + REPEATS):
            start = perf_counter()
            if row.method is None:
                inferred = row.estimator.infer(image)
                first, _ = row.estimator.decode(inferred)
            else:
                row.estimator.refine(image, first, inferred.fit.factor)
            times.append(1e3 * (perf_counter() - start))
        row.ms = median(times[WARM_UP:])


def figures(row: Row, alone: Row, labels: Labels, joints: JointMap) -> dict[str, Any]:
    result: dict[str, Any] = {"model": row.model, "method": row.method or "–"}
    for kind, matches in (("all", whole_matches), ("small", small_matches)):
        mine = matches(labels, row.found, joints)
        metrics = coco_metrics(mine)
        result[kind] = {name: percent(metrics[name]) for name in SHOWN}
        result[kind]["people"] = int(sum(m.num_truths[0] for m in mine))
        if row is not alone:
            difference = bootstrap_difference(mine, matches(labels, alone.found, joints))
            result[kind]["gain"] = percent(difference.value)
            result[kind]["gain_se"] = percent(difference.standard_error)
    pck = score(labels, row.found, joints, pck_alpha=0.1).pck
    assert pck is not None
    result["pck"] = {name: percent(value) for name, value in pck.items()}
    result["people_looked_at"] = sum(row.looked_at)
    result["ms"] = round(row.ms, 1)
    result["ms_per_person"] = round(row.ms / max(row.looked_at), 1) if any(row.looked_at) else None
    return result


def percent(value: float) -> float | None:
    return None if np.isnan(value) else round(100 * float(value), 2)


def whole_matches(labels: Labels, found: Sequence[Poses], joints: JointMap) -> tuple[ImageMatches, ...]:
    return score(labels, found, joints).matches


def small_matches(labels: Labels, found: Sequence[Poses], joints: JointMap) -> tuple[ImageMatches, ...]:
    """Only people SMALL_PX high count; other detections that match nobody are ignored, as COCO does by area."""
    low, high = SMALL_PX
    matches = []
    for image, poses in zip(labels.images, found, strict=True):
        truths = image.truths.with_joints(joints.truth)
        heights = truths.boxes_xywh[:, 3]
        truths = replace(truths, ignored=truths.ignored | (heights < low) | (heights > high))
        points = poses.keypoints[:, joints.detected].astype(np.float64)
        seen = np.isfinite(points[..., 0]).any(axis=1)
        points, scores = points[seen], poses.confidence[seen].astype(np.float64)
        similarity = object_keypoint_similarity(points, truths, joints.sigmas)
        matched = match_image(similarity, scores, extent_areas(points), truths)
        best = np.argsort(-scores, kind="stable")[: len(matched.scores)]
        extents = OF_BODY * (np.nanmax(points[best, :, 1], axis=1) - np.nanmin(points[best, :, 1], axis=1))
        other = (extents < low) | (extents > high)
        matches.append(replace(matched, ignored=matched.ignored | (~matched.hit & other)))
    return tuple(matches)


def table(rows: Sequence[dict[str, Any]]) -> str:
    lines = [
        "| first stage | second | AP | AP75 | APM | gain | small AP | gain | ms | ms / person |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        every, small = row["all"], row["small"]
        gains = [f"{kind['gain']:+.1f} ± {kind['gain_se']:.1f}" if "gain" in kind else "" for kind in (every, small)]
        cells = [
            row["model"], row["method"], every["AP"], every["AP75"], every["APM"], gains[0], small["AP"], gains[1],
            row["ms"], row["ms_per_person"] or "",
        ]  # fmt: skip
        lines.append("| " + " | ".join(str(cell) for cell in cells) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
