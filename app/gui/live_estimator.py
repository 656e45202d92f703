"""The model as the window uses it: it looks ahead where that gains, and can show what it saw."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.gui.compose import Heatmap
from app.pipeline import Estimator, StageMilliseconds, TwoStageEstimator
from pose.skeleton import Skeleton
from pose.types import Poses

Image = NDArray[np.uint8]

# Decoding takes a core from the network that runs meanwhile. On 2 cores that gained 12 % where decoding took half as
# long as the network, and lost as much where it took a tenth.
WORTH = 0.25


class LiveEstimator:
    """Does what another estimator does; where decoding takes long, the next picture is in the network meanwhile.

    upcoming: the picture that will be asked for next, or None if there is none yet. It is called when the network
    becomes free, so that the next picture is no older than without looking ahead.
    """

    def __init__(self, estimator: Estimator, upcoming: Callable[[], Image | None]) -> None:
        self._estimator = estimator
        self._upcoming = upcoming
        self._network = ThreadPoolExecutor(1, "network")
        self._decoding_is_long = False
        self._ahead: tuple[Image, Future[Any]] | None = None
        self._inferred: Any = None  # of the last picture, so that the heatmap view computes nothing twice

    @property
    def skeleton(self) -> Skeleton:
        return self._estimator.skeleton

    def estimate(self, image_bgr: Image) -> tuple[Poses, StageMilliseconds]:
        estimator = self._estimator
        if not isinstance(estimator, TwoStageEstimator):
            return estimator.estimate(image_bgr)
        self._inferred = None
        ahead, self._ahead = self._ahead, None
        if ahead is None or ahead[0] is not image_bgr:
            ahead = image_bgr, self._network.submit(estimator.infer, image_bgr)
        self._inferred = ahead[1].result()
        upcoming = self._upcoming() if self._decoding_is_long else None
        if upcoming is not None:
            self._ahead = upcoming, self._network.submit(estimator.infer, upcoming)
        poses, times = estimator.decode(self._inferred)
        self._decoding_is_long = times.decode_ms > WORTH * times.inference_ms
        return poses, times

    def heatmap(self) -> Heatmap | None:
        """Of the last picture; None if the estimator shows no maps."""
        if self._inferred is None:
            return None
        return Heatmap(self._inferred.heatmaps.max(axis=0), self._inferred.fit)

    def close(self) -> None:
        """End the thread once the picture in the network is done; nobody waits for it."""
        self._network.shutdown(wait=False, cancel_futures=True)
