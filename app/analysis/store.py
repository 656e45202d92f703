"""The stored detections of one source: what the network saw in each frame, before anybody got an identity.

One SQLite file, `CLIP.litepose`; docs/store.md describes it for other programs. Its rollback journal keeps it whole
when the program is killed or the power fails, also on network folders, and leaves one file in between.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from app.analysis.store_file import SCHEMA, begin, connect, damaged, explained, journal_of, open_database
from app.analysis.store_head import StoreHead
from app.analysis.store_rows import COLUMNS, Fate, StoredFrame, pack, unpack
from app.closing import Closing
from app.export.partial import discard, write_error
from app.sources.recording_start import utc_text
from pose.errors import MediaError
from pose.sentence import Sentence
from tracking.types import Detections

__all__ = [
    "SUFFIX",
    "DetectionStore",
    "Fate",
    "Progress",
    "StoreWriter",
    "StoredFrame",
    "Timeline",
    "claimed",
    "create_store",
    "open_store",
    "remove_store",
    "replace_store",
    "resume_store",
]

SUFFIX = ".litepose"
COMMIT_S = 1.0  # so much work is lost at most
CHUNK = 500  # frames per query, so that no reader keeps the writer waiting


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a source was read when the last stored frame came out of it.

    decoded, corrupt, damaged: as in SourceCounts. warnings: what was wrong with the source so far.
    image_checksum: of that frame's image, by which it is recognised when the source is read again.
    """

    decoded: int = 0
    corrupt: int = 0
    damaged: int = 0
    warnings: tuple[str, ...] = ()
    image_checksum: int | None = None


@dataclass(frozen=True, slots=True)
class Timeline:
    """times_s: (F,) float64 by frame index up to the last one, NaN = not known. corrupt: indices not decoded."""

    times_s: NDArray[np.float64]
    corrupt: frozenset[int]


class DetectionStore(Closing):
    """Stored detections, for reading, also while another program writes them. A context manager.

    Used by one thread at a time. Every method raises MediaError, in one sentence, if the file is damaged.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        """Use open_store, create_store or resume_store."""
        self.path = path
        self._db = connection
        try:
            self.head = StoreHead.from_json(self._texts())
        except (KeyError, TypeError, ValueError) as error:
            raise damaged(path) from error
        self._num_keypoints = self.head.skeleton.num_keypoints

    def _settle(self) -> None:
        """Called before anything is read about frames."""

    @property
    def complete(self) -> bool:
        """Whether the source was read to its end."""
        return bool(self._state("complete", False))

    @property
    def progress(self) -> Progress:
        self._settle()
        state: dict[str, Any] = self._state("progress", {})
        if "warnings" in state:
            sentences = [Sentence(template, **values) for template, values in self._state("sentences", [])]
            known = dict(zip(sentences, sentences, strict=True))
            state["warnings"] = tuple(known.get(text, text) for text in state["warnings"])
        return Progress(**state)

    @property
    def after_image(self) -> int | None:
        """Of the store of a chunk: the checksum of the image just before its first frame."""
        checksum: int | None = self._state("after_image", None)
        return checksum

    def last_detections(self, count: int) -> list[Detections]:
        """Of the last stored frames that were looked at, in order; fewer if there are not so many."""
        self._settle()
        query = f"SELECT {COLUMNS} FROM frame WHERE time_s IS NOT NULL ORDER BY frame_index DESC LIMIT ?"
        with explained(self.path):
            rows = self._db.execute(query, (count,)).fetchall()
            frames = [unpack(row, self._num_keypoints) for row in reversed(rows)]
        return [frame.detections for frame in frames if frame.detections is not None]

    def frames(self, after: int = -1) -> Iterator[StoredFrame]:
        """All frames with an index above `after`, in order."""
        self._settle()
        query = f"SELECT {COLUMNS} FROM frame WHERE frame_index > ? ORDER BY frame_index LIMIT {CHUNK}"
        while True:
            with explained(self.path):
                rows = self._db.execute(query, (after,)).fetchall()
                frames = [unpack(row, self._num_keypoints) for row in rows]
            if not frames:
                return
            yield from frames
            after = frames[-1].index

    def detections(self, after: int = -1) -> Iterator[Detections]:
        """Of all frames that were looked at, in order, those without people too."""
        return (frame.detections for frame in self.frames(after) if frame.detections is not None)

    def counts(self) -> dict[str, int]:
        """How many frames had which fate."""
        self._settle()
        with explained(self.path):
            return dict(self._db.execute("SELECT fate, count(*) FROM frame GROUP BY fate").fetchall())

    def timeline(self) -> Timeline:
        """When each frame was shown, without reading the detections."""
        self._settle()
        corrupt = set()
        with explained(self.path):
            rows = self._db.execute("SELECT frame_index, fate, time_s FROM frame ORDER BY frame_index").fetchall()
            times = np.full(rows[-1][0] + 1 if rows else 0, np.nan)
            for index, fate, time_s in rows:
                if time_s is not None:
                    times[index] = time_s
                if fate == "corrupt":
                    corrupt.add(index)
        return Timeline(times, frozenset(corrupt))

    def edit_rows(self) -> list[tuple[str, bool]]:
        """What a person changed, as (JSON, whether it was undone), in order; kept apart from what was seen."""
        with explained(self.path):
            rows = self._db.execute("SELECT content, undone FROM edit ORDER BY position").fetchall()
        return [(content, bool(undone)) for content, undone in rows]

    def write_edit_rows(self, rows: Sequence[tuple[str, bool]]) -> None:
        """Replace the list of changes, whole or not at all. Raises MediaError if another program writes the store."""
        with explained(self.path):
            begin(self._db)
            self._db.execute("DELETE FROM edit")
            self._db.executemany(
                "INSERT INTO edit VALUES (?, ?, ?)", [(i, text, int(undone)) for i, (text, undone) in enumerate(rows)]
            )
            self._db.execute("COMMIT")

    def close(self) -> None:
        with contextlib.suppress(sqlite3.Error):
            self._db.close()

    def _texts(self) -> dict[str, str]:
        with explained(self.path):
            return dict(self._db.execute("SELECT key, value FROM head").fetchall())

    def _state(self, key: str, default: Any) -> Any:
        text = self._texts().get(key)
        return default if text is None else json.loads(text)


class StoreWriter(DetectionStore):
    """A store that this program alone adds to, frame by frame; what is older than COMMIT_S survives anything.

    Leaving the `with` block keeps what was added. Raises MediaError if the file cannot be written.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        super().__init__(path, connection)
        self._rows: list[tuple[Any, ...]] = []
        self._progress: Progress | None = None
        self._is_closed = self._is_lost = False  # lost: it could not be written, and nothing more is tried
        self._committed_s = time.monotonic()
        with explained(path):
            begin(self._db)  # and so from one commit to the next: a second writer finds it taken

    def add(self, frame: StoredFrame, progress: Progress | None = None) -> StoredFrame:
        """Add the next frame, and how far the source was read with it; returns the frame as it will be read back."""
        row = pack(frame)
        self._rows.append(row)
        self._progress = progress or self._progress
        if time.monotonic() - self._committed_s >= COMMIT_S:
            self.commit()
        return unpack(row, self._num_keypoints)

    def _settle(self) -> None:
        if self._rows:
            self.commit()

    def commit(self) -> None:
        """Put everything added so far on the disk."""
        if self._is_lost:
            return
        self._is_lost = True
        with explained(self.path):
            self._db.executemany(f"INSERT OR IGNORE INTO frame VALUES ({', '.join('?' * 10)})", self._rows)
            self._rows.clear()
            if self._progress is not None:
                self._set("progress", asdict(self._progress))
                self._set("sentences", [[s.template, s.values] for s in map(Sentence, self._progress.warnings)])
            self._db.execute("COMMIT")  # without news nothing is written: a kill leaves no journal beside a whole store
            self._progress = None
            self._db.execute("BEGIN IMMEDIATE")
        self._is_lost = False
        self._committed_s = time.monotonic()

    def begins_after(self, image_checksum: int) -> None:
        """Say which image comes just before the first frame."""
        with explained(self.path):
            self._set("after_image", image_checksum)

    def started(self, utc: datetime) -> None:
        """Say when the first frame was recorded."""
        self.head = replace(self.head, started_utc=utc_text(utc))
        with explained(self.path):
            self._set("started_utc", self.head.started_utc)

    def finish(self, progress: Progress | None = None) -> None:
        """The source has ended: commit, and say that the store is complete."""
        self._progress = progress or self._progress
        with explained(self.path):
            self._set("complete", True)
        self.commit()

    def close(self) -> None:
        if not self._is_closed:
            self._is_closed = True
            try:
                self.commit()
            finally:
                super().close()

    def write_edit_rows(self, rows: Sequence[tuple[str, bool]]) -> None:
        self.commit()
        with explained(self.path):
            self._db.execute("ROLLBACK")
            super().write_edit_rows(rows)
            begin(self._db)

    def _set(self, key: str, value: Any) -> None:
        self._db.execute("INSERT OR REPLACE INTO head VALUES (?, ?)", (key, json.dumps(value)))


S = TypeVar("S", bound=DetectionStore)


def open_store(path: Path) -> DetectionStore:
    """A store for reading. Raises MediaError if the file is missing, foreign, newer than this program, or damaged."""
    return _opened(DetectionStore, path)


def resume_store(path: Path) -> StoreWriter:
    """A store to add to. Raises MediaError as `open_store`, and if another program is writing it."""
    return _opened(StoreWriter, path)


def claimed(store: DetectionStore) -> DetectionStore:
    """The same store, which no other program may claim or write before it is closed.

    So two runs cannot write the same results at once. Raises MediaError if another program has it; what may only be
    read stays as it is.
    """
    if not os.access(store.path, os.W_OK):
        return store
    store.close()
    return resume_store(store.path)


def create_store(path: Path, head: StoreHead) -> StoreWriter:
    """A new store in place of whatever was there, of which only a person's edits are kept.

    Raises MediaError, also if another program is writing the old one.
    """
    with explained(path):
        edits = _edits_of(path)
        fresh = path.with_name(f"{path.name}.partial")  # it gets its name with its head: there is no store without one
        try:
            for stale in (fresh, journal_of(fresh), journal_of(path)):
                stale.unlink(missing_ok=True)
            with contextlib.closing(connect(fresh, "rwc")) as database:
                database.executescript(f"BEGIN IMMEDIATE;{SCHEMA}")
                database.executemany("INSERT INTO head VALUES (?, ?)", head.as_json().items())
                database.executemany("INSERT INTO edit VALUES (?, ?, ?)", edits)
                database.execute("COMMIT")
            fresh.replace(path)
        except OSError as error:
            raise write_error(path, error) from error
    return resume_store(path)


def _edits_of(path: Path) -> list[tuple[int, str, int]]:
    """Of the store to be replaced, which must not be in use."""
    try:
        old = open_store(path)
    except MediaError:
        return []
    with old:
        rows = old.edit_rows()
        old.write_edit_rows(rows)  # raises if somebody else is writing
    return [(i, text, int(undone)) for i, (text, undone) in enumerate(rows)]


def replace_store(path: Path, fresh: Path) -> None:
    """Give a store that is written the place of another, of which only a person's edits are kept.

    Raises MediaError, also if another program is writing the old one, which then stays as it is.
    """
    edits = [(text, bool(undone)) for _, text, undone in _edits_of(path)]
    with open_store(fresh) as store:
        store.write_edit_rows(edits)
    try:
        journal_of(path).unlink(missing_ok=True)  # of a store that was deleted: SQLite would apply it to this one
        fresh.replace(path)
    except OSError as error:
        raise write_error(path, error) from error


def remove_store(path: Path) -> None:
    """Delete a store and what SQLite may have left beside it, if that can be done."""
    for file in (path, journal_of(path)):
        discard(file)


def _opened(kind: type[S], path: Path) -> S:
    database = open_database(path)
    try:
        return kind(path, database)
    except BaseException:
        database.close()
        raise
