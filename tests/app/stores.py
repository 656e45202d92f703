"""Stored results for tests, made from poses and without a network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any

from app.analysis.store import Progress, StoredFrame, create_store
from app.analysis.store_head import StoreHead
from app.sources.base import SourceInfo
from app.types import TrackedFrame
from pose.skeleton import CROWDPOSE14
from tracking.types import Detections


def write_store(
    path: Path,
    frames: Iterable[TrackedFrame],
    size: tuple[int, int] = (800, 400),
    finish: bool = True,
    files: Mapping[str, Any] = MappingProxyType({}),
) -> Path:
    """The poses of tracked frames as if a network had found them in a video of 25 frames a second.

    files: facts of the video, if there is one.
    """
    frames = list(frames)
    info = SourceInfo(f"{path.stem}.mp4", "video", *size, 25.0, frame_count=len(frames), time_base_s=Fraction(1, 25))
    with create_store(path, StoreHead(info, CROWDPOSE14, dict(files), model={"name": "litepose-m"})) as store:
        for frame in frames:
            found = Detections(frame.index, frame.time_s, frame.tracks.raw)
            store.add(StoredFrame(frame.index, "ok" if len(frame.tracks) else "empty", found))
        if finish:
            store.finish(Progress(decoded=len(frames)))
    return path
