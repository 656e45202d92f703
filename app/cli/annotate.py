"""`annotate`: videos and images in; tables, sidecars and annotated videos out."""

from __future__ import annotations

import argparse
import sys
import threading
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from tqdm import tqdm

from app.analysis.batch import run_batch
from app.analysis.chunks import CHUNK_FRAMES
from app.analysis.executors import Executor, Serial
from app.analysis.inputs import AnnotationInput, resolve_inputs
from app.analysis.job import Hooks, JobOptions, Outcome
from app.analysis.subjects import RULES, is_rule, parse_person, parse_region
from app.analysis.worker_process import Processes
from app.cli import CANCELLED, OK, SOME_FAILED
from app.cli.arguments import REPETITIONS_HELP, count, rate, seconds, share, whole
from app.cli.engine_options import add_engine_options
from app.cli.interrupt import cancel_on_signal
from app.export.registry import DEFAULT, FORMATS, parse_formats
from app.models.loading import MOST_ACCURATE, LazyModel, load_model
from app.repetitions import parse_exercises
from app.settings import AUTO, CameraSize, ModelSettings, Settings, load_settings
from app.sources import SourceInfo
from pose.decode_settings import DecodeSettings
from pose.errors import SettingsError

if TYPE_CHECKING:
    from pose.estimator import PoseEstimator

AUTO_SIZE = -1

# What each word changes in the settings; all else stays, so that faces are only shown again if that is asked for.
STYLES: dict[str, dict[str, Any]] = {
    "track": {"colours": "track"},
    "side": {"colours": "side"},
    "boxes": {"boxes": True},
    "no-boxes": {"boxes": False},
    "trails": {"trails": True},
    "no-trails": {"trails": False},
    "labels": {"labels": True},
    "no-labels": {"labels": False},
    "skeleton-only": {"background": "plain"},
    "on-image": {"background": "image"},
    "blur-faces": {"blur_faces": True},
    "show-faces": {"blur_faces": False},
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("inputs", nargs="+", metavar="INPUT", help="file, folder, pattern, camera number or stream URL")
    add_options(parser)


def add_options(parser: argparse.ArgumentParser) -> None:
    """All that can be chosen besides the inputs."""
    parser.add_argument("--out", type=Path, default=Path("results"), metavar="DIR", help="default: %(default)s")
    parser.add_argument("--settings", type=Path, metavar="FILE", help="settings saved by the desktop app")

    model = parser.add_argument_group("model")
    which = model.add_mutually_exclusive_group()
    which.add_argument("--model", metavar="NAME", help=f"name from `weights list` (default: {MOST_ACCURATE})")
    which.add_argument("--weights", type=Path, metavar="FILE", help="weights file, recognised by its content")
    add_engine_options(model, default=None)
    model.add_argument(
        "--input-size",
        type=_input_size,
        metavar="PX",
        help="network pixels, or auto (default): by how large people are",
    )
    model.add_argument("--fit", choices=("short", "long"), help="the image's side that input-size counts")
    model.add_argument("--flip", action="store_true", default=None, help="average with the mirrored image (slower)")

    people = parser.add_argument_group("people")
    people.add_argument(
        "--det-thr", type=share, metavar="P", help="least score of a joint, up to 1 (default 0: what suits the model)"
    )
    people.add_argument("--max-people", type=count, metavar="N", help="found per frame (default: 30)")
    people.add_argument(
        "--smooth",
        choices=("off", "one-euro", "zero-phase"),
        help="temporal smoothing: as live, or with the whole file",
    )
    people.add_argument(
        "--offline",
        action="store_true",
        default=None,
        help="decide identities with the whole file known; fill short gaps",
    )
    people.add_argument("--person", metavar="WHO", help=f"only this person counts: {', '.join(RULES)}, or a number")
    people.add_argument(
        "--region", action="append", default=[], metavar="X,Y,…", help='count only in it, or outside ("!X,Y,…")'
    )
    people.add_argument("--predicted", action="store_true", default=None, help="rows for people hidden for a moment")
    people.add_argument("--angles", action="store_true", help="columns with joint angles in degrees")
    people.add_argument("--repetitions", action="append", default=[], metavar="ANGLE[:LOW:HIGH]", help=REPETITIONS_HELP)

    refine = parser.add_argument_group("second look at people, enlarged")
    refine.add_argument(
        "--refine", metavar="HOW", help="off (default); crops: the same model; or the name of another model's weights"
    )
    refine.add_argument("--refine-people", type=count, metavar="K", help="at most, the smallest first (default: 16)")
    refine.add_argument("--refine-every", type=count, metavar="N", help="in every N-th frame (default: 1)")

    part = parser.add_argument_group("part of the input")
    part.add_argument("--start", type=seconds, metavar="S", help="seconds")
    part.add_argument("--end", type=seconds, metavar="S", help="seconds")
    part.add_argument("--stride", type=count, default=1, metavar="N", help="every N-th frame")
    part.add_argument("--rotate", type=int, choices=(0, 90, 180, 270), help="degrees clockwise, whatever the file says")
    part.add_argument("--image-fps", type=rate, default=25.0, metavar="FPS", help="of image folders (default: 25)")
    part.add_argument("--camera-size", choices=get_args(CameraSize), help="what a camera is asked for")

    clock = parser.add_argument_group("time")
    slow = clock.add_mutually_exclusive_group()
    slow.add_argument("--slow-motion", type=rate, metavar="N", help="the file plays N times slower than life")
    slow.add_argument("--recorded-fps", type=rate, metavar="FPS", help="it was recorded at FPS and plays slower")
    clock.add_argument("--resample", type=rate, metavar="FPS", help="results at FPS per second, interpolated")

    output = parser.add_argument_group("output")
    output.add_argument(
        "--formats", default=",".join(DEFAULT), metavar="A,B", help=f"of: {', '.join(FORMATS)} (default: %(default)s)"
    )
    output.add_argument("--every-frame", action="store_true", help="rows for frames without people too")
    output.add_argument("--no-video", action="store_true", help="no annotated video")
    output.add_argument("--style", type=_style, metavar="A,B", help=f"of: {', '.join(STYLES)}; the rest as in settings")
    output.add_argument("--no-store", action="store_true", help="delete the stored detections when all is done")
    output.add_argument("--overwrite", action="store_true", help="replace outputs of an earlier run")

    workers = parser.add_argument_group("several inputs, or parts of a long one, at a time")
    who = workers.add_mutually_exclusive_group()
    who.add_argument("--jobs", type=count, default=1, metavar="N", help="processes on this machine (default: 1)")
    who.add_argument("--cluster", metavar="ray[://HOST:PORT]", help="workers of a Ray cluster (see docs/cluster.md)")
    workers.add_argument(
        "--chunk-frames",
        type=whole,
        default=CHUNK_FRAMES,
        metavar="N",
        help="long videos are shared out in parts of N frames (default: %(default)s; 0 = never)",
    )


def run(args: argparse.Namespace) -> int:
    """0 if every input was annotated whole, 1 if any was not, 130 if cancelled."""
    settings = settings_from(args)
    inputs, problems = resolve_inputs(args.inputs)
    for problem in problems:
        _say(f"error: {problem}")
    if not inputs:
        return SOME_FAILED
    options = options_from(args)
    executor = executor_from(args, settings)
    with cancel_on_signal() as cancelled:
        outcomes = annotate_all(inputs, settings, options, executor, cancelled)
    if any(outcome.status == "cancelled" for outcome in outcomes):
        return CANCELLED
    return OK if not problems and all(outcome.ok for outcome in outcomes) else SOME_FAILED


def settings_from(args: argparse.Namespace) -> Settings:
    """The settings file, or the defaults, with what was asked for on the command line."""
    base = load_settings(args.settings) if args.settings else Settings()
    refine = {"method": args.refine, "people": args.refine_people, "every": args.refine_every}
    model = {
        "name": args.model,
        "weights": str(args.weights) if args.weights else None,
        "device": args.device,
        "engine": args.engine,
        "precision": args.precision,
        "input_size": args.input_size,
        "fit": args.fit,
        "flip": args.flip,
        "refine": replace(base.model.refine, **_given(refine)),
    }
    smoothing = args.smooth or base.smoothing
    return replace(
        base,
        model=_with_size(replace(base.model, **_given(model)), args.input_size),
        decode=replace(base.decode, **_given({"det_thr": args.det_thr, "max_people": args.max_people})),
        tracker=replace(base.tracker, smooth=smoothing == "one-euro", **_given({"emit_predicted": args.predicted})),
        overlay=replace(base.overlay, **(args.style or {})),
        smoothing=smoothing,
        offline=base.offline if args.offline is None else args.offline,
        camera_size=args.camera_size or base.camera_size,
    )


def _with_size(model: ModelSettings, asked: int | None) -> ModelSettings:
    return replace(model, input_size=None) if asked == AUTO_SIZE else model


def _input_size(text: str) -> int:
    """AUTO_SIZE for auto."""
    if text != AUTO and not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is neither auto nor a number of pixels")
    return AUTO_SIZE if text == AUTO else int(text)


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def options_from(args: argparse.Namespace) -> JobOptions:
    """Raises SettingsError."""
    if args.start is not None and args.end is not None and args.end <= args.start:
        raise SettingsError(f"--end {args.end:g} must be later than --start {args.start:g}.")
    options = JobOptions(
        out_dir=args.out,
        formats=parse_formats(args.formats),
        video=not args.no_video,
        start_s=args.start,
        end_s=args.end,
        stride=args.stride,
        overwrite=args.overwrite,
        angles=args.angles,
        repetitions=parse_exercises(args.repetitions),
        rotation=args.rotate,
        image_fps=args.image_fps,
        every_frame=args.every_frame,
        keep_store=not args.no_store,
        slow_motion=args.slow_motion or 1.0,
        recorded_fps=args.recorded_fps,
        resample_fps=args.resample,
        person=args.person,
        regions=tuple(args.region),
    )
    _check_who_counts(options)
    return options


def _check_who_counts(options: JobOptions) -> None:
    """Raises SettingsError before hours of work, not after."""
    if options.person is not None and not is_rule(options.person):
        parse_person(options.person)
    for region in options.regions:
        parse_region(region, (1, 1))


def _model(settings: Settings) -> LazyModel:
    """Of which everything is known now, though its network is loaded later. Raises WeightsError."""
    model = LazyModel(settings.model, settings.decode, _load)
    _ = model.spec
    return model


def _load(model: ModelSettings, decode: DecodeSettings) -> PoseEstimator:
    estimator = load_model(model, decode)
    engine = estimator.engine
    _say(f"{estimator.spec.name}, {estimator.input_size} px, {engine.name} on {engine.device} in {engine.precision}")
    return estimator


def executor_from(args: argparse.Namespace, settings: Settings) -> Executor:
    """Who does the jobs. Raises WeightsError if there is no such model."""
    model = _model(settings)
    if args.cluster is not None:
        from app.analysis.cluster import Cluster

        return Cluster(args.cluster, model, args.out, args.chunk_frames)
    return Serial(model) if args.jobs == 1 else Processes(args.jobs, model, args.chunk_frames)


def annotate_all(
    inputs: list[AnnotationInput],
    settings: Settings,
    options: JobOptions,
    executor: Executor,
    cancelled: threading.Event,
    manifest: bool = False,
) -> list[Outcome]:
    """Annotate all inputs and say how each went. manifest: as in `run_batch`."""
    bars = _Bars(cancelled)
    outcomes: list[Outcome] = []
    for outcome in run_batch(inputs, settings, options, executor, bars.hooks_of, manifest):
        label = outcome.item.label
        for warning in outcome.warnings:
            _say(f"warning: {warning}" if label in warning else f"warning: {label}: {warning}")
        _say(outcome.sentence if outcome.status != "failed" else f"error: {outcome.sentence}")
        outcomes.append(outcome)
    return outcomes


class _Bars:
    """A bar of progress for each input that is being worked on; jobs of several processes share one lock."""

    def __init__(self, cancelled: threading.Event) -> None:
        self._cancelled, self._lock = cancelled, threading.Lock()

    def hooks_of(self, item: AnnotationInput) -> Hooks:
        bars: list[tqdm[Any]] = []

        def begin(info: SourceInfo, expected: int | None) -> None:
            # None: no bar when the output is a file, where it would only leave junk.
            disable = None if sys.stderr is not None else True
            with self._lock:
                bars.append(
                    tqdm(total=expected, desc=info.name, unit="frame", dynamic_ncols=True, disable=disable, leave=False)
                )

        def advance() -> None:
            with self._lock:
                bars[-1].update()

        def finish() -> None:
            with self._lock:
                if bars:
                    bars[-1].close()

        return Hooks(begin, advance, finish, self._cancelled.is_set, _say)


def _say(sentence: str) -> None:
    """Whoever reads along may go away: the work goes on."""
    if sys.stderr is not None:
        with suppress(OSError):
            tqdm.write(sentence, file=sys.stderr)


def _style(text: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name in text.split(","):
        if name not in STYLES:
            raise argparse.ArgumentTypeError(f"no style {name!r}; there are {', '.join(STYLES)}")
        values |= STYLES[name]
    return values
