"""The page that draws the people, in a real browser."""

from __future__ import annotations

import importlib.util
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.live.address import Address
from app.live.output import LiveOut
from tests.app.browser import browser, find_chromium
from tests.app.live_frames import made, result

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_chromium() is None, reason="no Chromium"),
    pytest.mark.skipif(importlib.util.find_spec("websockets") is None, reason="websockets is not installed"),
]
DOCS = Path(__file__).parents[2] / "docs"
# Coloured pixels by the slot's colour: blue of slot 1 (#4cc2ff), orange of slot 2 (#ffb000).
PIXELS = """(() => {
  const canvas = document.querySelector("canvas");
  const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  let blue = 0, orange = 0;
  for (let i = 0; i < data.length; i += 4) {
    if (data[i] === 0x4c && data[i + 1] === 0xc2 && data[i + 2] === 0xff) blue++;
    if (data[i] === 0xff && data[i + 1] === 0xb0 && data[i + 2] === 0x00) orange++;
  }
  return [blue, orange];
})()"""


@pytest.fixture
def server() -> Iterator[Any]:
    """Two people, 30 times a second, until the test ends."""
    from app.live.websocket import WebSocketOutput

    maker, run = made()
    output = WebSocketOutput(Address("127.0.0.1", 0), run)
    stop = threading.Event()
    with LiveOut(maker, [output]) as out:

        def publish() -> None:
            index = 0
            while not stop.wait(1 / 30):
                out.publish(result(index), time.perf_counter())
                index += 1

        thread = threading.Thread(target=publish)
        thread.start()
        yield output
        stop.set()
        thread.join()


def test_the_page_draws_two_people_whether_served_or_opened_as_a_file(server: Any) -> None:
    with browser() as tab:
        for page in (server.page, (DOCS / "live.html").as_uri()):
            tab.open(page)
            if page.startswith("file:"):
                tab.wait_for("document.querySelector('form [name=address]') !== null")
                tab.evaluate(f"document.querySelector('form').address.value = '{server.address}'")
            tab.wait_for("document.getElementById('status')?.textContent.includes('2 people')")
            blue, orange = tab.evaluate(PIXELS)
            assert blue > 500 and orange > 500
            assert tab.evaluate("document.querySelector('canvas').width") == 640


def test_a_page_from_elsewhere_gets_nothing(server: Any) -> None:
    """Here one without an origin of its own, as any web page can make one of itself."""
    with browser() as tab:
        tab.open("data:text/html,<title>elsewhere</title>")
        tab.wait_for("document.title === 'elsewhere'")
        tab.evaluate(f"""
            window.heard = [];
            const socket = new WebSocket("ws://{server.address}/");
            socket.onmessage = event => heard.push(event.data);
            socket.onclose = () => document.title = "refused";
        """)
        tab.wait_for("document.title === 'refused'")
        assert tab.evaluate("heard.length") == 0


def test_people_disappear_when_nothing_comes_any_more(server: Any) -> None:
    with browser() as tab:
        tab.open(server.page)
        tab.wait_for("document.getElementById('status')?.textContent.includes('2 people')")
        server.close()
        tab.wait_for(f"{PIXELS}[0] === 0")
        assert "trying again" in tab.evaluate("document.getElementById('status').textContent")
