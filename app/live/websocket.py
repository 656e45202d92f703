"""JSON over WebSocket, one message a frame, and the page that draws it, from one port.

Web pages of other origins are refused: a page in the user's browser must not be able to read where people are. That
includes the origin "null", which browsers send for pages opened as files: any web page can send it as well.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future
from importlib import resources
from ipaddress import ip_address
from typing import Any

from app.live.address import Address, optional_module
from app.live.frame import LiveFrame, LivePerson, LiveRun
from app.live.output import make_room
from pose.errors import MediaError
from pose.sentence import Sentence

FORMAT = "litepose-live/1"
MAX_RECEIVERS = 32
_BUFFER = 32_768  # bytes that may be on their way to a receiver, twice
_CLOSE_S = 0.5  # for saying goodbye to the receivers
_WAIT_S = 5.0  # for the server's thread, which never waits for a receiver
_PAGE_RULES = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src ws:; frame-ancestors 'none'"
)


class WebSocketOutput:
    """A server for any number of receivers up to MAX_RECEIVERS; each has its own short queue.

    `http://ADDRESS/` is the page. Raises MediaError if websockets is missing or the port is taken.
    port 0 takes any free one. origins: of the user's own pages that may read too, such as "http://localhost:5173".
    notify: gets a sentence when a receiver is lost; called on the server's thread.
    """

    def __init__(
        self,
        address: Address,
        run: LiveRun,
        *,
        origins: Sequence[str] = (),
        notify: Callable[[str], None] = lambda sentence: None,
    ) -> None:
        self._server_module = optional_module("websockets.asyncio.server", "websockets", "WebSocket")
        self._lost = optional_module("websockets.exceptions", "websockets", "WebSocket").ConnectionClosed
        self._hello = json.dumps(hello(run))
        self._run, self._notify = run, notify
        self._origins = {origin.rstrip("/") for origin in origins}
        self._queues: dict[Any, _Queue] = {}
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        opened: Future[int] = Future()
        self._thread = threading.Thread(
            target=self._serve, args=(address, opened), name=f"WebSocket {address}", daemon=True
        )
        self._thread.start()
        try:
            port = opened.result()
        except (OSError, UnicodeError) as error:  # the latter for what cannot be the name of a host
            self._thread.join()
            raise MediaError(
                "WebSocket cannot use {address} ({reason}).",
                address=address,
                reason=getattr(error, "strerror", None) or error,
            ) from error
        self.address = Address(address.host, port)
        self.name = Sentence("WebSocket on {address}", address=f"ws://{self.address}/")
        self.page = f"http://{self.address}/"
        self.warning = (
            "" if address.is_this_machine else f"Poses leave this machine: whoever reaches {self.address} gets them."
        )

    @property
    def receivers(self) -> int:
        return len(self._queues)

    def send(self, frame: LiveFrame) -> None:
        if not self._queues or self._loop.is_closed():
            return
        text = json.dumps(message(frame, self._run), separators=(",", ":"), allow_nan=False)
        with contextlib.suppress(RuntimeError):  # closed meanwhile
            asyncio.run_coroutine_threadsafe(self._hand_out(text), self._loop).result(_WAIT_S)

    async def _hand_out(self, text: str) -> None:
        for queue in self._queues.values():
            queue.put(text)

    def close(self) -> None:
        with contextlib.suppress(RuntimeError):  # closed already
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _serve(self, address: Address, opened: Future[int]) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._until_closed(address, opened))

    async def _until_closed(self, address: Address, opened: Future[int]) -> None:
        try:
            server = await self._server_module.serve(
                self._receive, address.host, address.port,
                process_request=self._page_or_handshake, origins=None, compression=None, max_size=4096,
                close_timeout=_CLOSE_S, write_limit=_BUFFER, server_header=None,
            )  # fmt: skip
        except Exception as error:  # whatever it is: somebody waits for it
            opened.set_exception(error)
            return
        port = server.sockets[0].getsockname()[1]
        self._origins |= own_origins(Address(address.host, port))
        opened.set_result(port)
        await self._stop.wait()
        server.close()
        with contextlib.suppress(TimeoutError):  # browsers keep spare connections, which never say anything
            await asyncio.wait_for(server.wait_closed(), _CLOSE_S)

    def _page_or_handshake(self, connection: Any, request: Any) -> Any:
        """The answer to a plain request or a refusal; None = go on to the handshake."""
        if request.headers.get("Upgrade", "").lower() != "websocket":
            if request.path.partition("?")[0] != "/":
                return connection.respond(404, "There is only / here.\n")
            response = connection.respond(200, page_html())
            del response.headers["Content-Type"]
            response.headers["Content-Type"] = "text/html; charset=utf-8"
            response.headers["Content-Security-Policy"] = _PAGE_RULES
            return response
        origin = request.headers.get("Origin")  # browsers always send it, programs mostly do not
        if origin is not None and not is_allowed(origin, request.headers.get("Host", ""), self._origins):
            return connection.respond(403, "Web pages of other origins may not read poses.\n")
        if len(self._queues) >= MAX_RECEIVERS:
            return connection.respond(503, f"There are {MAX_RECEIVERS} receivers already.\n")
        return None

    async def _receive(self, connection: Any) -> None:
        """One receiver, until it goes away."""
        # With the system's own large buffer, a slow receiver would fall behind by minutes instead of missing frames.
        connection.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER)
        queue = self._queues[connection] = _Queue()
        feeding = asyncio.create_task(self._feed(connection, queue))
        try:
            async for _ in connection:  # what it says is read, so that its pongs are, and means nothing
                pass
        except self._lost:
            if not self._stop.is_set():
                host = str((connection.remote_address or ("?",))[0])
                self._notify(f"A WebSocket receiver at {host} was lost.")
        finally:
            del self._queues[connection]
            feeding.cancel()

    async def _feed(self, connection: Any, queue: _Queue) -> None:
        with contextlib.suppress(self._lost):
            await connection.send(self._hello)
            while True:
                await connection.send(await queue.get())


class _Queue:
    """The newest messages for one receiver."""

    def __init__(self) -> None:
        self._messages: deque[str] = deque()
        self._filled = asyncio.Event()

    def put(self, text: str) -> None:
        make_room(self._messages)
        self._messages.append(text)
        self._filled.set()

    async def get(self) -> str:
        await self._filled.wait()
        text = self._messages.popleft()
        if not self._messages:
            self._filled.clear()
        return text


def own_origins(address: Address) -> set[str]:
    """Origins of the page that is served at this address."""
    hosts = {str(address), *(f"{host}:{address.port}" for host in ("127.0.0.1", "localhost", "[::1]"))}
    hosts |= {host.removesuffix(":80") for host in hosts}  # which browsers leave out
    return {f"http://{host}" for host in hosts}


def is_allowed(origin: str, host: str, origins: Collection[str]) -> bool:
    """origin, host: headers of the request. From another machine the page's host is an IP address of this one."""
    return origin in origins or (origin == f"http://{host}" and _is_ip_host(host))


def _is_ip_host(host: str) -> bool:
    """A name could be one that a foreign page has pointed here; an IP address cannot."""
    name = host.rpartition(":")[0] if ":" in host and not host.endswith("]") else host
    try:
        ip_address(name.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True


def page_html() -> str:
    return resources.files("app.live").joinpath("page.html").read_text(encoding="utf-8")


def hello(run: LiveRun) -> dict[str, Any]:
    """The first message to a receiver."""
    return {
        "type": "hello", "format": FORMAT, "source": run.source, "fps": run.fps, "slots": run.slots,
        "skeleton": run.skeleton, "joints": run.joints, "edges": run.edges,
        "angles": run.angles, "exercises": run.exercises, "units": "normalised" if run.normalised else "pixels",
    }  # fmt: skip


def message(frame: LiveFrame, run: LiveRun) -> dict[str, Any]:
    """One frame. captured_at: seconds since 1970 when the image was captured."""
    return {
        "type": "frame", "frame": frame.index, "time_s": round(frame.time_s, 6),
        "captured_at": round(time.time() - time.perf_counter() + frame.captured_s, 4),
        "width": frame.size[0], "height": frame.size[1],
        "people": [_person(person, run) for person in frame.people],
    }  # fmt: skip


def _person(person: LivePerson, run: LiveRun) -> dict[str, Any]:
    digits = 5 if run.normalised else 2
    joints = zip(run.joints, person.keypoints.tolist(), person.scores.tolist(), strict=True)
    content: dict[str, Any] = {
        "slot": person.slot, "id": person.track_id, "score": round(person.confidence, 4), "observed": person.observed,
        "keypoints": {
            name: None if math.isnan(x) else [round(x, digits), round(y, digits), round(score, 3)]
            for name, (x, y), score in joints
        },
    }  # fmt: skip
    if run.angles:
        content["angles"] = {name: _rounded(a) for name, a in zip(run.angles, person.angles.tolist(), strict=True)}
    if run.exercises:
        content["repetitions"] = {
            name: {
                "count": state.count, "angle": _rounded(state.angle_deg), "low": _rounded(state.low_deg),
                "high": _rounded(state.high_deg),
            }
            for name, state in zip(run.exercises, person.repetitions, strict=True)
        }  # fmt: skip
    return content


def _rounded(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 1)
