"""The live command: a source as it happens, until it ends or is stopped."""

from __future__ import annotations

import importlib.util
import itertools
import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from app.cli import OK, SOME_FAILED, USAGE, main
from app.live.frame import FrameMaker, LiveFrame, LiveSettings
from app.live.output import LiveOut
from app.live.session import captured, run_live
from app.pipeline import Pipeline
from app.sources.camera import LiveSource
from app.sources.opening import open_source
from app.threads import Stopped, StopSignal
from pose.skeleton import CROWDPOSE14
from tests.fakes import FakeEstimator, ListSource
from tracking.tracker import Tracker


class Kept:
    """An output that keeps what it gets."""

    name, warning = "test output", ""

    def __init__(self) -> None:
        self.frames: list[LiveFrame] = []

    def send(self, frame: LiveFrame) -> None:
        self.frames.append(frame)

    def close(self) -> None:
        pass


def clip(count: int, fps: float) -> ListSource:
    return ListSource([np.zeros((64, 96, 3), np.uint8)] * count, fps)


class Camera:
    """Gives `count` images, then hangs as some drivers do when the cable is pulled, until `plugged`."""

    def __init__(self, count: int) -> None:
        self.left, self.plugged, self.released = count, threading.Event(), threading.Event()

    def isOpened(self) -> bool:
        return True

    def grab(self) -> bool:
        if self.left <= 0:
            self.plugged.wait(60)
            return False
        self.left -= 1
        time.sleep(0.005)
        return True

    def retrieve(self) -> tuple[bool, Any]:
        return True, np.zeros((48, 64, 3), np.uint8)

    def get(self, prop: int) -> float:
        return 30.0

    def release(self) -> None:
        self.released.set()


def session(source: Any, stop: StopSignal, **options: Any) -> tuple[Any, list[LiveFrame]]:
    kept = Kept()
    pipeline = Pipeline(FakeEstimator(), Tracker(CROWDPOSE14))
    with source, LiveOut(FrameMaker(LiveSettings(), CROWDPOSE14), [kept]) as out:
        figures = run_live(source, pipeline, out, stop, **options)
        deadline_s = time.perf_counter() + 10
        while out.senders[0]._waiting and time.perf_counter() < deadline_s:
            time.sleep(0.01)
    return figures, kept.frames


def test_a_file_plays_at_its_own_rate_and_again_and_again() -> None:
    stop = StopSignal()
    source = clip(count=5, fps=50.0)
    got: list[tuple[int, float, float]] = []
    start_s = time.perf_counter()
    for frame, due_s in captured(source, stop, loop=True):
        assert time.perf_counter() >= due_s
        got.append((frame.index, frame.time_s, due_s - start_s))
        if len(got) == 12:
            break
    assert [index for index, _, _ in got] == list(range(12))
    assert np.allclose([time_s for _, time_s, _ in got], np.arange(12) / 50)
    assert np.allclose(np.diff([due for _, _, due in got]), 1 / 50)


def test_a_file_that_is_decoded_too_slowly_plays_slower_and_does_not_fall_behind() -> None:
    class Slow(ListSource):
        def _retrieve(self) -> Any:
            time.sleep(0.05)
            return super()._retrieve()

    source = Slow([np.zeros((8, 8, 3), np.uint8)] * 30, fps=200.0)
    late = [time.perf_counter() - due_s for _, due_s in captured(source, StopSignal())]
    assert len(late) == 30 and late[-1] < 0.6, "30 frames are 1.35 s late in all"


def test_a_source_that_ends_ends_the_session() -> None:
    figures, frames = session(clip(count=4, fps=10.0), StopSignal())
    assert figures.frames + figures.dropped == 4
    assert [len(frame.people) for frame in frames][-1] == 2


@pytest.mark.parametrize("device", [0, "rtsp://me:secret@camera/live"])
def test_a_camera_that_hangs_is_left_within_a_second(device: int | str) -> None:
    stop, camera = StopSignal(), Camera(20)
    source = LiveSource(device, opener=lambda *_: camera, backends=(1,), sleep=stop.sleep)
    threading.Timer(0.6, stop.set).start()
    start_s = time.perf_counter()
    figures, frames = session(source, stop)
    assert time.perf_counter() - start_s < 5, "the driver would hang for a minute"
    assert figures.frames > 0 and frames
    assert not camera.released.is_set(), "not while the driver is in it"
    camera.plugged.set()
    assert camera.released.wait(5), "but as soon as it comes back"


def test_opening_a_stream_that_does_not_answer_can_be_stopped() -> None:
    stop, answered = StopSignal(), threading.Event()

    def opener(*_: Any) -> Camera:
        answered.wait(60)
        return Camera(1)

    threading.Timer(0.3, stop.set).start()
    start_s = time.perf_counter()
    with pytest.raises(Stopped):
        LiveSource("rtsp://camera/live", opener=opener, backends=(1,), sleep=stop.sleep)
    assert time.perf_counter() - start_s < 5
    answered.set()


def test_asking_whether_a_file_is_stored_at_an_address_can_be_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    stop, answered = StopSignal(), threading.Event()
    monkeypatch.setattr("app.sources.opening.is_stored", lambda url: answered.wait(60))
    threading.Timer(0.3, stop.set).start()
    start_s = time.monotonic()
    with pytest.raises(Stopped):
        open_source("http://camera/live", sleep=stop.sleep)
    assert time.monotonic() - start_s < 5
    answered.set()


def test_times_of_capture_are_those_of_the_camera() -> None:
    stop, camera = StopSignal(), Camera(10)
    before_s = time.perf_counter()
    source = LiveSource(0, opener=lambda *_: camera, backends=(1,), sleep=stop.sleep)
    stamps = [(stamp, time.perf_counter()) for _, stamp in itertools.islice(captured(source, stop), 10)]
    assert all(before_s <= stamp <= came_s < stamp + 1 for stamp, came_s in stamps)
    assert stamps == sorted(stamps)


@pytest.fixture
def quick_model(monkeypatch: pytest.MonkeyPatch) -> Callable[[], FakeEstimator]:
    class Estimator(FakeEstimator):
        input_size = 64

        class spec:
            name = "fake"

        class engine:
            name, device, precision = "fake", "cpu", "fp32"

    monkeypatch.setattr("app.models.loading.load_model", lambda *_: Estimator())
    return Estimator


@pytest.mark.usefixtures("quick_model")
def test_the_command_needs_an_output_and_says_what_is_wrong(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["live", "0"]) == USAGE
    assert "Say where the poses go" in capsys.readouterr().err
    assert main(["live", "0", "--osc", "host:port"]) == USAGE
    assert main(["live", "0", "--osc", "9000", "--repetitions", "toe"]) == USAGE
    assert main(["live", "no_such_file.mp4", "--osc", "9000"]) == SOME_FAILED
    monkeypatch.setitem(__import__("sys").modules, "pythonosc.osc_bundle_builder", None)
    monkeypatch.setattr("app.sources.open_source", lambda *_, **__: clip(count=3, fps=30.0))
    assert main(["live", "clip.mp4", "--model", "fake", "--osc", "9000"]) == SOME_FAILED
    assert "OSC needs the package python-osc" in capsys.readouterr().err


@pytest.mark.usefixtures("quick_model")
@pytest.mark.skipif(importlib.util.find_spec("websockets") is None, reason="websockets is not installed")
def test_the_command_says_where_the_poses_go_and_warns_if_they_leave(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.sources.open_source", lambda *_, **__: clip(count=3, fps=30.0))
    assert main(["live", "clip.mp4", "--model", "fake", "--websocket", "0.0.0.0:49377"]) == OK
    said = capsys.readouterr().err
    assert "ws://0.0.0.0:49377/" in said
    assert "Poses leave this machine: whoever reaches 0.0.0.0:49377 gets them." in said
    assert "frames sent" in said
    assert main(["live", "clip.mp4", "--model", "fake", "--websocket", "49377"]) == OK
    assert "leave" not in capsys.readouterr().err
