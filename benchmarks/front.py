"""Accuracy over time: a figure of the rows of `benchmarks.accuracy`, and which of them nothing else beats.

    python -m benchmarks.front RESULT.json --photos "eval + eval_coco" --out docs/images/front.png

A row is beaten if another is as quick and more accurate. Rows of one run only: times of different runs do not compare.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure
from matplotlib.ticker import ScalarFormatter


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("result", type=Path)
    parser.add_argument(
        "--photos", help="the rows of these photos; default: of the last set, which may be all together"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FIGURE.png")
    args = parser.parse_args()
    rows = json.loads(args.result.read_text(encoding="utf-8"))["rows"]
    photos = args.photos or rows[-1]["photos"]
    rows = [row for row in rows if row["photos"] == photos]
    front = unbeaten(rows)
    print("| | px | ms | AP | unbeaten |", "|---|---:|---:|---:|---|", sep="\n")
    for row in sorted(rows, key=lambda row: row["ms"]):
        mark = "yes" if row in front else ""
        settings = row["settings"]
        print(f"| {settings['model']} | {settings['input_size']} | {row['ms']:.0f} | {ap(row):.1f} | {mark} |")
    draw(rows, front, photos).savefig(args.out, dpi=130)


def ap(row: dict[str, Any]) -> float:
    """Points."""
    return 100 * float(row["metrics"]["AP"])


def unbeaten(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """By their time: each is more accurate than all that are quicker."""
    front: list[dict[str, Any]] = []
    for row in sorted(rows, key=lambda row: (row["ms"], -ap(row))):
        if not front or ap(row) > ap(front[-1]):
            front.append(row)
    return front


def draw(rows: list[dict[str, Any]], front: list[dict[str, Any]], photos: str) -> Figure:
    figure = Figure(figsize=(7.2, 4.4), layout="constrained")
    axes = figure.subplots()
    axes.step([r["ms"] for r in front], [ap(r) for r in front], where="post", color="0.8", linewidth=6, zorder=0)
    for model in dict.fromkeys(row["settings"]["model"] for row in rows):
        mine = sorted((r for r in rows if r["settings"]["model"] == model), key=lambda row: row["ms"])
        axes.plot([r["ms"] for r in mine], [ap(r) for r in mine], marker="o", markersize=4, label=model)
        for row in mine:
            axes.annotate(
                str(row["settings"]["input_size"]),
                (row["ms"], ap(row)),
                (3, -9),
                textcoords="offset points",
                fontsize=7,
            )
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(ScalarFormatter())
    axes.xaxis.set_minor_formatter(ScalarFormatter())
    axes.set(xlabel="milliseconds for one image, all included", ylabel="AP of 12 joints", title=f"Photos: {photos}")
    axes.grid(color="0.93")
    axes.legend(loc="lower right", frameon=False)
    return figure


if __name__ == "__main__":
    main()
