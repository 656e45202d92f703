"""The weights on this machine: those that came with the program and those the user imported.

A folder of weights holds safetensors files and `weights.json`, the SHA-256 of each of them by name. A
file is loaded only if its bytes still have that hash.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

import numpy as np
import platformdirs
from filelock import FileLock
from numpy.typing import NDArray

from pose.assets import ASSETS
from pose.decode_settings import DET_THR
from pose.errors import SettingsError, UnknownWeightsError, WeightsError
from pose.skeleton import Skeleton
from pose.weights.checkpoint import State, check_values, recognise
from pose.weights.file import WeightsSpec, read_description, read_weights, tensor_digest, write_weights, write_whole

__all__ = [
    "WeightsSpec",
    "entries",
    "find_weights",
    "import_checkpoint",
    "inspect_checkpoint",
    "list_refiners",
    "list_weights",
    "load_state",
    "save_weights",
    "user_folder",
    "user_list_problem",
]

SHIPPED = ASSETS / "weights"
CHECKSUMS = "weights.json"
SUFFIX = ".safetensors"
NAME_PATTERN = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


def user_folder() -> Path:
    """Where imported weights are kept; the environment variable LITEPOSE_STUDIO_HOME moves it."""
    home = os.environ.get("LITEPOSE_STUDIO_HOME") or platformdirs.user_data_dir("litepose-studio", appauthor=False)
    return Path(home) / "weights"


def entries() -> list[tuple[str, Path, str]]:
    """(name, path, SHA-256) of all recorded weights, whether or not they can be read: shipped, then imported.

    A shipped name hides an imported one. Without a usable list of imported ones: the shipped ones alone.
    """
    recorded = {SHIPPED: _checksums(SHIPPED)}
    with suppress(WeightsError):  # must not take the shipped ones away; user_list_problem() tells of it
        recorded[user_folder()] = _checksums(user_folder())
    found: dict[str, tuple[str, Path, str]] = {}
    for folder, checksums in recorded.items():
        for name, sha256 in sorted(checksums.items()):
            found.setdefault(name, (name, folder / (name + SUFFIX), sha256))
    return list(found.values())


def user_list_problem() -> str | None:
    """Why the list of imported weights cannot be used, in one sentence; None if it can, or nothing was imported."""
    try:
        _checksums(user_folder())
    except WeightsError as error:
        return str(error)
    return None


def list_weights() -> list[WeightsSpec]:
    """All weights of models that find people, of those whose header can be read, shipped ones first."""
    return [spec for spec in _readable() if not spec.top_down]


def list_refiners() -> list[WeightsSpec]:
    """All weights of top-down networks, which look at people again; likewise."""
    return [spec for spec in _readable() if spec.top_down]


def _readable() -> list[WeightsSpec]:
    specs = []
    for _, path, sha256 in entries():
        try:
            specs.append(read_description(path, sha256))
        except WeightsError:
            continue  # one damaged file must not hide the others; asking for it by name tells what is wrong
    return specs


def find_weights(name: str) -> WeightsSpec:
    """The weights of that name.

    Raises UnknownWeightsError that tells which names there are, or WeightsError that tells why some are not known.
    """
    known = {entry[0]: entry for entry in entries()}
    if name in known:
        _, path, sha256 = known[name]
        return read_description(path, sha256)
    _checksums(user_folder())  # the name may stand in a list that cannot be used: then that is reported
    nearest = get_close_matches(name, known, n=1)
    if nearest:
        raise UnknownWeightsError(
            'There are no weights named "{name}"; did you mean "{nearest}"?', name=name, nearest=nearest[0]
        )
    if known:
        raise UnknownWeightsError(
            'There are no weights named "{name}"; there are: {known}.', name=name, known=", ".join(known)
        )
    raise UnknownWeightsError(
        'There are no weights named "{name}"; none are installed; add some with `weights import FILE`.', name=name
    )


def inspect_checkpoint(path: str | Path) -> WeightsSpec:
    """What a weights file is: safetensors, or a PyTorch checkpoint, wrapped or bare.

    Raises WeightsError, in one sentence, if it is missing, damaged, unsafe or not a LitePose.
    """
    return read_weights(Path(path))[0]


def load_state(spec: WeightsSpec) -> State:
    """The tensors of a spec as float32. Raises WeightsError if the file is not the one the spec describes."""
    return read_weights(spec.path, spec.sha256)[1]


def save_weights(
    path: str | Path,
    state: Mapping[str, NDArray],
    *,
    arch: str,
    skeleton: Skeleton,
    input_size: int,
    licence: str,
    source: str,
    accuracy: Mapping[str, float],
    det_thr: float = DET_THR,
    half: bool = True,
) -> WeightsSpec:
    """Write a safetensors file with its description in the header, whole or not at all.

    det_thr: the joint threshold that suits the weights. half: keep convolution kernels in float16.
    In a folder that has a `weights.json` the new hash is recorded there. Raises WeightsError if the tensors are not of
    `arch` and `skeleton`, not finite, or cannot be written.
    """
    path = Path(path)
    if path.suffix != SUFFIX:
        raise WeightsError(
            "Weights are written as {suffix} files, and {path} is not named so.", suffix=SUFFIX, path=path.name
        )
    state = {name: np.asarray(values, np.float32) for name, values in state.items()}
    check_values(state, path.name)
    found = recognise({name: values.shape for name, values in state.items()}, path.name)
    if found != (arch, skeleton):
        raise WeightsError(
            "These tensors are {found_arch} for {found_skeleton}, not {arch} for {skeleton}.",
            found_arch=found[0],
            found_skeleton=found[1].name,
            arch=arch,
            skeleton=skeleton.name,
        )
    header = {
        "arch": arch,
        "skeleton": skeleton.name,
        "input_size": str(input_size),
        "licence": licence,
        "source": source,
        "accuracy": json.dumps(dict(accuracy)),
        "det_thr": str(det_thr),
    }
    write_weights(path, state, header, half)
    spec = inspect_checkpoint(path)
    if (path.parent / CHECKSUMS).is_file():
        _record(spec)
    return spec


def import_checkpoint(path: str | Path, name: str | None = None) -> WeightsSpec:
    """Verify a file, convert it without loss and keep it under `name` (default: its size and skeleton).

    Importing the same weights again changes nothing, unless the imported file is missing or damaged: it is replaced.
    Raises SettingsError if the name is malformed, WeightsError if it is taken by other weights or a file is unusable.
    """
    if name and not NAME_PATTERN.fullmatch(name):
        raise SettingsError(
            '"{name}" cannot be a name: use up to 64 lower-case letters, digits, ".", "-" and "_".', name=name
        )
    spec, state = read_weights(Path(path))
    name = name or f"{spec.arch}-{spec.skeleton.name}"
    shipped, imported = _checksums(SHIPPED), _checksums(user_folder())
    if name in shipped or name in imported:
        try:
            existing = find_weights(name)
            same = tensor_digest(load_state(existing)) == tensor_digest(state)
        except WeightsError:
            if name in shipped:  # hides whatever is imported under its name
                raise
        else:
            if same:
                return existing
            raise WeightsError('Other weights are already named "{name}"; choose another name.', name=name)
    saved = save_weights(
        user_folder() / (name + SUFFIX),
        state,
        arch=spec.arch,
        skeleton=spec.skeleton,
        input_size=spec.input_size,
        licence=spec.licence,
        source=spec.source or f"imported from {spec.path.name}",
        accuracy=spec.accuracy,
        det_thr=spec.det_thr,
        half=False,
    )
    _record(saved)
    return replace(saved, name=name)


def _checksums(folder: Path) -> dict[str, str]:
    """name → SHA-256 of a folder; empty if it keeps none."""
    path = folder / CHECKSUMS
    try:
        recorded = json.loads(path.read_text("utf-8"))
        return {str(name): str(sha256) for name, sha256 in recorded.items()}
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise WeightsError(
            "The list of weights {path} cannot be read: {reason}.", path=path, reason=error.strerror or error
        ) from error
    except (ValueError, AttributeError, RecursionError) as error:
        if folder == SHIPPED:
            raise WeightsError(
                "The list of weights {path} is damaged; install the program again.", path=path
            ) from error
        raise WeightsError(
            "The list of weights {path} is damaged; delete it and import them again.", path=path
        ) from error


def _record(spec: WeightsSpec) -> None:
    folder = spec.path.parent
    # Read, changed and written by one program at a time: another may import weights at this moment.
    with FileLock(folder / f".{CHECKSUMS}.lock"):
        checksums = {**_checksums(folder), spec.path.stem: spec.sha256}
        write_whole(folder / CHECKSUMS, (json.dumps(checksums, indent=2, sort_keys=True) + "\n").encode())
