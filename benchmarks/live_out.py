"""Live outputs at a camera's rate: loss and delay from capture to receipt, memory, with stalled receivers beside.

`python -m benchmarks.live_out --seconds 600 --out results.json`

Each receiver is a program of its own with the usual library; on Linux they all have the same clock. The poses
are made beforehand, so that what is measured is the way from a finished frame to its receiver.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import multiprocessing
import os
import socket
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from app.live.address import Address
from app.live.frame import LiveSettings
from app.live.output import LiveOut
from app.repetitions import RepetitionSettings
from tests.app.live_frames import made, result

OSC_PORT, WEBSOCKET_PORT = 49301, 49302
STREAM = "LitePose benchmark"
SETTINGS = LiveSettings(angles=True, repetitions=(RepetitionSettings("knee"),))


def receive_osc(seconds: float, queue: Any) -> None:
    from pythonosc.dispatcher import Dispatcher
    from pythonosc.osc_server import BlockingOSCUDPServer

    got: list[tuple[int, float]] = []
    dispatcher = Dispatcher()
    dispatcher.map("/litepose/frame", lambda _, index, *rest: got.append((index, time.perf_counter())))
    with BlockingOSCUDPServer(("127.0.0.1", OSC_PORT), dispatcher) as server:
        threading.Timer(seconds, server.shutdown).start()
        queue.put("ready")
        server.serve_forever(0.05)
    queue.put(("osc", got))


def receive_websocket(seconds: float, queue: Any) -> None:
    from websockets.sync.client import connect

    got: list[tuple[int, float]] = []
    end_s = time.perf_counter() + seconds
    with connect(f"ws://127.0.0.1:{WEBSOCKET_PORT}/") as client:
        queue.put("ready")
        while (left_s := end_s - time.perf_counter()) > 0:
            with contextlib.suppress(TimeoutError):
                message = json.loads(client.recv(timeout=left_s))
                if message["type"] == "frame":
                    got.append((message["frame"], time.perf_counter()))
    queue.put(("websocket", got))


def receive_lsl(seconds: float, queue: Any) -> None:
    import pylsl

    from app.live.lsl import _THIS_MACHINE

    pylsl.util.set_config_content(_THIS_MACHINE)
    (info,) = pylsl.resolve_byprop("name", f"{STREAM} 1", timeout=30)
    inlet = pylsl.StreamInlet(info)
    inlet.open_stream(30)
    got: list[tuple[float, float]] = []
    end_s = time.perf_counter() + seconds
    queue.put("ready")
    while (left_s := end_s - time.perf_counter()) > 0:
        values, stamp = inlet.pull_sample(left_s)
        if values is not None:
            got.append((stamp - (pylsl.local_clock() - time.perf_counter()), time.perf_counter()))
    queue.put(("lsl", got))


def stalled_websocket() -> socket.socket:
    """A receiver that never reads."""
    dead = socket.create_connection(("127.0.0.1", WEBSOCKET_PORT))
    dead.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    dead.sendall(f"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n{key}\r\n".encode())
    return dead


def run(seconds: float, fps: float) -> dict[str, Any]:
    from app.live.lsl import LslOutput
    from app.live.osc import OscOutput
    from app.live.websocket import WebSocketOutput

    maker, about = made(SETTINGS)
    outputs = [
        OscOutput(Address("127.0.0.1", OSC_PORT), about),
        WebSocketOutput(Address("127.0.0.1", WEBSOCKET_PORT), about),
        LslOutput(about, STREAM),
    ]
    spawn = multiprocessing.get_context("spawn")
    queue = spawn.Queue()
    process = psutil.Process()
    threads_before = threading.active_count()
    with LiveOut(maker, outputs) as out:
        receivers = [
            spawn.Process(target=receive, args=(seconds + 20, queue), daemon=True)
            for receive in (receive_osc, receive_websocket, receive_lsl)
        ]
        for receiver in receivers:
            receiver.start()
        for _ in receivers:
            assert queue.get(timeout=120) == "ready"
        stalled = stalled_websocket()
        captured: dict[int, float] = {}
        publish_ms, memory_mib = [], []
        cpu_before = process.cpu_times()
        start_s = time.perf_counter()
        for index in range(round(seconds * fps)):
            due_s = start_s + index / fps
            time.sleep(max(0.0, due_s - time.perf_counter()))
            frame = result(index, ids=(1, 2, 3, 4))
            captured[index] = before_s = time.perf_counter()
            out.publish(frame, before_s)
            publish_ms.append(1e3 * (time.perf_counter() - before_s))
            if index % round(fps * 10) == 0:
                memory_mib.append(round(process.memory_info().rss / 2**20, 1))
        cpu = process.cpu_times()
        time.sleep(1)
        dropped = {sender.output.name: sender.dropped for sender in out.senders}
        got = dict(queue.get(timeout=seconds + 60) for _ in receivers)
        stalled.close()
    by_stamp = sorted(captured.items(), key=lambda item: item[1])
    stamps = np.array([stamp for _, stamp in by_stamp])
    lsl = [(int(by_stamp[int(np.abs(stamps - stamp).argmin())][0]), came_s) for stamp, came_s in got["lsl"]]
    report = {name: delays(came, captured) for name, came in (got | {"lsl": lsl}).items()}
    return {
        "seconds": seconds, "fps": fps, "people": 4, "frames": len(captured), "cores": os.cpu_count(),
        "stalled_receivers": 1, "receivers": report, "dropped_by_outputs": dropped,
        "publish_ms": {"median": round(float(np.median(publish_ms)), 3), "99": percentile(publish_ms, 99)},
        "cpu_share_of_a_core": round((cpu.user + cpu.system - cpu_before.user - cpu_before.system) / seconds, 3),
        "memory_mib": {"after_10_s": memory_mib[min(1, len(memory_mib) - 1)], "end": memory_mib[-1]},
        "threads_left": threading.active_count() - threads_before,
        "load_average": round(os.getloadavg()[0], 1),
    }  # fmt: skip


def delays(came: list[tuple[int, float]], captured: dict[int, float]) -> dict[str, Any]:
    """Frames lost, and milliseconds from capture to receipt."""
    ms = [1e3 * (came_s - captured[index]) for index, came_s in came if index in captured]
    lost = len(set(captured) - {index for index, _ in came})
    return {"lost": lost, "median_ms": percentile(ms, 50), "99_ms": percentile(ms, 99), "most_ms": percentile(ms, 100)}


def percentile(values: list[float], percent: float) -> float | None:
    return round(float(np.percentile(values, percent)), 2) if values else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--fps", type=float, default=30.0)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    report = json.dumps(run(args.seconds, args.fps), indent=1)
    print(report)
    if args.out:
        args.out.write_text(report + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
