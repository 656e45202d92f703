"""What a run leaves for people: a table of losses, accuracies, a picture of both, and the weights so far."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any

from pose.models.litepose import LitePose
from pose.skeleton import Skeleton
from pose.training.curves import draw_curves
from pose.training.loop import Hooks, StepReport
from pose.weights import save_weights

LOSSES, ACCURACY, CURVES = "losses.csv", "accuracy.json", "curves.png"
_COLUMNS = tuple(field.name for field in fields(StepReport))

Measure = Callable[[LitePose], dict[str, float]]


@dataclass(frozen=True, slots=True)
class Journal:
    """Writes into `folder`. measure: accuracy of a model, name → value. show: told about every step and accuracy."""

    folder: Path
    arch: str
    skeleton: Skeleton
    input_size: int
    licence: str
    source: str
    measure: Measure
    show: Callable[[StepReport | str], None]

    def hooks(self) -> Hooks:
        return Hooks(self.begin, self.report, self.evaluate)

    def begin(self, first_step: int) -> None:
        """Drops what an interrupted run had written after the step it is resumed from."""
        self.folder.mkdir(parents=True, exist_ok=True)
        rows = [row for row in read_losses(self.folder) if row.step <= first_step]
        with (self.folder / LOSSES).open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(_COLUMNS)
            writer.writerows(astuple(row) for row in rows)
        self._write_accuracy([entry for entry in read_accuracy(self.folder) if entry["step"] <= first_step])

    def report(self, report: StepReport) -> None:
        with (self.folder / LOSSES).open("a", newline="", encoding="utf-8") as file:
            csv.writer(file).writerow(f"{v:.6g}" if isinstance(v, float) else v for v in astuple(report))
        self.show(report)

    def evaluate(self, step: int, model: LitePose) -> None:
        """Saves the averaged weights, measures them and draws the curves."""
        accuracy = self.measure(model)
        save_weights(
            self.folder / f"{self.arch}.safetensors",
            {name: value.float().cpu().numpy() for name, value in model.state_dict().items()},
            arch=self.arch,
            skeleton=self.skeleton,
            input_size=self.input_size,
            licence=self.licence,
            source=f"{self.source}, step {step}",
            accuracy=accuracy,
        )
        self._write_accuracy([*read_accuracy(self.folder), {"step": step, **accuracy}])
        draw_curves(read_losses(self.folder), read_accuracy(self.folder), self.folder / CURVES)
        if accuracy:
            self.show(f"step {step}: " + ", ".join(f"{name} {value:.3f}" for name, value in accuracy.items()))

    def _write_accuracy(self, entries: list[dict[str, Any]]) -> None:
        (self.folder / ACCURACY).write_text(json.dumps(entries, indent=1), encoding="utf-8")


def read_losses(folder: Path) -> list[StepReport]:
    """The rows written so far; an incomplete last one is left out."""
    path = folder / LOSSES
    if not path.is_file():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if None not in row.values() and set(row) == set(_COLUMNS)]
    return [
        StepReport(int(row["step"]), int(row["size"]), *(float(row[name]) for name in _COLUMNS[2:])) for row in rows
    ]


def read_accuracy(folder: Path) -> list[dict[str, Any]]:
    path = folder / ACCURACY
    entries: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
    return entries
