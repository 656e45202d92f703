"""Batches of photos with dense targets, made while training: every view is new, and so is what the teacher sees."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pose.skeleton import Skeleton
from pose.training.augment import AugmentSettings, random_colour, random_view
from pose.training.data import Batch, Draw, Examples, collate
from pose.training.mosaic import random_quarters, random_tile, render, whole_view
from pose.training.photos import random_aspect, read_photo
from pose.training.targets import Targets, make_targets

Image = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class SizeSettings:
    """For one input size of the student. resolutions: at which the teacher may see its views, one drawn per step."""

    resolutions: tuple[int, ...]
    mosaic: float


@dataclass(frozen=True)
class DenseBatches:
    """Implements `Batches`. Indices that `draw` gives beyond the photos mean labelled pictures.

    look: (view, the student's size) → targets; called by several threads.
    stretch: True if square photos should get random proportions.
    """

    photos: list[Path]
    labelled: Examples | None
    draw: Draw
    look: Callable[[Image, int], Targets]
    sizes: dict[int, SizeSettings]
    augment: AugmentSettings
    skeleton: Skeleton
    stretch: bool
    seed: int

    def __call__(self, step: int, size: int, numbers: list[int], seed: tuple[int, ...]) -> Batch:
        resolution = int(np.random.default_rng((self.seed, step, 4)).choice(self.sizes[size].resolutions))
        views, targets = [], []
        for slot, number in enumerate(numbers):
            rng = np.random.default_rng((*seed, slot))
            view, target = self._sample(rng, self.draw(step, number), size, resolution)
            views.append(view)
            targets.append(target)
        return collate(np.stack(views), targets)

    def _sample(self, rng: np.random.Generator, index: int, size: int, resolution: int) -> tuple[Image, Targets]:
        if self.labelled is not None and index >= len(self.photos):
            return self._labelled(rng, self.labelled, index - len(self.photos), size)
        rects, indices = whole_view(size), [index]
        if rng.random() < self.sizes[size].mosaic:
            rects = random_quarters(rng, size)
            indices += rng.integers(len(self.photos), size=len(rects) - 1).tolist()
        tiles = []
        for rect, i in zip(rects, indices, strict=True):
            image = read_photo(self.photos[i])
            aspect = random_aspect(rng, image.shape[:2]) if self.stretch else None
            tiles.append(random_tile(rng, image, rect, self.augment, aspect))
        target = self.look(render(tiles, size, resolution), size)
        return random_colour(rng, render(tiles, size, size), self.augment), target

    def _labelled(self, rng: np.random.Generator, pictures: Examples, index: int, size: int) -> tuple[Image, Targets]:
        picture = pictures[index]
        flip_index = self.skeleton.flip_index
        view, labels = random_view(
            rng, picture.image_bgr, picture.labels, size, self.augment, flip_index, picture.aspect
        )
        return view, replace(make_targets(labels, len(flip_index), (size, size)), coarse=None, coarse_mask=None)
