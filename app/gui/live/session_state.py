"""What the controls show of the session, and what the session needs from the rest of the program."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from app.gui.i18n.translation import translate
from app.gui.live.workers import Brain
from app.sources.base import Source, SourceInfo

STALL_S = 1.5  # a live source silent for longer than this is reported
SourceSpec = str | int
Phase = Literal["empty", "opening", "open"]


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
    """What the controls show."""

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

    @property
    def live(self) -> bool:
        return self.info is not None and self.info.live

    @property
    def duration_s(self) -> float | None:
        """From the first frame to the end of the last one; until that was reached, what the file announces."""
        if self.info is None or self.last_s is None:
            return self.info.duration_s if self.info is not None else None
        return self.last_s + 1.0 / (self.info.fps or 25.0)


def what_is_awaited(state: SessionState, model_has_run: bool, silent_s: float, loading_text: str) -> str:
    """A sentence for the image while there is something to wait for, else "".

    silent_s: seconds since the last image. loading_text: what the loader says it is doing.
    """

    if state.phase == "opening":
        return translate("Session", "Opening …")
    if state.live and state.playing and silent_s > STALL_S:
        return translate("Session", "Waiting for the next image …")
    if state.phase != "open":
        return ""
    if state.loading and loading_text:
        return loading_text
    return translate("Session", "Loading the model …") if not model_has_run and (state.loading or state.model) else ""
