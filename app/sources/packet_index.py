"""Where each key frame of a video stands among its frames, so that seeking knows the frame's number."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import av
import numpy as np
from numpy.typing import NDArray

from app.sources.gaps import HOLE, Clock, Gaps, is_jump
from pose.errors import MediaError

Ticks = NDArray[np.int64]


class _Entry(NamedTuple):
    byte_position: int
    ticks: int | None
    is_key: bool
    is_discard: bool
    is_torn: bool = False


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


def scan_index(path: Path, stream_index: int, step: int, second: int, broadcast: bool) -> PacketIndex:
    """Read through the packets of one stream. Raises MediaError if the file has vanished.

    step: ticks from frame to frame at the nominal rate. second: ticks in a second. broadcast: as for `Gaps`.
    """
    gaps = Gaps(step, second, broadcast)

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
        return replace(_build(entries(), True, second, step, gaps), begins_anew=clock.shift != 0)
    except (av.FFmpegError, OSError) as error:
        raise MediaError("{path} can no longer be read; check that it is still there.", path=path.name) from error


def _build(
    entries: Iterable[_Entry], presentation: bool, second: int, step: int = 1, gaps: Gaps | None = None
) -> PacketIndex:
    key_positions: dict[int, int] = {}
    shown_ticks, all_ticks = array("q"), array("q")
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
                if entry.is_torn and gaps is not None:
                    gaps.tear(entry.ticks)
    ascending = np.sort(np.array(shown_ticks, np.int64))
    all_timed = len(ascending) == shown
    # Packets that are not shown, as at the head of a trimmed video, leave gaps between decoding times.
    steps = np.diff(ascending if presentation else np.sort(np.array(all_ticks, np.int64)))
    return PacketIndex(
        # Byte positions give the decoding order only if the container itself says which packets are key frames.
        {} if presentation else key_positions,
        shown,
        _is_variable(steps),
        _with_missing(ascending, step, gaps) if gaps is not None and all_timed else None,
        _mean_step(steps, second),
    )


def _with_missing(ascending: Ticks, step: int, gaps: Gaps) -> Ticks:
    if not len(ascending) or np.diff(ascending).max(initial=0) <= HOLE * step:
        return ascending
    ticks = ascending.tolist()
    added = [before + step * (1 + k) for before, after in pairwise(ticks) for k in range(gaps(before, after)[0])]
    return np.sort(np.array(ticks + added, np.int64))


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
