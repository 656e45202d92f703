"""Reading model files that somebody else made: safely, and only if they are a network that is known here.

A checkpoint is a mapping of tensor names to tensors, possibly inside another mapping (`best_state_dict`,
`state_dict`) and possibly with every name starting with `module.`. Architecture and skeleton follow from the shapes.
"""

from __future__ import annotations

import io
import pickle
import warnings
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pose.errors import WeightsError
from pose.models.architectures import ARCHITECTURES
from pose.skeleton import SKELETONS, Skeleton

Shapes = Mapping[str, tuple[int, ...]]
State = dict[str, NDArray[np.float32]]

WRAPPERS = ("best_state_dict", "state_dict")
MMPOSE_HEAD, HEAD = "head.", "keypoint_head."  # MMPose 1.x and 0.x; ours is the latter
PARALLEL_PREFIX = "module."  # what torch.nn.DataParallel puts before every name
MAX_BYTES = 1 << 30  # weights take 3 to 150 MB; reading a huge file would only exhaust memory


def recognise(shapes: Shapes, file_name: str) -> tuple[str, Skeleton]:
    """The architecture and skeleton whose tensors these are, every name and every shape.

    Raises WeightsError that names the nearest architecture and counts the tensors that do not fit.
    """
    from pose.network_file import network_shapes  # imports ONNX, which few starts need

    misfits: dict[tuple[str, str], int] = {}
    top_down = any(name.startswith("backbone.") for name in shapes)
    for arch in (name for name, architecture in ARCHITECTURES.items() if architecture.top_down == top_down):
        for skeleton in SKELETONS.values():
            expected = network_shapes(arch, skeleton.num_keypoints)
            wrong = sum(shapes.get(name) != shape for name, shape in expected.items())
            wrong += sum(name not in expected for name in shapes)
            if wrong == 0:
                return arch, skeleton
            misfits[arch, skeleton.name] = wrong
    (arch, skeleton_name), wrong = min(misfits.items(), key=lambda item: item[1])
    total = len(network_shapes(arch, SKELETONS[skeleton_name].num_keypoints))
    if wrong > total // 2:
        raise WeightsError(
            "{file_name} holds {count} tensors of some other network, not of a network that is known here."
            if top_down
            else "{file_name} holds {count} tensors of some other network, not of a LitePose.",
            file_name=file_name,
            count=len(shapes),
        )
    raise WeightsError(
        "{file_name} is nearly {arch} for {skeleton_name}, but {wrong} of its tensors are missing, "
        "unknown or of another shape; the file may come from a changed or pruned network.",
        file_name=file_name,
        arch=arch,
        skeleton_name=skeleton_name,
        wrong=wrong,
    )


def read_pickled(content: bytes, file_name: str) -> State:
    """The tensors of a PyTorch file, unwrapped, as float32. Code inside the file is not run.

    Raises WeightsError, in one sentence, for anything that is not a plain mapping of finite tensors.
    """
    try:
        import torch  # only these files need it
    except ImportError as error:
        raise WeightsError(
            "{file_name} is a PyTorch file, and PyTorch is not installed here to read it.", file_name=file_name
        ) from error

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # advice to programmers about pickle protocols
            loaded = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        if "GLOBAL" in str(error) or "Can only" in str(error) or (content[:1] == b"\x80" and "operand" in str(error)):
            raise WeightsError(
                "{file_name} holds Python objects that could run code, so it was not opened; "
                "a weights file must hold tensors only.",
                file_name=file_name,
            ) from error
        raise _not_readable(file_name) from error
    except Exception as error:  # the restricted unpickler fails on damaged bytes in any way, struct.error included
        raise _not_readable(file_name) from error
    return _tensors(loaded, file_name)


def _tensors(content: object, file_name: str) -> State:
    """The float32 tensors of an unpickled object, unwrapped."""
    import torch

    while isinstance(content, Mapping):
        inner = next((content[key] for key in WRAPPERS if isinstance(content.get(key), Mapping)), None)
        if inner is None:
            break
        content = inner
    if not isinstance(content, Mapping) or not content:
        raise WeightsError(
            "{file_name} holds a {kind} where a mapping of tensors was expected.",
            file_name=file_name,
            kind=type(content).__name__,
        )
    if not all(isinstance(key, str) and isinstance(value, torch.Tensor) for key, value in content.items()):
        raise WeightsError(
            "{file_name} holds other things than tensors; save the state_dict of the network alone.",
            file_name=file_name,
        )
    if any(value.is_sparse or value.is_quantized or value.is_complex() or value.is_meta for value in content.values()):
        raise WeightsError(
            "{file_name} holds sparse, quantised or complex tensors, which pose networks do not have.",
            file_name=file_name,
        )
    state = {key: value.detach().float().numpy() for key, value in content.items()}
    if all(key.startswith(PARALLEL_PREFIX) for key in state):
        state = {key.removeprefix(PARALLEL_PREFIX): value for key, value in state.items()}
    return our_names(state)


def our_names(state: State) -> State:
    """The names that top-down networks have here, whatever release the tensors come from.

    MMPose 1.x calls the head otherwise than MMPose 0.x; the official SimpleBaseline has no prefixes at all.
    """
    if "layer1.0.conv1.weight" in state and "final_layer.weight" in state:
        return {
            (HEAD if name.startswith(("deconv_layers.", "final_layer.")) else "backbone.") + name: values
            for name, values in state.items()
            if not name.startswith("fc.")  # the classifier of the pretrained network
        }
    if any(name.startswith("backbone.") for name in state):
        return {
            HEAD + name.removeprefix(MMPOSE_HEAD) if name.startswith(MMPOSE_HEAD) else name: values
            for name, values in state.items()
        }
    return state


def check_values(state: Mapping[str, NDArray], file_name: str) -> None:
    """Raises WeightsError if a tensor holds infinite or undefined numbers, or a negative variance."""
    for name, values in state.items():
        if not np.isfinite(values).all():
            raise WeightsError(
                "{file_name} is damaged: its tensor {name} holds numbers that are not finite.",
                file_name=file_name,
                name=name,
            )
        if name.endswith("running_var") and (values < 0).any():
            raise WeightsError(
                "{file_name} is damaged: its tensor {name} holds a negative variance.", file_name=file_name, name=name
            )


def check_file(path: Path) -> bytes:
    """The first bytes of a file that may hold weights; WeightsError if it plainly does not."""
    try:
        if path.is_dir():
            raise WeightsError("{path} is a folder, not a weights file.", path=path)
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(512)
    except OSError as error:
        raise WeightsError(
            "The weights file {path} cannot be read: {reason}.", path=path, reason=error.strerror or error
        ) from error
    if size == 0:
        raise WeightsError("{path} is empty; download it again.", path=path.name)
    if size > MAX_BYTES:
        raise WeightsError(
            "{path} has {gigabytes} GB, which is far too large for a pose network.",
            path=path.name,
            gigabytes=f"{size / 1e9:.1f}",
        )
    if head.lstrip().lower().startswith((b"<!doctype", b"<html", b"<?xml", b"<head")):
        raise WeightsError(
            "{path} is a web page, not a weights file; the download went wrong, fetch it again.", path=path.name
        )
    if head.startswith(b"version https://git-lfs"):
        raise WeightsError(
            "{path} is a Git LFS pointer, not the file itself; fetch it with `git lfs pull`.", path=path.name
        )
    return head


def _not_readable(file_name: str) -> WeightsError:
    return WeightsError(
        "{file_name} is not a complete PyTorch or safetensors file: it is cut off, damaged or of another kind.",
        file_name=file_name,
    )
