"""All choices as frozen dataclasses, kept in a TOML file that the command line and the desktop app share."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import platformdirs
import tomli_w

from app.render.overlay import OverlayStyle
from pose.decode_settings import DecodeSettings
from pose.engines.base import Device, EngineName, Precision
from pose.errors import SettingsError
from pose.files import write_atomically
from pose.sentence import Sentence
from pose.settings_table import from_table, read_toml, to_table
from pose.topdown.settings import RefineSettings
from tracking.settings import TrackerSettings

CameraSize = Literal["auto", "640x480", "1280x720", "1920x1080"]
Smoothing = Literal["off", "one-euro", "zero-phase"]
AUTO = "auto"


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """Which network runs where.

    name:       "auto" = live the best model that keeps up here (`app.models.auto_model`), for files the most accurate
                one that comes with the program, however long it takes.
    weights:    a file that replaces `name`.
    input_size: pixels; None = the model's own, or live what "auto" chooses.
    refine:     a second look at people, enlarged.
    """

    name: str = AUTO
    weights: str | None = None
    device: Device = "auto"
    engine: EngineName = "auto"
    precision: Precision = "auto"
    input_size: int | None = None
    fit: Literal["short", "long"] = "short"
    flip: bool = False
    refine: RefineSettings = field(default_factory=RefineSettings)


# The tracker ignores people below its lower threshold, so nothing is computed for them.
DECODE = DecodeSettings(person_thr=TrackerSettings().track_low_thr)


@dataclass(frozen=True, slots=True)
class Settings:
    """All of it.

    smoothing:   "one-euro" follows live, "zero-phase" needs the finished recording and adds no delay.
    offline:     identities of files are decided with the whole recording known.
    camera_size: pixels that a camera is asked for; "auto" = as it comes, mostly 640x480.
    parallel_requests: how many the network works on in the window. Two are more per second, but each is shown later;
                 "auto" = two for files and quick networks.
    refine_whom: whom the window's second look is for, where one is chosen (model.refine); files have nobody locked.
    """

    model: ModelSettings = field(default_factory=ModelSettings)
    decode: DecodeSettings = DECODE
    tracker: TrackerSettings = field(default_factory=TrackerSettings)
    overlay: OverlayStyle = field(default_factory=OverlayStyle)
    smoothing: Smoothing = "off"
    offline: bool = False
    camera_size: CameraSize = "auto"
    parallel_requests: Literal["auto", "one", "two"] = "auto"
    refine_whom: Literal["everybody", "locked"] = "everybody"

    @property
    def camera_wh(self) -> tuple[int, int] | None:
        """camera_size as numbers; None = as it comes."""
        if self.camera_size == AUTO:
            return None
        width, height = self.camera_size.split("x")
        return int(width), int(height)

    def __post_init__(self) -> None:
        for key, (low, high) in _RANGES.items():
            section, name = key.split(".")
            value = getattr(getattr(self, section), name)
            if value is not None and not low <= value <= high:
                raise SettingsError(
                    "The setting {key} must lie between {low} and {high}, not {value}.",
                    key=key,
                    low=f"{low:g}",
                    high=f"{high:g}",
                    value=f"{value:g}",
                )


_RANGES: dict[str, tuple[float, float]] = {
    "model.input_size": (64, 2048),
    "decode.det_thr": (0, 1),
    "decode.tag_thr": (0, 100),
    "decode.fill_thr": (0, 1),
    "decode.person_thr": (0, 1),
    "decode.max_people": (1, 1000),
    "overlay.min_score": (0, 1),
    "overlay.thickness": (0.1, 10),
}


def settings_path() -> Path:
    """Where the desktop app keeps its settings; the environment variable LITEPOSE_STUDIO_HOME moves it."""
    home = os.environ.get("LITEPOSE_STUDIO_HOME")
    return Path(home or platformdirs.user_config_dir("litepose-studio", appauthor=False)) / "settings.toml"


def load_settings(path: Path) -> Settings:
    """Settings from a file; what the file leaves out has its default. Raises SettingsError that names the key."""
    return settings_from_table(read_toml(path, Sentence("settings file")))


def save_settings(settings: Settings, path: Path) -> None:
    """Write a settings file, whole or not at all. Raises SettingsError if the folder cannot be written."""
    try:
        write_atomically(path, tomli_w.dumps(settings_to_table(settings)).encode())
    except OSError as error:
        raise SettingsError(
            "The settings cannot be saved to {path} ({reason}).", path=path, reason=error.strerror
        ) from error


def settings_to_table(settings: Any) -> dict[str, Any]:
    """A dataclass as TOML data. TOML knows no null: fields that are None are left out."""
    return to_table(settings, nulls=False)


def settings_from_table(table: Mapping[str, Any]) -> Settings:
    """The inverse of `settings_to_table`. Raises SettingsError that names the key."""
    return from_table(_renewed(table), Settings, default=Settings())


# Keys of earlier versions, read on.
_RENAMED = {
    "pictures_at_once": "parallel_requests",
    "tracker.det_thr_low": "track_low_thr",
    "tracker.det_thr_high": "track_high_thr",
    "tracker.sure_thr": "new_track_thr",
    "tracker.max_lost_s": "max_age_s",
}
_RENAMED_VALUES = {("overlay.background", "picture"): "image"}


def _renewed(table: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """The table with the keys and values of today."""
    renewed = {}
    for key, value in table.items():
        key = _RENAMED.get(prefix + key, key)
        if isinstance(value, Mapping):
            value = _renewed(value, f"{prefix}{key}.")
        elif isinstance(value, str):
            value = _RENAMED_VALUES.get((prefix + key, value), value)
        renewed[key] = value
    return renewed
