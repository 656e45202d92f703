"""What a start must not load: each of these takes a tenth of a second to several seconds."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli import COMMANDS, USAGE, is_for_command_line
from app.cli import main as cli_main

ROOT = Path(__file__).resolve().parents[2]
ENGINES = {"torch", "openvino", "onnxruntime"}
HEAVY = {*ENGINES, "scipy", "filterpy", "matplotlib"}
WINDOW = {"PyQt6", "pyqtgraph"}
HELP = """
import sys, main
sys.argv = ["main.py", *{words!r}]
try:
    main.main()
except SystemExit as end:
    assert not end.code
"""


def loaded_by(program: str) -> set[str]:
    """Names of the top-level packages that a program of its own has imported at its end."""
    report = "\nimport sys\nprint('loaded:', *{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", program + report], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines()[-1].removeprefix("loaded:").split())


@pytest.mark.parametrize("words", [["--help"], *([name, "--help"] for name in COMMANDS)], ids=" ".join)
def test_help_loads_nothing_heavy(words: list[str]) -> None:
    loaded = loaded_by(HELP.format(words=words))
    assert "argparse" in loaded
    assert not loaded & (HEAVY | WINDOW)


def test_plain_help_loads_no_library_for_images_either() -> None:
    assert not loaded_by(HELP.format(words=["--help"])) & {"cv2", "av", "onnx"}


def test_the_window_comes_before_the_libraries_that_only_tracking_needs() -> None:
    loaded = loaded_by("import app.gui.shell.main_window, app.gui.shell.backend")
    assert "PyQt6" in loaded
    assert not loaded & HEAVY


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["annotat", "x.mp4"], 'did you mean "annotate"'),
        (["bogus"], "commands are annotate,"),
        (["nowhere/clip.mp4"], "There is no file nowhere/clip.mp4."),
    ],
)
def test_a_word_that_means_nothing_is_said_to_be_so(
    words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert is_for_command_line(words)
    assert cli_main(words) == USAGE
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", [[], ["0"], ["rtsp://camera/1"], [__file__]], ids=["nothing", "camera", "URL", "file"]
)
def test_sources_are_for_the_window(words: list[str]) -> None:
    assert not is_for_command_line(words)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs a device that is full")
def test_output_that_finds_no_room_is_reported() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "main.py", "weights", "list"], cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True,
            check=False,
        )  # fmt: skip
    assert done.returncode == 1 and done.stderr.startswith("error: The output cannot be written")
    assert len(done.stderr.splitlines()) == 1


def test_a_model_that_there_is_not_is_a_mistake_of_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli_main(["annotate", "--model", "litepose-l", "clip.mp4"]) == USAGE
    assert "litepose-l" in capsys.readouterr().err


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems always have one")
def test_without_a_display_the_window_says_so() -> None:
    environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    done = subprocess.run(
        [sys.executable, "main.py"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1 and done.stderr.startswith("error: There is no display")
