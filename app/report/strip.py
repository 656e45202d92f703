"""A person at moments spread over their time: cut out of the video where it is at hand, drawn where it is not."""

from __future__ import annotations

import base64
import contextlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from app.analysis.facts import file_facts
from app.analysis.result import Result
from app.render.faces import blur_faces
from app.render.overlay import track_colour
from app.report.summary import FileSummary, PersonSummary
from app.sources import open_source
from pose.errors import PoseStudioError

COUNT = 8  # moments of a person
MOST_FRAMES = 60  # of one file are decoded; people who are there longest come first
CELL_WH, FEET_Y, PERSON_H = (100, 134), 112.0, 100.0  # units of a drawing: its size, where people stand, how tall
PIXELS_WH, QUALITY = (150, 174), 55  # of a thumbnail: its part of a cell above the time, at 1.5 pixels a unit
PICTURE_H = 116.0
READ_ON_S = 1.0  # a frame that is so near is reached faster by reading than by seeking

Thumbnails = Mapping[tuple[int, int], str]  # (person, frame) → data URI


def find_video(result: Result, folders: Iterable[Path] = ()) -> Path | None:
    """The very video that was analysed, beside its store or in other folders; None if it is not there."""
    head = result.store.head
    if head.info.kind != "video" or not head.files:
        return None
    for folder in (result.store.path.parent, *folders):
        path = folder / head.info.name
        if path.is_file() and file_facts([path]) == head.files:
            return path
    return None


def thumbnails(file: FileSummary, video: Path, rotation: int | None = None, hide_faces: bool = False) -> Thumbnails:
    """Small pictures of everybody; {} if the video cannot be read. Decodes at most MOST_FRAMES frames."""
    table, wanted = file.table, defaultdict[int, list[int]](list)
    for person in sorted(file.people, key=lambda p: -len(p.motion.frames)):
        rows = _rows(file, person)
        new = {int(table.frames[table.places[row]]) for row in rows} - wanted.keys()
        if len(wanted) + len(new) <= MOST_FRAMES:
            for row in rows:
                wanted[int(table.frames[table.places[row]])].append(row)
    made: dict[tuple[int, int], str] = {}
    with contextlib.suppress(PoseStudioError), open_source(video, rotation=rotation) as source:
        at_s = 0.0
        for index in sorted(wanted):
            place = table.place_of(index)
            assert place is not None
            time_s = float(table.times_s[place]) * file.slow_motion
            if time_s - at_s > READ_ON_S:
                source.seek(time_s)
            for frame in source.frames(wanted=lambda: True):
                at_s = frame.time_s
                if frame.index < index:
                    continue
                if frame.index == index:
                    image = frame.image_bgr.copy()
                    if hide_faces:
                        blur_faces(image, table.frame_at(place).tracks.raw, table.skeleton)
                    for row in wanted[index]:
                        made[int(table.ids[row]), index] = _thumbnail(image, _view(file, row))
                break
    return made


def strip(file: FileSummary, person: PersonSummary, pictures: Thumbnails) -> str:
    """The moments as SVG, in the order of time."""
    return "".join(_cell(file, person.person, row, pictures) for row in _rows(file, person))


def _rows(file: FileSummary, person: PersonSummary) -> list[int]:
    rows = file.table.rows_of(person.person)
    rows = rows[np.isfinite(file.table.boxes_xyxy[rows]).all(axis=1)]
    if not len(rows):
        return []
    picked: list[int] = rows[np.unique(np.linspace(0, len(rows) - 1, COUNT).round().astype(int))].tolist()
    return picked


def _view(file: FileSummary, row: int) -> tuple[float, float, float]:
    """Middle, feet (pixels) and units per pixel of the cell of a row.

    Everybody is as tall as their cell, which does not reach beyond the image where that can be helped.
    """
    x0, y0, x1, y1 = file.table.boxes_xyxy[row].astype(np.float64).tolist()
    extent = max(y1 - y0, (x1 - x0) * PERSON_H / (CELL_WH[0] - 10), 8.0)
    unit = PERSON_H * 0.92 / extent
    half, above, below = CELL_WH[0] / 2 / unit, FEET_Y / unit, (PICTURE_H - FEET_Y) / unit
    return _inside((x0 + x1) / 2, half, file.size[0] - half), _inside(y1, above, file.size[1] - below), unit


def _inside(value: float, least: float, most: float) -> float:
    return min(max(value, least), most) if least <= most else value


def _thumbnail(image_bgr: NDArray[np.uint8], view: tuple[float, float, float]) -> str:
    """The part of the image that a cell shows, as a WebP data URI."""
    middle, feet, unit = view
    scale = PIXELS_WH[0] / CELL_WH[0]
    shrink = unit * scale
    if shrink < 0.5:  # averaged first: a small copy of a large person would glitter
        factor = 2 * shrink
        size = (max(round(image_bgr.shape[1] * factor), 1), max(round(image_bgr.shape[0] * factor), 1))
        image_bgr = cv2.resize(image_bgr, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
        middle, feet, shrink = middle * factor, feet * factor, 0.5
    x, y = PIXELS_WH[0] / 2 - middle * shrink, FEET_Y * scale - feet * shrink
    matrix = np.array([[shrink, 0.0, x], [0.0, shrink, y]])
    cut = cv2.warpAffine(image_bgr, matrix, PIXELS_WH, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
    data = cv2.imencode(".webp", cut, [cv2.IMWRITE_WEBP_QUALITY, QUALITY])[1].tobytes()
    return f"data:image/webp;base64,{base64.b64encode(data).decode('ascii')}"


def _cell(file: FileSummary, person: int, row: int, pictures: Thumbnails) -> str:
    table = file.table
    frame, seconds = int(table.frames[table.places[row]]), float(table.times_s[table.places[row]])
    middle, feet, unit = _view(file, row)
    local = (table.keypoints[row].astype(np.float64) - (middle, feet)) * unit + (CELL_WH[0] / 2, FEET_Y)
    lines = "".join(
        f'<path d="M{local[a][0]:.1f} {local[a][1]:.1f}L{local[b][0]:.1f} {local[b][1]:.1f}"/>'
        for a, b in table.skeleton.edges
        if np.isfinite(local[[a, b]]).all()
    )
    uri = pictures.get((person, frame), "")
    width, height = CELL_WH
    picture = f'<image href="{uri}" width="{width}" height="{PICTURE_H:g}"/>' if uri else ""
    return (
        f'<svg class="pose{" seen" if uri else ""}" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="frame {frame}">{picture}<g stroke="{person_colour(person)}">{lines}</g>'
        f'<text x="{width / 2:g}" y="129">{seconds:.1f} s</text></svg>'
    )


def person_colour(person: int) -> str:
    """As in the window and in annotated videos."""
    b, g, r = track_colour(person)
    return f"#{r:02x}{g:02x}{b:02x}"
