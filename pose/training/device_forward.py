"""How a device computes the network quickest: measured, not assumed."""

from __future__ import annotations

import time
from collections.abc import Callable

import torch
from torch import Tensor, nn

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

    On a CPU without a choice: float32, channels last. The network is left in the layout that won.
    """
    if device.type != "cuda":
        network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        return make_forward(network, device, half=False)
    seconds: dict[tuple[bool, bool], float] = {}
    for half in (True, False):
        for channels_last in (True, False):
            network.to(memory_format=torch.channels_last if channels_last else torch.contiguous_format)  # type: ignore[call-overload]
            forward = make_forward(network, device, half, channels_last)
            for trial in range(1 + _TRIALS):  # the first one chooses algorithms
                if trial == 1:
                    torch.cuda.synchronize(device)
                    began = time.perf_counter()
                coarse, fine = forward(images)
                (coarse.square().mean() + fine.square().mean()).backward()
                network.zero_grad(set_to_none=True)
            torch.cuda.synchronize(device)
            seconds[half, channels_last] = (time.perf_counter() - began) / _TRIALS
    for (half, channels_last), taken in seconds.items():
        name = f"{'bf16' if half else 'fp32'} {'channels last' if channels_last else 'channels first'}"
        tell(f"{name}: {len(images) / taken:.0f} views/s forward and backward")
    half, channels_last = min(seconds, key=lambda key: seconds[key])
    network.to(memory_format=torch.channels_last if channels_last else torch.contiguous_format)  # type: ignore[call-overload]
    return make_forward(network, device, half, channels_last)
