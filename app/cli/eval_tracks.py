"""`eval-tracks`: how well identities hold, against ground truth."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from app.cli import OK
from pose.errors import MediaError, SettingsError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    known = "MOTChallenge text, a CSV table of this program, or the truth table of `demo`"
    parser.add_argument("truth", type=Path, metavar="GT", help=f"ground truth: {known}")
    parser.add_argument("results", type=Path, nargs="+", metavar="RESULTS", help="result: MOTChallenge text or CSV")
    parser.add_argument(
        "--by", choices=("boxes", "poses"), help="how people are compared (default: both, where the files have both)"
    )
    parser.add_argument(
        "--threshold",
        type=float,
        default=0.5,
        help="least IoU or OKS of a match; HOTA takes all (default: %(default)s)",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write all figures as JSON")


def run(args: argparse.Namespace) -> int:
    from app.analysis.identified import pairs_by_boxes, pairs_by_poses, read_identified
    from tracking.metrics import score_tracking

    if not 0 < args.threshold <= 1:
        raise SettingsError(f"The threshold must be above 0 and at most 1, not {args.threshold:g}.")
    truth = read_identified(args.truth)
    if not len(truth.ids):
        raise MediaError(f"Nobody is labelled in {args.truth.name}.")
    figures: dict[str, dict[str, dict[str, float | int | None]]] = {}
    print(_line("", ["HOTA", "DetA", "AssA", "IDF1", "MOTA", "switches", "fragm.", "people", "found"]))
    for path in args.results:
        found = read_identified(path)
        for by, pairs in (
            ("boxes", pairs_by_boxes(truth, found) if args.by != "poses" else None),
            ("poses", pairs_by_poses(truth, found) if args.by != "boxes" else None),
        ):
            if pairs is None:
                if args.by == by:
                    raise MediaError(f"{args.truth.name} and {path.name} have no joints in common: compare by boxes.")
                continue
            s = score_tracking(pairs, args.threshold)
            shares = [f"{100 * v:.1f}" for v in (s.hota, s.deta, s.assa, s.idf1, s.mota)]
            counts = [str(n) for n in (s.switches, s.fragmentations, s.true_identities, s.found_identities)]
            print(_line(f"{path.name} by {by}", shares + counts))
            figures.setdefault(str(path), {})[by] = {k: None if v != v else v for k, v in asdict(s).items()}
    if args.json is not None:
        try:
            args.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
        except OSError as error:
            raise MediaError(f"{args.json} cannot be written ({error.strerror or error}).") from error
    return OK


def _line(name: str, cells: list[str]) -> str:
    return f"{name:36}" + "".join(f"{cell:>9}" for cell in cells)
