"""The file of a detection store: SQLite's schema, its versions, and what can go wrong, in one sentence each."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from pose.errors import MediaError

APPLICATION_ID = 0x4C50_5354  # "LPST", where `file` and SQLite's own tools look for it
SCHEMA_VERSION = 1
# From version n (counted from 1) to n + 1, each as a script of SQL; a file is brought up to date when it is opened.
MIGRATIONS: tuple[str, ...] = ()
WAIT_S, BEGIN_WAIT_S = 30.0, 1.0  # for other programs that are just reading it; that are writing it

SCHEMA = f"""
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


def open_database(path: Path) -> sqlite3.Connection:
    """The database of a store, brought up to date.

    Raises MediaError if the file is missing, foreign, newer than this program, or damaged.
    """
    if not path.is_file():
        raise MediaError("{path} does not exist; check the name and the folder.", path=path)
    with explained(path):
        try:
            # For writing, though only read: what a killed program left half-written is undone first.
            database = connect(path, "rw")
            application = database.execute("PRAGMA application_id").fetchone()[0]
        except sqlite3.OperationalError:
            database = connect(path, "ro")
            application = database.execute("PRAGMA application_id").fetchone()[0]
        try:
            _check(path, database, application)
        except BaseException:
            database.close()
            raise
        return database


def _check(path: Path, database: sqlite3.Connection, application: int) -> None:
    """Only this program's stores pass; older ones are brought up to date."""
    version = database.execute("PRAGMA user_version").fetchone()[0]
    if application != APPLICATION_ID or version < 1:
        raise MediaError("{path} is not a store of detections.", path=path.name)
    if version > SCHEMA_VERSION:
        raise MediaError(
            "{path} was written by a newer version of this program "
            "(format {version}, known here: up to {known}); update the program.",
            path=path.name,
            version=version,
            known=SCHEMA_VERSION,
        )
    if version < SCHEMA_VERSION:
        steps = "".join(MIGRATIONS[version - 1 : SCHEMA_VERSION - 1])
        database.executescript(f"BEGIN IMMEDIATE;{steps}PRAGMA user_version = {SCHEMA_VERSION};COMMIT;")


def connect(path: Path, mode: str) -> sqlite3.Connection:
    """mode: of SQLite's URIs, "ro", "rw" or "rwc". May be used by any thread, one at a time."""
    database = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=WAIT_S,
        isolation_level=None,
        check_same_thread=False,
    )
    database.execute("PRAGMA synchronous = FULL")
    return database


def begin(database: sqlite3.Connection) -> None:
    """Begin to write. Whoever else does so keeps at it: there is no use in waiting for long."""
    database.execute(f"PRAGMA busy_timeout = {round(1000 * BEGIN_WAIT_S)}")
    database.execute("BEGIN IMMEDIATE")
    database.execute(f"PRAGMA busy_timeout = {round(1000 * WAIT_S)}")


def journal_of(path: Path) -> Path:
    """Where SQLite keeps what it needs to undo an unfinished write."""
    return path.with_name(f"{path.name}-journal")


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """What SQLite says, in one sentence for the user."""
    try:
        yield
    except sqlite3.OperationalError as error:
        text = str(error)
        if "locked" in text:
            raise MediaError("{path} is in use by another program; wait until it is done.", path=path.name) from error
        if "full" in text:
            raise MediaError(
                "{path} cannot be written: the disk is full; free some space and run it again.", path=path.name
            ) from error
        if "malformed" in text or "no such" in text:
            raise damaged(path) from error
        raise MediaError("{path} cannot be read or written ({text}).", path=path, text=text) from error
    except sqlite3.DatabaseError as error:
        if "not a database" in str(error):
            raise MediaError("{path} is not a store of detections.", path=path.name) from error
        raise damaged(path) from error
    except (ValueError, TypeError) as error:
        raise damaged(path) from error


def damaged(path: Path) -> MediaError:
    """What is said of a store that cannot be trusted."""
    return MediaError("{path} is damaged; delete it, and the detections are made anew.", path=path.name)
