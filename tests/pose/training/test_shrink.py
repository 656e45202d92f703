"""Small networks cut out of big ones."""

from __future__ import annotations

import pytest
import torch

from pose.training.checkpoint import TrainingError
from pose.training.select import shrink, telling_channels
from tests.pose.networks import random_litepose


def images(count: int, side: int = 64) -> torch.Tensor:
    torch.manual_seed(1)
    coarse = torch.randn(count, 3, side // 8, side // 8)
    return torch.nn.functional.interpolate(coarse, size=(side, side), mode="bilinear") + 0.1 * torch.randn(
        count, 3, side, side
    )


def error(small: torch.nn.Module, big: torch.nn.Module, images: torch.Tensor) -> float:
    with torch.no_grad():
        ours, theirs = small(images), big(images)
    return max(float((a - b).norm() / b.norm()) for a, b in zip(ours, theirs, strict=True))


@pytest.mark.slow
def test_keeping_all_channels_keeps_the_function() -> None:
    big = random_litepose("litepose-xs", 14)
    same = shrink(big, "litepose-xs", "litepose-xs", images(16, 96))
    assert error(same, big, images(4, 96)) < 0.05


@pytest.mark.slow
def test_a_shrunk_network_imitates_better_than_the_mean() -> None:
    big = random_litepose("litepose-s", 14)
    small = shrink(big, "litepose-s", "litepose-xs", images(12))
    assert error(small, big, images(12)) < 0.5


def test_a_bigger_network_cannot_be_cut_from_a_smaller_one() -> None:
    with pytest.raises(TrainingError, match="litepose-m is not a part of litepose-xs"):
        shrink(random_litepose("litepose-xs", 14), "litepose-xs", "litepose-m", images(1))


def test_telling_channels_drops_what_others_predict() -> None:
    torch.manual_seed(0)
    a, b = torch.randn(500, 1), torch.randn(500, 1)
    rows = torch.cat([0.01 * torch.randn(500, 1), a, a * 2 + 1, b, 0.9 * b], dim=1)
    assert telling_channels(rows, 2).tolist() == [2, 3]
    assert telling_channels(rows, 5).tolist() == [0, 1, 2, 3, 4]
