"""The program in a real X window, driven from outside like a user does: with keys, and with a look at its files."""

from __future__ import annotations

import ast
import csv
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.settings import ModelSettings, Settings, save_settings
from pose.errors import WeightsError
from pose.weights.library import find_weights

pytestmark = [
    pytest.mark.x11,
    pytest.mark.slow,
    pytest.mark.skipif(
        any(shutil.which(name) is None for name in ("Xvfb", "xdotool")), reason="needs Xvfb and xdotool"
    ),
]
ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 90.0  # the machine may be busy


@dataclass
class Screen:
    """A virtual X screen and the environment of programs on it."""

    env: dict[str, str]

    def keys(self, *keys: str) -> None:
        for key in keys:
            subprocess.run(["xdotool", "key", "--clearmodifiers", key], env=self.env, check=True)
            time.sleep(0.15)

    def type(self, text: str) -> None:
        subprocess.run(["xdotool", "type", "--delay", "12", text], env=self.env, check=True)

    def window(self, title: str) -> str:
        """Wait for a visible window and give it the keyboard."""

        def ask(*words: str) -> str:
            return subprocess.run(["xdotool", *words], env=self.env, capture_output=True, text=True, check=False).stdout

        def find() -> str:
            ours = ask("search", "--onlyvisible", "--class", "litepose-studio").split()
            return next((window for window in ours if title in ask("getwindowname", window)), "")

        wait_for(lambda: bool(find()), f"a window called {title}")
        window = find()
        # Without a window manager nobody else gives windows the keyboard.
        subprocess.run(["xdotool", "windowfocus", "--sync", window], env=self.env, check=True)
        return window


def wait_for(condition: Callable[[], bool], what: str, patience_s: float = PATIENCE_S) -> None:
    deadline = time.monotonic() + patience_s
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.1)


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    # A number of our own: servers that pick the lowest free one get in each other's way when they end.
    display = f":{1000 + os.getpid() % 20000}"
    server = subprocess.Popen(
        ["Xvfb", display, "-screen", "0", "1360x860x24", "-nolisten", "tcp"], stderr=subprocess.DEVNULL
    )
    socket = Path("/tmp/.X11-unix") / f"X{display[1:]}"
    wait_for(socket.exists, "the X server")
    env = {key: value for key, value in os.environ.items() if not key.startswith(("QT_", "WAYLAND_"))}
    env |= {
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "HOME": str(tmp_path),
        "LITEPOSE_STUDIO_HOME": str(tmp_path / "studio"),
        "LITEPOSE_STUDIO_LOG": "info",
    }
    yield Screen(env)
    server.terminate()
    server.wait(5)


@pytest.fixture
def model(request: pytest.FixtureRequest) -> ModelSettings:
    """The smallest shipped model, or else the checkpoint beside the project."""
    try:
        find_weights("litepose-xs")
        return ModelSettings("litepose-xs", input_size=256)
    except WeightsError:
        shared: Path = request.getfixturevalue("shared_dir")
        return ModelSettings(weights=str(shared / "weights" / "litepose_m_crowdpose.pth"), input_size=256)


@pytest.fixture
def video(tmp_path: Path) -> Path:
    """Two seconds of the rendered scene, written as a video."""
    from app.render.overlay import OverlayStyle
    from app.render.video_sink import VideoSink
    from app.scene.scene import Scene
    from app.scene.source import SceneSource
    from pose.skeleton import CROWDPOSE14

    source = SceneSource(Scene(people=2, size=(640, 360), duration_s=4.0), duration_s=2.0, fps=15)
    path = tmp_path / "video.mp4"
    with VideoSink(path, source.info, CROWDPOSE14, OverlayStyle()) as sink:
        for frame in source:
            sink.write_image(frame.image_bgr, frame.time_s)
    return path


class Program:
    """The running program and what its log says."""

    def __init__(self, screen: Screen, arguments: list[str], log: Path) -> None:
        self._log = log
        with log.open("w") as file:
            self.process = subprocess.Popen(
                [sys.executable, str(ROOT / "main.py"), *arguments], env=screen.env, cwd=ROOT, stderr=file, stdout=file
            )

    @property
    def log(self) -> str:
        return self._log.read_text()

    def states(self) -> list[dict[str, object]]:
        """Every change of the session's state that is made of plain values, oldest first."""
        changes = []
        for text in re.findall(r"now (\{.*\})", self.log):
            try:
                changes.append(ast.literal_eval(text))
            except (ValueError, SyntaxError):  # holds a SourceInfo
                changes.append({"phase": "open"} if "'phase': 'open'" in text else {})
        return changes

    def wait_state(self, key: str, value: object) -> None:
        """Wait until the newest value of a part of the state is this one."""

        def newest() -> object:
            values = [change[key] for change in self.states() if key in change]
            return values[-1] if values else None

        wait_for(lambda: newest() == value, f"{key} = {value}; the log says\n{self.log[-2000:]}")

    def wait_frame(self, index: int) -> None:
        """Wait until this frame is the one shown last while paused."""
        wait_for(lambda: re.findall(r"at frame (\d+)", self.log)[-1:] == [str(index)], f"frame {index}")


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_from_start_to_quit(screen: Screen, model: ModelSettings, video: Path, tmp_path: Path) -> None:
    settings_file = tmp_path / "studio" / "settings.toml"
    save_settings(Settings(model=model), settings_file)
    program = Program(screen, [], tmp_path / "log.txt")
    try:
        screen.window("LitePose Studio")
        screen.keys("ctrl+o")
        screen.window("Open a video")
        screen.type(str(video))
        screen.keys("Return")
        screen.window("video.mp4")
        program.wait_state("phase", "open")
        program.wait_state("loading", False)
        program.wait_state("playing", False)  # it has played to its end

        screen.keys("Home", "space")
        program.wait_state("playing", True)
        screen.keys("space")
        program.wait_state("playing", False)
        for key, frame in (("End", 29), ("comma", 28), ("Home", 0), ("period", 1)):
            screen.keys(key)
            program.wait_frame(frame)
        screen.keys("i")
        program.wait_state("in_s", pytest.approx(1 / 15))
        screen.keys("shift+i", "Home")
        program.wait_frame(0)

        screen.keys("n")
        wait_for(lambda: re.search(r"locked on [1-9]", program.log) is not None, "a lock")

        screen.keys("r")
        program.wait_state("recording", True)
        screen.keys("space")
        program.wait_state("playing", True)
        program.wait_state("playing", False)
        screen.keys("r")
        program.wait_state("recording", False)
        videos = tmp_path / "Videos"
        wait_for(lambda: len(list(videos.glob("video_*.json"))) == 1, "the recording")  # written last
        recorded = rows_of(next(videos.glob("video_*.csv")))
        assert recorded
        assert all(float(row["time_s"]) == pytest.approx(int(row["frame"]) / 15, abs=1e-3) for row in recorded)

        screen.keys("ctrl+e")
        screen.window("Annotate files")
        screen.keys("ctrl+Return")
        exported = videos / "LitePose" / "video.csv"
        wait_for(exported.exists, "the exported table")
        wait_for(lambda: (exported.parent / "video.annotated.mp4").exists(), "the exported video")

        screen.window("video.mp4")
        screen.keys("ctrl+q")
        assert program.process.wait(20) == 0
        assert "Traceback" not in program.log
    finally:
        program.process.kill()

    command = [sys.executable, "main.py", "annotate", str(video), "--settings", str(settings_file)]
    subprocess.run([*command, "--no-video", "--out", str(tmp_path / "cli")], cwd=ROOT, env=screen.env, check=True)
    expected = (tmp_path / "cli" / "video.csv").read_text()
    assert exported.read_text() == expected
    assert len(expected.splitlines()) > 20


@pytest.mark.parametrize("platform", ["xcb", "offscreen"])
@pytest.mark.parametrize("first", ["cv2", "PyQt6.QtWidgets"])
def test_qt_and_opencv_live_together_in_both_orders(screen: Screen, platform: str, first: str) -> None:
    second = "PyQt6.QtWidgets" if first == "cv2" else "cv2"
    code = f"""
import {first}, {second}, sys
from app.opencv_qt import forget_opencv_qt
forget_opencv_qt()
from PyQt6.QtWidgets import QApplication, QLabel
import cv2, numpy
app = QApplication([])
label = QLabel("both"); label.show(); app.processEvents()
cv2.resize(numpy.zeros((9, 9, 3), numpy.uint8), (5, 5))
print(app.platformName())
"""
    env = screen.env | {"QT_QPA_PLATFORM": platform}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, platform), done.stderr
