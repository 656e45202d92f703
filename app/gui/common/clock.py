"""Times for people to read."""

from __future__ import annotations


def format_time(time_s: float) -> str:
    """1:02.345 or 1:00:02.345."""
    total_ms = round(max(time_s, 0.0) * 1000)
    minutes, ms = divmod(total_ms, 60_000)
    hours, minutes = divmod(minutes, 60)
    clock = f"{hours}:{minutes:02d}" if hours else f"{minutes}"
    return f"{clock}:{ms // 1000:02d}.{ms % 1000:03d}"
