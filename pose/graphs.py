"""The ONNX graph of any architecture with its weights."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import onnx
from numpy.typing import NDArray

from pose.models.config import LITEPOSE
from pose.network_file import build_graph, read_network
from pose.onnx_graph import build_onnx

State = Mapping[str, NDArray[np.float32]]


def network_graph(arch: str, state: State, input_size: tuple[int, int] | None = None) -> onnx.ModelProto:
    """Input `image_bgr` (N, H, W, 3) uint8; outputs as in `pose.engines.base.Engine`.

    input_size: fixed (height, width), or None for any multiples of 32.

    LitePose is written straight from its weights, because its deconvolutions and heads are merged on the way; the
    others come from their network files.
    """
    if arch in LITEPOSE:
        return build_onnx(state, input_size)
    return build_graph(read_network(arch), state, input_size)
