"""`python -m pose.training.kit pack …` where the photos are, `python -m pose.training.kit run …` where the card is."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path
from typing import Any

import cv2

from pose.errors import PoseStudioError
from pose.training.kit.job import Job, run_job
from pose.training.kit.pack import write_pack
from pose.training.photos import find_photos, read_photo
from pose.training.sources import LabelledPhoto, read_source, unlabelled_photo


def main(argv: list[str] | None = None) -> int:
    args = _parser().parse_args(argv)
    try:
        _pack(args) if args.command == "pack" else _run(args)
    except PoseStudioError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped; the same command goes on from here", file=sys.stderr)
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m pose.training.kit", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    pack = commands.add_parser("pack", help="photos and labels into one file")
    pair: dict[str, Any] = {"type": Path, "nargs": 2, "metavar": ("IMAGES", "LABELS.json")}
    pack.add_argument("--labelled", **pair, required=True, help="labelled by people, true proportions")
    pack.add_argument("--pseudo", **pair, help="labelled by networks; square photos lost their proportions")
    pack.add_argument("--photos", type=Path, metavar="DIR", help="photos without labels; those labelled are left out")
    pack.add_argument("--side", type=int, default=320, help="pixels that each photo is stretched to")
    pack.add_argument("--mib", type=float, default=40.0, help="the most that the file may have")
    pack.add_argument("--coder", choices=("webp", "avif"), default="webp", help="avif needs an OpenCV that reads it")
    pack.add_argument("--out", type=Path, required=True, metavar="FILE.npz")
    run = commands.add_parser("run", help="train, measure, and measure the device")
    run.add_argument("--pack", type=Path, required=True, metavar="FILE.npz")
    run.add_argument("--start", nargs="+", required=True, metavar="WEIGHTS[=SHARE]", help="networks, in order of worth")
    run.add_argument("--minutes", type=float, default=9.0, help="for everything")
    run.add_argument("--speed-minutes", type=float, default=1.0, help="of these for measuring the device")
    run.add_argument("--batch", type=int, default=96)
    run.add_argument("--teacher", type=Path, metavar="WEIGHTS", help="sees every view; serves where labels are silent")
    run.add_argument("--steps", type=int, help="a rehearsal of so many steps with small views")
    run.add_argument("--learn-statistics", action="store_true", help="of batch normalisation, instead of the start's")
    run.add_argument("--out", type=Path, required=True, metavar="DIR")
    return parser


def _pack(args: argparse.Namespace) -> None:
    sources: list[list[LabelledPhoto]] = [read_source(args.labelled[1], args.labelled[0])]
    if args.pseudo:
        sources.append(read_source(args.pseudo[1], args.pseudo[0], squeezed=True))
    if args.photos:
        known = {photo.path.resolve() for source in sources for photo in source}
        rest = [path for path in find_photos(args.photos) if path.resolve() not in known]
        sources.append([unlabelled_photo(path, _size(path), squeezed=True) for path in rest])
    quality = write_pack(args.out, sources, args.side, int(args.mib * 2**20), args.coder)
    size = args.out.stat().st_size / 2**20
    print(f"{sum(map(len, sources))} photos of {args.side} pixels at quality {quality}: {size:.1f} MiB in {args.out}")


def _size(path: Path) -> tuple[int, int]:
    height, width = read_photo(path).shape[:2]
    return width, height


def _run(args: argparse.Namespace) -> None:
    cv2.setNumThreads(1)
    starts = []
    for text in args.start:
        path, _, share = text.rpartition("=") if "=" in text else (text, "", "1")
        starts.append((Path(path), float(share)))
    job = Job(
        args.pack, tuple(starts), args.out, args.minutes, args.speed_minutes, args.steps, args.batch, args.teacher,
        frozen_statistics=not args.learn_statistics,
    )  # fmt: skip
    before = signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))  # saved, like Ctrl-C
    try:
        run_job(job, lambda text: print(text, flush=True))
    finally:
        signal.signal(signal.SIGTERM, before)


if __name__ == "__main__":
    sys.exit(main())
