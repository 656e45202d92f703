"""Loss and accuracy curves as an image."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pose.training.loop import StepReport


def draw_curves(losses: Sequence[StepReport], accuracy: Sequence[dict[str, Any]], path: Path) -> None:
    """Writes a PNG: heatmap loss per input size (running mean), tag losses, accuracy."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(12, 3.6), layout="constrained")
    heatmap, tags, measured = figure.subplots(1, 3)
    for size in sorted({row.size for row in losses}):
        rows = [row for row in losses if row.size == size]
        heatmap.plot([r.step for r in rows], running_mean([r.heatmap for r in rows]), label=f"{size} px")
    heatmap.set_yscale("log")
    for name in ("pull", "push"):
        tags.plot([r.step for r in losses], running_mean([getattr(r, name) for r in losses]), label=name)
    for name in sorted({name for entry in accuracy for name in entry} - {"step"}):
        known = [entry for entry in accuracy if name in entry]
        measured.plot([e["step"] for e in known], [e[name] for e in known], marker="o", markersize=3, label=name)
    for axes, title in ((heatmap, "Heatmap loss"), (tags, "Tag losses"), (measured, "Accuracy")):
        axes.set_title(title)
        axes.set_xlabel("step")
        axes.grid(alpha=0.3)
        if axes.lines:
            axes.legend()
    figure.savefig(path, dpi=110)


def running_mean(values: Sequence[float], part: float = 0.05) -> list[float]:
    """Mean over the last `part` of the run (at least 5 values), at each value."""
    window = max(5, round(len(values) * part))
    total = np.cumsum(np.concatenate([[0.0], values]))
    ends = np.arange(1, len(total))
    begins = np.maximum(0, ends - window)
    means: list[float] = ((total[ends] - total[begins]) / (ends - begins)).tolist()
    return means
