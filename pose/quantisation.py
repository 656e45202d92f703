"""8-bit convolutions in the ONNX graph: weights per channel, activations per tensor.

All convolutions of the inverted bottlenecks are quantised but the very first: what it reads, the linear output of the
stem, spreads so far that 256 steps are too coarse, and nearly all of the error would come from there (measured, see
docs/training.md). Stem, deconvolutions and heads stay in floating point: they cost little.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

Ranges = Mapping[str, tuple[float, float]]
"""Least and largest value of each tensor that is quantised."""

_TOO_SPREAD = "stage.0.0.inv.0"
_LOW, _HIGH = ".least", ".largest"


def open_ranges(graph: onnx.ModelProto) -> list[str]:
    """Names of the tensors whose range `quantise` has to be told: the others lie between 0 and 6."""
    relu6 = {n.output[0] for n in graph.graph.node if n.op_type == "Clip"}
    return [n.input[0] for n in _quantised_nodes(graph) if n.input[0] not in relu6]


def with_ranges(graph: onnx.ModelProto) -> onnx.ModelProto:
    """A copy with two outputs more for each of `open_ranges`: its least and its largest value, for `read_ranges`."""
    watched = _copy(graph)
    for name in open_ranges(graph):
        for kind, suffix in (("ReduceMin", _LOW), ("ReduceMax", _HIGH)):
            watched.graph.node.append(helper.make_node(kind, [name], [name + suffix], name=name + suffix, keepdims=0))
            watched.graph.output.append(helper.make_tensor_value_info(name + suffix, TensorProto.FLOAT, []))
    return watched


def read_ranges(graph: onnx.ModelProto, outputs: Mapping[str, NDArray[np.float32]]) -> Ranges:
    """Ranges from the outputs of `with_ranges(graph)` on some images."""
    return {name: (float(outputs[name + _LOW]), float(outputs[name + _HIGH])) for name in open_ranges(graph)}


def quantise(graph: onnx.ModelProto, ranges: Ranges, weight_bits: int = 8) -> onnx.ModelProto:
    """A copy in which quantised tensors pass through QuantizeLinear and DequantizeLinear, as runtimes expect it.

    weight_bits: 7 for CPUs that add two 8-bit products in 16 bits, which overflow with weights of 8.
    """
    chosen = {node.name: node.input[1] for node in _quantised_nodes(graph)}
    weights = {w.name: w for w in graph.graph.initializer}
    result = _copy(graph)
    del result.graph.node[:], result.graph.initializer[:]
    result.graph.initializer.extend(w for w in weights.values() if w.name not in chosen.values())
    rounded: dict[str, str] = {}
    for node in graph.graph.node:
        if node.name in chosen:
            tensor, weight = node.input[0], node.input[1]
            if tensor not in rounded:
                rounded[tensor] = _add_activation(result.graph, tensor, ranges.get(tensor, (0.0, 6.0)))
            kernel = numpy_helper.to_array(weights[weight])
            inputs = [rounded[tensor], _add_weight(result.graph, weight, kernel, weight_bits), *node.input[2:]]
            node = _copy_of_node(node, inputs)
        result.graph.node.append(node)
    onnx.checker.check_model(result)
    return result


def _quantised_nodes(graph: onnx.ModelProto) -> list[onnx.NodeProto]:
    return [
        n for n in graph.graph.node if n.op_type == "Conv" and n.name.startswith("stage.") and n.name != _TOO_SPREAD
    ]


def _add_activation(graph: onnx.GraphProto, name: str, value_range: tuple[float, float]) -> str:
    """Zero is among the 256 steps, because the padding of convolutions has to stay zero."""
    low, high = min(0.0, value_range[0]), max(0.0, value_range[1])
    step = np.float32(max(high - low, 1e-6) / 255)
    zero = np.uint8(np.clip(round(-low / float(step)), 0, 255))
    parameters = [_add_constant(graph, f"{name}.step", step), _add_constant(graph, f"{name}.zero", zero)]
    graph.node.append(helper.make_node("QuantizeLinear", [name, *parameters], [f"{name}.uint8"], name=f"{name}.uint8"))
    return _add_dequantised(graph, f"{name}.uint8", parameters, f"{name}.rounded")


def _add_weight(graph: onnx.GraphProto, name: str, weight: NDArray[np.float32], bits: int) -> str:
    largest = 2 ** (bits - 1) - 1
    steps = np.maximum(np.abs(weight).reshape(len(weight), -1).max(axis=1) / largest, 1e-12).astype(np.float32)
    whole = np.round(weight / steps[:, None, None, None]).clip(-largest, largest).astype(np.int8)
    parameters = [
        _add_constant(graph, f"{name}.step", steps),
        _add_constant(graph, f"{name}.zero", np.zeros(len(steps), np.int8)),
    ]
    return _add_dequantised(graph, _add_constant(graph, f"{name}.int8", whole), parameters, f"{name}.rounded", axis=0)


def _add_dequantised(graph: onnx.GraphProto, name: str, parameters: Sequence[str], to: str, axis: int = 1) -> str:
    graph.node.append(helper.make_node("DequantizeLinear", [name, *parameters], [to], name=to, axis=axis))
    return to


def _add_constant(graph: onnx.GraphProto, name: str, values: NDArray[np.generic] | np.generic) -> str:
    graph.initializer.append(numpy_helper.from_array(np.asarray(values), name))
    return name


def _copy(graph: onnx.ModelProto) -> onnx.ModelProto:
    copied = onnx.ModelProto()
    copied.CopyFrom(graph)
    return copied


def _copy_of_node(node: onnx.NodeProto, inputs: Sequence[str]) -> onnx.NodeProto:
    copied = onnx.NodeProto()
    copied.CopyFrom(node)
    del copied.input[:]
    copied.input.extend(inputs)
    return copied
