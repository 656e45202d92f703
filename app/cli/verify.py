"""`verify`: whether a folder holds all results that its manifest names, unchanged."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.analysis.manifest import problems, read_manifest
from app.cli import OK, SOME_FAILED


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("results", type=Path, metavar="RESULTS", help="folder that `annotate` or `watch` wrote into")


def run(args: argparse.Namespace) -> int:
    """0 if everything is there, 1 if anything is missing, damaged, older than its input or unfinished."""
    found = list(problems(args.results))
    for sentence in found:
        print(sentence)
    if found:
        return SOME_FAILED
    entries = read_manifest(args.results)
    print(f"{len(entries)} inputs, {sum(len(e.outputs) for e in entries.values())} outputs: all there and unchanged.")
    return OK
