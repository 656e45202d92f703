"""Views of photos without labels: one photo, or four around a random point, drawn at any resolution."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pose.training.augment import AugmentSettings, random_affine

Image = NDArray[np.uint8]
Rect = tuple[int, int, int, int]

_MIDDLE = (0.4, 0.6)  # where the four photos of a mosaic meet, in parts of the view


@dataclass(frozen=True, slots=True)
class Tile:
    """A photo's place in a view. rect: left, top, right, bottom in pixels of the view.

    matrix: (2, 3), from the photo's pixels to those of the rectangle, counted from its own corner.
    """

    image_bgr: Image
    matrix: NDArray[np.float64]
    rect: Rect


def random_tile(
    rng: np.random.Generator, image_bgr: Image, rect: Rect, settings: AugmentSettings, aspect: float | None = None
) -> Tile:
    """A photo at a random place, size and angle in its rectangle; mirrored or not, never enlarged beyond the limit."""
    x0, y0, x1, y1 = rect
    matrix, _ = random_affine(rng, image_bgr.shape[:2], (y1 - y0, x1 - x0), settings, aspect)
    return Tile(image_bgr, matrix, rect)


def whole_view(size: int) -> list[Rect]:
    return [(0, 0, size, size)]


def random_quarters(rng: np.random.Generator, size: int) -> list[Rect]:
    """Four rectangles that cover the view without overlap."""
    x, y = (int(v) for v in size * rng.uniform(*_MIDDLE, 2))
    return [(0, 0, x, y), (x, 0, size, y), (0, y, x, size), (x, y, size, size)]


def placed(tile: Tile, factor: float) -> tuple[NDArray[np.float64], Rect]:
    """The tile's matrix and rectangle in a view drawn `factor` times as large."""
    left, top, right, bottom = (round(v * factor) for v in tile.rect)
    matrix = tile.matrix * factor
    # Pixel i stands for the point i + 1/2, and the rectangle's corner was rounded.
    matrix[:, 2] += (factor - 1) / 2 + np.array(tile.rect[:2]) * factor - (left, top)
    return matrix, (left, top, right, bottom)


def render(tiles: list[Tile], size: int, resolution: int) -> Image:
    """(resolution, resolution, 3) uint8: the view of `size` pixels, drawn from the photos at another resolution."""
    view = np.zeros((resolution, resolution, 3), np.uint8)
    for tile in tiles:
        matrix, (left, top, right, bottom) = placed(tile, resolution / size)
        view[top:bottom, left:right] = cv2.warpAffine(
            tile.image_bgr, matrix, (right - left, bottom - top), flags=cv2.INTER_LINEAR
        )
    return view
