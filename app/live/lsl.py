"""Lab Streaming Layer: one stream a person slot, with joints as named channels and the time of capture.

A slot that nobody is in gives NaN, so the samples of all streams belong together by their times.
"""

from __future__ import annotations

import functools
import math
import time
from typing import Any

import numpy as np

from app.live.address import optional_module
from app.live.frame import LiveFrame, LivePerson, LiveRun, channel_names
from pose.errors import MediaError
from pose.sentence import Sentence

_BUFFERED = 10  # for irregular rates in hundreds of samples: half a minute at 30 frames per second
# Found only from this machine. Its library still listens on every address of the machine.
_THIS_MACHINE = (
    "[multicast]\nResolveScope = machine\nListenAddress = 127.0.0.1\n[ports]\nIPv6 = disable\n[log]\nlevel = -1\n"
)


class LslOutput:
    """Streams "<prefix> 1", "<prefix> 2", … of type MoCap with channels `channel_names` and, last, the track id.

    network: announce them in the network, as the user's LSL configuration says. The first output decides for the whole
    program. Raises MediaError if pylsl is missing.
    """

    def __init__(self, run: LiveRun, prefix: str = "LitePose", network: bool = False) -> None:
        self._lsl = optional_module("pylsl", "pylsl", "LSL")
        if not network:
            _stay_on_this_machine()
        self._run = run
        self._read_within_s, self._shift_s = math.inf, 0.0
        self.name = Sentence('LSL streams "{first}" to "{last}"', first=f"{prefix} 1", last=f"{prefix} {run.slots}")
        self.warning = (
            "Poses leave this machine: LSL announces the streams in the network."
            if network
            else "LSL streams are announced on this machine only, but its library also answers whoever asks from the "
            "network for them; a firewall keeps others out."
        )
        try:
            self._outlets = [self._outlet(f"{prefix} {slot}", slot) for slot in range(1, run.slots + 1)]
        except RuntimeError as error:
            raise MediaError("LSL cannot open its streams ({reason}).", reason=error) from error
        self._missing = np.full(len(channel_names(run)) + 1, np.nan)
        self._missing[-1] = 0

    def _outlet(self, name: str, slot: int) -> Any:
        lsl, run = self._lsl, self._run
        labels = [*channel_names(run), "track_id"]
        info = lsl.StreamInfo(name, "MoCap", len(labels), lsl.IRREGULAR_RATE, "double64", f"{name} {run.source}")
        info.set_channel_labels(labels)
        info.set_channel_units([_unit(label, run) for label in labels])
        setup = info.desc().append_child("setup")
        facts = {
            "source": run.source, "skeleton": run.skeleton, "slot": slot, "width": run.width, "height": run.height,
            "nominal_fps": f"{run.fps:g}",
        }  # fmt: skip
        for key, value in facts.items():
            setup.append_child_value(key, str(value))
        return lsl.StreamOutlet(info, max_buffered=_BUFFERED)

    def send(self, frame: LiveFrame) -> None:
        captured = frame.captured_s + self._clock_shift_s()
        people = {person.slot: person for person in frame.people}
        for slot, outlet in enumerate(self._outlets, start=1):
            sample = _sample(people[slot]) if slot in people else self._missing
            outlet.push_sample(sample.tolist(), captured)

    def _clock_shift_s(self) -> float:
        """What to add to time.perf_counter() for LSL's clock; both read within as short a time as ever."""
        before_s = time.perf_counter()
        lsl_s = self._lsl.local_clock()
        after_s = time.perf_counter()
        if after_s - before_s <= self._read_within_s:
            self._read_within_s, self._shift_s = after_s - before_s, lsl_s - (before_s + after_s) / 2
        return self._shift_s

    def close(self) -> None:
        self._outlets = []


def _sample(person: LivePerson) -> np.ndarray[Any, np.dtype[np.float64]]:
    joints = np.column_stack([person.keypoints, person.scores]).ravel()
    counts = [float(state.count) for state in person.repetitions]
    return np.concatenate([joints, person.angles, counts, [person.track_id]]).astype(np.float64)


def _unit(label: str, run: LiveRun) -> str:
    if label.endswith(("_x", "_y")):
        return "normalised" if run.normalised else "pixels"
    return "degrees" if label.endswith("_deg") else "none"


@functools.cache
def _stay_on_this_machine() -> None:
    """Counts only before the library is first used."""
    from pylsl import util

    util.set_config_content(_THIS_MACHINE)
