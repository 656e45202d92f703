"""What people look like: the colours of their clothes and limbs, from the image and the pose alone.

Per body part a histogram of the colours in CIE Lab, lightness coarsely (light changes), hue and chroma finely. The
square roots of the shares are kept: each part is a unit vector then, and the scalar product of two of them is the
Bhattacharyya coefficient of the histograms. Letters: N, M people, D numbers of a signature.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from pose.skeleton import Skeleton
from pose.types import Poses

Float32 = NDArray[np.float32]

_AB_BINS, _L_BINS = 6, 6
_CHROMA = 10.0  # of OpenCV's 8-bit Lab: bins are fine among the greys of real clothes and wide among vivid colours
_BINS = _AB_BINS * _AB_BINS + _L_BINS
_WEIGHTS = np.array([1.0, 1.2], np.float32)  # of torso with upper arms, and legs
SIGNATURE_SIZE = len(_WEIGHTS) * _BINS
_SURE = 0.1  # joints weaker than this may be a guess and show no clothes
_FEWEST_PIXELS = 6


class _Samples(NamedTuple):
    """P points as weighted means of joints. weights: (P, K), rows sum to 1; needs: (P, K), 1 for a joint that must be
    known; part: (P,)."""

    weights: Float32
    needs: Float32
    part: NDArray[np.intp]


@cache
def _samples(skeleton: Skeleton) -> _Samples:
    """A grid over the torso, away from its rim, and points along the middle of each limb."""
    weights, needs, part = [], [], []

    def sample(shares: dict[str, float], number: int) -> None:
        row = np.zeros((2, skeleton.num_keypoints), np.float32)
        for name, share in shares.items():
            row[:, skeleton.index(name)] = share, 1
        weights.append(row[0])
        needs.append(row[1])
        part.append(number)

    for down in np.linspace(0.1, 0.9, 9):
        for across in np.linspace(0.15, 0.85, 6):
            top = {"left_shoulder": (1 - down) * (1 - across), "right_shoulder": (1 - down) * across}
            sample(top | {"left_hip": down * (1 - across), "right_hip": down * across}, 0)
    limbs = (("hip", "knee", 1, 12), ("knee", "ankle", 1, 10), ("shoulder", "elbow", 0, 10))
    for upper, lower, number, count in limbs:
        for side in ("left_", "right_"):
            for along in np.linspace(0.15, 0.85, count):
                sample({side + upper: 1 - along, side + lower: along}, number)
    return _Samples(np.array(weights), np.array(needs), np.array(part))


def colour_signatures(image_bgr: NDArray[np.uint8], poses: Poses, skeleton: Skeleton) -> NDArray[np.float16]:
    """Signatures (N, D) of N people in an image (H, W, 3) uint8; NaN in the parts that do not show.

    Joints that lie outside of the image or that are guesses (score below 0.1) show nothing.
    """
    if not len(poses):
        return np.empty((0, SIGNATURE_SIZE), np.float16)
    plan = _samples(skeleton)
    height, width = image_bgr.shape[:2]
    known = (poses.scores >= _SURE) & poses.visible
    places = plan.weights @ np.where(known[..., None], poses.keypoints, 0)  # (N, P, 2)
    x, y = places[..., 0], places[..., 1]
    inside = (~known).astype(np.float32) @ plan.needs.T == 0
    inside &= (x >= 0) & (y >= 0) & (x <= width - 1) & (y <= height - 1)
    who, which = np.nonzero(inside)
    columns, rows = np.rint(places[who, which]).astype(np.intp).T
    pixels = image_bgr[rows, columns]
    lab = cv2.cvtColor(pixels[:, None], cv2.COLOR_BGR2LAB)[:, 0] if len(pixels) else np.empty((0, 3), np.uint8)
    shares = _histograms(lab.astype(np.float32), who * len(_WEIGHTS) + plan.part[which], len(poses) * len(_WEIGHTS))
    return shares.reshape(len(poses), -1).astype(np.float16)


def _histograms(lab: Float32, owner: NDArray[np.intp], count: int) -> Float32:
    """(count, _BINS): square roots of the shares of each owner's pixels; NaN where there are too few."""
    # Each pixel is shared between the two nearest bins per axis: a slight change of light moves no bin as a whole.
    ab = (np.tanh((lab[:, 1:] - 128) / _CHROMA) + 1) * ((_AB_BINS - 1) / 2)
    lightness = lab[:, 0] * ((_L_BINS - 1) / 255)
    low, dark = ab.astype(np.intp), lightness.astype(np.intp)
    high, light = np.minimum(low + 1, _AB_BINS - 1), np.minimum(dark + 1, _L_BINS - 1)
    (a0, b0), (a1, b1) = low.T, high.T
    (fa, fb), fl = (ab - low).T, lightness - dark
    colours = [a0 * _AB_BINS + b0, a0 * _AB_BINS + b1, a1 * _AB_BINS + b0, a1 * _AB_BINS + b1]
    places = np.stack([*colours, _AB_BINS**2 + dark, _AB_BINS**2 + light]) + owner * _BINS
    weights = np.stack([(1 - fa) * (1 - fb), (1 - fa) * fb, fa * (1 - fb), fa * fb, 1 - fl, fl])
    total = np.bincount(places.ravel(), weights.ravel(), count * _BINS)
    pixels = np.bincount(owner, minlength=count)
    shares = total.reshape(count, _BINS) / np.maximum(2 * pixels, 1)[:, None]
    return np.where((pixels >= _FEWEST_PIXELS)[:, None], np.sqrt(shares), np.nan).astype(np.float32)


def looks_distance(a: NDArray[np.floating], b: NDArray[np.floating]) -> NDArray[np.float32]:
    """Difference (N, M) of signatures (N, D) and (M, D): 1 - Bhattacharyya coefficient over the parts both show.

    0 = the same colours, 1 = nothing in common, NaN = no part in common.
    """
    (one, known_one), (other, known_other) = _without_unknown(a), _without_unknown(b)
    weight = (known_one * _WEIGHTS) @ known_other.T
    one *= _WEIGHTS[:, None]
    alike = one.reshape(len(a), -1) @ other.reshape(len(b), -1).T
    difference = 1 - alike / np.maximum(weight, 1e-6)
    difference[weight == 0] = np.nan
    return np.minimum(np.maximum(difference, 0, out=difference), 1, out=difference)


def _without_unknown(looks: NDArray[np.floating]) -> tuple[Float32, Float32]:
    """Signatures by part (N, parts, bins) with 0 for unknown, and which are known (N, parts), 1 or 0."""
    parts = np.array(looks, np.float32).reshape(len(looks), len(_WEIGHTS), _BINS)
    known = np.isfinite(parts[..., 0])
    parts[~known] = 0
    return parts, known.astype(np.float32)


def blend(old: NDArray[np.float32], new: NDArray[np.float32], share: NDArray[np.floating]) -> Float32:
    """Signatures (N, D) with the given share (N,) of new ones in them; what one of the two lacks, the other gives."""
    share = np.where(np.isfinite(old), share[:, None], 1.0)
    mixed = np.where(np.isfinite(new), np.where(np.isfinite(old), old, 0.0) * (1 - share) + new * share, old)
    parts = mixed.reshape(len(mixed), len(_WEIGHTS), -1)
    length = np.sqrt(np.einsum("npb,npb->np", parts, parts))[..., None]
    return (parts / np.maximum(length, 1e-6)).reshape(mixed.shape).astype(np.float32)


def mean_looks(looks: NDArray[np.floating], weights: NDArray[np.floating] | None = None) -> Float32:
    """(D,) mean of signatures (N, D), each part over those that show it; NaN in parts that none shows."""
    shares = looks.astype(np.float32).reshape(len(looks), len(_WEIGHTS), -1)
    weight = np.ones(len(looks)) if weights is None else weights
    total = np.einsum("npb,n->pb", np.nan_to_num(shares), weight)
    length = np.linalg.norm(total, axis=1, keepdims=True)
    return np.where(length > 0, total / np.maximum(length, 1e-9), np.nan).reshape(-1).astype(np.float32)
