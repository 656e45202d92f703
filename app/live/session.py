"""Frames of a source as they happen, through the pipeline, to the outputs: no window."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from app.live.frame import LiveFrame
from app.live.output import LiveOut
from app.pipeline import Pipeline
from app.sources.base import Source
from app.sources.camera import LiveSource
from app.threads import Prefetch, Stopped, StopSignal
from app.types import Frame

_LATE_S = 0.25
_RECENT = 3000  # frames whose delays are remembered


@dataclass
class LiveFigures:
    """How a session went so far. delays_ms: from capture until the outputs got the frame, of the last frames."""

    frames: int = 0
    dropped: int = 0
    people: int = 0
    started_s: float = field(default_factory=time.perf_counter)
    delays_ms: deque[float] = field(default_factory=lambda: deque(maxlen=_RECENT))

    @property
    def fps(self) -> float:
        return self.frames / max(time.perf_counter() - self.started_s, 1e-9)

    def delay_ms(self, percent: float) -> float:
        """A percentile of the delays; NaN before the first frame."""
        return float(np.percentile(self.delays_ms, percent)) if self.delays_ms else float("nan")


def run_live(
    source: Source,
    pipeline: Pipeline,
    out: LiveOut,
    stop: StopSignal,
    *,
    loop: bool = False,
    seconds: float | None = None,
    on_frame: Callable[[LiveFrame, LiveFigures], None] = lambda frame, figures: None,
) -> LiveFigures:
    """Send everything that happens until the source ends, `stop` is set or the time is over.

    Files play at their own rate, again and again with `loop`. The newest frame wins: what the network has no time for
    is dropped and counted. `stop` must be what the source waits with. Raises MediaError if the source breaks off.
    """
    figures = LiveFigures()
    pipeline.reset()
    with Prefetch(captured(source, stop, loop), 1, "capture", newest_only=True) as frames:
        try:
            for frame, captured_s in frames:
                if stop.is_set() or (seconds is not None and time.perf_counter() - figures.started_s >= seconds):
                    break
                live = out.publish(pipeline(frame), captured_s)
                figures.frames += 1
                figures.people, figures.dropped = len(live.people), frames.dropped
                figures.delays_ms.append(1e3 * (time.perf_counter() - captured_s))
                on_frame(live, figures)
        finally:
            stop.set()  # else a source that gives nothing would be waited for
    return figures


def captured(source: Source, stop: StopSignal, loop: bool = False) -> Iterator[tuple[Frame, float]]:
    """Frames with the time.perf_counter() at which they were captured, or are due if the source is a file.

    Index and time go on through the repetitions of a loop.
    """
    if isinstance(source, LiveSource):
        for frame in source:
            yield frame, source.started_s + frame.time_s
        return
    start_s = time.perf_counter()
    index, shift_s = 0, 0.0
    try:
        while True:
            time_s = 0.0
            for frame in source:
                time_s = frame.time_s
                due_s = start_s + shift_s + time_s
                late_s = time.perf_counter() - due_s
                if late_s > _LATE_S:  # it cannot be decoded at its own rate: it plays slower instead of ever later
                    start_s, due_s = start_s + late_s, due_s + late_s
                stop.sleep(max(0.0, due_s - time.perf_counter()))
                yield Frame(index, shift_s + time_s, frame.image_bgr), due_s
                index += 1
            if not loop or time_s == 0:
                return
            shift_s += time_s + 1 / source.info.fps
            source.seek(0.0)
    except Stopped:
        return
