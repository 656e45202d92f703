"""What a run leaves for people: a table of losses, accuracies, an image of both, and the weights so far."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any

from torch import nn

from pose.skeleton import Skeleton
from pose.training.checkpoint import plain_write_errors
from pose.training.curves import draw_curves
from pose.training.loop import Hooks, StepReport
from pose.weights.library import save_weights

LOSSES, ACCURACY, CURVES = "losses.csv", "accuracy.json", "curves.png"
_COLUMNS = tuple(field.name for field in fields(StepReport))

Measure = Callable[[Any], dict[str, float]]  # of a network


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
        return Hooks(self.begin, self.report, self.evaluate, self.show)

    def begin(self, first_step: int) -> None:
        """Drops what an interrupted run had written after the step it is resumed from."""
        rows = [row for row in read_losses(self.folder) if row.step <= first_step]
        with plain_write_errors(self.folder), (self.folder / LOSSES).open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(_COLUMNS)
            writer.writerows(astuple(row) for row in rows)
        self._write_accuracy([entry for entry in read_accuracy(self.folder) if entry["step"] <= first_step])

    def report(self, report: StepReport) -> None:
        with plain_write_errors(self.folder), (self.folder / LOSSES).open("a", newline="", encoding="utf-8") as file:
            csv.writer(file).writerow(f"{v:.6g}" if isinstance(v, float) else v for v in astuple(report))
        self.show(report)

    def evaluate(self, step: int, model: nn.Module) -> None:
        """Saves the averaged weights, measures them and draws the curves."""
        self._save(step, model, {})  # measuring takes time and may fail
        accuracy = self.measure(model)
        if accuracy:
            self._save(step, model, accuracy)
        earlier = [entry for entry in read_accuracy(self.folder) if entry["step"] != step]
        self._write_accuracy([*earlier, {"step": step, **accuracy}])
        with plain_write_errors(self.folder):
            draw_curves(read_losses(self.folder), read_accuracy(self.folder), self.folder / CURVES)
        if accuracy:
            self.show(f"step {step}: " + ", ".join(f"{name} {value:.3f}" for name, value in accuracy.items()))

    def _save(self, step: int, model: nn.Module, accuracy: dict[str, float]) -> None:
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

    def _write_accuracy(self, entries: list[dict[str, Any]]) -> None:
        temporary = self.folder / (ACCURACY + ".new")
        with plain_write_errors(self.folder):
            temporary.write_text(json.dumps(entries, indent=1), encoding="utf-8")
            temporary.replace(self.folder / ACCURACY)


def read_losses(folder: Path) -> list[StepReport]:
    """The rows written so far; incomplete and damaged ones are left out."""
    path = folder / LOSSES
    if not path.is_file():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        rows = [_step_report(row) for row in csv.DictReader(file)]
    return [row for row in rows if row is not None]


def _step_report(row: dict[str, str]) -> StepReport | None:
    try:
        return StepReport(int(row["step"]), int(row["size"]), *(float(row[name]) for name in _COLUMNS[2:]))
    except (KeyError, TypeError, ValueError):
        return None


def read_accuracy(folder: Path) -> list[dict[str, Any]]:
    """The accuracies written so far; none if the file is damaged: they can be measured again."""
    try:
        entries = json.loads((folder / ACCURACY).read_text(encoding="utf-8"))
        return [entry for entry in entries if isinstance(entry["step"], int)]
    except (FileNotFoundError, ValueError, TypeError, KeyError):
        return []
