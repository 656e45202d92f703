"""When the image is painted."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PyQt6.QtGui import QFont

from app.gui.view import video_view
from app.gui.view.delivery import Delivery
from app.gui.view.hud import hud_font
from app.gui.view.video_view import VideoView
from pose.skeleton import COCO17
from tests.gui.people_results import result_of


@pytest.fixture
def view(qtbot: Any) -> VideoView:
    shown = VideoView()
    qtbot.addWidget(shown)
    with qtbot.waitExposed(shown):
        shown.show()
    return shown


def delivery(time_s: float) -> Delivery:
    keypoints = np.random.default_rng(1).uniform(5, 40, (1, 17, 2))
    result = result_of(time_s, [1], keypoints=keypoints)
    return Delivery(result, COCO17, 0.0, 1, 1, jump=False, analysed=True, with_model=True)


def test_where_painting_is_slow_only_the_newest_image_is_painted(
    view: VideoView, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted: list[float] = []
    view.painted.connect(lambda _: painted.append(view.delivery.result.frame.time_s if view.delivery else -1.0))
    view.show_delivery(delivery(0.0))
    qtbot.waitUntil(lambda: painted == [0.0])
    monkeypatch.setattr(video_view, "PAINT_SHARE", 1e-9)  # as if the painting had cost ages
    for i in range(1, 5):
        view.show_delivery(delivery(float(i)))
    qtbot.wait(100)
    assert painted == [0.0]
    monkeypatch.undo()
    view.show_delivery(delivery(5.0))
    qtbot.waitUntil(lambda: painted == [0.0, 5.0])


def test_figures_are_drawn_in_the_font_of_the_system(view: VideoView) -> None:
    before = hud_font()
    view.setFont(QFont(before.family(), 31))
    assert hud_font() is not before
