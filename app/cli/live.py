"""`live`: poses of a camera, stream or file to other programs, as they happen, without a window."""

from __future__ import annotations

import argparse
import contextlib
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np

from app.cli import OK
from app.cli.engine_options import add_engine_options
from app.cli.interrupt import cancel_on_signal
from app.live.address import parse_address
from app.live.destinations import Destinations
from app.live.frame import FrameMaker, LiveFrame, LiveRun, LiveSettings
from app.live.output import LiveOut, LiveOutput
from app.live.session import LiveFigures, run_live
from app.repetitions import COUNTABLE, parse_exercises
from app.settings import CameraSize, Settings, load_settings
from app.threads import StopSignal
from pose.errors import SettingsError

EXAMPLES = """examples:
  live 0 --osc 9000                          camera 0 to TouchDesigner, Max, … on this machine
  live 0 --websocket 9001                    open http://127.0.0.1:9001/ in a browser
  live dance.mp4 --loop --osc 9000 --slots 2 a file as if it were a camera, two people
  live 0 --osc 192.168.1.5:9000              to another machine
  live 0 --websocket 9001 --repetitions knee count squats
"""
STATUS_EVERY_S = 1.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EXAMPLES
    parser.add_argument("source", metavar="SOURCE", help="camera number, stream URL, video file or folder of images")
    out = parser.add_argument_group("outputs", "at least one; on this machine unless another address is named")
    address = "PORT or HOST:PORT"
    out.add_argument("--osc", action="append", default=[], metavar="ADDRESS", help=f"OSC over UDP to {address}")
    out.add_argument("--websocket", metavar="ADDRESS", help=f"JSON by WebSocket and a page, on {address}")
    out.add_argument(
        "--allow-origin", action="append", default=[], metavar="URL",
        help="of web pages of yours that may read by WebSocket, such as http://localhost:5173",
    )  # fmt: skip
    out.add_argument("--lsl", nargs="?", const="LitePose", metavar="NAME", help="LSL streams NAME 1, NAME 2, …")
    out.add_argument("--lsl-network", action="store_true", help="announce the LSL streams in the network too")
    out.add_argument("--virtual-camera", nargs="?", const="", metavar="DEVICE", help="the annotated image as a webcam")

    what = parser.add_argument_group("what is sent")
    what.add_argument("--slots", type=int, default=4, metavar="N", help="numbered places (default: %(default)s)")
    what.add_argument("--joints", type=_names, default=(), metavar="A,B", help="names of joints (default: all)")
    what.add_argument("--raw", action="store_true", help="positions as found, not smoothed")
    what.add_argument("--normalised", action="store_true", help="positions from 0 to 1 instead of pixels")
    what.add_argument("--angles", action="store_true", help="joint angles in degrees")
    what.add_argument(
        "--repetitions", action="append", default=[], metavar="ANGLE[:LOW:HIGH]",
        help=f"count movements of an angle, such as knee or knee:100:150; of {', '.join(COUNTABLE[:6])} and one side",
    )  # fmt: skip
    what.add_argument("--max-fps", type=float, metavar="FPS", help="frames per second at most")

    model = parser.add_argument_group("model")
    model.add_argument("--settings", type=Path, metavar="FILE", help="settings saved by the desktop app")
    model.add_argument("--model", metavar="NAME", help="name from `weights list` (default: what keeps up here)")
    add_engine_options(model, default=None)
    model.add_argument("--input-size", type=int, metavar="PX", help="network pixels")

    part = parser.add_argument_group("source")
    part.add_argument("--camera-size", choices=get_args(CameraSize), help="what a camera is asked for")
    part.add_argument("--rotate", type=int, choices=(0, 90, 180, 270), help="degrees clockwise, whatever the file says")
    part.add_argument("--loop", action="store_true", help="play a file again and again")
    part.add_argument("--seconds", type=float, metavar="S", help="stop after this time (default: Ctrl-C stops)")


def run(args: argparse.Namespace) -> int:
    """0 when the source ended or was stopped. Raises what the user can act on."""
    settings, live = _settings(args), _live_settings(args)
    destinations = _destinations(args)
    with cancel_on_signal() as cancelled:
        return _run(args, settings, live, destinations, StopSignal(cancelled))


def _run(
    args: argparse.Namespace, settings: Settings, live: LiveSettings, destinations: Destinations, stop: StopSignal
) -> int:
    from app.models.auto_model import resolve_model
    from app.models.loading import load_model
    from app.pipeline import Pipeline
    from app.sources import open_source
    from tracking.tracker import Tracker

    with (
        open_source(args.source, rotation=args.rotate, camera_size=settings.camera_wh, sleep=stop.sleep) as source,
        contextlib.ExitStack() as opened,
    ):
        info = source.info
        model = resolve_model(
            settings.model, progress=lambda what: _say(f"Finding the best model here, once: {what} …")
        )
        estimator = load_model(model, settings.decode)
        engine = estimator.engine
        _say(
            f"{estimator.spec.name}, {estimator.input_size} px, {engine.name} on {engine.device} in {engine.precision}"
        )
        maker = FrameMaker(live, estimator.skeleton)
        pipeline = Pipeline(estimator, Tracker(estimator.skeleton, replace(settings.tracker, smooth=not live.raw)))
        estimator.estimate(np.zeros((info.height, info.width, 3), np.uint8))  # prepares the engine for this size
        run = maker.run(info.name, info.width, info.height, info.fps)
        outputs = _open_outputs(destinations, run, settings, opened)
        out = opened.enter_context(LiveOut(maker, outputs, max_fps=live.max_fps, notify=_say))
        _say(f"{info.name}: {info.width}x{info.height}. Ctrl-C stops.")
        status = _Status()
        figures = run_live(source, pipeline, out, stop, loop=args.loop, seconds=args.seconds, on_frame=status)
        status.end()
    for warning in source.warnings:
        _say(f"warning: {warning}")
    _say(_summary(figures))
    for sender in out.senders:
        _say(f"{sender.output.name}: {sender.sent} frames sent, {sender.dropped} dropped")
    return OK


def _settings(args: argparse.Namespace) -> Settings:
    base = load_settings(args.settings) if args.settings else Settings()
    chosen = {name: getattr(args, name) for name in ("device", "engine", "precision", "input_size")}
    model = {"name": args.model, **chosen}
    return replace(
        base,
        model=replace(base.model, **{key: value for key, value in model.items() if value is not None}),
        camera_size=args.camera_size or base.camera_size,
    )


def _live_settings(args: argparse.Namespace) -> LiveSettings:
    if args.max_fps is not None and not 0 < args.max_fps <= 1000:
        raise SettingsError(f"--max-fps must lie between 0 and 1000, not {args.max_fps:g}.")
    return LiveSettings(
        args.slots, args.joints, args.raw, args.normalised, args.angles,
        parse_exercises(args.repetitions), args.max_fps,
    )  # fmt: skip


def _destinations(args: argparse.Namespace) -> Destinations:
    destinations = Destinations(
        tuple(map(parse_address, args.osc)),
        parse_address(args.websocket) if args.websocket else None,
        tuple(args.allow_origin),
        args.lsl or "",
        args.lsl_network,
        args.virtual_camera,
    )
    if not destinations:
        raise SettingsError("Say where the poses go: --osc, --websocket, --lsl or --virtual-camera.")
    return destinations


def _open_outputs(
    destinations: Destinations, run: LiveRun, settings: Settings, opened: contextlib.ExitStack
) -> list[LiveOutput]:
    outputs: list[LiveOutput] = []
    for kind, open_output in destinations.openers(run, settings.overlay, _say):
        output = open_output()
        opened.callback(output.close)
        outputs.append(output)
        _say(output.name)
        if kind == "websocket":
            _say(f"In a browser: {output.name.split()[-1].replace('ws:', 'http:')}")
        if output.warning:
            _say(f"warning: {output.warning}")
    return outputs


class _Status:
    """One line a second on a terminal, none elsewhere."""

    def __init__(self) -> None:
        self._shown_s = time.monotonic()
        self._is_terminal = sys.stderr is not None and sys.stderr.isatty()
        self._has_line = False

    def __call__(self, frame: LiveFrame, figures: LiveFigures) -> None:
        now_s = time.monotonic()
        if self._is_terminal and now_s - self._shown_s >= STATUS_EVERY_S:
            self._shown_s, self._has_line = now_s, True
            counts = "".join(
                f", {person.slot}: {'/'.join(str(state.count) for state in person.repetitions)}"
                for person in frame.people
                if person.repetitions
            )
            sys.stderr.write(f"\r\033[K{_summary(figures)}, people: {figures.people}{counts}")
            sys.stderr.flush()

    def end(self) -> None:
        if self._has_line:
            sys.stderr.write("\n")


def _summary(figures: LiveFigures) -> str:
    delays = f"{figures.delay_ms(50):.0f} ms from capture to outputs (99 %: {figures.delay_ms(99):.0f})"
    return f"{figures.frames} frames, {figures.fps:.1f} FPS, {delays}, dropped: {figures.dropped}"


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _say(sentence: str) -> None:
    if sys.stderr is not None:
        with contextlib.suppress(OSError):
            print(sentence, file=sys.stderr, flush=True)
