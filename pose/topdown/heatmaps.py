"""Heatmaps of one person per crop ↔ keypoints.

Coordinates are those of the published top-down pipelines (not UDP): pixel i of a heatmap stands for crop pixel 4 i.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]
Indices = NDArray[np.intp]

HEATMAP_STRIDE = 4  # crop pixels per heatmap pixel
DARK_KERNEL, WIDE_DARK_KERNEL = 11, 17  # for targets of σ = 2 and 3 px
_QUARTER = 0.25


def target_sigma(crop_height: int) -> float:
    """Heatmap pixels: 2, and 3 for crops of 384x288."""
    return 3.0 if crop_height >= 384 else 2.0


def encode(
    keypoints: Float32, visible: NDArray[np.bool_], hw: tuple[int, int], sigma: float = 2.0
) -> tuple[Float32, NDArray[np.bool_]]:
    """Targets (K, h, w) float32 of one person, and (K,) which of them count.

    keypoints: (K, 2) heatmap pixels. A Gaussian lies on the pixel nearest to each visible joint; a joint whose
    Gaussian lies wholly outside does not count.
    """
    h, w = hw
    targets = np.zeros((len(keypoints), h, w), np.float32)
    counts = visible & np.isfinite(keypoints).all(axis=1)
    radius = int(3 * sigma)
    span = np.arange(-radius, radius + 1)
    kernel = np.exp(-(span[:, None] ** 2 + span[None] ** 2) / (2 * sigma**2)).astype(np.float32)
    for joint in np.flatnonzero(counts):
        x, y = (int(v) for v in np.floor(keypoints[joint] + 0.5))
        x0, x1, y0, y1 = max(0, x - radius), min(w, x + radius + 1), max(0, y - radius), min(h, y + radius + 1)
        if x0 >= x1 or y0 >= y1:
            counts[joint] = False
            continue
        targets[joint, y0:y1, x0:x1] = kernel[y0 - y + radius : y1 - y + radius, x0 - x + radius : x1 - x + radius]
    return targets, counts


def decode(heatmaps: Float32, dark_kernel: int | None = DARK_KERNEL) -> tuple[Float32, Float32]:
    """Heatmaps (N, K, h, w) → keypoints (N, K, 2) in crop pixels, NaN where a map has nothing above 0; scores (N, K).

    dark_kernel: side of the blur of distribution-aware decoding (DARK, arXiv 1910.06278): a Newton step on the
    logarithm of the blurred map; None = a quarter of a pixel towards the larger neighbour.
    """
    n, k, h, w = heatmaps.shape
    flat = heatmaps.reshape(n * k, h, w)
    pixels = flat.reshape(n * k, h * w)
    best = pixels.argmax(axis=1)
    ys, xs = np.divmod(best, w)
    scores = pixels[np.arange(n * k), best]
    shift = _quarter_shifts(flat, ys, xs) if dark_kernel is None else _dark_shifts(flat, ys, xs, dark_kernel)
    points = (np.stack([xs, ys], axis=1) + shift) * HEATMAP_STRIDE
    points[~(scores > 0)] = np.nan
    scores = np.where(scores > 0, np.minimum(scores, 1), 0)
    return points.reshape(n, k, 2).astype(np.float32), scores.reshape(n, k).astype(np.float32)


def mirror_back(heatmaps: Float32, flip_index: tuple[int, ...]) -> Float32:
    """Heatmaps (N, K, h, w) of mirrored crops as those of the crops: mirrored, left and right exchanged, and shifted
    one pixel to the right, because the mirrored pixel i stands for a place one pixel before it."""
    back = heatmaps[:, list(flip_index), :, ::-1].copy()
    back[..., 1:] = back[..., :-1].copy()
    return back


def _quarter_shifts(maps: Float32, ys: Indices, xs: Indices) -> Float32:
    _, h, w = maps.shape
    each = np.arange(len(maps))
    inside = (xs > 1) & (xs < w - 1) & (ys > 1) & (ys < h - 1)
    x, y = np.clip(xs, 1, w - 2), np.clip(ys, 1, h - 2)
    dx = maps[each, y, x + 1] - maps[each, y, x - 1]
    dy = maps[each, y + 1, x] - maps[each, y - 1, x]
    return np.where(inside[:, None], _QUARTER * np.sign(np.stack([dx, dy], axis=1)), 0).astype(np.float32)


def _dark_shifts(maps: Float32, ys: Indices, xs: Indices, kernel: int) -> Float32:
    """One Newton step; second differences have a stride of two pixels, as published."""
    each = np.arange(len(maps))
    log = np.log(np.maximum(_blurred(maps, kernel), 1e-10))
    _, h, w = maps.shape
    inside = (xs > 1) & (xs < w - 2) & (ys > 1) & (ys < h - 2)
    x, y = np.clip(xs, 2, w - 3), np.clip(ys, 2, h - 3)

    def at(dy: int, dx: int) -> Float32:
        return log[each, y + dy, x + dx]

    gx, gy = 0.5 * (at(0, 1) - at(0, -1)), 0.5 * (at(1, 0) - at(-1, 0))
    xx = 0.25 * (at(0, 2) - 2 * at(0, 0) + at(0, -2))
    yy = 0.25 * (at(2, 0) - 2 * at(0, 0) + at(-2, 0))
    xy = 0.25 * (at(1, 1) - at(-1, 1) - at(1, -1) + at(-1, -1))
    determinant = xx * yy - xy**2
    usable = inside & (np.abs(determinant) > 1e-12)
    safe = np.where(usable, determinant, 1)
    step = np.stack([-(yy * gx - xy * gy) / safe, -(xx * gy - xy * gx) / safe], axis=1)
    # A maximum is less than a pixel away; farther, the map is not the Gaussian that the step takes it for.
    usable &= (np.abs(step) <= 1).all(axis=1)
    return np.where(usable[:, None], step, 0).astype(np.float32)


def _blurred(maps: Float32, kernel: int) -> Float32:
    """Blurred with zeros around, each map as high as it was."""
    border = kernel // 2
    blurred = np.empty_like(maps)
    for plane, out in zip(maps, blurred, strict=True):
        padded = cv2.copyMakeBorder(plane, border, border, border, border, cv2.BORDER_CONSTANT, value=0)
        smooth = cv2.GaussianBlur(padded, (kernel, kernel), 0)[border:-border, border:-border]
        out[:] = smooth * (plane.max() / max(float(smooth.max()), 1e-12))
    return blurred
