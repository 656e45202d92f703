"""Batches. Every example is a function of (seed, step, slot), so that a resumed run sees exactly the same ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from pose.normalisation import MEAN_RGB, STD_RGB
from pose.skeleton import Skeleton
from pose.training.augment import AugmentSettings, random_view
from pose.training.labels import PoseLabels
from pose.training.targets import Targets, make_targets


@dataclass(frozen=True, slots=True)
class Example:
    """An image (H, W, 3) uint8 BGR with labels in its pixels; aspect: width / height to show it at, if not its own."""

    image_bgr: NDArray[np.uint8]
    labels: PoseLabels
    aspect: float | None = None


class Examples(Protocol):
    def __len__(self) -> int: ...

    def __getitem__(self, index: int) -> Example: ...


@dataclass(frozen=True, slots=True)
class Batch:
    """One step's views and targets.

    images: (B, 3, S, S) float32 normalised RGB. coarse, fine: (B, K, S/4, S/4) and (B, K, S/2, S/2) heatmaps; without a
    coarse one, the fine one is that of the decoded map.
    coarse_mask, fine_mask: (B, S/4, S/4) and (B, S/2, S/2), 0 = not trained; None = all are.
    tag_cells: (M,) int64, flat positions in the (B, K, S/4, S/4) tag maps. tag_people: (M,) int64, the person of
    each, numbered through the batch without gaps. person_images: (P,) int64, the view of each person.
    """

    images: Tensor
    coarse: Tensor | None
    fine: Tensor
    coarse_mask: Tensor | None
    fine_mask: Tensor | None
    tag_cells: Tensor
    tag_people: Tensor
    person_images: Tensor

    def to(self, device: torch.device) -> Batch:
        tensors: dict[str, Any] = {f.name: getattr(self, f.name) for f in fields(self)}
        moved: dict[str, Any] = {n: t if t is None else t.to(device, non_blocking=True) for n, t in tensors.items()}
        return Batch(**moved)


Draw = Callable[[int, int], int]
"""(step, number) → the index of the `number`-th image of the run, drawn at that step."""


class Batches(Protocol):
    """Makes the batch of one step with views of `size` pixels; the same arguments give the same batch.

    numbers: which images of the run, counted from 0 over all steps. seed: of this batch's views.
    """

    def __call__(self, step: int, size: int, numbers: list[int], seed: tuple[int, ...]) -> Batch: ...


@dataclass(frozen=True)
class LabelledBatches:
    """Implements `Batches` with images whose labels are known."""

    examples: Examples
    draw: Draw
    augment: AugmentSettings
    skeleton: Skeleton

    def __call__(self, step: int, size: int, numbers: list[int], seed: tuple[int, ...]) -> Batch:
        indices = [self.draw(step, number) for number in numbers]
        return make_batch(self.examples, indices, size, seed, self.augment, self.skeleton.flip_index)


def view_size(seed: int, step: int, sizes: tuple[int, ...], weights: tuple[float, ...] = ()) -> int:
    """The input size of a step's views, drawn with the given weights (default: equal)."""
    probabilities = np.array(weights or (1.0,) * len(sizes))
    return int(np.random.default_rng((seed, step, 1)).choice(sizes, p=probabilities / probabilities.sum()))


def epoch_index(seed: int, number: int, length: int) -> int:
    """The `number`-th draw: every image once per epoch, in a new order each epoch."""
    epoch, position = divmod(number, length)
    return int(_epoch_order(seed, epoch, length)[position])


@lru_cache(maxsize=2)
def _epoch_order(seed: int, epoch: int, length: int) -> NDArray[np.int64]:
    return np.random.default_rng((seed, epoch, 2)).permutation(length)


def make_batch(
    examples: Examples,
    indices: list[int],
    size: int,
    seed: tuple[int, ...],
    augment: AugmentSettings,
    flip_index: tuple[int, ...],
) -> Batch:
    """Random views of the images at `indices`; the same seed gives the same views."""
    images, targets = [], []
    for slot, index in enumerate(indices):
        example = examples[index]
        rng = np.random.default_rng((*seed, slot))
        view, labels = random_view(rng, example.image_bgr, example.labels, size, augment, flip_index, example.aspect)
        images.append(view)
        targets.append(make_targets(labels, len(flip_index), (size, size)))
    return collate(np.stack(images), targets)


def collate(images_bgr: NDArray[np.uint8], targets: list[Targets]) -> Batch:
    """(B, S, S, 3) uint8 views and their targets → tensors; people are numbered through the batch."""
    rgb = torch.from_numpy(images_bgr[..., ::-1].copy()).permute(0, 3, 1, 2).float()
    rgb = (rgb / 255 - torch.tensor(MEAN_RGB).view(1, 3, 1, 1)) / torch.tensor(STD_RGB).view(1, 3, 1, 1)
    cells, people, owners = [], [], []
    seen = 0
    for i, target in enumerate(targets):
        count = int(target.tag_people.max(initial=-1)) + 1
        cells.append(target.tag_cells + i * (target.fine.size // 4))
        people.append(target.tag_people + seen)
        owners.append(np.full(count, i))
        seen += count
    coarse = [t.coarse for t in targets if t.coarse is not None]
    h, w = targets[0].fine.shape[1:]
    return Batch(
        rgb,
        torch.from_numpy(np.stack(coarse)) if coarse else None,
        torch.from_numpy(np.stack([t.fine for t in targets])),
        _masks([t.coarse_mask for t in targets], (h // 2, w // 2)),
        _masks([t.fine_mask for t in targets], (h, w)),
        torch.from_numpy(np.concatenate(cells)),
        torch.from_numpy(np.concatenate(people)),
        torch.from_numpy(np.concatenate(owners)),
    )


def _masks(masks: list[NDArray[np.float32] | None], hw: tuple[int, ...]) -> Tensor | None:
    if all(m is None for m in masks):
        return None
    return torch.from_numpy(np.stack([np.ones(hw, np.float32) if m is None else m for m in masks]))
