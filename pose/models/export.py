"""A torch network as a network file: its ONNX graph with the weights left out, as inputs under their own names.

The network is run once on an example while every call of torch is recorded, so any Python in its `forward` is fine as
long as the calls are among those that `_WRITERS` knows. `pose.network_file` reads what this writes, without torch.

    python -m pose.models.export      writes the network files of all architectures anew
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn
from torch.nn import functional
from torch.overrides import TorchFunctionMode

from pose.models.build import builders
from pose.models.litepose import upsample_and_average
from pose.network_file import FOLDER, IMAGE, KEYPOINTS, SUFFIX, encode_network
from pose.tensors import HEATMAPS, IR_VERSION, OPSET, TAGS

EXAMPLE_HW = (64, 64)


def export_network(build: Callable[[int], nn.Module]) -> onnx.ModelProto:
    """The network file of a family of networks that differ in the number of keypoints alone.

    build: number of keypoints → network, image (B, 3, H, W) float → heatmaps, or the two maps of a LitePose, which
    become heatmaps and tags.
    """
    graph, shapes, maps = _export(build(5))
    _, other, _ = _export(build(7))
    inputs = [helper.make_tensor_value_info(IMAGE, TensorProto.FLOAT, ["batch", 3, "height", "width"])]
    for name, shape in shapes.items():
        dimensions = [_dimension(a, b) for a, b in zip(shape, other[name], strict=True)]
        inputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, dimensions))
    results = []
    for name, (_, _, height, _) in maps.items():
        stride = EXAMPLE_HW[0] // height
        sizes = ["batch", KEYPOINTS, f"height/{stride}", f"width/{stride}"]
        results.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, sizes))
    return helper.make_model(
        helper.make_graph(graph.nodes, "network", inputs, results, graph.constants),
        producer_name="litepose-studio",
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
    )


def _dimension(with_five: int, with_seven: int) -> int | str:
    """A size that grows with the number of keypoints is written as "keypoints" or "2*keypoints"."""
    if with_five == with_seven:
        return with_five
    times = (with_seven - with_five) // 2
    if (with_five, with_seven) != (5 * times, 7 * times):
        raise ValueError(f"sizes {with_five} and {with_seven} are no multiples of the number of keypoints")
    return KEYPOINTS if times == 1 else f"{times}*{KEYPOINTS}"


Shapes = dict[str, tuple[int, ...]]


def _export(module: nn.Module) -> tuple[_Recorder, Shapes, Shapes]:
    """The recorded graph, the shapes of its weights, and those of its maps."""
    module = module.eval().requires_grad_(False)
    recorder = _Recorder(module)
    image = torch.zeros(2, 3, *EXAMPLE_HW)
    recorder.name(image, IMAGE)
    with torch.no_grad(), recorder:
        results = module(image)
        results = upsample_and_average(*results) if isinstance(results, tuple) else (results,)
    maps = dict(zip((HEATMAPS, TAGS), results, strict=False))
    for name, result in maps.items():
        recorder.add("Identity", [result], name)
    weights, maps = ({name: tuple(t.shape) for name, t in found.items()} for found in (recorder.used, maps))
    return recorder, weights, maps


class _Recorder(TorchFunctionMode):
    """Collects a node for every call of torch; tensors are known by identity and kept alive meanwhile."""

    def __init__(self, module: nn.Module) -> None:
        super().__init__()
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self.used: dict[str, Tensor] = {}
        self._state = {id(t): name for name, t in (*module.named_parameters(), *module.named_buffers())}
        self._names: dict[int, str] = {}
        self._alive: list[Tensor] = []

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        if any(isinstance(t, Tensor) for t in (result if isinstance(result, tuple | list) else (result,))):
            writer = _WRITERS.get(func)
            if writer is None:
                raise NotImplementedError(f"{func} cannot be written to a network file")
            writer(self, result, *args, **(kwargs or {}))
        return result

    def name(self, tensor: Tensor, name: str | None = None) -> str:
        """The name of a tensor; "" gives it a new one, as it is due to what was just computed, be it in place."""
        if id(tensor) in self._state:
            known = self._state[id(tensor)]
            self.used[known] = tensor
            return known
        if name is not None:
            self._names[id(tensor)] = name or f"t{len(self._alive)}"
            self._alive.append(tensor)
        return self._names[id(tensor)]

    def constant(self, values: Any, dtype: Any) -> str:
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(values, dtype), name))
        return name

    def operand(self, value: Tensor | float) -> str:
        return self.name(value) if isinstance(value, Tensor) else self.constant(value, np.float32)

    def add(
        self, kind: str, inputs: Sequence[Tensor | str], result: Tensor | Sequence[Tensor] | str, **more: Any
    ) -> None:
        outputs = [result] if isinstance(result, str | Tensor) else list(result)
        into = [t if isinstance(t, str) else self.name(t) for t in inputs]
        out = [t if isinstance(t, str) else self.name(t, "") for t in outputs]
        self.nodes.append(helper.make_node(kind, into, out, name=out[0], **more))


def _pair(value: int | Sequence[int]) -> list[int]:
    return [value, value] if isinstance(value, int) else [int(v) for v in value]


def _conv(
    r: _Recorder, y: Tensor, x: Tensor, weight: Tensor, bias: Tensor | None = None,
    stride: Any = 1, padding: Any = 0, dilation: Any = 1, groups: int = 1,
) -> None:  # fmt: skip
    r.add(
        "Conv", [x, weight] if bias is None else [x, weight, bias], y, kernel_shape=list(weight.shape[2:]),
        strides=_pair(stride), pads=_pair(padding) * 2, dilations=_pair(dilation), group=groups,
    )  # fmt: skip


def _conv_transpose(
    r: _Recorder, y: Tensor, x: Tensor, weight: Tensor, bias: Tensor | None = None,
    stride: Any = 1, padding: Any = 0, output_padding: Any = 0, groups: int = 1, dilation: Any = 1,
) -> None:  # fmt: skip
    r.add(
        "ConvTranspose", [x, weight] if bias is None else [x, weight, bias], y, kernel_shape=list(weight.shape[2:]),
        strides=_pair(stride), pads=_pair(padding) * 2, output_padding=_pair(output_padding), group=groups,
    )  # fmt: skip


def _batch_norm(
    r: _Recorder, y: Tensor, x: Tensor, mean: Tensor, var: Tensor, weight: Tensor, bias: Tensor,
    training: bool, momentum: float, eps: float, *rest: Any,
) -> None:  # fmt: skip
    r.add("BatchNormalization", [x, weight, bias, mean, var], y, epsilon=eps)


def _clip(r: _Recorder, y: Tensor, x: Tensor, low: float = 0.0, high: float = 6.0, *rest: Any, **more: Any) -> None:
    r.add("Clip", [x, r.constant(low, np.float32), r.constant(high, np.float32)], y)


def _average_pool(r: _Recorder, y: Tensor, x: Tensor, kernel: Any) -> None:
    r.add("AveragePool", [x], y, kernel_shape=_pair(kernel), strides=_pair(kernel))


def _max_pool(
    r: _Recorder, y: Tensor, x: Tensor, kernel: Any, stride: Any, padding: Any, *rest: Any, **more: Any
) -> None:
    r.add("MaxPool", [x], y, kernel_shape=_pair(kernel), strides=_pair(stride), pads=_pair(padding) * 2)


def _mean(r: _Recorder, y: Tensor, x: Tensor, dims: Sequence[int], keepdim: bool) -> None:
    if (tuple(dims), keepdim) != ((2, 3), True):
        raise NotImplementedError("means are taken over whole maps only")
    r.add("GlobalAveragePool", [x], y)


def _interpolate(
    r: _Recorder, y: Tensor, x: Tensor, size: Any = None, scale_factor: Any = None, mode: str = "nearest",
    align_corners: bool | None = None, **more: Any,
) -> None:  # fmt: skip
    scales = r.constant([1.0, 1.0, *(a / b for a, b in zip(y.shape[2:], x.shape[2:], strict=True))], np.float32)
    if mode == "nearest":
        how = {"coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
    else:
        how = {"coordinate_transformation_mode": "align_corners" if align_corners else "half_pixel"}
    r.add("Resize", [x, "", scales], y, mode="nearest" if mode == "nearest" else "linear", **how)


def _cat(r: _Recorder, y: Tensor, tensors: Sequence[Tensor], dim: int = 0) -> None:
    r.add("Concat", list(tensors), y, axis=dim)


def _chunk(r: _Recorder, parts: Sequence[Tensor], x: Tensor, chunks: int, dim: int = 0) -> None:
    r.add("Split", [x], parts, axis=dim)  # without sizes: equal parts


def _split(r: _Recorder, parts: Sequence[Tensor], x: Tensor, sizes: Any, dim: int = 0) -> None:
    r.add("Split", [x, r.constant([part.shape[dim] for part in parts], np.int64)], parts, axis=dim)


def _shuffle(r: _Recorder, y: Tensor, x: Tensor, groups: int) -> None:
    order = np.arange(x.shape[1]).reshape(groups, -1).T.ravel()
    r.add("Gather", [x, r.constant(order, np.int64)], y, axis=1)


def _sum(r: _Recorder, y: Tensor, x: Tensor, dim: int, keepdim: bool) -> None:
    r.add("ReduceSum", [x, r.constant([dim], np.int64)], y, keepdims=int(keepdim))


def _softmax(r: _Recorder, y: Tensor, x: Tensor, dim: int, **more: Any) -> None:
    r.add("Softmax", [x], y, axis=dim)


def _unary(kind: str) -> Callable[..., None]:
    return lambda r, y, x, *rest, **more: r.add(kind, [x], y)


def _binary(kind: str) -> Callable[..., None]:
    return lambda r, y, a, b: r.add(kind, [r.operand(a), r.operand(b)], y)


_WRITERS: dict[Any, Callable[..., None]] = {
    torch.conv2d: _conv,
    torch.conv_transpose2d: _conv_transpose,
    functional.batch_norm: _batch_norm,
    functional.relu: _unary("Relu"),
    functional.relu6: _clip,
    functional.hardtanh: _clip,
    torch.sigmoid: _unary("Sigmoid"),
    functional.avg_pool2d: _average_pool,
    functional.max_pool2d: _max_pool,
    functional.interpolate: _interpolate,
    functional.channel_shuffle: _shuffle,
    torch.softmax: _softmax,
    torch.cat: _cat,
    Tensor.chunk: _chunk,
    Tensor.split: _split,
    Tensor.mean: _mean,
    Tensor.sum: _sum,
}
_WRITERS |= dict.fromkeys((Tensor.add, Tensor.__add__, Tensor.__radd__), _binary("Add"))
_WRITERS |= dict.fromkeys((Tensor.mul, Tensor.__mul__, Tensor.__rmul__), _binary("Mul"))


def main() -> None:
    torch.set_num_threads(1)  # of many tiny steps
    FOLDER.mkdir(exist_ok=True)
    for arch, build in builders().items():
        (FOLDER / (arch + SUFFIX)).write_bytes(encode_network(export_network(build)))


if __name__ == "__main__":
    main()
