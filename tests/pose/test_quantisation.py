"""8-bit graphs: what is rounded, how finely, and that people stay where they are."""

from __future__ import annotations

import numpy as np
import onnx
import openvino
import pytest
from onnx import TensorProto, helper, numpy_helper

from pose.engines import openvino_int8
from pose.engines.precision import calibration_images, peak_shifts_px
from pose.engines.select import create_engine
from pose.graphs import network_graph
from pose.quantisation import open_ranges, quantise, read_ranges, with_ranges
from pose.skeleton import CROWDPOSE14
from pose.tensors import HEATMAPS
from pose.weights.library import find_weights, load_state
from tests.pose.networks import random_images, random_litepose, state_of

GRAPH = network_graph("litepose-xs", state_of(random_litepose("litepose-xs", 14)))
BLOCKS = 6 + 8 + 10 + 10


def constants(graph: onnx.ModelProto) -> dict[str, np.ndarray]:
    return {w.name: numpy_helper.to_array(w) for w in graph.graph.initializer}


def quantised_convolutions(graph: onnx.ModelProto) -> set[str]:
    return {n.name for n in graph.graph.node if n.op_type == "Conv" and n.input[1].endswith(".rounded")}


def test_all_of_the_bottlenecks_but_the_first_convolution_is_quantised() -> None:
    convolutions = quantised_convolutions(quantise(GRAPH, dict.fromkeys(open_ranges(GRAPH), (-1.0, 1.0))))
    assert len(convolutions) == 3 * BLOCKS - 1
    assert all(name.startswith("stage.") for name in convolutions) and "stage.0.0.inv.0" not in convolutions


def test_weights_are_rounded_to_half_a_step_and_float_ones_are_gone() -> None:
    quantised = quantise(GRAPH, {})
    before, after = constants(GRAPH), constants(quantised)
    for name in quantised_convolutions(quantised):
        steps = after[f"{name}.weight.step"]
        weight = after[f"{name}.weight.int8"] * steps[:, None, None, None]
        assert (np.abs(weight - before[f"{name}.weight"]).max(axis=(1, 2, 3)) <= steps * 0.501).all()
        assert f"{name}.weight" not in after


@pytest.mark.parametrize(("bits", "largest"), [(8, 127), (7, 63)])
def test_weights_use_all_of_their_bits(bits: int, largest: int) -> None:
    quantised = quantise(GRAPH, {}, bits)
    after = constants(quantised)
    for name in quantised_convolutions(quantised):
        assert (np.abs(after[f"{name}.weight.int8"]).max(axis=(1, 2, 3)) == largest).all()


@pytest.mark.parametrize("value_range", [(-3.0, 5.0), (0.5, 2.0), (-2.0, -0.5), (0.0, 0.0)])
def test_range_and_zero_can_be_reported(value_range: tuple[float, float]) -> None:
    tensor = open_ranges(GRAPH)[0]
    after = constants(quantise(GRAPH, {tensor: value_range}))
    step, zero = float(after[f"{tensor}.step"]), int(after[f"{tensor}.zero"])
    assert step > 0 and 0 <= zero <= 255
    for value in value_range:
        told = (np.clip(np.round(value / step) + zero, 0, 255) - zero) * step
        assert told == pytest.approx(value, abs=step)


def test_ranges_are_those_of_the_tensors() -> None:
    images = random_images(2, 64, 96, 3)
    watched = with_ranges(GRAPH)
    tensor = open_ranges(GRAPH)[3]
    watched.graph.output.append(helper.make_tensor_value_info(tensor, TensorProto.FLOAT, None))
    model = openvino.Core().read_model(model=watched.SerializeToString())
    results = openvino.Core().compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})(images)
    outputs = {port.get_any_name(): values for port, values in results.items()}
    ranges = read_ranges(GRAPH, outputs)
    assert set(ranges) == set(open_ranges(GRAPH))
    assert all(low < 0 < high for low, high in ranges.values())
    assert ranges[tensor] == (outputs[tensor].min(), outputs[tensor].max())
    assert outputs[HEATMAPS].shape == (2, 14, 32, 48)


def test_the_maps_in_fp32_come_with_the_8_bit_network() -> None:
    state, images = state_of(random_litepose("litepose-xs", 14)), random_images(2, 64, 96, 3)
    _, in_fp32 = openvino_int8.quantised_model(openvino.Core(), network_graph("litepose-xs", state), images, threads=1)
    engine = create_engine(state, "litepose-xs", CROWDPOSE14, engine="openvino", precision="fp32", threads=1)
    assert in_fp32 == pytest.approx(engine(images)[0], abs=1e-5)


@pytest.mark.parametrize("overflow", [False, True])
@pytest.mark.parametrize("name", ["litepose-m", "litepose-s", "litepose-xs"])
def test_people_stay_where_they_are(name: str, overflow: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """With weights of 7 bits too, which a CPU without VNNI gets."""
    really = openvino_int8.sums_overflow(openvino.Core())
    monkeypatch.setattr(openvino_int8, "sums_overflow", lambda core: overflow or really)
    spec = find_weights(name)
    state, images = load_state(spec), calibration_images()[:, :, ::-1].copy()  # mirrored: not those of the ranges
    maps = {
        precision: create_engine(
            state, spec.arch, spec.skeleton, engine="openvino", precision=precision, threads=1
        )(images)[0]
        for precision in ("fp32", "int8")
    }  # fmt: skip
    shifts = np.array(peak_shifts_px(maps["fp32"], maps["int8"]))
    assert len(shifts) > 100
    assert np.median(shifts) < 0.35 and np.mean(np.isinf(shifts)) < 0.01
    assert not np.array_equal(maps["fp32"], maps["int8"])
