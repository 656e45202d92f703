"""One weights file: its description, reading it with every check, writing it whole.

Our own files are safetensors whose header tells what they are; official PyTorch checkpoints are read too.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pose.decode_settings import DET_THR
from pose.errors import WeightsError
from pose.files import write_atomically
from pose.models.architectures import ARCHITECTURES, CROPS
from pose.skeleton import SKELETONS, Skeleton
from pose.weights.checkpoint import Shapes, State, check_file, check_values, read_pickled, recognise

FORMAT = "litepose-studio-1"
UNKNOWN_LICENCE = "unknown"
BUFFERS = ("running_mean", "running_var", "num_batches_tracked")


@dataclass(frozen=True, slots=True)
class WeightsSpec:
    """All that is known about one weights file.

    name:       what the user calls it.
    arch:       a key of ARCHITECTURES, such as "litepose-m".
    sha256:     of the file's bytes, in hex.
    licence:    "unknown" if neither the file nor its tensors tell.
    input_size: pixels on the short side of the network's input; of a top-down network the height of its crops.
    accuracy:   what was measured → value, such as {"CrowdPose test AP": 59.9}.
    source:     where the weights come from.
    parameters: how many numbers were learned.
    det_thr:    the joint threshold that suits these weights.
    """

    name: str
    arch: str
    path: Path
    sha256: str
    licence: str
    input_size: int
    skeleton: Skeleton
    accuracy: dict[str, float] = field(default_factory=dict)
    source: str = ""
    parameters: int = 0
    det_thr: float = DET_THR

    @property
    def top_down(self) -> bool:
        """Whether the network sees crops of one person: then it refines what another one has found."""
        return ARCHITECTURES[self.arch].top_down

    @property
    def crop_hw(self) -> tuple[int, int]:
        """Height and width of a top-down network's crops."""
        return CROPS.get(self.input_size, (self.input_size, self.input_size))


# Headers for official releases, which have none, by the digest of their tensors.
PUBLISHED = {
    "dc0016c73f6910744c711f9777aecce621c51b9784aaa36081575331fead6420": {
        "licence": "MIT",
        "source": "LitePose-Auto-M for CrowdPose by MIT HAN Lab (arXiv 2205.01271)",
        "accuracy": '{"CrowdPose test AP (published)": 59.9}',
    },
}


def read_weights(path: Path, recorded: str | None = None) -> tuple[WeightsSpec, State]:
    """Description and float32 tensors of a file: every name, shape and value checked.

    recorded: the SHA-256 that its bytes must have, checked before anything else is made of them.
    Raises WeightsError, in one sentence, if it is missing, changed, damaged, unsafe or not a LitePose.
    """
    head = check_file(path)
    content = path.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    if recorded is not None and sha256 != recorded:
        raise WeightsError(
            "{path} was changed or damaged: its SHA-256 is not the recorded one; install or import it again.",
            path=path.name,
        )
    if _is_safetensors(head, len(content)):
        header, state = _parse_safetensors(content, path.name)
    else:
        state = read_pickled(content, path.name)
        header = {}
    shapes = {name: values.shape for name, values in state.items()}
    what = recognise(shapes, path.name)
    check_values(state, path.name)
    if header.get("format") != FORMAT:
        header = PUBLISHED.get(tensor_digest(state), {})
    return _describe(path, what, shapes, header, sha256), state


def read_description(path: Path, sha256: str) -> WeightsSpec:
    """The description of one of our own files from its header alone: quick, for lists.

    `sha256` is what the file is recorded as; reading the tensors is what checks it.
    """
    from safetensors import SafetensorError, safe_open

    check_file(path)
    try:
        with safe_open(path, framework="numpy") as file:
            header = file.metadata() or {}
            shapes = {name: tuple(file.get_slice(name).get_shape()) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError) as error:
        raise WeightsError("{path} is cut off or damaged; install or import it again.", path=path.name) from error
    stated = header.get("arch", ""), header.get("skeleton", "")
    if stated[0] not in ARCHITECTURES or stated[1] not in SKELETONS:
        raise _damaged(path.name)
    return _describe(path, (stated[0], SKELETONS[stated[1]]), shapes, header, sha256)


def write_weights(path: Path, state: Mapping[str, NDArray], header: Mapping[str, str], half: bool) -> None:
    """Write safetensors, whole or not at all.

    half: convolution kernels in float16. Normalisation statistics stay in float32: they are few,
    and variances of real networks exceed float16. Raises WeightsError if the disk refuses.
    """
    from safetensors.numpy import save

    stored: dict[str, NDArray] = {
        name: np.asarray(values, np.float16 if half and values.ndim == 4 else np.float32, order="C")
        for name, values in sorted(state.items())
    }
    check_values(stored, path.name)  # a kernel beyond float16 would be stored as infinity
    write_whole(path, save(stored, metadata={"format": FORMAT, **header}))


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file in one step. Raises WeightsError."""
    try:
        write_atomically(path, content)
    except OSError as error:
        raise WeightsError("{path} cannot be written: {reason}.", path=path, reason=error.strerror or error) from error


def tensor_digest(state: Mapping[str, NDArray[np.float32]]) -> str:
    """SHA-256 over names and float32 values, in order of names; the same however the file is wrapped."""
    digest = hashlib.sha256()
    for name in sorted(state):
        digest.update(name.encode() + b"\0" + state[name].astype("<f4").tobytes())
    return digest.hexdigest()


def _describe(
    path: Path, what: tuple[str, Skeleton], shapes: Shapes, header: Mapping[str, str], sha256: str
) -> WeightsSpec:
    arch, skeleton = what
    try:
        return WeightsSpec(
            name=path.stem,
            arch=arch,
            path=path,
            sha256=sha256,
            licence=header.get("licence", UNKNOWN_LICENCE),
            input_size=int(header.get("input_size", ARCHITECTURES[arch].input_size)),
            skeleton=skeleton,
            accuracy={str(key): float(value) for key, value in json.loads(header.get("accuracy", "{}")).items()},
            source=header.get("source", ""),
            det_thr=_share(header.get("det_thr", DET_THR)),
            parameters=sum(prod(shape) for name, shape in shapes.items() if not name.endswith(BUFFERS)),
        )
    except (ValueError, TypeError, AttributeError) as error:
        raise _damaged(path.name) from error


def _share(value: str | float) -> float:
    share = float(value)
    if not 0 < share < 1:
        raise ValueError(value)
    return share


def _is_safetensors(head: bytes, size: int) -> bool:
    """Eight bytes that give the header's length, then JSON. What other files begin with would be a far longer one."""
    return head[8:9] == b"{" and int.from_bytes(head[:8], "little") <= size


def _parse_safetensors(content: bytes, file_name: str) -> tuple[dict[str, str], State]:
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        state = {name: values.astype(np.float32) for name, values in load(content).items()}
        (length,) = struct.unpack("<Q", content[:8])
        header = json.loads(content[8 : 8 + length]).get("__metadata__", {})
    except (SafetensorError, ValueError, KeyError, TypeError) as error:
        raise _damaged(file_name) from error
    return header, state


def _damaged(file_name: str) -> WeightsError:
    return WeightsError("{file_name} is cut off or damaged.", file_name=file_name)
