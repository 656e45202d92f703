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


def network_graph(arch: str, state: State) -> onnx.ModelProto:
    """Input `image_bgr` (N, H, W, 3) uint8, any multiples of 32; outputs as in `pose.engines.base.Engine`.

    LitePose is written straight from its weights, because its deconvolutions and heads are merged on the way; the
    others come from their network files.
    """
    return build_onnx(state) if arch in LITEPOSE else build_graph(read_network(arch), state)
