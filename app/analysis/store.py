"""The stored detections of one source: what the network saw in each frame, before anybody got an identity.

One SQLite file, `CLIP.litepose`; docs/store.md describes it for other programs. Its rollback journal keeps it whole
when the program is killed or the power fails, also on network folders, and leaves one file in between.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import struct
import time
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

from app.analysis.store_head import StoreHead
from app.export.partial import discard, write_error
from pose.errors import MediaError
from pose.types import Poses
from tracking.types import Detections

SUFFIX = ".litepose"
APPLICATION_ID = 0x4C50_5354  # "LPST", where `file` and SQLite's own tools look for it
SCHEMA_VERSION = 1
# From version n (counted from 1) to n + 1, each as a script of SQL; a file is brought up to date when it is opened.
MIGRATIONS: tuple[str, ...] = ()
COMMIT_S = 1.0  # so much work is lost at most
WAIT_S, BEGIN_WAIT_S = 30.0, 1.0  # for other programs that are just reading it; that are writing it
CHUNK = 500  # frames per query, so that no reader keeps the writer waiting

Fate = Literal["ok", "empty", "corrupt", "dropped"]

_SCHEMA = f"""
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {SCHEMA_VERSION};
CREATE TABLE head (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE frame (
    frame_index INTEGER PRIMARY KEY,
    fate TEXT NOT NULL,
    time_s REAL,
    pts INTEGER,
    damaged INTEGER NOT NULL,
    people INTEGER NOT NULL,
    cut REAL,
    detections BLOB,
    appearance BLOB,
    checksum INTEGER NOT NULL
);
CREATE TABLE edit (position INTEGER PRIMARY KEY, content TEXT NOT NULL, undone INTEGER NOT NULL);
"""
_KEY = struct.Struct("<qd")
_COLUMNS = "frame_index, fate, time_s, pts, damaged, people, cut, detections, appearance, checksum"


def utc_text(moment: datetime) -> str:
    """ISO 8601 to the millisecond, as in 2026-03-01T09:30:00.000Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


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


class DetectionStore:
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
            raise _damaged(path) from error
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
            state["warnings"] = tuple(state["warnings"])
        return Progress(**state)

    @property
    def last_detected(self) -> Detections | None:
        """What was found in the last stored frame that was looked at; None if there is none."""
        self._settle()
        query = f"SELECT {_COLUMNS} FROM frame WHERE time_s IS NOT NULL ORDER BY frame_index DESC LIMIT 1"
        with _explained(self.path):
            row = self._db.execute(query).fetchone()
            return None if row is None else _frame(row, self._num_keypoints).detections

    def frames(self, after: int = -1) -> Iterator[StoredFrame]:
        """All frames with an index above `after`, in order."""
        self._settle()
        query = f"SELECT {_COLUMNS} FROM frame WHERE frame_index > ? ORDER BY frame_index LIMIT {CHUNK}"
        while True:
            with _explained(self.path):
                rows = self._db.execute(query, (after,)).fetchall()
                frames = [_frame(row, self._num_keypoints) for row in rows]
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
        with _explained(self.path):
            return dict(self._db.execute("SELECT fate, count(*) FROM frame GROUP BY fate").fetchall())

    def timeline(self) -> Timeline:
        """When each frame was shown, without reading the detections."""
        self._settle()
        corrupt = set()
        with _explained(self.path):
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
        with _explained(self.path):
            rows = self._db.execute("SELECT content, undone FROM edit ORDER BY position").fetchall()
        return [(content, bool(undone)) for content, undone in rows]

    def write_edit_rows(self, rows: Sequence[tuple[str, bool]]) -> None:
        """Replace the list of changes, whole or not at all. Raises MediaError if another program writes the store."""
        with _explained(self.path):
            _begin(self._db)
            self._db.execute("DELETE FROM edit")
            self._db.executemany(
                "INSERT INTO edit VALUES (?, ?, ?)", [(i, text, int(undone)) for i, (text, undone) in enumerate(rows)]
            )
            self._db.execute("COMMIT")

    def close(self) -> None:
        with contextlib.suppress(sqlite3.Error):
            self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _texts(self) -> dict[str, str]:
        with _explained(self.path):
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
        self._committed_s = time.monotonic()
        with _explained(path):
            _begin(self._db)  # and so from one commit to the next: a second writer finds it taken

    def add(self, frame: StoredFrame, progress: Progress | None = None) -> StoredFrame:
        """Add the next frame, and how far the source was read with it; returns the frame as it will be read back."""
        row = _row(frame)
        self._rows.append(row)
        self._progress = progress or self._progress
        if time.monotonic() - self._committed_s >= COMMIT_S:
            self.commit()
        return _frame(row, self._num_keypoints)

    def _settle(self) -> None:
        self.commit()

    def commit(self) -> None:
        """Put everything added so far on the disk."""
        with _explained(self.path):
            self._db.executemany(f"INSERT OR IGNORE INTO frame VALUES ({', '.join('?' * 10)})", self._rows)
            self._rows.clear()
            if self._progress is not None:
                self._set("progress", asdict(self._progress))
            self._db.execute("COMMIT")
            self._db.execute("BEGIN IMMEDIATE")
        self._committed_s = time.monotonic()

    def started(self, utc: datetime) -> None:
        """Say when the first frame was recorded."""
        self.head = replace(self.head, started_utc=utc_text(utc))
        with _explained(self.path):
            self._set("started_utc", self.head.started_utc)

    def finish(self, progress: Progress | None = None) -> None:
        """The source has ended: commit, and say that the store is complete."""
        self._progress = progress or self._progress
        with _explained(self.path):
            self._set("complete", True)
        self.commit()

    def close(self) -> None:
        if not self._rows:
            super().close()
            return
        try:
            self.commit()
        finally:
            super().close()

    def write_edit_rows(self, rows: Sequence[tuple[str, bool]]) -> None:
        self.commit()
        with _explained(self.path):
            self._db.execute("ROLLBACK")
            super().write_edit_rows(rows)
            _begin(self._db)

    def _set(self, key: str, value: Any) -> None:
        self._db.execute("INSERT OR REPLACE INTO head VALUES (?, ?)", (key, json.dumps(value)))


def open_store(path: Path) -> DetectionStore:
    """A store for reading. Raises MediaError if the file is missing, foreign, newer than this program, or damaged."""
    return _opened(DetectionStore, path)


def resume_store(path: Path) -> StoreWriter:
    """A store to add to. Raises MediaError as `open_store`, and if another program is writing it."""
    return _opened(StoreWriter, path)


def create_store(path: Path, head: StoreHead) -> StoreWriter:
    """A new store in place of whatever was there, of which only a person's edits are kept.

    Raises MediaError, also if another program is writing the old one.
    """
    with _explained(path):
        edits = _edits_of(path)
        fresh = path.with_name(f"{path.name}.partial")  # it gets its name with its head: there is no store without one
        try:
            for stale in (fresh, _journal(fresh), path, _journal(path)):
                stale.unlink(missing_ok=True)
            with contextlib.closing(_connect(fresh, "rwc")) as database:
                database.executescript(f"BEGIN IMMEDIATE;{_SCHEMA}")
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


def remove_store(path: Path) -> None:
    """Delete a store and what SQLite may have left beside it, if that can be done."""
    for file in (path, _journal(path)):
        discard(file)


def _journal(path: Path) -> Path:
    return path.with_name(f"{path.name}-journal")


def _opened(kind: type[Any], path: Path) -> Any:
    if not path.is_file():
        raise MediaError(f"{path} does not exist; check the name and the folder.")
    with _explained(path):
        try:
            # For writing, though only read: what a killed program left half-written is undone first.
            database = _connect(path, "rw")
            application = database.execute("PRAGMA application_id").fetchone()[0]
        except sqlite3.OperationalError:
            database = _connect(path, "ro")
            application = database.execute("PRAGMA application_id").fetchone()[0]
    try:
        _check(path, database, application)
        return kind(path, database)
    except BaseException:
        database.close()
        raise


def _check(path: Path, database: sqlite3.Connection, application: int) -> None:
    """Only this program's stores pass; older ones are brought up to date."""
    with _explained(path):
        version = database.execute("PRAGMA user_version").fetchone()[0]
        if application != APPLICATION_ID or version < 1:
            raise MediaError(f"{path.name} is not a store of detections.")
        if version > SCHEMA_VERSION:
            raise MediaError(
                f"{path.name} was written by a newer version of this program "
                f"(format {version}, known here: up to {SCHEMA_VERSION}); update the program."
            )
        if version < SCHEMA_VERSION:
            steps = "".join(MIGRATIONS[version - 1 : SCHEMA_VERSION - 1])
            database.executescript(f"BEGIN IMMEDIATE;{steps}PRAGMA user_version = {SCHEMA_VERSION};COMMIT;")


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    database = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=WAIT_S,
        isolation_level=None,
        check_same_thread=False,
    )
    database.execute("PRAGMA synchronous = FULL")
    return database


def _begin(database: sqlite3.Connection) -> None:
    """Begin to write. Whoever else does so keeps at it: there is no use in waiting for long."""
    database.execute(f"PRAGMA busy_timeout = {round(1000 * BEGIN_WAIT_S)}")
    database.execute("BEGIN IMMEDIATE")
    database.execute(f"PRAGMA busy_timeout = {round(1000 * WAIT_S)}")


def _row(frame: StoredFrame) -> tuple[Any, ...]:
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


def _frame(row: tuple[Any, ...], num_keypoints: int) -> StoredFrame:
    """Raises ValueError if the row is not what was written."""
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
    appearance = None if looks is None else np.ndarray((n, len(looks) // (2 * max(n, 1))), np.float16, looks)
    return StoredFrame(index, fate, Detections(index, time_s, poses, appearance, cut), pts, bool(damaged))


def _checksum(index: int, time_s: float | None, people: bytes | None, looks: bytes | None) -> int:
    """CRC-32 of what counts: SQLite itself would not notice a number that has changed on the disk."""
    return zlib.crc32(looks or b"", zlib.crc32(people or b"", zlib.crc32(_KEY.pack(index, time_s or 0.0))))


@contextlib.contextmanager
def _explained(path: Path) -> Iterator[None]:
    """What SQLite says, in one sentence for the user."""
    try:
        yield
    except sqlite3.OperationalError as error:
        text = str(error)
        if "locked" in text:
            raise MediaError(f"{path.name} is in use by another program; wait until it is done.") from error
        if "full" in text:
            raise MediaError(
                f"{path.name} cannot be written: the disk is full; free some space and run it again."
            ) from error
        if "malformed" in text or "no such" in text:
            raise _damaged(path) from error
        raise MediaError(f"{path} cannot be read or written ({text}).") from error
    except sqlite3.DatabaseError as error:
        if "not a database" in str(error):
            raise MediaError(f"{path.name} is not a store of detections.") from error
        raise _damaged(path) from error
    except (ValueError, TypeError) as error:
        raise _damaged(path) from error


def _damaged(path: Path) -> MediaError:
    return MediaError(f"{path.name} is damaged; delete it, and the detections are made anew.")
