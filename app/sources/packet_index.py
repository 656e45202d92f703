"""Where each key frame of a video stands among its frames, so that seeking knows the frame's number."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import av
import numpy as np
from numpy.typing import NDArray

from pose.errors import MediaError

Ticks = NDArray[np.int64]


class _Entry(NamedTuple):
    byte_position: int
    ticks: int | None
    is_key: bool
    is_discard: bool


@dataclass(frozen=True)
class PacketIndex:
    """Built from a container's own table, or by reading all packets without decoding them.

    key_positions: byte position of each key frame's packet → how many shown frames are stored before it.
    shown_count:   packets that are meant to be shown.
    variable_frame_rate: None if the packets carry no times.
    shown_ticks:   ascending presentation times of all of them; None where only decoding times are known.
    """

    key_positions: dict[int, int]
    shown_count: int
    variable_frame_rate: bool | None
    shown_ticks: Ticks | None

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
    return _build((_Entry(e.pos, e.timestamp, e.is_keyframe, e.is_discard) for e in entries), presentation=False)


def scan_index(path: Path, stream_index: int) -> PacketIndex:
    """Read through the packets of one stream. Raises MediaError if the file has vanished."""

    def entries() -> Iterable[_Entry]:
        with av.open(f"file:{path}") as container:
            try:
                for packet in container.demux(container.streams[stream_index]):
                    if packet.size:
                        ticks = packet.pts if packet.pts is not None else packet.dts
                        yield _Entry(packet.pos or 0, ticks, packet.is_keyframe, packet.is_discard)
            except av.FFmpegError:
                return  # a file that breaks off is indexed up to there

    try:
        return _build(entries(), presentation=True)
    except (av.FFmpegError, OSError) as error:
        raise MediaError(f"{path.name} can no longer be read; check that it is still there.") from error


def _build(entries: Iterable[_Entry], presentation: bool) -> PacketIndex:
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
    ascending = np.sort(np.array(shown_ticks, np.int64))
    all_timed = len(ascending) == shown
    return PacketIndex(
        # Byte positions give the decoding order only if the container itself says which packets are key frames.
        {} if presentation else key_positions,
        shown,
        # Packets that are not shown, as at the head of a trimmed video, leave gaps between decoding times.
        _is_variable(ascending if presentation else np.sort(np.array(all_ticks, np.int64))),
        ascending if presentation and all_timed else None,
    )


def _is_variable(ticks: Ticks) -> bool | None:
    """Whether the steps between frames differ by more than the rounding to whole ticks."""
    if len(ticks) < 3:
        return None
    steps = np.diff(ticks)
    return bool(steps.max() - steps.min() > 1)
