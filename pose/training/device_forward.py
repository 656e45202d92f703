"""How a device computes the network quickest: measured, not assumed."""

from __future__ import annotations

import time
from collections.abc import Callable

import torch
from torch import Tensor, nn

from pose.training.checkpoint import TrainingError

Forward = Callable[[Tensor], tuple[Tensor, Tensor]]

_TRIALS = 3


def make_forward(network: nn.Module, device: torch.device, half: bool, channels_last: bool = True) -> Forward:
    """The network with float32 outputs; half: computed in bfloat16 where that is safe."""
    layout = torch.channels_last if channels_last else torch.contiguous_format

    def forward(images: Tensor) -> tuple[Tensor, Tensor]:
        with torch.autocast(device.type, torch.bfloat16, enabled=half):
            coarse, fine = network(images.contiguous(memory_format=layout))
        return coarse.float(), fine.float()

    return forward


def quickest_forward(network: nn.Module, device: torch.device, images: Tensor, tell: Callable[[str], None]) -> Forward:
    """Of bfloat16 or float32, channels last or first, what takes the least time forward and backward on these images.

    On a CPU without a choice: float32, channels last. The network is left in the layout that won. Raises TrainingError
    if the images do not fit into the card's memory.
    """
    if device.type != "cuda":
        _lay_out(network, channels_last=True)
        return make_forward(network, device, half=False)
    seconds: dict[tuple[bool, bool], float] = {}
    for half in (True, False):
        for channels_last in (True, False):
            name = f"{'bf16' if half else 'fp32'}, channels {'last' if channels_last else 'first'}"
            _lay_out(network, channels_last)
            try:
                taken = _seconds(make_forward(network, device, half, channels_last), network, images)
            except torch.OutOfMemoryError:
                tell(f"{name}: {len(images)} views do not fit into the card's memory")
                torch.cuda.empty_cache()
                continue
            seconds[half, channels_last] = taken
            tell(f"{name}: {len(images) / taken:.0f} views/s forward and backward at {images.shape[2]} px")
    if not seconds:
        raise TrainingError(f"Batches of {len(images)} do not fit into the card's memory: take smaller ones.")
    half, channels_last = min(seconds, key=lambda key: seconds[key])
    _lay_out(network, channels_last)
    return make_forward(network, device, half, channels_last)


def _lay_out(network: nn.Module, channels_last: bool) -> None:
    network.to(memory_format=torch.channels_last if channels_last else torch.contiguous_format)  # type: ignore[call-overload]


def _seconds(forward: Forward, network: nn.Module, images: Tensor) -> float:
    for trial in range(1 + _TRIALS):  # the first one chooses algorithms
        if trial == 1:
            torch.cuda.synchronize()
            began = time.perf_counter()
        coarse, fine = forward(images)
        (coarse.square().mean() + fine.square().mean()).backward()
        network.zero_grad(set_to_none=True)
    torch.cuda.synchronize()
    return (time.perf_counter() - began) / _TRIALS
