"""The vectorised losses against loops that follow the paper's formulas, and their invariances."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from pose.training.losses import heatmap_loss, tag_losses


def naive_tag_losses(tags: list[list[list[float]]]) -> tuple[float, float]:
    """images → people → tags; one loop per sum."""
    pull = push = 0.0
    for people in tags:
        means = [sum(person) / len(person) for person in people]
        n = len(people)
        if n:
            pull += sum(sum((t - m) ** 2 for t in p) / len(p) for p, m in zip(people, means, strict=True)) / n
        if n > 1:
            total = sum(math.exp(-((a - b) ** 2)) for a in means for b in means) - n
            push += 0.5 * total / (n * (n - 1))
    return pull / len(tags), push / len(tags)


def flat(tags: list[list[list[float]]]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, int]:
    values, people, images = [], [], []
    for i, image in enumerate(tags):
        for person in image:
            values += person
            people += [len(images)] * len(person)
            images.append(i)
    return (
        torch.tensor(values, dtype=torch.float32),
        torch.tensor(people, dtype=torch.int64),
        torch.tensor(images),
        len(tags),
    )


def random_tags(seed: int, people: tuple[int, ...]) -> list[list[list[float]]]:
    rng = np.random.default_rng(seed)
    return [[rng.normal(size=rng.integers(1, 15)).tolist() for _ in range(n)] for n in people]


@pytest.mark.parametrize("people", [(1,), (2, 3), (0, 1, 4), (47, 2)])
def test_tag_losses_equal_the_formulas_for_any_number_of_people(people: tuple[int, ...]) -> None:
    tags = random_tags(5, people)
    pull, push = tag_losses(*flat(tags))
    assert (float(pull), float(push)) == pytest.approx(naive_tag_losses(tags), rel=1e-4)


def test_a_batch_without_people_has_no_tag_loss_but_a_gradient() -> None:
    tags = torch.zeros(0, requires_grad=True)
    pull, push = tag_losses(tags, torch.zeros(0, dtype=torch.int64), torch.zeros(0, dtype=torch.int64), 2)
    (pull + push).backward()
    assert pull.item() == push.item() == 0


def test_tag_losses_ignore_the_order_of_people_and_a_shift_of_an_image() -> None:
    tags = random_tags(6, (3, 2))
    shuffled = [[[t + 4.5 for t in person] for person in reversed(tags[0])], tags[1]]
    assert [float(v) for v in tag_losses(*flat(shuffled))] == pytest.approx(
        [float(v) for v in tag_losses(*flat(tags))], rel=1e-4
    )


def test_equal_tags_within_and_distant_tags_between_people_cost_nothing() -> None:
    pull, push = tag_losses(*flat([[[0.0, 0.0, 0.0], [20.0, 20.0]]]))
    assert float(pull) == 0
    assert float(push) == pytest.approx(0, abs=1e-12)


def test_tags_of_different_images_do_not_push_each_other() -> None:
    _, push = tag_losses(*flat([[[1.0]], [[1.0]]]))
    assert float(push) == 0


def test_plain_heatmap_loss_is_the_mean_squared_error() -> None:
    torch.manual_seed(0)
    a, b = torch.rand(2, 3, 4, 5), torch.rand(2, 3, 4, 5)
    assert float(heatmap_loss(a, b, 0.0)) == pytest.approx(float(torch.nn.functional.mse_loss(a, b)))


def test_masked_pixels_give_no_gradient() -> None:
    predicted = torch.rand(1, 2, 4, 4, requires_grad=True)
    mask = torch.ones(1, 4, 4)
    mask[:, :, 2:] = 0
    heatmap_loss(predicted, torch.zeros(1, 2, 4, 4), 5.0, mask).backward()
    assert (predicted.grad[..., 2:] == 0).all()
    assert (predicted.grad[..., :2] != 0).all()


def test_foreground_weight_counts_misses_and_false_peaks_alike() -> None:
    peak, nothing = torch.full((1, 1, 1, 1), 0.8), torch.zeros(1, 1, 1, 1)
    assert float(heatmap_loss(nothing, peak, 10.0)) == pytest.approx(float(heatmap_loss(peak, nothing, 10.0)))
    assert float(heatmap_loss(peak, nothing, 10.0)) == pytest.approx(0.64 * 9)
