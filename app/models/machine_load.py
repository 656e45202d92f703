"""How busy other programs keep the machine: a speed that was measured beside them says little about the next start."""

from __future__ import annotations

import time
from dataclasses import dataclass

from pose.engines.base import available_cores

CORES_PER_JOB = 4  # one network gains less and less by more
MEMORY_PER_JOB = 2 * 2**30
WATCHED_S = 0.2  # less says nothing: processors' times are counted in hundredths of a second


def parallel_jobs(cores: int | None = None, free_bytes: int | None = None) -> int:
    """How many networks may work here at a time, each on its share of the processor, so that files get done sooner."""
    if free_bytes is None:
        import psutil

        free_bytes = psutil.virtual_memory().available
    return max(1, min((cores or available_cores()) // CORES_PER_JOB, free_bytes // MEMORY_PER_JOB))


@dataclass(frozen=True, slots=True)
class Look:
    """Seconds of processor time since the machine started, summed over all cores; own_s of this program."""

    total_s: float
    busy_s: float
    own_s: float
    at_s: float


def look() -> Look:
    import psutil  # only measuring needs it, not every start

    times = psutil.cpu_times()
    total_s = sum(times) - getattr(times, "guest", 0.0) - getattr(times, "guest_nice", 0.0)  # counted as user's, too
    idle_s = times.idle + getattr(times, "iowait", 0.0)
    own = psutil.Process().cpu_times()
    return Look(total_s, total_s - idle_s, own.user + own.system, time.monotonic())


def share_of_others(before: Look) -> float:
    """The share of all cores that other programs, or other guests of the same computer, used since then: 0 to 1.

    Waits until a fifth of a second has passed.
    """
    time.sleep(max(0.0, before.at_s + WATCHED_S - time.monotonic()))
    return share_between(before, look())


def share_between(before: Look, after: Look) -> float:
    others_s = (after.busy_s - before.busy_s) - (after.own_s - before.own_s)
    return min(1.0, max(0.0, others_s / max(after.total_s - before.total_s, 1e-9)))
