"""From the words on the command line to the list of inputs, each with a name for its outputs."""

from __future__ import annotations

import glob
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.export.partial import fitting_stem
from app.sources.camera import is_camera_number, is_stream_url, public_url
from app.sources.images import is_image, natural_key
from app.sources.opening import VIDEO_SUFFIXES
from app.sources.web import name_of_url
from pose.errors import MediaError
from pose.sentence import Sentence

OUTPUT_MARKS = (".annotated",)  # what annotate writes itself is never an input found in a folder


@dataclass(frozen=True, slots=True)
class AnnotationInput:
    """spec: for open_source. label: for people to read. stem: of the output files, unique within the batch."""

    spec: str | Path | int | tuple[Path, ...]
    label: str
    stem: str


def resolve_inputs(words: Sequence[str]) -> tuple[list[AnnotationInput], list[str]]:
    """Inputs in the given order, and one sentence for each word that names none.

    A folder stands for the videos in it or, if it has none, for its images as one input. A pattern stands for each
    video that it matches and for all its images as one input. The same file named twice is done once; different
    files of the same stem get outputs named STEM, STEM-2, … Names too long for outputs are shortened.
    """
    found: list[AnnotationInput] = []
    problems: list[str] = []
    for word in words:
        try:
            found += _resolve(word)
        except MediaError as error:
            problems.append(str(error))
        except OSError as error:  # a folder that may not be entered, a name beyond all limits
            problems.append(Sentence("{word} cannot be reached ({reason}).", word=word, reason=error.strerror or error))
    return _with_unique_stems(found), problems


def _resolve(word: str) -> list[AnnotationInput]:
    if not word:
        raise MediaError("An input has an empty name.")
    path = Path(word)
    if is_camera_number(word):
        return [AnnotationInput(int(word), f"camera {word}", f"camera-{word}")]
    if is_stream_url(word):
        file = Path(name_of_url(word))
        stem = file.stem if file.suffix.lower() in VIDEO_SUFFIXES else "stream"
        return [AnnotationInput(word, public_url(word), stem)]
    if path.is_dir():
        return _in_folder(path)
    if path.exists() or not glob.has_magic(word):
        return [_one_file(path)]
    matches = [Path(m) for m in glob.glob(word, recursive=True)]  # noqa: PTH207 - absolute patterns too
    inputs = _videos_and_images([m for m in matches if m.is_file() and _is_no_output(m)])
    if not inputs:
        raise MediaError("No video or image matches {word}.", word=word)
    return inputs


def _in_folder(folder: Path) -> list[AnnotationInput]:
    try:
        files = [p for p in folder.iterdir() if p.is_file()]
    except OSError as error:
        raise MediaError(
            "The folder {folder} cannot be read ({reason}).", folder=folder, reason=error.strerror
        ) from error
    files = [p for p in files if _is_no_output(p)]
    videos = [p for p in files if p.suffix.lower() in VIDEO_SUFFIXES]
    inputs = _videos_and_images(videos or files)
    if not inputs:
        raise MediaError("The folder {folder} holds no videos or images.", folder=folder)
    return inputs


def _is_no_output(path: Path) -> bool:
    return not path.stem.endswith(OUTPUT_MARKS) and not path.name.startswith(".")


def videos_among(files: Iterable[Path]) -> list[AnnotationInput]:
    """An input for each of these files that is a video by its name and no output of `annotate`."""
    return [_one_file(p) for p in files if p.suffix.lower() in VIDEO_SUFFIXES and _is_no_output(p)]


def _videos_and_images(files: Iterable[Path]) -> list[AnnotationInput]:
    ordered = sorted(files, key=natural_key)
    videos = [_one_file(p) for p in ordered if p.suffix.lower() in VIDEO_SUFFIXES]
    images = tuple(p for p in ordered if is_image(p))
    if not images:
        return videos
    folder = images[0].resolve().parent.name
    return [*videos, AnnotationInput(images, f"{folder} ({len(images)} images)", folder)]


def _one_file(path: Path) -> AnnotationInput:
    return AnnotationInput(path, path.name, path.stem)


def free_stem(stem: str, taken: Collection[str]) -> str:
    """The stem, or else STEM-2, STEM-3 …; `taken` is case-folded: file systems may not tell upper case from lower."""
    free, number = stem, 2
    while free.casefold() in taken:
        free, number = f"{stem}-{number}", number + 1
    return free


def _with_unique_stems(inputs: list[AnnotationInput]) -> list[AnnotationInput]:
    unique: list[AnnotationInput] = []
    seen: set[object] = set()
    stems: set[str] = set()
    for item in inputs:
        key = item.spec.resolve() if isinstance(item.spec, Path) else item.spec
        if key in seen:
            continue
        seen.add(key)
        stem = free_stem(fitting_stem(item.stem), stems)
        stems.add(stem.casefold())
        unique.append(AnnotationInput(item.spec, item.label, stem))
    return unique
