"""A store made of another program's detections, so that tracking, smoothing and every format serve them too."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

import numpy as np

from app.analysis.facts import file_facts
from app.analysis.store import Progress, StoredFrame, StoreWriter, create_store, replace_store
from app.analysis.store_head import StoreHead
from app.export.partial import write_error
from app.foreign.foreign import Foreign
from app.sources import Source
from pose.errors import MediaError
from pose.types import Poses
from tracking.types import Detections


def adopt(
    foreign: Foreign, source: Source, rotation: int | None, path: Path, advance: Callable[[], None] = lambda: None
) -> list[str]:
    """Write the store of the whole source, whose frames give the times; returns warnings.

    It is written in a folder of its own and then takes the place of what was at `path`, of which only a person's edits
    are kept. advance: called after every frame. Raises MediaError; then `path` is as it was.
    """
    head = StoreHead(
        source.info,
        foreign.skeleton,
        file_facts(source.files),
        model={"name": foreign.program},
        selection={"start_s": None, "end_s": None, "stride": 1, "rotate": rotation, "image_fps": None},
        origin="imported",
        frame_names=tuple(file.name for file in source.files) if source.info.kind == "images" else None,
        started_utc=source.info.started_utc,
    )
    frames = iter(foreign.frames)
    first = next(frames, None)
    if first is None:
        raise MediaError("There is nobody in what is to be imported.")
    with _folder_beside(path) as folder:
        fresh = folder / "whole"
        with create_store(fresh, head) as store:
            warnings = _fill(store, foreign, chain([first], frames), source, advance)
        replace_store(path, fresh)
    return warnings


@contextmanager
def _folder_beside(path: Path) -> Iterator[Path]:
    try:
        folder = tempfile.TemporaryDirectory(prefix=".import-", dir=path.parent, ignore_cleanup_errors=True)
    except OSError as error:
        raise write_error(path, error) from error
    with folder as name:
        yield Path(name)


def _fill(
    store: StoreWriter,
    foreign: Foreign,
    frames: Iterator[tuple[int, Poses]],
    source: Source,
    advance: Callable[[], None],
) -> list[str]:
    """Complete the store; returns warnings."""
    nobody = Poses.empty(foreign.skeleton.num_keypoints)
    next_index, lost, reach = 0, 0, 0.0
    coming = next(frames, None)
    for grabbed in source.clock():
        for index in range(next_index, grabbed.index):
            store.add(StoredFrame(index, "corrupt"))
        next_index = grabbed.index + 1
        while coming is not None and coming[0] < grabbed.index:
            coming, lost = next(frames, None), lost + 1
        poses = None if foreign.lists_empty_frames else nobody
        if coming is not None and coming[0] == grabbed.index:
            poses, coming = coming[1], next(frames, None)
        advance()
        if poses is None:
            continue  # the other program did not look at it
        if len(poses):
            reach = max(reach, float(np.nanmax(np.abs(poses.keypoints))))
        found = Detections(grabbed.index, grabbed.time_s, poses)
        store.add(StoredFrame(grabbed.index, "ok" if len(poses) else "empty", found, damaged=grabbed.damaged))
    beyond = (coming is not None) + sum(1 for _ in frames)
    counts = source.counts
    warnings = _warnings(source.info.name, lost, beyond, reach)
    store.finish(Progress(counts.decoded, counts.corrupt, counts.damaged, (*source.warnings, *warnings)))
    return warnings


def _warnings(name: str, lost: int, beyond: int, reach: float) -> list[str]:
    found = []
    if beyond:
        found.append(f"{beyond} imported frames lie beyond the end of {name}; is it the video they were made from?")
    if lost:
        found.append(f"{lost} imported frames belong to frames of {name} that cannot be decoded; they were left out.")
    if 0 < reach <= 1:
        found.append("All positions lie between 0 and 1, so they are shares of the image; pixels are needed.")
    return found
