"""`convert`: stored results in other formats, tracked or smoothed anew. Loads no model and no engine."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from app.analysis.convert import Conversion, convert
from app.analysis.edit_log import describe
from app.analysis.edits import Edit
from app.analysis.manifest import renew
from app.analysis.repair import refit
from app.analysis.result import Result, open_result
from app.analysis.track import TrackChoices, track
from app.analysis.track_table import collect
from app.cli import OK, SOME_FAILED
from app.cli.arguments import REPETITIONS_HELP, rate
from app.export.registry import FORMATS, parse_formats
from app.repetitions import parse_exercises
from app.settings import load_settings
from pose.errors import PoseStudioError
from pose.skeleton import SKELETONS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "results", nargs="+", type=Path, metavar="RESULT", help="table, sidecar or stored detections (.litepose)"
    )
    parser.add_argument("--to", required=True, metavar="A,B", help=f"of: {', '.join(FORMATS)}")
    parser.add_argument("--out", type=Path, metavar="DIR", help="default: beside the result")
    parser.add_argument("--overwrite", action="store_true", help="replace files of these formats")
    parser.add_argument("--every-frame", action="store_true", default=None, help="rows for frames without people too")
    parser.add_argument("--skeleton", choices=("all", *SKELETONS), default="all", help="joints (default: %(default)s)")
    parser.add_argument("--angles", action="store_true", default=None, help="columns with joint angles in degrees")

    parser.add_argument("--repetitions", action="append", metavar="ANGLE[:LOW:HIGH]", help=REPETITIONS_HELP)

    anew = parser.add_argument_group("anew (default: as the result was made)")
    anew.add_argument("--settings", type=Path, metavar="FILE", help="tracking and smoothing as in these settings")
    anew.add_argument("--smooth", choices=("off", "one-euro", "zero-phase"), help="temporal smoothing")
    anew.add_argument(
        "--offline",
        action="store_true",
        default=None,
        help="decide identities with the whole file known; fill short gaps",
    )
    anew.add_argument("--predicted", action="store_true", default=None, help="rows for people hidden for a moment")
    slow = anew.add_mutually_exclusive_group()
    slow.add_argument("--slow-motion", type=rate, metavar="N", help="the file plays N times slower than life")
    slow.add_argument("--recorded-fps", type=rate, metavar="FPS", help="it was recorded at FPS and plays slower")
    anew.add_argument("--resample", type=rate, metavar="FPS", help="results at FPS per second, interpolated")


def run(args: argparse.Namespace) -> int:
    """0 if every result was converted, 1 if any was not. Raises SettingsError for what makes no sense for any."""
    formats = parse_formats(args.to)
    base = None if args.settings is None else TrackChoices.of(load_settings(args.settings))
    code = OK
    for path in args.results:
        try:
            with open_result(path) as result:
                _convert(result, formats, base, args)
        except PoseStudioError as error:
            print(f"error: {error}", file=sys.stderr)
            code = SOME_FAILED
    return code


def _convert(result: Result, formats: tuple[str, ...], base: TrackChoices | None, args: argparse.Namespace) -> None:
    if not result.store.complete:
        print(f"warning: {result.name} is not analysed to its end; only what is stored is written.", file=sys.stderr)
    outputs = (result.sidecar or {}).get("outputs", {})
    conversion = Conversion(
        formats,
        args.out or result.sidecar_path.parent,
        angles=bool(outputs.get("angles")) if args.angles is None else args.angles,
        repetitions=parse_exercises(outputs.get("repetitions", ()) if args.repetitions is None else args.repetitions),
        every_frame=bool(outputs.get("every_frame")) if args.every_frame is None else args.every_frame,
        overwrite=args.overwrite,
        skeleton=SKELETONS.get(args.skeleton),
    )
    choices = chosen(result, base, args)
    written = convert(result, replace(choices, edits=_edits(result, choices)), conversion)
    renew(conversion.folder, result.sidecar_path.stem, [path.name for path in written])
    print(f"{result.name}: {', '.join(path.name for path in written)}")


def _edits(result: Result, choices: TrackChoices) -> tuple[Edit, ...]:
    """Those in force, with the ids that their people have in this tracking."""
    log, skeleton = result.log, result.store.head.skeleton
    if not log.active:
        return ()
    edits, misfits = refit(
        log.active, collect(track(result.store.detections(), skeleton, choices.unsmoothed), skeleton)
    )
    for misfit in misfits:
        what = f'"{describe(misfit.edit)}" does not fit this tracking and is left out: {misfit.reason}'
        print(f"warning: {result.name}: {what}", file=sys.stderr)
    return tuple(edits)


def chosen(result: Result, base: TrackChoices | None, args: argparse.Namespace) -> TrackChoices:
    """How the result was made, less what the settings file and the options say otherwise."""
    choices = result.choices()
    if base is not None:
        choices = replace(choices, tracker=base.tracker, smoothing=base.smoothing, offline=base.offline)
    if args.offline is not None:
        choices = replace(choices, offline=args.offline)
    if args.smooth is not None:
        tracker = replace(choices.tracker, smooth=args.smooth == "one-euro")
        choices = replace(choices, tracker=tracker, smoothing=args.smooth)
    if args.predicted:
        choices = replace(choices, tracker=replace(choices.tracker, emit_predicted=True))
    if args.recorded_fps is not None:
        choices = replace(choices, slow_motion=args.recorded_fps / result.store.head.info.fps)
    elif args.slow_motion is not None:
        choices = replace(choices, slow_motion=args.slow_motion)
    return choices if args.resample is None else replace(choices, resample_fps=args.resample)
