"""Network files: the ONNX graph of an architecture without its weights, and how it becomes a graph with them.

`pose.models.export` writes them from the torch description; they come with the program, so that running a network
never imports torch. A network file has the normalised image as its first input and every tensor of the weights as a
further input under its own name; where a size is the number of keypoints it says so.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from pose.assets import ASSETS
from pose.errors import WeightsError
from pose.graph_rewrites import fold_batch_norms, join_sums
from pose.normalisation import MEAN_RGB, STD_RGB
from pose.tensors import PIXELS

State = Mapping[str, NDArray[np.float32]]

IMAGE, KEYPOINTS = "image", "keypoints"
FOLDER = ASSETS / "networks"
SUFFIX = ".onnx.gz"


@cache
def read_network(arch: str) -> onnx.ModelProto:
    """The network file of an architecture. Not to be changed. Raises WeightsError if it is not there or damaged."""
    path = FOLDER / (arch + SUFFIX)
    try:
        return onnx.load_from_string(gzip.decompress(path.read_bytes()))
    except Exception as error:  # what protobuf and zlib raise on damaged bytes is no promise of theirs
        raise WeightsError(
            "The file {path} is missing or damaged; install LitePose Studio again.", path=path.name
        ) from error


def encode_network(model: onnx.ModelProto) -> bytes:
    """What a network file holds: the same bytes for the same network."""
    return gzip.compress(model.SerializeToString(deterministic=True), 9, mtime=0)


def network_archs() -> list[str]:
    """The architectures that have a network file."""
    return sorted(path.name.removesuffix(SUFFIX) for path in FOLDER.glob("*" + SUFFIX))


@cache
def network_shapes(arch: str, keypoints: int) -> dict[str, tuple[int, ...]]:
    """Every tensor of the weights of an architecture and its shape. Not to be changed."""
    shapes: dict[str, tuple[int, ...]] = {}
    for value in read_network(arch).graph.input[1:]:
        shapes[value.name] = tuple(_size(d, keypoints) for d in _dimensions(value))
        if value.name.endswith(".running_var"):
            shapes[value.name.removesuffix("running_var") + "num_batches_tracked"] = ()
    return shapes


def _size(dimension: onnx.TensorShapeProto.Dimension, keypoints: int) -> int:
    if not dimension.dim_param:
        return dimension.dim_value
    times = dimension.dim_param.removesuffix(KEYPOINTS).removesuffix("*")
    return int(times or 1) * keypoints


def build_graph(network: onnx.ModelProto, state: State, input_size: tuple[int, int] | None = None) -> onnx.ModelProto:
    """A network with its weights, from pixels to maps; of any size, or of a fixed (height, width).

    Input `image_bgr` (N, H, W, 3) uint8; the outputs are those of the network. Sums of convolutions are joined, batch
    normalisations folded into the convolutions before them, channel order and standard deviation into the first one.
    The mean is subtracted in the graph, because the zero padding of that convolution has to see the mean as zero.
    Convolutions have the names of their weights.
    """
    weights = {value.name: state[value.name].astype(np.float64) for value in network.graph.input[1:]}
    nodes = [_copy(node) for node in network.graph.node]
    nodes = fold_batch_norms(join_sums(nodes, weights), weights)
    for node in nodes:
        if node.op_type in ("Conv", "ConvTranspose"):
            node.name = node.input[1].removesuffix(".weight")
    first = next(node for node in nodes if node.input[0] == IMAGE)
    deviation = (255 * np.array(STD_RGB)).reshape(1, 3, 1, 1)
    weights[first.input[1]] = (weights[first.input[1]] / deviation)[:, ::-1]
    mean = (255 * np.array(MEAN_RGB[::-1], np.float32)).reshape(1, 3, 1, 1)
    nodes = [
        helper.make_node("Cast", [PIXELS], ["pixels"], name="pixels", to=TensorProto.FLOAT),
        helper.make_node("Transpose", ["pixels"], ["planes"], name="planes", perm=[0, 3, 1, 2]),
        helper.make_node("Sub", ["planes", "mean_bgr"], [IMAGE], name=IMAGE),
        *nodes,
    ]
    used = {name for node in nodes for name in node.input}
    constants = [numpy_helper.from_array(mean, "mean_bgr"), *network.graph.initializer]
    for name, values in weights.items():
        if name in used:
            constants.append(numpy_helper.from_array(np.ascontiguousarray(values, np.float32), name))
    keypoints = _keypoints(network, state)
    maps = [
        helper.make_tensor_value_info(
            value.name, TensorProto.FLOAT, [_map_size(d.dim_param, keypoints, input_size) for d in _dimensions(value)]
        )
        for value in network.graph.output
    ]
    pixels = helper.make_tensor_value_info(
        PIXELS, TensorProto.UINT8, ["batch", *(input_size or ("height", "width")), 3]
    )
    model = helper.make_model(
        helper.make_graph(nodes, "network", [pixels], maps, constants),
        producer_name=network.producer_name,
        opset_imports=network.opset_import,
        ir_version=network.ir_version,
    )
    onnx.checker.check_model(model)
    return model


def _keypoints(network: onnx.ModelProto, state: State) -> int:
    """How many the weights are for."""
    for value in network.graph.input[1:]:
        for dimension, size in zip(_dimensions(value), state[value.name].shape, strict=True):
            if dimension.dim_param:
                return size // _size(dimension, 1)
    raise ValueError("no size depends on the number of keypoints")


def _map_size(name: str, keypoints: int, input_size: tuple[int, int] | None) -> int | str:
    """A size of an output: "keypoints", or "height/4" as a number if the input's size is fixed."""
    side, _, stride = name.partition("/")
    if side == KEYPOINTS:
        return keypoints
    return name if input_size is None or not stride else input_size[side == "width"] // int(stride)


def _dimensions(value: onnx.ValueInfoProto) -> Sequence[onnx.TensorShapeProto.Dimension]:
    return value.type.tensor_type.shape.dim


def _copy(node: onnx.NodeProto) -> onnx.NodeProto:
    copied = onnx.NodeProto()
    copied.CopyFrom(node)
    return copied
