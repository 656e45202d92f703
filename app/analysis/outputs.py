"""The files of one run: their names, what an earlier run left under them, and giving them their names together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.analysis.facts import result_differences
from app.analysis.inputs import AnnotationInput, free_stem
from app.analysis.job import JobOptions
from app.analysis.store import SUFFIX, remove_store
from app.export.partial import commit_all, discard, partial_path, write_error
from app.export.registry import output_path
from app.export.sidecar import read_sidecar, write_sidecar
from app.sources import SourceInfo
from pose.errors import PoseStudioError

DRAWN = DRAWN_VIDEO, DRAWN_PHOTO = ".annotated.mp4", ".annotated.png"  # endings of what is drawn


def is_photo(info: SourceInfo) -> bool:
    return info.kind == "images" and info.frame_count == 1


@dataclass(frozen=True, slots=True)
class Outputs:
    """Where everything goes. formats: path by name of the format. drawn: the annotated video or photo."""

    label: str
    folder: Path
    stem: str
    formats: Mapping[str, Path]
    drawn: Path | None

    @staticmethod
    def of(item: AnnotationInput, options: JobOptions, info: SourceInfo) -> Outputs:
        """A live source is new every time: its outputs get names that are free."""
        stem = item.stem
        if info.live and not options.overwrite:
            stem = free_stem(stem, _taken(options.out_dir))
        formats = {name: output_path(name, options.out_dir, stem) for name in options.formats}
        ending = DRAWN_PHOTO if is_photo(info) else DRAWN_VIDEO
        return Outputs(
            item.label, options.out_dir, stem, formats, options.out_dir / f"{stem}{ending}" if options.video else None
        )

    @property
    def sidecar(self) -> Path:
        return self.folder / f"{self.stem}.json"

    @property
    def store(self) -> Path:
        return self.folder / f"{self.stem}{SUFFIX}"

    @property
    def results(self) -> list[Path]:
        """All but the store; the sidecar, which vouches for the others, last."""
        drawn = [] if self.drawn is None else [self.drawn]
        return [*drawn, *self.formats.values(), self.sidecar]

    def are_done(self, work: Mapping[str, Any], asked: Mapping[str, Any], overwrite: bool) -> bool:
        """Whether an earlier run has made all of this.

        Raises PoseStudioError if there are results of other work, which are not replaced unasked.
        """
        try:
            existing = [path for path in self.results if path.exists()]
        except OSError as error:  # a name that is too long for the folder
            raise write_error(self.results[0], error) from error
        if overwrite or not existing:
            return False
        # A run that ended between two names has left the sidecar under its partial one.
        earlier = read_sidecar(self.sidecar) or read_sidecar(partial_path(self.sidecar))
        if earlier is not None and earlier.get("complete"):
            different = result_differences(earlier, work, asked)
            if not different:
                return len(existing) == len(self.results)
            why = f", which differs in {' and '.join(different)}"
        else:
            why = ""
        names = ", ".join(path.name for path in existing)
        raise PoseStudioError(
            f"{self.label} was left out: {names} already there from another run{why}; allow them to be replaced "
            "(--overwrite), or choose another folder."
        )

    def remove_partials(self) -> None:
        for path in self.results:
            discard(partial_path(path))
        for ending in DRAWN:
            discard(partial_path(self.folder / f"{self.stem}{ending}"))

    def commit(self, content: Mapping[str, Any], overwrite: bool, keep_store: bool) -> None:
        """Give all partial files their names. From the sidecar on, a run that is killed here is finished by the next.

        With overwrite, what an earlier run made besides goes: it does not belong to these results.
        """
        write_sidecar(self.sidecar, {**content, "complete": True}, name_it=False)
        if overwrite:
            for path in self._stale():
                discard(path)
            discard(self.sidecar)
        commit_all(self.results)
        if not keep_store:
            remove_store(self.store)

    def _stale(self) -> list[Path]:
        earlier = read_sidecar(self.sidecar) or {}
        outputs = earlier.get("outputs", {})
        names = [*outputs.get("formats", {}).values(), *(f"{self.stem}{ending}" for ending in DRAWN)]
        mine = {path.name for path in self.results}
        return [self.folder / name for name in names if Path(name).name == name and name not in mine]


def _taken(folder: Path) -> set[str]:
    """Stems, case-folded, under which there is something in a folder."""
    if not folder.is_dir():
        return set()
    names = {path.name.casefold() for path in folder.iterdir()}
    return {name.split(".")[0] for name in names} | names
