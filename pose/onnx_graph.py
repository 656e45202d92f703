"""LitePose written directly as an ONNX graph from its weights, without PyTorch.

The graph takes camera pixels and gives the maps that the decoder reads, so normalisation, batch
normalisation, upsampling and averaging are all inside. Against the network as it is trained:

- each batch normalisation is folded into the convolution before it;
- red-green-blue order and the standard deviation are folded into the first convolution. The mean is
  subtracted in the graph, because the zero padding of that convolution has to see the mean as zero;
- the two deconvolutions of each fusion step become one, over concatenated inputs: a sum of two
  bias-free deconvolutions is a deconvolution of the concatenation;
- the two separable heads of each output become one in the same way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from pose.normalisation import MEAN_RGB, STD_RGB
from pose.tensors import HEATMAPS, IR_VERSION, OPSET, TAGS
from pose.tensors import PIXELS as INPUT

if TYPE_CHECKING:
    from pose.weights.file import WeightsSpec

State = Mapping[str, NDArray[np.float32]]

BN_EPSILON = 1e-5
RELU6 = ".relu6"  # ends the names of tensors that lie between 0 and 6


def build_onnx(state: State, input_size: tuple[int, int] | None = None) -> onnx.ModelProto:
    """The folded graph of one LitePose.

    state:      tensors of a LitePose of any width and any number of keypoints K.
    input_size: fixed (height, width), or None for any multiples of 32. The batch size is always free.

    Input `image_bgr` (N, H, W, 3) uint8. Outputs `heatmaps` (N, K, H/2, W/2) float32, the mean of the
    upsampled coarse and the fine map, and `tags` (N, K, H/4, W/4) float32.
    """
    height, width = input_size or (None, None)
    keypoints = state["final_refined.1.conv.3.weight"].shape[0]
    graph = _Graph()
    heatmaps, tags = _litepose(graph, state)
    graph.node("Identity", [heatmaps], HEATMAPS)
    graph.node("Identity", [tags], TAGS)

    def shape(channels: int, stride: int) -> list[int | str]:
        rows = "height" if height is None else height
        columns = "width" if width is None else width
        suffix = f"/{stride}"
        return [
            "batch",
            channels,
            rows + suffix if isinstance(rows, str) else rows // stride,
            columns + suffix if isinstance(columns, str) else columns // stride,
        ]

    image_shape = ["batch", height or "height", width or "width", 3]
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "litepose",
            [helper.make_tensor_value_info(INPUT, TensorProto.UINT8, image_shape)],
            [
                helper.make_tensor_value_info(HEATMAPS, TensorProto.FLOAT, shape(keypoints, 2)),
                helper.make_tensor_value_info(TAGS, TensorProto.FLOAT, shape(keypoints, 4)),
            ],
            graph.constants,
        ),
        producer_name="litepose-studio",
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
    )
    onnx.checker.check_model(model)
    return model


def describe(model: onnx.ModelProto, spec: WeightsSpec) -> None:
    """Writes into the model what it is and where it comes from."""
    helper.set_model_props(
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


class _Graph:
    """Nodes and constants collected so far; every method returns the name of its output."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, values: NDArray[np.generic]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, kind: str, inputs: Sequence[str], name: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(kind, list(inputs), [name], name=name, **attributes))
        return name

    def conv(self, x: str, name: str, weight: NDArray, bias: NDArray | None, stride: int = 1, groups: int = 1) -> str:
        """weight (out, in/groups, k, k) with odd k, padded to keep the size."""
        kernel = weight.shape[2]
        inputs = [x, self.constant(f"{name}.weight", weight.astype(np.float32))]
        if bias is not None:
            inputs.append(self.constant(f"{name}.bias", bias.astype(np.float32)))
        return self.node(
            "Conv", inputs, name, kernel_shape=[kernel] * 2, pads=[kernel // 2] * 4, strides=[stride] * 2, group=groups
        )

    def relu6(self, x: str) -> str:
        if not any(c.name == "zero" for c in self.constants):
            self.constant("zero", np.array(0, np.float32))
            self.constant("six", np.array(6, np.float32))
        return self.node("Clip", [x, "zero", "six"], x + RELU6)

    def relu(self, x: str) -> str:
        return self.node("Relu", [x], f"{x}.relu")

    def concat(self, inputs: Sequence[str], name: str) -> str:
        return self.node("Concat", inputs, name, axis=1)


def _bn(state: State, prefix: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """A batch normalisation as (scale, shift) per channel."""
    weight, bias, mean, variance = (
        state[f"{prefix}.{part}"].astype(np.float64) for part in ("weight", "bias", "running_mean", "running_var")
    )
    scale = weight / np.sqrt(variance + BN_EPSILON)
    return scale, bias - mean * scale


def _conv_bn(g: _Graph, state: State, x: str, conv: str, bn: str, stride: int = 1) -> str:
    """A convolution with its batch normalisation folded in; depthwise if its weight says so."""
    scale, shift = _bn(state, bn)
    weight = state[f"{conv}.weight"].astype(np.float64) * scale[:, None, None, None]
    groups = len(weight) if weight.shape[1] == 1 else 1
    return g.conv(x, conv, weight, shift, stride, groups)


def _litepose(g: _Graph, state: State) -> tuple[str, str]:
    """Adds the whole network; returns the names of heatmaps and tags."""
    stem = _stem(g, state)
    x, stages = stem, []
    for stage in range(4):
        for block in range(_count(state, f"stage.{stage}.")):
            stride = 2 if block == 0 and stage < 3 else 1
            x = _bottleneck(g, state, x, f"stage.{stage}.{block}", stride)
        stages.append(x)

    refined = stages[3]
    maps = []
    for i, raw in enumerate((stages[2], stages[1], stages[0])):
        refined = _fusion_deconv(g, state, i, refined, raw)
        if i > 0:
            maps.append(_head(g, state, i - 1, refined, (stages[0], stem)[i - 1]))
    coarse, fine = maps

    keypoints = state["final_refined.1.conv.3.weight"].shape[0]
    g.constant("split", np.array([keypoints, keypoints], np.int64))
    g.nodes.append(helper.make_node("Split", [coarse, "split"], ["coarse_heatmaps", "coarse_tags"], axis=1))
    g.constant("scales", np.array([1, 1, 2, 2], np.float32))
    attributes = {"mode": "linear", "coordinate_transformation_mode": "half_pixel"}
    upsampled = g.node("Resize", ["coarse_heatmaps", "", "scales"], "upsampled", **attributes)
    return g.node("Add", [upsampled, fine], "mean"), "coarse_tags"


def _count(state: State, prefix: str) -> int:
    return len({key[len(prefix) :].split(".")[0] for key in state if key.startswith(prefix)})


def _stem(g: _Graph, state: State) -> str:
    x = g.node("Cast", [INPUT], "pixels", to=TensorProto.FLOAT)
    x = g.node("Transpose", [x], "planes", perm=[0, 3, 1, 2])
    mean_bgr = (255.0 * np.array(MEAN_RGB[::-1])).reshape(1, 3, 1, 1)
    x = g.node("Sub", [x, g.constant("mean_bgr", mean_bgr.astype(np.float32))], "centred")
    scale, shift = _bn(state, "first.0.1")
    weight = state["first.0.0.weight"].astype(np.float64) * scale[:, None, None, None]
    weight = (weight / (255.0 * np.array(STD_RGB)).reshape(1, 3, 1, 1))[:, ::-1]
    x = g.relu6(g.conv(x, "first.0.0", weight, shift, stride=2))
    x = g.relu6(_conv_bn(g, state, x, "first.1.0", "first.1.1"))
    return _conv_bn(g, state, x, "first.2", "first.3")


def _bottleneck(g: _Graph, state: State, x: str, prefix: str, stride: int) -> str:
    y = g.relu6(_conv_bn(g, state, x, f"{prefix}.inv.0", f"{prefix}.inv.1"))
    y = g.relu6(_conv_bn(g, state, y, f"{prefix}.depth_conv.0", f"{prefix}.depth_conv.1", stride))
    y = _conv_bn(g, state, y, f"{prefix}.point_conv.0", f"{prefix}.point_conv.1")
    inputs = state[f"{prefix}.inv.0.weight"].shape[1]
    outputs = state[f"{prefix}.point_conv.0.weight"].shape[0]
    return g.node("Add", [x, y], f"{prefix}.add") if stride == 1 and inputs == outputs else y


def _fusion_deconv(g: _Graph, state: State, i: int, refined: str, raw: str) -> str:
    scale, shift = _bn(state, f"deconv_bnrelu.{i}.0")
    weight = np.concatenate([state[f"deconv_refined.{i}.weight"], state[f"deconv_raw.{i}.weight"]])  # (in, out, 4, 4)
    weight = weight.astype(np.float64) * scale[:, None, None]
    name = f"deconv.{i}"
    inputs = [
        g.concat([refined, raw], f"{name}.inputs"),
        g.constant(f"{name}.weight", weight.astype(np.float32)),
        g.constant(f"{name}.bias", shift.astype(np.float32)),
    ]
    return g.relu(g.node("ConvTranspose", inputs, name, kernel_shape=[4, 4], strides=[2, 2], pads=[1, 1, 1, 1]))


def _head(g: _Graph, state: State, i: int, refined: str, raw: str) -> str:
    """One separable convolution over both inputs; heatmap channels come out halved, ready to be summed."""
    depthwise, shifts, pointwise = [], [], []
    for branch in ("final_refined", "final_raw"):
        prefix = f"{branch}.{i}.conv"
        scale, shift = _bn(state, f"{prefix}.1")
        depthwise.append(state[f"{prefix}.0.weight"].astype(np.float64) * scale[:, None, None, None])
        shifts.append(shift)
        pointwise.append(state[f"{prefix}.3.weight"].astype(np.float64))
    weight = np.concatenate(pointwise, axis=1)
    keypoints = state["final_refined.1.conv.3.weight"].shape[0]
    weight[:keypoints] *= 0.5
    x = g.concat([refined, raw], f"head.{i}.inputs")
    depthwise_weight = np.concatenate(depthwise)
    x = g.conv(x, f"head.{i}.depthwise", depthwise_weight, np.concatenate(shifts), groups=len(depthwise_weight))
    return g.conv(g.relu(x), f"head.{i}.pointwise", weight, None)
