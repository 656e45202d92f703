"""RMPG: nothing changes until it is trained, its cost is the designed one, its parts are those of the body."""

from __future__ import annotations

from math import sqrt

import pytest
import torch

from pose.models.build import build_network
from pose.models.config import LITEPOSE
from pose.models.litepose import LitePose
from pose.models.rmpg import RMPG, SiblingContext, body_parts
from pose.skeleton import COCO17, CROWDPOSE14
from tests.pose.networks import randomise


@pytest.mark.parametrize("lite", [False, True])
def test_attaching_it_changes_nothing_before_training(lite: bool) -> None:
    torch.manual_seed(1)
    module = RMPG(16, lite=lite).train()
    x = torch.randn(2, 16, 6, 5)
    torch.testing.assert_close(module(x), x, rtol=0, atol=0)


def test_a_network_with_it_starts_as_the_network_without() -> None:
    plain, refined = build_network("lite-hrnet-18", 14), build_network("lite-hrnet-18+rmpg-lite", 14)
    missing, unknown = refined.load_state_dict(plain.state_dict(), strict=False)
    assert not unknown and all(name.startswith("neck.") for name in missing)
    image = torch.randn(1, 3, 64, 64)
    with torch.inference_mode():
        torch.testing.assert_close(refined.eval()(image), plain.eval()(image), rtol=0, atol=0)


def test_litepose_with_it_starts_as_litepose() -> None:
    config = LITEPOSE["litepose-xs"]
    plain, refined = LitePose(config, 14).eval(), LitePose(config, 14, RMPG(config.stages[3], lite=True)).eval()
    missing, unknown = refined.load_state_dict(plain.state_dict(), strict=False)
    assert not unknown and all(name.startswith("neck.") for name in missing)
    image = torch.randn(1, 3, 64, 64)
    with torch.inference_mode():
        for ours, theirs in zip(refined(image), plain(image), strict=True):
            torch.testing.assert_close(ours, theirs, rtol=0, atol=0)
        randomise(refined.neck)
        assert not torch.equal(refined(image)[0], plain(image)[0])


@pytest.mark.parametrize(
    ("width", "lite", "parameters"),
    [(40, True, 12.4e3), (40, False, 76.3e3), (24, True, 5.4e3), (120, True, 87.5e3), (256, False, 3.10e6)],
)
def test_it_has_the_designed_number_of_parameters(width: int, lite: bool, parameters: float) -> None:
    with torch.device("meta"):
        module = RMPG(width, lite=lite)
    assert sum(p.numel() for p in module.parameters()) == pytest.approx(parameters, rel=0.005)


def test_siblings_attend_to_each_other_pixel_by_pixel() -> None:
    """Against the formula, with loops over pixels and children."""
    module = randomise(SiblingContext(6, 3, lite=False)).double()
    x = torch.randn(1, 6, 3, 4, dtype=torch.float64)
    with torch.inference_mode():
        found = module(x)
        q, k, v = (f(x).view(3, 2, 3, 4) for f in (module.query, module.key, module.value))
    for row in range(3):
        for column in range(4):
            for i in range(3):
                likeness = torch.stack([q[i, :, row, column] @ k[j, :, row, column] for j in range(3)]) / sqrt(2)
                context = (likeness.softmax(0)[:, None] * v[:, :, row, column]).sum(0)
                torch.testing.assert_close(found[0, 2 * i : 2 * i + 2, row, column], context)


def test_gradients_reach_all_of_it_once_it_is_on() -> None:
    module = RMPG(16, parts=True)
    for name, parameter in module.named_parameters():
        if name.endswith("gamma"):
            torch.nn.init.constant_(parameter, 0.1)
    refined, parts = module.with_parts(torch.randn(2, 16, 4, 4))
    assert parts.shape == (2, 6, 4, 4)
    (refined.square().mean() + parts.square().mean()).backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in module.parameters())


@pytest.mark.parametrize("splits", [(3,), (), (2, 2, 2, 2, 2)])
def test_widths_that_cannot_be_split_are_refused(splits: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="cannot be split"):
        RMPG(16 if splits != (3,) else 40, splits)


@pytest.mark.parametrize("splits", [(2, 2), (4, 2, 2), (2, 4, 2)])
def test_part_supervision_needs_halves_of_halves(splits: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="part supervision"):
        RMPG(64, splits, parts=True)


@pytest.mark.parametrize("skeleton", [COCO17, CROWDPOSE14], ids=lambda s: s.name)
def test_parts_divide_the_body(skeleton) -> None:  # type: ignore[no-untyped-def]
    upper, lower, *sides = body_parts(skeleton)
    assert sorted(upper + lower) == list(range(skeleton.num_keypoints))
    left_upper, right_upper, left_leg, right_leg = (set(side) for side in sides)
    assert left_upper | right_upper == set(upper) and left_leg | right_leg == set(lower)
    assert not left_leg & right_leg
    assert {skeleton.flip_index[j] for j in left_upper} == right_upper
    assert {skeleton.flip_index[j] for j in left_leg} == right_leg
