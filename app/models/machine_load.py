"""How busy the machine is: what is measured on a busy one says little about the next start."""

from __future__ import annotations

WATCHED_S = 0.2


def busy_share() -> float:
    """The share of all cores that is in use while this thread waits a moment, by this program or others: 0 to 1."""
    import psutil  # only measuring needs it, not every start

    return float(psutil.cpu_percent(interval=WATCHED_S)) / 100
