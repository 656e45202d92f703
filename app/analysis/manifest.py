"""The manifest of a folder of results: what became of every input, one line of JSON each, the newest line last."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from app.analysis.facts import ends_of
from app.analysis.inputs import AnnotationInput
from app.analysis.job import Outcome
from app.analysis.store import SUFFIX
from app.export.partial import PARTIAL, write_error
from app.export.sidecar import read_sidecar
from app.version import program_version
from pose.errors import MediaError

NAME = "batch.jsonl"
FORMAT = "litepose-studio batch 1"


@dataclass(frozen=True, slots=True)
class Entry:
    """One input. `input` is relative to the folder of results if it is a file or a folder.

    content: `content_key` of the input's files. frames: as in the sidecar. outputs: file or folder → SHA-256.
    """

    stem: str
    input: str
    status: str
    sentence: str = ""
    content: str | None = None
    version: str = field(default_factory=program_version)
    frames: Mapping[str, Any] = field(default_factory=dict)
    people: int = 0
    seconds: float = 0.0
    outputs: Mapping[str, str] = field(default_factory=dict)


def entry_of(folder: Path, outcome: Outcome, seconds: float) -> Entry:
    """What the manifest says about an outcome, read from the results that it left. Raises MediaError."""
    item = outcome.item
    sidecar = read_sidecar(folder / f"{item.stem}.json") if outcome.status in ("done", "skipped") else None
    if sidecar is None:
        return Entry(item.stem, _relative(item, folder), outcome.status, outcome.sentence, _content(item))
    outputs = sidecar["outputs"]
    names = [*outputs["formats"].values(), outputs["annotated"], f"{item.stem}.json", f"{item.stem}{SUFFIX}"]
    present = [folder / name for name in names if name and (folder / name).exists()]
    return Entry(
        item.stem,
        _relative(item, folder),
        "done",
        "",
        _content(item),
        sidecar["version"],
        sidecar["frames"],
        len(sidecar["people"]),
        round(seconds, 3),
        {path.name: digest(path) for path in present},
    )


def record(folder: Path, entry: Entry) -> None:
    """Add a line; a line that a killed run left half-written is ended first. Raises MediaError."""
    path = folder / NAME
    line = json.dumps({"format": FORMAT, **asdict(entry)}, ensure_ascii=False)
    try:
        with path.open("ab+") as file:
            if file.tell():
                file.seek(-1, os.SEEK_END)
                line = line if file.read(1) == b"\n" else "\n" + line
            file.write(line.encode("utf-8", "backslashreplace") + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise write_error(path, error) from error


def renew(folder: Path, stem: str, names: Sequence[str]) -> None:
    """Note that outputs of an input were written anew, if there is a manifest that knows it. Raises MediaError."""
    if not (folder / NAME).exists():
        return
    known = read_manifest(folder).get(stem)
    if known is not None and known.status == "done":
        paths = [folder / name for name in dict.fromkeys((*known.outputs, *names)) if (folder / name).exists()]
        record(folder, replace(known, outputs={path.name: digest(path) for path in paths}))


def read_manifest(folder: Path) -> dict[str, Entry]:
    """The newest entry for each stem; lines that are none are passed over. Raises MediaError without a manifest."""
    path = folder / NAME
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")  # names may hold other ends of lines
    except OSError as error:
        raise MediaError(f"{folder} has no readable {NAME}, which `annotate` writes ({error.strerror}).") from error
    entries = {}
    for line in lines:
        try:
            values = json.loads(line)
            if values.pop("format") == FORMAT:
                entries[values["stem"]] = Entry(**values)
        except (ValueError, KeyError, TypeError, AttributeError):
            continue
    return entries


def problems(folder: Path) -> Iterator[str]:
    """A sentence for all that is not as the manifest says: missing, damaged, older than its input, unfinished."""
    entries = read_manifest(folder)
    for entry in entries.values():
        if entry.status != "done":
            yield f"{entry.input} was not completed: {entry.sentence or entry.status}"
            continue
        for name, expected in entry.outputs.items():
            path = folder / name
            if not path.exists():
                yield f"{name} is missing."
            elif (why := _difference(path, expected)) is not None:
                yield why
        if (lost := entry.frames.get("corrupt", 0)) and entry.frames.get("decoded") is not None:
            yield f"{entry.input} could not be decoded whole: {lost} frames are missing."
        source = folder / entry.input
        if entry.content and source.is_file() and content_key([source]) != entry.content:
            yield f"{entry.input} was changed since; its results are older."
    for path in sorted(folder.iterdir()):
        if path.name.endswith(PARTIAL):
            yield f"{path.name} is unfinished."


def _difference(path: Path, expected: str) -> str | None:
    """A sentence, if a file or folder is not the one with that digest."""
    try:
        return None if digest(path) == expected else f"{path.name} is damaged or was changed."
    except MediaError as error:
        return str(error)


def digest(path: Path) -> str:
    """SHA-256 of a file, or of a folder's files and their names. Raises MediaError if one cannot be read."""
    if path.is_dir():
        whole = hashlib.sha256()
        for file in sorted(p for p in path.rglob("*") if p.is_file()):
            # Names of files need not be text.
            whole.update(os.fsencode(f"{file.relative_to(path).as_posix()}\0{digest(file)}\n"))
        return whole.hexdigest()
    try:
        with path.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except OSError as error:
        raise MediaError("{path} cannot be read ({reason}).", path=path, reason=error.strerror or error) from error


def content_key(files: Sequence[Path]) -> str | None:
    """Tells files by what is in them, whatever they are called: sizes, beginnings and ends. None if one is gone."""
    whole = hashlib.sha256()
    try:
        for path in files:
            with path.open("rb") as file:
                size = file.seek(0, os.SEEK_END)
                whole.update(f"{size}/".encode() + ends_of(file, size))
    except OSError:
        return None
    return whole.hexdigest()


def _content(item: AnnotationInput) -> str | None:
    if isinstance(item.spec, Path):
        return content_key([item.spec])
    return content_key(item.spec) if isinstance(item.spec, tuple) else None


def _relative(item: AnnotationInput, folder: Path) -> str:
    path = item.spec[0].parent if isinstance(item.spec, tuple) else item.spec
    if not isinstance(path, Path):
        return item.label
    try:
        return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    except ValueError:  # on another drive
        return path.name
