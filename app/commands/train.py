"""`train`: a model on labelled images."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.cli import OK
from app.training_progress import closing_line, distributed, is_first_process, progress


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", type=Path, required=True, metavar="RECIPE.toml", help="what to train on, and how")
    parser.add_argument("--resume", action="store_true", help="go on with the recipe's interrupted run")
    parser.add_argument("--stop-after", type=int, metavar="STEP", help="pause at this step; --resume goes on")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")


def run(args: argparse.Namespace) -> int:
    """Raises SettingsError, LabelsError, WeightsError or TrainingError. Start it with torchrun for several GPUs."""
    from pose.training.config import TrainConfig, load_config
    from pose.training.supervised import train_supervised

    config = load_config(args.config, TrainConfig)
    with distributed(), progress(config.loop.steps, is_first_process() and not args.quiet) as show:
        train_supervised(config, show, args.resume, args.stop_after)
    if is_first_process():
        print(closing_line(config.out, config.loop.steps, args.stop_after))
    return OK
