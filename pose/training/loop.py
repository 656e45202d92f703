"""The training loop: one step is a function of the step number and the state, so that runs resume exactly."""

from __future__ import annotations

import copy
import math
import os
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn

from pose.errors import PoseStudioError
from pose.models.litepose import LitePose
from pose.training.ahead import Ahead
from pose.training.checkpoint import (
    Checkpoint,
    TrainingError,
    restore,
    save_checkpoint,
)
from pose.training.config import LoopSettings
from pose.training.data import Batch, Batches, view_size
from pose.training.interruption import Interrupted, Interruption
from pose.training.losses import Losses, pose_losses
from pose.training.optimisation import (
    learning_rate,
    make_optimiser,
    measuring_batch_norm,
    set_training_mode,
    update_average,
)

Forward = Callable[[Tensor], tuple[Tensor, Tensor]]


@dataclass(frozen=True, slots=True)
class StepReport:
    """One finished step: losses of its batch, and speed over all processes."""

    step: int
    size: int
    lr: float
    heatmap: float
    pull: float
    push: float
    photos_per_s: float


@dataclass(frozen=True, slots=True)
class Run:
    """Where a run is kept. recipe: plain values that identify it. stop_after: pause at this step.

    interruption: asked for by Ctrl-C; what makes batches should end early then.
    """

    folder: Path
    recipe: dict[str, Any]
    resume: bool = False
    stop_after: int | None = None
    interruption: Interruption = field(default_factory=Interruption)


@dataclass(frozen=True, slots=True)
class Hooks:
    """begin(first step) before the first step, report after every step, evaluate with (step, averaged model) at times
    and when it stops, tell with a sentence for the user. Called in the first process only."""

    begin: Callable[[int], None]
    report: Callable[[StepReport], None]
    evaluate: Callable[[int, LitePose], None]
    tell: Callable[[str], None]


def train(model: LitePose, batches: Batches, settings: LoopSettings, run: Run, hooks: Hooks) -> LitePose:
    """Trains `model` in place, saving checkpoints, and returns the averaged model.

    Under torchrun every process draws its own part of each step's images. Raises TrainingError if the run cannot be
    resumed or the loss overflows, and KeyboardInterrupt once the state at a Ctrl-C is saved.
    """
    rank, world = int(os.environ.get("RANK", "0")), int(os.environ.get("WORLD_SIZE", "1"))
    device = torch.device(f"cuda:{os.environ.get('LOCAL_RANK', '0')}" if torch.cuda.is_available() else "cpu")
    if settings.threads:
        torch.set_num_threads(settings.threads)
    model.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    average = copy.deepcopy(model).eval().requires_grad_(False)
    optimiser = make_optimiser(model, settings.optimiser)
    scaler = torch.amp.GradScaler(device.type, enabled=_uses_amp(settings, device))
    stateful: dict[str, Any] = {"model": model, "average": average, "optimiser": optimiser, "scaler": scaler}
    first = 0
    if run.resume:
        first = restore(run.folder, run.recipe, stateful)
    last = min(settings.steps, run.stop_after or settings.steps)
    set_training_mode(model, settings.batch_norm)
    forward = make_forward(model, settings, device)

    def load(step: int) -> tuple[int, Batch]:
        size = view_size(settings.seed, step, settings.sizes, settings.size_weights)
        start = (step * world + rank) * settings.batch
        numbers = list(range(start, start + settings.batch))
        return size, batches(step, size, numbers, (settings.seed, step, rank))

    def save(step: int) -> None:
        if rank == 0:
            states = {name: part.state_dict() for name, part in stateful.items()}
            save_checkpoint(run.folder, Checkpoint(step, run.recipe, **states))

    def evaluate(step: int) -> None:
        if rank == 0:
            hooks.evaluate(step, calibrated(average, load, step, settings, device))

    if rank == 0:
        hooks.begin(first)
    if first >= last:
        evaluate(first)  # the last time may have been cut off there
        return average
    saved_step = first
    # Several processes must not stop at different steps: there Ctrl-C ends them at once.
    asked = run.interruption if world == 1 else nullcontext()
    with asked, Ahead(load, range(first, last), settings.loaders, run.interruption) as ahead:
        started = time.perf_counter()
        for step in range(first, last):
            try:
                size, batch = ahead.next()
            except (Interrupted, PoseStudioError):
                # Between two steps: the state is whole, and the work since the last checkpoint is not lost.
                if step > saved_step and is_finite(model):
                    save(step)
                    saved_step = step
                if rank == 0 and saved_step:
                    hooks.tell(f"Step {saved_step} of {settings.steps} is saved; go on with --resume.")
                raise
            lr = learning_rate(step, settings.steps, settings.optimiser)
            losses = train_step(forward, model, optimiser, scaler, batch.to(device), lr, settings)
            update_average(average, model, settings.ema, step)
            done = step + 1
            if rank == 0:
                now = time.perf_counter()
                hooks.report(_report(done, size, lr, losses, settings.batch * world / (now - started)))
                started = now
            measures = done % settings.evaluate_every == 0 or done == last
            if measures or done % settings.checkpoint_every == 0:
                check_finite(model, done)
                save(done)
                saved_step = done
            if measures:
                evaluate(done)
                started = time.perf_counter()
    return average


def train_step(
    forward: Forward,
    model: nn.Module,
    optimiser: torch.optim.Optimizer,
    scaler: torch.amp.GradScaler,
    batch: Batch,
    lr: float,
    settings: LoopSettings,
) -> Losses:
    for group in optimiser.param_groups:
        group["lr"] = lr
    coarse, fine = forward(batch.images)
    losses = pose_losses(coarse, fine, batch, settings.loss)
    optimiser.zero_grad(set_to_none=True)
    scaler.scale(losses.total).backward()
    if settings.optimiser.clip_norm:
        scaler.unscale_(optimiser)
        nn.utils.clip_grad_norm_(model.parameters(), settings.optimiser.clip_norm)
    scaler.step(optimiser)
    scaler.update()
    return losses


def make_forward(model: LitePose, settings: LoopSettings, device: torch.device) -> Forward:
    """The forward pass for the device: mixed precision on CUDA, channels last."""
    network: nn.Module = model
    if dist.is_initialized():
        network = nn.parallel.DistributedDataParallel(model)

    def forward(images: Tensor) -> tuple[Tensor, Tensor]:
        with torch.autocast(device.type, torch.float16, enabled=_uses_amp(settings, device)):
            coarse, fine = network(images.contiguous(memory_format=torch.channels_last))
        return coarse.float(), fine.float()

    return forward


def calibrated(
    average: LitePose,
    load: Callable[[int], tuple[int, Batch]],
    step: int,
    settings: LoopSettings,
    device: torch.device,
) -> LitePose:
    """A copy of the averaged model whose batch statistics are measured with the averaged weights."""
    if settings.batch_norm == "frozen" or not settings.calibrate_batches:
        return average
    copied = copy.deepcopy(average)
    with torch.no_grad(), measuring_batch_norm(copied):
        for i in range(settings.calibrate_batches):
            copied(load(step + i)[1].images.to(device, memory_format=torch.channels_last))
    return copied


_OVERFLOW = (
    "The numbers are no longer finite at step {}; start again with a smaller learning rate, in another output folder."
)


def is_finite(model: nn.Module) -> bool:
    return all(bool(torch.isfinite(value).all()) for value in model.state_dict().values())


def check_finite(model: nn.Module, step: int) -> None:
    """Raises TrainingError rather than let ruined weights replace a good checkpoint."""
    if not is_finite(model):
        raise TrainingError(_OVERFLOW.format(step))


def _report(step: int, size: int, lr: float, losses: Losses, photos_per_s: float) -> StepReport:
    heatmap, pull, push = (float(v.detach()) for v in (losses.heatmap, losses.pull, losses.push))
    if not all(math.isfinite(v) for v in (heatmap, pull, push)):
        raise TrainingError(_OVERFLOW.format(step))
    return StepReport(step, size, lr, heatmap, pull, push, photos_per_s)


def _uses_amp(settings: LoopSettings, device: torch.device) -> bool:
    return device.type == "cuda" and settings.precision != "fp32"
