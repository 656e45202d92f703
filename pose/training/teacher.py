"""A teacher's opinion of a photo: its maps averaged over sizes and the mirror image."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pose.decode_settings import DecodeSettings
from pose.skeleton import Skeleton
from pose.training.widening import widen

Float32 = NDArray[np.float32]

Network = Callable[[NDArray[np.uint8]], tuple[Float32, Float32]]
"""An engine, or what answers like one: (N, H, W, 3) uint8 BGR → heatmaps and tags."""

PEOPLE = DecodeSettings(det_thr=0.15, fill=False)  # whom a teacher finds: the tags of these people are trained
_MULTIPLE = 32


@dataclass(frozen=True, slots=True)
class TeacherSettings:
    """sizes: short sides, in pixels, whose maps are averaged; flip: average with the mirror image too."""

    sizes: tuple[int, ...] = (448, 576)
    flip: bool = True


def ensemble_maps(
    network: Network, image_bgr: NDArray[np.uint8], skeleton: Skeleton, settings: TeacherSettings
) -> tuple[Float32, Float32]:
    """Mean heatmaps (K, h, w) at the smallest size and stacked tags (T, K, h/2, w/2), T = sizes x mirror images."""
    heatmaps: list[Float32] = []
    tags: list[Float32] = []
    smallest = min(settings.sizes)
    for size in sorted(settings.sizes):
        maps, tag_maps = mirrored_maps(network, _resized(image_bgr, size), skeleton, settings.flip)
        grid, tag_grid = (
            (heatmaps[0].shape[1:], tags[0].shape[1:]) if heatmaps else (maps.shape[1:], tag_maps.shape[2:])
        )
        heatmaps.append(zoom(widen(maps, size / smallest), grid))
        tags.extend(zoom(t, tag_grid) for t in tag_maps)
    return np.mean(heatmaps, axis=0), np.stack(tags)


def mirrored_maps(
    network: Network, view_bgr: NDArray[np.uint8], skeleton: Skeleton, flip: bool
) -> tuple[Float32, Float32]:
    """Heatmaps (K, h, w), with `flip` the mean with those of the mirror image; tags (T, K, h, w), T = 1 or 2."""
    views = np.stack([view_bgr, view_bgr[:, ::-1]]) if flip else view_bgr[None]
    heatmaps, tags = network(np.ascontiguousarray(views))
    if flip:
        mirror = list(skeleton.flip_index)
        heatmaps = np.stack([heatmaps[0], heatmaps[1, mirror, :, ::-1]])
        tags = np.stack([tags[0], tags[1, mirror, :, ::-1]])
    return heatmaps.mean(axis=0), tags


def zoom(maps: Float32, hw: tuple[int, ...]) -> Float32:
    """Maps (K, …) at the resolution hw."""
    if maps.shape[1:] == tuple(hw):
        return np.ascontiguousarray(maps)
    method = cv2.INTER_AREA if maps.shape[1] > hw[0] else cv2.INTER_LINEAR
    return np.stack([cv2.resize(m, hw[::-1], interpolation=method) for m in maps])


def _resized(image_bgr: NDArray[np.uint8], short_side: int) -> NDArray[np.uint8]:
    h, w = image_bgr.shape[:2]
    factor = short_side / min(h, w)
    size = [max(_MULTIPLE, round(n * factor / _MULTIPLE) * _MULTIPLE) for n in (w, h)]
    shrinks = size[0] < w
    return np.asarray(
        cv2.resize(image_bgr, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR), np.uint8
    )
