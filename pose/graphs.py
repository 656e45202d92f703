"""The ONNX graph of any architecture with its weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import onnx
from numpy.typing import NDArray

from pose.network_file import build_graph, read_network

if TYPE_CHECKING:
    from pose.weights.file import WeightsSpec

State = Mapping[str, NDArray[np.float32]]


def network_graph(arch: str, state: State, input_size: tuple[int, int] | None = None) -> onnx.ModelProto:
    """Input `image_bgr` (N, H, W, 3) uint8; outputs as in `pose.engines.base.Engine`.

    input_size: fixed (height, width), or None for any multiples of 32.
    """
    return build_graph(read_network(arch), state, input_size)


def describe(model: onnx.ModelProto, spec: WeightsSpec) -> None:
    """Writes into the model what it is and where it comes from."""
    onnx.helper.set_model_props(
        model,
        {
            "arch": spec.arch,
            "skeleton": spec.skeleton.name,
            "keypoints": ",".join(spec.skeleton.keypoint_names),
            "licence": spec.licence,
            "source": spec.source,
            "weights_sha256": spec.sha256,
        },
    )
