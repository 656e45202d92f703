"""Does an input size for each image, chosen as for a video (`app/models/input_size.py`), beat one size for all?

    python -m benchmarks.input_size --sets DIR DIR [--model litepose-m] [--cache FILE] [--seconds N] [--out FILE.json]

DIR holds `images/` and `person_keypoints.json`. Each image counts as a video of one frame. GOAL and SMALLER were chosen
on the images of one half (by a hash of their names) and stand in the code; the table has both halves apart. Costs are
pixels of the network's input, 1 = the model's own size; looking for the size is not in them. Differences, to the
model's own size and to the fixed size that is best on the first half, are paired, by a bootstrap over images. --cache
keeps what was found, --seconds stops earlier, and a later run goes on.
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

from app.models.input_size import STEPS, choose_input_size
from app.settings import DECODE
from pose.estimator import PoseEstimator, load_estimator
from pose.evaluation.average_precision import ImageMatches, coco_metrics
from pose.evaluation.bootstrap import bootstrap_difference
from pose.evaluation.coco_labels import read_labels
from pose.evaluation.evaluate import map_joints, read_image, score
from pose.preprocess import MULTIPLE
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

    @property
    def half(self) -> int:
        return hashlib.md5(self.name.encode(), usedforsecurity=False).digest()[-1] % 2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=Path, nargs="+", required=True)
    parser.add_argument("--model", default="litepose-m")
    parser.add_argument("--engine", default="auto")
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    first = load_estimator(args.model, decode=DECODE, engine=args.engine)
    own = first.input_size
    sizes = sorted({max(MULTIPLE, round(own * step / MULTIPLE) * MULTIPLE) for step in STEPS})
    known = pickle.loads(args.cache.read_bytes()) if args.cache and args.cache.exists() else {}
    end_s = time.monotonic() + args.seconds
    measured: list[Measured] = []
    for folder in args.sets:
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
                Measured(image.file_name, chosen[i], {size: matches[size][i] for size in sizes})
                for i, image in enumerate(looked_at)
            ]
    if args.cache:
        args.cache.write_bytes(pickle.dumps(known))
    first_half = [m for m in measured if m.half == 0]
    best = max(sizes, key=lambda size: ap(first_half, lambda m: size))
    report = {
        "model": args.model,
        "engine": f"{first.engine.name} {first.engine.precision}",
        "images": len(measured),
        "best_fixed_on_first_half": best,
        "halves": [table([m for m in measured if m.half == half], sizes, own, best) for half in (0, 1)],
        "all": table(measured, sizes, own, best),
    }
    print(json.dumps(report, indent=1))
    if args.out:
        args.out.write_text(json.dumps(report, indent=1) + "\n")


def ap(measured: list[Measured], pick: Callable[[Measured], int]) -> float:
    return round(100 * float(coco_metrics([m.matches[pick(m)] for m in measured])["AP"]), 2)


def table(measured: list[Measured], sizes: list[int], own: int, best: int) -> dict[str, Any]:
    def gain(size: int) -> str:
        found = bootstrap_difference([m.matches[m.chosen] for m in measured], [m.matches[size] for m in measured])
        return f"{100 * found.value:+.1f} ± {100 * found.standard_error:.1f}"

    return {
        "images": len(measured),
        "fixed_ap": {size: ap(measured, lambda m, size=size: size) for size in sizes},  # type: ignore[misc]
        "auto_ap": ap(measured, lambda m: m.chosen),
        "auto_cost": round(float(np.mean([m.chosen**2 for m in measured])) / own**2, 2),
        "chosen": {size: sum(m.chosen == size for m in measured) for size in sizes},
        "gain_over_own": gain(own),
        "gain_over_best_fixed": gain(best),
    }


if __name__ == "__main__":
    main()
