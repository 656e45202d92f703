"""Which decoded frame is shown when, and which packets gave no frame: plain bookkeeping, without any decoding.

A decoder gives its frames in the order in which they are shown, each with the time that its packet carried. Some files
number their packets as they are stored, repeat a time or leave one out. The order of the frames is right even then, so
frames wait for each other while a packet with an earlier time may still give one, and then share out their times in
ascending order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, NamedTuple, TypeVar

from app.sources.gaps import HOLE, Clock, Gaps

F = TypeVar("F")
NEAR = 0.6  # of a frame's duration: packets closer than this hold the two halves of one frame


class Timed(NamedTuple, Generic[F]):
    """frame, with the time at which it is shown. lost_before: packets due before it that gave none."""

    frame: F
    ticks: int
    lost_before: int


@dataclass(slots=True)
class _Due:
    ticks: int
    label: int  # the time as the packet carries it; `ticks` goes on where the clock of a file begins anew
    duration: int
    number: int


class FrameOrder(Generic[F]):
    """Of one stream, from its beginning or from a seek on. All times are in ticks of the stream.

    step:     ticks from frame to frame at the nominal rate.
    second:   ticks in a second.
    patience: so many packets later at most a decoder gives the frame of a packet.
    broadcast, begun: as for `Gaps`.
    """

    def __init__(self, step: int, second: int, patience: int, broadcast: bool = False, begun: bool = False) -> None:
        self._step, self._patience = step, patience
        self._gaps = Gaps(step, second, broadcast, begun)
        self._due: list[_Due] = []  # packets whose frame has not come yet
        self._held: list[tuple[F, int]] = []
        self._packets = 0
        self._last: int | None = None  # time of the frame handed out last
        self._clock = Clock(step, second)
        self._lost_untimed = 0
        self.estimated = 0  # frames whose time is not their packet's
        self.jumps: list[tuple[int, int]] = []  # times between which nothing is shown for long; the caller empties it

    def expect(self, label: int, duration: int, stored: int | None, torn: bool) -> None:
        """A packet is about to be decoded that is shown at `label`. torn: something before it is missing."""
        shift = self._clock(stored)
        self._packets += 1
        due = _Due(label + shift, label, duration or self._step, self._packets)
        self._due.append(due)
        if torn:
            self._gaps.tear(due.ticks)

    def lose(self) -> None:
        """A packet without a time could not be decoded."""
        self._lost_untimed += 1

    def accept(self, frame: F, label: int | None) -> None:
        """A decoded frame, with the time that its packet carried."""
        due = next((due for due in self._due if due.label == label), None)
        if due is not None:
            self._due.remove(due)
            ticks = due.ticks
        elif label is not None:
            ticks = label + self._clock.shift
        else:
            self.estimated += 1
            before = self._held[-1][1] if self._held else self._last
            ticks = 0 if before is None else before + self._step
        self._held.append((frame, ticks))

    def ready(self, ended: bool = False) -> Iterator[Timed[F]]:
        """The frames whose times are certain. ended: there will be no more packets and no more frames."""
        if self._held and (ended or not self._must_wait()):
            held, self._held = self._held, []
            yield from self._with_times([frame for frame, _ in held], sorted(ticks for _, ticks in held))

    def lost_at_end(self) -> int:
        """Packets without a frame after the last frame."""
        lost = len(self._gone([] if self._last is None else [self._last], None)) + self._lost_untimed
        self._lost_untimed = 0
        return lost

    def _must_wait(self) -> bool:
        if self._last is None:
            return False
        times = [self._last, *(ticks for _, ticks in self._held)]
        top = max(times)
        return any(
            self._last < due.ticks < top and self._packets - due.number <= self._patience and not _is_half(due, times)
            for due in self._due
        )

    def _gone(self, times: list[int], before: int | None) -> list[int]:
        """Times of the packets that were due by then and gave no frame; they are not waited for any longer."""
        lost: list[int] = []
        for due in sorted((d for d in self._due if before is None or d.ticks < before), key=lambda due: due.ticks):
            self._due.remove(due)
            if not _is_half(due, [*times, *lost]):
                lost.append(due.ticks)
        return lost

    def _with_times(self, frames: list[F], times: list[int]) -> Iterator[Timed[F]]:
        lost = self._gone(times if self._last is None else [self._last, *times], times[-1])
        for frame, ticks in zip(frames, self._ascending(times), strict=True):
            before = [t for t in lost if t < ticks]
            lost = lost[len(before) :]
            missing, self._lost_untimed = len(before) + self._lost_untimed, 0
            if self._last is not None:
                torn_out, is_jump = self._gaps(self._last, ticks)
                missing = max(missing, torn_out)
                if is_jump:
                    self.jumps.append((self._last, ticks))
            self._last = ticks
            yield Timed(frame, ticks, missing)

    def _ascending(self, times: list[int]) -> list[int]:
        """The same times, but each after the one before: doubles go to where one is missing, or in between."""
        last = self._last
        kept: list[int] = [] if last is None else [last]
        doubles = 0
        for ticks in times:
            if kept and ticks <= kept[-1]:
                doubles += 1
            else:
                kept.append(ticks)
        self.estimated += doubles
        for _ in range(doubles):
            hole = next((a for a, b in pairwise(kept) if b - a > HOLE * self._step), kept[-1])
            later = (t for t in [*kept, *(due.ticks for due in self._due)] if t > hole)
            room = min(later, default=hole + 2 * self._step) - hole
            kept.append(hole + max(1, min(self._step, room // 2 if room < 2 * self._step else self._step)))
            kept.sort()
        return kept if last is None else kept[1:]


def _is_half(due: _Due, times: list[int]) -> bool:
    return any(abs(due.ticks - ticks) < NEAR * due.duration for ticks in times)
