"""A session whose network takes two frames at a time: what is shown still belongs together."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.gui.live.session import Session
from app.types import StageTimes
from pose.skeleton import CROWDPOSE14
from pose.types import Poses
from tests.fakes import read_number
from tests.gui.studio import FAST, Recorded

Image = NDArray[np.uint8]
Maker = Callable[..., tuple[Session, Recorded]]


class SlowStages:
    """Slower than the clip. Tells in `preprocess_ms` the number of the image that it saw."""

    skeleton = CROWDPOSE14

    def __init__(self, streams: int = 1) -> None:
        self.streams = streams
        self.seen: list[int] = []
        self.for_two = SlowStages(2) if streams == 1 else self

    def with_streams(self, streams: int) -> SlowStages:
        return self.for_two

    def infer(self, image_bgr: Image) -> int:
        time.sleep(0.06 * self.streams)
        self.seen.append(read_number(image_bgr))
        return self.seen[-1]

    def decode(self, inferred: int) -> tuple[Poses, StageTimes]:
        return Poses.empty(14), StageTimes(inferred, 60.0, 1.0, 0.0)

    def estimate(self, image_bgr: Image) -> tuple[Poses, StageTimes]:
        return self.decode(self.infer(image_bgr))


def test_a_file_is_seen_two_at_a_time_and_stays_exact(qtbot: Any, make_session: Maker, clip: Path) -> None:
    stages = SlowStages()
    session, told = make_session(estimator=stages)
    session.set_loop(True)
    session.open(str(clip))
    qtbot.waitUntil(lambda: len(stages.for_two.seen) > 12, timeout=FAST)

    session.pause()
    session.seek(0.8)
    qtbot.waitUntil(lambda: told.last.analysed and told.indices[-1] == 20, timeout=FAST)
    session.step(1)
    qtbot.waitUntil(lambda: told.indices[-1] == 21, timeout=FAST)
    session.step(-1)
    qtbot.waitUntil(lambda: told.indices[-1] == 20, timeout=FAST)
    assert stages.seen[-2:] == [21, 20], "an image that stands alone gets all cores"
    assert not session.state.playing
    for delivery in told.deliveries:
        if delivery.analysed:
            number = delivery.result.frame.index
            assert delivery.result.times.preprocess_ms == number == read_number(delivery.result.frame.image_bgr)
