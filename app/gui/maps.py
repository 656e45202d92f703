"""What the network saw in the last picture, kept for the heatmap view so that nothing is computed twice."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.gui.compose import Heatmap
from app.pipeline import Estimator, StageMilliseconds, TwoStageEstimator
from pose.skeleton import Skeleton
from pose.types import Poses


class MapKeeper:
    """An estimator that does what another one does and keeps the maps of its last picture."""

    def __init__(self, estimator: Estimator) -> None:
        self._estimator = estimator
        self._inferred: Any = None

    @property
    def skeleton(self) -> Skeleton:
        return self._estimator.skeleton

    def estimate(self, image_bgr: NDArray[np.uint8]) -> tuple[Poses, StageMilliseconds]:
        if not isinstance(self._estimator, TwoStageEstimator):
            return self._estimator.estimate(image_bgr)
        self._inferred = None
        self._inferred = self._estimator.infer(image_bgr)
        return self._estimator.decode(self._inferred)

    def heatmap(self) -> Heatmap | None:
        """None if the estimator shows no maps."""
        if self._inferred is None:
            return None
        return Heatmap(self._inferred.heatmaps.max(axis=0), self._inferred.fit)
