"""When a video was recorded, as its container says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

# Phones write the time with its zone in the second one; the first is in UTC, by the format's own rule.
_TAGS = ("com.apple.quicktime.creationdate", "creation_time", "date")
_UNSET = datetime(1970, 1, 2, tzinfo=UTC)  # some recorders write their clock's zero


def recording_start(tags: Mapping[str, str]) -> str | None:
    """ISO 8601 in UTC with "Z", to the millisecond; None if the tags do not say it to the second or say nonsense."""
    for name in _TAGS:
        text = tags.get(name, "").strip()
        if len(text) < len("2026-03-01T09:30:00"):
            continue
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            continue
        if moment.tzinfo is None:
            if name != "creation_time":
                continue  # a local time of an unknown place
            moment = moment.replace(tzinfo=UTC)
        if moment >= _UNSET:
            return utc_text(moment)
    return None


def utc_text(moment: datetime) -> str:
    """ISO 8601 to the millisecond, as in 2026-03-01T09:30:00.000Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
