"""An equal graph in which channels are not split, shuffled and joined, but addressed where they lie.

Shuffle blocks change half of a tensor's channels and then interleave both halves. Engines spend more time on moving
channels than on convolving them. Here a tensor of the network is a *view*: a tensor of the graph and, for each channel,
where it lies there. Then

- splitting, shuffling and joining views of one tensor costs nothing;
- what changes some channels of a tensor (a depthwise convolution, a product with weights) changes them in place: the
  others pass through it, with a kernel of one or a weight of one;
- a convolution reads its view by weights for all channels of the tensor, zeros where it does not look;
- the second operand of a sum or product is computed in the order of channels that the first one has, by permuting the
  rows of the convolution that it comes from.

Sums are taken in another order than before; apart from that, results are equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

Ints = NDArray[np.int64]

_SATURATED = 100.0  # float32's sigmoid of it is exactly 1
_POINTWISE = ("Relu", "Sigmoid", "Clip", "Resize", "AveragePool", "MaxPool", "GlobalAveragePool", "Identity")


@dataclass(frozen=True)
class View:
    """Channel n of a tensor of the network is channel places[n] of the tensor `base` of the graph."""

    base: str
    places: Ints

    def whole(self, channels: int) -> bool:
        return len(self.places) == channels and bool((self.places == np.arange(channels)).all())


@dataclass(frozen=True)
class Origin:
    """How a tensor of the graph came about: by `node` from `source`; or from an earlier one by changes in place."""

    node: onnx.NodeProto | None
    source: View | None = None
    earlier: str | None = None
    changed: frozenset[int] = frozenset()


def without_channel_moves(model: onnx.ModelProto) -> onnx.ModelProto:
    """The same computation, by the same operators but those that move channels. Weights must be initialisers."""
    shapes = _channels(model)
    return _Rewriter(model, shapes).rewritten()


def _channels(model: onnx.ModelProto) -> dict[str, int]:
    """Channels of every tensor with four dimensions."""
    inferred = onnx.shape_inference.infer_shapes(model)
    values = [*inferred.graph.input, *inferred.graph.value_info, *inferred.graph.output]
    shapes = {value.name: value.type.tensor_type.shape.dim for value in values}
    return {name: shape[1].dim_value for name, shape in shapes.items() if len(shape) == 4}


class _Rewriter:
    def __init__(self, model: onnx.ModelProto, channels: dict[str, int]) -> None:
        self._model, self._channels = model, channels
        self._constants = {c.name: numpy_helper.to_array(c) for c in model.graph.initializer}
        self._views: dict[str, View] = {}
        self._origins: dict[str, Origin] = {}
        self._nodes: list[onnx.NodeProto] = []
        self._made: dict[tuple[object, ...], str] = {}
        self._products: dict[str, tuple[str, str]] = {}  # maps that are a map times one weight per channel
        self._sums: dict[str, tuple[onnx.NodeProto, str, str]] = {}  # maps that are the sum of two with equal places

    def rewritten(self) -> onnx.ModelProto:
        for node in self._model.graph.node:
            rewrite = getattr(self, f"_{node.op_type.lower()}", None)
            if rewrite is not None and rewrite(node):
                continue
            if node.op_type in _POINTWISE:
                self._pointwise(node)
            else:
                self._as_it_is(node)
        return self._finished()

    # What the network's operators become. Each returns whether it knew what to do.

    def _split(self, node: onnx.NodeProto) -> bool:
        view = self._view(node.input[0])
        sizes = self._constants[node.input[1]] if len(node.input) > 1 else None
        parts = np.split(view.places, len(node.output) if sizes is None else np.cumsum(sizes)[:-1])
        if _axis(node) != 1 or (sizes is None and len({len(part) for part in parts}) > 1):
            return False
        self._views |= {name: View(view.base, part) for name, part in zip(node.output, parts, strict=True)}
        return True

    def _gather(self, node: onnx.NodeProto) -> bool:
        if _axis(node) != 1 or node.input[1] not in self._constants:
            return False
        view = self._view(node.input[0])
        self._views[node.output[0]] = View(view.base, view.places[self._constants[node.input[1]]])
        return True

    def _concat(self, node: onnx.NodeProto) -> bool:
        if _axis(node) != 1:
            return False
        views = [self._view(name) for name in node.input]
        newest = next((v.base for v in views if all(self._is_part_of(other, v.base) for other in views)), None)
        if newest is None:
            # Small maps are joined whole, and views choose among them; of large ones only what is needed is moved.
            if not any(self._is_pooled(view.base) for view in views):
                views = [self._materialised(view) for view in views]
            self._emit(node, [view.base for view in views], node.output[0])
            starts = np.cumsum([0, *(self._channels[view.base] for view in views)])
            self._channels[node.output[0]] = int(starts[-1])
            places = [view.places + start for view, start in zip(views, starts, strict=False)]
            self._views[node.output[0]] = View(node.output[0], np.concatenate(places))
        else:
            self._views[node.output[0]] = View(newest, np.concatenate([view.places for view in views]))
        return True

    def _conv(self, node: onnx.NodeProto) -> bool:
        view, out = self._view(node.input[0]), node.output[0]
        weight, channels = self._constants[node.input[1]], self._channels[view.base]
        bias = self._constants[node.input[2]] if len(node.input) > 2 else np.zeros(len(weight), np.float32)
        groups = _attribute(node, "group", 1)
        if groups == 1:
            wide = np.zeros((len(weight), channels, *weight.shape[2:]), np.float32)
            wide[:, view.places] = weight
            self._emit_conv(node, view.base, wide, bias, out, view)
            return True
        if groups != len(view.places) or len(weight) != groups:
            return False
        # Depthwise: the other channels of the tensor pass through a kernel of one, or are left out of a smaller map.
        all_bias = np.zeros(channels, np.float32)
        all_bias[view.places] = bias
        kernel = np.zeros((channels, *weight.shape[1:]), np.float32)
        in_place = _attribute(node, "strides", [1, 1]) in ([1, 1], (1, 1))
        if in_place:
            kernel[:, :, weight.shape[2] // 2, weight.shape[3] // 2] = 1
        kernel[view.places] = weight
        self._emit_conv(node, view.base, kernel, all_bias, out, None, groups=channels)
        self._origins[out] = self._changed_in_place(view) if in_place else Origin(None)
        self._views[out] = View(out, view.places)
        return True

    def _averagepool(self, node: onnx.NodeProto) -> bool:
        """The mean of a product with one weight per channel is the weight times the mean. Then nothing but the next
        product reads the large one, and engines compute both at once."""
        view = self._view(node.input[0])
        if view.base not in self._products:
            return False
        large, weight = self._products[view.base]
        key, out = ("pooled", view.base, *(a.SerializeToString() for a in node.attribute)), node.output[0]
        if key not in self._made:
            self._emit(node, [large], f"{out}.mean")
            self._nodes.append(helper.make_node("Mul", [f"{out}.mean", weight], [out], name=out))
            self._made[key] = out
            self._channels[out] = self._channels[view.base]
            self._origins[out] = Origin(node, View(view.base, np.arange(self._channels[out])))
        self._views[out] = View(self._made[key], view.places)
        return True

    def _mul(self, node: onnx.NodeProto) -> bool:
        return self._scaled(node) or self._combined(node, filling=1.0)

    def _add(self, node: onnx.NodeProto) -> bool:
        return self._combined(node, filling=None)

    def _scaled(self, node: onnx.NodeProto) -> bool:
        """A product with a number."""
        numbers = [n for n, name in enumerate(node.input) if name in self._constants and not self._constants[name].ndim]
        if len(numbers) != 1 or 1 - numbers[0] not in (0, 1):
            return False
        self._pointwise(node, 1 - numbers[0])
        return True

    def _combined(self, node: onnx.NodeProto, filling: float | None) -> bool:
        """A sum or product of two tensors, in the places of one of them. filling: what leaves other channels alone."""
        if any(name in self._constants for name in node.input):
            return False
        views = [self._view(name) for name in node.input]
        for first, second in (views, views[::-1]):
            channels = self._channels[first.base]
            complete = len(set(first.places.tolist())) == channels == len(first.places)
            if len(first.places) != len(second.places) or (filling is None and not complete):
                continue
            laid_out = self._laid_out(second, first.places, channels, 0.0 if filling is None else filling)
            if laid_out is not None:
                out = node.output[0]
                self._emit(node, [first.base, laid_out], out)
                self._channels[out] = channels
                self._views[out] = View(out, first.places)
                self._origins[out] = Origin(None) if complete else self._changed_in_place(first)
                if node.op_type == "Add":
                    self._sums[out] = node, first.base, laid_out
                elif self._is_flat(laid_out):
                    self._products[out] = first.base, laid_out
                return True
        return False

    def _pointwise(self, node: onnx.NodeProto, operand: int = 0) -> None:
        """Operators that treat all channels alike are applied to the whole tensor, once for all of its views."""
        view, out = self._view(node.input[operand]), node.output[0]
        others = [name for n, name in enumerate(node.input) if n != operand]
        key = (node.op_type, view.base, *others, *(a.SerializeToString() for a in node.attribute))
        if key not in self._made:
            self._made[key] = out
            inputs = list(node.input)
            inputs[operand] = view.base
            self._emit(node, inputs, out)
            self._channels[out] = self._channels[view.base]
            self._origins[out] = Origin(node, View(view.base, np.arange(self._channels[out])))
        self._views[out] = View(self._made[key], view.places)

    def _as_it_is(self, node: onnx.NodeProto) -> None:
        inputs = [self._materialised(self._views[name]).base if name in self._views else name for name in node.input]
        copied = _copy(node)
        del copied.input[:]
        copied.input.extend(inputs)
        self._nodes.append(copied)
        for name in node.output:
            if name in self._channels:
                self._views[name] = View(name, np.arange(self._channels[name]))

    # Views and where they come from.

    def _view(self, name: str) -> View:
        return self._views.get(name) or View(name, np.arange(self._channels[name]))

    def _changed_in_place(self, view: View) -> Origin:
        return Origin(None, earlier=view.base, changed=frozenset(view.places.tolist()))

    def _is_part_of(self, view: View, newer: str) -> bool:
        """Whether a view's channels are still to be found in a tensor that came from its own by changes in place."""
        wanted = set(view.places.tolist())
        while newer != view.base:
            origin = self._origins.get(newer)
            if origin is None or origin.earlier is None or origin.changed & wanted:
                return False
            newer = origin.earlier
        return True

    def _is_pooled(self, base: str) -> bool:
        origin = self._origins.get(base)
        return origin is not None and origin.node is not None and origin.node.op_type == "AveragePool"

    def _is_flat(self, base: str) -> bool:
        """Whether a tensor has one value per channel."""
        origin = self._origins.get(base)
        while origin is not None and origin.node is not None and origin.source is not None:
            if origin.node.op_type == "GlobalAveragePool":
                return True
            origin = self._origins.get(origin.source.base)
        return False

    def _materialised(self, view: View) -> View:
        """The channels of a view as a tensor of their own."""
        if view.whole(self._channels[view.base]):
            return view
        key = ("Gather", view.base, view.places.tobytes())
        if key not in self._made:
            name = self._made[key] = f"{view.base}.channels{len(self._made)}"
            self._constants[f"{name}.places"] = view.places
            node = helper.make_node("Gather", [view.base, f"{name}.places"], [name], name=name, axis=1)
            self._nodes.append(node)
            self._channels[name] = len(view.places)
        return View(self._made[key], np.arange(len(view.places)))

    def _laid_out(self, view: View, places: Ints, channels: int, filling: float) -> str | None:
        """A tensor of `channels` channels that has those of the view at `places` and `filling` elsewhere; None if it
        does not come from a convolution whose rows could be permuted."""
        if len(view.places) == channels == self._channels[view.base] and (view.places == places).all():
            return view.base
        key = ("laid out", view.base, view.places.tobytes(), places.tobytes(), channels, filling)
        if key in self._made:
            return self._made[key]
        name = f"{view.base}.order{len(self._made)}"
        if view.base in self._sums and filling == 0.0:
            node, *terms = self._sums[view.base]
            moved = [self._laid_out(View(term, view.places), places, channels, filling) for term in terms]
            if None in moved:
                return None
            self._emit(node, [term for term in moved if term is not None], name)
            self._channels[name] = channels
            self._origins[name] = Origin(None)
            self._made[key] = name
            return name
        origin = self._origins.get(view.base)
        if origin is None or origin.node is None or origin.source is None:
            return None
        node = origin.node
        if node.op_type == "Conv":
            weight, bias = (self._constants[n] for n in self._weights_of(view.base))
            rows = np.zeros((channels, *weight.shape[1:]), np.float32)
            shift = np.full(channels, filling, np.float32)
            rows[places], shift[places] = weight[view.places], bias[view.places]
            self._emit_conv(node, origin.source.base, rows, shift, name, origin.source)
        else:
            if node.op_type == "Sigmoid":
                if filling not in (0.0, 1.0):
                    return None
                before = _SATURATED if filling == 1.0 else -_SATURATED
            elif node.op_type in ("Relu", "Resize", "Identity") or (node.op_type == "Mul" and filling == 0.0):
                before = filling
            else:
                return None
            source = self._laid_out(View(origin.source.base, view.places), places, channels, before)
            if source is None:
                return None
            operand = next(n for n, i in enumerate(node.input) if i and self._view_base(i) == origin.source.base)
            inputs = list(node.input)
            inputs[operand] = source
            self._emit(node, inputs, name)
            self._channels[name] = channels
            self._origins[name] = Origin(node, View(source, np.arange(channels)))
        self._made[key] = name
        return name

    def _view_base(self, name: str) -> str:
        return self._views[name].base if name in self._views else name

    # Writing nodes.

    def _weights_of(self, base: str) -> tuple[str, str]:
        return f"{base}.rows", f"{base}.shift"

    def _emit(self, node: onnx.NodeProto, inputs: Sequence[str], out: str) -> None:
        copied = _copy(node)
        copied.name = out
        del copied.input[:], copied.output[:]
        copied.input.extend(inputs)
        copied.output.append(out)
        self._nodes.append(copied)

    def _emit_conv(
        self,
        node: onnx.NodeProto,
        source: str,
        weight: NDArray[np.float32],
        bias: NDArray[np.float32],
        out: str,
        view: View | None,
        groups: int = 1,
    ) -> None:
        """weight: for all channels of `source`. view: what it reads, if its rows may be permuted later."""
        rows, shift = self._weights_of(out)
        self._constants[rows], self._constants[shift] = weight, bias
        copied = _copy(node)
        for attribute in copied.attribute:
            if attribute.name == "group":
                attribute.i = groups
        self._emit(copied, [source, rows, shift], out)
        self._channels[out] = len(weight)
        self._origins[out] = Origin(None if view is None else node, View(source, np.arange(weight.shape[1])))
        self._views[out] = View(out, np.arange(len(weight)))

    def _finished(self) -> onnx.ModelProto:
        """The graph with what its outputs need, in an order in which everything is computed before it is read."""
        outputs = [value.name for value in self._model.graph.output]
        ends = []
        for name in outputs:
            view = self._views[name]
            if view.base != name or not view.whole(self._channels[view.base]):
                source = self._materialised(view).base
                ends.append(helper.make_node("Identity", [source], [name], name=name))
        nodes = _needed([*self._nodes, *ends], outputs)
        used = {name for node in nodes for name in node.input}
        model = onnx.ModelProto()
        model.CopyFrom(self._model)
        del model.graph.node[:], model.graph.initializer[:], model.graph.value_info[:]
        model.graph.node.extend(nodes)
        model.graph.initializer.extend(
            numpy_helper.from_array(np.ascontiguousarray(values) if values.ndim else values, name)
            for name, values in self._constants.items()
            if name in used
        )
        onnx.checker.check_model(model)
        return model


def _needed(nodes: Sequence[onnx.NodeProto], outputs: Iterable[str]) -> list[onnx.NodeProto]:
    wanted, kept = set(outputs), []
    for node in reversed(nodes):
        if wanted.intersection(node.output):
            kept.append(node)
            wanted.update(node.input)
    return kept[::-1]


def _attribute(node: onnx.NodeProto, name: str, default: object) -> object:
    return next((helper.get_attribute_value(a) for a in node.attribute if a.name == name), default)


def _axis(node: onnx.NodeProto) -> object:
    return _attribute(node, "axis", 0)


def _copy(node: onnx.NodeProto) -> onnx.NodeProto:
    copied = onnx.NodeProto()
    copied.CopyFrom(node)
    return copied
