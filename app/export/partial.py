"""Unfinished output carries `.partial` in its name; a finished one appears at once under its own."""

from __future__ import annotations

import contextlib
import errno
from pathlib import Path

from pose.errors import MediaError


def partial_path(path: Path) -> Path:
    """clip.csv → clip.partial.csv, in the same folder so that renaming is atomic."""
    return path.with_name(f"{path.stem}.partial{path.suffix}")


def commit(path: Path) -> None:
    """Give the partial file its final name, replacing an older one. Raises MediaError."""
    try:
        partial_path(path).replace(path)
    except OSError as error:
        raise write_error(path, error) from error


def discard(path: Path) -> None:
    """Remove a file that is of no use, if that can be done: on a medium that may not be written to it cannot."""
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


def write_error(path: Path, error: Exception) -> MediaError:
    """Why a file cannot be written, in one sentence."""
    code = getattr(error, "errno", None)
    if code == errno.ENOSPC or code == errno.EDQUOT:
        return MediaError(f"{path.name} cannot be written: the disk is full; free some space and run it again.")
    if code in (errno.EACCES, errno.EPERM, errno.EROFS):
        return MediaError(f"{path} cannot be written: the folder may not be written to; choose another folder.")
    if code in (errno.EEXIST, errno.ENOTDIR):
        return MediaError(f"{path} cannot be a folder for results: it, or what it lies in, is a file.")
    return MediaError(f"{path} cannot be written ({getattr(error, 'strerror', None) or error}).")
