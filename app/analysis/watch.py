"""Files that are put into a folder, each as soon as it is complete, none twice."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from app.analysis.inputs import AnnotationInput, free_stem, videos_among
from app.analysis.manifest import Entry, content_key
from app.export.partial import fitting_stem
from pose.errors import MediaError


class _Sight(NamedTuple):
    size: int
    modified_ns: int


class WatchedFolder:
    """Ask `ready` now and then. Holds a few numbers per file that is in the folder, nothing of those that went.

    A file is complete when its size and time have not changed for `settle_s`: nothing else tells on all systems and
    network folders that its writer has finished.
    """

    def __init__(self, folder: Path, settle_s: float) -> None:
        self._folder, self._settle_s = folder, settle_s
        self._since_s: dict[Path, tuple[_Sight, float]] = {}
        self._handled: dict[Path, _Sight] = {}

    def ready(self, known: Mapping[str, Entry], now_s: float | None = None) -> list[AnnotationInput]:
        """Inputs that are complete now and were not given before; `known` is the manifest of the results.

        What the manifest has, under whatever name, is not given: the same content is done once. A new file of an old
        name gets a free stem. Raises MediaError if the folder cannot be read.
        """
        now_s = time.monotonic() if now_s is None else now_s
        sights = self._sights()
        self._since_s = {
            path: self._since_s[path] if path in self._since_s and self._since_s[path][0] == sight else (sight, now_s)
            for path, sight in sights.items()
        }
        self._handled = {path: sight for path, sight in self._handled.items() if sights.get(path) == sight}
        contents = {entry.content for entry in known.values() if entry.content}
        stems = {entry.stem.casefold() for entry in known.values()}
        found: list[AnnotationInput] = []
        for item in videos_among(sorted(sights)):
            path = item.spec
            assert isinstance(path, Path)
            sight, since_s = self._since_s[path]
            if path in self._handled or now_s - since_s < self._settle_s:
                continue
            content = content_key([path])
            if content is None:  # gone meanwhile
                continue
            self._handled[path] = sight
            if sight.size and content not in contents:
                contents.add(content)
                stem = free_stem(fitting_stem(item.stem), stems)
                stems.add(stem.casefold())
                found.append(replace(item, stem=stem))
        return found

    @property
    def is_settled(self) -> bool:
        """Whether every file that was there at the last look has been given or left out."""
        return all(path in self._handled for path in (item.spec for item in videos_among(self._since_s)))

    def _sights(self) -> dict[Path, _Sight]:
        sights = {}
        try:
            for path in self._folder.iterdir():
                try:
                    status = path.stat()
                except OSError:
                    continue  # gone meanwhile
                if path.is_file():
                    sights[path] = _Sight(status.st_size, status.st_mtime_ns)
        except OSError as error:
            raise MediaError(
                "The folder {folder} cannot be read ({reason}).", folder=self._folder, reason=error.strerror
            ) from error
        return sights
