"""OpenVINO: the fastest engine on CPUs."""

from __future__ import annotations

import copy
import platform
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pose.engines.base import Runs, Tensors, check_images, thread_count
from pose.engines.openvino_int8 import quantised_model
from pose.engines.precision import MAX_SHIFT_PX, MIN_PEAKS, calibration_images, peak_shifts_px
from pose.errors import EngineError
from pose.privacy import switch_off_telemetry
from pose.tensors import HEATMAPS, PIXELS, TAGS

if TYPE_CHECKING:
    import onnx
    import openvino

MAX_COMPILED = 6  # input shapes kept ready; each holds its own buffers
_HINTS = {"fp32": "f32", "bf16": "bf16", "int8": "f32"}  # int8: of what is not quantised
_X86 = ("x86_64", "amd64")
# OpenVINO's binding prepares itself for NumPy at the first call. Two threads that do so at once wait for each other for
# ever, one with Python's lock and one with the binding's: so the first call of the program is made alone.
_FIRST_CALL = threading.Lock()
_first_call_is_over = threading.Event()


class OpenVinoEngine(Runs):
    """Compiles the graph once per input shape and keeps the most recent ones.

    Precision "auto": bf16 where the CPU has it, int8 on other x86 CPUs (on Apple's and other ARM chips it gains
    nothing). A few built-in images are computed in that precision and in fp32. If it moves the median of their peaks
    by less than half a network pixel it is used, else fp32. Networks without tags, which see crops of one person, have
    no such images: for them it is fp32.
    """

    name = "openvino"
    device = "cpu"
    streams = 1

    def __init__(self, graph: onnx.ModelProto, precision: str = "auto", threads: int | None = None) -> None:
        switch_off_telemetry()
        try:
            import openvino
        except ImportError as error:
            raise EngineError(
                "OpenVINO cannot be used ({reason}); install it with `pip install openvino`.", reason=error
            ) from error
        try:
            self._core = openvino.Core()
            self._models = {"fp32": self._core.read_model(model=graph.SerializeToString())}
            known = _known_precisions(self._core)
        except RuntimeError as error:
            raise EngineError("OpenVINO could not start on this machine: {reason}", reason=error) from error
        self._threads = thread_count(threads)
        self._others: dict[int, OpenVinoEngine] = {}  # by their streams: each compiles once, whoever asks for it
        self._forget_compiled()
        if precision == "auto":
            self.precision, self._why_precision = self._choose_precision(known, graph)
        elif precision not in known:
            raise EngineError(
                "OpenVINO cannot compute in {precision} on this CPU; use the precision fp32 or auto.",
                precision=precision,
            )
        else:
            self.precision, self._why_precision = precision, f"{precision} was asked for"
            if precision == "int8" and TAGS not in (output.name for output in graph.graph.output):
                raise EngineError("Top-down networks are not computed in int8; use the precision fp32, bf16 or auto.")
            if precision == "int8":
                self._quantise(graph, calibration_images())

    @property
    def reason(self) -> str:
        return self._why_precision

    def with_streams(self, streams: int) -> OpenVinoEngine:
        streams = max(1, min(streams, self._threads))
        if streams == self.streams:
            return self
        if streams not in self._others:
            other = self._others[streams] = copy.copy(self)
            other.streams, other._others = streams, {}
            other._forget_compiled()
        return self._others[streams]

    def run(self, tensors: Tensors) -> Tensors:
        check_images(tensors[PIXELS])
        return self._run(tensors[PIXELS], self.precision)

    def _choose_precision(self, known: tuple[str, ...], graph: onnx.ModelProto) -> tuple[str, str]:
        """The same for every run with these weights on this kind of CPU, so that results can be repeated."""
        if TAGS not in (output.name for output in graph.graph.output):
            return "fp32", "cheaper precisions are judged for whole images only"
        if "bf16" in known:
            cheaper = "bf16"
        elif "int8" in known and platform.machine().lower() in _X86:
            cheaper = "int8"
        else:
            return "fp32", "this CPU has no bf16"
        images = calibration_images()
        try:
            in_fp32 = self._quantise(graph, images) if cheaper == "int8" else self._run(images, "fp32")[HEATMAPS]
            shifts = peak_shifts_px(in_fp32, self._run(images, cheaper)[HEATMAPS])
        except EngineError as error:
            return "fp32", f"{cheaper} fails here ({error})"
        finally:
            self._forget_compiled()
        if len(shifts) < MIN_PEAKS:
            return "fp32", f"{cheaper} could not be judged: only {len(shifts)} peaks in the built-in images"
        shift = float(np.median(shifts))
        moved = f"{cheaper} moves the median of {len(shifts)} peaks by {shift:.2f} px against fp32"
        precision = cheaper if shift < MAX_SHIFT_PX else "fp32"
        return precision, f"{precision} is taken, because {moved}"

    def _quantise(self, graph: onnx.ModelProto, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Prepare the network in 8 bits for the images' ranges; returns their heatmaps in fp32."""
        try:
            self._models["int8"], in_fp32 = quantised_model(self._core, graph, images, self._threads)
        except RuntimeError as error:
            raise EngineError("OpenVINO could not prepare the network in int8: {reason}", reason=error) from error
        return in_fp32

    def _forget_compiled(self) -> None:
        self._compiled: OrderedDict[tuple[str, tuple[int, ...]], _Compiled] = OrderedDict()
        self._lock = threading.Lock()

    def _ready(self, precision: str, shape: tuple[int, ...]) -> _Compiled:
        key = (precision, shape)
        with self._lock:
            if key not in self._compiled:
                while len(self._compiled) >= MAX_COMPILED:
                    self._compiled.popitem(last=False)
                self._compiled[key] = _Compiled(self._compile(precision, shape))
            self._compiled.move_to_end(key)
            return self._compiled[key]

    def _compile(self, precision: str, shape: tuple[int, ...]) -> openvino.CompiledModel:
        model = self._models["fp32" if precision == "bf16" else precision].clone()
        model.reshape(list(shape))
        options = {
            "PERFORMANCE_HINT": "LATENCY" if self.streams == 1 else "THROUGHPUT",
            "INFERENCE_PRECISION_HINT": _HINTS[precision],
            "INFERENCE_NUM_THREADS": self._threads,
            "NUM_STREAMS": self.streams,
            # Threads tied to cores wait behind whatever else is running there.
            "ENABLE_CPU_PINNING": False,
        }
        try:
            return self._core.compile_model(model, "CPU", options)
        except RuntimeError as error:
            size = f"{shape[2]}x{shape[1]}"
            raise EngineError(
                "OpenVINO could not prepare the network for images of {size}: {reason}", size=size, reason=error
            ) from error

    def _run(self, images: NDArray[np.uint8], precision: str) -> Tensors:
        compiled = self._ready(precision, images.shape)
        try:
            return compiled(images)
        except RuntimeError as error:
            size = f"{images.shape[2]}x{images.shape[1]}"
            raise EngineError("OpenVINO failed on images of {size}: {reason}", size=size, reason=error) from error


def _known_precisions(core: openvino.Core) -> tuple[str, ...]:
    capabilities = core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    return "fp32", *(name for name in ("bf16", "int8") if name.upper() in capabilities)


class _Compiled:
    """A compiled network that several threads may call: each call borrows a request, which holds its buffers."""

    def __init__(self, model: openvino.CompiledModel) -> None:
        self._model = model
        self._idle: list[openvino.InferRequest] = []

    def __call__(self, images: NDArray[np.uint8]) -> Tensors:
        if _first_call_is_over.is_set():
            return self._infer(images)
        with _FIRST_CALL:
            results = self._infer(images)
            _first_call_is_over.set()
            return results

    def _infer(self, images: NDArray[np.uint8]) -> Tensors:
        try:
            request = self._idle.pop()
        except IndexError:
            request = self._model.create_infer_request()
        results = request.infer({0: images}, share_inputs=True, share_outputs=False)
        self._idle.append(request)
        return {port.get_any_name(): values for port, values in results.items()}
