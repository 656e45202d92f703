"""From a frame to what is found in it, and on to who that is: what command line and desktop app share."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from app.types import Frame, FrameResult, StageTimes
from pose.skeleton import Skeleton
from pose.types import Poses
from tracking.types import Detections, TrackedPoses

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


@runtime_checkable
class CountingEstimator(Estimator, Protocol):
    """An estimator that does not treat all images alike, but every n-th differently."""

    def counting_from(self, frames: int) -> Estimator:
        """The same for a source of which so many images were seen before."""
        ...


class PersonTracker(Protocol):
    """Gives people identities; tracking.tracker.Tracker is the real one."""

    def update(
        self, poses: Poses, time_s: float, appearance: NDArray[np.float16] | None = None, *, single: bool = False
    ) -> TrackedPoses: ...

    def reset(self) -> None: ...

    def forget_people(self) -> None: ...


class Looks(Protocol):
    """What an image shows besides poses. Called with every frame of a source, in order."""

    def __call__(
        self, image_bgr: NDArray[np.uint8], poses: Poses, skeleton: Skeleton
    ) -> tuple[NDArray[np.float16] | None, float | None]:
        """The appearance (N, D) of N people, and how likely the scene was cut before this image; None = not known."""
        ...


@dataclass(frozen=True, slots=True)
class Detected:
    """A frame with what was found in it."""

    frame: Frame
    detections: Detections
    times: StageMilliseconds


class Detector:
    """Finds the people of frames: estimator, and looks if they are wanted."""

    def __init__(self, estimator: Estimator, looks: Looks | None = None) -> None:
        self._estimator, self._looks = estimator, looks

    @property
    def skeleton(self) -> Skeleton:
        return self._estimator.skeleton

    def __call__(self, frame: Frame) -> Detected:
        return self._detected(frame, *self._estimator.estimate(frame.image_bgr))

    def counting_from(self, frames: int) -> Detector:
        """The same for a source of which so many frames were looked at before."""
        estimator = self._estimator
        if isinstance(estimator, CountingEstimator):
            estimator = estimator.counting_from(frames)
        return Detector(estimator, self._looks)

    def prime(self, images_bgr: Iterable[NDArray[np.uint8]]) -> None:
        """Go on after these images, the last ones that were looked at in an earlier run."""
        if self._looks is None:
            return
        for image_bgr in images_bgr:
            self._looks(image_bgr, Poses.empty(self.skeleton.num_keypoints), self.skeleton)

    def stream(self, frames: Iterable[Frame]) -> Generator[Detected, None, None]:
        """All frames in order, some frames late: each is decoded while others are in the network.

        If `frames` raises, what was found in the frames before it still comes first.
        """
        estimator = self._estimator
        if not isinstance(estimator, AsyncEstimator):
            yield from map(self, frames)
            return
        estimator = estimator.with_streams(STREAMS)
        waiting: deque[tuple[Frame, Future[Any]]] = deque()

        def finish_first() -> Detected:
            frame, inferred = waiting.popleft()
            return self._detected(frame, *estimator.decode(inferred.result()))

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

    def _detected(self, frame: Frame, poses: Poses, times: StageMilliseconds) -> Detected:
        # In the memory layout in which a store gives them back: sums over them then have the same last digit.
        poses = Poses(*(np.ascontiguousarray(a, np.float32) for a in (poses.keypoints, poses.scores, poses.confidence)))
        appearance, cut = None, None
        if self._looks is not None:
            appearance, cut = self._looks(frame.image_bgr, poses, self.skeleton)
        return Detected(frame, Detections(frame.index, frame.time_s, poses, appearance, cut), times)


class Pipeline:
    """Call it with the frames of one source in order; `reset` before another source, `forget_people` after a jump."""

    def __init__(self, estimator: Estimator, tracker: PersonTracker, looks: Looks | None = None) -> None:
        self._detector, self._tracker = Detector(estimator, looks), tracker

    @property
    def skeleton(self) -> Skeleton:
        return self._detector.skeleton

    def reset(self) -> None:
        self._tracker.reset()

    def forget_people(self) -> None:
        """After a jump nobody is where they were; those who come get ids that nobody had."""
        self._tracker.forget_people()

    def __call__(self, frame: Frame) -> FrameResult:
        detected = self._detector(frame)
        start = time.perf_counter()
        found = detected.detections
        if found.begins_shot:
            self._tracker.forget_people()
        tracks = self._tracker.update(found.poses, frame.time_s, found.appearance)
        track_ms = 1e3 * (time.perf_counter() - start)
        times = detected.times
        stages = StageTimes(times.preprocess_ms, times.inference_ms, times.decode_ms, track_ms)
        return FrameResult(frame, tracks, stages, detections=detected.detections)
