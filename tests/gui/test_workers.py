"""The inference worker by itself, without threads."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from app.gui.live.capture import Captured
from app.gui.live.workers import Delivery, InferenceWorker
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
