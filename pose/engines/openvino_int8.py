"""The network in 8 bits for OpenVINO, from nothing but its weights and the built-in pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from pose.onnx_graph import IR_VERSION, OPSET
from pose.quantisation import Ranges, quantise, read_ranges, with_ranges

if TYPE_CHECKING:
    import openvino

_FP32 = {"INFERENCE_PRECISION_HINT": "f32"}


def quantised_model(
    core: openvino.Core, graph: onnx.ModelProto, pictures: NDArray[np.uint8], threads: int
) -> openvino.Model:
    """The graph with 8-bit convolutions.

    The ranges of activations are those that `pictures`, (N, H, W, 3) uint8 BGR, give in fp32.
    """
    bits = 7 if sums_overflow(core) else 8
    quantised = quantise(graph, _ranges(core, graph, pictures, threads), bits)
    return core.read_model(model=quantised.SerializeToString())


def sums_overflow(core: openvino.Core) -> bool:
    """Whether 8-bit convolutions come out wrong here.

    x86 CPUs without VNNI multiply bytes in pairs and add each pair in 16 bits, where two products of 255 and 127 have
    no room. Nothing warns of it: poses just get bad.
    """
    channels = 64
    kernel = np.full((channels, channels, 1, 1), 127, np.int8)
    constants = {
        "step": np.float32(1), "zero": np.uint8(0), "kernel": kernel,
        "kernel_steps": np.ones(channels, np.float32), "kernel_zeros": np.zeros(channels, np.int8),
    }  # fmt: skip
    nodes = [
        helper.make_node("QuantizeLinear", ["x", "step", "zero"], ["bytes"]),
        helper.make_node("DequantizeLinear", ["bytes", "step", "zero"], ["rounded"]),
        helper.make_node("DequantizeLinear", ["kernel", "kernel_steps", "kernel_zeros"], ["weights"], axis=0),
        helper.make_node("Conv", ["rounded", "weights"], ["y"]),
    ]
    shape = [1, channels, 8, 8]
    x, y = (helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name in ("x", "y"))
    initializers = [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()]
    model = helper.make_model(
        helper.make_graph(nodes, "sums", [x], [y], initializers),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
    )
    compiled = core.compile_model(core.read_model(model=model.SerializeToString()), "CPU", _FP32)
    sums = compiled(np.full(shape, 255, np.float32))[0]
    return not np.allclose(sums, channels * 255 * 127)


def _ranges(core: openvino.Core, graph: onnx.ModelProto, pictures: NDArray[np.uint8], threads: int) -> Ranges:
    model = core.read_model(model=with_ranges(graph).SerializeToString())
    model.reshape(list(pictures.shape))
    compiled = core.compile_model(model, "CPU", {**_FP32, "INFERENCE_NUM_THREADS": threads})
    outputs = compiled(pictures)
    return read_ranges(graph, {port.get_any_name(): values for port, values in outputs.items()})
