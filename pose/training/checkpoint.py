"""Saving and restoring a run, to the exact step."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from pose.errors import PoseStudioError, SettingsError

FILE_NAME = "checkpoint.pt"


class TrainingError(PoseStudioError):
    """A run cannot start or go on; the message says what to change."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """step: steps done. config: the recipe as plain values. The states are those of torch's state_dict methods."""

    step: int
    config: dict[str, Any]
    model: dict[str, Any]
    average: dict[str, Any]
    optimiser: dict[str, Any]
    scaler: dict[str, Any]


def prepare_folder(folder: Path, resume: bool, file_name: str = FILE_NAME) -> None:
    """Make the folder of a run and see that it can be written, before anything slow begins.

    Raises SettingsError if it holds another run that is not to be resumed, TrainingError if it cannot be written or
    holds nothing to resume.
    """
    if resume:
        _path_to_resume(folder, file_name)
    elif (folder / file_name).exists():
        raise SettingsError(
            f"There is a run in {folder} already: go on with --resume, or choose another output folder."
        )
    with plain_write_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        trial = folder / f"{file_name}.{os.getpid()}.new"
        trial.write_bytes(b"")
        trial.unlink()


@contextmanager
def plain_write_errors(folder: Path) -> Iterator[None]:
    """Turns what goes wrong when files of a run are written into a TrainingError."""
    try:
        yield
    except OSError as error:
        raise TrainingError(f"The folder {folder} cannot be written ({error.strerror or error}).") from error


def save_checkpoint(folder: Path, checkpoint: Checkpoint) -> None:
    """Replaces the folder's checkpoint; a crash midway leaves the old one. Raises TrainingError if that fails."""
    temporary = folder / (FILE_NAME + ".new")
    with plain_write_errors(folder):
        try:
            torch.save({name: getattr(checkpoint, name) for name in Checkpoint.__slots__}, temporary)
        except RuntimeError as error:  # torch's own writer has no OSError
            raise TrainingError(f"The checkpoint {temporary} cannot be written; is the disk full?") from error
        temporary.replace(folder / FILE_NAME)


def load_checkpoint(folder: Path, config: dict[str, Any]) -> Checkpoint:
    """Raises TrainingError if there is none, it is damaged, or it belongs to a different recipe."""
    path = _path_to_resume(folder)
    try:
        checkpoint = Checkpoint(**torch.load(path, map_location="cpu", weights_only=True))
    except Exception as error:  # torch raises many kinds for damaged files
        raise damaged_checkpoint(folder, error) from error
    check_same_recipe(folder, checkpoint.config, config)
    return checkpoint


def restore(folder: Path, recipe: dict[str, Any], parts: Mapping[str, Any]) -> int:
    """Put the states of a checkpoint into its parts, such as model and optimiser, by their names there.

    Returns the step that the run had reached. Raises TrainingError as `load_checkpoint`.
    """
    saved = load_checkpoint(folder, recipe)
    try:
        for name, part in parts.items():
            part.load_state_dict(getattr(saved, name))
    except (RuntimeError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise damaged_checkpoint(folder, error) from error
    return saved.step


def check_same_recipe(folder: Path, old: dict[str, Any], new: dict[str, Any]) -> None:
    """Raises TrainingError if the settings of a run that matter for what is learned were changed."""
    changed = _differences(old, new)
    if changed:
        raise TrainingError(
            f"The run in {folder} was started with a different recipe ({'; '.join(changed[:3])}); "
            "use that recipe, or another output folder."
        )


def _path_to_resume(folder: Path, file_name: str = FILE_NAME) -> Path:
    path = folder / file_name
    if not path.is_file():
        raise TrainingError(f"There is nothing to resume in {folder}; start without --resume.")
    return path


def damaged_checkpoint(folder: Path, error: Exception) -> TrainingError:
    return TrainingError(
        f"The checkpoint {folder / FILE_NAME} is damaged and cannot be resumed ({type(error).__name__})."
    )


# May change between a run and its continuation without changing what is learned.
_FREE = {
    "out", "cache", "checkpoint_every", "evaluate_every", "evaluation", "threads", "loaders",
    "minutes", "checkpoint_every_s", "log_every",
}  # fmt: skip


def _differences(old: dict[str, Any], new: dict[str, Any], where: str = "") -> list[str]:
    found = []
    for key in sorted(set(old) | set(new)):
        if key in _FREE or key not in old:  # settings younger than the run have their defaults
            continue
        a, b = old.get(key), new.get(key)
        if isinstance(a, dict) and isinstance(b, dict):
            found += _differences(a, b, f"{where}{key}.")
        elif a != b:
            found.append(f"{where}{key} was {a}, now {b}")
    return found
