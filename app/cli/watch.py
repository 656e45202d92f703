"""`watch`: every video that is put into a folder is annotated, once, until the command is stopped."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.analysis.manifest import NAME, read_manifest
from app.analysis.watch import WatchedFolder
from app.cli import OK
from app.cli.annotate import add_options, annotate_all, executor_from, options_from, settings_from
from app.cli.arguments import seconds
from app.cli.interrupt import cancel_on_signal

POLL_S = 1.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="DIR", help="where videos are put")
    parser.add_argument(
        "--settle", type=seconds, default=5.0, metavar="S", help="a file is complete S seconds after its last change"
    )
    parser.add_argument("--once", action="store_true", help="stop when everything that is there now is done")
    add_options(parser)


def run(args: argparse.Namespace) -> int:
    """0 when it is stopped. Raises MediaError if the folder cannot be read."""
    settings, options = settings_from(args), options_from(args)
    executor = executor_from(args, settings)
    watched = WatchedFolder(args.folder, args.settle)
    with cancel_on_signal() as cancelled:
        while not cancelled.is_set():
            known = read_manifest(options.out_dir) if (options.out_dir / NAME).exists() else {}
            ready = watched.ready(known)
            if ready:
                annotate_all(ready, settings, options, executor, cancelled, manifest=True)
            elif args.once and watched.is_settled:
                break
            cancelled.wait(POLL_S)
    return OK
