"""Keypoints ↔ network maps: Gaussian heatmaps and associative-embedding tags.

Letters: K keypoints, C candidates of one joint, N people, T tag sets (1, or 2 with the flip test),
h and w the size of the heatmaps (half of the network's input).
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pose.body import reach, segments
from pose.decode_settings import DET_THR, DecodeSettings
from pose.grouping import Candidates, group
from pose.skeleton import Skeleton

Float32 = NDArray[np.float32]
Indices = NDArray[np.intp]

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
    candidates = find_candidates(heatmaps, tags, settings.det_thr or DET_THR, settings.max_people)
    people = group(candidates, skeleton, settings.tag_thr)
    confidence = people.scores.mean(axis=1) if len(people.scores) else np.zeros(0, np.float32)
    order = np.argsort(-confidence, kind="stable")[: settings.max_people]
    order = order[confidence[order] >= settings.person_thr]
    keypoints, scores, mean_tags = people.keypoints[order], people.scores[order], people.mean_tags[order]
    keypoints[scores <= 0] = np.nan
    if settings.fill and len(order):
        near = _reach_boxes(keypoints, people.heights[order], skeleton)
        found = scores > 0
        _fill_missing(keypoints, scores, mean_tags, near, heatmaps, tags, settings.fill_thr)
        _drop_long_guesses(keypoints, scores, found, people.heights[order], skeleton)
    return keypoints + 0.5, np.clip(scores, 0, 1), np.clip(confidence[order], 0, 1)


def find_candidates(heatmaps: Float32, tags: Float32, threshold: float, limit: int) -> list[Candidates]:
    """For each joint the local maxima above the threshold, highest first, refined to a fraction of a pixel."""
    joints, ys, xs = local_maxima(heatmaps, threshold)
    scores = heatmaps[joints, ys, xs]
    order = np.lexsort((-scores, joints))
    order = order[_place_in_joint(joints[order]) < _PLATEAU * limit]
    order = order[_first_of_each_plateau(joints[order], ys[order], xs[order])]
    order = order[_place_in_joint(joints[order]) < limit]
    joints, ys, xs, scores = joints[order], ys[order], xs[order], scores[order]
    points = refine_peaks(heatmaps, joints, ys, xs)
    peak_tags = sample_tags(tags, joints, ys, xs, heatmaps.shape[1:])
    bounds = np.searchsorted(joints, np.arange(len(heatmaps) + 1))
    return [Candidates(points[a:b], scores[a:b], peak_tags[a:b]) for a, b in pairwise(bounds)]


_PLATEAU = 4  # as many times the limit are compared with each other: equal neighbours are few


def local_maxima(heatmaps: Float32, threshold: float) -> tuple[Indices, Indices, Indices]:
    """Joints, rows and columns of the pixels above the threshold that no neighbour exceeds."""
    joints, ys, xs = _pixels_above(heatmaps, threshold)
    values = heatmaps[joints, ys, xs]
    for dy, dx in _NEIGHBOURS:
        y = np.minimum(np.maximum(ys + dy, 0), heatmaps.shape[1] - 1)
        x = np.minimum(np.maximum(xs + dx, 0), heatmaps.shape[2] - 1)
        highest = values >= heatmaps[joints, y, x]
        joints, ys, xs, values = joints[highest], ys[highest], xs[highest], values[highest]
    return joints, ys, xs


# 3x3 here is what the published 5x5 is on maps projected to twice this size.
_NEIGHBOURS = [(0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (1, -1), (-1, 1), (-1, -1)]


def _pixels_above(maps: Float32, threshold: float) -> tuple[Indices, ...]:
    """Indices along each axis; many times quicker than np.nonzero."""
    return np.unravel_index(np.flatnonzero(maps > threshold), maps.shape)


def _place_in_joint(joints: Indices) -> Indices:
    """How many entries of the same joint stand before each entry of the ascending `joints`."""
    return np.arange(len(joints)) - np.searchsorted(joints, joints)


def _first_of_each_plateau(joints: Indices, ys: Indices, xs: Indices) -> NDArray[np.bool_]:
    """Low-precision maps have equal neighbours: of maxima within the same neighbourhood keep the first."""
    apart = 3  # between the bands in which the joints lie
    rows = ys + joints * (ys.max(initial=0) + apart)
    near = (np.abs(rows[:, None] - rows) < apart) & (np.abs(xs[:, None] - xs) < apart)
    keep = np.ones(len(xs), bool)
    for i, j in np.argwhere(np.triu(near, 1)):
        if keep[i]:
            keep[j] = False
    return keep


def refine_peaks(heatmaps: Float32, joints: Indices, ys: Indices, xs: Indices) -> Float32:
    """(C, 2) float32: the vertex of the parabola through each peak and its two neighbours, per axis."""
    _, h, w = heatmaps.shape
    centre = heatmaps[joints, ys, xs]

    def offset(before: Float32, after: Float32) -> Float32:
        curvature = 2 * centre - before - after
        return np.where(curvature > 1e-6, np.clip((after - before) / np.maximum(2 * curvature, 1e-6), -0.5, 0.5), 0)

    dx = offset(heatmaps[joints, ys, np.maximum(xs - 1, 0)], heatmaps[joints, ys, np.minimum(xs + 1, w - 1)])
    dy = offset(heatmaps[joints, np.maximum(ys - 1, 0), xs], heatmaps[joints, np.minimum(ys + 1, h - 1), xs])
    return np.stack([xs + dx, ys + dy], axis=1).astype(np.float32)


def sample_tags(tags: Float32, joints: Indices, ys: Indices, xs: Indices, heatmap_hw: tuple[int, ...]) -> Float32:
    """(C, T) float32: tag maps (T, K, h_t, w_t) read bilinearly at pixels of the heatmaps, edges repeated.

    Equal to resizing the tag maps to the heatmaps' size (align_corners=False), without resizing them.
    """
    h_t, w_t = tags.shape[2:]
    x = np.clip((xs.astype(np.float32) + 0.5) * (w_t / heatmap_hw[1]) - 0.5, 0, w_t - 1)
    y = np.clip((ys.astype(np.float32) + 0.5) * (h_t / heatmap_hw[0]) - 0.5, 0, h_t - 1)
    x0, y0 = x.astype(np.intp), y.astype(np.intp)
    x1, y1 = np.minimum(x0 + 1, w_t - 1), np.minimum(y0 + 1, h_t - 1)
    fx, fy = (x - x0).astype(np.float32), (y - y0).astype(np.float32)
    top = tags[:, joints, y0, x0] * (1 - fx) + tags[:, joints, y0, x1] * fx
    bottom = tags[:, joints, y1, x0] * (1 - fx) + tags[:, joints, y1, x1] * fx
    return (top * (1 - fy) + bottom * fy).T


_FORESHORTENED = 1.3  # a body may be so much larger than its joints show


def _reach_boxes(keypoints: Float32, heights: Float32, skeleton: Skeleton) -> Float32:
    """(N, K, 4): x1 y1 x2 y2 of where each joint of each person can be, by the joints (N, K, 2) that are known."""
    far = _FORESHORTENED * heights[:, None, None] * reach(skeleton).astype(np.float32)  # (N, joint, known joint)
    points = keypoints[:, None]
    low = np.fmax.reduce(points - far[..., None], axis=2)
    return np.concatenate([low, np.fmin.reduce(points + far[..., None], axis=2)], axis=-1)


_LONG = 2.7  # times the share of the height that a segment has; stricter costs accuracy


def _drop_long_guesses(
    keypoints: Float32, scores: Float32, found: NDArray[np.bool_], heights: Float32, skeleton: Skeleton
) -> None:
    """Forget guesses, in place, whose segment is longer than the person's can be: two guesses may be far apart."""
    a, b, shares = (np.array(column) for column in zip(*segments(skeleton), strict=True))
    length = np.linalg.norm(keypoints[:, a] - keypoints[:, b], axis=2)
    person, segment = np.nonzero(length > _LONG * heights[:, None] * shares)
    for joints in (a, b):
        at = joints[segment]
        guessed = ~found[person, at]
        keypoints[person[guessed], at[guessed]] = np.nan
        scores[person[guessed], at[guessed]] = 0


def _fill_missing(
    keypoints: Float32,
    scores: Float32,
    mean_tags: Float32,
    near: Float32,
    heatmaps: Float32,
    tags: Float32,
    threshold: float,
) -> None:
    """Give each person's missing joints the best place that the heatmap and the person's tag agree on, in place.

    near: (N, K, 4) boxes, in pixels of the map, that the places must lie in.

    The place is the maximum of heatmap - round(tag distance), as in the official refinement, over the parts of the
    map above the threshold that no found peak explains. Cells of 2x2 pixels are compared, each by its highest pixel
    and by the tag nearest to its middle.
    """
    found = scores > 0
    filled: list[tuple[Indices, Indices, Indices, Indices]] = []
    nearest = _nearest_tags(heatmaps.shape[1:], tags.shape[2:])
    for joint in np.flatnonzero(~found.all(axis=0)):
        who = found[:, joint]
        left = _without_peaks(heatmaps[joint], keypoints[who, joint], scores[who, joint])
        cells = _cell_maxima(left).ravel()
        places = np.flatnonzero(cells > threshold)
        if not len(places):
            continue
        heights = cells[places]
        cell_tags = tags[:, joint].reshape(len(tags), -1)[:, nearest[places]]
        missing = np.flatnonzero(~who)
        distance = np.sqrt(np.square(cell_tags[:, None] - mean_tags[missing].T[:, :, None]).sum(axis=0))  # (N, cells)
        rows, columns = np.divmod(places, -(-heatmaps.shape[2] // 2))
        x1, y1, x2, y2 = (near[missing, joint, side, None] for side in range(4))
        within = (2 * columns + 1 >= x1) & (2 * columns <= x2) & (2 * rows + 1 >= y1) & (2 * rows <= y2)
        best = np.argmax(np.where(within, heights - np.round(distance), -np.inf), axis=1)
        each = np.arange(len(missing))
        agreed = (distance[each, best] < 1) & within[each, best]
        missing, best = missing[agreed], best[agreed]
        filled.append((missing, np.full(len(best), joint), *_highest_in_cells(left, places[best])))
    if filled:
        people, joints, ys, xs = (np.concatenate(part) for part in zip(*filled, strict=True))
        keypoints[people, joints] = refine_peaks(heatmaps, joints, ys, xs)
        scores[people, joints] = heatmaps[joints, ys, xs]


def _cell_maxima(heatmap: Float32) -> Float32:
    """The highest pixel of each cell of 2x2 pixels; those at an odd edge are smaller."""
    if heatmap.shape[0] % 2 or heatmap.shape[1] % 2:
        heatmap = np.pad(heatmap, [(0, side % 2) for side in heatmap.shape])
    higher = np.maximum(heatmap[0::2], heatmap[1::2])
    return np.maximum(higher[:, 0::2], higher[:, 1::2])


def _highest_in_cells(heatmap: Float32, cells: Indices) -> tuple[Indices, Indices]:
    """Rows and columns of the highest pixels of some cells of 2x2, which are counted row by row."""
    h, w = heatmap.shape
    rows, columns = np.divmod(cells, -(-w // 2))
    ys = np.minimum(2 * rows + np.array([[0], [0], [1], [1]]), h - 1)
    xs = np.minimum(2 * columns + np.array([[0], [1], [0], [1]]), w - 1)
    inside = heatmap[ys, xs].argmax(axis=0)
    each = np.arange(len(cells))
    return ys[inside, each], xs[inside, each]


def _nearest_tags(heatmap_hw: tuple[int, ...], tags_hw: tuple[int, ...]) -> Indices:
    """For each cell of 2x2 heatmap pixels the index of the tag nearest to its middle, both counted row by row."""
    rows, columns = (
        np.arange(-(-side // 2)) * tag_side // -(-side // 2) for side, tag_side in zip(heatmap_hw, tags_hw, strict=True)
    )
    return np.add.outer(rows * tags_hw[1], columns).ravel()


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
