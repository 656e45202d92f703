"""The network works on the next image while one is decoded; nothing else changes."""

from __future__ import annotations

import threading
from collections import deque
from typing import Any

import numpy as np
import pytest

from app.gui.live.live_estimator import LiveEstimator
from app.types import StageTimes
from pose.skeleton import COCO17
from pose.types import Poses

Image = np.ndarray
WAIT_S = 10.0


class TwoStages:
    """Finds one person whose confidence is the image's brightness; tells when each half begins."""

    skeleton = COCO17
    streams = 1

    def __init__(self) -> None:
        self.inferred: list[int] = []
        self.began: dict[int, threading.Event] = {i: threading.Event() for i in range(10)}
        self.decode_waits_for: int | None = None
        self.inference_ms, self.decode_ms = 100.0, 30.0

    def infer(self, image_bgr: Image) -> Any:
        number = int(image_bgr[0, 0, 0])
        self.inferred.append(number)
        self.began[number].set()
        if number == 9:
            raise RuntimeError("no")
        return number

    def estimate(self, image_bgr: Image) -> tuple[Poses, StageTimes]:
        return self.decode(self.infer(image_bgr))

    def with_streams(self, streams: int) -> TwoStages:
        return self

    def decode(self, inferred: int) -> tuple[Poses, StageTimes]:
        if self.decode_waits_for is not None:
            assert self.began[self.decode_waits_for].wait(WAIT_S), "the next image did not reach the network"
        poses = Poses(np.zeros((1, 17, 2), np.float32), np.ones((1, 17), np.float32), np.float32([inferred]))
        return poses, StageTimes(0, self.inference_ms, self.decode_ms, 0)


def image(number: int) -> Image:
    return np.full((2, 2, 3), number, np.uint8)


def number_of(result: tuple[Poses, Any]) -> int:
    return int(result[0].confidence[0])


def test_images_keep_their_own_results_and_are_inferred_once() -> None:
    stages, images = TwoStages(), [image(i) for i in range(5)]
    rest = iter(images[2:])  # the first shows that decoding is long
    live = LiveEstimator(stages, lambda: next(rest, None))
    assert [number_of(live.estimate(p)) for p in images] == [0, 1, 2, 3, 4]
    assert stages.inferred == [0, 1, 2, 3, 4]
    live.close()


def test_the_next_image_is_in_the_network_while_one_is_decoded() -> None:
    stages, first, second = TwoStages(), image(1), image(2)
    live = LiveEstimator(stages, lambda: second)
    live.estimate(image(0))
    stages.decode_waits_for = 2
    assert number_of(live.estimate(first)) == 1
    live.close()


def test_short_decoding_is_not_worth_looking_ahead() -> None:
    stages = TwoStages()
    stages.decode_ms = 10.0
    live = LiveEstimator(stages, lambda: pytest.fail("looked ahead"))
    assert [number_of(live.estimate(image(i))) for i in range(3)] == [0, 1, 2]
    live.close()


def test_another_image_than_expected_gets_its_own_result() -> None:
    stages = TwoStages()
    live = LiveEstimator(stages, lambda: image(7))
    live.estimate(image(1))
    live.estimate(image(2))
    assert number_of(live.estimate(image(3))) == 3
    live.close()


def test_an_error_belongs_to_its_own_image() -> None:
    stages, bad = TwoStages(), image(9)
    coming: list[Image | None] = [bad, None]
    live = LiveEstimator(stages, lambda: coming.pop(0) if coming else None)
    assert number_of(live.estimate(image(0))) == 0
    assert number_of(live.estimate(image(1))) == 1
    with pytest.raises(RuntimeError):
        live.estimate(bad)
    assert number_of(live.estimate(image(4))) == 4
    live.close()


class ManyStages(TwoStages):
    """The same for two frames at a time, which only then is an estimator of its own."""

    def __init__(self, streams: int = 1) -> None:
        super().__init__()
        self.streams = streams
        self.inference_ms = 10.0
        self.parallel = ManyStages(2) if streams == 1 else None
        self.waits_for_another = self.met = False
        self.both_in = threading.Barrier(2, action=self._both_are_in)

    def _both_are_in(self) -> None:
        self.waits_for_another, self.met = False, True

    def with_streams(self, streams: int) -> ManyStages:
        assert self.parallel is not None and streams == 2
        return self.parallel

    def infer(self, image_bgr: Image) -> Any:
        if self.waits_for_another:
            self.both_in.wait(WAIT_S)
        return super().infer(image_bgr)


class Waiting:
    """Images that always wait, in order, as from a source that is faster than the network."""

    def __init__(self) -> None:
        self.shown = 0
        self.taken = deque[Image]()

    def look_ahead(self) -> Image:
        self.taken.append(image((self.shown + len(self.taken) + 1) % 9))
        return self.taken[-1]

    def show_next(self, live: LiveEstimator) -> None:
        image_bgr = self.taken.popleft() if self.taken else image(self.shown % 9)
        assert number_of(live.estimate(image_bgr)) == self.shown % 9
        self.shown += 1


@pytest.mark.parametrize(("in_parallel", "inference_ms"), [(None, 10.0), (True, 100.0)])
def test_two_images_at_a_time_once_images_wait(in_parallel: bool | None, inference_ms: float) -> None:
    """For a quick network, and for any if it is asked to."""
    stages, waiting = ManyStages(), Waiting()
    stages.inference_ms = inference_ms
    assert stages.parallel is not None
    live = LiveEstimator(stages, waiting.look_ahead)
    live.in_parallel = in_parallel
    while waiting.shown < 100_000 and not (stages.parallel.both_in.broken or stages.parallel.met):
        waiting.show_next(live)
        stages.parallel.waits_for_another = len(stages.parallel.inferred) > 5
    assert stages.parallel.met
    live.close()


def test_a_image_that_stands_alone_gets_all_cores() -> None:
    """As when somebody steps through a file that was playing."""
    stages, waiting = ManyStages(), Waiting()
    assert stages.parallel is not None
    plays = True
    live = LiveEstimator(stages, lambda: waiting.look_ahead() if plays else None)
    live.in_parallel = True
    while waiting.shown < 100_000 and not stages.parallel.inferred:
        waiting.show_next(live)
    plays = False
    while waiting.taken:
        waiting.show_next(live)
    before = len(stages.parallel.inferred)
    alone = len(stages.inferred)
    for _ in range(3):
        waiting.show_next(live)
    assert len(stages.parallel.inferred) == before and len(stages.inferred) == alone + 3
    live.close()


def test_a_camera_after_a_file_is_shown_as_soon_as_can_be() -> None:
    stages, waiting = ManyStages(), Waiting()
    stages.inference_ms, stages.decode_ms = 100.0, 10.0
    assert stages.parallel is not None
    live = LiveEstimator(stages, waiting.look_ahead)
    live.in_parallel = True
    while waiting.shown < 100_000 and not stages.parallel.inferred:
        waiting.show_next(live)
    live.in_parallel = None
    while waiting.taken:
        waiting.show_next(live)
    before = len(stages.parallel.inferred)
    for _ in range(5):
        waiting.show_next(live)
    assert len(stages.parallel.inferred) == before and not waiting.taken
    live.close()


@pytest.mark.parametrize(
    ("waits", "inference_ms", "in_parallel"), [(False, 10.0, None), (True, 100.0, None), (True, 10.0, False)]
)
def test_nothing_is_shared_out_without_need(waits: bool, inference_ms: float, in_parallel: bool | None) -> None:
    """A camera that is slower than the network gets each image as soon as can be, and a slow network takes one."""
    stages = ManyStages()
    stages.inference_ms, stages.parallel = inference_ms, None  # asked for another setting, it would fail
    shown = deque([image(0)])

    def look_ahead() -> Image | None:
        if not waits:
            return None
        shown.append(image(1))
        return shown[-1]

    live = LiveEstimator(stages, look_ahead)
    live.in_parallel = in_parallel
    for _ in range(40):
        live.estimate(shown.popleft() if shown else image(2))
    assert not live._is_prepared
    live.close()


def test_an_engine_that_takes_one_at_a_time_is_not_asked_twice() -> None:
    stages, waiting = TwoStages(), Waiting()
    stages.decode_ms = 10.0
    live = LiveEstimator(stages, waiting.look_ahead)
    live.in_parallel = True
    while waiting.shown < 100_000 and not (live._is_prepared and live._preparing is None):
        waiting.show_next(live)
    while waiting.taken:
        waiting.show_next(live)
    for _ in range(5):
        waiting.show_next(live)
    assert not waiting.taken, "looked ahead, though it gains nothing"
    live.close()
