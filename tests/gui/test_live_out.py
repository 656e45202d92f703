"""From the window to other programs, and what the first page, the tour and the big numbers show."""

from __future__ import annotations

import importlib.util
import json
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PyQt6.QtCore import Qt

from app.gui.panels.big_numbers import BigNumbers
from app.gui.panels.live_panel import LivePanel
from app.gui.shell.main_window import MainWindow
from app.gui.shell.recent_looks import Look, RecentLooks
from app.gui.shell.tour import Tour
from app.gui.view.delivery import Delivery
from app.live.address import Address
from app.live.destinations import Destinations
from app.live.frame import LiveSettings
from pose.errors import MediaError
from pose.skeleton import CROWDPOSE14
from tests.app.live_frames import result
from tests.app.media import write_video
from tests.app.squats import variants
from tests.gui.studio import FAST, FakeCamera, camera_source

Maker = Callable[..., MainWindow]
needs_websockets = pytest.mark.skipif(importlib.util.find_spec("websockets") is None, reason="websockets is not there")


def switch_on(panel: LivePanel, kind: str, address: str = "") -> None:
    row = panel._rows[kind]
    if row.address is not None:
        row.address.setText(address)
    row.box.setChecked(True)


@needs_websockets
def test_poses_reach_another_program_until_they_are_switched_off(qtbot: Any, make_window: Maker) -> None:
    from websockets.exceptions import WebSocketException
    from websockets.sync.client import connect

    window = make_window(sources={"cam": camera_source(FakeCamera)})
    window.open_source("cam")
    window.tools.open_live()
    (panel,) = window.tools._open
    assert isinstance(panel, LivePanel)
    assert not any(row.box.isChecked() for row in panel._rows.values()), "all is off at first"
    switch_on(panel, "websocket", "49378")
    qtbot.waitUntil(panel.page_button.isEnabled, timeout=FAST)
    assert "ws://127.0.0.1:49378/" in panel._rows["websocket"].status.text()
    assert panel.warning.text() == ""
    with connect("ws://127.0.0.1:49378/") as client:
        assert json.loads(client.recv(timeout=20))["slots"] == 4
        frames = [json.loads(client.recv(timeout=20)) for _ in range(5)]
        assert len(frames[-1]["people"]) == 2
        seen = {person["id"] for person in frames[-1]["people"]}
        window.people.hide_changed.emit(min(seen), True)
        qtbot.waitUntil(lambda: len(json.loads(client.recv(timeout=20))["people"]) == 1, timeout=FAST)

        window.open_source("cam")  # another source: the output is opened anew for it
    qtbot.waitUntil(lambda: window.session.last is not None, timeout=FAST)

    def sends() -> bool:
        try:
            with connect("ws://127.0.0.1:49378/", open_timeout=2) as client:
                return json.loads(client.recv(timeout=5))["type"] == "hello"
        except (OSError, WebSocketException):  # nobody is there, or about to leave
            return False

    qtbot.waitUntil(sends, timeout=FAST)
    panel._rows["websocket"].box.setChecked(False)
    qtbot.waitUntil(lambda: not sends(), timeout=FAST)
    assert not panel.page_button.isEnabled()


def test_what_does_not_work_is_said_in_its_row(qtbot: Any, make_window: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> Any:
        raise MediaError("OSC cannot be sent to 127.0.0.1:9000 (no).")

    monkeypatch.setattr("app.live.osc.OscOutput", refuse)
    window = make_window(sources={"cam": camera_source(FakeCamera)})
    window.open_source("cam")
    window.tools.open_live()
    panel = window.tools._open[0]
    assert isinstance(panel, LivePanel)
    switch_on(panel, "osc", "9000")
    status = panel._rows["osc"].status
    qtbot.waitUntil(lambda: "cannot be sent" in status.text(), timeout=FAST)
    assert status.property("role") == "bad"
    qtbot.waitUntil(lambda: window.session.last is not None, timeout=FAST)
    assert window.session.problem == "", "the window goes on"
    panel.close()
    window.tools.open_live()
    again = window.tools._open[-1]
    assert isinstance(again, LivePanel)
    assert "cannot be sent" in again._rows["osc"].status.text()


def test_the_panel_says_what_was_chosen_and_warns_when_poses_leave(qtbot: Any) -> None:
    panel = LivePanel(Destinations(), LiveSettings(), {"osc": "9100"})
    qtbot.addWidget(panel)
    told: list[tuple[Destinations, LiveSettings]] = []
    kept: list[tuple[str, str]] = []
    panel.chosen.connect(lambda where, what: told.append((where, what)))
    panel.addresses_changed.connect(lambda kind, text: kept.append((kind, text)))
    assert panel._rows["osc"].address is not None and panel._rows["osc"].address.text() == "9100", "of last time"
    switch_on(panel, "osc", "192.168.1.5:9000")
    assert told[-1][0] == Destinations(osc=(Address("192.168.1.5", 9000),))
    assert kept == [("osc", "192.168.1.5:9000")]
    assert "192.168.1.5:9000" in panel.warning.text()
    switch_on(panel, "osc", "nonsense")
    panel._on_edit()
    assert told[-1][0] == Destinations()
    assert panel._rows["osc"].status.property("role") == "bad"
    switch_on(panel, "lsl")
    assert told[-1][0] == Destinations(lsl="LitePose") and "LSL" in panel.warning.text()
    panel._exercise.set("knee")
    panel._on_edit()
    assert told[-1][1].repetitions[0].angle == "knee"


def squat_deliveries(count: int) -> list[Delivery]:
    squats = variants()[9]
    deliveries = []
    for i, points in enumerate(squats.keypoints()[:count]):
        one = result(i, ids=(1,))
        one.tracks.poses.keypoints[0] = points
        deliveries.append(Delivery(one, CROWDPOSE14, i / 10, 1, 0, False, True, True, None))
    return deliveries


def test_the_big_numbers_count_the_locked_person(qtbot: Any) -> None:
    numbers = BigNumbers()
    qtbot.addWidget(numbers)
    assert numbers.digits.texts == ("0", "–", "")
    for delivery in squat_deliveries(10_000):
        numbers.update_delivery(delivery)
    count, angle, reach = numbers.digits.texts
    assert count == str(variants()[9].count)
    assert 150 < int(angle.removesuffix("°")) <= 180 and "–" in reach
    numbers.set_locked(7)  # somebody who is not in the image
    numbers.update_delivery(squat_deliveries(1)[0])
    assert numbers.digits.texts[:2] == ("0", "–")


def test_the_big_numbers_go_on_for_a_person_found_again_and_start_anew_when_asked(qtbot: Any) -> None:
    numbers = BigNumbers()
    qtbot.addWidget(numbers)
    numbers.set_locked(1)
    deliveries = squat_deliveries(10_000)
    for delivery in deliveries[: len(deliveries) // 2]:
        numbers.update_delivery(delivery)
    numbers.continue_as(1, 5)
    numbers.set_locked(5)
    for delivery in deliveries[len(deliveries) // 2 :]:
        tracks = replace(delivery.result.tracks, ids=np.array([5]))
        numbers.update_delivery(replace(delivery, result=replace(delivery.result, tracks=tracks)))
    assert numbers.digits.texts[0] == str(variants()[9].count)
    qtbot.mouseClick(numbers.reset_button, Qt.MouseButton.LeftButton)
    assert numbers.digits.texts[0] == "0"


def test_recent_files_show_an_image_and_their_length(
    qtbot: Any, make_window: Maker, clip: Path, tmp_path: Path
) -> None:
    window = make_window()
    window.memory.add_recent(str(tmp_path / "gone.mp4"))
    window.memory.add_recent(str(clip))
    window.picker.set_recent(window.memory.recent)
    rows = window.picker.recent_list
    qtbot.waitUntil(lambda: "96 × 64" in rows.item(0).text(), timeout=FAST)
    assert rows.item(0).text().startswith("clip.mp4\n0:01")
    qtbot.waitUntil(lambda: "does not exist" in rows.item(1).text(), timeout=FAST)
    before = rows.item(1).icon().pixmap(96, 54).toImage()
    assert rows.item(0).icon().pixmap(96, 54).toImage() != before


def test_looks_are_taken_once_and_end_when_the_page_goes(qtbot: Any, tmp_path: Path) -> None:
    opened: list[str] = []
    hold = threading.Event()

    def open_file(path: str) -> Any:
        opened.append(path)
        hold.wait(20)
        raise MediaError("no")

    looks = RecentLooks(open_file)
    seen: list[tuple[str, Look]] = []
    looks.seen.connect(lambda path, look: seen.append((path, look)))
    looks.look(["a", "b"])
    qtbot.waitUntil(lambda: opened == ["a"], timeout=FAST)
    looks.stop()
    hold.set()
    qtbot.wait(100)
    assert opened == ["a"] and seen == []
    looks.look(["a"])
    qtbot.waitUntil(lambda: len(seen) == 1, timeout=FAST)
    looks.look(["a"])
    assert opened == ["a", "a"] and len(seen) == 2, "known by now"
    assert seen[0][1].problem == "no"


def test_a_look_is_small_and_from_within_the_film(qtbot: Any, tmp_path: Path) -> None:
    path = write_video(tmp_path / "long.mp4", count=40)
    seen: list[Look] = []
    looks = RecentLooks()
    looks.seen.connect(lambda _, look: seen.append(look))
    looks.look([str(path)])
    qtbot.waitUntil(lambda: bool(seen), timeout=FAST)
    assert seen[0].image_bgr is not None and seen[0].image_bgr.shape == (85, 128, 3)
    assert seen[0].duration_s == pytest.approx(1.6)


def test_the_tour_has_three_steps_and_is_shown_once(qtbot: Any, make_window: Maker) -> None:
    window = make_window()
    tour = window.tour
    assert isinstance(tour, Tour) and tour.isHidden()
    window.welcome()
    texts = []
    while not tour.isHidden():
        texts.append(tour.text.text())
        qtbot.mouseClick(tour.next_button, Qt.MouseButton.LeftButton)
    assert len(set(texts)) == 3
    window.welcome()
    assert tour.isHidden(), "seen"
    tour.start()
    tour.source_opened()  # the first step is done, however it was done
    assert tour.text.text() == texts[1]
    tour.source_opened()
    assert tour.text.text() == texts[1]
    tour.hide()
    window.menus.actions["tour"].trigger()
    assert not tour.isHidden()
    qtbot.mouseClick(tour.close_button, Qt.MouseButton.LeftButton)
    assert tour.isHidden()
