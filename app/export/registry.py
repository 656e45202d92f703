"""The formats by name. A format's module is imported only when it is asked for."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from app.export.sink import Sink
from pose.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Format:
    """name: as users write it. ending: of the file, or of the folder if the format is many files.

    sink:           "module:Class" in app.export.
    help:           one line.
    needs_timeline: looks at `times_s`, `frame_count` or `corrupt_frames` of the run, so it can be written only when
                    the whole source has been seen.
    packages:       import names that it needs beyond those of the program; extra: the option of pip that has them.
    """

    name: str
    ending: str
    sink: str
    help: str
    needs_timeline: bool = False
    packages: tuple[str, ...] = ()
    extra: str = ""


_ALL = (
    Format("csv", ".csv", "csv_wide:WideCsv", "one row per person and frame (the default)"),
    Format("csv-long", ".long.csv", "csv_long:LongCsv", "one row per joint, person and frame"),
    Format(
        "parquet",
        ".parquet",
        "parquet:ParquetTable",
        "the table as Apache Parquet",
        packages=("pyarrow",),
        extra="parquet",
    ),
    Format("npz", ".npz", "npz:NpzArrays", "NumPy arrays"),
    Format("coco", ".coco.json", "coco:CocoResults", "COCO results, 17 joints"),
    Format("coco-tracks", ".coco-tracks.json", "coco:CocoTracks", "COCO data set with track ids"),
    Format("posetrack18", ".posetrack18.json", "coco:PoseTrack18", "PoseTrack 2018", True),
    Format("openpose", "_openpose", "openpose:OpenPoseJson", "OpenPose JSON, a file per frame, BODY_25", True),
    Format("openpose-coco18", "_openpose_coco18", "openpose:OpenPoseCoco18", "OpenPose JSON, COCO's 18 joints", True),
    Format("dlc", ".dlc.csv", "dlc:DeepLabCutCsv", "DeepLabCut multi-animal CSV", True),
    Format("sleap", ".sleap.csv", "sleap:SleapCsv", "SLEAP analysis CSV"),
    Format("mot", ".mot.txt", "mot:MotText", "MOTChallenge boxes"),
    Format("trc", "_trc", "trc:TrcFolder", "TRC markers, a file per person", True),
    Format("nwb", ".nwb", "nwb:NwbFile", "Neurodata Without Borders (ndx-pose)", True, ("pynwb", "ndx_pose"), "nwb"),
)
FORMATS = {f.name: f for f in _ALL}
DEFAULT = ("csv",)


def parse_formats(text: str) -> tuple[str, ...]:
    """ "csv,dlc" → names in that order, each once. Raises SettingsError for one that is unknown or lacks a package."""
    names = tuple(dict.fromkeys(name.strip().lower() for name in text.split(",") if name.strip()))
    if not names:
        raise SettingsError("No format was named; there are {formats}.", formats=", ".join(FORMATS))
    for name in names:
        if name not in FORMATS:
            nearest = get_close_matches(name, FORMATS, n=1)
            hint = f'did you mean "{nearest[0]}"?' if nearest else f"there are {', '.join(FORMATS)}."
            raise SettingsError('There is no format "{name}"; {hint}', name=name, hint=hint)
        missing = [package for package in FORMATS[name].packages if importlib.util.find_spec(package) is None]
        if missing:
            extra = FORMATS[name].extra
            raise SettingsError(
                'The format "{name}" needs the package {package}: run pip install "litepose-studio[{extra}]" first.',
                name=name,
                package=missing[0],
                extra=extra,
            )
    return names


def needs_timeline(names: Collection[str]) -> bool:
    """Whether one of the formats can be written only when the whole source has been seen."""
    return any(FORMATS[name].needs_timeline for name in names)


def output_path(name: str, folder: Path, stem: str) -> Path:
    """The file or folder that the format becomes for an input of that stem."""
    return folder / f"{stem}{FORMATS[name].ending}"


def make_sink(name: str, folder: Path, stem: str) -> Sink:
    """A sink that is not open yet."""
    module, _, kind = FORMATS[name].sink.partition(":")
    sink: Sink = getattr(importlib.import_module(f"app.export.{module}"), kind)(output_path(name, folder, stem))
    return sink
