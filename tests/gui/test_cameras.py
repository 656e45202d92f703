"""Live sources: cameras as they misbehave in the field, and a real stream over HTTP."""

from __future__ import annotations

import http.server
import threading
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from app.gui.live import capture as capture_module
from app.gui.live.session import Session
from app.gui.shell import backend
from app.gui.shell.backend import open_any
from app.gui.shell.cameras import CameraInfo, CameraPreview, _linux_cameras
from app.settings import Settings
from tests.app.media import file_server, write_video
from tests.gui.studio import FAST, FakeCamera, Recorded, SlowEstimator, camera_source, our_threads

Maker = Callable[..., tuple[Session, Recorded]]


@pytest.fixture(autouse=True)
def quick_reconnects(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capture_module, "RECONNECT_WAIT_S", (0.05,))
    monkeypatch.setattr("app.sources.camera.NO_FRAME_TIMEOUT_S", 0.2)


def test_a_camera_is_asked_for_what_the_settings_say_when_it_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(backend, "LiveSource", lambda device, **options: asked.append((device, options["size"])))
    settings = Settings()
    open_source = backend.real_backend(lambda: settings).open_source
    open_source(1, time.sleep)
    settings = Settings(camera_size="1920x1080")
    open_source(1, time.sleep)
    assert asked == [(1, None), (1, (1920, 1080))]


def test_a_slow_camera_is_waited_for(qtbot: Any, make_session: Maker) -> None:
    session, told = make_session(sources={0: camera_source(lambda: FakeCamera(start_s=0.6))})
    session.open(0)
    assert session.state.phase == "opening"
    qtbot.waitUntil(lambda: len(told.deliveries) > 3, timeout=FAST)
    assert not told.lost and session.state.live


def test_the_rate_is_what_comes_not_what_the_camera_says(qtbot: Any, make_session: Maker) -> None:
    session, told = make_session(sources={0: camera_source(lambda: FakeCamera(fps=15, says_fps=30))})
    session.open(0)
    qtbot.waitUntil(lambda: len(told.deliveries) > 15, timeout=FAST)
    times = [d.result.frame.time_s for d in told.deliveries]
    assert 1 / np.median(np.diff(times)) < 18


@pytest.mark.parametrize(("width", "height"), [(1, 1), (641, 479), (17, 999)])
def test_odd_sizes_are_shown(qtbot: Any, make_session: Maker, width: int, height: int) -> None:
    session, told = make_session(sources={0: camera_source(lambda: FakeCamera(width, height))})
    session.open(0)
    qtbot.waitUntil(lambda: len(told.deliveries) > 2, timeout=FAST)
    assert told.last.result.frame.image_bgr.shape == (height, width, 3)


def test_an_unplugged_camera_is_said_and_taken_up_again(qtbot: Any, make_session: Maker) -> None:
    made: list[FakeCamera] = []

    def make() -> FakeCamera:
        made.append(FakeCamera(unplug_after=8) if not made else FakeCamera(opens=len(made) > 2))
        return made[-1]

    session, told = make_session(sources={0: camera_source(make)})
    session.open(0)
    qtbot.waitUntil(lambda: any("broke off" in wait for wait in told.waits), timeout=FAST)
    qtbot.waitUntil(lambda: len(told.deliveries) > 20, timeout=FAST)
    assert not told.lost and session.state.phase == "open"
    assert told.waits[-1] == ""
    assert made[0].released
    assert next(d.result.tracks.ids.tolist() for d in told.deliveries if d.analysed) == [1, 2]
    # The two openings are one sequence: time goes on, no number comes twice, and people keep theirs.
    moments = [(d.result.frame.index, d.result.frame.time_s) for d in told.deliveries]
    assert all(a < b for a, b in pairwise(moments)) and all(a[1] < b[1] for a, b in pairwise(moments))
    assert told.last.result.tracks.ids.tolist() == [1, 2]


def test_a_live_image_is_held_and_goes_on(qtbot: Any, make_session: Maker) -> None:
    session, told = make_session(sources={0: camera_source(FakeCamera)})
    session.open(0)
    qtbot.waitUntil(lambda: len(told.deliveries) > 3, timeout=FAST)
    session.pause()
    qtbot.wait(100)
    count = len(told.deliveries)
    qtbot.wait(150)
    assert len(told.deliveries) == count
    session.play()
    qtbot.waitUntil(lambda: len(told.deliveries) > count + 3, timeout=FAST)


def test_live_latency_stays_small_when_inference_is_slower(qtbot: Any, make_session: Maker) -> None:
    session, told = make_session(estimator=SlowEstimator(0.08), sources={0: camera_source(lambda: FakeCamera(fps=200))})
    latencies: list[float] = []
    session.delivery_ready.connect(lambda d: latencies.append(time.perf_counter() - d.captured_s))
    session.open(0)
    qtbot.waitUntil(lambda: len(told.deliveries) > 20, timeout=FAST)
    assert np.median(latencies) < 2 * 0.08 + 0.05
    assert session.stats().dropped > 50


def test_leaving_a_camera_that_never_gives_a_image_takes_no_time(qtbot: Any, make_session: Maker) -> None:
    session, told = make_session(sources={0: camera_source(lambda: FakeCamera(start_s=60))})
    session.open(0)
    qtbot.wait(100)
    session.close_source()
    qtbot.waitUntil(lambda: not any(name.startswith("capture-") for name in our_threads()), timeout=1000)
    assert not told.lost


class _MotionJpeg(http.server.BaseHTTPRequestHandler):
    """Numbered images as multipart JPEG, 30 per second, until the client goes."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        self.end_headers()
        image = np.full((120, 160, 3), 80, np.uint8)
        jpeg = cv2.imencode(".jpg", image)[1].tobytes()
        try:
            for _ in range(600):
                head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
                self.wfile.write(head.encode() + jpeg + b"\r\n")
                time.sleep(1 / 30)
        except OSError:
            return

    def log_message(self, *arguments: object) -> None:
        return


@pytest.fixture
def stream_url() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _MotionJpeg)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/video.mjpeg"
    server.shutdown()
    server.server_close()


def test_a_real_stream_over_http_is_shown(qtbot: Any, make_session: Maker, stream_url: str) -> None:
    session, told = make_session(sources={stream_url: lambda sleep: open_any(stream_url, sleep)})
    session.open(stream_url)
    qtbot.waitUntil(lambda: len(told.deliveries) > 5 or bool(told.lost), timeout=20_000)
    assert not told.lost
    assert told.last.result.frame.image_bgr.shape == (120, 160, 3)
    assert session.state.live


def test_a_video_behind_an_address_plays_like_a_file(qtbot: Any, make_session: Maker, tmp_path: Path) -> None:
    write_video(tmp_path / "a.mp4", count=30)
    with file_server(tmp_path) as (address, _):
        url = f"{address}/a.mp4"
        session, told = make_session(sources={url: lambda sleep: open_any(url, sleep)})
        session.open(url)
        qtbot.waitUntil(lambda: bool(told.deliveries) or bool(told.lost), timeout=20_000)
        assert not told.lost and not session.state.live
        session.close_source()


def test_a_stream_that_is_not_there_is_said(qtbot: Any, make_session: Maker) -> None:
    url = "http://127.0.0.1:9/none"
    session, told = make_session(sources={url: lambda sleep: open_any(url, sleep)})
    session.open(url)
    qtbot.waitUntil(lambda: bool(told.lost), timeout=20_000)
    assert "address" in told.lost[0]


def test_a_thumbnail_shows_images_and_lets_the_camera_go(qtbot: Any) -> None:
    camera = FakeCamera(640, 480)
    source = camera_source(lambda: camera)
    preview = CameraPreview(0, lambda index, sleep: source(sleep))
    images: list[Any] = []
    preview.image.connect(lambda index, image: images.append(image))
    preview.start()
    qtbot.waitUntil(lambda: len(images) >= 2, timeout=FAST)
    assert images[0].shape == (240, 320, 3)
    preview.stop()
    assert preview.join(2.0)
    assert camera.released


def test_cameras_are_named_and_nodes_without_images_left_out(tmp_path: Path) -> None:
    for node, index, name in (("video0", 0, "Front camera"), ("video1", 1, "Front camera"), ("video10", 0, "USB cam")):
        (tmp_path / node).mkdir()
        (tmp_path / node / "index").write_text(f"{index}\n")
        (tmp_path / node / "name").write_text(f"{name}\n")
    (tmp_path / "video3").mkdir()
    assert _linux_cameras(tmp_path) == [CameraInfo(0, "Front camera"), CameraInfo(10, "USB cam")]
    assert _linux_cameras(tmp_path / "none") == []
