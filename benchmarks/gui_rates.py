"""What the desktop app costs: its frame rate against the bare engine's, latency, memory, and how quickly it responds.

    python benchmarks/gui_rates.py --model litepose-m --model litepose-xs --seconds 20 --out gui_rates.json

A live source that is faster than inference, or a file with --video, feeds the window with rendered people.
Shown on the current display, or offscreen where there is none (QT_QPA_PLATFORM=offscreen). Rates of one machine are
comparable only within one run.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import main as program  # noqa: E402, F401  sets what has to be set before OpenCV is loaded
from app.opencv_qt import forget_opencv_qt  # noqa: E402

forget_opencv_qt()

import numpy as np  # noqa: E402
from PyQt6.QtCore import QEventLoop, QObject, QTimer, pyqtSignal  # noqa: E402
from PyQt6.QtWidgets import QApplication  # noqa: E402

from app.gui.common.theme import apply_theme  # noqa: E402
from app.gui.live.session_state import Backend  # noqa: E402
from app.gui.shell.application import SWITCH_INTERVAL_S  # noqa: E402
from app.gui.shell.backend import ModelBuilder, open_any  # noqa: E402
from app.gui.shell.garbage import GarbageCollector  # noqa: E402
from app.gui.shell.main_window import MainWindow  # noqa: E402
from app.gui.shell.memory import Memory  # noqa: E402
from app.scene.scene import Scene  # noqa: E402
from app.settings import ModelSettings, Settings, save_settings  # noqa: E402
from app.sources.base import Grabbed, Image, Source, SourceInfo  # noqa: E402
from app.types import FrameResult  # noqa: E402
from pose.preprocess import fit_to_network  # noqa: E402

PICTURES = 40
WARM_UP_S = 3.0
SETTLE_S = 0.8
ENGINE_TURN_S = 1.5
WINDOW_TURN_S = 5.0
PING_S = 0.02


@dataclass(frozen=True, slots=True)
class Rates:
    """Milliseconds unless named otherwise."""

    model: str
    engine: str
    bare_engine_fps: float
    estimator_fps: float
    gui_fps: float  # results that reached the window
    painted_fps: float  # at most 60
    gui_share_of_engine: float
    gui_share_of_estimator: float  # preprocessing, network and decoding one after the other, in a loop
    capture_fps: float
    dropped: int
    latency_median: float
    latency_p99: float
    latency_max: float
    inference_median: float
    gui_thread_cpu_share: float
    response_median: float
    response_p99: float
    response_max: float
    memory_start_mb: float
    memory_end_mb: float
    memory_slope_mb_per_min: float
    close: float


class FastSource(Source):
    """Live images from memory at a rate that inference cannot follow."""

    def __init__(self, images: list[Image], fps: float) -> None:
        super().__init__()
        self._images, self._fps, self._index = images, fps, 0
        height, width = images[0].shape[:2]
        self.info = SourceInfo("rendered people", "camera", width, height, fps, live=True)
        self._start_s = time.monotonic()

    def _grab(self) -> Grabbed | None:
        due_s = self._start_s + self._index / self._fps
        time.sleep(max(due_s - time.monotonic(), 0))
        self._index += 1
        return Grabbed(self._index - 1, time.monotonic() - self._start_s)

    def _retrieve(self) -> Image:
        # There and back, so that nobody jumps; a copy, as a camera gives new memory each time.
        turn = 2 * len(self._images) - 2
        place = self._index % turn
        return self._images[min(place, turn - place)].copy()


class Pinger(QObject):
    """Asks the GUI thread for an answer every few milliseconds and notes how long it took."""

    asked = pyqtSignal(float)

    def __init__(self) -> None:
        super().__init__()
        self.delays_ms: list[float] = []
        self._stop = threading.Event()
        self.asked.connect(lambda sent_s: self.delays_ms.append(1e3 * (time.perf_counter() - sent_s)))
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._stop.clear()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        assert self._thread is not None
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(PING_S):
            self.asked.emit(time.perf_counter())


def memory_mb() -> float:
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def rate_of(call: Callable[[], object], seconds: float) -> float:
    call()
    count, start_s = 0, time.perf_counter()
    while time.perf_counter() - start_s < seconds:
        call()
        count += 1
    return count / (time.perf_counter() - start_s)


def spin(seconds: float) -> None:
    """Run the event loop as the program does, without polling."""
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()


class Watch(QObject):
    """What the window does while it is watched, and what that costs."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.latencies_ms: list[float] = []
        self.inference_ms: list[float] = []
        self.memory: list[tuple[float, float]] = []
        self.cpu_s = self.wall_s = 0.0
        self.capture_fps: list[float] = []
        self.dropped = 0
        self._watching = False
        self._session = window.session
        window.view.painted.connect(self._on_painted)
        window.session.result_ready.connect(self._on_result)

    def spin(self, seconds: float) -> float:
        """Results per second in so many seconds of the event loop."""
        dropped = self._session.stats().dropped
        count, self._watching = len(self.inference_ms), True
        cpu_s, start_s = time.thread_time(), time.perf_counter()
        spin(seconds)
        self.cpu_s += time.thread_time() - cpu_s
        wall_s = time.perf_counter() - start_s
        self.wall_s += wall_s
        self._watching = False
        stats = self._session.stats()
        self.capture_fps.append(stats.capture_fps)
        self.dropped += stats.dropped - dropped
        self.memory.append((time.perf_counter(), memory_mb()))
        return (len(self.inference_ms) - count) / wall_s

    def _on_painted(self, latency_s: float) -> None:
        if self._watching:
            self.latencies_ms.append(1e3 * latency_s)

    def _on_result(self, result: FrameResult) -> None:
        if self._watching:
            self.inference_ms.append(result.times.total_ms)


def measure(
    settings: Settings, images: list[Image], seconds: float, source_fps: float, video: Path | None, folder: Path
) -> Rates:
    """The machine's speed wanders: engine and window take turns, and each turn of the window is compared with those
    of the engine before and after it."""
    builder = ModelBuilder()
    brain = builder(settings, "", print)
    estimator = brain.estimator
    fit = fit_to_network(images[0].shape[:2], estimator.input_size, estimator.fit)
    canvas = fit.warp(images[0])[None]

    backend = Backend(open_any if video else lambda spec, sleep: FastSource(images, source_fps), builder)
    window = MainWindow(backend, settings, folder / "settings.toml", Memory(folder / "window.ini"), find_cameras=list)
    window.resize(1280, 800)
    window.show()
    window.open_source(str(video) if video else 0)
    window.session.set_loop(True)
    spin(WARM_UP_S)
    watch, pinger = Watch(window), Pinger()

    def engine_turn() -> tuple[float, float]:
        """Images per second of the network alone, and of the whole estimator, while the window stands still."""
        window.session.pause()
        spin(SETTLE_S)
        return (
            rate_of(lambda: estimator.engine(canvas), ENGINE_TURN_S),
            rate_of(lambda: estimator.estimate(images[0]), ENGINE_TURN_S),
        )

    turns = max(round(seconds / WINDOW_TURN_S), 2)
    engine, window_fps = [engine_turn()], []
    for _ in range(turns):
        window.session.play()
        spin(SETTLE_S)
        pinger.start()
        window_fps.append(watch.spin(seconds / turns))
        pinger.stop()
        engine.append(engine_turn())
    close_s = time.perf_counter()
    window.close()
    close_ms = 1e3 * (time.perf_counter() - close_s)

    around = (np.array(engine)[:-1] + np.array(engine)[1:]) / 2  # (turns, 2)
    times, megabytes = np.array(watch.memory).T
    later = times > times[0] + (times[-1] - times[0]) / 4  # caches have filled by then
    slope = float(np.polyfit(times[later], megabytes[later], 1)[0]) * 60 if later.sum() > 3 else 0.0
    return Rates(
        model=brain.model,
        engine=f"{brain.engine} {brain.device}",
        bare_engine_fps=float(around[:, 0].mean()),
        estimator_fps=float(around[:, 1].mean()),
        gui_fps=statistics.mean(window_fps),
        painted_fps=len(watch.latencies_ms) / watch.wall_s,
        gui_share_of_engine=statistics.median(window_fps / around[:, 0]),
        gui_share_of_estimator=statistics.median(window_fps / around[:, 1]),
        capture_fps=statistics.mean(watch.capture_fps),
        dropped=watch.dropped,
        latency_median=statistics.median(watch.latencies_ms),
        latency_p99=float(np.percentile(watch.latencies_ms, 99)),
        latency_max=max(watch.latencies_ms),
        inference_median=statistics.median(watch.inference_ms),
        gui_thread_cpu_share=watch.cpu_s / watch.wall_s,
        response_median=statistics.median(pinger.delays_ms),
        response_p99=float(np.percentile(pinger.delays_ms, 99)),
        response_max=max(pinger.delays_ms),
        memory_start_mb=float(megabytes[0]),
        memory_end_mb=float(megabytes[-1]),
        memory_slope_mb_per_min=slope,
        close=close_ms,
    )


def first_tracked_frame_s(settings_file: Path, source: Path, home: Path) -> float:
    """Seconds from the start of the program to the first image with people looked for, as a user meets it."""
    home.mkdir(parents=True, exist_ok=True)
    (home / "settings.toml").write_bytes(settings_file.read_bytes())
    env = os.environ | {"LITEPOSE_STUDIO_HOME": str(home), "LITEPOSE_STUDIO_LOG": "info"}
    start_s = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "main.py"), str(source)], cwd=ROOT, env=env, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    try:
        for line in process.stderr:
            if "first tracked frame" in line:
                return time.perf_counter() - start_s
    finally:
        process.kill()
        process.wait()
    return float("nan")


def write_video(path: Path, images: list[Image], fps: int, seconds: float) -> None:
    """There and back, so that nobody jumps."""
    import av

    turn = images + images[-2:0:-1]

    with av.open(str(path), "w") as output:
        stream: Any = output.add_stream("libx264", rate=fps)
        stream.height, stream.width = images[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        for i in range(round(fps * seconds)):
            output.mux(stream.encode(av.VideoFrame.from_ndarray(turn[i % len(turn)], format="bgr24")))
        output.mux(stream.encode(None))


def application() -> QApplication:
    """Qt as the program starts it; offscreen where there is no display."""
    if not os.environ.get("DISPLAY") and sys.platform.startswith("linux"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    app = QApplication(["litepose-studio"])
    apply_theme(app, "light")
    GarbageCollector(app)
    return app


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", action="append", help="name of the weights; may be repeated")
    parser.add_argument("--weights", type=Path, help="a weights file instead of names")
    parser.add_argument("--input-size", type=int)
    parser.add_argument("--seconds", type=float, default=20.0, help="per model (default: %(default)s)")
    parser.add_argument("--source-fps", type=float, default=120.0)
    parser.add_argument("--video", action="store_true", help="a video file of 60 frames per second instead")
    parser.add_argument("--at-once", choices=("auto", "one", "two"), default="auto", help="images in the network")
    parser.add_argument("--size", default="1280x720", metavar="WxH")
    parser.add_argument("--starts", type=int, default=3, help="starts to measure (default: %(default)s)")
    parser.add_argument("--out", type=Path, help="write the figures as JSON")
    args = parser.parse_args()
    app = application()
    width, height = (int(v) for v in args.size.split("x"))
    scene = Scene(people=3, size=(width, height), duration_s=8.0)
    images = [scene.frame(2.0 + i / 60)[0] for i in range(PICTURES)]

    names = args.model or ["litepose-m", "litepose-s", "litepose-xs"]
    models = [ModelSettings(weights=str(args.weights), input_size=args.input_size)] if args.weights else [
        ModelSettings(name, input_size=args.input_size) for name in names
    ]  # fmt: skip
    figures = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_video(folder / "video.mp4", images, 25, 2)
        video = folder / "long.mp4" if args.video else None
        if video:
            write_video(video, images, 60, 20)
        for model in models:
            settings = replace(Settings(), model=model, parallel_requests=args.at_once)
            rates = measure(settings, images, args.seconds, args.source_fps, video, folder)
            save_settings(settings, folder / "start.toml")
            starts = [
                first_tracked_frame_s(folder / "start.toml", folder / "video.mp4", folder / f"home{i}")
                for i in range(args.starts)
            ]
            figures.append(asdict(rates) | {"platform": app.platformName(), "start_to_first_tracked_frame_s": starts})
            print(json.dumps(figures[-1], indent=1), flush=True)
    if args.out:
        args.out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
