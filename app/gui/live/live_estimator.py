"""The model as the window uses it: it looks ahead where that gains, and can show what it saw."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.gui.view.compose import Heatmap
from app.pipeline import STREAMS, AsyncEstimator, Estimator, StageMilliseconds
from app.threads import give_way
from pose.skeleton import Skeleton
from pose.types import Poses

log = logging.getLogger(__name__)

Image = NDArray[np.uint8]

# Decoding takes a core from the network that runs meanwhile. On 2 cores that gained 12 % where decoding took half as
# long as the network, and lost as much where it took a tenth.
WORTH = 0.25
# Two frames in the network, each on half of the cores, are 9 to 15 % more per second, because its threads wait less
# for each other, but each takes twice as long. With a network this quick that is hardly seen.
QUICK_MS = 30.0
WAITED = 10  # images in a row that had to wait for the network, before it is prepared for two


class LiveEstimator:
    """Does what another estimator does; where it gains, the next images are in the network meanwhile.

    upcoming: the image that will be asked for after those it gave before, or None if there is none yet. It is called
    when the network has room, so that the next image is no older than without looking ahead.

    in_parallel: whether two frames may be in the network at a time while images wait; None = if it is quick.
    """

    def __init__(self, estimator: Estimator, upcoming: Callable[[], Image | None]) -> None:
        self.in_parallel: bool | None = None
        self._estimator = estimator
        self._for_two: AsyncEstimator | None = None
        self._preparing: Future[AsyncEstimator | None] | None = None
        self._is_prepared = False
        self._upcoming = upcoming
        self._network = ThreadPoolExecutor(STREAMS, "network")
        self._ahead: deque[tuple[Image, Future[Any]]] = deque()
        self._is_quick = self._is_decoding_long = False
        self._waited = 0
        self._inferred: Any = None  # of the last image, so that the heatmap view computes nothing twice

    @property
    def skeleton(self) -> Skeleton:
        return self._estimator.skeleton

    def estimate(self, image_bgr: Image) -> tuple[Poses, StageMilliseconds]:
        self._inferred = None
        estimator = self._estimator
        if not isinstance(estimator, AsyncEstimator):
            return estimator.estimate(image_bgr)
        if self._preparing is not None and self._preparing.done():
            self._for_two, self._preparing = self._preparing.result(), None
        if not self._ahead or self._ahead[0][0] is not image_bgr:
            self._drop_ahead()
            self._submit(estimator, image_bgr)
        self._look_ahead(estimator)
        self._inferred = self._ahead.popleft()[1].result()
        self._look_ahead(estimator)
        poses, times = estimator.decode(self._inferred)
        if self._parallel is None:
            self._is_quick = times.inference_ms < QUICK_MS
            self._is_decoding_long = times.decode_ms > WORTH * times.inference_ms
        if self._wants_two and self._waited >= WAITED and not self._is_prepared:
            # Another setting of the engine takes a moment to compile: beside the images that come meanwhile.
            self._is_prepared = True
            self._preparing = self._network.submit(_for_two, estimator, image_bgr)
        return poses, times

    def heatmap(self) -> Heatmap | None:
        """Of the last image; None if the estimator shows no maps."""
        if self._inferred is None:
            return None
        return Heatmap(self._inferred.heatmaps.max(axis=0), self._inferred.fit)

    def close(self) -> None:
        """End the threads once the images in the network are done; nobody waits for them."""
        self._network.shutdown(wait=False, cancel_futures=True)

    @property
    def _wants_two(self) -> bool:
        return self._is_quick if self.in_parallel is None else self.in_parallel

    @property
    def _parallel(self) -> AsyncEstimator | None:
        """The estimator for two frames at a time, where they are wanted and it is ready."""
        return self._for_two if self._wants_two else None

    @property
    def _room(self) -> int:
        """Images that may be in the network while one is decoded."""
        if self._parallel is not None:
            return STREAMS
        is_counting = self._wants_two and not self._is_prepared  # of images that wait
        return 1 if self._is_quick or self._is_decoding_long or is_counting else 0

    def _submit(self, estimator: AsyncEstimator, image_bgr: Image) -> None:
        self._ahead.append((image_bgr, self._network.submit(estimator.infer, image_bgr)))

    def _look_ahead(self, estimator: AsyncEstimator) -> None:
        while len(self._ahead) < self._room:
            image_bgr = self._upcoming()
            if image_bgr is None:
                self._waited = 0
                return
            self._waited += 1
            self._submit(self._parallel or estimator, image_bgr)

    def _drop_ahead(self) -> None:
        for _, future in self._ahead:
            if not future.cancel():
                wait([future])  # the network takes no more images than it has streams
        self._ahead.clear()


def _for_two(estimator: AsyncEstimator, image_bgr: Image) -> AsyncEstimator | None:
    """The estimator for two frames at a time, ready to work; None if it cannot."""
    give_way()  # else the window would wait for a core, or for a thread that waits for one
    try:
        parallel = estimator.with_streams(STREAMS)
        if parallel.streams < STREAMS:
            return None
        parallel.infer(image_bgr)
    except Exception:
        log.exception("preparing the network for several images at a time")
        return None
    return parallel
