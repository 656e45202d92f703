from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest

from app.pipeline import Detector, Pipeline
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
    expected = list(map(Detector(kind()), frames(count)))
    streamed = list(Detector(kind()).stream(frames(count)))
    assert [r.detections.frame_index for r in streamed] == list(range(count))
    for a, b in zip(streamed, expected, strict=True):
        assert a.frame.image_bgr[0, 0, 0] == a.frame.index == b.frame.index
        np.testing.assert_array_equal(a.detections.poses.keypoints, b.detections.poses.keypoints)


def test_a_result_holds_what_was_detected_and_who_it_is():
    pipeline = Pipeline(FakeEstimator(), Tracker(CROWDPOSE14))
    results = [pipeline(frame) for frame in frames(4)]
    assert results[-1].tracks.ids.tolist() == [1, 2]
    assert results[-1].detections is not None
    np.testing.assert_array_equal(results[-1].detections.poses.keypoints, results[-1].tracks.raw.keypoints)


def test_looks_are_asked_for_every_frame_in_order():
    asked = []

    def looks(image_bgr, poses, skeleton):
        asked.append(int(image_bgr[0, 0, 0]))
        return np.full((len(poses), 3), len(asked), np.float16), 0.5

    detector = Detector(TwoStageFake(), looks)
    detector.prime(frame.image_bgr + np.uint8(8) for frame in frames(2))
    found = [d.detections for d in detector.stream(frames(5))]
    assert asked == [8, 9, 0, 1, 2, 3, 4]
    assert [d.appearance[0, 0] for d in found] == [3, 4, 5, 6, 7] and {d.cut for d in found} == {0.5}


def test_results_before_a_failure_still_come():
    def broken():
        yield from frames(4)
        raise OSError("the cable is out")

    found = []
    results = Detector(TwoStageFake()).stream(broken())
    with pytest.raises(OSError, match="cable"):
        found.extend(result.frame.index for result in results)
    assert found == [0, 1, 2, 3]


def test_a_failing_network_is_reported():
    class Broken(TwoStageFake):
        def infer(self, image_bgr: np.ndarray) -> Any:
            raise MemoryError("no memory for the maps")

    with pytest.raises(MemoryError, match="maps"):
        list(Detector(Broken()).stream(frames(3)))


def test_what_fails_in_the_network_leaves_no_hole():
    class Third(TwoStageFake):
        def infer(self, image_bgr: np.ndarray) -> Any:
            if image_bgr[0, 0, 0] == 2:
                raise MemoryError("no memory for the maps")
            return image_bgr

    found = []
    with pytest.raises(MemoryError):
        found.extend(result.frame.index for result in Detector(Third()).stream(frames(6)))
    assert found == [0, 1]
