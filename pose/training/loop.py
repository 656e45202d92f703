"""The training loop: one step is a function of the step number and the state, so that runs resume exactly."""

from __future__ import annotations

import copy
import math
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from pose.models.litepose import LitePose
from pose.skeleton import Skeleton
from pose.training.checkpoint import Checkpoint, TrainingError, load_checkpoint, save_checkpoint
from pose.training.config import LoopSettings, OptimiserSettings
from pose.training.data import Batch, Examples, make_batch, view_size
from pose.training.losses import Losses, pose_losses

Forward = Callable[[Tensor], tuple[Tensor, Tensor]]


@dataclass(frozen=True, slots=True)
class StepReport:
    """One finished step: means over the step's batch, and speed."""

    step: int
    size: int
    lr: float
    heatmap: float
    pull: float
    push: float
    photos_per_s: float


@dataclass(frozen=True, slots=True)
class Hooks:
    """What the loop calls. report: after every step. evaluate: with (step, averaged model), at times and at the end."""

    report: Callable[[StepReport], None]
    evaluate: Callable[[int, LitePose], None]


def train(
    model: LitePose,
    examples: Examples,
    draw: Callable[[int, int], int],
    skeleton: Skeleton,
    settings: LoopSettings,
    folder: Path,
    recipe: dict[str, Any],
    hooks: Hooks,
    resume: bool = False,
    stop_after: int | None = None,
) -> LitePose:
    """Trains `model` in place and returns the averaged model.

    draw(step, number): the index of the `number`-th picture drawn since the beginning, at that step.
    stop_after: end the process's share of the run at this step (the run can be resumed).
    """
    rank, world = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
    device = torch.device(f"cuda:{os.environ.get('LOCAL_RANK', 0)}" if torch.cuda.is_available() else "cpu")
    if settings.threads:
        torch.set_num_threads(settings.threads)
    model.to(device, memory_format=torch.channels_last)
    average = copy.deepcopy(model).eval().requires_grad_(False)
    optimiser = make_optimiser(model, settings.optimiser)
    scaler = torch.amp.GradScaler(device.type, enabled=_uses_amp(settings, device))
    first = 0
    if resume:
        saved = load_checkpoint(folder, recipe)
        model.load_state_dict(saved.model)
        average.load_state_dict(saved.average)
        optimiser.load_state_dict(saved.optimiser)
        scaler.load_state_dict(saved.scaler)
        first = saved.step
    set_batch_norm(model, settings.batch_norm)
    forward = make_forward(model, settings, device)
    last = min(settings.steps, stop_after or settings.steps)

    def load(step: int) -> tuple[int, Batch]:
        size = view_size(settings.seed, step, settings.sizes, settings.size_weights or (1.0,) * len(settings.sizes))
        start = (step * world + rank) * settings.batch
        indices = [draw(step, start + i) for i in range(settings.batch)]
        return size, make_batch(examples, indices, size, (settings.seed, step, rank), settings.augment, skeleton.flip_index)

    def save(step: int) -> None:
        if rank == 0:
            states = (model.state_dict(), average.state_dict(), optimiser.state_dict(), scaler.state_dict())
            save_checkpoint(folder, Checkpoint(step, recipe, *states))

    with ThreadPoolExecutor(max_workers=1) as ahead:
        upcoming = ahead.submit(load, first) if first < last else None
        started = time.perf_counter()
        for step in range(first, last):
            assert upcoming is not None
            size, batch = upcoming.result()
            upcoming = ahead.submit(load, step + 1) if step + 1 < last else None
            lr = learning_rate(step, settings.steps, settings.optimiser)
            losses = train_step(forward, model, optimiser, scaler, batch.to(device), lr, settings)
            update_average(average, model, settings.ema, step)
            now = time.perf_counter()
            values = [float(v.detach()) for v in (losses.heatmap, losses.pull, losses.push)]
            if not all(math.isfinite(v) for v in values):
                raise TrainingError(f"The loss became infinite at step {step}; resume with a smaller learning rate.")
            speed = settings.batch * world / (now - started)
            started = now
            if rank == 0:
                hooks.report(StepReport(step + 1, size, lr, *values, speed))
            done = step + 1
            if done % settings.checkpoint_every == 0 or done == last:
                save(done)
            if rank == 0 and (done % settings.evaluate_every == 0 or done == settings.steps):
                hooks.evaluate(done, average)
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
    losses = pose_losses(
        coarse, fine, batch.coarse, batch.fine, batch.tag_cells, batch.tag_people, batch.person_images, settings.loss
    )
    optimiser.zero_grad(set_to_none=True)
    scaler.scale(losses.total).backward()
    if settings.optimiser.clip_norm:
        scaler.unscale_(optimiser)
        nn.utils.clip_grad_norm_(model.parameters(), settings.optimiser.clip_norm)
    scaler.step(optimiser)
    scaler.update()
    return losses


def make_forward(model: LitePose, settings: LoopSettings, device: torch.device) -> Forward:
    """The quickest forward pass for the device: mixed precision on CUDA, the fused one on CPUs that can."""
    if device.type == "cpu":
        from pose.training.cpu_forward import available, fast_forward

        if settings.precision != "fp32" and available():
            return lambda images: fast_forward(model, images)
        return lambda images: model(images.contiguous(memory_format=torch.channels_last))
    network: nn.Module = model
    if torch.distributed.is_initialized():
        network = nn.parallel.DistributedDataParallel(model, device_ids=[device.index])

    def forward(images: Tensor) -> tuple[Tensor, Tensor]:
        with torch.autocast("cuda", torch.float16, enabled=_uses_amp(settings, device)):
            coarse, fine = network(images.contiguous(memory_format=torch.channels_last))
        return coarse.float(), fine.float()

    return forward


def _uses_amp(settings: LoopSettings, device: torch.device) -> bool:
    return device.type == "cuda" and settings.precision != "fp32"


def make_optimiser(model: nn.Module, settings: OptimiserSettings) -> torch.optim.Optimizer:
    """Weight decay on convolution weights only."""
    decayed = [p for p in model.parameters() if p.dim() > 1]
    others = [p for p in model.parameters() if p.dim() <= 1]
    groups = [{"params": decayed, "weight_decay": settings.weight_decay}, {"params": others, "weight_decay": 0.0}]
    kind = torch.optim.AdamW if settings.name == "adamw" else torch.optim.Adam
    return kind(groups, lr=settings.lr)


def learning_rate(step: int, steps: int, settings: OptimiserSettings) -> float:
    if step < settings.warmup_steps:
        return settings.lr * (step + 1) / settings.warmup_steps
    part = (step - settings.warmup_steps) / max(1, steps - settings.warmup_steps)
    if settings.schedule == "cosine":
        return settings.lr * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * part)))
    if settings.schedule == "steps":
        return settings.lr * 0.1 ** sum(step >= m * steps for m in settings.milestones)
    return settings.lr


def update_average(average: nn.Module, model: nn.Module, decay: float, step: int) -> None:
    """Exponential moving average of all floating-point state; younger runs forget faster."""
    decay = min(decay, (1 + step) / (10 + step))
    with torch.no_grad():
        ours, theirs = average.state_dict(), model.state_dict()
        for name, value in theirs.items():
            if value.is_floating_point():
                ours[name].lerp_(value, 1 - decay)
            else:
                ours[name].copy_(value)


def set_batch_norm(model: nn.Module, mode: str) -> None:
    model.train()
    if mode == "frozen":
        for module in model.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.eval()


@contextmanager
def measuring_batch_norm(model: nn.Module) -> Iterator[None]:
    """Inside, forward passes replace the running statistics by their plain mean over these passes."""
    layers = [m for m in model.modules() if isinstance(m, nn.BatchNorm2d)]
    before = [(m.momentum, m.training) for m in layers]
    for m in layers:
        m.reset_running_stats()
        m.momentum = None
        m.train()
    try:
        yield
    finally:
        for m, (momentum, training) in zip(layers, before, strict=True):
            m.momentum = momentum
            m.train(training)
