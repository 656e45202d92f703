"""Where each key frame of a video stands among its frames, so that seeking knows the frame's number."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import av
import numpy as np
from numpy.typing import NDArray

from pose.errors import MediaError

Ticks = NDArray[np.int64]
HOLE = 1.5  # of a frame's duration: steps longer than this leave room for another frame


class _Entry(NamedTuple):
    byte_position: int
    ticks: int | None
    is_key: bool
    is_discard: bool
    is_torn: bool = False


class Clock:
    """What to add to the times of packets so that they go on where the clock of a file begins anew.

    Calls give the decoding times of all packets, in the order of storage. step, second: ticks of a frame, of a second.
    """

    def __init__(self, step: int, second: int) -> None:
        self._step, self._second = step, second
        self._last: int | None = None
        self.shift = 0

    def __call__(self, stored: int | None) -> int:
        if stored is not None:
            if self._last is not None and stored < self._last - self._second:
                self.shift += self._last + self._step - stored
            self._last = stored
        return self.shift


@dataclass(frozen=True)
class PacketIndex:
    """Built from a container's own table, or by reading all packets without decoding them.

    key_positions: byte position of each key frame's packet → how many shown frames are stored before it.
    shown_count:   packets that are meant to be shown.
    variable_frame_rate: None if the packets carry no times.
    shown_ticks:   ascending presentation times of all of them, those that are torn out too; None where only decoding
                   times are known.
    mean_step:     ticks from frame to frame, jumps left out, where they are certain: if they are even, or if there are
                   jumps. Else None.
    begins_anew:   the clock does so within the file, so that a time does not tell where a frame is stored.
    """

    key_positions: dict[int, int]
    shown_count: int
    variable_frame_rate: bool | None
    shown_ticks: Ticks | None
    mean_step: Fraction | None = None
    begins_anew: bool = False

    def shown_before(self, byte_position: int | None) -> int | None:
        """How many frames precede the key frame stored there; None if the index has no key frame there."""
        return None if byte_position is None else self.key_positions.get(byte_position)

    def rank(self, ticks: int) -> int | None:
        """How many frames are shown before that time; None if the times are not known."""
        return None if self.shown_ticks is None else int(np.searchsorted(self.shown_ticks, ticks))


def is_jump(ticks: Any, second: int, step: int) -> Any:
    """Whether so long a step (or each of an array) is no slow frame rate but a break in the times."""
    return ticks > max(2 * second, 10 * step)


def torn_out(before: int, after: int, step: int, second: int, torn: Iterable[int]) -> int:
    """How many frames are missing between two: none, unless a packet there says that something is missing."""
    if after - before <= HOLE * step or not any(before - second <= ticks <= after for ticks in torn):
        return 0
    return round((after - before) / step) - 1


def complete_index(stream: Any) -> PacketIndex | None:
    """The index that the container (MP4, MOV) brings; None if it has none or an incomplete one. Costs no reading."""
    entries = stream.index_entries
    if not stream.frames or len(entries) < stream.frames:
        return None
    return _build(
        (_Entry(e.pos, e.timestamp, e.is_keyframe, e.is_discard) for e in entries),
        presentation=False,
        second=round(1 / stream.time_base),
    )


def scan_index(path: Path, stream_index: int, step: int, second: int) -> PacketIndex:
    """Read through the packets of one stream. Raises MediaError if the file has vanished.

    step: ticks from frame to frame at the nominal rate. second: ticks in a second.
    """

    clock = Clock(step, second)

    def entries() -> Iterable[_Entry]:
        with av.open(f"file:{path}") as container:
            try:
                for packet in container.demux(container.streams[stream_index]):
                    if packet.size:
                        shift = clock(packet.dts)
                        ticks = packet.pts if packet.pts is not None else packet.dts
                        ticks = None if ticks is None else ticks + shift
                        yield _Entry(packet.pos or 0, ticks, packet.is_keyframe, packet.is_discard, packet.is_corrupt)
            except av.FFmpegError:
                return  # a file that breaks off is indexed up to there

    try:
        return replace(_build(entries(), True, second, step), begins_anew=clock.shift != 0)
    except (av.FFmpegError, OSError) as error:
        raise MediaError(f"{path.name} can no longer be read; check that it is still there.") from error


def _build(entries: Iterable[_Entry], presentation: bool, second: int, step: int = 1) -> PacketIndex:
    key_positions: dict[int, int] = {}
    shown_ticks, all_ticks, torn = array("q"), array("q"), array("q")
    shown = 0
    for entry in entries:
        if entry.is_key:
            key_positions.setdefault(entry.byte_position, shown)
        if entry.ticks is not None:
            all_ticks.append(entry.ticks)
        if not entry.is_discard:
            shown += 1
            if entry.ticks is not None:
                shown_ticks.append(entry.ticks)
                if entry.is_torn:
                    torn.append(entry.ticks)
    ascending = np.sort(np.array(shown_ticks, np.int64))
    all_timed = len(ascending) == shown
    # Packets that are not shown, as at the head of a trimmed video, leave gaps between decoding times.
    steps = np.diff(ascending if presentation else np.sort(np.array(all_ticks, np.int64)))
    return PacketIndex(
        # Byte positions give the decoding order only if the container itself says which packets are key frames.
        {} if presentation else key_positions,
        shown,
        _is_variable(steps),
        _with_torn_out(ascending, step, second, torn) if presentation and all_timed else None,
        _mean_step(steps, second),
    )


def _with_torn_out(ascending: Ticks, step: int, second: int, torn: Sequence[int]) -> Ticks:
    if not torn:
        return ascending
    places = np.flatnonzero(np.diff(ascending) > HOLE * step)
    added = [
        before + step * (1 + k)
        for before, after in zip(ascending[places], ascending[places + 1], strict=True)
        for k in range(torn_out(before, after, step, second, torn))
    ]
    return np.sort(np.concatenate([ascending, np.array(added, np.int64)]))


def _is_variable(steps: Ticks) -> bool | None:
    """Whether the steps between frames differ by more than the rounding to whole ticks."""
    return None if len(steps) < 2 else bool(steps.max() - steps.min() > 1)


def _mean_step(steps: Ticks, second: int) -> Fraction | None:
    if not len(steps) or steps.max() <= 0:
        return None
    usual = steps[~is_jump(steps, second, int(np.median(steps)))]
    if not usual.sum() or (len(usual) == len(steps) and steps.max() > steps.min()):
        return None
    return Fraction(int(usual.sum()), len(usual))
