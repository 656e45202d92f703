"""The entries of a report, made by as many processes as the machine has cores: tracking anew is most of the work."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from app.analysis.result import Result, open_result
from app.render.overlay import OverlayStyle
from app.report.page import MOST_DETAILS, Entry, ranked
from app.report.strip import find_video, thumbnails
from app.report.summary import summarise
from pose.engines.base import available_cores
from pose.errors import PoseStudioError

FEW = 4  # results for which starting processes takes longer than it saves


def entries_of(
    stores: Sequence[Path], advance: Callable[[], object] = lambda: None, videos: Sequence[Path] = ()
) -> tuple[list[Entry], list[str]]:
    """What the page holds of each result, and one sentence for each that cannot be read.

    In a batch only those that need most attention have sections about each person. advance: called after each result.
    videos: folders in which videos lie besides those of their results.
    """
    everybody = len(stores) <= MOST_DETAILS
    made = _each(partial(_entry, people=everybody, videos=videos), stores, advance)
    found = {store: entry for store, entry in zip(stores, made, strict=True) if isinstance(entry, Entry)}
    problems = [entry for entry in made if isinstance(entry, str)]
    if not everybody:
        first = ranked(found.values())[:MOST_DETAILS]
        worst = [store for store, entry in found.items() if entry in first]
        more = _each(partial(_entry, people=True, videos=videos), worst, lambda: None)
        found |= {store: entry for store, entry in zip(worst, more, strict=True) if isinstance(entry, Entry)}
    return list(found.values()), problems


def _entry(store: Path, people: bool, videos: Sequence[Path]) -> Entry | str:
    try:
        with open_result(store) as result:
            return entry_of(result, people, videos)
    except PoseStudioError as error:
        return str(error)


def entry_of(
    result: Result, people: bool = True, videos: Sequence[Path] = (), overlay: OverlayStyle | None = None
) -> Entry:
    """What the page holds of an open result. Raises MediaError.

    overlay: how people may be shown; default as the result's video shows them. Faces that it blurs stay blurred, and if
    it hides the image there are no pictures.
    """
    file, overlay = summarise(result), overlay or result.settings.overlay
    video = find_video(result, videos) if people and overlay.background == "image" else None
    if video is None:
        return Entry.of(file, people)
    rotation = result.store.head.selection.get("rotate")
    return Entry.of(file, people, thumbnails(file, video, rotation, overlay.blur_faces))


def _each(
    work: Callable[[Path], Entry | str], stores: Sequence[Path], advance: Callable[[], object]
) -> list[Entry | str]:
    made = []
    workers = min(available_cores(), len(stores))
    if len(stores) <= FEW or workers < 2:
        for store in stores:
            made.append(work(store))
            advance()
        return made
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        for entry in pool.map(work, stores, chunksize=2):
            made.append(entry)
            advance()
    return made
