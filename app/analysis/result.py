"""The stored result of one input: its detections, how they were tracked, and what was edited. Loads no engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from app.analysis.edit_log import EditLog, noted
from app.analysis.edits import Edit
from app.analysis.export import write_formats
from app.analysis.manifest import renew
from app.analysis.outputs import DRAWN
from app.analysis.store import SUFFIX, DetectionStore, open_store
from app.analysis.track import TrackChoices, track
from app.analysis.track_table import TrackTable, collect
from app.export.registry import FORMATS
from app.export.sidecar import PeopleSummary, read_sidecar, write_sidecar
from app.repetitions import parse_exercises
from app.settings import Settings, settings_from_table
from pose.errors import MediaError, SettingsError


@dataclass(frozen=True, slots=True)
class Result:
    """An open store and what its sidecar says. sidecar: None if there is none, as for a run that is not over."""

    store: DetectionStore
    sidecar_path: Path
    sidecar: Mapping[str, Any] | None

    @property
    def name(self) -> str:
        """Of the source, for people to read."""
        return self.store.head.info.name

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the image, pixels."""
        return self.store.head.info.width, self.store.head.info.height

    @property
    def settings(self) -> Settings:
        """With which the results were made, as far as they are known."""
        return _settings_of((self.sidecar or {}).get("settings", {}))

    def choices(self, edits: Sequence[Edit] = ()) -> TrackChoices:
        """How the results were made, or would be by default."""
        sidecar = self.sidecar or {}
        settings = self.settings
        time = sidecar.get("time", {})
        return replace(
            TrackChoices.of(settings),
            slow_motion=time.get("slow_motion") or 1.0,
            resample_fps=time.get("resample_fps"),
            edits=tuple(edits),
            single=self.store.head.info.kind == "images" and self.store.head.info.frame_count == 1,
        )

    @property
    def log(self) -> EditLog:
        return EditLog(self.store)

    def tracked(self) -> TrackTable:
        """The people of every frame before edits and smoothing."""
        skeleton = self.store.head.skeleton
        return collect(track(self.store.detections(), skeleton, self.choices().unsmoothed), skeleton)


def _settings_of(table: Mapping[str, Any]) -> Settings:
    """Of a sidecar; another version's names of settings may be unknown here, then the tracker's are today's."""
    for known in (table, {name: value for name, value in table.items() if name not in ("tracker", "model", "decode")}):
        with suppress(SettingsError):
            return settings_from_table(known)
    return Settings()


def find_store(path: Path) -> Path:
    """The store that belongs to what a user named: itself, a result beside it, their common stem, or the video.

    Raises MediaError if there is none.
    """
    if path.suffix == SUFFIX and path.is_file():
        return path
    path = path if path.name else path.absolute()  # "." has no name
    endings = sorted([*DRAWN, ".json", *(f.ending for f in FORMATS.values())], key=len, reverse=True)
    stems = [path.name.removesuffix(ending) for ending in endings if path.name.endswith(ending)]
    for stem in filter(None, [*stems[:1], path.stem, path.name]):
        store = path.with_name(f"{stem}{SUFFIX}")
        if store.is_file():
            return store
    if not path.exists():
        raise MediaError(
            "There is no result {path}; name the table, the sidecar or the stored detections ({suffix}).",
            path=path,
            suffix=SUFFIX,
        )
    raise MediaError(
        "There are no stored detections for {path}; annotate the video without --no-store first.",
        path=path.name or path,
    )


@contextmanager
def open_result(path: Path) -> Iterator[Result]:
    """Raises MediaError."""
    file = find_store(path)
    sidecar = file.with_suffix(".json")
    with open_store(file) as store:
        yield Result(store, sidecar, read_sidecar(sidecar))


def refresh(result: Result, edits: Sequence[Edit]) -> list[str]:
    """Write the results that the sidecar names anew, with these edits; returns their names. Raises MediaError.

    An annotated video is left as it is. Without a sidecar there is nothing to write.
    """
    sidecar = result.sidecar
    if sidecar is None or not sidecar.get("complete"):
        return []
    outputs = sidecar["outputs"]
    choices = result.choices(edits)
    formats = list(outputs["formats"])
    folder, stem = result.sidecar_path.parent, result.sidecar_path.stem
    people = PeopleSummary()
    paths = write_formats(
        result.store,
        choices,
        (folder, stem),
        formats,
        angles=outputs["angles"],
        repetitions=parse_exercises(outputs.get("repetitions", ())),
        every_frame=outputs["every_frame"],
        watch=people.add,
    )
    rows = people.as_list()
    content = {**sidecar, "rows": sum(person["rows"] for person in rows), "people": rows}
    content["frames"] = sidecar["frames"] | {"without_people": people.frames_without_people}
    write_sidecar(result.sidecar_path, noted(content, edits))
    names = [path.name for path in paths]
    renew(folder, stem, names)
    return names
