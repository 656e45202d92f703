"""Teacher to student on unlabelled photos."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
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
from pose.settings_table import to_table
from pose.training.accuracy import accuracy_measure
from pose.training.checkpoint import TrainingError, plain_write_errors, prepare_folder
from pose.training.config import DistilConfig
from pose.training.data import Batches, Draw, Examples, epoch_index
from pose.training.dense import dense_targets, teacher_resolution
from pose.training.dense_batches import DenseBatches, View
from pose.training.interruption import Interruption
from pose.training.journal import Journal
from pose.training.labelled import read_labelled_images
from pose.training.loop import Run, StepReport, train
from pose.training.mosaic import render
from pose.training.photos import find_photos
from pose.training.select import check_part, shrink
from pose.training.start import begin_with, find, load_network
from pose.training.stored import SeenPhotos, see, stored_targets
from pose.training.targets import Targets
from pose.training.teacher import Network, TeacherSettings
from pose.weights.library import WeightsSpec, load_state

_SHRINK_PICTURES = 56
_TEACHER_FILE = "teacher.json"

Image = NDArray[np.uint8]
T = TypeVar("T")


def distil(
    config: DistilConfig, show: Callable[[StepReport | str], None], resume: bool = False, stop_after: int | None = None
) -> None:
    """Runs the recipe; results are in `config.out`. Raises PoseStudioError with one sentence for the user."""
    prepare_folder(config.out, resume)
    teacher = find(config.teacher)
    settings = config.loop
    run = Run(config.out, to_table(config), resume, stop_after)
    measure = accuracy_measure(
        config.evaluation, config.model, teacher.skeleton, LITEPOSE[config.model].input_size, settings.threads
    )
    batches = _batches(config, teacher, run.interruption)
    torch.manual_seed(settings.seed)
    if resume:
        model = begin_with(None, config.model, teacher.skeleton.num_keypoints)
    else:
        model = _student(config, teacher, batches)
    journal = Journal(
        config.out, config.model, teacher.skeleton, LITEPOSE[config.model].input_size, teacher.licence,
        f"distilled from {teacher.name}", measure, show,
    )  # fmt: skip
    train(model, batches, settings, run, journal.hooks())


def _batches(config: DistilConfig, teacher: WeightsSpec, interruption: Interruption) -> Batches:
    own = config.out.resolve()  # its curves are no photo
    photos = [path for path in find_photos(config.photos) if own not in path.resolve().parents]
    photos = [photos[i] for i in np.random.default_rng(config.loop.seed).permutation(len(photos))]
    labelled: Examples | None = None
    if config.labelled is not None:
        labelled = read_labelled_images(
            config.labelled.images, config.labelled.annotations, teacher.skeleton, empty_images=False
        )
    draw = _draw(config, len(photos), 0 if labelled is None else len(labelled))
    teach = _stored_teacher(config, teacher, photos) if config.targets == "stored" else _live_teacher(config, teacher)
    mosaic = dict(zip(config.loop.sizes, _one_each(config.dense.mosaic, len(config.loop.sizes)), strict=True))
    return DenseBatches(
        photos, labelled, draw, teach, mosaic, config.loop.augment, teacher.skeleton, config.stretch, interruption
    )


def _draw(config: DistilConfig, photos: int, labelled: int) -> Draw:
    """Photos have the indices from 0, labelled images those after them."""
    seed = config.loop.seed
    share = config.labelled.share if config.labelled is not None else 0.0

    def draw(step: int, number: int) -> int:
        rng = np.random.default_rng((seed, number, 3))
        pool = min(photos, int(config.pool_start + config.pool_growth * step)) if config.pool_start else photos
        if share and rng.random() < share:
            return photos + int(rng.integers(labelled))
        return int(rng.integers(pool)) if pool < photos else epoch_index(seed, number, photos)

    return draw


def _one_each(entries: tuple[T, ...], count: int) -> tuple[T, ...]:
    return entries * count if len(entries) == 1 else entries


def _live_teacher(config: DistilConfig, teacher: WeightsSpec) -> Callable[[View], Targets]:
    """Sees every view."""
    network = _network(config, teacher)
    sizes = config.loop.sizes
    factors = dict(zip(sizes, _one_each(config.dense.factors, len(sizes)), strict=True))

    def teach(view: View) -> Targets:
        factor = np.random.default_rng((config.loop.seed, view.step, 4)).choice(factors[view.size])
        seen = render(view.tiles, view.size, teacher_resolution(view.size, float(factor)))
        return dense_targets(network, seen, view.size, teacher.skeleton, config.teacher_flip)

    return teach


def _stored_teacher(config: DistilConfig, teacher: WeightsSpec, photos: list[Path]) -> Callable[[View], Targets]:
    """Sees every photo once, when it is first used."""
    folder = config.cache or config.out / "seen_photos"
    settings = TeacherSettings(config.teacher_sizes, config.teacher_flip)
    _claim(folder, teacher, settings, config.stretch)
    network = _network(config, teacher)
    seen = SeenPhotos(
        photos,
        folder,
        lambda image_bgr, aspect: see(network, image_bgr, aspect, teacher.skeleton, settings),
        config.stretch,
    )
    return lambda view: stored_targets(view.tiles, [seen[i] for i in view.photos], view.size, teacher.skeleton)


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


def _claim(folder: Path, teacher: WeightsSpec, settings: TeacherSettings, stretch: bool) -> None:
    """Opinions of different teachers must not mix: the folder states whose they are."""
    mine = {"sha256": teacher.sha256, "sizes": list(settings.sizes), "flip": settings.flip, "stretch": stretch}
    path = folder / _TEACHER_FILE
    with plain_write_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        if not path.is_file():
            temporary = path.with_suffix(f".{os.getpid()}.new")
            temporary.write_text(json.dumps(mine), encoding="utf-8")
            temporary.replace(path)
            return
        try:
            theirs = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            raise TrainingError(f"{path} is damaged; delete the folder, or choose another cache.") from None
    if theirs != mine:
        raise TrainingError(
            f"{folder} holds what another teacher saw or was made with other settings; choose another cache."
        )


def _student(config: DistilConfig, teacher: WeightsSpec, batches: Batches) -> LitePose:
    keypoints = teacher.skeleton.num_keypoints
    if config.start == "random":
        return begin_with(None, config.model, keypoints)
    source = teacher if config.start == "teacher" else find(config.start)
    if source.arch == config.model:
        return begin_with(source, config.model, keypoints)
    if source.skeleton.num_keypoints != keypoints:
        raise TrainingError(f"The start weights {source.name} do not have the joints of the teacher {teacher.name}.")
    check_part(source.arch, config.model)  # making the views takes time
    views = batches(0, min(config.loop.sizes), list(range(_SHRINK_PICTURES)), (config.loop.seed,)).images
    return shrink(load_network(source), source.arch, config.model, views)
