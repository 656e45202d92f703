"""The network in 8 bits for OpenVINO, from nothing but its weights and the built-in images."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from pose.quantisation import quantise, read_ranges, with_ranges
from pose.tensors import HEATMAPS, IR_VERSION, OPSET

if TYPE_CHECKING:
    import openvino

_FP32 = {"INFERENCE_PRECISION_HINT": "f32"}


def quantised_model(
    core: openvino.Core, graph: onnx.ModelProto, images: NDArray[np.uint8], threads: int
) -> tuple[openvino.Model, NDArray[np.float32]]:
    """The graph with 8-bit convolutions, and the heatmaps of `images`, (N, H, W, 3) uint8 BGR, in fp32.

    The ranges of activations are those that these images give in fp32.
    """
    bits = 7 if sums_overflow(core) else 8
    outputs = _with_ranges(core, graph, images, threads)
    quantised = quantise(graph, read_ranges(graph, outputs), bits)
    return core.read_model(model=quantised.SerializeToString()), outputs[HEATMAPS]


def sums_overflow(core: openvino.Core) -> bool:
    """Whether 8-bit convolutions come out wrong here.

    x86 CPUs without VNNI multiply bytes in pairs and add each pair in 16 bits, where two products of 255 and 127 have
    no room. Nothing warns of it: poses just get bad.
    """
    channels = 64
    kernel = np.full((channels, channels, 1, 1), 127, np.float32)
    shape = [1, channels, 8, 8]
    x, y = (helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name in ("x", "y"))
    node = helper.make_node("Conv", ["x", "kernel"], ["y"], name="stage.sums")
    model = helper.make_model(
        helper.make_graph([node], "sums", [x], [y], [numpy_helper.from_array(kernel, "kernel")]),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
    )
    in_bytes = quantise(model, {"x": (0.0, 255.0)})  # in steps of 1, as the kernel
    compiled = core.compile_model(core.read_model(model=in_bytes.SerializeToString()), "CPU", _FP32)
    sums = compiled(np.full(shape, 255, np.float32))[0]
    return not np.allclose(sums, channels * 255 * 127)


def _with_ranges(
    core: openvino.Core, graph: onnx.ModelProto, images: NDArray[np.uint8], threads: int
) -> dict[str, NDArray[np.float32]]:
    """Outputs of the network, ranges among them, by their names."""
    model = core.read_model(model=with_ranges(graph).SerializeToString())
    model.reshape(list(images.shape))
    compiled = core.compile_model(model, "CPU", {**_FP32, "INFERENCE_NUM_THREADS": threads})
    return {port.get_any_name(): values for port, values in compiled(images).items()}
