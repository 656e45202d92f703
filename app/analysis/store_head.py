"""What the head of a detection store says: which source, which model, which settings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from fractions import Fraction
from typing import Any, Literal

from app.sources.base import SourceInfo
from app.version import program_version
from pose.skeleton import Skeleton

# Raised whenever the same image, model and settings give other detections than before: then stored ones are outdated.
DETECTION_REVISION = 1

Origin = Literal["detected", "imported"]


@dataclass(frozen=True, slots=True)
class StoreHead:
    """How the detections of one source came about; all of it can be written as JSON.

    info:      the source as it was when it was opened, without the folder it lies in.
    files:     count, bytes and fingerprint of the source's files; empty for live sources.
    skeleton:  of the poses.
    asked:     the model settings that were asked for ("auto" where nothing was).
    model:     the model as it was: name, weights' hash, input size, engine, device, precision …
    decode:    the decoding settings.
    selection: which part of the source.
    origin:    "imported" = from another program's results.
    version:   of the program.
    frame_names: file names of an image sequence, by frame index; None for others.
    started_utc: when the first frame was recorded, ISO 8601 with "Z"; None if not known.
    """

    info: SourceInfo
    skeleton: Skeleton
    files: Mapping[str, Any] = field(default_factory=dict)
    asked: Mapping[str, Any] = field(default_factory=dict)
    model: Mapping[str, Any] = field(default_factory=dict)
    decode: Mapping[str, Any] = field(default_factory=dict)
    selection: Mapping[str, Any] = field(default_factory=dict)
    origin: Origin = "detected"
    version: str = field(default_factory=program_version)
    revision: int = DETECTION_REVISION
    frame_names: tuple[str, ...] | None = None
    started_utc: str | None = None

    def as_json(self) -> dict[str, str]:
        """Each field as JSON text."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        values["info"] = asdict(replace(self.info, path=None))
        values["skeleton"] = asdict(self.skeleton)
        return {name: json.dumps(value, ensure_ascii=True, default=str) for name, value in values.items()}

    @staticmethod
    def from_json(texts: Mapping[str, str]) -> StoreHead:
        """The inverse of `as_json`; fields that this version does not know are left out.

        Raises ValueError, KeyError or TypeError if that is no head.
        """
        values = {f.name: json.loads(texts[f.name]) for f in fields(StoreHead) if f.name in texts}
        values["info"] = _info(values["info"])
        values["skeleton"] = Skeleton(**{name: _tuples(value) for name, value in values["skeleton"].items()})
        values["frame_names"] = _tuples(values.get("frame_names"))
        return StoreHead(**values)


def _info(table: Mapping[str, Any]) -> SourceInfo:
    known = {f.name for f in fields(SourceInfo)}
    values = {name: value for name, value in table.items() if name in known}
    if values.get("time_base_s") is not None:
        values["time_base_s"] = Fraction(values["time_base_s"])
    return SourceInfo(**values)


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value
