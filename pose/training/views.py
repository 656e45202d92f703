"""Random views of photos, made in batches on the device that trains: one affine moves pixels and labels together."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from pose.training.augment import AugmentSettings
from pose.training.bank import PhotoBank
from pose.training.photos import ASPECTS, SHARES

Float32 = NDArray[np.float32]
_SHARP = 1.3  # photo pixels per view pixel from which a view is drawn larger and averaged, against aliasing


@dataclass(frozen=True)
class Placement:
    """Where V views show their photos. photos: (V,) indices. size: the views' side in pixels.

    matrices: (V, 2, 3) float32, from parts of the photo to pixels of the view. mirrored: (V,) bool.
    """

    photos: NDArray[np.int64]
    size: int
    matrices: Float32
    mirrored: NDArray[np.bool_]


def place(
    rng: np.random.Generator, bank: PhotoBank, photos: NDArray[np.int64], size: int, settings: AugmentSettings
) -> Placement:
    """A random place, size, angle and proportion for each photo in its square view; see AugmentSettings."""
    n = len(photos)
    native = bank.sizes[photos]
    lost = rng.choice(ASPECTS, n, p=SHARES)
    aspect = np.where(bank.squeezed[photos], lost, native[:, 0] / native[:, 1])
    aspect = aspect * np.exp(rng.uniform(-1, 1, n) * settings.stretch)
    shown = np.stack([np.maximum(1, aspect), np.maximum(1, 1 / aspect)], axis=1) * size
    limit = settings.enlarge * (np.minimum(native, bank.canvases.shape[1]) / shown).min(axis=1)
    shown = (
        shown
        * np.minimum(np.exp(rng.uniform(math.log(settings.scale[0]), math.log(settings.scale[1]), n)), limit)[:, None]
    )
    mirrored = rng.random(n) < settings.flip
    angle = np.deg2rad(rng.uniform(-1, 1, n) * settings.rotation_deg)
    angle += np.pi * (rng.random(n) < settings.upside_down)
    room = np.abs(shown - size) / 2 + settings.shift * size
    middle = size / 2 + rng.uniform(-1, 1, (n, 2)) * room
    turn = np.stack([np.cos(angle), -np.sin(angle), np.sin(angle), np.cos(angle)], axis=1).reshape(n, 2, 2)
    linear = turn * (shown * np.stack([np.where(mirrored, -1, 1), np.ones(n)], axis=1))[:, None]
    offset = middle - linear.sum(axis=2) / 2  # the photo's middle is (1/2, 1/2)
    return Placement(photos, size, np.concatenate([linear, offset[..., None]], axis=2).astype(np.float32), mirrored)


def photo_grid(placement: Placement, cells: int, device: torch.device) -> Tensor:
    """(V, cells, cells, 2) float32: for the middle of each cell of a view its place in parts of the photo."""
    linear = torch.from_numpy(placement.matrices[:, :, :2]).to(device)
    offset = torch.from_numpy(placement.matrices[:, :, 2]).to(device)
    middles = (torch.arange(cells, device=device) + 0.5) * (placement.size / cells)
    x, y = torch.meshgrid(middles, middles, indexing="xy")
    points = torch.stack([x, y], dim=-1).reshape(1, -1, 2) - offset[:, None]
    return (points @ torch.linalg.inv(linear).mT).reshape(-1, cells, cells, 2)


def draw(bank: PhotoBank, placement: Placement, device: torch.device) -> Tensor:
    """(V, 3, size, size) float32 RGB in [0, 255]; black outside the photos."""
    side = bank.canvases.shape[1]
    density = side / np.linalg.norm(placement.matrices[:, :, :2], axis=1).min(axis=1)  # photo pixels per view pixel
    views = torch.empty((len(placement.photos), 3, placement.size, placement.size), device=device)
    for factor in (1, 2):
        chosen = np.flatnonzero((density > _SHARP) == (factor == 2))
        if len(chosen):
            part = Placement(
                placement.photos[chosen], placement.size, placement.matrices[chosen], placement.mirrored[chosen]
            )
            index = torch.from_numpy(part.photos).to(bank.canvases.device)
            pixels = bank.canvases[index].to(device).permute(0, 3, 1, 2).float()
            grid = photo_grid(part, placement.size * factor, device) * 2 - 1
            drawn = F.grid_sample(pixels, grid, mode="bilinear", padding_mode="zeros", align_corners=False)
            views[torch.from_numpy(chosen).to(device)] = F.avg_pool2d(drawn, 2) if factor == 2 else drawn
    return views


def recolour(rng: np.random.Generator, views: Tensor, settings: AugmentSettings) -> Tensor:
    """Contrast, brightness, tint, gamma and colourfulness of views in [0, 255], changed at random; some blurred."""
    n, s = len(views), settings.colour
    draws = rng.uniform(-1, 1, (n, 6))
    grey, blurred = rng.random(n) < settings.grey, rng.random(n) < settings.blur
    sharpened = ~blurred & (rng.random(n) < settings.sharpen)

    def column(values: NDArray[Any]) -> Tensor:
        return torch.from_numpy(np.asarray(values, np.float32)).to(views.device).reshape(n, -1, 1, 1)

    if grey.any():
        lightness = (views * torch.tensor([0.299, 0.587, 0.114], device=views.device).reshape(1, 3, 1, 1)).sum(1, True)
        views = torch.where(column(grey) > 0, lightness, views)
    if s > 0:
        gain = column(np.exp(0.5 * s * draws[:, :1]) * np.exp(0.25 * s * draws[:, 2:5]))
        views = (views / 255).clamp(0, 1) ** column(np.exp(0.8 * s * draws[:, 5])) * 255
        views = ((views - 128) * gain + 128 + column(64 * s * draws[:, 1])).clamp(0, 255)
    for which, weight in ((blurred, 1.0), (sharpened, -0.6)):
        if which.any():
            chosen = torch.from_numpy(np.flatnonzero(which)).to(views.device)
            sharp = views[chosen]
            views = views.index_copy(0, chosen, (sharp + weight * (_blurred(sharp) - sharp)).clamp(0, 255))
    return views


def _blurred(views: Tensor) -> Tensor:
    kernel = torch.tensor([0.24, 0.52, 0.24], device=views.device)  # a Gaussian of 0.8 pixels
    kernel = (kernel[:, None] * kernel).expand(3, 1, 3, 3)
    return F.conv2d(F.pad(views, (1, 1, 1, 1), mode="replicate"), kernel, groups=3)


def stitch(quarters: Tensor) -> Tensor:
    """(4 V, C, s, s) → (V, C, 2 s, 2 s): four views become one that shows them side by side and below each other."""
    n, channels, h, w = quarters.shape
    grid = quarters.reshape(n // 4, 2, 2, channels, h, w)
    return grid.permute(0, 3, 1, 4, 2, 5).reshape(n // 4, channels, 2 * h, 2 * w)
