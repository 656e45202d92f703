"""PCK: the share of joints found within a fraction of the torso size, of people labelled one by one (Leeds Sports)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pose.evaluation.oks import object_keypoint_similarity
from pose.evaluation.truths import Truths

Float64 = NDArray[np.float64]


def torso_sizes(truths: Truths, names: Sequence[str]) -> Float64:
    """(M,) pixels: left shoulder to right hip; the other diagonal if that one is not labelled; NaN if neither is."""
    sizes = np.full(len(truths), np.nan)
    for shoulder, hip in (("right_shoulder", "left_hip"), ("left_shoulder", "right_hip")):
        a, b = names.index(shoulder), names.index(hip)
        known = truths.labelled[:, a] & truths.labelled[:, b]
        distance = np.linalg.norm(truths.keypoints[:, a] - truths.keypoints[:, b], axis=1)
        sizes = np.where(known & (distance > 0), distance, sizes)
    return sizes


def correct_joints(
    detected: NDArray[np.floating], truths: Truths, sigmas: NDArray[np.floating], names: Sequence[str], alpha: float
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which joints of M truths were found, (M, K) bool, and which count, (M, K) bool.

    detected: (N, K, 2), NaN = missing. Each truth takes the detection with the highest OKS (other people in the
    image may be unlabelled, so the rest of the detections is not judged). A joint is correct within
    alpha · torso size; a missing joint is wrong. People whose torso is not labelled do not count.
    """
    sizes = torso_sizes(truths, names)
    counted = truths.labelled & (np.isfinite(sizes) & ~truths.ignored)[:, None]
    if not len(detected) or not len(truths):
        return np.zeros_like(counted), counted
    best = object_keypoint_similarity(detected, truths, sigmas).argmax(axis=0)
    distance = np.linalg.norm(np.asarray(detected, np.float64)[best] - truths.keypoints, axis=2)
    return counted & (distance <= alpha * sizes[:, None]), counted  # NaN compares as wrong


def pck_metrics(
    per_image: Sequence[tuple[NDArray[np.bool_], NDArray[np.bool_]]], names: Sequence[str]
) -> dict[str, float]:
    """PCK over all counted joints, and of each joint by name; NaN for a joint that never counts."""
    correct = np.concatenate([c for c, _ in per_image]).sum(axis=0)
    counted = np.concatenate([n for _, n in per_image]).sum(axis=0)
    total = float(correct.sum() / counted.sum()) if counted.sum() else float("nan")
    each = {name: float(c / n) if n else float("nan") for name, c, n in zip(names, correct, counted, strict=True)}
    return {"PCK": total, **each}
