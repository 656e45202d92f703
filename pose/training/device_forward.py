"""How a device computes the network quickest."""

from __future__ import annotations

import time
from collections.abc import Callable

import torch
from torch import Tensor, nn

from pose.training.checkpoint import TrainingError

Forward = Callable[[Tensor], tuple[Tensor, Tensor]]

_TRIALS = 3


def make_forward(network: nn.Module, device: torch.device, half: bool) -> Forward:
    """The network with float32 outputs; half: computed in bfloat16 where that is safe."""

    def forward(images: Tensor) -> tuple[Tensor, Tensor]:
        with torch.autocast(device.type, torch.bfloat16, enabled=half):
            coarse, fine = network(images.contiguous(memory_format=torch.channels_last))
        return coarse.float(), fine.float()

    return forward


def suited_forward(network: nn.Module, device: torch.device, images: Tensor, tell: Callable[[str], None]) -> Forward:
    """Channels last, and bfloat16 on a card that computes in it: twice as quick as other ways (docs/training.md).

    Raises TrainingError if the images do not fit into the card's memory.
    """
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    if device.type != "cuda":
        return make_forward(network, device, half=False)
    forward = make_forward(network, device, half=torch.cuda.is_bf16_supported(including_emulation=False))
    try:
        taken = _seconds(forward, network, images)
    except torch.OutOfMemoryError as error:
        raise TrainingError(
            f"Batches of {len(images)} do not fit into the card's memory: take smaller ones."
        ) from error
    tell(f"{len(images) / taken:.0f} views/s forward and backward at {images.shape[2]} px")
    return forward


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
