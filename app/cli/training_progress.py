"""What `train` and `distil` share: options, the progress line and several processes."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pose.errors import SettingsError
from pose.settings_table import to_table

if TYPE_CHECKING:
    from pose.training.config import DistilConfig, TrainConfig
    from pose.training.fit_recipe import FitConfig
    from pose.training.loop import StepReport
    from pose.training.topdown import TopDownConfig

    Recipe = TrainConfig | DistilConfig | FitConfig | TopDownConfig


def add_run_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--resume", action="store_true", help="go on with the recipe's interrupted run")
    parser.add_argument("--stop-after", type=count, metavar="STEP", help="pause at this step; --resume goes on")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")


def count(text: str) -> int:
    """The type of an option."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 up")
    return int(text)


def path(text: str) -> Path:
    """The type of an option. An empty text, as of a forgotten shell variable, does not mean the current folder."""
    if not text.strip():
        raise argparse.ArgumentTypeError("it is empty; give a path, or . for the current folder")
    return Path(text)


def is_first_process() -> bool:
    return os.environ.get("RANK", "0") == "0"


def carry_out(work: Callable[..., None], config: Recipe, args: argparse.Namespace) -> None:
    """Do `work(config, show, resume, stop_after)` with a progress line, in every process, and say how it ended."""
    closing = already_there(config, args)
    if closing is None:
        with distributed(), progress(steps_of(config), is_first_process() and not args.quiet) as show:
            work(config, show, args.resume, args.stop_after)
        closing = closing_line(config.out, steps_of(config), args.stop_after)
    if is_first_process():
        print(closing)


def steps_of(config: Recipe) -> int | None:
    """How many steps a run has; None if it has a time instead."""
    length: Any = getattr(config, "loop", config)
    return length.steps or None


def already_there(config: Recipe, args: argparse.Namespace) -> str | None:
    """A sentence, if the run to resume is already at the step where it is to pause. Raises TrainingError."""
    if not args.resume or args.stop_after is None:
        return None
    from pose.training.checkpoint import load_checkpoint
    from pose.training.state_parts import load_state

    state = None if hasattr(config, "loop") else load_state(config.out)
    step = load_checkpoint(config.out, to_table(config)).step if state is None else state["step"]
    if step < args.stop_after:
        return None
    return f"Nothing to do: the run in {config.out} is already at step {step}{of_steps(steps_of(config))}."


def closing_line(out: Path, steps: int | None, stop_after: int | None) -> str:
    if stop_after is not None and (steps is None or stop_after < steps):
        return f"Paused after step {stop_after}{of_steps(steps)}; weights so far are in {out}, go on with --resume."
    return f"Done: weights, curves and checkpoint are in {out}."


def of_steps(steps: int | None) -> str:
    return "" if steps is None else f" of {steps}"


@contextmanager
def progress(steps: int | None, shown: bool) -> Iterator[Callable[[StepReport | str], None]]:
    """A tqdm line that shows losses and speed; texts are printed above it."""
    from tqdm import tqdm

    with tqdm(total=steps, unit="step", disable=not shown) as bar:

        def show(report: StepReport | str) -> None:
            if isinstance(report, str):
                bar.write(report)
                return
            bar.set_postfix_str(
                f"heatmap {report.heatmap:.5f} pull {report.pull:.3f} push {report.push:.3f} "
                f"{report.photos_per_s:.1f} photos/s"
            )
            if bar.n == 0:  # a resumed run begins elsewhere
                bar.initial = bar.n = report.step - 1
            bar.update(report.step - bar.n)

        yield show


@contextmanager
def distributed() -> Iterator[None]:
    """Joins the other processes if torchrun started this one. Raises SettingsError if they cannot be reached."""
    if int(os.environ.get("WORLD_SIZE", "1")) == 1:
        yield
        return
    import torch
    import torch.distributed as dist

    cuda = torch.cuda.is_available()
    if cuda:
        torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
    try:
        dist.init_process_group("nccl" if cuda else "gloo")
    except (RuntimeError, ValueError) as error:
        raise SettingsError(f"The processes started by torchrun cannot reach each other: {error}") from error
    try:
        yield
    finally:
        dist.destroy_process_group()
