"""The weights that a run begins with."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from pose.errors import UnknownWeightsError
from pose.models.litepose import LitePose, build_litepose
from pose.training.checkpoint import TrainingError
from pose.weights.library import WeightsSpec, entries, find_weights, inspect_checkpoint, load_state, user_list_problem


def find(name_or_file: str) -> WeightsSpec:
    """Weights by installed name, which may hold dots, or else by file. Raises WeightsError."""
    if name_or_file in {entry[0] for entry in entries()}:
        return find_weights(name_or_file)
    path = Path(name_or_file)
    try:
        is_there = path.exists()
    except OSError:  # longer than a file's name can be
        is_there = False
    if is_there:
        return inspect_checkpoint(path)
    if (path.suffix or len(path.parts) > 1) and user_list_problem() is None:
        raise UnknownWeightsError(f"There is no file {name_or_file}, and no weights of that name are installed.")
    return find_weights(name_or_file)


def load_network(spec: WeightsSpec) -> LitePose:
    model = build_litepose(spec.arch, spec.skeleton.num_keypoints)
    model.load_state_dict(_tensors(spec))
    return model


def begin_with(start: WeightsSpec | None, arch: str, num_keypoints: int) -> LitePose:
    """A network that begins with weights of the same architecture, or at random without any.

    If those weights have another skeleton, the output layers begin at random.
    """
    if start is not None and start.arch != arch:
        raise TrainingError(f"The start weights {start.name} are {start.arch}, but {arch} is to be trained.")
    if start is not None and start.skeleton.num_keypoints == num_keypoints:
        return load_network(start)
    model = build_litepose(arch, num_keypoints)
    if start is not None:
        inner = {name: value for name, value in _tensors(start).items() if not name.endswith("conv.3.weight")}
        model.load_state_dict(inner, strict=False)
    return model


def _tensors(spec: WeightsSpec) -> dict[str, torch.Tensor]:
    return {name: torch.from_numpy(np.array(values)) for name, values in load_state(spec).items()}
