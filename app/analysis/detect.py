"""From a source to its stored detections: what is stored is replayed, what is missing is found, in one ordered pass."""

from __future__ import annotations

import contextlib
import math
import zlib
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import islice
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from app.analysis.store import SUFFIX, DetectionStore, Fate, Progress, StoredFrame, StoreWriter
from app.looks import MEMORY
from app.pipeline import Detected, Detector
from app.sources.base import TIME_TOLERANCE_S, Source, SourceCounts, SourceInfo
from app.threads import Prefetch
from app.types import Frame
from pose.errors import MediaError
from pose.sentence import Sentence
from tracking.types import Detections

Image = NDArray[np.uint8]
T = TypeVar("T")

SAMPLE = 16  # every so many pixels of an image are compared
QUEUE_DEPTH = 4  # frames waiting between two stages: enough to even out, little memory


class Cancelled(Exception):
    """The user asked to stop."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which part of a source: presentation times from start_s to before end_s (None = to its ends), every `stride`-th
    frame."""

    start_s: float | None = None
    end_s: float | None = None
    stride: int = 1

    def frames(self, source: Source) -> Iterator[Frame]:
        return source.frames(self.start_s, self.end_s, self.stride)


class Place(NamedTuple):
    """Where a frame is in its source."""

    frame_index: int
    time_s: float


@dataclass(frozen=True, slots=True)
class Chunk:
    """A part of a selection that is detected by itself.

    number: from 0. before: the last frames looked at before it; none for the first chunk. end_s: presentation time of
    the first frame that is no longer in it; None for the last chunk. seen: how many frames are looked at before it.
    """

    number: int
    before: tuple[Place, ...]
    end_s: float | None
    seen: int


@dataclass(frozen=True, slots=True)
class Seen:
    """What was found in a frame, and its image where that was decoded."""

    detections: Detections
    image_bgr: Image | None = None


class _Read(NamedTuple):
    """A decoded frame, the source's counts and warnings when it came, and the time of day."""

    frame: Frame
    counts: SourceCounts
    warnings: tuple[str, ...]
    utc: datetime


class _Start(NamedTuple):
    """What is read from where on, what to add to the source's counts, and the images just before."""

    reads: Iterator[_Read]
    base: SourceCounts = SourceCounts()
    images: Sequence[Image] = ()


def detect(
    source: Source,
    detector: Detector,
    store: StoreWriter,
    selection: Selection,
    stopped: Callable[[], bool] = lambda: False,
    *,
    images: bool = False,
    single: bool = False,
    chunk: Chunk | None = None,
) -> Iterator[Seen]:
    """Complete the store, and give all its frames in order: those it holds, then those that are found now.

    stopped: asked before every frame. It ends a live source; on others it raises Cancelled, and what was stored stays.
    images:  give the images of stored frames too: they are decoded again, but not looked at by the network.
    single:  the source is a photo.
    chunk:   the store is to hold this part of the selection only, as a whole one that ended just before it went on.
    Closing the iterator early is as being cancelled. Raises MediaError, also if a stored frame is not found again.
    """
    live = source.info.live
    stored = [Place(found.frame_index, found.time_s) for found in store.last_detections(MEMORY)]
    recent = [*chunk.before, *stored][-MEMORY:] if chunk else stored
    if chunk is not None and chunk.end_s is not None:
        selection = replace(selection, end_s=chunk.end_s)
    last = recent[-1] if recent else None
    if last is None or images:
        start = _Start(_read(source, selection.frames(source)))
    else:
        yield from map(Seen, _until_stopped(store.detections(), stopped, live))
        start = _after(recent, source, selection, store.progress, may_reread=chunk is None)
        if not stored:
            store.begins_after(_image_checksum(start.images[-1]))
    ledger = _Ledger(store, last, start.base)
    before = deque(start.images, maxlen=MEMORY)
    with Prefetch(start.reads, 1 if live else QUEUE_DEPTH, "decode", newest_only=live) as prefetched:
        coming = iter(_until_stopped(prefetched, stopped, live))
        if images and last is not None:
            for seen in _replayed(coming, store.detections(), source.info.name):
                assert seen.image_bgr is not None
                before.append(seen.image_bgr)
                yield seen
        counts = store.counts()
        seen_before = chunk.seen if chunk else 0
        detector = detector.counting_from(seen_before + counts.get("ok", 0) + counts.get("empty", 0))
        detector.prime(before)
        before.clear()
        frames = ledger.frames(coming)
        with contextlib.closing(_one_by_one(detector, frames) if single else detector.stream(frames)) as found:
            for detected in found:
                image_bgr = detected.frame.image_bgr
                yield Seen(ledger.add(detected.detections, image_bgr), image_bgr)
    if ledger.is_empty and not live:
        raise MediaError("{source} has no frame in the part that was asked for.", source=source.info.name)
    if chunk is not None and chunk.end_s is not None:
        store.finish()  # what was lost after its last frame, the next chunk sees before its first
    else:
        ledger.finish(source)


def with_images(
    source: Source,
    store: DetectionStore,
    selection: Selection,
    warnings: list[str],
    stopped: Callable[[], bool] = lambda: False,
) -> Iterator[Seen]:
    """All frames of a complete store in order, with their images, decoded again.

    warnings: gets a sentence if the source does not give the same frames again; those it lacks come without an image,
    and nothing comes of others, in which nobody was looked for.
    """
    unknown = missing = 0
    with Prefetch(_read(source, selection.frames(source)), QUEUE_DEPTH, "decode") as prefetched:
        coming = iter(_until_stopped(prefetched, stopped, live=False))
        read = next(coming, None)
        for found in store.detections():
            while read is not None and read.frame.index < found.frame_index:
                read, unknown = next(coming, None), unknown + 1
            if read is None or read.frame.index > found.frame_index:
                missing += 1
                yield Seen(found)
                continue
            yield Seen(found, read.frame.image_bgr)
            read = next(coming, None)
        unknown += (read is not None) + sum(1 for _ in coming)
    if missing or unknown:
        warnings.append(
            Sentence(
                "Decoding {source} again for drawing gave other frames than the first time: {missing} are "
                "missing from what was drawn, {unknown} were left out.",
                source=source.info.name,
                missing=missing,
                unknown=unknown,
            )
        )


def sample_frames(source: Source, selection: Selection, count: int) -> Iterator[Frame]:
    """Up to so many frames, spread evenly over the selection; the first ones if its length is not known."""
    start_s = selection.start_s or 0.0
    end_s = min(selection.end_s or math.inf, source.info.duration_s or math.inf)
    if (source.info.frame_count or math.inf) <= count or math.isinf(end_s):
        yield from islice(source.frames(selection.start_s, selection.end_s), count)
        return
    for number in range(count):
        at_s = start_s + (number + 0.5) / count * (end_s - start_s)
        yield from islice(source.frames(at_s, selection.end_s), 1)


def _read(source: Source, frames: Iterator[Frame]) -> Iterator[_Read]:
    for frame in frames:
        yield _Read(frame, source.counts, source.warnings, datetime.now(UTC))


def _until_stopped(items: Iterable[T], stopped: Callable[[], bool], live: bool) -> Iterator[T]:
    """A live source has no other end than being stopped; anything else is cut short by it."""
    for item in items:
        if stopped():
            if not live:
                raise Cancelled
            return
        yield item


def _replayed(reads: Iterator[_Read], stored: Iterator[Detections], name: str) -> Iterator[Seen]:
    """The stored detections, each with its image. Takes no more from `reads` than there are."""
    for found in stored:
        read = next(reads, None)
        if read is None or read.frame.index != found.frame_index:
            raise _differs(name, found.frame_index)
        yield Seen(found, read.frame.image_bgr)


def _differs(name: str, index: int) -> MediaError:
    return MediaError(
        "{name} no longer gives the frames that were analysed (from frame {index} on); was it changed meanwhile? "
        "Delete its {suffix} file to begin anew.",
        name=name,
        index=index,
        suffix=SUFFIX,
    )


def _one_by_one(detector: Detector, frames: Iterable[Frame]) -> Generator[Detected, None, None]:
    yield from map(detector, frames)


def _after(
    recent: Sequence[Place], source: Source, selection: Selection, progress: Progress, may_reread: bool
) -> _Start:
    """Where to go on after the last stored frames.

    They are sought and must be the same again: number, time and, of the last one, image. Where they are not (not every
    container can be sought exactly), everything before is decoded, too, if it `may_reread`.
    """
    last = recent[-1]
    reads = _read(source, replace(selection, start_s=recent[0].time_s).frames(source))
    again = list(islice(reads, len(recent)))
    if [read.frame.index for read in again] == [found.frame_index for found in recent]:
        read = again[-1]
        if _is_same(read.frame, last, progress):
            counts = read.counts
            base = SourceCounts(
                progress.decoded - counts.decoded, progress.corrupt - counts.corrupt, progress.damaged - counts.damaged
            )
            return _Start(reads, base, [read.frame.image_bgr for read in again])
    if not may_reread:
        raise _differs(source.info.name, last.frame_index)
    source.seek(0.0)
    before, images = source.counts, deque[Image](maxlen=MEMORY)
    reads = _read(source, selection.frames(source))
    for read in reads:
        images.append(read.frame.image_bgr)
        if read.frame.index >= last.frame_index:
            if not _is_same(read.frame, last, progress):
                break
            return _Start(reads, SourceCounts(-before.decoded, -before.corrupt, -before.damaged), list(images))
    raise _differs(source.info.name, last.frame_index)


def _is_same(frame: Frame, last: Place, progress: Progress) -> bool:
    return (
        frame.index == last.frame_index
        and abs(frame.time_s - last.time_s) < TIME_TOLERANCE_S
        and (progress.image_checksum is None or progress.image_checksum == _image_checksum(frame.image_bgr))
    )


def _image_checksum(image_bgr: Image) -> int:
    """Of a coarse sample: enough to notice another frame, or the same one decoded with other neighbours."""
    return zlib.crc32(image_bgr[::SAMPLE, ::SAMPLE].tobytes())


class _Ledger:
    """Writes found frames into the store, with those before them that were lost, and how far the source was read."""

    def __init__(self, store: StoreWriter, last: Place | None, base: SourceCounts) -> None:
        self._store, self._base = store, base
        self._progress = store.progress
        self._last_index = -1 if last is None else last.frame_index
        self._read: deque[_Read] = deque()  # handed out, and not found yet

    @property
    def is_empty(self) -> bool:
        return self._last_index < 0

    def frames(self, reads: Iterable[_Read]) -> Iterator[Frame]:
        for read in reads:
            self._read.append(read)
            yield read.frame

    def add(self, found: Detections, image_bgr: Image) -> Detections:
        """As it will be read back from the store."""
        read = self._read.popleft()
        counts = read.counts
        info = self._store.head.info
        if info.live and self._last_index < 0:
            self._store.started(read.utc - timedelta(seconds=found.time_s))
        progress = self._total(counts, read.warnings, _image_checksum(image_bgr))
        self._add_lost(found.frame_index, progress.corrupt - self._progress.corrupt)
        frame = stored_frame(found, info, is_damaged=progress.damaged > self._progress.damaged)
        self._last_index, self._progress = found.frame_index, progress
        stored = self._store.add(frame, progress).detections
        assert stored is not None
        return stored

    def finish(self, source: Source) -> None:
        progress = self._total(source.counts, source.warnings, self._progress.image_checksum)
        lost = progress.corrupt - self._progress.corrupt
        self._add_lost(self._last_index + 1 + lost, lost)
        self._store.finish(progress)

    def _total(self, counts: SourceCounts, warnings: tuple[str, ...], image_checksum: int | None) -> Progress:
        base, known = self._base, self._progress.warnings
        return Progress(
            base.decoded + counts.decoded,
            base.corrupt + counts.corrupt,
            base.damaged + counts.damaged,
            known + tuple(w for w in warnings if w not in known),
            image_checksum,
        )

    def _add_lost(self, index: int, corrupt: int) -> None:
        """Frames before `index` that nothing came of. With a stride, others lie between them: which is not known."""
        if self._store.head.info.live:
            missing: Iterable[int] = range(self._last_index + 1, index)
            fate: Fate = "dropped"
        else:
            missing, fate = range(max(self._last_index + 1, index - corrupt), index), "corrupt"
        for lost in missing:
            self._store.add(StoredFrame(lost, fate))


def stored_frame(found: Detections, info: SourceInfo, *, is_damaged: bool = False) -> StoredFrame:
    """What a store keeps of a frame that was looked at."""
    return StoredFrame(
        found.frame_index, "ok" if len(found.poses) else "empty", found, _ticks(info, found.time_s), is_damaged
    )


def _ticks(info: SourceInfo, time_s: float) -> int | None:
    """The container's own time of a frame."""
    if info.time_base_s is None:
        return None
    return round((Fraction(info.start_time_s) + Fraction(time_s)) / info.time_base_s)
