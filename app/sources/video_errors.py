"""Why a video file cannot be opened, in one plain sentence."""

from __future__ import annotations

from pathlib import Path

import av

from pose.errors import MediaError

MP4_SUFFIXES = (".mp4", ".mov", ".m4v", ".3gp")


def check_file(path: Path) -> None:
    """Raises MediaError for what can be seen without opening the video."""
    try:
        if path.is_dir():
            raise MediaError("{path} is a folder, not a video file.", path=path.name)
        if not path.exists():
            raise MediaError("{path} does not exist; check the name and the folder.", path=path)
        size = path.stat().st_size
    except OSError as error:
        raise MediaError("{path} cannot be reached ({reason}).", path=path, reason=error.strerror or error) from error
    if path.is_file() and size == 0:
        raise MediaError("{path} is an empty file (0 bytes).", path=path.name)


def explain_open_error(path: Path, error: Exception, name: str) -> MediaError:
    if isinstance(error, PermissionError):
        return MediaError("{name} may not be read; check the file's permissions.", name=name)
    if isinstance(error, av.InvalidDataError | av.EOFError):
        if path.suffix.lower() in MP4_SUFFIXES and _lacks_its_index(path):
            return MediaError(
                "{name} is incomplete: its index is missing, as when a recording or copy was cut off; "
                "copy it again or repair it.",
                name=name,
            )
        return MediaError("{name} is not a video, or it is damaged beyond reading.", name=name)
    reason = getattr(error, "strerror", None) or str(error)
    return MediaError("{name} cannot be opened as a video ({reason}).", name=name, reason=reason)


def _lacks_its_index(path: Path) -> bool:
    """Whether an MP4 begins as one but has no `moov` box among its top-level boxes."""
    try:
        with path.open("rb") as file:
            size = path.stat().st_size
            at, is_mp4 = 0, False
            while at + 8 <= size:
                file.seek(at)
                header = file.read(16)
                length, kind = int.from_bytes(header[:4], "big"), header[4:8]
                if length == 1:
                    length = int.from_bytes(header[8:16], "big")
                if kind == b"moov":
                    return at + length > size
                is_mp4 |= kind in (b"ftyp", b"mdat", b"wide", b"free")
                if not is_mp4 or length < 8:
                    break
                at += length
    except OSError:
        return False
    return is_mp4
