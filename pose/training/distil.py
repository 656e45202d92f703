"""Teacher to student on unlabelled photos."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray

from pose.engines.base import Engine, Maps
from pose.engines.select import create_engine
from pose.models.config import LITEPOSE
from pose.models.litepose import LitePose
from pose.training.accuracy import accuracy_measure
from pose.training.checkpoint import TrainingError
from pose.training.config import DistilConfig, to_dict
from pose.training.data import Batches, Draw, Example, Examples, LabelledBatches, epoch_index
from pose.training.dense import dense_targets, teacher_resolution
from pose.training.dense_batches import DenseBatches, SizeSettings
from pose.training.journal import Journal
from pose.training.labelled import read_labelled_pictures
from pose.training.labels import PoseLabels
from pose.training.loop import Run, StepReport, train
from pose.training.photos import TeacherLabelledPhotos, find_photos
from pose.training.select import shrink
from pose.training.start import begin_with, find, load_network
from pose.training.targets import Targets
from pose.training.teacher import Network, TeacherSettings, pseudo_labels
from pose.weights import WeightsSpec, load_state

_SHRINK_PICTURES = 56
_TEACHER_FILE = "teacher.json"

Image = NDArray[np.uint8]
T = TypeVar("T")


@dataclass(frozen=True)
class _Mixed:
    """Photos, then labelled pictures, under one numbering."""

    photos: Examples
    labelled: Examples

    def __len__(self) -> int:
        return len(self.photos) + len(self.labelled)

    def __getitem__(self, index: int) -> Example:
        return self.photos[index] if index < len(self.photos) else self.labelled[index - len(self.photos)]


def distil(
    config: DistilConfig, show: Callable[[StepReport | str], None], resume: bool = False, stop_after: int | None = None
) -> None:
    """Runs the recipe; results are in `config.out`. Raises PoseStudioError with one sentence for the user."""
    teacher = find(config.teacher)
    settings = config.loop
    measure = accuracy_measure(
        config.evaluation, config.model, teacher.skeleton, LITEPOSE[config.model].input_size, settings.threads
    )
    batches = _batches(config, teacher)
    torch.manual_seed(settings.seed)
    if resume:
        model = begin_with("", config.model, teacher.skeleton.num_keypoints)
    else:
        model = _student(config, teacher, batches)
    journal = Journal(
        config.out, config.model, teacher.skeleton, LITEPOSE[config.model].input_size, teacher.licence,
        f"distilled from {teacher.name}", measure, show,
    )  # fmt: skip
    train(model, batches, settings, Run(config.out, to_dict(config), resume, stop_after), journal.hooks())


def _batches(config: DistilConfig, teacher: WeightsSpec) -> Batches:
    photos = find_photos(config.photos)
    photos = [photos[i] for i in np.random.default_rng(config.loop.seed).permutation(len(photos))]
    labelled: Examples | None = None
    if config.labelled is not None:
        labelled = read_labelled_pictures(
            config.labelled.images, config.labelled.annotations, teacher.skeleton, empty_images=False
        )
    draw = _draw(config, len(photos), 0 if labelled is None else len(labelled))
    augment, skeleton = config.loop.augment, teacher.skeleton
    if config.targets == "dense":
        look = _dense_teacher(config, teacher)
        sizes = _size_settings(config)
        return DenseBatches(photos, labelled, draw, look, sizes, augment, skeleton, config.stretch, config.loop.seed)
    seen = _teacher_labelled_photos(config, teacher, photos)
    return LabelledBatches(seen if labelled is None else _Mixed(seen, labelled), draw, augment, skeleton)


def _draw(config: DistilConfig, photos: int, labelled: int) -> Draw:
    """Photos have the indices from 0, labelled pictures those after them."""
    seed = config.loop.seed
    share = config.labelled.share if config.labelled is not None else 0.0

    def draw(step: int, number: int) -> int:
        rng = np.random.default_rng((seed, number, 3))
        pool = min(photos, int(config.pool_start + config.pool_growth * step) or photos)
        if share and rng.random() < share:
            return photos + int(rng.integers(labelled))
        return int(rng.integers(pool)) if pool < photos else epoch_index(seed, number, photos)

    return draw


def _size_settings(config: DistilConfig) -> dict[int, SizeSettings]:
    sizes = config.loop.sizes
    all_factors, mosaics = _one_each(config.dense.factors, len(sizes)), _one_each(config.dense.mosaic, len(sizes))
    return {
        size: SizeSettings(tuple(teacher_resolution(size, f) for f in factors), mosaic)
        for size, factors, mosaic in zip(sizes, all_factors, mosaics, strict=True)
    }


def _one_each(entries: tuple[T, ...], count: int) -> tuple[T, ...]:
    return entries * count if len(entries) == 1 else entries


def _dense_teacher(config: DistilConfig, teacher: WeightsSpec) -> Callable[[Image, int], Targets]:
    network = _network(config, teacher)
    return lambda view_bgr, size: dense_targets(network, view_bgr, size, teacher.skeleton, config.teacher_flip)


def _network(config: DistilConfig, teacher: WeightsSpec) -> Network:
    """The teacher, made at the first call. Several threads load batches but an engine serves one: they take turns."""
    one_at_a_time = Lock()

    @cache
    def engine() -> Engine:
        return create_engine(load_state(teacher), teacher.arch, teacher.skeleton, threads=config.loop.threads or None)

    def network(images: Image) -> Maps:
        with one_at_a_time:
            return engine()(images)

    return network


def _teacher_labelled_photos(config: DistilConfig, teacher: WeightsSpec, photos: list[Path]) -> TeacherLabelledPhotos:
    """Labelled by the teacher when they are first used."""
    folder = config.cache or config.out / "teacher_labels"
    settings = TeacherSettings(config.teacher_sizes, config.teacher_flip)
    _claim(folder, teacher, settings)
    network = _network(config, teacher)

    def label(image_bgr: Image) -> PoseLabels:
        return pseudo_labels(network, image_bgr, teacher.skeleton, settings)

    return TeacherLabelledPhotos(config.photos, photos, folder, label, config.stretch)


def _claim(folder: Path, teacher: WeightsSpec, settings: TeacherSettings) -> None:
    """Labels of different teachers must not mix: the folder states whose they are."""
    mine = {"sha256": teacher.sha256, "sizes": list(settings.sizes), "flip": settings.flip}
    path = folder / _TEACHER_FILE
    if path.is_file():
        if json.loads(path.read_text(encoding="utf-8")) != mine:
            raise TrainingError(
                f"{folder} holds the labels of another teacher or of other settings; choose another cache folder."
            )
        return
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(mine), encoding="utf-8")


def _student(config: DistilConfig, teacher: WeightsSpec, batches: Batches) -> LitePose:
    keypoints = teacher.skeleton.num_keypoints
    if config.start == "random":
        if config.loop.batch_norm == "frozen":
            raise TrainingError('A random start has no batch statistics to keep; set batch_norm = "train".')
        return begin_with("", config.model, keypoints)
    if config.start != "teacher":
        return begin_with(config.start, config.model, keypoints)
    if config.model == teacher.arch:
        return load_network(teacher)
    views = batches(0, min(config.loop.sizes), list(range(_SHRINK_PICTURES)), (config.loop.seed,)).images
    return shrink(load_network(teacher), teacher.arch, config.model, views)
