"""What the user asks for is done between two frames, however many the source has given meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from app.gui.live.session import Session
from app.gui.live.workers import Brain
from app.latest import LatestSlot
from app.types import FrameResult
from pose.types import Poses
from tests.fakes import FakeTimes
from tests.gui.studio import FAST, FakeCamera, Image, Recorded, SlowEstimator, camera_source

Maker = Callable[..., tuple[Session, Recorded]]


class HeldEstimator(SlowEstimator):
    """Stays in its first image until it may go on, and is slower than the camera after that."""

    def __init__(self) -> None:
        super().__init__(0.02)
        self.go_on = threading.Event()
        self.begun = 0

    def estimate(self, image_bgr: Image) -> tuple[Poses, FakeTimes]:
        self.begun += 1
        self.go_on.wait(10)
        return super().estimate(image_bgr)


class FirstWrite:
    """A recorder that notes how many images had been begun when it got its first result."""

    def __init__(self, estimator: HeldEstimator) -> None:
        self._estimator = estimator
        self.begun: int | None = None

    def write(self, result: FrameResult, brain: Brain) -> None:
        if self.begun is None:
            self.begun = self._estimator.begun

    def close(self) -> str:
        return ""


def test_a_recording_starts_with_the_next_images_of_a_source_that_is_too_fast(qtbot: Any, make_session: Maker) -> None:
    estimator = HeldEstimator()
    session, _ = make_session(estimator=estimator, sources={"camera": camera_source(lambda: FakeCamera(fps=200))})
    session.open("camera")
    qtbot.waitUntil(lambda: estimator.begun == 1, timeout=FAST)
    dropped = session._inference.frames.dropped
    qtbot.waitUntil(lambda: session._inference.frames.dropped > dropped + 40, timeout=FAST)
    recorder = FirstWrite(estimator)
    session.start_recording(recorder)
    estimator.go_on.set()
    qtbot.waitUntil(lambda: recorder.begun is not None, timeout=FAST)
    # The image in work and the one that waited may come before the request, no other.
    assert recorder.begun is not None and recorder.begun <= 3


def test_a_slot_tells_whether_its_reader_must_be_woken() -> None:
    slot: LatestSlot[int] = LatestSlot()
    assert [slot.put(1), slot.put(2)] == [True, False]
    assert slot.take() == 2
    assert slot.put(3)
    slot.close()
    assert not slot.put(4)
