"""The `annotate` command with a stand-in for the network, as a program of its own: DELAY_S ARGUMENT…

KILL_AT in the environment: "frame N" = SIGKILL itself when the network gets its N-th image, "sql N" = after 20 N
steps of SQLite's machine, in the middle of writing. COMMIT_S: as in app.analysis.store.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
from pathlib import Path
from typing import Any

from app import cli
from app.analysis import store, store_file
from app.cli import annotate
from app.models import loading
from app.settings import ModelSettings
from pose.decode_settings import DecodeSettings
from tests.fakes import ReadingEstimator, fake_model_info


def die() -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return 1


class Mortal(ReadingEstimator):
    def __init__(self, delay_s: float, last_call: int) -> None:
        super().__init__(delay_s=delay_s)
        self._last_call = last_call

    def estimate(self, image_bgr: Any) -> Any:
        if self.calls == self._last_call:
            die()
        return super().estimate(image_bgr)


def main() -> int:
    delay_s = float(sys.argv[1])
    kind, _, number = os.environ.get("KILL_AT", "never -1").partition(" ")
    store.COMMIT_S = float(os.environ.get("COMMIT_S", "1"))
    connect = store_file.connect

    def connect_for_a_while(path: Path, mode: str) -> sqlite3.Connection:
        database = connect(path, mode)
        if mode == "rw" and kind == "sql":
            steps = iter(range(int(number)))
            database.set_progress_handler(lambda: 0 if next(steps, None) is not None else die(), 20)
        return database

    def load(model: ModelSettings, decode: DecodeSettings) -> Mortal:
        return Mortal(delay_s, int(number) if kind == "frame" else -1)

    store_file.connect = connect_for_a_while
    annotate._load = load  # type: ignore[assignment]
    loading.model_info = fake_model_info  # type: ignore[assignment]
    code = cli.main(["annotate", *sys.argv[2:]])
    unwanted = [name for name in ("PyQt6", "torch", "matplotlib", "openvino", "onnxruntime") if name in sys.modules]
    if unwanted:
        print("imported", unwanted)
        return 99
    return code


if __name__ == "__main__":
    sys.exit(main())
