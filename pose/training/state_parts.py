"""The state of a run in files of at most 12 MiB, written so that a crash leaves the state before it whole."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import torch

from pose.training.checkpoint import TrainingError, damaged_checkpoint, plain_write_errors

INDEX = "state.json"
PART_BYTES = 12 << 20


def save_state(folder: Path, state: dict[str, Any], part_bytes: int = PART_BYTES) -> None:
    """Replaces the folder's state. Its "step" (int) names the files. Raises TrainingError if they cannot be written."""
    content = io.BytesIO()
    torch.save(state, content)
    view = content.getbuffer()
    starts = range(0, len(view), part_bytes)
    names = [f"state-{state['step']:07d}.{i:02d}" for i in range(len(starts))]
    with plain_write_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for name, start in zip(names, starts, strict=True):
            (folder / name).write_bytes(view[start : start + part_bytes])
        temporary = folder / (INDEX + ".new")
        temporary.write_text(json.dumps(names), encoding="utf-8")
        temporary.replace(folder / INDEX)
        for old in folder.glob("state-*"):
            if old.name not in names:
                old.unlink()


def load_state(folder: Path) -> dict[str, Any] | None:
    """The state that the folder holds, on the CPU; None if it holds none. Raises TrainingError if it is damaged."""
    if not (folder / INDEX).is_file():
        return None
    try:
        names = json.loads((folder / INDEX).read_text(encoding="utf-8"))
        content = b"".join((folder / name).read_bytes() for name in names)
        state: dict[str, Any] = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    except Exception as error:  # torch raises many kinds for damaged files
        raise damaged_checkpoint(folder, error) from error
    if not isinstance(state.get("step"), int):
        raise TrainingError(f"The state in {folder} is not that of a run.")
    return state
