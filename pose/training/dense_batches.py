"""Batches of photos with dense targets: every view is new, and what the teacher saw there moves with its pixels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pose.skeleton import Skeleton
from pose.training.augment import AugmentSettings, random_colour, random_view
from pose.training.data import Batch, Draw, Examples, collate
from pose.training.interruption import Interruption
from pose.training.mosaic import Tile, random_quarters, random_tile, render, whole_view
from pose.training.photos import likely_aspect, read_photo
from pose.training.targets import Targets, make_targets

Image = NDArray[np.uint8]

_MANY = 2**31  # numbers from which the other photos of a mosaic are drawn


@dataclass(frozen=True, slots=True)
class View:
    """What a student of `size` pixels sees at a step. tiles: the parts; photos: the number of each one's photo."""

    tiles: list[Tile]
    photos: list[int]
    size: int
    step: int


@dataclass(frozen=True)
class DenseBatches:
    """Implements `Batches`. Indices that `draw` gives beyond the photos mean labelled images.

    teach: a view → its targets; called by several threads. mosaic: for each input size, the share of views that show
    four photos. squeezed: True if square photos should get other proportions.
    """

    photos: list[Path]
    labelled: Examples | None
    draw: Draw
    teach: Callable[[View], Targets]
    mosaic: dict[int, float]
    augment: AugmentSettings
    skeleton: Skeleton
    squeezed: bool
    interruption: Interruption = field(default_factory=Interruption)

    def __call__(self, step: int, size: int, numbers: list[int], seed: tuple[int, ...]) -> Batch:
        samples = [
            self._sample(np.random.default_rng((*seed, slot)), step, number, size)
            for slot, number in enumerate(numbers)
        ]
        return collate(np.stack([view for view, _ in samples]), [target for _, target in samples])

    def _sample(self, rng: np.random.Generator, step: int, number: int, size: int) -> tuple[Image, Targets]:
        self.interruption.check()  # a teacher may take seconds for each
        first = self.draw(step, number)
        if self.labelled is not None and first >= len(self.photos):
            return self._labelled(rng, self.labelled, first - len(self.photos), size)
        rects, indices = whole_view(size), [first]
        if rng.random() < self.mosaic[size]:
            rects = random_quarters(rng, size)
            indices += [self.draw(step, int(n)) % len(self.photos) for n in rng.integers(_MANY, size=len(rects) - 1)]
        tiles = []
        for rect, i in zip(rects, indices, strict=True):
            image = read_photo(self.photos[i])
            aspect = likely_aspect(self.photos[i], image.shape[:2], self.squeezed)
            tiles.append(random_tile(rng, image, rect, self.augment, aspect))
        target = self.teach(View(tiles, indices, size, step))
        return random_colour(rng, render(tiles, size, size), self.augment), target

    def _labelled(self, rng: np.random.Generator, images: Examples, index: int, size: int) -> tuple[Image, Targets]:
        image = images[index]
        flip_index = self.skeleton.flip_index
        view, labels = random_view(rng, image.image_bgr, image.labels, size, self.augment, flip_index, image.aspect)
        return view, replace(make_targets(labels, len(flip_index), (size, size)), coarse=None, coarse_mask=None)
