"""No engine writes a file or opens a connection by itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.pose.networks import random_litepose, state_of

ROOT = Path(__file__).resolve().parents[2]

# Runs an engine; fails if Python opens a connection or looks up a host, or if the process ever holds a network socket.
PROGRAM = """
import os, sys, threading, time
attempts = []
def audit(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        attempts.append((event, str(arguments)))
sys.addaudithook(audit)

sockets = set()
def watch():
    while True:
        for number in os.listdir("/proc/self/fd"):
            try:
                target = os.readlink(f"/proc/self/fd/{number}")
            except OSError:
                continue
            if target.startswith("socket:"):
                sockets.add(target)
        time.sleep(0.002)
if os.path.isdir("/proc/self/fd"):
    threading.Thread(target=watch, daemon=True).start()

import numpy as np
from pose.engines.select import create_engine
from pose.skeleton import CROWDPOSE14
state = dict(np.load(sys.argv[2]))
engine = create_engine(state, "litepose-xs", CROWDPOSE14, engine=sys.argv[1], device="cpu", threads=1)
engine(np.zeros((1, 64, 64, 3), np.uint8))
time.sleep(0.5)  # reports are sent from threads of their own
print("loaded:", *[name for name in ("torch", "onnxruntime", "openvino", "PyQt6") if sys.modules.get(name)])
assert not attempts, attempts
assert not sockets, sockets
"""


@pytest.fixture(scope="module")
def state_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("state") / "state.npz"
    np.savez(path, **state_of(random_litepose("litepose-xs", 14)))
    return path


def empty_world(folder: Path) -> dict[str, str]:
    """An environment in which every usual place to leave a file is below `folder`, telemetry not yet off."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT") if name in os.environ}
    places = {}
    for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        places[name] = str(folder / name.lower())
        Path(places[name]).mkdir()
    places["USERPROFILE"] = places["LOCALAPPDATA"] = places["HOME"]
    return kept | places | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}


@pytest.mark.parametrize("engine", ["openvino", "onnxruntime", "auto"])
def test_nothing_is_written_or_sent(engine: str, tmp_path: Path, state_file: Path) -> None:
    world = empty_world(tmp_path)
    command = [sys.executable, "-c", PROGRAM, engine, str(state_file)]
    work = tmp_path / "work"
    work.mkdir()
    done = subprocess.run(command, env=world, cwd=work, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_openvino_path_imports_neither_torch_nor_qt(tmp_path: Path, state_file: Path) -> None:
    command = [sys.executable, "-c", PROGRAM, "openvino", str(state_file)]
    done = subprocess.run(command, env=empty_world(tmp_path), cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.stdout.split() == ["loaded:", "openvino"], done.stderr


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
@pytest.mark.parametrize("engine", ["openvino", "onnxruntime"])
def test_the_kernel_sees_no_connection(engine: str, tmp_path: Path, state_file: Path) -> None:
    """Also what compiled code does without Python."""
    log = tmp_path / "log"
    trace = ["strace", "-f", "-qq", "-e", "trace=socket,connect,sendto", "-o", str(log)]
    works = subprocess.run([*trace, "true"], capture_output=True).returncode == 0
    if not works:
        pytest.skip("strace may not trace here")
    world = empty_world(tmp_path)
    command = [*trace, sys.executable, "-c", PROGRAM, engine, str(state_file)]
    done = subprocess.run(command, env=world, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    calls = [line for line in log.read_text().splitlines() if "AF_INET" in line]
    assert calls == []
