"""Object Keypoint Similarity (COCO keypoint evaluation)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pose.evaluation.truths import Truths

Float64 = NDArray[np.float64]


def object_keypoint_similarity(detected: NDArray[np.floating], truths: Truths, sigmas: NDArray[np.floating]) -> Float64:
    """OKS of N detections with M truths, (N, M) float64 in [0, 1].

    detected: (N, K, 2) image pixels, NaN = missing (adds nothing to the similarity). sigmas: (K,).

    The mean over a truth's labelled joints of exp(-d² / (2 · area · (2σ)²)). A truth without labelled joints
    (a crowd, or a person too small to label) is compared as COCO does: d is the distance of each joint to the
    truth's box grown to three times its size.
    """
    points = np.asarray(detected, np.float64)[:, None]  # (N, 1, K, 2)
    offset = points - truths.keypoints[None]  # (N, M, K, 2)
    labelled = truths.labelled
    unlabelled = np.asarray(~labelled.any(axis=1))
    if unlabelled.any():
        boxes = truths.boxes_xywh[unlabelled]
        low, high = (boxes[:, None, :2] - boxes[:, None, 2:]), (boxes[:, None, :2] + 2 * boxes[:, None, 2:])
        offset[:, unlabelled] = np.maximum(0, low - points) + np.maximum(0, points - high)
        labelled = labelled | unlabelled[:, None]
    variance = (2 * np.asarray(sigmas, np.float64)) ** 2
    squared = (offset**2).sum(axis=3)
    similarity = np.exp(-squared / variance / (truths.areas[None, :, None] + np.spacing(1)) / 2)
    similarity = np.where(np.isfinite(squared) & labelled[None], similarity, 0)
    return np.asarray(similarity.sum(axis=2) / labelled.sum(axis=1))
