"""The JSON beside each table: how it came about and whether it is complete."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from app.export.partial import commit, discard, partial_path, write_error
from app.types import TrackedFrame

FORMAT = "litepose-studio annotation 1"
_PAIR = re.compile(r"\[\s+(\d+),\s+(\d+)\s+\]")  # an edge, on one line instead of four


class PeopleSummary:
    """Who was seen from when to when; grows with the number of people, not of frames."""

    def __init__(self) -> None:
        self._people: dict[int, dict[str, Any]] = {}
        self.frames = 0
        self.frames_without_people = 0

    def add(self, frame: TrackedFrame) -> None:
        self.frames += 1
        self.frames_without_people += not frame.tracks.observed.any()
        index, time_s = frame.index, round(frame.time_s, 6)
        for track_id in frame.tracks.ids.tolist():
            person = self._people.setdefault(
                track_id,
                {"track_id": track_id, "first_frame": index, "first_time_s": time_s, "rows": 0},
            )
            person |= {"last_frame": index, "last_time_s": time_s, "rows": person["rows"] + 1}

    def as_list(self) -> list[dict[str, Any]]:
        return [self._people[track_id] for track_id in sorted(self._people)]


def write_sidecar(path: Path, content: dict[str, Any], name_it: bool = True) -> None:
    """Write atomically, under the partial name unless content["complete"] and `name_it`. Raises MediaError."""
    temporary = partial_path(path)
    try:
        text = _PAIR.sub(r"[\1, \2]", json.dumps(content, indent=1, ensure_ascii=False))
        # Names of files need not be text: what is none stays readable as an escape of JSON.
        temporary.write_text(text + "\n", encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        discard(temporary)
        raise write_error(path, error) from error
    if content["complete"] and name_it:
        commit(path)


def read_sidecar(path: Path) -> dict[str, Any] | None:
    """The content of a sidecar; None if there is none that can be read."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) and content.get("format") == FORMAT else None
