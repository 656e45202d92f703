"""The inference worker by itself, without threads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from app.gui.live.capture import Captured
from app.gui.live.workers import InferenceWorker
from app.gui.view.delivery import Delivery
from app.latest import LatestSlot
from app.types import Frame
from pose.types import Poses
from tests.fakes import FakeEstimator, FakeTimes
from tests.gui.studio import brain_of
from tracking.types import TrackedPoses


@pytest.mark.parametrize(
    ("setting", "live", "in_parallel"),
    [("auto", True, None), ("auto", False, True), ("one", False, False), ("two", True, True)],
)
def test_files_may_be_shown_later_than_cameras(setting: str, live: bool, in_parallel: bool | None) -> None:
    frames: LatestSlot[Captured] = LatestSlot()
    results: LatestSlot[Delivery] = LatestSlot()
    worker = InferenceWorker(frames, results)
    worker.set_brain(replace(brain_of(FakeEstimator()), parallel_requests=setting))  # type: ignore[arg-type]
    frames.put(Captured(Frame(0, 0.0, np.zeros((48, 64, 3), np.uint8)), 0.0, False, 1, live))
    worker.process()
    assert results.take() is not None
    assert worker._live is not None and worker._live.in_parallel is in_parallel
    worker._live.close()


def test_late_frames_of_a_source_that_was_left_take_no_identities() -> None:
    frames: LatestSlot[Captured] = LatestSlot()
    results: LatestSlot[Delivery] = LatestSlot()
    worker = InferenceWorker(frames, results)
    worker.set_brain(brain_of(FakeEstimator()))

    def look(key: int) -> Delivery | None:
        frames.put(Captured(Frame(0, 0.0, np.zeros((48, 64, 3), np.uint8)), 0.0, False, key, True))
        worker.process()
        return results.take()

    assert look(1) is not None
    worker.forget_source(2)
    assert look(1) is None
    new = look(2)
    assert new is not None and new.result.tracks.ids.tolist() == [1, 2]
    assert worker._live is not None
    worker._live.close()


class AimedEstimator(FakeEstimator):
    """Notes which pose it was told to look at again, before each image."""

    def __init__(self) -> None:
        super().__init__()
        self.wanted: list[NDArray[np.float32] | None] = []
        self._aim: Callable[[], NDArray[np.float32] | None] | None = None

    def aimed_at(self, aim: Callable[[], NDArray[np.float32] | None]) -> AimedEstimator:
        self._aim = aim
        return self

    def estimate(self, image_bgr: NDArray[np.uint8]) -> tuple[Poses, FakeTimes]:
        if self._aim is not None:
            self.wanted.append(self._aim())
        return super().estimate(image_bgr)


def test_a_second_look_for_the_locked_person_is_told_where_they_were() -> None:
    frames: LatestSlot[Captured] = LatestSlot()
    results: LatestSlot[Delivery] = LatestSlot()
    worker, estimator = InferenceWorker(frames, results), AimedEstimator()
    shown: list[TrackedPoses] = []

    def look() -> None:
        frames.put(Captured(Frame(len(shown), len(shown) / 25, np.zeros((48, 64, 3), np.uint8)), 0.0, False, 1, True))
        worker.process()
        delivery = results.take()
        assert delivery is not None
        shown.append(delivery.result.tracks)

    worker.set_brain(brain_of(estimator))
    look()
    assert estimator.wanted == []  # everybody, as it comes
    worker._last = None
    worker.set_brain(replace(brain_of(estimator), refine_whom="locked"))
    look()
    worker.set_locked(2)
    look()
    worker.set_locked(0)
    look()
    assert [pose is None for pose in estimator.wanted] == [True, False, True]
    before = shown[1]
    np.testing.assert_array_equal(estimator.wanted[1], before.poses.keypoints[before.ids.tolist().index(2)])
    assert worker._live is not None
    worker._live.close()
