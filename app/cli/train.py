"""`train`: a model on labelled images."""

from __future__ import annotations

import argparse

from app.cli import OK
from app.cli.training_progress import add_run_arguments, carry_out, path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", type=path, required=True, metavar="RECIPE.toml", help="what to train on, and how")
    add_run_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Raises SettingsError, LabelsError, WeightsError or TrainingError. Start it with torchrun for several GPUs."""
    from pose.training.config import TrainConfig, load_config
    from pose.training.supervised import train_supervised

    config = load_config(args.config, TrainConfig)
    carry_out(train_supervised, config, args)
    return OK
