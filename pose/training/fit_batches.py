"""What one step trains on: views and their targets, made on the device, and the loss of a network's maps on them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from pose.models.litepose import upsample_and_average
from pose.normalisation import MEAN_RGB, STD_RGB
from pose.training.augment import AugmentSettings
from pose.training.bank import PhotoBank
from pose.training.losses import LossSettings, tag_losses
from pose.training.view_targets import ViewTargets, make_view_targets
from pose.training.views import Placement, draw, place, recolour, stitch


@dataclass(frozen=True, slots=True)
class FitOptimiser:
    """lr: the peak, reached after the warm-up; a cosine leads down from it. clip_norm: of the gradient, 0 = none."""

    name: Literal["adam", "adamw", "muon"] = "muon"
    lr: float = 1.5e-4
    weight_decay: float = 0.0
    clip_norm: float = 1.0


@dataclass(frozen=True, slots=True)
class FitSettings:
    """How a run trains.

    sizes: views in pixels, one drawn per step with size_weights. mosaic: share of views that show four photos.
    frozen: parts of the network, by the beginning of their names, that keep their weights. warm_up: part of the run.
    batch_norm: "frozen" keeps the statistics of the start. ema: decay of the averaged weights, the ones that are kept.
    teacher_weight: how much a place counts where labels are silent and a teacher's maps stand in.
    checkpoint_every_s: seconds between saved states. log_every: steps between rows of the log.
    """

    batch: int = 8
    sizes: tuple[int, ...] = (256,)
    size_weights: tuple[float, ...] = ()
    mosaic: float = 0.25
    seed: int = 0
    ema: float = 0.998
    frozen: tuple[str, ...] = ()
    batch_norm: Literal["train", "frozen"] = "frozen"
    warm_up: float = 0.04
    teacher_weight: float = 0.5
    checkpoint_every_s: float = 240.0
    log_every: int = 1
    optimiser: FitOptimiser = field(default_factory=FitOptimiser)
    augment: AugmentSettings = field(default_factory=AugmentSettings)
    loss: LossSettings = field(default_factory=lambda: LossSettings(10.0, 1e-2, 3e-3))


@dataclass(frozen=True)
class ViewBatch:
    """images: (V, 3, S, S) float32 normalised RGB, channels last. plain: the same before their colours were changed."""

    images: Tensor
    plain: Tensor
    targets: ViewTargets


def make_views(
    bank: PhotoBank, probabilities: NDArray[np.float64], settings: FitSettings, step: int, device: torch.device
) -> ViewBatch:
    """The batch of a step; all that is random is a function of the seed and the step. probabilities: of each photo."""
    rng = np.random.default_rng((settings.seed, step))
    share = np.array(settings.size_weights or (1.0,) * len(settings.sizes))
    size = int(rng.choice(settings.sizes, p=share / share.sum()))
    fours = math.floor(settings.mosaic * settings.batch + rng.random())

    def placed(count: int, side: int) -> Placement | None:
        if not count:
            return None
        photos = rng.choice(len(bank), count, p=probabilities)
        return place(rng, bank, photos, side, settings.augment)

    single, quarters = placed(settings.batch - fours, size), placed(4 * fours, size // 2)
    views = [draw(bank, single, device)] if single is not None else []
    if quarters is not None:
        views.append(stitch(draw(bank, quarters, device)))
    plain = torch.cat(views)
    targets = make_view_targets(bank, single, quarters, device)
    return ViewBatch(normalised(recolour(rng, plain, settings.augment)), normalised(plain), targets)


def normalised(views: Tensor) -> Tensor:
    """RGB in [0, 255] → what the network reads, channels last."""
    mean, std = (torch.tensor(v, device=views.device).reshape(1, 3, 1, 1) for v in (MEAN_RGB, STD_RGB))
    return ((views / 255 - mean) / std).contiguous(memory_format=torch.channels_last)


def view_loss(
    outputs: tuple[Tensor, Tensor], targets: ViewTargets, settings: FitSettings, taught: Tensor | None = None
) -> dict[str, Tensor]:
    """`total` and its parts: weighted squared error of the decoded maps, pull and push of the tags.

    outputs: coarse and fine maps, float32. taught: a teacher's decoded maps, which stand in where labels are silent.
    """
    decoded, tags = upsample_and_average(*outputs)
    goal, weight = targets.heatmaps, targets.weights
    if taught is not None:
        silent = weight == 0
        goal = torch.where(silent, taught, goal)
        weight = weight + settings.teacher_weight * silent
    high = torch.maximum(goal, decoded.detach()).clamp(0, 1)
    heatmap = ((decoded - goal).square() * weight * (1 + settings.loss.foreground * high)).mean()
    read = tags.reshape(-1)[targets.tag_cells]
    pull, push = tag_losses(read, targets.tag_people, targets.person_images, len(decoded))
    total = heatmap + settings.loss.pull * pull + settings.loss.push * push
    return {"total": total, "heatmap": heatmap, "pull": pull, "push": push}
