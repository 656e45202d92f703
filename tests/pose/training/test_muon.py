"""The Muon optimiser."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import nn

from pose.models.litepose import build_litepose
from pose.training.config import OptimiserSettings
from pose.training.muon import Muon, orthogonalised, pointwise_matrices
from pose.training.optimisation import make_optimiser


@pytest.mark.parametrize("shape", [(16, 96), (96, 16)])
def test_all_directions_of_a_step_are_about_as_long(shape: tuple[int, int]) -> None:
    matrix = torch.randn(shape, generator=torch.Generator().manual_seed(1)) * torch.logspace(0, 1, shape[1])
    u, _, vt = torch.linalg.svd(matrix, full_matrices=False)
    lengths = (u.T @ orthogonalised(matrix) @ vt.T).diagonal()
    assert 0.5 < lengths.min() <= lengths.max() < 1.4


def test_only_hidden_pointwise_convolutions_are_turned() -> None:
    model = build_litepose("litepose-xs", 14)
    matrices = pointwise_matrices(model)
    assert len(matrices) == 2 * sum(len(stage) for stage in model.stage)
    optimiser = make_optimiser(model, OptimiserSettings("muon", lr=1e-3))
    assert sum(len(group["params"]) for group in optimiser.param_groups) == len(list(model.parameters()))
    assert [p is q for p, q in zip(optimiser.param_groups[0]["params"], matrices, strict=True)]


def steps(optimiser: torch.optim.Optimizer, layers: nn.Module, count: int, seed: int) -> float:
    generator = torch.Generator().manual_seed(seed)
    loss = torch.zeros(())
    for _ in range(count):
        x = torch.randn(64, 8, generator=generator) * torch.logspace(0, -2, 8)  # directions of very different size
        loss = (layers(x) - x.flip(1)).square().div(torch.logspace(-2, 0, 8).square()).mean()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
    return float(loss.detach())


def muon(layers: nn.Module) -> Muon:
    weights = {"params": [p for p in layers.parameters() if p.dim() == 2], "orthogonal": True}
    biases = {"params": [p for p in layers.parameters() if p.dim() == 1], "orthogonal": False}
    return Muon([weights, biases], lr=0.05, weight_decay=0.0)


def test_it_learns_and_resumes_exactly() -> None:
    torch.manual_seed(0)
    layers = nn.Sequential(nn.Linear(8, 8))
    first = copy.deepcopy(layers)
    optimiser = muon(layers)
    before = steps(optimiser, layers, 1, 0)
    assert steps(optimiser, layers, 30, 1) < 0.5 * before
    saved = copy.deepcopy((layers.state_dict(), optimiser.state_dict()))
    steps(optimiser, layers, 5, 2)
    again = muon(first)
    first.load_state_dict(saved[0])
    again.load_state_dict(saved[1])
    steps(again, first, 5, 2)
    assert all(torch.equal(p, q) for p, q in zip(layers.parameters(), first.parameters(), strict=True))
