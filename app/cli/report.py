"""`report`: one self-contained page about stored results."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from tqdm import tqdm

from app.analysis.result import find_store
from app.analysis.store import SUFFIX
from app.cli import OK, SOME_FAILED
from app.report.batch import entries_of
from app.report.page import write_report
from pose.errors import MediaError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("results", nargs="+", type=Path, metavar="RESULT", help="result, or folder of results")
    parser.add_argument(
        "--videos", type=Path, action="append", default=[], metavar="DIR",
        help="where the videos lie, for pictures of people (default: beside the results)",
    )  # fmt: skip
    parser.add_argument("--out", type=Path, default=Path("report.html"), metavar="FILE", help="default: %(default)s")


def run(args: argparse.Namespace) -> int:
    """0 if every result is in the report, 1 if any could not be read."""
    if args.out.is_dir():
        raise MediaError(f"{args.out} is a folder: name a file for the page.")
    stores, problems = stores_of(args.results)
    disable = None if len(stores) > 1 else True
    with tqdm(total=len(stores), unit="file", disable=disable, leave=False, dynamic_ncols=True) as bar:
        entries, unread = entries_of(stores, bar.update, args.videos)
    problems += unread
    for problem in problems:
        print(f"error: {problem}", file=sys.stderr)
    if not entries:
        return SOME_FAILED
    write_report(args.out, entries, problems)
    print(f"{args.out}: {len(entries)} results")
    return OK if not problems else SOME_FAILED


def stores_of(words: Iterable[Path]) -> tuple[list[Path], list[str]]:
    """The stores that are meant, each once, and one sentence for each word that means none."""
    found: dict[Path, None] = {}
    problems: list[str] = []
    for word in words:
        try:
            here = sorted(word.glob(f"*{SUFFIX}")) if word.is_dir() else [find_store(word)]
            if not here:
                raise MediaError(f"There are no stored detections ({SUFFIX}) in the folder {word}.")
            found |= dict.fromkeys(here)
        except MediaError as error:
            problems.append(str(error))
    return list(found), problems
