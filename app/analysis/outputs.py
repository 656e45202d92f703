"""The files of one run: their names, what an earlier run left under them, and giving them their names together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.analysis.facts import result_differences
from app.analysis.inputs import AnnotationInput, free_stem
from app.analysis.job import JobOptions, Outcome, about
from app.analysis.store import SUFFIX, remove_store
from app.export.partial import commit_all, discard, partial_path, put_on_disk, write_error
from app.export.registry import output_path
from app.export.sidecar import read_sidecar, write_sidecar
from app.sources import SourceInfo
from pose.errors import MediaError, PoseStudioError
from pose.sentence import Sentence, listed

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

    def earlier(self, work: Mapping[str, Any], asked: Mapping[str, Any], overwrite: bool) -> dict[str, Any] | None:
        """The sidecar of an earlier run that has made all of this; None if there is something to do.

        Raises PoseStudioError if there are results of other work, which are not replaced unasked.
        """
        try:
            existing = [path for path in self.results if path.exists()]
        except OSError as error:  # a name that is too long for the folder
            raise write_error(self.results[0], error) from error
        if overwrite or not existing:
            return None
        # A run that was killed while it gave names has left the sidecar under its partial one.
        content = read_sidecar(self.sidecar) or read_sidecar(partial_path(self.sidecar))
        why: str = ""
        if content is not None and content.get("complete"):
            different = result_differences(content, work, asked)
            if not different:
                return content if len(existing) == len(self.results) else None
            why = Sentence(" (it differs in {parts})", parts=listed(different))
        names = ", ".join(path.name for path in existing)
        raise PoseStudioError(
            "{label} was left out: {names} already there from another run{why}; allow them to be replaced "
            "(--overwrite), or choose another folder.",
            label=self.label,
            names=names,
            why=why,
        )

    def clear(self, overwrite: bool) -> None:
        """Remove what an unfinished run left: partial files and, unless the results of a finished one are to stay
        until they are replaced, those that got their names already."""
        left = [*self.formats.values(), *(self.folder / f"{self.stem}{ending}" for ending in DRAWN), self.sidecar]
        for path in left:
            if not overwrite and path in self.results:
                discard(path)
            discard(partial_path(path))

    def must_not_be(self, files: Sequence[Path]) -> None:
        """Raises MediaError if a result would take the place of one of these files."""
        for path in (*self.results, self.store):
            if any(path.exists() and path.samefile(file) for file in files):
                raise MediaError(
                    "{path} would replace the input itself; choose another folder for the results.", path=path.name
                )

    def remove_store(self) -> None:
        remove_store(self.store)

    def commit(self, content: Mapping[str, Any], overwrite: bool) -> None:
        """Give all partial files their names. From the sidecar on, a run that is killed here is finished by the next.

        With overwrite, what an earlier run made besides goes: it does not belong to these results.
        """
        write_sidecar(self.sidecar, dict(content), name_it=False)
        for path in self.results:
            put_on_disk(partial_path(path))
        if overwrite:
            for path in (*self._stale(), self.sidecar):
                discard(path)
        commit_all(self.results)

    def _stale(self) -> list[Path]:
        earlier = read_sidecar(self.sidecar) or {}
        outputs = earlier.get("outputs", {})
        names = [*outputs.get("formats", {}).values(), *(f"{self.stem}{ending}" for ending in DRAWN)]
        mine = {path.name for path in self.results}
        return [self.folder / name for name in names if Path(name).name == name and name not in mine]


def without_clashes(
    items: Sequence[AnnotationInput], options: JobOptions
) -> tuple[list[AnnotationInput], list[Outcome]]:
    """The inputs none of whose results would take the place of another one, and how the others went."""
    specs = [item.spec if isinstance(item.spec, tuple) else (item.spec,) for item in items]
    inputs = {path.resolve() for files in specs for path in files if isinstance(path, Path)}
    folder = options.out_dir.resolve()
    kept, failed = [], []
    claimed: set[str] = set()  # case-folded: file systems may not tell upper case from lower
    for item in items:
        endings = [*DRAWN, ".json", SUFFIX] if options.video else [".json", SUFFIX]
        paths = [folder / f"{item.stem}{ending}" for ending in endings]
        paths += [output_path(name, folder, item.stem) for name in options.formats]
        clash = next((path for path in paths if path in inputs), None)
        twice = next((path for path in paths if path.name.casefold() in claimed), None)
        if clash is not None:
            sentence = Sentence(
                "{path} would replace another input; choose another folder for the results.", path=clash.name
            )
        elif twice is not None:
            sentence = Sentence(
                "{path} would be a result of another input, too; rename one of them, or choose another folder.",
                path=twice.name,
            )
        else:
            kept.append(item)
            claimed |= {path.name.casefold() for path in paths}
            continue
        failed.append(Outcome(item, "failed", False, about(item.label, sentence)))
    return kept, failed


def _taken(folder: Path) -> set[str]:
    """Stems, case-folded, under which there is something in a folder."""
    if not folder.is_dir():
        return set()
    names = {path.name.casefold() for path in folder.iterdir()}
    return {name.split(".")[0] for name in names} | names
