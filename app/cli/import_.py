"""`import`: other programs' detections of a video as stored detections, to be tracked, smoothed and written by ours."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tqdm import tqdm

from app.analysis.adopt import adopt
from app.analysis.convert import Conversion, convert
from app.analysis.inputs import resolve_inputs
from app.analysis.result import open_result
from app.analysis.store import SUFFIX
from app.cli import OK
from app.export.partial import discard, write_error
from app.export.registry import FORMATS, parse_formats
from app.export.sidecar import read_sidecar
from app.foreign.reading import read_foreign
from app.sources import open_source
from pose.errors import MediaError, SettingsError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "detections", type=Path, metavar="DETECTIONS", help="folder of OpenPose files, COCO-like .json, or .csv"
    )
    parser.add_argument("--video", required=True, metavar="CLIP", help="the video or image folder they come from")
    parser.add_argument("--out", type=Path, default=Path("results"), metavar="DIR", help="default: %(default)s")
    parser.add_argument("--to", metavar="A,B", help=f"formats to write at once, of: {', '.join(FORMATS)}")
    parser.add_argument(
        "--first-frame", type=int, default=0, metavar="N", help="what they call the first frame (default: 0)"
    )
    parser.add_argument("--rotate", type=int, choices=(0, 90, 180, 270), help="degrees clockwise, as they saw it")
    parser.add_argument("--overwrite", action="store_true", help="replace stored detections and formats that are there")


def run(args: argparse.Namespace) -> int:
    """0 when the store is whole. Raises MediaError or SettingsError."""
    formats = parse_formats(args.to) if args.to else ()
    inputs, problems = resolve_inputs([args.video])
    if problems or len(inputs) != 1:
        raise MediaError(problems[0] if problems else f"{args.video} is more than one video; name one.")
    (item,) = inputs
    path = args.out / f"{item.stem}{SUFFIX}"
    if path.exists() and not args.overwrite:
        raise MediaError(f"{path} is already there; allow it to be replaced (--overwrite), or choose another folder.")
    foreign = read_foreign(args.detections, args.first_frame)
    try:
        args.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_error(args.out, error) from error
    with open_source(item.spec, rotation=args.rotate) as source:
        if source.info.live:
            raise SettingsError(f"{item.label} is live; detections can only be imported for a recording.")
        shown = None if sys.stderr is not None else True
        with tqdm(total=source.info.frame_count, unit="frame", disable=shown, leave=False) as bar:
            warnings = adopt(foreign, source, args.rotate, path, bar.update)
    sidecar = path.with_suffix(".json")
    if read_sidecar(sidecar) is not None:  # of what was there before, by which nothing new may be judged
        discard(sidecar)
        warnings.append(f"{sidecar.name} spoke of the detections that were replaced, and is removed.")
    for warning in warnings:
        print(f"warning: {warning}", file=sys.stderr)
    with open_result(path) as result:
        found, empty = (result.store.counts().get(fate, 0) for fate in ("ok", "empty"))
        print(f"{path}: {foreign.program}, frames with people: {found}, without: {empty}")
        if formats:
            conversion = Conversion(formats, args.out, overwrite=args.overwrite)
            written = convert(result, result.choices(), conversion)
            print(f"{item.label}: {', '.join(file.name for file in written)}")
    return OK
