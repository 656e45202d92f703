"""Optimiser, learning rate as a function of the step, averaged weights, batch statistics."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import torch
from torch import nn

from pose.training.config import OptimiserSettings
from pose.training.muon import Muon, pointwise_matrices


class OptimiserChoice(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def lr(self) -> float: ...

    @property
    def weight_decay(self) -> float: ...


def make_optimiser(model: nn.Module, settings: OptimiserChoice) -> torch.optim.Optimizer:
    """Weight decay on convolution weights only."""
    matrices = pointwise_matrices(model) if settings.name == "muon" else []
    apart = {id(p) for p in matrices}
    decayed = [p for p in model.parameters() if p.dim() > 1 and id(p) not in apart]
    others = [p for p in model.parameters() if p.dim() <= 1]
    groups = [{"params": decayed, "weight_decay": settings.weight_decay}, {"params": others, "weight_decay": 0.0}]
    if settings.name == "muon":
        orthogonal = {"params": matrices, "weight_decay": settings.weight_decay, "orthogonal": True}
        return Muon([orthogonal, *({**group, "orthogonal": False} for group in groups)], lr=settings.lr)
    kind = torch.optim.AdamW if settings.name == "adamw" else torch.optim.Adam
    return kind(groups, lr=settings.lr)


def learning_rate(step: int, steps: int, settings: OptimiserSettings) -> float:
    """Linear warm-up, then cosine to 2 % of the peak, division by 10 at each milestone, or constant."""
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
        real = [name for name, value in theirs.items() if value.is_floating_point()]
        torch._foreach_lerp_([ours[n] for n in real], [theirs[n] for n in real], 1 - decay)
        for name in theirs.keys() - set(real):
            ours[name].copy_(theirs[name])


def batch_norms(model: nn.Module) -> list[nn.BatchNorm2d]:
    return [m for m in model.modules() if isinstance(m, nn.BatchNorm2d)]


def set_training_mode(model: nn.Module, batch_norm: str) -> None:
    """Training mode; with batch_norm "frozen" the statistics stay as they are."""
    model.train()
    if batch_norm == "frozen":
        for layer in batch_norms(model):
            layer.eval()


@contextmanager
def measuring_batch_norm(model: nn.Module) -> Iterator[None]:
    """Inside, forward passes replace the running statistics by their plain mean over these passes."""
    layers = batch_norms(model)
    before = [(layer.momentum, layer.training) for layer in layers]
    for layer in layers:
        layer.reset_running_stats()
        layer.momentum = None
        layer.train()
    try:
        yield
    finally:
        for layer, (momentum, training) in zip(layers, before, strict=True):
            layer.momentum = momentum
            layer.train(training)
