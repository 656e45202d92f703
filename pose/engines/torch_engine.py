"""PyTorch: the reference on CPUs, and the engine for graphics cards."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from pose.engines.base import OneAtATime, Tensors, check_images, thread_count
from pose.errors import EngineError
from pose.graphs import State
from pose.normalisation import MEAN_RGB, STD_RGB
from pose.tensors import HEATMAPS, PIXELS, TAGS

if TYPE_CHECKING:
    from torch import Tensor, nn


class TorchEngine(OneAtATime):
    """The network module itself with its batch normalisations folded, in channels-last layout.

    device "auto" is CUDA where there is one, else the CPU. precision "auto" is bf16 on CUDA cards that compute in it
    and fp32 elsewhere; fp16 cost LitePose-M 9 points of AP on a card (docs/speed.md). Raises EngineError if the device
    is not there or cannot compute in that precision.
    """

    name = "torch"

    def __init__(
        self,
        state: State,
        arch: str,
        keypoints: int,
        *,
        device: str = "auto",
        precision: str = "auto",
        threads: int | None = None,
    ) -> None:
        try:
            import torch
        except ImportError as error:
            raise EngineError(
                "PyTorch cannot be used ({reason}); install it with `pip install torch`.", reason=error
            ) from error
        self.device = _available_device(device)
        self.precision = _usable_precision(precision, self.device)
        self.reason = f"PyTorch computes in {self.precision} on {self.device}"
        if self.device == "cpu":
            torch.set_num_threads(thread_count(threads))  # of the whole process: PyTorch knows no other
        dtype = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}[self.precision]
        try:
            model = loaded_network(state, arch, keypoints)
            self._model = model.to(self.device, dtype, memory_format=torch.channels_last)  # type: ignore[call-overload]
            self._mean = torch.tensor(MEAN_RGB, device=self.device).view(1, 3, 1, 1) * 255
            self._scale = 1 / (torch.tensor(STD_RGB, device=self.device).view(1, 3, 1, 1) * 255)
        except RuntimeError as error:
            raise EngineError(
                "PyTorch could not put the network on {device}: {reason}", device=self.device, reason=_first_line(error)
            ) from error
        self._dtype = dtype

    def run(self, tensors: Tensors) -> Tensors:
        import torch

        images = tensors[PIXELS]
        check_images(images)
        size = f"{len(images)} x {images.shape[2]}x{images.shape[1]}"
        try:
            with torch.inference_mode():
                # (N, H, W, 3) contiguous is (N, 3, H, W) in channels-last layout: no copy here.
                pixels = torch.from_numpy(np.ascontiguousarray(images)).to(self.device).permute(0, 3, 1, 2)
                x = (pixels.flip(1).float() - self._mean) * self._scale
                maps = _named(self._model(x.to(self._dtype, memory_format=torch.channels_last)))
                return {name: values.contiguous().cpu().numpy() for name, values in maps.items()}
        except torch.OutOfMemoryError as error:
            raise EngineError(
                "The device {device} ran out of memory for {size}; take a smaller input size or the device cpu.",
                device=self.device,
                size=size,
            ) from error
        except RuntimeError as error:
            raise EngineError(
                "PyTorch failed on {device} for images of {size}: {reason}",
                device=self.device,
                size=size,
                reason=_first_line(error),
            ) from error


def _named(outputs: tuple[Tensor, Tensor] | Tensor) -> dict[str, Tensor]:
    """What a network returns, as float32 under the names that engines give it."""
    from pose.models.litepose import upsample_and_average

    if not isinstance(outputs, tuple):
        return {HEATMAPS: outputs.float()}
    coarse, fine = outputs
    heatmaps, tags = upsample_and_average(coarse.float(), fine.float())
    return {HEATMAPS: heatmaps, TAGS: tags}


def loaded_network(state: State, arch: str, keypoints: int) -> nn.Module:
    """Any network in evaluation mode, strictly loaded; batch normalisations that follow a convolution are folded in."""
    import torch
    from torch import nn
    from torch.nn.utils.fusion import fuse_conv_bn_eval

    from pose.models.build import build_network

    model = build_network(arch, keypoints)
    # A copy, because arrays read from a file cannot be written to and PyTorch warns about that.
    model.load_state_dict({key: torch.from_numpy(np.array(value)) for key, value in state.items()})
    model.eval().requires_grad_(False)
    for sequence in [module for module in model.modules() if isinstance(module, nn.Sequential)]:
        for i, (conv, norm) in enumerate(pairwise(list(sequence))):
            if isinstance(conv, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
                sequence[i], sequence[i + 1] = fuse_conv_bn_eval(conv, norm), nn.Identity()
    return model


def _available_device(device: str) -> str:
    import torch

    if device == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    if device == "cuda" and not torch.cuda.is_available():
        if torch.version.cuda:
            raise EngineError(
                "The device cuda cannot be used: the installed PyTorch finds no NVIDIA card or driver; "
                "use the device cpu."
            )
        raise EngineError(
            "The device cuda cannot be used: the installed PyTorch was built without CUDA; use the device cpu."
        )
    if device == "mps" and not torch.backends.mps.is_available():
        raise EngineError("The device mps cannot be used: PyTorch finds no Apple graphics chip; use the device cpu.")
    return device


def _usable_precision(precision: str, device: str) -> str:
    if precision == "auto":
        return "bf16" if device == "cuda" and _has_bf16() else "fp32"
    if precision == "int8":
        raise EngineError("PyTorch does not compute this network in int8; use the engine openvino.")
    if precision == "fp16" and device == "cpu":
        raise EngineError("PyTorch does not compute this network in fp16 on a CPU; use the precision fp32 or bf16.")
    return precision


def _has_bf16() -> bool:
    import torch

    return bool(torch.cuda.is_bf16_supported(including_emulation=False))


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0]
