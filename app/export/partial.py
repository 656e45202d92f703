"""Unfinished output carries `.partial` at the end of its name; finished ones appear together under their own."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from pose.errors import MediaError

PARTIAL = ".partial"
LONGEST_NAME = 255  # bytes; what common file systems take
LONGEST_ENDING = "_000000000000_keypoints.json"  # of all that is written beside or below a stem


def partial_path(path: Path) -> Path:
    """clip.csv → clip.csv.partial, in the same folder so that renaming is atomic.

    The mark is the ending, which no finished output has: no input's name makes one output the partial of another.
    """
    return path.with_name(f"{path.name}{PARTIAL}")


def commit(path: Path) -> None:
    """Give a partial file or folder its final name, replacing an older one. Raises MediaError."""
    commit_all([path])


def commit_all(paths: Iterable[Path]) -> None:
    """Give all partial outputs their final names, in this order, or none if one is missing. Raises MediaError.

    A folder takes the place of a folder; a file never does.
    """
    paths = list(paths)
    for path in paths:
        if not partial_path(path).exists():
            error: OSError = FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
            raise write_error(partial_path(path), error)
        if path.is_dir() and not partial_path(path).is_dir():
            error = IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            raise write_error(path, error)
    for path in paths:
        with explained(path):
            if path.is_dir():  # a folder cannot be replaced in one step
                shutil.rmtree(path)
            partial_path(path).replace(path)


def put_on_disk(path: Path) -> None:
    """Wait until a file or folder is on the disk: a name must not survive a power failure that its content does not.

    Raises MediaError.
    """
    with explained(path):
        for file in path.rglob("*") if path.is_dir() else (path,):
            if file.is_file():
                with file.open("rb+") as opened:
                    os.fsync(opened.fileno())


def discard(path: Path) -> None:
    """Remove a file or folder of no use, if that can be done: on a medium that may not be written to it cannot."""
    with contextlib.suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def fitting_stem(stem: str) -> str:
    """The stem, shortened if names made of it would be too long for file systems; different stems stay different."""
    room = LONGEST_NAME - len(LONGEST_ENDING)
    encoded = os.fsencode(stem)
    if len(encoded) <= room:
        return stem
    mark = "-" + hashlib.sha256(encoded).hexdigest()[:8]
    return encoded[: room - len(mark)].decode("utf-8", errors="ignore").rstrip() + mark


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what goes wrong while `path` is written into a MediaError."""
    try:
        yield
    except OSError as error:
        raise write_error(path, error) from error


def write_error(path: Path, error: Exception) -> MediaError:
    """Why a file cannot be written, in one sentence."""
    code = getattr(error, "errno", None)
    if code == errno.ENOSPC or code == errno.EDQUOT:
        return MediaError(
            "{path} cannot be written: the disk is full; free some space and run it again.", path=path.name
        )
    if code in (errno.EACCES, errno.EPERM, errno.EROFS):
        return MediaError(
            "{path} cannot be written: the folder may not be written to; choose another folder.", path=path
        )
    if code in (errno.EEXIST, errno.ENOTDIR):
        return MediaError("{path} cannot be a folder for results: it, or what it lies in, is a file.", path=path)
    return MediaError(
        "{path} cannot be written ({reason}).", path=path, reason=getattr(error, "strerror", None) or error
    )
