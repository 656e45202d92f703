"""One frame through model and tracker: the middle that the command line and the desktop app share."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Generator, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from app.types import Frame, FrameResult, StageTimes
from pose.skeleton import Skeleton
from pose.types import Poses
from tracking.backfill import BackfilledDetection
from tracking.types import TrackedPoses

STREAMS = 2  # images in the network at a time, each on its share of the cores, where frames per second count


class StageMilliseconds(Protocol):
    """What an estimator tells about the time it took."""

    @property
    def preprocess_ms(self) -> float: ...
    @property
    def inference_ms(self) -> float: ...
    @property
    def decode_ms(self) -> float: ...


class Estimator(Protocol):
    """Finds people in one image; pose.estimator.PoseEstimator is the real one."""

    @property
    def skeleton(self) -> Skeleton: ...

    def estimate(self, image_bgr: NDArray[np.uint8]) -> tuple[Poses, StageMilliseconds]: ...


@runtime_checkable
class AsyncEstimator(Estimator, Protocol):
    """An estimator whose halves may run on different threads, each on its own frame."""

    @property
    def streams(self) -> int:
        """How many threads may be in `infer` at a time."""
        ...

    def with_streams(self, streams: int) -> AsyncEstimator:
        """The same for up to so many threads in `infer`, or the same with one stream if it cannot gain by that."""
        ...

    def infer(self, image_bgr: NDArray[np.uint8]) -> Any: ...

    def decode(self, inferred: Any) -> tuple[Poses, StageMilliseconds]: ...


class PersonTracker(Protocol):
    """Gives people identities; tracking.tracker.Tracker is the real one."""

    def update(self, poses: Poses, time_s: float, *, single: bool = False) -> TrackedPoses: ...

    def reset(self) -> None: ...

    def forget_people(self) -> None: ...

    @property
    def earlier(self) -> Sequence[BackfilledDetection]: ...


class Pipeline:
    """Call it with the frames of one source in order; `reset` before another source, `forget_people` after a jump."""

    def __init__(self, estimator: Estimator, tracker: PersonTracker) -> None:
        self._estimator = estimator
        self._for_many = estimator.with_streams(STREAMS) if isinstance(estimator, AsyncEstimator) else estimator
        self._tracker = tracker

    @property
    def skeleton(self) -> Skeleton:
        return self._estimator.skeleton

    @property
    def earlier(self) -> Sequence[BackfilledDetection]:
        """Sights in earlier frames of the people who got their id in the last one, for those who can still use them."""
        return self._tracker.earlier

    def reset(self) -> None:
        self._tracker.reset()

    def forget_people(self) -> None:
        """After a jump nobody is where they were; those who come get ids that nobody had."""
        self._tracker.forget_people()

    def __call__(self, frame: Frame) -> FrameResult:
        return self._track(frame, *self._estimator.estimate(frame.image_bgr))

    def single(self, frame: Frame) -> FrameResult:
        """An image of its own, which no other will tell more about."""
        self.reset()
        return self._track(frame, *self._estimator.estimate(frame.image_bgr), single=True)

    def stream(self, frames: Iterable[Frame]) -> Generator[FrameResult, None, None]:
        """The results of all frames in order, some frames late: each is decoded while others are in the network.

        If `frames` raises, the results of the frames before it still come first.
        """
        estimator = self._for_many
        if not isinstance(estimator, AsyncEstimator):
            yield from map(self, frames)
            return
        waiting: deque[tuple[Frame, Future[Any]]] = deque()

        def finish_first() -> FrameResult:
            frame, inferred = waiting.popleft()
            return self._track(frame, *estimator.decode(inferred.result()))

        failure: Exception | None = None
        coming = iter(frames)
        with ThreadPoolExecutor(estimator.streams, "network") as network:
            while True:
                try:
                    frame = next(coming)
                except StopIteration:
                    break
                except Exception as error:
                    failure = error
                    break
                waiting.append((frame, network.submit(estimator.infer, frame.image_bgr)))
                if len(waiting) > estimator.streams:
                    yield finish_first()
            while waiting:
                yield finish_first()
        if failure is not None:
            raise failure

    def _track(self, frame: Frame, poses: Poses, times: StageMilliseconds, single: bool = False) -> FrameResult:
        start = time.perf_counter()
        tracks = self._tracker.update(poses, frame.time_s, single=single)
        track_ms = 1e3 * (time.perf_counter() - start)
        stages = StageTimes(times.preprocess_ms, times.inference_ms, times.decode_ms, track_ms)
        return FrameResult(frame, tracks, stages)
