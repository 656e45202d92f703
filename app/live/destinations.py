"""Where the poses go: what was asked for, and how each output is opened."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from app.live.address import Address
from app.live.frame import LiveRun
from app.live.output import LiveOutput
from app.render.overlay import OverlayStyle

Kind = Literal["osc", "websocket", "lsl", "virtual_camera"]


@dataclass(frozen=True, slots=True)
class Destinations:
    """All off by default.

    origins:        of the user's own web pages that may read by WebSocket.
    lsl:            what the streams' names begin with; "" = no streams.
    lsl_network:    announce them in the network too.
    virtual_camera: a device, or "" for any; None = off.
    """

    osc: tuple[Address, ...] = ()
    websocket: Address | None = None
    origins: tuple[str, ...] = ()
    lsl: str = ""
    lsl_network: bool = False
    virtual_camera: str | None = None

    def __bool__(self) -> bool:
        return bool(self.osc or self.websocket or self.lsl) or self.virtual_camera is not None

    def openers(
        self, run: LiveRun, style: OverlayStyle, notify: Callable[[str], None]
    ) -> Iterator[tuple[Kind, Callable[[], LiveOutput]]]:
        """Each output that was asked for as a function that opens it; that may raise MediaError."""
        if self.osc:
            from app.live.osc import OscOutput

            for address in self.osc:
                yield "osc", functools.partial(OscOutput, address, run)
        if self.websocket is not None:
            from app.live.websocket import WebSocketOutput

            yield (
                "websocket",
                functools.partial(WebSocketOutput, self.websocket, run, origins=self.origins, notify=notify),
            )
        if self.lsl:
            from app.live.lsl import LslOutput

            yield "lsl", functools.partial(LslOutput, run, self.lsl, self.lsl_network)
        if self.virtual_camera is not None:
            from app.live.virtual_camera import VirtualCameraOutput

            yield "virtual_camera", functools.partial(VirtualCameraOutput, run, style, self.virtual_camera or None)
