"""A teacher's opinion of a photo: its maps averaged over sizes and the mirror image, as weighted peaks.

A map of Gaussians is given by its peaks: a student of any input size can be shown them at its own resolution with the
right width, they can be augmented like labels, and a photo's peaks take a few kilobytes, so that the teacher sees each
photo once. What is not a Gaussian is lost, though.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pose.codec import DecodeSettings, decode, find_peaks
from pose.skeleton import Skeleton
from pose.training.labels import PoseLabels

Float32 = NDArray[np.float32]

Network = Callable[[NDArray[np.uint8]], tuple[Float32, Float32]]
"""An engine, or what answers like one: (N, H, W, 3) uint8 BGR → heatmaps and tags."""

_MULTIPLE = 32
_FAINT = 0.03  # peaks below this are noise; those between it and the grouping threshold train heatmaps only


@dataclass(frozen=True, slots=True)
class TeacherSettings:
    """sizes: short sides, in pixels, whose maps are averaged; flip: average with the mirror image too."""

    sizes: tuple[int, ...] = (448, 640)
    flip: bool = True
    det_thr: float = 0.1


def ensemble_maps(
    network: Network, image_bgr: NDArray[np.uint8], skeleton: Skeleton, settings: TeacherSettings
) -> tuple[Float32, Float32]:
    """Mean heatmaps (K, h, w) at the largest size and stacked tags (T, K, h, w), T = sizes x mirror images."""
    heatmaps: list[Float32] = []
    tags: list[Float32] = []
    for size in sorted(settings.sizes, reverse=True):
        maps, tag_maps = mirrored_maps(network, _resized(image_bgr, size), skeleton, settings.flip)
        heatmaps.append(_zoom(maps, heatmaps[0].shape[1:] if heatmaps else maps.shape[1:]))
        tags.extend(_zoom(t, tags[0].shape[1:] if tags else t.shape[1:]) for t in tag_maps)
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


def pseudo_labels(
    network: Network, image_bgr: NDArray[np.uint8], skeleton: Skeleton, settings: TeacherSettings
) -> PoseLabels:
    """What the teacher sees in an image, in pixels of that image."""
    heatmaps, tags = ensemble_maps(network, image_bgr, skeleton, settings)
    keypoints, scores, _ = decode(heatmaps, tags, skeleton, DecodeSettings(det_thr=settings.det_thr, fill=False))
    scale = np.array(image_bgr.shape[1::-1], np.float32) / np.array(heatmaps.shape[:0:-1], np.float32)
    faint = []
    for joint, heatmap in enumerate(heatmaps):
        peaks = find_peaks(heatmap, tags[:, joint], _FAINT, 60)
        low = peaks.scores <= settings.det_thr
        rows = np.column_stack([np.full(low.sum(), joint), (peaks.points[low] + 0.5) * scale, peaks.scores[low]])
        faint.append(rows.astype(np.float32))
    return PoseLabels(np.nan_to_num(keypoints * scale), np.nan_to_num(scores), np.concatenate(faint))


def _resized(image_bgr: NDArray[np.uint8], short_side: int) -> NDArray[np.uint8]:
    h, w = image_bgr.shape[:2]
    factor = short_side / min(h, w)
    size = [max(_MULTIPLE, round(n * factor / _MULTIPLE) * _MULTIPLE) for n in (w, h)]
    shrinks = size[0] < w
    return np.asarray(
        cv2.resize(image_bgr, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR), np.uint8
    )


def _zoom(maps: Float32, hw: tuple[int, ...]) -> Float32:
    if maps.shape[1:] == tuple(hw):
        return maps
    return np.stack([cv2.resize(m, hw[::-1], interpolation=cv2.INTER_LINEAR) for m in maps])
