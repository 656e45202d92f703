"""`distil`: a student that learns from a teacher's view of unlabelled photos."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING

from app.cli import OK
from app.cli.training_progress import add_run_arguments, carry_out, count, path
from pose.errors import SettingsError
from pose.models.config import LITEPOSE
from pose.settings_table import to_table

if TYPE_CHECKING:
    from pose.training.config import DistilConfig


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", type=path, metavar="RECIPE.toml", help="a recipe; the options below override it")
    parser.add_argument("--teacher", metavar="WEIGHTS", help="weights file or name to learn from")
    parser.add_argument("--photos", type=path, metavar="DIR", help="folder of photos with people; no labels needed")
    parser.add_argument("--size", choices=tuple(LITEPOSE), help="the student")
    parser.add_argument("--out", type=path, metavar="DIR", help="folder for weights, curves and checkpoint")
    parser.add_argument("--steps", type=count, metavar="N", help="how long to train")
    add_run_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Raises SettingsError, WeightsError, LabelsError or TrainingError. Start it with torchrun for several GPUs."""
    from pose.training.distil import distil

    config = _config(args)
    carry_out(distil, config, args)
    return OK


def _config(args: argparse.Namespace) -> DistilConfig:
    from pose.training.config import DistilConfig, from_dict, load_config
    from pose.training.recipes import distillation_recipe

    if args.config is not None:
        config = load_config(args.config, DistilConfig)
    else:
        absent = [name for name in ("teacher", "photos", "size", "out") if getattr(args, name) is None]
        if absent:
            raise SettingsError(f"Give a recipe with --config, or else also --{absent[0]}.")
        config = distillation_recipe(args.size, args.teacher, args.photos, args.out)
    given = {"teacher": args.teacher, "photos": args.photos, "model": args.size, "out": args.out}
    config = replace(config, **{name: value for name, value in given.items() if value is not None})
    if args.steps is not None:
        config = replace(config, loop=replace(config.loop, steps=args.steps))
    return from_dict(to_table(config), DistilConfig)  # checks what the options changed
