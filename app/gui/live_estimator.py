"""The model as the window uses it: it looks ahead where that gains, and can show what it saw."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.gui.compose import Heatmap
from app.pipeline import STREAMS, Estimator, ParallelEstimator, StageMilliseconds, TwoStageEstimator
from pose.skeleton import Skeleton
from pose.types import Poses

Image = NDArray[np.uint8]

# Decoding takes a core from the network that runs meanwhile. On 2 cores that gained 12 % where decoding took half as
# long as the network, and lost as much where it took a tenth.
WORTH = 0.25
# A network this quick shows two pictures at a time, each on half of the cores, as soon as pictures have to wait for it:
# its threads wait less for each other, and twice so short a time is hardly seen.
QUICK_MS = 30.0
WAITED = 10  # pictures in a row


class LiveEstimator:
    """Does what another estimator does; where it gains, the next pictures are in the network meanwhile.

    upcoming: the picture that will be asked for after those it gave before, or None if there is none yet. It is called
    when the network has room, so that the next picture is no older than without looking ahead.
    """

    def __init__(self, estimator: Estimator, upcoming: Callable[[], Image | None]) -> None:
        self._estimator = estimator
        self._upcoming = upcoming
        self._network = ThreadPoolExecutor(STREAMS, "network")
        self._ahead: deque[tuple[Image, Future[Any]]] = deque()
        self._looks_ahead = False
        self._waited = 0
        self._parallel: Future[ParallelEstimator] | None = None
        self._inferred: Any = None  # of the last picture, so that the heatmap view computes nothing twice

    @property
    def skeleton(self) -> Skeleton:
        return self._estimator.skeleton

    def estimate(self, image_bgr: Image) -> tuple[Poses, StageMilliseconds]:
        if not isinstance(self._estimator, TwoStageEstimator):
            return self._estimator.estimate(image_bgr)
        self._inferred = None
        self._use_parallel_if_ready()
        estimator = self._estimator
        if not self._ahead or self._ahead[0][0] is not image_bgr:
            self._ahead.clear()
            self._submit(estimator, image_bgr)
        self._look_ahead(estimator)
        self._inferred = self._ahead.popleft()[1].result()
        self._look_ahead(estimator)
        poses, times = estimator.decode(self._inferred)
        quick = times.inference_ms < QUICK_MS * estimator.streams
        self._looks_ahead = quick or times.decode_ms > WORTH * times.inference_ms
        if quick and self._waited >= WAITED:
            self._prepare_parallel(image_bgr)
        return poses, times

    def heatmap(self) -> Heatmap | None:
        """Of the last picture; None if the estimator shows no maps."""
        if self._inferred is None:
            return None
        return Heatmap(self._inferred.heatmaps.max(axis=0), self._inferred.fit)

    def close(self) -> None:
        """End the threads once the pictures in the network are done; nobody waits for them."""
        self._network.shutdown(wait=False, cancel_futures=True)

    def _submit(self, estimator: TwoStageEstimator, image_bgr: Image) -> None:
        self._ahead.append((image_bgr, self._network.submit(estimator.infer, image_bgr)))

    def _look_ahead(self, estimator: TwoStageEstimator) -> None:
        while self._looks_ahead and len(self._ahead) < estimator.streams:
            image_bgr = self._upcoming()
            if image_bgr is None:
                self._waited = 0
                return
            self._waited += 1
            self._submit(estimator, image_bgr)

    def _prepare_parallel(self, image_bgr: Image) -> None:
        """Another setting of the engine takes a moment to compile: beside the pictures that come meanwhile."""
        estimator = self._estimator
        if self._parallel is None and isinstance(estimator, ParallelEstimator):

            def prepare() -> ParallelEstimator:
                parallel = estimator.with_streams(STREAMS)
                if parallel.streams > 1:
                    parallel.infer(image_bgr)
                return parallel

            self._parallel = self._network.submit(prepare)

    def _use_parallel_if_ready(self) -> None:
        if self._parallel is not None and self._parallel.done() and self._parallel.exception() is None:
            self._estimator = self._parallel.result()
