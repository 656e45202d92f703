"""All choices as frozen dataclasses, kept in a TOML file that the command line and the desktop app share."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import platformdirs
import tomli_w

from app.render.overlay import OverlayStyle
from pose.decode_settings import DecodeSettings
from pose.engines.base import Device, EngineName, Precision
from pose.errors import SettingsError
from pose.files import write_atomically
from pose.sentence import Sentence
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
    """

    model: ModelSettings = field(default_factory=ModelSettings)
    decode: DecodeSettings = DECODE
    tracker: TrackerSettings = field(default_factory=TrackerSettings)
    overlay: OverlayStyle = field(default_factory=OverlayStyle)
    smoothing: Smoothing = "off"
    offline: bool = False
    camera_size: CameraSize = "auto"
    parallel_requests: Literal["auto", "one", "two"] = "auto"

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
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError("The settings file {path} does not exist.", path=path) from None
    except OSError as error:
        raise SettingsError(
            "The settings file {path} cannot be read ({reason}).", path=path, reason=error.strerror
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(
            "The settings file {path} is not valid TOML ({reason}).", path=path, reason=error
        ) from error
    return settings_from_table(table)


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
    table = {}
    for f in fields(settings):
        value = getattr(settings, f.name)
        if value is not None:
            table[f.name] = settings_to_table(value) if is_dataclass(value) else value
    return table


def settings_from_table(table: Mapping[str, Any]) -> Settings:
    """The inverse of `settings_to_table`. Raises SettingsError that names the key."""
    return _changed(Settings(), table, "")


# Keys of earlier versions, read on.
_RENAMED = {
    "pictures_at_once": "parallel_requests",
    "tracker.det_thr_low": "track_low_thr",
    "tracker.det_thr_high": "track_high_thr",
    "tracker.sure_thr": "new_track_thr",
    "tracker.max_lost_s": "max_age_s",
}
_RENAMED_VALUES = {("overlay.background", "picture"): "image"}


def _changed(default: Any, table: Mapping[str, Any], prefix: str) -> Any:
    """The dataclass `default` with what the table says."""
    hints = get_type_hints(type(default))
    known = {f.name for f in fields(default)}
    values = {}
    for key, value in table.items():
        key = _RENAMED.get(prefix + key, key)
        name = prefix + key
        value = _RENAMED_VALUES.get((name, value), value) if isinstance(value, str) else value
        if key not in known:
            raise SettingsError(
                "There is no setting {name}; known here: {known}.", name=name, known=", ".join(sorted(known))
            )
        if is_dataclass(hints[key]):
            if not isinstance(value, Mapping):
                raise SettingsError("The setting {name} must be a table, written as [{name}].", name=name)
            values[key] = _changed(getattr(default, key), value, f"{name}.")
        else:
            values[key] = _checked(hints[key], value, name)
    return replace(default, **values)


_WORDS = {
    bool: Sentence("true or false"),
    int: Sentence("a whole number"),
    float: Sentence("a number"),
    str: Sentence("a text"),
}


def _checked(hint: Any, value: Any, name: str) -> Any:
    """The value as the field's type. An int may stand for a float; a bool stands for no number."""
    if get_origin(hint) in (Union, UnionType):
        hint = next(option for option in get_args(hint) if option is not NoneType)
    if get_origin(hint) is Literal:
        if value in get_args(hint):
            return value
        raise SettingsError(
            "The setting {name} must be one of {choices}, not {value}.",
            name=name,
            choices=", ".join(get_args(hint)),
            value=repr(value),
        )
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not hint:
        word = _WORDS[hint]
        raise SettingsError("The setting {name} must be {word}, not {value}.", name=name, word=word, value=repr(value))
    return value
