"""What CrowdPose's evaluation adds to COCO's (arXiv 1812.00324): area from the box, results by crowding."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pose.evaluation.average_precision import ImageMatches, rank

BOX_AREA_SHARE = 0.53  # CrowdPose has no segments: a person's area is this share of the box
CROWD_LEVELS = {"AP_easy": (-np.inf, 0.2), "AP_medium": (0.2, 0.8), "AP_hard": (0.8, np.inf)}


def area_from_boxes(boxes_xywh: NDArray[np.float64]) -> NDArray[np.float64]:
    """(M, 4) boxes → (M,) areas in square pixels."""
    return boxes_xywh[:, 2] * boxes_xywh[:, 3] * BOX_AREA_SHARE


def crowd_level_metrics(matches: Sequence[ImageMatches], crowd_index: Sequence[float]) -> dict[str, float]:
    """AP of the easy (crowd index < 0.2), medium (< 0.8) and hard images; NaN for a level without people."""
    metrics = {}
    for name, (low, high) in CROWD_LEVELS.items():
        level = [m for m, c in zip(matches, crowd_index, strict=True) if low <= c < high]
        metrics[name] = rank(level).curve().average_precision()
    return metrics
