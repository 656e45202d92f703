"""Which reader a file or folder is for."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from app.foreign.coco import read_coco
from app.foreign.foreign import Foreign, ForeignError
from app.foreign.openpose import read_openpose
from app.foreign.tables import read_table
from pose.errors import MediaError
from pose.types import Poses

_WRONG = (
    ForeignError, ValueError, KeyError, TypeError, IndexError, StopIteration, AttributeError, OverflowError,
    RecursionError, csv.Error,
)  # fmt: skip


def read_foreign(path: Path, first_frame: int = 0) -> Foreign:
    """The detections in a folder of OpenPose files, a JSON file of the COCO family, or a CSV table.

    first_frame: the number that the file gives to the first frame of the video.
    Raises MediaError, also while the frames are read.
    """
    try:
        if path.is_dir():
            found = read_openpose(path, first_frame)
        elif path.suffix.lower() == ".json":
            found = read_coco(path, first_frame)
        elif path.suffix.lower() == ".csv":
            found = read_table(path, first_frame)
        else:
            path.stat()
            raise ForeignError("only folders of OpenPose files, .json and .csv are")
    except OSError as error:
        raise _unreadable(path, error) from error
    except _WRONG as error:
        raise _strange(path, error) from error
    return replace(found, frames=_ascending(path, found.frames))


def _ascending(path: Path, frames: Iterator[tuple[int, Poses]]) -> Iterator[tuple[int, Poses]]:
    last = -1
    try:
        for index, poses in frames:
            if index <= last:
                what = "its frames begin before that (--first-frame)" if index < 0 else f"frame {index} comes twice"
                raise MediaError(f"{path.name or path} cannot be imported: {what}.")
            last = index
            yield index, poses
    except OSError as error:
        raise _unreadable(path, error) from error
    except _WRONG as error:
        raise _strange(path, error) from error


def _unreadable(path: Path, error: OSError) -> MediaError:
    return MediaError(f"{path} cannot be read ({error.strerror or error}).")


def _strange(path: Path, error: Exception) -> MediaError:
    what = str(error) if isinstance(error, ForeignError) else "its content is of another kind"
    return MediaError(f"{path.name or path} cannot be imported: {what}.")
