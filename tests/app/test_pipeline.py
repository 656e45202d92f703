from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest

from app.pipeline import Pipeline
from app.types import Frame
from pose.skeleton import CROWDPOSE14
from tests.fakes import FakeEstimator
from tracking.tracker import Tracker


class TwoStageFake(FakeEstimator):
    """Like the real estimator, a network half and a decoding half."""

    streams = 1

    def with_streams(self, streams: int) -> TwoStageFake:
        return self

    def infer(self, image_bgr: np.ndarray) -> Any:
        return image_bgr

    def decode(self, inferred: Any) -> Any:
        return self.estimate(inferred)


class ParallelFake(TwoStageFake):
    """Two frames have to be in its network at a time: none gets out alone."""

    def __init__(self) -> None:
        super().__init__()
        self.streams = 1
        self._both_in = threading.Barrier(2)

    def with_streams(self, streams: int) -> ParallelFake:
        other = ParallelFake()
        other.streams = min(streams, 2)
        return other

    def infer(self, image_bgr: np.ndarray) -> Any:
        if self.streams == 2:
            self._both_in.wait(timeout=10)
        return image_bgr


def frames(count: int) -> list[Frame]:
    return [Frame(i, i / 25, np.full((48, 64, 3), i, np.uint8)) for i in range(count)]


@pytest.mark.parametrize("kind", [FakeEstimator, TwoStageFake, ParallelFake])
@pytest.mark.parametrize("count", [0, 2, 8])
def test_stream_gives_what_single_calls_give(kind, count):
    single = Pipeline(kind(), Tracker(CROWDPOSE14))
    expected = [single(frame) for frame in frames(count)]
    streamed = list(Pipeline(kind(), Tracker(CROWDPOSE14)).stream(frames(count)))
    assert [r.frame.index for r in streamed] == list(range(count))
    for a, b in zip(streamed, expected, strict=True):
        assert a.tracks.ids.tolist() == b.tracks.ids.tolist()
        np.testing.assert_array_equal(a.tracks.poses.keypoints, b.tracks.poses.keypoints)


def test_results_before_a_failure_still_come():
    def broken():
        yield from frames(4)
        raise OSError("the cable is out")

    found = []
    results = Pipeline(TwoStageFake(), Tracker(CROWDPOSE14)).stream(broken())
    with pytest.raises(OSError, match="cable"):
        found.extend(result.frame.index for result in results)
    assert found == [0, 1, 2, 3]


def test_a_failing_network_is_reported():
    class Broken(TwoStageFake):
        def infer(self, image_bgr: np.ndarray) -> Any:
            raise MemoryError("no memory for the maps")

    with pytest.raises(MemoryError, match="maps"):
        list(Pipeline(Broken(), Tracker(CROWDPOSE14)).stream(frames(3)))


def test_what_fails_in_the_network_leaves_no_hole():
    class Third(TwoStageFake):
        def infer(self, image_bgr: np.ndarray) -> Any:
            if image_bgr[0, 0, 0] == 2:
                raise MemoryError("no memory for the maps")
            return image_bgr

    found = []
    with pytest.raises(MemoryError):
        found.extend(result.frame.index for result in Pipeline(Third(), Tracker(CROWDPOSE14)).stream(frames(6)))
    assert found == [0, 1]
