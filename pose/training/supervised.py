"""Training on labelled images: the paper's recipe."""

from __future__ import annotations

from collections.abc import Callable

import torch

from pose.models.config import LITEPOSE
from pose.settings_table import to_table
from pose.skeleton import SKELETONS
from pose.training.accuracy import accuracy_measure
from pose.training.checkpoint import TrainingError, prepare_folder
from pose.training.config import TrainConfig
from pose.training.data import LabelledBatches, epoch_index
from pose.training.journal import Journal
from pose.training.labelled import read_labelled_images
from pose.training.loop import Run, StepReport, train
from pose.training.start import begin_with, find


def train_supervised(
    config: TrainConfig, show: Callable[[StepReport | str], None], resume: bool = False, stop_after: int | None = None
) -> None:
    """Runs the recipe; results are in `config.out`. Raises PoseStudioError with one sentence for the user."""
    if config.skeleton not in SKELETONS:
        raise TrainingError(f'There is no skeleton "{config.skeleton}"; known: {", ".join(SKELETONS)}.')
    prepare_folder(config.out, resume)
    skeleton = SKELETONS[config.skeleton]
    images = read_labelled_images(config.images, config.annotations, skeleton, config.empty_images)
    input_size = LITEPOSE[config.model].input_size
    measure = accuracy_measure(config.evaluation, config.model, skeleton, input_size, config.loop.threads)
    torch.manual_seed(config.loop.seed)
    start = find(config.start) if config.start and not resume else None
    model = begin_with(start, config.model, skeleton.num_keypoints)
    journal = Journal(
        config.out,
        config.model,
        skeleton,
        input_size,
        "unknown",
        f"trained on {config.annotations.name}",
        measure,
        show,
    )

    def draw(step: int, number: int) -> int:
        return epoch_index(config.loop.seed, number, len(images))

    train(
        model,
        LabelledBatches(images, draw, config.loop.augment, skeleton),
        config.loop,
        Run(config.out, to_table(config), resume, stop_after),
        journal.hooks(),
    )
