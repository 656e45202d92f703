"""How quickly the window answers while a file is analysed, read and edited.

    python benchmarks/analysis_response.py --model litepose-xs --seconds 20

Beside it a process that does nothing but wait notes how late the system wakes it: what the machine itself costs.
Offscreen where there is no display.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from gui_rates import PING_S, Pinger, application, spin, write_video  # first: it sets what OpenCV needs

from app.gui.live.session_state import Backend
from app.gui.shell.backend import ModelBuilder, open_any
from app.gui.shell.main_window import MainWindow
from app.gui.shell.memory import Memory
from app.scene.scene import Scene
from app.settings import ModelSettings, Settings

WAITER = f"""
import sys, time
late = []
while sys.stdin.readable():
    due = time.perf_counter() + {PING_S}
    time.sleep({PING_S})
    print(1e3 * (time.perf_counter() - due), flush=True)
"""


class Watcher(Pinger):
    """Notes, too, how much processor time the window's thread used between two answers: what blocks, on any machine."""

    def __init__(self) -> None:
        super().__init__()
        self.busy_ms: list[float] = []
        self._before_s = time.thread_time()
        self.asked.connect(self._on_asked)

    def _on_asked(self) -> None:
        now_s = time.thread_time()
        self.busy_ms.append(1e3 * (now_s - self._before_s))
        self._before_s = now_s


def watched(seconds: float, during: Callable[[], object] = lambda: None) -> dict[str, float]:
    """Milliseconds of the window's answers, and of a process that only waits, over some time of the event loop."""
    pinger = Watcher()
    waiter = subprocess.Popen([sys.executable, "-c", WAITER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    pinger.start()
    start_s = time.perf_counter()
    while time.perf_counter() - start_s < seconds:
        during()
        spin(0.5)
    pinger.stop()
    waiter.kill()
    late = [float(line) for line in waiter.communicate()[0].split()[5:-1]]
    return {
        "median": float(np.median(pinger.delays_ms)),
        "p99": float(np.percentile(pinger.delays_ms, 99)),
        "max": max(pinger.delays_ms),
        "machine_p99": float(np.percentile(late, 99)),
        "busy_p99": float(np.percentile(pinger.busy_ms, 99)),
        "busy_max": max(pinger.busy_ms),
    }


def wait_for(condition: Callable[[], bool], most_s: float = 300.0) -> None:
    end_s = time.perf_counter() + most_s
    while not condition() and time.perf_counter() < end_s:
        spin(0.1)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="litepose-xs")
    parser.add_argument("--video", type=Path, help="to be analysed (default: rendered people)")
    parser.add_argument("--seconds", type=float, default=20.0, help="per state (default: %(default)s)")
    args = parser.parse_args()
    app = application()  # noqa: F841 - kept while the window lives

    def tell(state: str, figures: dict[str, float]) -> None:
        print(json.dumps({state: figures}), flush=True)

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        video = folder / "clip.mp4"
        if args.video:
            shutil.copy(args.video, video)
        else:
            scene = Scene(people=3, size=(1280, 720), duration_s=8.0)
            write_video(video, [scene.frame(2.0 + i / 60)[0] for i in range(40)], 25, 4 * args.seconds)
        settings, memory = Settings(model=ModelSettings(args.model)), Memory(folder / "window.ini")
        memory.keep("analyse_files", "asked")
        memory.keep("record_folder", name)
        window = MainWindow(
            Backend(open_any, ModelBuilder()), settings, folder / "settings.toml", memory, find_cameras=list
        )
        window.resize(1280, 800)
        window.show()

        window.open_source(str(video))
        window.session.set_loop(True)
        wait_for(lambda: window.session.stats().inference_fps > 0 and window.analyst.state.phase == "none")
        tell("playing", watched(args.seconds))
        window.reviewing.toggle_analysis()
        tell("playing, model of the analysis loading", watched(args.seconds))
        wait_for(lambda: window.analyst.state.phase == "running")
        tell("playing, analysis running", watched(args.seconds))
        window.session.pause()
        tell("standing still, analysis running", watched(args.seconds))
        wait_for(lambda: window.reviewing.findings is not None)
        window.session.play()
        tell("playing what is analysed", watched(args.seconds))
        window.session.pause()
        spin(1)
        person = window.session.last.result.tracks.ids.tolist()[0]  # type: ignore[union-attr]

        def edit() -> None:
            window.analyst.edit(lambda repair: repair.move_joint(person, "neck", 5, 300, 200, 5))

        tell("standing still, an edit every half second", watched(args.seconds, edit))
        window.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
