"""All engines compute the same maps, and say plainly what they cannot do."""

from __future__ import annotations

import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnx
import pytest
import torch

from pose.engines import openvino_engine, select
from pose.engines.base import Engine
from pose.engines.precision import MAX_SHIFT_PX, calibration_images, peak_shifts_px
from pose.engines.select import create_engine
from pose.errors import EngineError
from pose.graphs import network_graph
from pose.models.litepose import build_litepose
from pose.preprocess import fit_to_network
from pose.skeleton import COCO17, CROWDPOSE14
from pose.tensors import HEATMAPS, TAGS
from pose.weights.library import inspect_checkpoint, load_state
from tests.pose.networks import State, assert_maps_close, random_images, random_litepose, reference_maps, state_of

ENGINES = ("openvino", "onnxruntime", "torch")
FP32 = 2e-5  # largest difference between engines in fp32, of the largest value of each map

MODEL = random_litepose("litepose-xs", 14)
STATE = state_of(MODEL)


def engine_for(state: State = STATE, **settings: object) -> Engine:
    return create_engine(state, "litepose-xs", CROWDPOSE14, threads=1, **settings)


@pytest.mark.parametrize("name", ENGINES)
def test_fp32_equals_the_network(name: str) -> None:
    engine = engine_for(engine=name, precision="fp32")
    assert (engine.name, engine.device, engine.precision) == (name, "cpu", "fp32")
    for shape in [(1, 64, 96, 3), (3, 96, 32, 3), (1, 64, 96, 3)]:
        images = random_images(*shape)
        assert_maps_close(engine(images), reference_maps(MODEL, images), FP32, f"{name} {shape}")


@pytest.mark.parametrize("name", ENGINES)
def test_input_is_left_as_it_is_and_output_is_not_reused(name: str) -> None:
    engine = engine_for(engine=name, precision="fp32")
    images = random_images(1, 64, 64, 3)
    before = images.copy()
    heatmaps, tags = engine(images)
    kept = heatmaps.copy(), tags.copy()
    heatmaps_view = engine(255 - images)[0]
    np.testing.assert_array_equal(images, before)
    np.testing.assert_array_equal(heatmaps, kept[0])
    np.testing.assert_array_equal(tags, kept[1])
    assert not np.array_equal(heatmaps_view, heatmaps)


@pytest.mark.parametrize("name", ENGINES)
def test_strided_and_read_only_images_are_taken(name: str) -> None:
    engine = engine_for(engine=name, precision="fp32")
    images = random_images(1, 64, 96, 3)
    mirrored = images[:, :, ::-1]
    mirrored.flags.writeable = False
    assert_maps_close(engine(mirrored), reference_maps(MODEL, mirrored.copy()), FP32, name)


@pytest.mark.parametrize("name", ENGINES)
def test_several_threads_at_a_time_get_what_one_gets(name: str) -> None:
    engine = create_engine(STATE, "litepose-xs", CROWDPOSE14, engine=name, threads=2)
    images = [random_images(1, 64, 32 * (1 + i % 3), 3) + np.uint8(i) for i in range(12)]
    expected = [engine(p) for p in images]
    parallel = engine.with_streams(2)
    assert parallel.streams == (2 if name == "openvino" else 1)
    assert engine.streams == 1 and parallel.precision == engine.precision
    with ThreadPoolExecutor(parallel.streams) as threads:
        for found, single in zip(threads.map(parallel, images), expected, strict=True):
            np.testing.assert_array_equal(found[0], single[0])
            np.testing.assert_array_equal(found[1], single[1])


def test_there_are_no_more_streams_than_threads() -> None:
    assert engine_for(engine="openvino").with_streams(4).streams == 1


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize(
    "images",
    [
        np.zeros((64, 64, 3), np.uint8),
        np.zeros((1, 64, 64, 3), np.float32),
        np.zeros((1, 3, 64, 64), np.uint8),
        np.zeros((1, 64, 48, 3), np.uint8),
        np.zeros((0, 64, 64, 3), np.uint8),
    ],
    ids=["no batch", "float", "planes", "48 wide", "none"],
)
def test_wrong_images_are_refused(name: str, images: np.ndarray) -> None:
    with pytest.raises(ValueError, match="must be"):
        engine_for(engine=name)(images)


def test_engines_agree_for_the_other_skeleton() -> None:
    model = random_litepose("litepose-s", 17)
    images = random_images(1, 64, 64, 3)
    for name in ENGINES:
        engine = create_engine(state_of(model), "litepose-s", COCO17, engine=name, precision="fp32", threads=1)
        assert_maps_close(engine(images), reference_maps(model, images), FP32, name)


def test_torch_engine_without_folding_would_be_the_same_network() -> None:
    """Normalisations of a convolution are folded in; those of a sum, one for each fusion step, stay."""
    from pose.engines.torch_engine import loaded_network

    folded = loaded_network(STATE, "litepose-xs", 14)
    assert sum(isinstance(module, torch.nn.BatchNorm2d) for module in folded.modules()) == 3
    plain = build_litepose("litepose-xs", 14).eval()
    plain.load_state_dict({name: torch.from_numpy(values.copy()) for name, values in STATE.items()})
    image = torch.rand(1, 3, 64, 32)
    with torch.inference_mode():
        for a, b in zip(folded(image), plain(image), strict=True):
            torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-4)


def test_openvino_keeps_a_bounded_number_of_shapes() -> None:
    engine = openvino_engine.OpenVinoEngine(network_graph("litepose-xs", STATE), "fp32", threads=1)
    for width in range(32, 32 * (openvino_engine.MAX_COMPILED + 3), 32):
        engine(random_images(1, 32, width, 3))
    assert len(engine._compiled) == openvino_engine.MAX_COMPILED
    assert ("fp32", (1, 32, width, 3)) in engine._compiled


class TwoPrecisions(openvino_engine.OpenVinoEngine):
    """An OpenVINO engine whose maps are made up: peaks in fp32, the same ones moved in any other precision."""

    def __init__(self, moved_px: int, people: int) -> None:
        self.moved = moved_px // 2
        self.people = people
        super().__init__(network_graph("litepose-xs", STATE), "auto", threads=1)

    def _run(self, images: np.ndarray, precision: str) -> dict[str, np.ndarray]:
        heatmaps = np.zeros((1, 14, 32, 96), np.float32)
        for person in range(self.people):
            heatmaps[:, :, 16, 8 + 10 * person + (0 if precision == "fp32" else self.moved)] = 1
        return {HEATMAPS: heatmaps, TAGS: np.full((1, 14, 16, 48), precision != "fp32", np.float32)}

    def _quantise(self, graph: onnx.ModelProto, images: np.ndarray) -> np.ndarray:
        return self._run(images, "fp32")[HEATMAPS]


@pytest.fixture(params=["bf16", "int8"])
def cheaper(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """What the CPU has beside fp32, here made up."""
    known = ("fp32", "bf16", "int8") if request.param == "bf16" else ("fp32", "int8")
    monkeypatch.setattr(openvino_engine, "_known_precisions", lambda core: known)
    monkeypatch.setattr(openvino_engine.platform, "machine", lambda: "x86_64")
    return str(request.param)


@pytest.mark.parametrize("moved_px", [0, 2])
def test_fewer_bits_are_taken_only_if_peaks_stay(moved_px: int, cheaper: str) -> None:
    engine = TwoPrecisions(moved_px, people=8)
    assert engine.precision == ("fp32" if moved_px else cheaper)
    assert f"{cheaper} moves" in engine.reason and f"{moved_px:.2f} px" in engine.reason
    assert engine(random_images(1, 64, 192, 3))[1].max() == (moved_px == 0)


def test_a_network_that_finds_nobody_is_not_trusted_with_fewer_bits(cheaper: str) -> None:
    engine = TwoPrecisions(0, people=0)
    assert engine.precision == "fp32" and f"{cheaper} could not be judged" in engine.reason


def test_fewer_bits_that_fail_are_not_taken(cheaper: str, monkeypatch: pytest.MonkeyPatch) -> None:
    run = TwoPrecisions._run

    def fails(engine: TwoPrecisions, images: np.ndarray, precision: str) -> dict[str, np.ndarray]:
        if precision == cheaper:
            raise EngineError("no")
        return run(engine, images, precision)

    monkeypatch.setattr(TwoPrecisions, "_run", fails)
    engine = TwoPrecisions(0, people=8)
    assert (engine.precision, engine.reason) == ("fp32", f"{cheaper} fails here (no)")


def test_arm_processors_compute_in_fp32(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openvino_engine, "_known_precisions", lambda core: ("fp32", "int8"))
    monkeypatch.setattr(openvino_engine.platform, "machine", lambda: "arm64")
    engine = TwoPrecisions(0, people=8)
    assert (engine.precision, engine.reason) == ("fp32", "this CPU has no bf16")


def test_calibration_images_are_four_scenes() -> None:
    images = calibration_images()
    assert images.shape == (4, 256, 320, 3) and images.std() > 20


def heatmap_with_top(y: float, x: float) -> np.ndarray:
    rows, columns = np.mgrid[:48, :64]
    return np.exp(-((rows - y) ** 2 + (columns - x) ** 2) / 8).astype(np.float32)[None, None]


@pytest.mark.parametrize(("y", "x"), [(20, 30), (0, 0), (47, 63), (10.3, 40.7)])
@pytest.mark.parametrize("moved", [0, 0.3, 1.0])
def test_peak_shift_is_the_distance_in_network_pixels(y: float, x: float, moved: float) -> None:
    inward = moved if x < 32 else -moved
    (shift,) = peak_shifts_px(heatmap_with_top(y, x), heatmap_with_top(y, x + inward))
    at_border = y in (0, 47)  # only known to the pixel there, which is two network pixels
    assert shift == pytest.approx(2 * moved, abs=1 if at_border else 0.1)


def test_a_lost_peak_is_infinitely_far() -> None:
    assert peak_shifts_px(heatmap_with_top(20, 30), np.zeros((1, 1, 48, 64), np.float32)) == [np.inf]


@pytest.mark.parametrize("what", ["engine", "device", "precision"])
def test_unknown_choices_are_named(what: str) -> None:
    with pytest.raises(EngineError, match=f'no {what} named "other"; use auto, '):
        engine_for(**{what: "other"})


@pytest.mark.parametrize("device", ["cuda", "mps"])
def test_a_device_that_is_not_there(device: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    for name in ("auto", "torch"):
        with pytest.raises(EngineError, match=f"The device {device} cannot be used"):
            engine_for(engine=name, device=device)
    for name in ("openvino", "onnxruntime"):
        with pytest.raises(EngineError, match="CPU only"):
            engine_for(engine=name, device=device)


@pytest.mark.parametrize(
    ("name", "precision"),
    [
        ("openvino", "fp16"),
        ("onnxruntime", "fp16"),
        ("onnxruntime", "bf16"),
        ("torch", "fp16"),
        ("onnxruntime", "int8"),
        ("torch", "int8"),
    ],
)
def test_a_precision_that_the_cpu_engine_lacks(name: str, precision: str) -> None:
    with pytest.raises(EngineError, match=precision):
        engine_for(engine=name, device="cpu", precision=precision)


@pytest.mark.parametrize(
    ("missing", "taken", "because"),
    [
        ((), "openvino", "OpenVINO is the fastest"),
        (("openvino",), "onnxruntime", "OpenVINO cannot be imported"),
        (("openvino", "onnxruntime"), "torch", "Neither"),
    ],
)
def test_auto_takes_the_next_engine_and_says_why(
    missing: tuple[str, ...], taken: str, because: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(select, "_has_cuda", lambda: False)
    for package in missing:
        monkeypatch.setitem(sys.modules, package, None)
    engine = engine_for()
    assert engine.name == taken
    assert because in engine.reason and engine.reason.endswith(".") and "\n" not in engine.reason


def test_auto_without_any_engine_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(select, "_has_cuda", lambda: False)
    for package in ("openvino", "onnxruntime", "torch"):
        monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(EngineError, match="pip install openvino"):
        engine_for()


def test_an_engine_that_is_not_installed_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openvino", None)
    with pytest.raises(EngineError, match="pip install openvino"):
        engine_for(engine="openvino")


def test_out_of_memory_is_an_engine_error(monkeypatch: pytest.MonkeyPatch) -> None:
    from pose.engines.torch_engine import TorchEngine

    engine = TorchEngine(STATE, "litepose-xs", 14, device="cpu")

    def exhausted(_: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20 MiB.\nDetails follow")

    monkeypatch.setattr(engine, "_model", exhausted)
    with pytest.raises(EngineError, match="ran out of memory for 1 x 64x32"):
        engine(random_images(1, 32, 64, 3))


@pytest.mark.clips
@pytest.mark.parametrize("clip", ["ntu_two_person.mp4", "tud_campus.mp4"])
def test_engines_agree_on_real_people(shared_dir: Path, clip: str) -> None:
    spec = inspect_checkpoint(shared_dir / "weights" / "litepose_m_crowdpose.pth")
    state = load_state(spec)
    capture = cv2.VideoCapture(str(shared_dir / "clips" / clip))
    image = capture.read()[1]
    capture.release()
    images = fit_to_network(image.shape[:2], 320, fit="long").warp(image)[None]
    reference = None
    for name in ("torch", "onnxruntime", "openvino"):
        maps = create_engine(state, spec.arch, spec.skeleton, engine=name, precision="fp32", threads=1)(images)
        reference = reference or maps
        assert_maps_close(maps, reference, 1e-4, name)
    shifts = peak_shifts_px(
        reference[0],
        create_engine(state, spec.arch, spec.skeleton, engine="torch", precision="bf16", threads=1)(images)[0],
    )
    assert len(shifts) > 15
    assert np.median(shifts) < MAX_SHIFT_PX


def test_the_first_call_of_a_program_is_made_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    over, busy, most = threading.Event(), [], []
    monkeypatch.setattr(openvino_engine, "_first_call_is_over", over)

    class Slow(openvino_engine._Compiled):
        def __init__(self) -> None:
            pass

        def _infer(self, images: Any) -> Any:
            busy.append(1)
            most.append((len(busy), over.is_set()))
            time.sleep(0.02)
            busy.pop()
            return {}

    compiled = Slow()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(compiled, [None] * 8))
    assert over.is_set()
    assert all(count == 1 for count, was_over in most if not was_over)


@pytest.mark.parametrize(("has_bf16", "precision"), [(True, "bf16"), (False, "fp32")])
def test_a_card_computes_in_bf16_or_exactly(monkeypatch: pytest.MonkeyPatch, has_bf16: bool, precision: str) -> None:
    """fp16 is only taken if it is asked for."""
    from pose.engines.torch_engine import _usable_precision

    monkeypatch.setattr("torch.cuda.is_bf16_supported", lambda including_emulation: has_bf16)
    assert _usable_precision("auto", "cuda") == precision
    assert _usable_precision("fp16", "cuda") == "fp16"
    assert _usable_precision("auto", "cpu") == _usable_precision("auto", "mps") == "fp32"
