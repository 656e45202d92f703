"""A stored result in other formats, or tracked and smoothed anew: no inference, no engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.analysis.export import write_formats
from app.analysis.result import Result
from app.analysis.track import TrackChoices
from app.export.partial import write_error
from app.export.registry import output_path
from app.repetitions import RepetitionSettings
from pose.errors import MediaError
from pose.skeleton import Skeleton


@dataclass(frozen=True, slots=True)
class Conversion:
    """What to make of a result.

    every_frame: tables get a row for frames without people too. skeleton: whose joints to write; None = all there are.
    """

    formats: Sequence[str]
    folder: Path
    angles: bool = False
    repetitions: tuple[RepetitionSettings, ...] = ()
    every_frame: bool = False
    overwrite: bool = False
    skeleton: Skeleton | None = None


def convert(result: Result, choices: TrackChoices, conversion: Conversion) -> list[Path]:
    """Write the formats beside each other, all or none; returns the files and folders that came about.

    Raises MediaError if there is one already that may not be replaced, or if one cannot be written.
    """
    formats, folder, stem = conversion.formats, conversion.folder, result.sidecar_path.stem
    paths = [output_path(name, folder, stem) for name in formats]
    _check(result, choices, conversion, paths)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_error(folder, error) from error
    return write_formats(
        result.store,
        choices,
        (folder, stem),
        formats,
        angles=conversion.angles,
        repetitions=conversion.repetitions,
        every_frame=conversion.every_frame,
        skeleton=conversion.skeleton,
    )


def _check(result: Result, choices: TrackChoices, conversion: Conversion, paths: Sequence[Path]) -> None:
    existing = [path.name for path in paths if path.exists()]
    if not existing:
        return
    if not conversion.overwrite:
        raise MediaError(
            f"{', '.join(existing)} already there; allow that to be replaced (--overwrite), "
            "or choose another folder (--out)."
        )
    outputs = (result.sidecar or {}).get("outputs", {})
    is_beside = conversion.folder.resolve() == result.sidecar_path.parent.resolve()
    described = set(outputs.get("formats", {}).values()) if is_beside else set()
    as_described = (
        conversion.skeleton is None
        and choices == result.choices(choices.edits)
        and all(getattr(conversion, name) == outputs.get(name) for name in ("angles", "every_frame"))
    )
    as_described = as_described and list(map(str, conversion.repetitions)) == outputs.get("repetitions", [])
    wronged = sorted(described.intersection(existing))
    if wronged and not as_described:
        raise MediaError(
            f"{result.sidecar_path.name} would no longer describe {', '.join(wronged)}; "
            "choose another folder (--out) for other settings, or use annotate, which takes the stored detections too."
        )
