"""The inference worker by itself, without threads."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from app.gui.live.capture import Captured
from app.gui.live.workers import InferenceWorker
from app.gui.view.delivery import Delivery
from app.latest import LatestSlot
from app.types import Frame
from tests.fakes import FakeEstimator
from tests.gui.studio import brain_of


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
