"""Two hundred random things in a row: nothing crashes, nothing is left behind."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.gui.live.workers import Brain
from app.gui.shell.main_window import MainWindow
from app.gui.shell.source_picker import SAMPLE
from app.settings import Settings
from app.sources import Source
from pose.skeleton import COCO17, CROWDPOSE14
from tests.fakes import FakeEstimator, ListSource, numbered_image
from tests.gui.studio import FAST, FakeCamera, brain_of, broken_source, camera_source, our_threads


def build(settings: Settings, device: str, progress: Callable[[str], None]) -> Brain:
    skeleton = COCO17 if settings.model.flip else CROWDPOSE14
    return brain_of(FakeEstimator(settings.decode.max_people % 4, skeleton), settings)


@pytest.mark.slow
def test_random_settings_and_source_changes_leave_nothing_behind(
    qtbot: Any, make_window: Callable[..., MainWindow], clip: Path
) -> None:
    def images(sleep: Callable[[float], None]) -> Source:
        return ListSource([numbered_image(i) for i in range(20)])

    sources = {
        0: camera_source(FakeCamera),
        1: camera_source(lambda: FakeCamera(17, 33, unplug_after=5)),
        2: camera_source(lambda: FakeCamera(start_s=60)),
        3: broken_source("This camera is busy."),
        SAMPLE: images,
    }
    window = make_window(build=build, sources=sources)
    rng = random.Random(11)
    names = [name for name in window.menus.actions if name not in NOT_IN_BULK]
    threads_before = threading.active_count()

    def change_settings() -> None:
        s = window.settings
        window.use_settings(
            replace(
                s,
                model=replace(s.model, flip=rng.random() < 0.3, input_size=rng.choice([192, 256, 320])),
                decode=replace(s.decode, max_people=rng.randint(1, 30)),
                tracker=replace(s.tracker, smooth=rng.random() < 0.5, max_age_s=rng.uniform(0.1, 3)),
                overlay=replace(s.overlay, blur_faces=rng.random() < 0.3, mirror=rng.random() < 0.5),
            )
        )

    for _ in range(200):
        what = rng.random()
        if what < 0.3:
            change_settings()
        elif what < 0.6:
            window.open_source(rng.choice([str(clip), *sources]))
        else:
            window.menus.actions[rng.choice(names)].trigger()
        qtbot.wait(rng.choice([0, 1, 5, 30]))

    window.open_source(str(clip))
    window.session.set_loop(True)
    window.session.play()
    qtbot.waitUntil(lambda: window.view.delivery is not None and window.view.delivery.analysed, timeout=2 * FAST)
    window.close()
    assert window.all_threads_ended
    assert our_threads() == []
    assert threading.active_count() <= threads_before


# Commands that open dialogs, other programs or end the window.
NOT_IN_BULK = {
    "open", "record_folder", "open_folder", "export", "batch", "settings", "quit", "shortcuts", "about", "full",
    "theme_system", "theme_light", "theme_dark",
}  # fmt: skip
