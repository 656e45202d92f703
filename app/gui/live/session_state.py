"""The states of the session and how it gets from one to another; what it needs from the rest of the program."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from app.gui.i18n.translation import translate
from app.gui.live.workers import Brain
from app.sources.base import Source, SourceInfo

STALL_S = 1.5  # a live source silent for longer than this is reported
SourceSpec = str | int
Phase = Literal["empty", "opening", "open", "interrupted", "closed"]
Event = Literal[
    "open", "opened", "break_off", "recover", "leave", "play", "pause", "record", "stop_recording", "shut_down"
]


@dataclass(frozen=True, slots=True)
class Backend:
    """What the session needs from the rest of the program; tests give fakes.

    open_source: called on the capture thread with the spec and a `sleep` that raises when the user has moved on.
    build_brain: called on the loader's thread with the settings, the device to force ("" = as set) and a function
                 that takes a sentence about what is being done.
    """

    open_source: Callable[[SourceSpec, Callable[[float], None]], Source]
    build_brain: Callable[[Any, str, Callable[[str], None]], Brain]


@dataclass(frozen=True, slots=True)
class SessionState:
    """What the controls show.

    phase: "interrupted" = a live source broke off and is opened again; "closed" = the program ends.
    """

    phase: Phase = "empty"
    spec: SourceSpec | None = None
    info: SourceInfo | None = None
    last_s: float | None = None  # presentation time of a file's last frame, once that was reached
    playing: bool = False
    position_s: float = 0.0
    speed: float = 1.0
    loop: bool = False
    in_s: float | None = None
    out_s: float | None = None
    model: str = ""  # "" until the first one is loaded
    engine: str = ""  # engine, precision and device in use
    loading: bool = False
    recording: bool = False
    record_s: float = 0.0

    def after(self, event: Event, **facts: Any) -> SessionState | None:
        """The state after an event, with what is known from it; None where it does not apply and is to be ignored."""
        rule = RULES[event]
        if self.phase not in rule.phases or any(getattr(self, name) != value for name, value in rule.needs.items()):
            return None
        return replace(self, **{**rule.sets, **facts})

    @property
    def is_open(self) -> bool:
        """Whether there is a source that has shown images, be it interrupted now."""
        return self.phase in ("open", "interrupted")

    @property
    def live(self) -> bool:
        return self.info is not None and self.info.live

    @property
    def duration_s(self) -> float | None:
        """From the first frame to the end of the last one; until that was reached, what the file announces."""
        if self.info is None or self.last_s is None:
            return self.info.duration_s if self.info is not None else None
        return self.last_s + 1.0 / (self.info.fps or 25.0)


@dataclass(frozen=True, slots=True)
class Rule:
    """Where an event applies: in these phases, with these values; and what it sets."""

    phases: frozenset[Phase]
    sets: Mapping[str, Any]
    needs: Mapping[str, Any] = field(default_factory=dict)


_SOURCE: frozenset[Phase] = frozenset({"opening", "open", "interrupted"})
_NO_SOURCE = {"spec": None, "info": None, "last_s": None, "playing": False, "recording": False}
_FROM_THE_START = {"position_s": 0.0, "in_s": None, "out_s": None}

RULES: Mapping[Event, Rule] = {
    "open": Rule(_SOURCE | {"empty"}, _NO_SOURCE | _FROM_THE_START | {"phase": "opening", "playing": True}),
    "opened": Rule(frozenset({"opening"}), {"phase": "open"}),
    "break_off": Rule(frozenset({"open", "interrupted"}), {"phase": "interrupted"}),
    "recover": Rule(frozenset({"interrupted"}), {"phase": "open"}),
    "leave": Rule(_SOURCE, _NO_SOURCE | {"phase": "empty"}),
    "play": Rule(_SOURCE, {"playing": True}, {"playing": False}),
    "pause": Rule(_SOURCE, {"playing": False}, {"playing": True}),
    "record": Rule(_SOURCE, {"recording": True, "record_s": 0.0}, {"recording": False}),
    "stop_recording": Rule(_SOURCE, {"recording": False}, {"recording": True}),
    "shut_down": Rule(_SOURCE | {"empty"}, _NO_SOURCE | {"phase": "closed"}),
}


def what_is_awaited(state: SessionState, model_has_run: bool, silent_s: float, loading_text: str) -> str:
    """A sentence for the image while there is something to wait for, else "".

    silent_s: seconds since the last image. loading_text: what the loader says it is doing.
    """

    if state.phase == "opening":
        return translate("Session", "Opening …")
    if state.live and state.playing and silent_s > STALL_S:
        return translate("Session", "Waiting for the next image …")
    if not state.is_open:
        return ""
    if state.loading and loading_text:
        return loading_text
    return translate("Session", "Loading the model …") if not model_has_run and (state.loading or state.model) else ""
