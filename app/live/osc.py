"""Open Sound Control over UDP: one bundle a frame about all slots, then one bundle a person, each in one packet.

    /litepose/frame                     index time_s people latency_ms
    /litepose/size                      width height
    /litepose/<slot>/present            1 or 0, for every slot
    /litepose/<slot>/id                 track id
    /litepose/<slot>/score              0 to 1
    /litepose/<slot>/<joint>            x y score
    /litepose/<slot>/angle/<angle>      degrees
    /litepose/<slot>/repetitions/<name> count angle low high

A joint that was not found keeps the position that was sent last and has score 0.
"""

from __future__ import annotations

import math
import socket
import time
from typing import Any

import numpy as np

from app.live.address import Address, optional_module
from app.live.frame import LiveFrame, LivePerson, LiveRun
from pose.errors import MediaError
from pose.sentence import Sentence


class OscOutput:
    """Sends to one address. Raises MediaError if python-osc is missing or the host is not known."""

    def __init__(self, address: Address, run: LiveRun) -> None:
        self.name = Sentence("OSC to {address}", address=address)
        self.warning = "" if address.is_this_machine else f"Poses leave this machine: they are sent to {address}."
        self._bundles = optional_module("pythonosc.osc_bundle_builder", "python-osc", "OSC")
        self._messages = optional_module("pythonosc.osc_message_builder", "python-osc", "OSC")
        try:
            family, kind, _, _, target = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_DGRAM)[0]
            self._socket = socket.socket(family, kind)
            self._socket.connect(target)  # so that this machine says when nobody listens there
        except (OSError, UnicodeError) as error:  # the latter for what cannot be the name of a host
            raise MediaError(
                "OSC cannot be sent to {address} ({reason}).",
                address=address,
                reason=getattr(error, "strerror", None) or error,
            ) from error
        self._run = run
        self._last: dict[int, tuple[int, list[list[float]]]] = {}  # slot → (track id, positions sent last)

    def send(self, frame: LiveFrame) -> None:
        bundle = self._bundle()
        latency_ms = 1e3 * (time.perf_counter() - frame.captured_s)
        self._add(bundle, "frame", frame.index, float(frame.time_s), len(frame.people), latency_ms)
        self._add(bundle, "size", *frame.size)
        present = {person.slot for person in frame.people}
        for slot in range(1, self._run.slots + 1):
            self._add(bundle, f"{slot}/present", int(slot in present))
        self._socket.send(bundle.build().dgram)
        for person in frame.people:
            self._send_person(person)

    def _send_person(self, person: LivePerson) -> None:
        slot, bundle = person.slot, self._bundle()
        self._add(bundle, f"{slot}/id", person.track_id)
        self._add(bundle, f"{slot}/score", person.confidence)
        for joint, position, score in zip(self._run.joints, self._positions(person), person.scores, strict=True):
            self._add(bundle, f"{slot}/{joint}", *position, float(score))
        self._socket.send(bundle.build().dgram)
        if self._run.angles or self._run.exercises:  # in a packet of their own: all would be too long for one
            bundle = self._bundle()
            for name, degrees in zip(self._run.angles, person.angles, strict=True):
                if not math.isnan(degrees):
                    self._add(bundle, f"{slot}/angle/{name}", float(degrees))
            for name, state in zip(self._run.exercises, person.repetitions, strict=True):
                values = (state.angle_deg, state.low_deg, state.high_deg)
                self._add(bundle, f"{slot}/repetitions/{name}", state.count, *(_number(value) for value in values))
            self._socket.send(bundle.build().dgram)

    def _positions(self, person: LivePerson) -> list[list[float]]:
        track_id, last = self._last.get(person.slot, (0, []))
        if track_id != person.track_id:
            last = [[0.0, 0.0]] * len(self._run.joints)
        points: list[list[float]] = person.keypoints.tolist()
        found = np.isfinite(person.keypoints[:, 0])
        positions = [points[i] if found[i] else last[i] for i in range(len(points))]
        self._last[person.slot] = (person.track_id, positions)
        return positions

    def _bundle(self) -> Any:
        return self._bundles.OscBundleBuilder(self._bundles.IMMEDIATELY)

    def _add(self, bundle: Any, path: str, *values: float) -> None:
        message = self._messages.OscMessageBuilder(f"/litepose/{path}")
        for value in values:
            message.add_arg(value, "i" if isinstance(value, int) else "f")
        bundle.add_content(message.build())

    def close(self) -> None:
        self._socket.close()


def _number(value: float) -> float:
    return 0.0 if math.isnan(value) else value
