"""Keypoints ↔ network maps: Gaussian heatmaps and associative-embedding tags.

Letters: K keypoints, C candidates of one joint, N people, T tag sets (1, or 2 with the flip test),
h and w the size of the heatmaps (half of the network's input).
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pose.decode_settings import DecodeSettings
from pose.grouping import Candidates, group
from pose.skeleton import Skeleton

Float32 = NDArray[np.float32]

HEATMAP_STRIDE = 2  # network pixels per heatmap pixel
TARGET_SIGMA = 2.0  # pixels, at every resolution
FLANK_SIGMA = 1.25 * TARGET_SIGMA  # real peaks are a little wider than their targets


def encode(keypoints: Float32, visible: NDArray[np.bool_], hw: tuple[int, int], sigma: float = TARGET_SIGMA) -> Float32:
    """Target heatmaps, (K, h, w) float32: one Gaussian per visible joint, merged by maximum.

    keypoints: (N, K, 2) in pixels of the map; visible: (N, K). As in the paper's training code, the peak lies
    on the pixel that contains the point; joints outside the map leave no trace.
    """
    h, w = hw
    maps = np.zeros((keypoints.shape[1], h, w), np.float32)
    radius = int(3 * sigma + 1)
    span = np.arange(-radius, radius + 1)
    kernel = np.exp(-(span[:, None] ** 2 + span[None] ** 2) / (2 * sigma**2)).astype(np.float32)
    for person, shown in zip(keypoints, visible, strict=True):
        for joint in np.flatnonzero(shown & np.isfinite(person).all(axis=1)):
            x, y = (int(v) for v in np.floor(person[joint]))
            if not (0 <= x < w and 0 <= y < h):
                continue
            x0, x1, y0, y1 = max(0, x - radius), min(w, x + radius + 1), max(0, y - radius), min(h, y + radius + 1)
            patch = maps[joint, y0:y1, x0:x1]
            np.maximum(patch, kernel[y0 - y + radius : y1 - y + radius, x0 - x + radius : x1 - x + radius], out=patch)
    return maps


def decode(
    heatmaps: Float32, tags: Float32, skeleton: Skeleton, settings: DecodeSettings | None = None
) -> tuple[Float32, Float32, Float32]:
    """Maps of one image → people, the most confident first.

    heatmaps: (K, h, w) float32. tags: (T, K, h_t, w_t) float32 at any resolution, read bilinearly.
    Returns keypoints (N, K, 2) float32 in heatmap pixels counted from the top-left corner of the map (multiply by
    HEATMAP_STRIDE for network pixels), NaN = missing; scores (N, K) float32; confidence (N,) float32.

    The method is that of LitePose's and HigherHRNet's releases, with these of their flaws mended: people are a list,
    not a dictionary keyed by a tag value (equal tags no longer merge people); all people, not the first 30, take part
    in the matching; pairs beyond the tag threshold cannot tie with pairs within it (no duplicate people from chains);
    equal neighbouring maxima count once; a filled joint is never one that a nearer person already has.
    """
    settings = settings or DecodeSettings()
    candidates = [
        find_peaks(heatmaps[k], tags[:, k], settings.det_thr, settings.max_people) for k in range(len(heatmaps))
    ]
    people = group(candidates, skeleton.grouping_order, settings.tag_thr)
    confidence = people.scores.mean(axis=1) if len(people.scores) else np.zeros(0, np.float32)
    order = np.argsort(-confidence, kind="stable")[: settings.max_people]
    order = order[confidence[order] >= settings.person_thr]
    keypoints, scores, mean_tags = people.keypoints[order], people.scores[order], people.mean_tags[order]
    keypoints[scores <= 0] = np.nan
    if settings.fill and len(order):
        _fill_missing(keypoints, scores, mean_tags, heatmaps, tags, settings.fill_thr)
    return keypoints + 0.5, np.clip(scores, 0, 1), np.clip(confidence[order], 0, 1)


def find_peaks(heatmap: Float32, tags: Float32, threshold: float, limit: int) -> Candidates:
    """Local maxima above the threshold, highest first, refined to a fraction of a pixel."""
    ys, xs = local_maxima(heatmap, threshold)
    scores = heatmap[ys, xs]
    order = np.argsort(-scores, kind="stable")
    xs, ys, scores = xs[order], ys[order], scores[order]
    if len(xs) > 1:
        keep = _first_of_each_plateau(xs, ys)
        xs, ys, scores = xs[keep], ys[keep], scores[keep]
    xs, ys, scores = xs[:limit], ys[:limit], scores[:limit]
    return Candidates(refine_peaks(heatmap, xs, ys), scores, sample_tags(tags, xs, ys, heatmap.shape))


def local_maxima(heatmap: Float32, threshold: float) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns of the pixels above the threshold that no neighbour exceeds."""
    ys, xs = _pixels_above(heatmap, threshold)
    highest = heatmap[ys, xs] >= cv2.dilate(heatmap, _NEIGHBOURHOOD)[ys, xs]
    return ys[highest], xs[highest]


def _pixels_above(heatmap: Float32, threshold: float) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns; many times quicker than a two-dimensional np.nonzero."""
    return np.divmod(np.flatnonzero(heatmap > threshold), heatmap.shape[1])


# 3x3 here is what the published 5x5 is on maps projected to twice this size.
_NEIGHBOURHOOD = np.ones((3, 3), np.uint8)


def _first_of_each_plateau(xs: NDArray[np.intp], ys: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Low-precision maps have equal neighbours: of maxima within the same neighbourhood keep the first."""
    near = (np.abs(xs[:, None] - xs) <= 2) & (np.abs(ys[:, None] - ys) <= 2)
    keep = np.ones(len(xs), bool)
    for i, j in np.argwhere(np.triu(near, 1)):
        if keep[i]:
            keep[j] = False
    return keep


def refine_peaks(heatmap: Float32, xs: NDArray[np.intp], ys: NDArray[np.intp]) -> Float32:
    """(C, 2) float32: the vertex of the parabola through each peak and its two neighbours, per axis."""
    h, w = heatmap.shape
    centre = heatmap[ys, xs]

    def offset(before: Float32, after: Float32) -> Float32:
        curvature = 2 * centre - before - after
        return np.where(curvature > 1e-6, np.clip((after - before) / np.maximum(2 * curvature, 1e-6), -0.5, 0.5), 0)

    dx = offset(heatmap[ys, np.maximum(xs - 1, 0)], heatmap[ys, np.minimum(xs + 1, w - 1)])
    dy = offset(heatmap[np.maximum(ys - 1, 0), xs], heatmap[np.minimum(ys + 1, h - 1), xs])
    return np.stack([xs + dx, ys + dy], axis=1).astype(np.float32)


def sample_tags(tags: Float32, xs: NDArray[np.intp], ys: NDArray[np.intp], heatmap_hw: tuple[int, ...]) -> Float32:
    """(C, T) float32: tag maps (T, h_t, w_t) read bilinearly at heatmap pixels, edges repeated.

    Equal to resizing the tag maps to the heatmaps' size (align_corners=False), without resizing them.
    """
    h_t, w_t = tags.shape[1:]
    x = np.clip((xs.astype(np.float32) + 0.5) * (w_t / heatmap_hw[1]) - 0.5, 0, w_t - 1)
    y = np.clip((ys.astype(np.float32) + 0.5) * (h_t / heatmap_hw[0]) - 0.5, 0, h_t - 1)
    x0, y0 = x.astype(np.intp), y.astype(np.intp)
    x1, y1 = np.minimum(x0 + 1, w_t - 1), np.minimum(y0 + 1, h_t - 1)
    fx, fy = (x - x0).astype(np.float32), (y - y0).astype(np.float32)
    top = tags[:, y0, x0] * (1 - fx) + tags[:, y0, x1] * fx
    bottom = tags[:, y1, x0] * (1 - fx) + tags[:, y1, x1] * fx
    return (top * (1 - fy) + bottom * fy).T


def _fill_missing(
    keypoints: Float32, scores: Float32, mean_tags: Float32, heatmaps: Float32, tags: Float32, threshold: float
) -> None:
    """Give each person's missing joints the best place that the heatmap and the person's tag agree on, in place.

    The place is the maximum of heatmap - round(tag distance), as in the official refinement, over the parts of the
    map above the threshold that no found peak explains. Of each block of 2x2 pixels only the highest is looked at.
    """
    for joint in np.flatnonzero((scores <= 0).any(axis=0)):
        missing = np.flatnonzero(scores[:, joint] <= 0)
        found = scores[:, joint] > 0
        heatmap = heatmaps[joint]
        ys, xs = _block_maxima(_without_peaks(heatmap, keypoints[found, joint], scores[found, joint]), threshold)
        if not len(xs):
            continue
        pixel_tags = sample_tags(tags[:, joint], xs, ys, heatmap.shape)
        distance = np.linalg.norm(pixel_tags[None] - mean_tags[missing, None], axis=2)
        best = np.argmax(heatmap[ys, xs] - np.round(distance), axis=1)
        agreed = distance[np.arange(len(missing)), best] < 1
        rows, best = missing[agreed], best[agreed]
        keypoints[rows, joint] = refine_peaks(heatmap, xs[best], ys[best])
        scores[rows, joint] = heatmap[ys[best], xs[best]]


def _block_maxima(heatmap: Float32, threshold: float) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns of the highest pixel of each 2x2 block that reaches above the threshold."""
    if heatmap.shape[0] % 2 or heatmap.shape[1] % 2:
        heatmap = np.pad(heatmap, [(0, side % 2) for side in heatmap.shape])
    corners = [heatmap[i::2, j::2] for i in (0, 1) for j in (0, 1)]
    highest = np.maximum(np.maximum(corners[0], corners[1]), np.maximum(corners[2], corners[3]))
    rows, columns = _pixels_above(highest, threshold)
    inside = np.stack([c[rows, columns] for c in corners]).argmax(axis=0)
    return 2 * rows + inside // 2, 2 * columns + inside % 2


def _without_peaks(heatmap: Float32, points: Float32, scores: Float32) -> Float32:
    """The heatmap with 0 where it is no higher than the flank of one of the peaks (M, 2), or within 2 px of its top."""
    if not len(points):
        return heatmap
    h, w = heatmap.shape
    left = heatmap.copy()
    for (x, y), score in zip(np.round(points).astype(int), scores, strict=True):
        x0, x1, y0, y1 = max(0, x - _REACH), min(w, x + _REACH + 1), max(0, y - _REACH), min(h, y + _REACH + 1)
        window = left[y0:y1, x0:x1]
        flank = _FLANK[y0 - y + _REACH : y1 - y + _REACH, x0 - x + _REACH : x1 - x + _REACH]
        window[window <= flank * score] = 0
    return left


_REACH = round(3.2 * FLANK_SIGMA)
_SQUARED = np.add.outer(np.arange(-_REACH, _REACH + 1) ** 2, np.arange(-_REACH, _REACH + 1) ** 2)
_FLANK = np.where(_SQUARED <= 4, np.inf, np.exp(-_SQUARED / (2 * FLANK_SIGMA**2))).astype(np.float32)
