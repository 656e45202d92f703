"""Does an input size for each image, chosen as for a video (`app/models/input_size.py`), beat one size for all?

    python -m benchmarks.input_size --sets DIR DIR [--choose-on DIR] [--model NAME] [--cache FILE] [--out FILE.json]

DIR holds `images/` and `person_keypoints.json`. Each image counts as a video of one frame. The rule's numbers and the
best fixed size are chosen on the images of one half (by a hash of their names) and on those of --choose-on; the table
has what they were chosen on and the others apart, and of both the images that get a smaller size than the model's own.
Costs are pixels of the network's input, 1 = the model's own size; looking for the size is not in them. Differences are
paired, with standard errors and 95 % intervals of a bootstrap over images. --cache keeps what was found, --seconds
stops earlier, and a later run goes on.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import pickle
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from app.models.input_size import choose_input_size, sizes_around
from app.settings import DECODE
from pose.estimator import PoseEstimator, load_estimator
from pose.evaluation.average_precision import ImageMatches, coco_metrics
from pose.evaluation.bootstrap import bootstrap_difference
from pose.evaluation.coco_labels import read_labels
from pose.evaluation.evaluate import map_joints, read_image, score
from pose.types import Poses


@dataclass
class Remembered:
    """The estimator's answers, each computed once."""

    inner: PoseEstimator
    key: str = ""
    known: dict[tuple[str, str, int], Any] = field(default_factory=dict)
    input_size: int = 0
    fit: str = "short"
    new: int = 0

    @property
    def skeleton(self) -> Any:
        return self.inner.skeleton

    def with_input_size(self, input_size: int) -> Remembered:
        return replace(self, inner=self.inner.with_input_size(input_size), input_size=input_size)

    def estimate(self, image_bgr: Any) -> Any:
        key = (self.inner.spec.name, self.key, self.input_size)
        if key not in self.known:
            self.known[key] = self.inner(image_bgr)
        return self.known[key], None


@dataclass(frozen=True)
class Measured:
    """An image: the size that is chosen for it, and how what is found at each size matches its labels."""

    name: str
    chosen: int
    matches: dict[int, ImageMatches]
    to_choose: bool  # by it, or to measure what was chosen by others


def is_first_half(name: str) -> bool:
    return hashlib.md5(name.encode(), usedforsecurity=False).digest()[-1] % 2 == 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=Path, nargs="+", required=True)
    parser.add_argument("--choose-on", type=Path, nargs="*", default=[])
    parser.add_argument("--model", default="litepose-m")
    parser.add_argument("--engine", default="auto")
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    first = load_estimator(args.model, decode=DECODE, engine=args.engine)
    own = first.input_size
    sizes = sizes_around(own)
    known = pickle.loads(args.cache.read_bytes()) if args.cache and args.cache.exists() else {}
    end_s = time.monotonic() + args.seconds
    measured: list[Measured] = []
    for folder in (*args.sets, *args.choose_on):
        labels = read_labels(folder / "person_keypoints.json")
        joints = map_joints(labels.skeleton, first.skeleton, "shared")
        looked_at, chosen = [], []
        found: dict[int, list[Poses]] = {size: [] for size in sizes}
        for image in labels.images:
            if time.monotonic() > end_s and (first.spec.name, image.file_name, sizes[-1]) not in known:
                continue
            estimator = Remembered(first, image.file_name, known, own)
            pixels = read_image(folder / "images" / image.file_name, image)
            looked_at.append(image)
            chosen.append(choose_input_size(estimator, [pixels]).input_size)  # type: ignore[type-var]
            for size in sizes:
                found[size].append(estimator.with_input_size(size).estimate(pixels)[0])
        if looked_at:
            part = replace(labels, images=looked_at)
            matches = {size: score(part, poses, joints).matches for size, poses in found.items()}
            measured += [
                Measured(
                    image.file_name,
                    chosen[i],
                    {size: matches[size][i] for size in sizes},
                    folder in args.choose_on or is_first_half(image.file_name),
                )
                for i, image in enumerate(looked_at)
            ]
    if args.cache:
        args.cache.write_bytes(pickle.dumps(known))
    halves = [[m for m in measured if m.to_choose], [m for m in measured if not m.to_choose]]
    best = max(sizes, key=lambda size: ap(halves[0], lambda m: size))
    report = {
        "model": args.model,
        "engine": f"{first.engine.name} {first.engine.precision}",
        "best_fixed": best,
        "chosen_on": table(halves[0], sizes, own, best),
        "the_others": table(halves[1], sizes, own, best),
    }
    print(json.dumps(report, indent=1))
    if args.out:
        args.out.write_text(json.dumps(report, indent=1) + "\n")


def ap(measured: list[Measured], pick: Callable[[Measured], int]) -> float:
    return round(100 * float(coco_metrics([m.matches[pick(m)] for m in measured])["AP"]), 2)


def table(measured: list[Measured], sizes: list[int], own: int, best: int) -> dict[str, Any]:
    def gain(images: list[Measured], size: int) -> str:
        found = bootstrap_difference([m.matches[m.chosen] for m in images], [m.matches[size] for m in images])
        value, error, low, high = (100 * v for v in (found.value, found.standard_error, found.low, found.high))
        return f"{value:+.1f} ± {error:.1f} ({low:+.1f} to {high:+.1f})"

    near = [m for m in measured if m.chosen < own]
    best_here = max(sizes, key=lambda size: ap(measured, lambda m: size))
    return {
        "images": len(measured),
        "fixed_ap": {size: ap(measured, lambda m, size=size: size) for size in sizes},  # type: ignore[misc]
        "auto_ap": ap(measured, lambda m: m.chosen),
        "auto_cost": cost(measured, own),
        "chosen": {size: sum(m.chosen == size for m in measured) for size in sizes},
        "gain_over_own": gain(measured, own),
        "gain_over_best_fixed": gain(measured, best),
        "gain_over_best_here": {best_here: gain(measured, best_here)},
        "smaller_than_own": {"images": len(near), "cost": cost(near, own), "gain_over_own": gain(near, own)},
    }


def cost(measured: list[Measured], own: int) -> float:
    return round(float(np.mean([m.chosen**2 for m in measured])) / own**2, 2)


if __name__ == "__main__":
    main()
