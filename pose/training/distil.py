"""Teacher to student on unlabelled photos."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock

import numpy as np
import torch
from numpy.typing import NDArray

from pose.engines.base import Engine
from pose.engines.select import create_engine
from pose.models.config import LITEPOSE
from pose.models.litepose import LitePose
from pose.training.accuracy import accuracy_measure
from pose.training.checkpoint import TrainingError
from pose.training.config import DistilConfig, to_dict
from pose.training.data import Example, Examples, epoch_index, make_batch
from pose.training.journal import Journal
from pose.training.labelled import read_labelled_pictures
from pose.training.labels import PoseLabels
from pose.training.loop import Run, StepReport, Task, train
from pose.training.photos import TeacherLabelledPhotos, find_photos
from pose.training.select import shrink
from pose.training.start import begin_with, find, load_network
from pose.training.teacher import TeacherSettings, pseudo_labels
from pose.weights import WeightsSpec, load_state

_SHRINK_PICTURES = 56
_TEACHER_FILE = "teacher.json"


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
    photos = teacher_labelled_photos(config, teacher)
    examples: Examples = photos
    share = 0.0
    if config.labelled is not None:
        source = config.labelled
        examples = _Mixed(photos, read_labelled_pictures(source.images, source.annotations, teacher.skeleton, False))
        share = source.share

    def draw(step: int, number: int) -> int:
        rng = np.random.default_rng((settings.seed, number, 3))
        pool = min(len(photos), int(config.pool_start + config.pool_growth * step) or len(photos))
        if share and rng.random() < share:
            return len(photos) + int(rng.integers(len(examples) - len(photos)))
        return int(rng.integers(pool)) if pool < len(photos) else epoch_index(settings.seed, number, len(photos))

    torch.manual_seed(settings.seed)
    if resume:
        model = begin_with("", config.model, teacher.skeleton.num_keypoints)
    else:
        model = _student(config, teacher, photos)
    journal = Journal(
        config.out, config.model, teacher.skeleton, LITEPOSE[config.model].input_size, teacher.licence,
        f"distilled from {teacher.name}", measure, show,
    )  # fmt: skip
    train(
        model,
        Task(examples, draw, teacher.skeleton),
        settings,
        Run(config.out, to_dict(config), resume, stop_after),
        journal.hooks(),
    )


def teacher_labelled_photos(config: DistilConfig, teacher: WeightsSpec) -> TeacherLabelledPhotos:
    """The photos in a random order, labelled by the teacher when they are first used."""
    photos = find_photos(config.photos)
    order = np.random.default_rng(config.loop.seed).permutation(len(photos))
    folder = config.cache or config.out / "teacher_labels"
    settings = TeacherSettings(config.teacher_sizes, config.teacher_flip)
    _claim(folder, teacher, settings)

    one_at_a_time = Lock()  # pictures are loaded by several threads, an engine serves one

    @cache
    def engine() -> Engine:
        return create_engine(load_state(teacher), teacher.arch, teacher.skeleton, threads=config.loop.threads or None)

    def label(image_bgr: NDArray[np.uint8]) -> PoseLabels:
        with one_at_a_time:
            return pseudo_labels(engine(), image_bgr, teacher.skeleton, settings)

    return TeacherLabelledPhotos(config.photos, [photos[i] for i in order], folder, label, config.stretch)


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


def _student(config: DistilConfig, teacher: WeightsSpec, photos: TeacherLabelledPhotos) -> LitePose:
    keypoints = teacher.skeleton.num_keypoints
    if config.start == "random":
        if config.loop.batch_norm == "frozen":
            raise TrainingError('A random start has no batch statistics to keep; set batch_norm = "train".')
        return begin_with("", config.model, keypoints)
    if config.start != "teacher":
        return begin_with(config.start, config.model, keypoints)
    if config.model == teacher.arch:
        return load_network(teacher)
    size = min(config.loop.sizes)
    count = min(_SHRINK_PICTURES, len(photos))
    views = make_batch(
        photos, list(range(count)), size, (config.loop.seed,), config.loop.augment, teacher.skeleton.flip_index
    )
    return shrink(load_network(teacher), teacher.arch, config.model, views.images)
