"""The fused CPU forward pass is the network itself, gradients included."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from pose.training import cpu_forward
from tests.pose.networks import random_litepose

pytestmark = pytest.mark.slow  # the first use compiles the operator


@pytest.fixture(autouse=True)
def needs_the_operator() -> None:
    if not cpu_forward.available():
        pytest.skip("no compiler, or no AVX-512 bfloat16 processor")


def relative(a: torch.Tensor, b: torch.Tensor) -> float:
    return float(((a - b).norm() / b.norm()).detach())


@pytest.mark.parametrize(
    ("channels", "h", "w", "window", "stride"),
    [(40, 9, 17, 5, 1), (24, 16, 16, 7, 2), (16, 13, 8, 7, 2), (8, 5, 5, 3, 1)],
)
def test_depthwise_equals_the_plain_operator(channels: int, h: int, w: int, window: int, stride: int) -> None:
    torch.manual_seed(0)
    x = torch.randn(2, h, w, channels).bfloat16()
    weight, bias = 0.3 * torch.randn(channels, 1, window, window), torch.randn(channels)
    ours = [x.clone().requires_grad_(), weight.clone().requires_grad_(), bias.clone().requires_grad_()]
    theirs = [x.float().requires_grad_(), weight.clone().requires_grad_(), bias.clone().requires_grad_()]
    y = cpu_forward._Depthwise.apply(ours[0], ours[1], ours[2], stride, cpu_forward._RELU6, cpu_forward._NONE)
    activated = F.relu6(theirs[0].permute(0, 3, 1, 2))
    z = F.conv2d(activated, theirs[1], theirs[2], stride, window // 2, groups=channels).permute(0, 2, 3, 1)
    assert y.shape == z.shape
    assert relative(y.float(), z) < 0.01
    grad = torch.randn_like(z)
    y.backward(grad.bfloat16())
    z.backward(grad)
    for a, b in zip(ours, theirs, strict=True):
        assert a.grad is not None and b.grad is not None
        assert relative(a.grad.float(), b.grad) < 0.01


def test_the_output_activation_closes_the_gradient() -> None:
    x = torch.tensor([-1.0, 0.5, 7.0] + [0.0] * 5).view(1, 1, 1, 8).bfloat16().requires_grad_()
    weight = torch.zeros(8, 1, 3, 3)
    weight[:, 0, 1, 1] = 1
    y = cpu_forward._Depthwise.apply(x, weight, torch.zeros(8), 1, cpu_forward._NONE, cpu_forward._RELU6)
    y.sum().backward()
    assert y.flatten()[:3].tolist() == [0, 0.5, 6]
    assert x.grad is not None
    assert x.grad.flatten()[:3].tolist() == [0, 1, 0]


def test_the_network_is_the_same_and_learns_the_same() -> None:
    model = random_litepose("litepose-xs", 14).requires_grad_(True)
    images = torch.randn(2, 3, 64, 96)
    gradients = []
    for forward in (model, lambda x: cpu_forward.fast_forward(model, x)):
        model.zero_grad()
        coarse, fine = forward(images)
        (coarse.square().mean() + fine.square().mean()).backward()
        gradients.append((coarse, fine, [p.grad.clone() for p in model.parameters() if p.grad is not None]))
    (coarse, fine, plain), (fast_coarse, fast_fine, fast) = gradients
    assert relative(fast_coarse, coarse) < 0.05
    assert relative(fast_fine, fine) < 0.05
    assert len(plain) == len(fast) == len(list(model.parameters()))
    similarity = F.cosine_similarity(torch.cat([g.flatten() for g in plain]), torch.cat([g.flatten() for g in fast]), 0)
    assert float(similarity) > 0.98
