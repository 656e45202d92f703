"""Training from labels, pseudo-labels and a teacher, in batches made on the device, for a given time."""

from __future__ import annotations

import copy
import json
import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from pose.models.litepose import LitePose, upsample_and_average
from pose.normalisation import MEAN_RGB, STD_RGB
from pose.skeleton import BODY19
from pose.training.augment import AugmentSettings
from pose.training.bank import PhotoBank
from pose.training.clock import Clock, rate
from pose.training.config import OptimiserSettings
from pose.training.losses import LossSettings, tag_losses
from pose.training.optimisation import make_optimiser, set_training_mode, update_average
from pose.training.view_targets import ViewTargets, make_view_targets
from pose.training.views import draw, place, recolour, stitch

CHECKPOINT = "fit.pt"
LOG = "fit.csv"


@dataclass(frozen=True, slots=True)
class FitSettings:
    """How a run trains.

    sizes: views in pixels, one drawn per step with size_weights. mosaic: share of a batch's views that show four photos.
    frozen: parts of the network, by the beginning of their names, that keep their weights. warm_up: part of the time.
    batch_norm: "frozen" keeps the statistics of the start. ema: decay of the averaged weights, the ones that are kept.
    teacher_weight: how much a place counts where labels are silent and a teacher's maps stand in.
    """

    batch: int = 8
    sizes: tuple[int, ...] = (256,)
    size_weights: tuple[float, ...] = ()
    mosaic: float = 0.25
    seed: int = 0
    ema: float = 0.998
    frozen: tuple[str, ...] = ()
    batch_norm: str = "frozen"
    warm_up: float = 0.04
    teacher_weight: float = 0.5
    checkpoint_every_s: float = 240.0
    optimiser: OptimiserSettings = field(
        default_factory=lambda: OptimiserSettings("muon", 1.5e-4, clip_norm=1.0)
    )
    augment: AugmentSettings = field(default_factory=AugmentSettings)
    loss: LossSettings = field(default_factory=lambda: LossSettings(10.0, 1e-2, 3e-3))


@dataclass(frozen=True)
class ViewBatch:
    """images: (V, 3, S, S) float32 normalised RGB, coloured; plain: the same before its colours changed."""

    images: Tensor
    plain: Tensor
    targets: ViewTargets


def make_views(
    bank: PhotoBank, probabilities: np.ndarray, settings: FitSettings, step: int, keypoints: int, device: torch.device
) -> ViewBatch:
    """The batch of a step: the same arguments give the same views on the same kind of device."""
    rng = np.random.default_rng((settings.seed, step))
    share = np.array(settings.size_weights or (1.0,) * len(settings.sizes))
    size = int(rng.choice(settings.sizes, p=share / share.sum()))
    fours = math.floor(settings.mosaic * settings.batch + rng.random())
    singles = settings.batch - fours

    def placed(count: int, side: int):  # type: ignore[no-untyped-def]
        if not count:
            return None
        photos = rng.choice(len(bank), count, p=probabilities)
        return place(rng, bank, photos, side, settings.augment)

    single, quarters = placed(singles, size), placed(4 * fours, size // 2)
    views = [draw(bank, single, device)] if single is not None else []
    if quarters is not None:
        views.append(stitch(draw(bank, quarters, device)))
    plain = torch.cat(views)
    targets = make_view_targets(bank, single, quarters, BODY19.flip_index[:keypoints], device)
    return ViewBatch(normalised(recolour(rng, plain, settings.augment)), normalised(plain), targets)


def normalised(views: Tensor) -> Tensor:
    """RGB in [0, 255] → what the network reads, channels last."""
    mean, std = (torch.tensor(v, device=views.device).reshape(1, 3, 1, 1) for v in (MEAN_RGB, STD_RGB))
    return ((views / 255 - mean) / std).contiguous(memory_format=torch.channels_last)


def view_loss(
    outputs: tuple[Tensor, Tensor], batch: ViewBatch, settings: FitSettings, taught: Tensor | None = None
) -> tuple[Tensor, dict[str, Tensor]]:
    """Weighted squared error of the decoded maps, and of the tags. taught: the teacher's maps, where labels are silent."""
    coarse, fine = (o.float() for o in outputs)
    targets = batch.targets
    decoded, tags = upsample_and_average(coarse, fine)
    goal, weight = targets.heatmaps, targets.weights
    if taught is not None:
        silent = weight == 0
        goal = torch.where(silent, taught, goal)
        weight = torch.where(silent, settings.teacher_weight, weight)
    high = torch.maximum(goal, decoded.detach()).clamp(0, 1)
    heatmap = ((decoded - goal).square() * weight * (1 + settings.loss.foreground * high)).mean()
    read = tags.reshape(-1)[targets.tag_cells]
    pull, push = tag_losses(read, targets.tag_people, targets.person_images, len(coarse))
    total = heatmap + settings.loss.pull * pull + settings.loss.push * push
    return total, {"heatmap": heatmap, "pull": pull, "push": push}


Forward = Callable[[Tensor], tuple[Tensor, Tensor]]


def make_forward(network: nn.Module, device: torch.device, compiled: bool = False) -> Forward:
    """bfloat16 on CUDA, float32 on a CPU."""
    called = torch.compile(network) if compiled else network

    def forward(images: Tensor) -> tuple[Tensor, Tensor]:
        with torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda"):
            coarse, fine = called(images)
        return coarse.float(), fine.float()

    return forward


def fit(
    model: LitePose,
    bank: PhotoBank,
    probabilities: np.ndarray,
    settings: FitSettings,
    minutes: float,
    folder: Path,
    device: torch.device,
    teacher: Callable[[Tensor], Tensor] | None = None,
    max_steps: int | None = None,
    compiled: bool = False,
    report: Callable[[dict[str, Any]], None] = lambda row: None,
) -> LitePose:
    """Trains for `minutes`, over all sessions, and returns the averaged network; goes on where `folder` has a run.

    probabilities: (N,) of drawing each photo. teacher: views as the network reads them → heatmaps (V, K, S/2, S/2).
    max_steps ends earlier, for rehearsals: the clock then runs with the steps.
    """
    folder.mkdir(parents=True, exist_ok=True)
    model.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(not name.startswith(settings.frozen) if settings.frozen else True)
    set_training_mode(model, settings.batch_norm)
    average = copy.deepcopy(model).eval().requires_grad_(False)
    optimiser = make_optimiser(model, settings.optimiser)
    stateful = {"model": model, "average": average, "optimiser": optimiser}
    step, spent = 0, 0.0
    if (folder / CHECKPOINT).is_file():
        saved = torch.load(folder / CHECKPOINT, map_location="cpu", weights_only=True)
        for name, part in stateful.items():
            part.load_state_dict(saved[name])
        step, spent = saved["step"], saved["spent_s"]
    forward = make_forward(model, device, compiled)
    clock = Clock(minutes, spent)
    saved_at = clock.spent_s

    def save() -> None:
        states = {name: part.state_dict() for name, part in stateful.items()}
        temporary = folder / (CHECKPOINT + ".new")
        torch.save(states | {"step": step, "spent_s": clock.spent_s, "settings": json.dumps(asdict(settings))}, temporary)
        temporary.replace(folder / CHECKPOINT)

    part = clock.part if max_steps is None else step / max_steps
    while part < 1:
        began = time.perf_counter()
        lr = rate(part, settings.optimiser.lr, settings.warm_up)
        for group in optimiser.param_groups:
            group["lr"] = lr
        batch = make_views(bank, probabilities, settings, step, model.num_keypoints, device)
        taught = None if teacher is None else teacher(batch.plain)
        total, parts = view_loss(forward(batch.images), batch, settings, taught)
        optimiser.zero_grad(set_to_none=True)
        total.backward()
        if settings.optimiser.clip_norm:
            nn.utils.clip_grad_norm_(model.parameters(), settings.optimiser.clip_norm)
        optimiser.step()
        update_average(average, model, settings.ema, step)
        step += 1
        row = {
            "step": step, "part": round(part, 5), "size": batch.images.shape[2], "lr": lr,
            **{name: float(value.detach()) for name, value in parts.items()},
            "views_per_s": settings.batch / (time.perf_counter() - began),
        }  # fmt: skip
        _log(folder / LOG, row)
        report(row)
        if clock.spent_s - saved_at > settings.checkpoint_every_s:
            save()
            saved_at = clock.spent_s
        part = clock.part if max_steps is None else step / max_steps
    save()
    return average


def _log(path: Path, row: dict[str, Any]) -> None:
    is_new = not path.exists()
    with path.open("a", encoding="utf-8") as file:
        if is_new:
            file.write(",".join(row) + "\n")
        file.write(",".join(f"{v:.6g}" if isinstance(v, float) else str(v) for v in row.values()) + "\n")
