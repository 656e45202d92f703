"""A headless Chromium for tests, spoken to by its debugging protocol."""

from __future__ import annotations

import base64
import contextlib
import json
import shutil
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def find_chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((path for name in names if (path := shutil.which(name))), None)


class Browser:
    """One tab. Raises TimeoutError where the browser does not answer."""

    def __init__(self, socket: Any) -> None:
        self._socket, self._number = socket, 0

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": params}))
        while True:
            answer = json.loads(self._socket.recv(timeout=20))
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise RuntimeError(answer["error"])
                return dict(answer["result"])

    def open(self, url: str) -> None:
        self.call("Page.navigate", url=url)

    def evaluate(self, expression: str) -> Any:
        return self.call("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def wait_for(self, expression: str, seconds: float = 15.0) -> Any:
        """The first value of the expression that JavaScript takes for true."""
        deadline_s = time.monotonic() + seconds
        while not (value := self.evaluate(expression)):
            if time.monotonic() > deadline_s:
                raise TimeoutError(f"{expression} stayed {value!r}; page: {self.evaluate('document.body.innerText')!r}")
            time.sleep(0.05)
        return value

    def screenshot(self, path: Path) -> None:
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot")["data"]))


@contextlib.contextmanager
def browser(size: str = "1000,680") -> Iterator[Browser]:
    from websockets.sync.client import connect

    chromium = find_chromium()
    assert chromium is not None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        options = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", f"--window-size={size}")
        debug = ("--remote-debugging-port=0", f"--user-data-dir={profile}")
        process = subprocess.Popen([chromium, *options, *debug, "about:blank"], stderr=subprocess.DEVNULL)
        try:
            port_file = Path(profile) / "DevToolsActivePort"
            deadline_s = time.monotonic() + 20
            while not (port_file.exists() and port_file.read_text().count("\n")):
                assert time.monotonic() < deadline_s and process.poll() is None, "Chromium does not start"
                time.sleep(0.05)
            port = int(port_file.read_text().splitlines()[0])
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/json", timeout=20) as answer:
                tab = next(entry for entry in json.load(answer) if entry["type"] == "page")
            with connect(tab["webSocketDebuggerUrl"], max_size=None) as socket:
                yield Browser(socket)
        finally:
            process.terminate()
            process.wait(20)
