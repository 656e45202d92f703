"""The labelled people of one image, as a structure of arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Truths:
    """M labelled people, K joints each.

    keypoints:  (M, K, 2) float64 image pixels; labelled: (M, K) bool.
    boxes_xywh: (M, 4) float64; areas: (M,) float64, the squared object scale of OKS, in square pixels.
    ignored:    (M,) bool, neither a miss nor a false alarm; crowd: (M,) bool, may absorb many detections.
    """

    keypoints: NDArray[np.float64]
    labelled: NDArray[np.bool_]
    boxes_xywh: NDArray[np.float64]
    areas: NDArray[np.float64]
    ignored: NDArray[np.bool_]
    crowd: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.keypoints)

    def with_joints(self, joints: list[int]) -> Truths:
        """These people with only some of their joints; whoever keeps no labelled joint is ignored."""
        labelled = self.labelled[:, joints]
        ignored = self.ignored | ~labelled.any(axis=1)
        return Truths(self.keypoints[:, joints], labelled, self.boxes_xywh, self.areas, ignored, self.crowd)
