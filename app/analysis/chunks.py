"""Long videos in chunks: each is detected by itself into a store of its own, and one ordered merge makes one of them.

Chunks are cut just after key frames, so that hardly an image is decoded twice. A chunk begins as a run that was killed
goes on: with the images before it, which must be those that the chunk before ended with. So the merged store is the
one that a single run would have written; from the first chunk that does not fit, a single run goes on.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from app.analysis.detect import Chunk, Place, Selection
from app.analysis.facts import detection_differences
from app.analysis.store import Progress, StoredFrame, StoreWriter, create_store, open_store, replace_store
from app.analysis.store_head import StoreHead
from app.looks import MEMORY
from app.sources import Source, SourceInfo
from app.sources.base import TIME_TOLERANCE_S, Grabbed
from pose.errors import MediaError

CHUNK_FRAMES = 3000  # a minute or two of work of one core
FOLDER = ".chunks"  # after the name of the store


def chunk_folder(store: Path) -> Path:
    """Where the stores of a video's chunks lie while it is worked on."""
    return store.with_name(store.name + FOLDER)


def chunk_store(store: Path, chunk: Chunk) -> Path:
    return chunk_folder(store) / f"{chunk.number:06}.litepose"


def chunk_head(wanted: StoreHead, chunk: Chunk) -> StoreHead:
    """The head of a chunk's store: that of the whole, and which part it is."""
    part = {"number": chunk.number, "before": [list(p) for p in chunk.before], "end_s": chunk.end_s, "seen": chunk.seen}
    return replace(wanted, selection={**wanted.selection, "chunk": part})


def plan_chunks(source: Source, selection: Selection, chunk_frames: int) -> list[Chunk]:
    """The chunks of a selection, about so many frames of the source each; none if it is too short to be cut.

    The source has been moved then. Raises MediaError if it cannot be read.
    """
    info = source.info
    first = next(selection.frames(source), None)
    end_s = min(info.duration_s or 0.0, selection.end_s or float("inf"))
    if info.kind != "video" or info.live or first is None or chunk_frames < 1:
        return []
    step_s = chunk_frames / info.fps
    cuts: list[tuple[Place, ...]] = []
    for number in range(1, max(1, round((end_s - first.time_s) / step_s))):
        places = _places_after_key_frame(source, first.time_s + number * step_s, first.index, selection.stride)
        if len(places) == MEMORY + 1 and (not cuts or places[0].frame_index > cuts[-1][-1].frame_index):
            cuts.append(places)
    ends = [cut[-1].time_s for cut in cuts]
    seen = [(cut[-1].frame_index - first.index) // selection.stride for cut in cuts]
    parts = zip([(), *(cut[:-1] for cut in cuts)], [*ends, None], [0, *seen], strict=True)
    return [Chunk(number, *part) for number, part in enumerate(parts)] if cuts else []


def _places_after_key_frame(source: Source, time_s: float, first: int, stride: int) -> tuple[Place, ...]:
    """The first frames of the selection from the key frame on that is nearest before that time."""
    key_s = source.key_frame_s(time_s)
    if key_s is None:
        return ()
    source.seek(key_s)
    selected = (g for g in source.clock() if g.index >= first and (g.index - first) % stride == 0)
    return tuple(Place(g.index, g.time_s) for g in islice(_from(selected, key_s), MEMORY + 1))


def _from(grabbed: Iterator[Grabbed], start_s: float) -> Iterator[Grabbed]:
    return (g for g in grabbed if g.time_s >= start_s - TIME_TOLERANCE_S)


def merge_chunks(path: Path, wanted: StoreHead) -> bool:
    """Make the chunks' stores the store at `path`, in place of what is there; whether there were any of use.

    Those from the first one on that is unfinished, or does not fit the one before it, are left out: the store is
    unfinished then. Nothing is changed if `path` holds what is wanted, or what was imported from another program. A
    person's edits of an older store are kept. Raises MediaError, also if another program is writing that one.
    """
    folder = chunk_folder(path)
    if not folder.is_dir():
        return False
    merged = False
    if not is_kept(path, wanted):
        whole = folder / "whole"
        merged = _merge_into(whole, sorted(folder.glob("*.litepose")), wanted)
        if merged:
            replace_store(path, whole)
    shutil.rmtree(folder, ignore_errors=True)
    return merged


def is_kept(path: Path, wanted: StoreHead) -> bool:
    """Whether the store that is there, if any, is of use as it is: imported, or of the wanted detections."""
    with suppress(MediaError), open_store(path) as store:
        return store.head.origin == "imported" or not detection_differences(store.head, wanted)
    return False


def _merge_into(whole: Path, paths: list[Path], wanted: StoreHead) -> bool:
    merge: _Merge | None = None
    try:
        for path in paths:
            part = _read(path)
            if part is None:
                break
            if merge is None:
                merge = _Merge(create_store(whole, replace(wanted, model=part.head.model)), wanted)
            if not merge.add(part):
                break
        return merge is not None and merge.chunks > 0
    finally:
        if merge is not None:
            merge.writer.close()


@dataclass(frozen=True, slots=True)
class _Part:
    """All of a chunk's store."""

    head: StoreHead
    after_image: int | None
    progress: Progress
    frames: list[StoredFrame]


def _read(path: Path) -> _Part | None:
    """None if it is unfinished or damaged."""
    with suppress(MediaError), open_store(path) as store:
        if store.complete and "chunk" in store.head.selection:
            return _Part(store.head, store.after_image, store.progress, list(store.frames()))
    return None


@dataclass(slots=True)
class _Merge:
    """Puts one store after the other, as long as each begins where the one before ended."""

    writer: StoreWriter
    wanted: StoreHead
    chunks: int = 0
    total: Progress = field(default_factory=Progress)
    seen: int = 0
    last: Place | None = None

    def add(self, part: _Part) -> bool:
        """Whether it was taken, and others may follow."""
        place = part.head.selection["chunk"]
        if not self._follows(part, place):
            return False
        progress = part.progress
        self.total = Progress(
            self.total.decoded + progress.decoded,
            self.total.corrupt + progress.corrupt,
            self.total.damaged + progress.damaged,
            tuple(dict.fromkeys((*self.total.warnings, *progress.warnings))),
            progress.image_checksum,
        )
        for frame in part.frames:
            self.writer.add(frame, self.total)
            if frame.detections is not None:
                self.seen += 1
                self.last = Place(frame.index, frame.detections.time_s)
        self.chunks += 1
        if place["end_s"] is None:
            self.writer.finish(self.total)
            return False
        return True

    def _follows(self, part: _Part, place: dict[str, Any]) -> bool:
        plain = replace(part.head, selection={k: v for k, v in part.head.selection.items() if k != "chunk"})
        is_same = part.head.model == self.writer.head.model and not detection_differences(plain, self.wanted)
        if not is_same or place["number"] != self.chunks or place["seen"] != self.seen:
            return False
        if self.last is None:
            return True
        index, time_s = place["before"][-1]
        # A sentence about several places of a video cannot be put together from those of its chunks.
        told = set(part.progress.warnings) <= set(self.total.warnings) or not self.total.warnings
        is_there = index == self.last.frame_index and abs(time_s - self.last.time_s) < TIME_TOLERANCE_S
        return is_there and part.after_image == self.total.image_checksum and told


def is_long(info: SourceInfo, chunk_frames: int) -> bool:
    """Whether a source is worth being cut, as far as its container tells."""
    frames = (info.duration_s or 0.0) * info.fps
    return chunk_frames > 0 and info.kind == "video" and info.path is not None and frames >= 2 * chunk_frames
