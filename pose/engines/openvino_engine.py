"""OpenVINO: the fastest engine on CPUs."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pose.engines.base import Maps, check_images, thread_count
from pose.engines.precision import MAX_SHIFT_PX, MIN_PEAKS, has_peaks, peak_shifts_px
from pose.errors import EngineError
from pose.onnx_graph import HEATMAPS, TAGS, State, build_onnx
from pose.privacy import switch_off_telemetry

if TYPE_CHECKING:
    import openvino

MAX_COMPILED = 6  # input shapes kept ready; each holds its own buffers


class OpenVinoEngine:
    """Compiles the graph once per input shape and keeps the most recent ones.

    Precision "auto" on a CPU that has bf16: the first pictures with people are computed in both
    precisions and answered in fp32, until two hundred peaks have been compared. If bf16 moves their
    median by less than half a network pixel, it is used from there on, else fp32.
    """

    name = "openvino"
    device = "cpu"

    def __init__(self, state: State, precision: str = "auto", threads: int | None = None) -> None:
        switch_off_telemetry()
        try:
            import openvino
        except ImportError as error:
            raise EngineError(f"OpenVINO cannot be used ({error}); install it with `pip install openvino`.") from error
        try:
            self._core = openvino.Core()
            self._model = self._core.read_model(model=build_onnx(state).SerializeToString())
            has_bf16 = "BF16" in self._core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
        except RuntimeError as error:
            raise EngineError(f"OpenVINO could not start on this machine: {error}") from error
        self._threads = thread_count(threads)
        self._compiled: OrderedDict[tuple[str, tuple[int, ...]], openvino.CompiledModel] = OrderedDict()

        if precision == "fp16" or (precision == "bf16" and not has_bf16):
            raise EngineError(f"OpenVINO cannot compute in {precision} on this CPU; use --precision fp32 or auto.")
        self._undecided = precision == "auto" and has_bf16
        self._shifts: list[float] = []
        if precision != "auto":
            self.precision: str = precision
            self._why_precision = f"{precision} was asked for"
        elif has_bf16:
            self.precision = "bf16"
            self._why_precision = "this CPU has bf16; the first people seen are computed in fp32 as well, to compare"
        else:
            self.precision = "fp32"
            self._why_precision = "this CPU has no bf16"

    @property
    def reason(self) -> str:
        return self._why_precision

    def __call__(self, images: NDArray[np.uint8]) -> Maps:
        check_images(images)
        maps = self._run(images, self.precision)
        return self._compare(images, maps) if self._undecided and has_peaks(maps[0]) else maps

    def _compare(self, images: NDArray[np.uint8], bf16: Maps) -> Maps:
        """The fp32 maps; decides on the precision once enough peaks were compared."""
        fp32 = self._run(images, "fp32")
        self._shifts += peak_shifts_px(fp32[0], bf16[0])
        if len(self._shifts) < MIN_PEAKS:
            return fp32
        shift = float(np.median(self._shifts))
        self._undecided = False
        self.precision = "bf16" if shift < MAX_SHIFT_PX else "fp32"
        moved = f"bf16 moves the median of {len(self._shifts)} peaks by {shift:.2f} px against fp32"
        self._why_precision = f"{self.precision} is taken, because {moved}"
        for key in [key for key in self._compiled if key[0] != self.precision]:
            del self._compiled[key]
        return fp32

    def _ready(self, precision: str, shape: tuple[int, ...]) -> openvino.CompiledModel:
        key = (precision, shape)
        if key not in self._compiled:
            while len(self._compiled) >= MAX_COMPILED:
                self._compiled.popitem(last=False)
            self._compiled[key] = self._compile(precision, shape)
        self._compiled.move_to_end(key)
        return self._compiled[key]

    def _compile(self, precision: str, shape: tuple[int, ...]) -> openvino.CompiledModel:
        model = self._model.clone()
        model.reshape(list(shape))
        options = {
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_PRECISION_HINT": {"fp32": "f32", "bf16": "bf16"}[precision],
            "INFERENCE_NUM_THREADS": self._threads,
            "NUM_STREAMS": 1,
            # Threads tied to cores wait behind whatever else is running there.
            "ENABLE_CPU_PINNING": False,
        }
        try:
            return self._core.compile_model(model, "CPU", options)
        except RuntimeError as error:
            size = f"{shape[2]}x{shape[1]}"
            raise EngineError(f"OpenVINO could not prepare the network for images of {size}: {error}") from error

    def _run(self, images: NDArray[np.uint8], precision: str) -> Maps:
        compiled = self._ready(precision, images.shape)
        try:
            results = compiled(images, share_inputs=True, share_outputs=False)
        except RuntimeError as error:
            size = f"{images.shape[2]}x{images.shape[1]}"
            raise EngineError(f"OpenVINO failed on images of {size}: {error}") from error
        return results[HEATMAPS], results[TAGS]
