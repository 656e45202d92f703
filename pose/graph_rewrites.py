"""Rewrites of a network's graph after which it computes the same in fewer steps.

Each takes the nodes, in the order in which they are computed, and the weights by name, in float64, and returns the
nodes that are left; both are changed in place.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper

Nodes = list[onnx.NodeProto]
Weights = dict[str, NDArray[np.float64]]

_INPUT_AXIS = {"Conv": 1, "ConvTranspose": 0}  # of the weights of convolutions
_PER_CHANNEL = ("Relu", "BatchNormalization", "Conv")  # what can be computed over a concatenation; Conv: depthwise


def fold_batch_norms(nodes: Nodes, weights: Weights) -> Nodes:
    """Every batch normalisation after a convolution that nothing else reads goes into it."""
    makers, readers = _makers(nodes), _readers(nodes)
    kept = []
    for node in nodes:
        conv = makers.get(node.input[0])
        follows_convolution = conv is not None and conv.op_type in _INPUT_AXIS and readers[node.input[0]] == 1
        if conv is None or node.op_type != "BatchNormalization" or not follows_convolution:
            kept.append(node)
            continue
        gain, bias, mean, variance = (weights[name] for name in node.input[1:])
        epsilon = next(a.f for a in node.attribute if a.name == "epsilon")
        gain = gain / np.sqrt(variance + epsilon)
        shape = (-1, 1, 1, 1) if conv.op_type == "Conv" else (1, -1, 1, 1)
        weights[conv.input[1]] = weights[conv.input[1]] * gain.reshape(shape)
        before = weights[conv.input[2]] if len(conv.input) > 2 else 0.0
        shift = conv.input[1] + ".shift"
        weights[shift] = bias + (before - mean) * gain
        del conv.input[2:]
        conv.input.append(shift)
        conv.output[0] = node.output[0]
    return kept


def join_sums(nodes: Nodes, weights: Weights) -> Nodes:
    """A sum of two bias-free convolutions becomes one convolution of the concatenation of their inputs.

    Where the two inputs are computed channel by channel in the same way, they are computed together, too.
    """
    makers, readers = _makers(nodes), _readers(nodes)
    joined: Nodes = []
    concatenated: set[str] = set()

    def pair_of(a: str, b: str) -> tuple[onnx.NodeProto, onnx.NodeProto] | None:
        """The nodes of the same kind that make two tensors for one reader each."""
        one, two = makers.get(a), makers.get(b)
        if one is None or two is None or one is two or readers[a] + readers[b] > 2:
            return None
        return (one, two) if one.op_type == two.op_type and _settings(one) == _settings(two) else None

    def together(a: str, b: str) -> str:
        """The name of the concatenation of two tensors."""
        pair = pair_of(a, b)
        if pair is None or not all(_is_per_channel(node, weights) for node in pair):
            name = f"{a}|{b}"
            if name not in concatenated:
                concatenated.add(name)
                joined.append(helper.make_node("Concat", [a, b], [name], name=name, axis=1))
            return name
        one, two = pair
        x = together(one.input[0], two.input[0])
        for mine, other in zip(one.input[1:], two.input[1:], strict=True):
            weights[mine] = np.concatenate([weights[mine], weights.pop(other)])
        for attribute in one.attribute:
            if attribute.name == "group":
                attribute.i = len(weights[one.input[1]])
        return move(one, two, x, one.output[0])

    def move(one: onnx.NodeProto, two: onnx.NodeProto, x: str, output: str) -> str:
        """`one`, which does the work of `two` as well, over `x`."""
        one.input[0], one.output[0] = x, output
        for node in (one, two):
            kept.remove(node)
        joined.append(one)
        return output

    kept: Nodes = []
    for node in nodes:
        pair = pair_of(*node.input) if node.op_type == "Add" else None
        if pair is None or any(n.op_type not in _INPUT_AXIS or len(n.input) > 2 or _groups(n) > 1 for n in pair):
            kept.append(node)
            continue
        one, two = pair
        x = together(one.input[0], two.input[0])
        axis = _INPUT_AXIS[one.op_type]
        weights[one.input[1]] = np.concatenate([weights[one.input[1]], weights.pop(two.input[1])], axis)
        move(one, two, x, node.output[0])
        kept += joined
        joined.clear()
    return kept


def _is_per_channel(node: onnx.NodeProto, weights: Weights) -> bool:
    if node.op_type == "Conv":
        return _groups(node) == len(weights[node.input[1]]) > 1
    return node.op_type in _PER_CHANNEL


def _groups(node: onnx.NodeProto) -> int:
    return next((a.i for a in node.attribute if a.name == "group"), 1)


def _settings(node: onnx.NodeProto) -> dict[str, bytes]:
    """What else decides what a node computes; not how many channels it has."""
    return {a.name: a.SerializeToString() for a in node.attribute if a.name != "group"}


def _makers(nodes: Nodes) -> dict[str, onnx.NodeProto]:
    return {name: node for node in nodes for name in node.output}


def _readers(nodes: Nodes) -> Counter[str]:
    return Counter(name for node in nodes for name in node.input)
