"""`train` for top-down networks: heatmaps of one person per crop, from labels and pseudo-labels."""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from torch import Tensor, nn

from pose.engines.select import create_engine
from pose.errors import PoseStudioError, SettingsError
from pose.evaluation.coco_labels import read_labels
from pose.evaluation.evaluate import check_images, map_joints, read_image, score
from pose.models.architectures import ARCHITECTURES, CROPS
from pose.models.build import build_network
from pose.models.rmpg import RMPG, body_parts
from pose.settings_table import to_table
from pose.skeleton import SKELETONS, Skeleton
from pose.topdown.crops import crops_of, usable_boxes
from pose.topdown.refiner import HeatmapCrops
from pose.training.ahead import Ahead
from pose.training.checkpoint import (
    Checkpoint,
    TrainingError,
    prepare_folder,
    restore,
    save_checkpoint,
)
from pose.training.config import EvaluationData, OptimiserSettings
from pose.training.data import epoch_index
from pose.training.fit_recipe import SourceData
from pose.training.interruption import Interrupted, Interruption
from pose.training.journal import Journal
from pose.training.loop import StepReport, check_finite, is_finite
from pose.training.optimisation import learning_rate, make_optimiser, update_average
from pose.training.sources import read_source
from pose.training.start import find
from pose.training.topdown_crops import CropBatch, CropSettings, Person, make_crops, people_of
from pose.types import Poses
from pose.weights.library import load_state

# Of 210 epochs, the rate falls at 170 and 200.
PUBLISHED = OptimiserSettings("adam", 2e-3, schedule="steps", warmup_steps=500, milestones=(0.81, 0.95))


@dataclass(frozen=True, slots=True)
class TopDownConfig:
    """A recipe of `train` with crops.

    model: a top-down architecture. crops: labelled photos; weight = how often each person of one is drawn, relative to
    those of the others. height: of the crops. part_weight: of part supervision, for models with an RMPG; 0 = none.
    start: weights to begin with (file or name), "" = random.
    """

    model: str
    skeleton: str
    out: Path
    crops: tuple[SourceData, ...]
    steps: int
    batch: int = 32
    height: int = 256
    seed: int = 0
    ema: float = 0.999
    part_weight: float = 0.0
    start: str = ""
    checkpoint_every: int = 500
    evaluate_every: int = 2000
    threads: int = 0
    loaders: int = 2
    optimiser: OptimiserSettings = field(
        default_factory=lambda: OptimiserSettings(
            "adam", 2e-3, schedule="steps", warmup_steps=500, milestones=(0.81, 0.95)
        )
    )
    augment: CropSettings = field(default_factory=CropSettings)
    evaluation: EvaluationData | None = None

    def __post_init__(self) -> None:
        if self.model not in ARCHITECTURES or not ARCHITECTURES[self.model].top_down:
            known = ", ".join(name for name, arch in ARCHITECTURES.items() if arch.top_down)
            raise SettingsError(f'"model" must be a top-down network ({known}), not {self.model!r}.')
        if self.skeleton not in SKELETONS:
            raise SettingsError(f'"skeleton" must be one of {", ".join(SKELETONS)}, not {self.skeleton!r}.')
        if self.height not in CROPS:
            raise SettingsError(f'"height" must be one of {", ".join(map(str, CROPS))}, not {self.height}.')
        if not self.crops:
            raise SettingsError('"crops" must name at least one source.')
        for name in ("steps", "batch", "checkpoint_every", "evaluate_every", "loaders"):
            if getattr(self, name) < 1:
                raise SettingsError(f'"{name}" must be at least 1, not {getattr(self, name)}.')
        if not 0 <= self.ema < 1 or self.part_weight < 0 or self.optimiser.lr <= 0:
            raise SettingsError('"ema" must lie in [0, 1), "part_weight" not below 0 and "optimiser.lr" above 0.')
        if self.part_weight and "+rmpg" not in self.model:
            raise SettingsError(f"{self.model} has no RMPG whose parts could be supervised.")


def train_top_down(
    config: TopDownConfig, show: Callable[[StepReport | str], None], resume: bool = False, stop_after: int | None = None
) -> None:
    """Runs the recipe; results are in `config.out`. Raises PoseStudioError with one sentence for the user."""
    prepare_folder(config.out, resume)
    skeleton = SKELETONS[config.skeleton]
    people, shares = _people(config, skeleton)
    measure = box_accuracy(config.evaluation, config.model, skeleton, config.height, config.threads)
    torch.manual_seed(config.seed)
    if config.threads:
        torch.set_num_threads(config.threads)
    cv2.setNumThreads(1)  # photos are read by several threads already
    model = begin_with(config, skeleton)
    names = ", ".join((s.annotations or s.images).name for s in config.crops)
    journal = Journal(
        config.out, config.model, skeleton, config.height, "unknown", f"trained on {names}", measure, show
    )

    def load(step: int) -> CropBatch:
        rng = np.random.default_rng((config.seed, step, 5))
        source = rng.choice(len(people), p=shares, size=config.batch)
        numbers = range(step * config.batch, (step + 1) * config.batch)
        chosen = [
            people[s][epoch_index(config.seed + s, n, len(people[s]))] for s, n in zip(source, numbers, strict=True)
        ]
        return make_crops(chosen, CROPS[config.height], (config.seed, step), config.augment, skeleton)

    _loop(model, load, config, journal, body_parts(skeleton), resume, stop_after)


def _people(config: TopDownConfig, skeleton: Skeleton) -> tuple[list[list[Person]], list[float]]:
    """The people of every source, and how often each source is drawn."""
    people = []
    for source in config.crops:
        if source.annotations is None:
            raise SettingsError(f"The crops of {source.images} need annotations.")
        people.append(people_of(read_source(source.annotations, source.images, source.squeezed), skeleton))
        if not people[-1]:
            raise TrainingError(f"{source.annotations.name} holds nobody with enough joints of {skeleton.name}.")
    shares = np.array([len(p) * max(s.weight, 0.0) for p, s in zip(people, config.crops, strict=True)])
    if not shares.sum() > 0:
        raise TrainingError("All sources have the weight 0: nobody would be drawn.")
    return people, (shares / shares.sum()).tolist()


def begin_with(config: TopDownConfig, skeleton: Skeleton) -> nn.Module:
    """A network that begins at random, or with what weights of the same host have in common with it."""
    model = build_network(config.model, skeleton.num_keypoints, parts=config.part_weight > 0)
    if not config.start:
        return model
    start = find(config.start)
    if start.arch.partition("+")[0] != config.model.partition("+")[0]:
        raise TrainingError(f"The start weights {start.name} are {start.arch}, but {config.model} is to be trained.")
    own = model.state_dict()
    known = {name: torch.from_numpy(np.array(values)) for name, values in load_state(start).items() if name in own}
    model.load_state_dict({name: t for name, t in known.items() if t.shape == own[name].shape}, strict=False)
    return model


def crop_loss(model: nn.Module, batch: CropBatch, parts: list[list[int]], part_weight: float) -> tuple[Tensor, Tensor]:
    """Mean squared error of the heatmaps, joints weighted; and that of the part heatmaps of an RMPG, 0 without."""
    if not part_weight:
        return _weighted(model(batch.images), batch.targets, batch.weights), torch.zeros((), device=batch.images.device)
    caught: list[Tensor] = []
    neck = next(m for m in model.modules() if isinstance(m, RMPG))
    hook = neck.register_forward_pre_hook(lambda module, inputs: caught.append(inputs[0]))
    try:
        # The neck runs twice; the second time for its parts. It is small beside the network.
        heatmaps = model(batch.images)
    finally:
        hook.remove()
    _, found = neck.with_parts(caught[0])
    targets = torch.stack([batch.targets[:, joints].amax(dim=1) for joints in parts], dim=1)
    # A part with a joint that is not labelled would be taught to be background there.
    weights = torch.stack([batch.weights[:, joints].amin(dim=1) for joints in parts], dim=1)
    return _weighted(heatmaps, batch.targets, batch.weights), _weighted(found, targets, weights)


def _weighted(found: Tensor, expected: Tensor, weights: Tensor) -> Tensor:
    return ((found.float() - expected).square().mean(dim=(2, 3)) * weights).mean()


def _loop(
    model: nn.Module,
    load: Callable[[int], CropBatch],
    config: TopDownConfig,
    journal: Journal,
    parts: list[list[int]],
    resume: bool,
    stop_after: int | None,
) -> None:
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model.to(device).train()
    average = copy.deepcopy(model).eval().requires_grad_(False)
    optimiser = make_optimiser(model, config.optimiser)
    stateful: dict[str, Any] = {"model": model, "average": average, "optimiser": optimiser}
    recipe, first = to_table(config), 0
    if resume:
        first = restore(config.out, recipe, stateful)
    last = min(config.steps, stop_after or config.steps)

    def save(step: int) -> None:
        states = {name: part.state_dict() for name, part in stateful.items()}
        save_checkpoint(config.out, Checkpoint(step, recipe, **states, scaler={}))

    journal.begin(first)
    interruption = Interruption()
    steps = range(first, last)
    with interruption if steps else nullcontext(), Ahead(load, steps, config.loaders, interruption) as ahead:
        started = time.perf_counter()
        for step in steps:
            try:
                batch = ahead.next()
            except (Interrupted, PoseStudioError):
                if step > first and is_finite(model):
                    save(step)
                raise
            lr = learning_rate(step, config.steps, config.optimiser)
            for group in optimiser.param_groups:
                group["lr"] = lr
            batch = CropBatch(batch.images.to(device), batch.targets.to(device), batch.weights.to(device))
            heatmap, part = crop_loss(model, batch, parts, config.part_weight)
            optimiser.zero_grad(set_to_none=True)
            (heatmap + config.part_weight * part).backward()
            optimiser.step()
            update_average(average, model, config.ema, step)
            done, now = step + 1, time.perf_counter()
            journal.report(_row(done, config, lr, float(heatmap.detach()), float(part.detach()), now - started))
            started = now
            measures = done % config.evaluate_every == 0 or done == last
            if measures or done % config.checkpoint_every == 0:
                check_finite(model, done)
                save(done)
            if measures:
                journal.evaluate(done, without_part_heads(average))
                started = time.perf_counter()


def _row(step: int, config: TopDownConfig, lr: float, heatmap: float, part: float, seconds: float) -> StepReport:
    """The losses of a step; the part loss stands where bottom-up networks have their pull."""
    if not math.isfinite(heatmap + part):
        raise TrainingError(f"The numbers are no longer finite at step {step}: take a smaller learning rate.")
    return StepReport(step, config.height, lr, heatmap, part, 0.0, config.batch / seconds)


def without_part_heads(model: nn.Module) -> nn.Module:
    """A copy as it is used: part supervision is for training alone."""
    copied = copy.deepcopy(model)
    for module in copied.modules():
        if isinstance(module, RMPG):
            module.part_heads = nn.ModuleList()
    return copied


def box_accuracy(
    data: EvaluationData | None, arch: str, skeleton: Skeleton, height: int, threads: int
) -> Callable[[nn.Module], dict[str, float]]:
    """A function from a network to its AP when it is given the labelled boxes. Labels are checked at once."""
    if data is None:
        return lambda model: {}
    labels = read_labels(data.annotations)
    check_images(labels, data.images)
    joints = map_joints(labels.skeleton, skeleton, "all" if labels.skeleton is skeleton else "shared")

    def measure(model: nn.Module) -> dict[str, float]:
        state = {name: value.float().cpu().numpy() for name, value in model.state_dict().items()}
        engine = create_engine(state, arch, skeleton, threads=threads or None)
        network = HeatmapCrops(engine, skeleton, CROPS[height])
        found = []
        for image in labels.images:
            pixels = read_image(data.images / image.file_name, image)
            truths = image.truths
            boxes = np.concatenate(
                [truths.boxes_xywh[:, :2], truths.boxes_xywh[:, :2] + truths.boxes_xywh[:, 2:]], axis=1
            )
            boxes = boxes[usable_boxes(boxes, pixels.shape[:2]) & ~truths.crowd]
            crops = crops_of(boxes, CROPS[height])
            nobody = Poses.empty(skeleton.num_keypoints)
            poses = network.propose(crops.warp(pixels), crops, nobody) if len(boxes) else nobody
            found.append(Poses(poses.keypoints, poses.scores, poses.scores.mean(axis=1)))
        return {f"AP {height} with labelled boxes": score(labels, found, joints).metrics["AP"]}

    return measure
