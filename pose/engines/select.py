"""Choosing an engine: what was asked for, or the fastest one that works here."""

from __future__ import annotations

import ctypes
import sys
from dataclasses import dataclass, replace
from importlib import import_module
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from pose.channel_views import without_channel_moves
from pose.engines.base import Device, Engine, EngineName, Maps, Precision, Tensors
from pose.errors import EngineError
from pose.graphs import State, network_graph
from pose.models.architectures import ARCHITECTURES
from pose.privacy import switch_off_telemetry
from pose.skeleton import Skeleton


def create_engine(
    state: State,
    arch: str,
    skeleton: Skeleton,
    *,
    engine: str = "auto",
    device: str = "auto",
    precision: str = "auto",
    threads: int | None = None,
) -> Engine:
    """An engine that runs the network `arch`, a key of ARCHITECTURES, with the weights `state`.

    engine "auto": PyTorch where there is a CUDA device or `device` names a graphics processor, else
    the first of OpenVINO, ONNX Runtime and PyTorch that can be imported. `threads` bounds the CPU
    threads; None takes the cores this process may use, at most 8. The names that `engine`, `device` and
    `precision` take are those of EngineName, Device and Precision.

    Raises EngineError, in one sentence, if the engine, device or precision cannot be used here.
    """
    choices = (("engine", engine, EngineName), ("device", device, Device), ("precision", precision, Precision))
    for what, value, known in choices:
        if value not in get_args(known):
            raise EngineError(
                'There is no {what} named "{value}"; use {choices}.',
                what=what,
                value=value,
                choices=", ".join(get_args(known)),
            )
    if engine == "auto":
        engine, why = _fastest(device)
    else:
        why = f"{engine} was asked for"
    if engine == "torch":
        # Only this engine needs PyTorch, and PyTorch takes seconds to import.
        from pose.engines.torch_engine import TorchEngine

        keypoints = skeleton.num_keypoints
        return _explained(TorchEngine(state, arch, keypoints, device=device, precision=precision, threads=threads), why)
    if device not in ("auto", "cpu"):
        raise EngineError(
            "The engine {engine} runs on the CPU only; use the engine torch for the device {device}.",
            engine=engine,
            device=device,
        )
    if engine == "openvino":
        from pose.engines.openvino_engine import OpenVinoEngine

        graph = network_graph(arch, state)
        if ARCHITECTURES[arch].top_down:
            graph = without_channel_moves(graph)  # half the time here; ONNX Runtime is quicker as it is
        return _explained(OpenVinoEngine(graph, precision, threads), why)
    if precision not in ("auto", "fp32"):
        raise EngineError(
            "ONNX Runtime computes in fp32 here; take another engine for {precision}.", precision=precision
        )
    from pose.engines.onnxruntime_engine import OnnxRuntimeEngine

    return _explained(OnnxRuntimeEngine(network_graph(arch, state), threads), why)


def _fastest(device: str) -> tuple[str, str]:
    """The engine to take when none was named, and why."""
    if device in ("cuda", "mps"):
        return "torch", f"the device {device} was asked for"
    if device == "auto" and _has_cuda():
        return "torch", "there is a CUDA device"
    switch_off_telemetry()
    if _imports("openvino"):
        return "openvino", "OpenVINO is the fastest on CPUs"
    if _imports("onnxruntime"):
        return "onnxruntime", "OpenVINO cannot be imported here"
    if _imports("torch"):
        return "torch", "neither OpenVINO nor ONNX Runtime can be imported here"
    raise EngineError("No inference engine is installed; install one with `pip install openvino`.")


def _imports(package: str) -> bool:
    """Whether a package is there and its libraries load."""
    try:
        import_module(package)
    except (ImportError, OSError):
        return False
    return True


def takes_graphics_card(device: str) -> bool:
    """Whether networks run on a graphics card if that device is asked for."""
    return device in ("cuda", "mps") or (device == "auto" and _has_cuda())


def _has_cuda() -> bool:
    """Whether PyTorch can use an NVIDIA card; PyTorch is imported only if a driver is there."""
    driver = {"linux": "libcuda.so.1", "win32": "nvcuda.dll"}.get(sys.platform)
    if driver is None:
        return False
    try:
        ctypes.CDLL(driver)
    except OSError:
        return False
    if not _imports("torch"):
        return False
    import torch

    return torch.cuda.is_available()


@dataclass(frozen=True, slots=True)
class _Explained:
    """An engine whose reason also tells how it was chosen."""

    engine: Engine
    why: str

    @property
    def name(self) -> str:
        return self.engine.name

    @property
    def device(self) -> str:
        return self.engine.device

    @property
    def precision(self) -> str:
        return self.engine.precision

    @property
    def reason(self) -> str:
        return f"{self.why}; {self.engine.reason}."

    @property
    def streams(self) -> int:
        return self.engine.streams

    def with_streams(self, streams: int) -> Engine:
        return replace(self, engine=self.engine.with_streams(streams))

    def run(self, tensors: Tensors) -> Tensors:
        return self.engine.run(tensors)

    def __call__(self, images: NDArray[np.uint8]) -> Maps:
        return self.engine(images)


def _explained(engine: Engine, why: str) -> Engine:
    return _Explained(engine, why[0].upper() + why[1:])
