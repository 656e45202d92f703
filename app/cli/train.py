"""`train`: a model on labelled images, or on several sources of labels, pseudo-labels and a teacher's maps."""

from __future__ import annotations

import argparse

from app.cli import OK
from app.cli.training_progress import add_run_arguments, carry_out, path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", type=path, required=True, metavar="RECIPE.toml", help="what to train on, and how")
    add_run_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Raises SettingsError, LabelsError, WeightsError or TrainingError. Start it with torchrun for several GPUs."""
    from pose.training.config import TrainConfig, from_dict, read_recipe
    from pose.training.fit_recipe import FitConfig, train_from_sources
    from pose.training.supervised import train_supervised
    from pose.training.topdown import TopDownConfig, train_top_down

    values = read_recipe(args.config)
    if "crops" in values:
        carry_out(train_top_down, from_dict(values, TopDownConfig), args)
    elif "sources" in values:
        carry_out(train_from_sources, from_dict(values, FitConfig), args)
    else:
        carry_out(train_supervised, from_dict(values, TrainConfig), args)
    return OK
