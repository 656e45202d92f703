"""`export-labels`: frames whose poses were corrected, as images and COCO labels for `train`."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.analysis.inputs import resolve_inputs
from app.analysis.labels import ANNOTATIONS, LabelChoices, chosen_frames, write_labels
from app.analysis.repair import refit
from app.analysis.result import open_result
from app.cli import OK
from app.cli.arguments import seconds, share
from app.sources import open_source
from pose.errors import MediaError, SettingsError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("result", type=Path, metavar="RESULT", help="table, sidecar or stored detections (.litepose)")
    parser.add_argument("--video", required=True, metavar="CLIP", help="the video or image folder it was made of")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder of labels; more are added to it")
    parser.add_argument(
        "--also", type=_frames, default=frozenset(), metavar="N,N", help="frames that are right as they are"
    )
    parser.add_argument(
        "--sure", type=share, default=0.3, metavar="P", help="least score of a joint (default: %(default)s)"
    )
    parser.add_argument(
        "--apart",
        type=seconds,
        default=0.5,
        metavar="S",
        help="least time between frames (default: %(default)s)",
    )


def run(args: argparse.Namespace) -> int:
    """0 when the labels are written. Raises PoseStudioError."""
    choices = LabelChoices(args.sure, args.apart, args.also)
    inputs, problems = resolve_inputs([args.video])
    if problems or len(inputs) != 1:
        raise MediaError(problems[0] if problems else f"{args.video} is more than one video; name one.")
    with open_result(args.result) as result:
        edits = refit(result.log.active, result.tracked())[0]
        frames = chosen_frames(result, edits, choices)
        if not frames:
            raise SettingsError(f"No pose of {result.name} was corrected; correct some, or name frames with --also.")
        rotation = result.store.head.selection.get("rotate")
        with open_source(inputs[0].spec, rotation=rotation) as source:
            people = write_labels(frames, source, result.store.head.skeleton, args.out, choices)
    print(f"{args.out / ANNOTATIONS}: added frames: {len(frames)}, people: {people}")
    return OK


def _frames(text: str) -> frozenset[int]:
    words = [word.strip() for word in text.split(",")]
    if not all(word.isdecimal() for word in words):
        raise argparse.ArgumentTypeError(f"{text!r} is no list of frame numbers such as 12,40")
    return frozenset(map(int, words))
