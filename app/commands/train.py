"""`train`: a model on labelled images."""

from __future__ import annotations

import argparse

from app.cli import OK
from app.training_progress import (
    add_run_arguments,
    already_there,
    closing_line,
    distributed,
    is_first_process,
    path,
    progress,
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", type=path, required=True, metavar="RECIPE.toml", help="what to train on, and how")
    add_run_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Raises SettingsError, LabelsError, WeightsError or TrainingError. Start it with torchrun for several GPUs."""
    from pose.training.config import TrainConfig, load_config
    from pose.training.supervised import train_supervised

    config = load_config(args.config, TrainConfig)
    if line := already_there(config, args):
        if is_first_process():
            print(line)
        return OK
    with distributed(), progress(config.loop.steps, is_first_process() and not args.quiet) as show:
        train_supervised(config, show, args.resume, args.stop_after)
    if is_first_process():
        print(closing_line(config.out, config.loop.steps, args.stop_after))
    return OK
