"""Average precision and recall of poses, as COCO and CrowdPose define them.

Letters: A area ranges, T OKS thresholds, R recall points, D detections, M truths.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pose.evaluation.truths import Truths

Float64 = NDArray[np.float64]

OKS_THRESHOLDS = np.linspace(0.5, 0.95, 10)
RECALL_POINTS = np.linspace(0, 1, 101)
MAX_DETECTIONS = 20
AREA_RANGES = {"all": (0.0, 1e10), "medium": (32.0**2, 96.0**2), "large": (96.0**2, 1e10)}


@dataclass(frozen=True, slots=True)
class ImageMatches:
    """What became of one image's detections, best first, at every area range and threshold.

    scores (D,); hit and ignored (A, T, D) bool; num_truths (A,) people to be found.
    """

    scores: Float64
    hit: NDArray[np.bool_]
    ignored: NDArray[np.bool_]
    num_truths: NDArray[np.int64]


def match_image(similarity: Float64, scores: Float64, detected_areas: Float64, truths: Truths) -> ImageMatches:
    """Give each detection, best first, the free truth it resembles most.

    similarity: (D, M) OKS; scores and detected_areas: (D,), the area in square pixels of the detection's extent.
    Only the 20 best detections count. A detection falls back on an ignored truth only if no other is good enough;
    on equal similarity the later truth wins, as in COCO's evaluation.
    """
    order = np.argsort(-scores, kind="stable")[:MAX_DETECTIONS]
    similarity, scores, detected_areas = similarity[order], scores[order], detected_areas[order]
    low, high = np.array(list(AREA_RANGES.values())).T[:, :, None]  # (A, 1) each
    truth_ignored = truths.ignored | (truths.areas < low) | (truths.areas > high)  # (A, M)
    least = np.minimum(OKS_THRESHOLDS, 1 - 1e-10)[None, :, None]  # (1, T, 1)
    free = np.ones((len(low), len(OKS_THRESHOLDS), len(truths)), bool)
    matched = np.zeros((*free.shape[:2], len(scores)), bool)
    ignored = np.zeros_like(matched)
    for d, row in enumerate(similarity if len(truths) else ()):
        good = (row >= least) & (free | truths.crowd)  # (A, T, M)
        wanted = good & ~truth_ignored[:, None]
        has_wanted = wanted.any(axis=2)
        choice = _last_best(np.where(np.where(has_wanted[:, :, None], wanted, good), row, -1))
        matched[:, :, d] = good.any(axis=2)
        ignored[:, :, d] = matched[:, :, d] & ~has_wanted
        a, t = np.nonzero(matched[:, :, d])
        free[a, t, choice[a, t]] = False
    outside = (detected_areas < low) | (detected_areas > high)  # (A, D)
    ignored |= ~matched & outside[:, None]
    return ImageMatches(scores, matched & ~ignored, ignored, np.asarray((~truth_ignored).sum(axis=1)))


def _last_best(values: Float64) -> NDArray[np.int64]:
    """Index of the maximum on the last axis, the last one among equals."""
    return np.asarray(values.shape[-1] - 1 - values[..., ::-1].argmax(axis=-1))


@dataclass(frozen=True, slots=True)
class PrecisionRecall:
    """Precision (T, R) at the recall points and final recall (T,); both NaN where there was nobody to find."""

    precision: Float64
    recall: Float64

    def average_precision(self, threshold: float | None = None) -> float:
        return float(self.precision[_rows(threshold)].mean())

    def average_recall(self, threshold: float | None = None) -> float:
        return float(self.recall[_rows(threshold)].mean())


def _rows(threshold: float | None) -> NDArray[np.bool_]:
    return np.ones(len(OKS_THRESHOLDS), bool) if threshold is None else np.isclose(OKS_THRESHOLDS, threshold)


@dataclass(frozen=True, slots=True)
class RankedMatches:
    """The detections of many images of one area range in one ranking, ready to be weighted by image.

    image (D,) index of the image; hit and miss (T, D) bool, neither where ignored; num_truths per image.
    """

    image: NDArray[np.int64]
    hit: NDArray[np.bool_]
    miss: NDArray[np.bool_]
    num_truths: NDArray[np.int64]

    def curve(self, image_weights: NDArray[np.int64] | None = None) -> PrecisionRecall:
        """Precision and recall if image i were present image_weights[i] times (once each by default)."""
        weights = np.ones(len(self.num_truths), np.int64) if image_weights is None else image_weights
        total = int(weights @ self.num_truths)
        num_thresholds, num_points = len(OKS_THRESHOLDS), len(RECALL_POINTS)
        if total == 0:
            return PrecisionRecall(np.full((num_thresholds, num_points), np.nan), np.full(num_thresholds, np.nan))
        if not len(self.image):
            return PrecisionRecall(np.zeros((num_thresholds, num_points)), np.zeros(num_thresholds))
        times = weights[self.image]
        hits = np.cumsum(self.hit * times, axis=1).astype(np.float64)
        misses = np.cumsum(self.miss * times, axis=1).astype(np.float64)
        recall = hits / total
        precision = hits / (misses + hits + np.spacing(1))
        precision = np.maximum.accumulate(precision[:, ::-1], axis=1)[:, ::-1]
        padded = np.concatenate([precision, np.zeros((num_thresholds, 1))], axis=1)  # unreached recall: 0
        at = np.stack([np.searchsorted(row, RECALL_POINTS, side="left") for row in recall])
        return PrecisionRecall(np.take_along_axis(padded, at, axis=1), recall[:, -1])


def rank(matches: Sequence[ImageMatches], area: str = "all") -> RankedMatches:
    """All detections of one area range, best first (the earlier image first on equal scores)."""
    a = list(AREA_RANGES).index(area)
    num_truths = np.array([m.num_truths[a] for m in matches], np.int64)
    if not matches:
        empty = np.zeros((len(OKS_THRESHOLDS), 0), bool)
        return RankedMatches(np.zeros(0, np.int64), empty, empty, num_truths)
    order = np.argsort(-np.concatenate([m.scores for m in matches]), kind="stable")
    image = np.repeat(np.arange(len(matches)), [len(m.scores) for m in matches])
    hit = np.concatenate([m.hit[a] for m in matches], axis=1)
    miss = np.concatenate([~m.hit[a] & ~m.ignored[a] for m in matches], axis=1)
    return RankedMatches(image[order], hit[:, order], miss[:, order], num_truths)


def coco_metrics(matches: Sequence[ImageMatches]) -> dict[str, float]:
    """AP, AP50, AP75, APM, APL, AR, AR50, AR75, ARM, ARL in [0, 1]; NaN where there was nobody to find."""
    curves = {area: rank(matches, area).curve() for area in AREA_RANGES}
    overall, medium, large = curves["all"], curves["medium"], curves["large"]
    return {
        "AP": overall.average_precision(),
        "AP50": overall.average_precision(0.5),
        "AP75": overall.average_precision(0.75),
        "APM": medium.average_precision(),
        "APL": large.average_precision(),
        "AR": overall.average_recall(),
        "AR50": overall.average_recall(0.5),
        "AR75": overall.average_recall(0.75),
        "ARM": medium.average_recall(),
        "ARL": large.average_recall(),
    }
