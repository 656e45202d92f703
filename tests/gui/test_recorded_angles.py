"""Joint angles in tables: one switch for recordings and exports, the same columns as on the command line."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app import cli
from app.angles import joint_angles
from app.cli import annotate
from app.export.sidecar import read_sidecar
from app.gui.shell.main_window import MainWindow
from pose.skeleton import CROWDPOSE14
from tests.fakes import FakeEstimator, fake_model_info
from tests.gui.studio import FAST

Maker = Callable[..., MainWindow]


def recorded_table(qtbot: Any, window: MainWindow, clip: Path) -> Path:
    """Play the clip to its end and record it."""
    window.open_source(str(clip))
    qtbot.waitUntil(lambda: window.session.last is not None, timeout=FAST)
    window.tools.toggle_recording()
    qtbot.waitUntil(lambda: not window.session.state.playing, timeout=FAST)
    window.tools.toggle_recording()

    def finished() -> list[Path]:
        return list(window.tools.record_folder.glob("clip_*[0-9].csv"))

    qtbot.waitUntil(lambda: bool(finished()), timeout=FAST)
    return finished()[0]


def columns_of(table: Path) -> list[str]:
    with table.open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))


@pytest.mark.parametrize("angles", [False, True])
def test_a_recording_has_the_columns_of_the_command_line(
    qtbot: Any, make_window: Maker, clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, angles: bool
) -> None:
    monkeypatch.setattr(annotate, "_load", lambda model, decode: FakeEstimator())
    monkeypatch.setattr("app.models.loading.model_info", fake_model_info)
    words = ["annotate", clip, "--no-video", "--out", tmp_path / "cli", *(["--angles"] if angles else [])]
    assert cli.main(list(map(str, words))) == 0

    window = make_window()
    window.menus.actions["angles"].setChecked(angles)
    recorded = recorded_table(qtbot, window, clip)
    assert columns_of(recorded) == columns_of(tmp_path / "cli" / "clip.csv")
    qtbot.waitUntil(lambda: recorded.with_suffix(".json").exists(), timeout=FAST)
    sidecar = read_sidecar(recorded.with_suffix(".json"))
    assert sidecar is not None and sidecar["outputs"]["angles"] is angles


def test_recorded_angles_are_those_of_the_recorded_joints(qtbot: Any, make_window: Maker, clip: Path) -> None:
    window = make_window()
    window.menus.actions["angles"].setChecked(True)
    with recorded_table(qtbot, window, clip).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    points = [[(float(row[f"{n}_x"]), float(row[f"{n}_y"])) for n in CROWDPOSE14.keypoint_names] for row in rows]
    names, degrees = joint_angles(np.array(points, np.float32), CROWDPOSE14)
    written = [[float(row[f"{name}_deg"]) for name in names] for row in rows]
    np.testing.assert_allclose(written, degrees, atol=0.5)  # the table's points are rounded


def test_window_and_export_share_the_choice_and_remember_it(qtbot: Any, make_window: Maker) -> None:
    window = make_window()
    action = window.menus.actions["angles"]
    assert not action.isChecked()
    batch = window.tools.open_batch()
    batch.angles_box.setChecked(True)
    assert action.isChecked() and window.tools.angles
    action.setChecked(False)
    assert not batch.options().angles
    action.setChecked(True)
    batch.close()
    assert make_window().tools.open_batch().options().angles
