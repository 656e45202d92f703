"""`train` from several sources: labels, pseudo-labels and photos without any, which a teacher sees."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from pose.errors import SettingsError
from pose.models.config import LITEPOSE
from pose.settings_table import to_table
from pose.skeleton import SKELETONS
from pose.training.accuracy import accuracy_measure
from pose.training.bank import PhotoBank, make_bank, read_canvases
from pose.training.batch_teacher import batch_teacher
from pose.training.checkpoint import TrainingError, prepare_folder
from pose.training.config import EvaluationData
from pose.training.fit import Length, fit, last_step
from pose.training.fit_batches import FitSettings
from pose.training.journal import Journal
from pose.training.loop import StepReport
from pose.training.photos import find_photos, read_photo
from pose.training.recipe_checks import check_known, check_views
from pose.training.sources import LabelledPhoto, read_source, unlabelled_photo
from pose.training.start import begin_with, find, load_network
from pose.training.state_parts import INDEX


@dataclass(frozen=True, slots=True)
class SourceData:
    """Photos to train on. annotations: in COCO's layout (see pose.training.sources), none = photos without labels.

    weight: how often they are drawn from, relative to the other sources. squeezed: square ones lost their proportions.
    """

    images: Path
    annotations: Path | None = None
    weight: float = 1.0
    squeezed: bool = False


@dataclass(frozen=True, slots=True)
class FitConfig:
    """A recipe of `train` with sources.

    skeleton: the joints to learn. start: weights to begin with (file or name), "" = random. minutes: of the clock, over
    all sessions; or steps, if above 0. side: pixels that photos are kept at. teacher: weights whose maps stand in where
    labels are silent, at teacher_factor times the views' size; "" = none. threads: for the CPU, 0 = all.
    """

    model: str
    skeleton: str
    out: Path
    sources: tuple[SourceData, ...]
    start: str = ""
    minutes: float = 60.0
    steps: int = 0
    side: int = 448
    teacher: str = ""
    teacher_factor: float = 1.0
    threads: int = 0
    fit: FitSettings = field(default_factory=FitSettings)
    evaluation: EvaluationData | None = None

    def __post_init__(self) -> None:
        check_known("model", self.model, LITEPOSE)
        check_known("skeleton", self.skeleton, SKELETONS)
        check_views("fit", self.fit, random_start=not self.start)
        if not self.minutes and not self.steps:
            raise SettingsError('A run needs a length: give "minutes" or "steps" above 0, not 0.')
        if not self.teacher and any(source.annotations is None for source in self.sources):
            raise SettingsError(
                'Photos without labels need a "teacher"; without one, every source must have "annotations".'
            )


def train_from_sources(
    config: FitConfig, show: Callable[[StepReport | str], None], resume: bool = False, stop_after: int | None = None
) -> None:
    """Runs the recipe; results are in `config.out`. Raises PoseStudioError with one sentence for the user."""
    prepare_folder(config.out, resume, INDEX)
    if config.threads:
        torch.set_num_threads(config.threads)
    cv2.setNumThreads(1)  # photos are read by several threads already
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    skeleton, input_size = SKELETONS[config.skeleton], LITEPOSE[config.model].input_size
    measure = accuracy_measure(config.evaluation, config.model, skeleton, input_size, config.threads)
    torch.manual_seed(config.fit.seed)
    start = find(config.start) if config.start else None
    model = begin_with(start, config.model, skeleton.num_keypoints)
    teacher: Callable[[Tensor], Tensor] | None = None
    if config.teacher:
        spec = find(config.teacher)
        if spec.skeleton is not skeleton:
            raise TrainingError(f"The teacher {spec.name} knows {spec.skeleton.name} joints, not {skeleton.name}.")
        teacher = batch_teacher(load_network(spec).to(device), skeleton, config.teacher_factor, flip=True)
    bank, probabilities = read_bank(config)
    names = ", ".join((s.annotations or s.images).name for s in config.sources)
    licence = start.licence if start is not None else "unknown"
    journal = Journal(config.out, config.model, skeleton, input_size, licence, f"trained on {names}", measure, show)
    average = fit(
        model, bank.for_skeleton(skeleton).to(device), probabilities, config.fit,
        Length(config.minutes, config.steps or None, stop_after), config.out, device, teacher,
        json.loads(json.dumps(to_table(config))), show,
    )  # fmt: skip
    journal.evaluate(last_step(config.out), average)


def read_bank(config: FitConfig) -> tuple[PhotoBank, NDArray[np.float64]]:
    """All photos of the sources, and the probability (N,) of drawing each."""
    photos: list[LabelledPhoto] = []
    probabilities: list[NDArray[np.float64]] = []
    for source in config.sources:
        found = read_photos(source)
        photos += found
        probabilities.append(np.full(len(found), source.weight / len(found)))
    drawn = np.concatenate(probabilities)
    if not drawn.sum() > 0:
        raise TrainingError("All sources have the weight 0: nothing would be drawn.")
    return make_bank(photos, read_canvases(photos, config.side)), drawn / drawn.sum()


def read_photos(source: SourceData) -> list[LabelledPhoto]:
    """Raises LabelsError or TrainingError if labels or photos are missing or broken."""
    if source.annotations is not None:
        return read_source(source.annotations, source.images, source.squeezed)
    found = []
    for path in find_photos(source.images):
        height, width = read_photo(path).shape[:2]
        found.append(unlabelled_photo(path, (width, height), source.squeezed))
    return found
