"""CSV tables: our own, DeepLabCut's with one or many individuals, SLEAP's."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.foreign.foreign import Foreign, ForeignError, by_frame, poses_of, skeleton_of
from pose.types import Poses

Rows = Iterator[list[str]]


def read_table(path: Path, first_frame: int) -> Foreign:
    """Raises ForeignError, KeyError or IndexError if it is none of these tables."""
    rows = _rows(path)
    header = next(rows, [])
    if header and header[0] == "scorer":
        return _deeplabcut(header, rows, first_frame)
    if "frame_idx" in header:
        return _one_person_a_row("SLEAP", header, rows, "frame_idx", ".", first_frame)
    if "frame" in header and "track_id" in header:
        return _one_person_a_row("LitePose Studio", header, rows, "frame", "_", first_frame)
    raise ForeignError("its columns are not known here")


def _rows(path: Path) -> Rows:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from filter(None, csv.reader(file))  # without empty lines


def _one_person_a_row(
    program: str, header: Sequence[str], rows: Rows, frame_column: str, joint_mark: str, first_frame: int
) -> Foreign:
    """Columns JOINT.x, JOINT.y, JOINT.score, with a dot or an underscore."""
    names = [name.removesuffix(f"{joint_mark}x") for name in header if name.endswith(f"{joint_mark}x")]
    names = [name for name in names if f"{name}{joint_mark}score" in header]  # not the box, not raw positions
    skeleton = skeleton_of(names)
    columns = [header.index(f"{name}{joint_mark}{c}") for name in names for c in ("x", "y", "score")]
    at = header.index(frame_column)
    people = ((int(row[at]) - first_frame, _numbers([row[c] for c in columns])) for row in rows if len(row) > 1)
    return Foreign(program, skeleton, by_frame(people, skeleton.num_keypoints))


def _deeplabcut(header: Sequence[str], rows: Rows, first_frame: int) -> Foreign:
    """One block of columns per individual; row by row."""
    levels = {row[0]: row for row in [header, next(rows), next(rows)]}
    if "coords" not in levels:
        row = next(rows)
        levels[row[0]] = row
    parts, coords = levels["bodyparts"], levels["coords"]
    who = levels.get("individuals", [""] * len(coords))
    names = list(dict.fromkeys(part for part, person in zip(parts[1:], who[1:], strict=True) if person == who[1]))
    skeleton = skeleton_of(names)
    columns = {key: i for i, key in enumerate(zip(who, parts, coords, strict=True)) if i}
    blocks = [
        [columns[person, name, c] for name in names for c in ("x", "y", "likelihood")]
        for person in dict.fromkeys(who[1:])
        if (person, names[0], "x") in columns
    ]

    def frames(rows: Iterable[list[str]]) -> Iterator[tuple[int, Poses]]:
        for row in rows:
            people = [_numbers([row[i] for i in block]) for block in blocks]
            yield int(float(row[0])) - first_frame, poses_of(people, skeleton.num_keypoints)

    return Foreign("DeepLabCut", skeleton, frames(rows), lists_empty_frames=True)


def _numbers(cells: Sequence[str]) -> NDArray[Any]:
    """(K, 3) from 3 K cells; an empty one is NaN."""
    return np.array([float(cell) if cell else np.nan for cell in cells]).reshape(-1, 3)
