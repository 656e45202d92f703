"""OSC, WebSocket, LSL and virtual camera, received by independent programs' libraries on this machine."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import math
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from app.live.address import Address
from app.live.frame import LiveSettings, channel_names
from app.live.output import DEPTH, LiveOut
from app.repetitions import RepetitionSettings
from pose.errors import MediaError
from tests.app.live_frames import FPS, made, result

needs_osc = pytest.mark.skipif(importlib.util.find_spec("pythonosc") is None, reason="python-osc is not installed")
needs_websockets = pytest.mark.skipif(importlib.util.find_spec("websockets") is None, reason="websockets is not there")
needs_lsl = pytest.mark.skipif(importlib.util.find_spec("pylsl") is None, reason="pylsl is not installed")

EVERYTHING = LiveSettings(angles=True, repetitions=(RepetitionSettings("knee"),))


def wait_until(condition: Callable[[], Any], seconds: float = 20.0) -> None:
    deadline_s = time.perf_counter() + seconds
    while not condition():
        assert time.perf_counter() < deadline_s
        time.sleep(0.005)


@contextlib.contextmanager
def osc_receiver() -> Iterator[tuple[int, list[tuple[str, tuple[Any, ...]]]]]:
    """A port, and the messages that came there."""
    from pythonosc.dispatcher import Dispatcher
    from pythonosc.osc_server import BlockingOSCUDPServer

    got: list[tuple[str, tuple[Any, ...]]] = []
    dispatcher = Dispatcher()

    def keep(address: str, *values: Any) -> None:
        got.append((address, values))

    dispatcher.set_default_handler(keep)
    with BlockingOSCUDPServer(("127.0.0.1", 0), dispatcher) as server:
        server.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server.server_address[1], got
        finally:
            server.shutdown()
            thread.join()


@needs_osc
def test_osc_says_who_is_where() -> None:
    from app.live.osc import OscOutput

    maker, run = made(EVERYTHING)
    with osc_receiver() as (port, got), LiveOut(maker, [OscOutput(Address("127.0.0.1", port), run)]) as out:
        out.publish(result(7, ids=(3, 4), missing=("left_ankle",)), time.perf_counter())
        wait_until(lambda: len(got) >= 2 + 4 + 2 * (2 + 14) + 2)
        said = dict(got)
        index, time_s, people, latency_ms = said["/litepose/frame"]
        assert (index, people) == (7, 2) and time_s == pytest.approx(7 / FPS) and 0 <= latency_ms < 60_000
        assert said["/litepose/size"] == (640, 480)
        assert [said[f"/litepose/{slot}/present"] for slot in (1, 2, 3, 4)] == [(1,), (1,), (0,), (0,)]
        assert said["/litepose/2/id"] == (4,)
        assert said["/litepose/1/neck"] == (307.0, 150.0, 0.75)
        assert said["/litepose/1/left_ankle"] == (0.0, 0.0, 0.0)
        assert said["/litepose/1/angle/right_knee"][0] == pytest.approx(math.degrees(math.pi), abs=10)
        assert said["/litepose/1/repetitions/knee"][0] == 0
        assert not any(math.isnan(value) for _, values in got for value in values)


@needs_osc
def test_osc_keeps_the_last_position_of_a_joint_that_is_not_found() -> None:
    from app.live.osc import OscOutput

    maker, run = made(LiveSettings(joints=("neck",)))
    with osc_receiver() as (port, got), LiveOut(maker, [OscOutput(Address("127.0.0.1", port), run)]) as out:
        for i, (ids, missing) in enumerate([((1,), ()), ((1,), ("neck",)), ((2,), ("neck",))]):
            out.publish(result(i, ids, missing), time.perf_counter())
        wait_until(lambda: sum(address.endswith("/neck") for address, _ in got) == 3)
        necks = [(address, values) for address, values in got if address.endswith("/neck")]
    assert necks[0] == ("/litepose/1/neck", (100.0, 150.0, 0.75))
    assert necks[1] == ("/litepose/1/neck", (100.0, 150.0, 0.0))
    assert necks[2] == ("/litepose/2/neck", (0.0, 0.0, 0.0)), "not somebody else's"


@needs_osc
def test_osc_packets_fit_into_an_ethernet_frame() -> None:
    from app.live.osc import OscOutput

    maker, run = made(EVERYTHING)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", 0))
        receiver.settimeout(20)
        with LiveOut(maker, [OscOutput(Address(*receiver.getsockname()), run)]) as out:
            out.publish(result(0), time.perf_counter())
            sizes = [len(receiver.recv(1 << 16)) for _ in range(5)]
    assert max(sizes) <= 1472


@contextlib.contextmanager
def websocket_server(settings: LiveSettings | None = None, **options: Any) -> Iterator[tuple[LiveOut, Any, list[str]]]:
    from app.live.websocket import WebSocketOutput

    maker, run = made(settings)
    said: list[str] = []
    output = WebSocketOutput(Address("127.0.0.1", 0), run, notify=said.append, **options)
    with LiveOut(maker, [output], notify=said.append) as out:
        yield out, output, said


def url(output: Any) -> str:
    return f"ws://{output.address}/"


def silent_receiver(output: Any) -> socket.socket:
    """A connection that never reads what it gets."""
    dead = socket.create_connection(("127.0.0.1", output.address.port))
    dead.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    dead.sendall(f"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n{key}\r\n".encode())
    wait_until(lambda: output.receivers == 1)
    return dead


@needs_websockets
def test_websocket_sends_one_message_a_frame() -> None:
    from websockets.sync.client import connect

    with websocket_server(EVERYTHING) as (out, output, _), connect(url(output)) as client:
        hello = json.loads(client.recv(timeout=20))
        assert hello["type"] == "hello" and hello["format"] == "litepose-live/1"
        assert hello["joints"][-1] == "neck" and ["head_top", "neck"] in hello["edges"]
        for i in range(30):
            out.publish(result(i, ids=(3, 4), missing=("left_ankle",)), time.perf_counter())
            message = json.loads(client.recv(timeout=20))
            assert (message["frame"], message["width"], message["height"]) == (i, 640, 480)
            assert abs(message["captured_at"] - time.time()) < 60
            first, second = message["people"]
            assert (first["slot"], first["id"], second["slot"]) == (1, 3, 2)
            assert first["keypoints"]["neck"] == [300 + i, 150, 0.75]
            assert first["keypoints"]["left_ankle"] is None
            assert first["angles"]["left_knee"] is None and first["repetitions"]["knee"]["count"] == 0


@needs_websockets
@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        (None, True),
        ("http://127.0.0.1:{port}", True),
        ("http://localhost:{port}", True),
        ("http://localhost:5173", True),  # named by the user
        ("http://127.0.0.1:1", False),
        ("https://127.0.0.1:{port}", False),
        ("http://evil.example", False),
        ("http://evil.example:{port}", False),
        ("null", False),
        ("file://", False),
        ("", False),
    ],
)
def test_web_pages_of_other_origins_are_refused(origin: str | None, allowed: bool) -> None:
    from websockets.exceptions import InvalidStatus
    from websockets.sync.client import connect

    with websocket_server(origins=["http://localhost:5173/"]) as (_, output, _):
        named = None if origin is None else origin.format(port=output.address.port)
        headers = {} if named is None else {"Origin": named}
        if allowed:
            with connect(url(output), additional_headers=headers) as client:
                assert json.loads(client.recv(timeout=20))["type"] == "hello"
        else:
            with pytest.raises(InvalidStatus, match="403"):
                connect(url(output), additional_headers=headers)


def test_from_another_machine_the_page_is_known_by_the_address_of_this_one() -> None:
    from app.live.websocket import is_allowed

    assert is_allowed("http://192.168.1.5:9001", "192.168.1.5:9001", ())
    assert is_allowed("http://[fe80::1]:9001", "[fe80::1]:9001", ())
    assert not is_allowed("http://evil.example:9001", "evil.example:9001", ()), "a name can be pointed anywhere"
    assert not is_allowed("http://6.6.6.6:9001", "192.168.1.5:9001", ())


def test_on_the_usual_port_of_pages_browsers_name_none() -> None:
    from app.live.websocket import is_allowed, own_origins

    origins = own_origins(Address("127.0.0.1", 80))
    for host in ("localhost", "127.0.0.1", "[::1]"):
        assert is_allowed(f"http://{host}", host, origins)
    assert is_allowed("http://192.168.1.5", "192.168.1.5", ()) and is_allowed("http://[fe80::1]", "[fe80::1]", ())
    assert not is_allowed("http://evil.example", "evil.example", origins)
    assert not is_allowed("http://localhost", "localhost", own_origins(Address("127.0.0.1", 9001)))


@needs_websockets
def test_a_stalled_websocket_receiver_holds_up_nobody_and_memory_stays_flat() -> None:
    from websockets.sync.client import connect

    with websocket_server() as (out, output, _), silent_receiver(output):
        with connect(url(output)) as client:
            client.recv(timeout=20)
            for i in range(500):
                out.publish(result(i, ids=range(1, 5)), time.perf_counter())
                assert json.loads(client.recv(timeout=20))["frame"] == i
        (stalled,) = (queue for connection, queue in output._queues.items() if queue._messages)
        assert len(stalled._messages) <= DEPTH
        waiting = [connection.transport.get_write_buffer_size() for connection in output._queues]
        assert sum(waiting) < 100_000
        assert out.senders[0].dropped == 0


@needs_websockets
def test_a_receiver_that_is_killed_costs_one_sentence() -> None:
    from websockets.sync.client import connect

    with websocket_server() as (out, output, said):
        with connect(url(output)) as leaving:
            leaving.recv(timeout=20)
        wait_until(lambda: output.receivers == 0)
        assert said == [], "whoever says goodbye is not lost"
        silent_receiver(output).close()
        wait_until(lambda: output.receivers == 0)
        out.publish(result(0), time.perf_counter())
        assert said == ["A WebSocket receiver at 127.0.0.1 was lost."]


@needs_websockets
def test_a_port_that_is_taken_is_named() -> None:
    from app.live.websocket import WebSocketOutput

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(MediaError, match=r"WebSocket cannot use 127\.0\.0\.1:"):
            WebSocketOutput(Address(*taken.getsockname()), made()[1])


@pytest.mark.parametrize(
    ("module", "output"),
    [
        pytest.param("app.live.osc", "OscOutput", marks=needs_osc),
        pytest.param("app.live.websocket", "WebSocketOutput", marks=needs_websockets),
    ],
)
def test_what_cannot_be_the_name_of_a_host_is_named(module: str, output: str) -> None:
    with pytest.raises(MediaError, match=r" a\.\.b:9000 \("):
        getattr(importlib.import_module(module), output)(Address("a..b", 9000), made()[1])


@needs_websockets
def test_the_page_comes_from_the_same_port_and_needs_no_other() -> None:
    import urllib.error
    import urllib.request

    with websocket_server() as (_, output, _):
        with urllib.request.urlopen(output.page, timeout=20) as answer:
            text = answer.read().decode()
            assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "<canvas" in text and "src=" not in text and "href=" not in text and "@import" not in text
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(output.page + "secret", timeout=20)


_LSL_RECEIVER = """
import json, sys
import pylsl
pylsl.util.set_config_content(sys.argv[1])
found = {}
for slot in (1, 2):
    (info,) = pylsl.resolve_byprop("name", f"{sys.argv[2]} {slot}", timeout=20)
    inlet = found[slot] = pylsl.StreamInlet(info)
    inlet.open_stream(20)
    print(json.dumps(inlet.info(20).get_channel_labels()), flush=True)
samples = {slot: [inlet.pull_sample(20) for _ in range(20)] for slot, inlet in found.items()}
samples = {slot: [([repr(v) for v in values], stamp) for values, stamp in pulled] for slot, pulled in samples.items()}
print(json.dumps([samples, pylsl.local_clock()]))
"""


@needs_lsl
def test_lsl_has_a_stream_a_slot_with_named_channels_and_times_of_capture() -> None:
    from app.live import lsl

    maker, run = made(LiveSettings(slots=2, joints=("neck",), repetitions=(RepetitionSettings("knee"),)))
    name = f"LitePose test {time.monotonic_ns()}"
    output = lsl.LslOutput(run, name)
    assert "network" in output.warning, "its library listens on all addresses, which the user must know"
    receiver = [sys.executable, "-c", _LSL_RECEIVER, lsl._THIS_MACHINE, name]
    with (
        LiveOut(maker, [output]) as out,
        subprocess.Popen(receiver, stdout=subprocess.PIPE, text=True) as process,
    ):
        assert process.stdout is not None
        labels = [json.loads(process.stdout.readline()) for _ in range(2)]
        sent = []
        for i in range(20):  # person 9 in slot 1; slot 2 is empty
            sent.append(time.perf_counter() - 0.040)
            out.publish(result(i, ids=(9,)), sent[-1])
            wait_until(lambda i=i: out.senders[0].sent == i + 1)  # type: ignore[misc]
        samples, _ = json.loads(process.communicate(timeout=60)[0])
    assert labels == [[*channel_names(run), "track_id"]] * 2
    assert labels[0] == ["neck_x", "neck_y", "neck_score", "knee_count", "track_id"]
    first, second = samples["1"], samples["2"]
    assert [float(values[0]) for values, _ in first] == [900.0 + i for i in range(20)]
    assert {values[-1] for values, _ in first} == {"9.0"}
    assert {tuple(values) for values, _ in second} == {("nan", "nan", "nan", "nan", "0.0")}
    assert [stamp for _, stamp in first] == [stamp for _, stamp in second]
    # pylsl's clock is another one: what must agree are the differences, and the 40 ms that capture lies back.
    import pylsl

    shift_s = pylsl.local_clock() - time.perf_counter()
    assert np.allclose([stamp - shift_s for _, stamp in first], sent, atol=0.005)


class FakeCamera:
    device = "/dev/video9"

    def __init__(self, width: int, height: int, fps: float, **options: Any) -> None:
        self.size, self.sent, self.closed = (width, height), [], 0

    def send(self, image: Any) -> None:
        assert image.shape[1::-1] == self.size and image.dtype == np.uint8 and image.flags["C_CONTIGUOUS"]
        self.sent.append(image)

    def close(self) -> None:
        self.closed += 1


@pytest.mark.skipif(importlib.util.find_spec("pyvirtualcam") is None, reason="pyvirtualcam is not installed")
def test_the_virtual_camera_shows_the_people_or_is_missed_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    import pyvirtualcam

    from app.live.virtual_camera import VirtualCameraOutput

    maker, run = made()
    with pytest.raises(MediaError, match="/dev/video77 is no virtual camera of this system"):
        VirtualCameraOutput(run, device="/dev/video77")
    monkeypatch.setattr(pyvirtualcam, "Camera", FakeCamera)
    output = VirtualCameraOutput(run)
    with LiveOut(maker, [output]) as out:
        out.publish(result(0), 0.0)
        wait_until(lambda: out.senders[0].sent == 1)
    output.close()
    camera = output._camera
    assert camera.closed == 1 and len(camera.sent) == 1 and camera.sent[0].any(), "something was drawn on the black"
