"""One frame as a row of a detection store, and back, to the last bit."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from pose.types import Poses
from tracking.types import Detections

Fate = Literal["ok", "empty", "corrupt", "dropped"]
Row = tuple[Any, ...]

COLUMNS = "frame_index, fate, time_s, pts, damaged, people, cut, detections, appearance, checksum"
_KEY = struct.Struct("<qd")


@dataclass(frozen=True, slots=True)
class StoredFrame:
    """What became of one frame of the source.

    fate:       "ok" = people were found, "empty" = nobody was, "corrupt" = it could not be decoded, "dropped" = a live
                source went on meanwhile. detections: None for the last two.
    pts:        presentation time in ticks of the container; None if it has none.
    damaged:    the decoder marked the image as damaged.
    """

    index: int
    fate: Fate
    detections: Detections | None = None
    pts: int | None = None
    damaged: bool = False


def pack(frame: StoredFrame) -> Row:
    """The row of COLUMNS."""
    index, found = frame.index, frame.detections
    count, time_s, cut, people, looks = 0, None, None, None, None
    if found is not None:
        count, time_s, cut = len(found.poses), float(found.time_s), found.cut
        people = b"".join(
            np.ascontiguousarray(values, "<f4").tobytes()
            for values in (found.poses.keypoints, found.poses.scores, found.poses.confidence)
        )
        if found.appearance is not None:
            looks = np.ascontiguousarray(found.appearance, "<f2").tobytes()
    checksum = _checksum(index, time_s, people, looks)
    return (index, frame.fate, time_s, frame.pts, int(frame.damaged), count, cut, people, looks, checksum)


def unpack(row: Row, num_keypoints: int) -> StoredFrame:
    """The inverse of `pack`. Raises ValueError if the row is not what was written."""
    index, fate, time_s, pts, damaged, people, cut, packed, looks, checksum = row
    if checksum != _checksum(index, time_s, packed, looks):
        raise ValueError("checksum")
    if packed is None:
        return StoredFrame(index, fate, None, pts, bool(damaged))
    n, k = people, num_keypoints
    poses = Poses(
        np.ndarray((n, k, 2), np.float32, packed),
        np.ndarray((n, k), np.float32, packed, n * k * 8),
        np.ndarray((n,), np.float32, packed, n * k * 12),
    )
    appearance = np.ndarray((n, len(looks) // (2 * n)), np.float16, looks) if looks else None  # nobody: no looks
    return StoredFrame(index, fate, Detections(index, time_s, poses, appearance, cut), pts, bool(damaged))


def _checksum(index: int, time_s: float | None, people: bytes | None, looks: bytes | None) -> int:
    """CRC-32 of what counts: SQLite itself would not notice a number that has changed on the disk."""
    return zlib.crc32(looks or b"", zlib.crc32(people or b"", zlib.crc32(_KEY.pack(index, time_s or 0.0))))
