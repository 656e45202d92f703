"""Training from labels, pseudo-labels and a teacher, in batches made on the device, for a given time."""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from pose.models.litepose import LitePose
from pose.training.bank import PhotoBank
from pose.training.checkpoint import TrainingError, check_same_recipe, damaged_checkpoint, plain_write_errors
from pose.training.clock import Clock, rate
from pose.training.device_forward import suited_forward
from pose.training.fit_batches import FitSettings, make_views, view_loss
from pose.training.interruption import Interrupted, Interruption
from pose.training.loop import StepReport
from pose.training.optimisation import make_optimiser, set_training_mode, update_average
from pose.training.state_parts import load_state, save_state

LOG = "losses.csv"


@dataclass(frozen=True, slots=True)
class Length:
    """How long a run trains: `minutes` of the clock over all its sessions, or `steps` if that is given.

    stop_after: pause at this step.
    """

    minutes: float = 0.0
    steps: int | None = None
    stop_after: int | None = None


def fit(
    model: LitePose,
    bank: PhotoBank,
    probabilities: NDArray[np.float64],
    settings: FitSettings,
    length: Length,
    folder: Path,
    device: torch.device,
    teacher: Callable[[Tensor], Tensor] | None = None,
    recipe: dict[str, Any] | None = None,
    report: Callable[[StepReport | str], None] = lambda row: None,
) -> LitePose:
    """Trains and returns the averaged network; goes on where `folder` has a run.

    probabilities: (N,) of drawing each photo. teacher: views as the network reads them → heatmaps (V, K, S/2, S/2).
    recipe: plain values that identify the run; it is not continued with others. Ctrl-C saves the run and is raised.
    Raises TrainingError if the loss is no longer finite or files fail.
    """
    with plain_write_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    model.to(device)
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(not (settings.frozen and name.startswith(settings.frozen)))
    set_training_mode(model, settings.batch_norm)
    average = copy.deepcopy(model).eval().requires_grad_(False)
    optimiser = make_optimiser(model, settings.optimiser)
    stateful: dict[str, Any] = {"model": model, "average": average, "optimiser": optimiser}
    recipe = recipe or json.loads(json.dumps(asdict(settings)))
    step, spent = _restore(folder, stateful, recipe)
    forward = suited_forward(model, device, make_views(bank, probabilities, settings, step, device).images, report)
    clock = Clock(length.minutes, spent)
    saved_at = logged_at = clock.spent_s
    sums, since = torch.zeros(3, device=device), 0

    def part() -> float:
        return clock.part if length.steps is None else step / length.steps

    def save() -> None:
        states = {name: item.state_dict() for name, item in stateful.items()}
        save_state(folder, states | {"step": step, "spent_s": clock.spent_s, "recipe": recipe})

    with Interruption() as interruption:
        while (now := part()) < 1 and step != length.stop_after:
            try:
                interruption.check()
            except Interrupted:
                save()
                raise
            lr = rate(now, settings.optimiser.lr, settings.warm_up)
            for group in optimiser.param_groups:
                group["lr"] = lr
            batch = make_views(bank, probabilities, settings, step, device)
            taught = None if teacher is None else teacher(batch.plain)
            losses = view_loss(forward(batch.images), batch.targets, settings, taught)
            optimiser.zero_grad(set_to_none=True)
            losses["total"].backward()
            if settings.optimiser.clip_norm:
                nn.utils.clip_grad_norm_(model.parameters(), settings.optimiser.clip_norm)
            optimiser.step()
            update_average(average, model, settings.ema, step)
            step += 1
            sums += torch.stack([losses[name].detach() for name in ("heatmap", "pull", "push")])
            since += 1
            if step % settings.log_every == 0:
                seconds, logged_at = clock.spent_s - logged_at, clock.spent_s
                heatmap, pull, push = (sums / since).tolist()
                speed = since * settings.batch / max(seconds, 1e-9)
                row = StepReport(step, batch.images.shape[2], lr, heatmap, pull, push, speed)
                if not math.isfinite(heatmap + pull + push):
                    raise TrainingError(f"The numbers are no longer finite at step {step}: take a smaller rate.")
                sums, since = torch.zeros_like(sums), 0
                _log(folder / LOG, row)
                report(row)
            if clock.spent_s - saved_at > settings.checkpoint_every_s:
                save()
                saved_at = clock.spent_s
    save()
    return average


def last_step(folder: Path) -> int:
    """Steps that the run in `folder` has done; 0 if there is none."""
    saved = load_state(folder)
    return 0 if saved is None else int(saved["step"])


def _restore(folder: Path, stateful: dict[str, Any], recipe: dict[str, Any]) -> tuple[int, float]:
    """Steps done and seconds spent by the run in `folder`, 0 if there is none."""
    saved = load_state(folder)
    if saved is None:
        return 0, 0.0
    check_same_recipe(folder, saved.get("recipe", {}), recipe)
    try:
        for name, item in stateful.items():
            item.load_state_dict(saved[name])
        _drop_rows_after(folder / LOG, saved["step"])
        return saved["step"], float(saved["spent_s"])
    except (RuntimeError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise damaged_checkpoint(folder, error) from error


def _log(path: Path, row: StepReport) -> None:
    values = asdict(row)
    with plain_write_errors(path.parent):
        is_new = not path.exists()
        with path.open("a", encoding="utf-8") as file:
            if is_new:
                file.write(",".join(values) + "\n")
            file.write(",".join(f"{v:.6g}" if isinstance(v, float) else str(v) for v in values.values()) + "\n")


def _drop_rows_after(path: Path, step: int) -> None:
    """What a run that was cut off had logged beyond its saved state."""
    if path.is_file():
        with plain_write_errors(path.parent):
            head, *rows = path.read_text(encoding="utf-8").splitlines()
            kept = [row for row in rows if row.split(",")[0].isdigit() and int(row.split(",")[0]) <= step]
            path.write_text("\n".join([head, *kept]) + "\n", encoding="utf-8")
