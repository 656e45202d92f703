"""The network works on the next picture while one is decoded; nothing else changes."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest

from app.gui.live_estimator import LiveEstimator
from app.types import StageTimes
from pose.skeleton import COCO17
from pose.types import Poses

Image = np.ndarray
WAIT_S = 10.0


class TwoStages:
    """Finds one person whose confidence is the picture's brightness; tells when each half begins."""

    skeleton = COCO17

    def __init__(self) -> None:
        self.inferred: list[int] = []
        self.began: dict[int, threading.Event] = {i: threading.Event() for i in range(10)}
        self.decode_waits_for: int | None = None
        self.decode_ms = 10.0

    def infer(self, image_bgr: Image) -> Any:
        number = int(image_bgr[0, 0, 0])
        self.inferred.append(number)
        self.began[number].set()
        if number == 9:
            raise RuntimeError("no")
        return number

    def decode(self, inferred: int) -> tuple[Poses, StageTimes]:
        if self.decode_waits_for is not None:
            assert self.began[self.decode_waits_for].wait(WAIT_S), "the next picture did not reach the network"
        poses = Poses(np.zeros((1, 17, 2), np.float32), np.ones((1, 17), np.float32), np.float32([inferred]))
        return poses, StageTimes(0, 10, self.decode_ms, 0)


def picture(number: int) -> Image:
    return np.full((2, 2, 3), number, np.uint8)


def number_of(result: tuple[Poses, Any]) -> int:
    return int(result[0].confidence[0])


def test_pictures_keep_their_own_results_and_are_inferred_once() -> None:
    stages, pictures = TwoStages(), [picture(i) for i in range(5)]
    rest = iter(pictures[2:])  # the first shows that decoding is long
    live = LiveEstimator(stages, lambda: next(rest, None))
    assert [number_of(live.estimate(p)) for p in pictures] == [0, 1, 2, 3, 4]
    assert stages.inferred == [0, 1, 2, 3, 4]
    live.close()


def test_the_next_picture_is_in_the_network_while_one_is_decoded() -> None:
    stages, first, second = TwoStages(), picture(1), picture(2)
    live = LiveEstimator(stages, lambda: second)
    live.estimate(picture(0))
    stages.decode_waits_for = 2
    assert number_of(live.estimate(first)) == 1
    live.close()


def test_short_decoding_is_not_worth_looking_ahead() -> None:
    stages = TwoStages()
    stages.decode_ms = 1.0
    live = LiveEstimator(stages, lambda: pytest.fail("looked ahead"))
    assert [number_of(live.estimate(picture(i))) for i in range(3)] == [0, 1, 2]
    live.close()


def test_another_picture_than_expected_gets_its_own_result() -> None:
    stages = TwoStages()
    live = LiveEstimator(stages, lambda: picture(7))
    live.estimate(picture(1))
    live.estimate(picture(2))
    assert number_of(live.estimate(picture(3))) == 3
    live.close()


def test_an_error_belongs_to_its_own_picture() -> None:
    stages, bad = TwoStages(), picture(9)
    coming: list[Image | None] = [bad, None]
    live = LiveEstimator(stages, lambda: coming.pop(0) if coming else None)
    assert number_of(live.estimate(picture(0))) == 0
    assert number_of(live.estimate(picture(1))) == 1
    with pytest.raises(RuntimeError):
        live.estimate(bad)
    assert number_of(live.estimate(picture(4))) == 4
    live.close()
