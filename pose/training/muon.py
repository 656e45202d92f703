"""The Muon optimiser: steps of weight matrices are made orthogonal, so that no direction of a layer is neglected."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

_MOMENTUM = 0.95
_ITERATIONS = 5
_COEFFICIENTS = (3.4445, -4.7750, 2.0315)
_RMS_OF_ADAM = 0.2  # of an AdamW update relative to its rate: makes one rate right for both kinds of parameters


def pointwise_matrices(model: nn.Module) -> list[nn.Parameter]:
    """The 1x1 convolutions of the backbone: matrices between hidden layers, for which the method is meant."""
    return [
        p for name, p in model.named_parameters() if name.startswith("stage.") and p.dim() == 4 and p[0, 0].numel() == 1
    ]


class Muon(torch.optim.AdamW):
    """Muon (K. Jordan and others, 2024, with the update size of arXiv 2502.16982) for groups with "orthogonal" True.

    The others are updated by AdamW. One learning rate serves both.
    """

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        with torch.no_grad():
            for group in self.param_groups:
                for parameter in group["params"] if group["orthogonal"] else ():
                    if parameter.grad is not None:
                        self._update(parameter, parameter.grad, group)
                        parameter.grad = None  # AdamW passes it over
        return super().step(closure)

    def _update(self, parameter: Tensor, grad: Tensor, group: dict[str, Any]) -> None:
        state = self.state[parameter]
        if not state:
            state |= {"momentum": torch.zeros_like(parameter), "step": torch.zeros(())}  # AdamW asks all for a step
        momentum = state["momentum"]
        momentum.mul_(_MOMENTUM).add_(grad)
        step = orthogonalised((grad + _MOMENTUM * momentum).flatten(1))
        size = group["lr"] * _RMS_OF_ADAM * math.sqrt(max(step.shape))
        parameter.mul_(1 - group["lr"] * group["weight_decay"])
        parameter.sub_(step.reshape(parameter.shape), alpha=size)


def orthogonalised(matrix: Tensor) -> Tensor:
    """(M, N) → a matrix with the same singular vectors and singular values near 1 (0.7 to 1.2), by Newton-Schulz."""
    a, b, c = _COEFFICIENTS
    wide = matrix.shape[0] <= matrix.shape[1]
    x = matrix if wide else matrix.T
    x = x / (x.norm() + 1e-12)
    for _ in range(_ITERATIONS):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x if wide else x.T
