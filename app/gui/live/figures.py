"""Measuring for the figures over the image: rates, latency, drops."""

from __future__ import annotations

import time

from app.gui.view.delivery import Delivery
from app.gui.view.hud import CountRate, HudStats, RateMeter

LATENCY_WEIGHT = 0.2  # of a new latency in the smoothed one


class Figures:
    """Counters are read when the figures are wanted; only painted images are reported one by one."""

    def __init__(self) -> None:
        self._capture, self._inference, self._display = CountRate(), CountRate(), RateMeter()
        self._latency_ms = 0.0
        self._dropped_before = 0

    def begin_source(self, dropped: int) -> None:
        """Another source: drops and latency count from here."""
        self._dropped_before, self._latency_ms = dropped, 0.0
        self._display.clear()

    def painted(self, latency_s: float) -> None:
        self._display.tick(time.perf_counter())
        latency_ms = 1e3 * max(latency_s, 0.0)
        first = self._latency_ms == 0
        self._latency_ms += (1.0 if first else LATENCY_WEIGHT) * (latency_ms - self._latency_ms)

    def read(
        self, captured: int, inferred: int, dropped: int, last: Delivery | None, model: str, engine: str
    ) -> HudStats:
        """The figures of the last moments."""
        now_s = time.perf_counter()
        return HudStats(
            capture_fps=self._capture.read(captured, now_s),
            inference_fps=self._inference.read(inferred, now_s),
            display_fps=self._display.rate(now_s),
            latency_ms=self._latency_ms,
            inference_ms=last.result.times.total_ms if last else 0.0,
            dropped=dropped - self._dropped_before,
            people=len(last.result.tracks) if last else 0,
            model=model,
            engine=engine,
        )
