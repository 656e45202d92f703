"""Tracks of long videos kept beside their store, so that an analysis opens at once. Derived data: it may be deleted."""

from __future__ import annotations

import contextlib
import hashlib
import time
import zipfile
from pathlib import Path

import numpy as np

from app.analysis.result import Result
from app.analysis.track_table import TrackTable
from app.export.partial import commit, partial_path
from app.version import program_version
from pose.errors import MediaError

SUFFIX = ".tracks.npz"
WORTH_S = 1.5  # tracking that takes less is not kept
_ARRAYS = ("frames", "times_s", "starts", "ids", "observed", "confidence", "keypoints", "scores")


def tracks_of(result: Result) -> TrackTable:
    """The tracking of a complete store, kept or made; kept if it took long. Raises MediaError for the store alone."""
    path, key = result.store.path.with_suffix(SUFFIX), _key(result)
    if (kept := _kept(path, key, result)) is not None:
        return kept
    start_s = time.perf_counter()
    table = result.tracked()
    if result.store.complete and time.perf_counter() - start_s > WORTH_S:
        with contextlib.suppress(OSError, MediaError):  # a folder that may not be written to, a full disk
            keep(path, key, table)
    return table


def keep(path: Path, key: str, table: TrackTable) -> None:
    """Write atomically. Raises OSError or MediaError."""
    with partial_path(path).open("wb") as file:
        np.savez(file, key=np.array(key), **{name: getattr(table, name) for name in _ARRAYS})
    commit(path)


def _kept(path: Path, key: str, result: Result) -> TrackTable | None:
    with contextlib.suppress(OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile), np.load(path) as file:
        if str(file["key"]) == key:
            return TrackTable(result.store.head.skeleton, *(file[name] for name in _ARRAYS))
    return None


def _key(result: Result) -> str:
    """Other detections, other settings or another version of the program: another tracking."""
    head, file = result.store.head, result.store.path.stat()
    facts = (
        program_version(),
        result.choices(),
        dict(head.files),
        head.started_utc,
        sorted(result.store.counts().items()),
    )
    return hashlib.sha256(repr((*facts, file.st_ino)).encode()).hexdigest()
