"""The model as the window uses it: it looks ahead where that gains, and can show what it saw."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.gui.compose import Heatmap
from app.pipeline import STREAMS, Estimator, StageMilliseconds, TwoStageEstimator
from pose.skeleton import Skeleton
from pose.types import Poses

log = logging.getLogger(__name__)

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
        self._is_prepared = False
        self._preparing: Future[TwoStageEstimator] | None = None
        self._inferred: Any = None  # of the last picture, so that the heatmap view computes nothing twice

    @property
    def skeleton(self) -> Skeleton:
        return self._estimator.skeleton

    def estimate(self, image_bgr: Image) -> tuple[Poses, StageMilliseconds]:
        self._inferred = None
        if self._preparing is not None and self._preparing.done():
            self._estimator, self._preparing = self._preparing.result(), None
        estimator = self._estimator
        if not isinstance(estimator, TwoStageEstimator):
            return estimator.estimate(image_bgr)
        if not self._ahead or self._ahead[0][0] is not image_bgr:
            self._drop_ahead()
            self._submit(estimator, image_bgr)
        self._look_ahead(estimator)
        self._inferred = self._ahead.popleft()[1].result()
        self._look_ahead(estimator)
        poses, times = estimator.decode(self._inferred)
        quick = times.inference_ms < QUICK_MS
        self._looks_ahead = estimator.streams > 1 or quick or times.decode_ms > WORTH * times.inference_ms
        if quick and self._waited >= WAITED and not self._is_prepared:
            # Another setting of the engine takes a moment to compile: beside the pictures that come meanwhile.
            self._is_prepared = True
            self._preparing = self._network.submit(_for_streams, estimator, image_bgr)
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

    def _drop_ahead(self) -> None:
        for _, future in self._ahead:
            if not future.cancel():
                wait([future])  # the network takes no more pictures than it has streams
        self._ahead.clear()


def _for_streams(estimator: TwoStageEstimator, image_bgr: Image) -> TwoStageEstimator:
    """The estimator for STREAMS pictures at a time, ready to work; itself if that fails."""
    try:
        parallel = estimator.with_streams(STREAMS)
        if parallel.streams > estimator.streams:
            parallel.infer(image_bgr)
    except Exception:
        log.exception("preparing the network for several pictures at a time")
        return estimator
    return parallel
