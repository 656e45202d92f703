"""`edit`: repairs of a stored result, undone and redone; the results beside it are written anew each time."""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path

from app.analysis.checked import parted
from app.analysis.doubt import Doubt, sentence
from app.analysis.edit_log import describe
from app.analysis.edits import Edit, names
from app.analysis.measure import Floor, Scale
from app.analysis.repair import Repair, refit
from app.analysis.result import Result, open_result, refresh
from app.analysis.review import cuts_of, review
from app.analysis.subjects import RULES, parse_person, parse_region
from app.analysis.track_table import TrackTable
from app.cli import OK
from pose.errors import SettingsError

MOST_PEOPLE = 1_000_000_000  # numbers above have no room in some formats


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("result", type=Path, metavar="RESULT", help="table, sidecar or stored detections (.litepose)")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--list", action="store_true", help="all edits, and whether they are in force")
    what.add_argument("--people", action="store_true", help="who is there, and when")
    what.add_argument("--doubts", action="store_true", help="doubtful moments, worst first")
    what.add_argument("--check", type=int, metavar="N", help="the N-th doubtful moment of --doubts is in order")
    what.add_argument("--undo", type=int, nargs="?", const=1, metavar="N", help="take back the last N (default 1)")
    what.add_argument("--redo", type=int, nargs="?", const=1, metavar="N", help="the opposite")
    what.add_argument("--swap", type=int, nargs=2, metavar=("A", "B"), help="A is B and B is A")
    what.add_argument("--merge", type=int, nargs=2, metavar=("A", "B"), help="A is B too")
    what.add_argument("--split", type=int, metavar="A", help="from --from on, A is somebody else")
    what.add_argument("--delete", type=int, metavar="A", help="nobody, or nobody who counts")
    what.add_argument("--rename", nargs=2, metavar=("A", "NAME"), help="a name; an empty one takes it away")
    what.add_argument("--flip-sides", type=int, metavar="A", help="exchange left and right")
    what.add_argument("--hide-joint", nargs=2, metavar=("A", "JOINT"), help="the joint is missing")
    what.add_argument("--move-joint", nargs=5, metavar=("A", "JOINT", "FRAME", "X", "Y"), help="see --reach")
    what.add_argument("--bridge", type=int, metavar="A", help="straight from before --from to after --to")
    what.add_argument("--person", metavar="WHO", help=f"only this person counts: a number, {', '.join(RULES)}")
    what.add_argument("--region", metavar="X,Y,…", help='count only in this polygon or rectangle; "!X,Y,…": outside')
    what.add_argument(
        "--scale", nargs=5, type=_finite, metavar=("X0", "Y0", "X1", "Y1", "METRES"), help="a known length"
    )
    what.add_argument("--floor", nargs=4, type=_finite, metavar=("X0", "Y0", "X1", "Y1"), help="a line that is level")
    parser.add_argument("--from", dest="first", type=_frame, default=0, metavar="FRAME", help="first frame (default 0)")
    parser.add_argument("--to", dest="last", type=_frame, metavar="FRAME", help="last frame (default: to the end)")
    parser.add_argument("--joints", default="", metavar="A,B", help="of --bridge (default: all)")
    parser.add_argument("--reach", type=_frame, default=5, metavar="N", help="frames that follow a moved joint")


def run(args: argparse.Namespace) -> int:
    """0 when done. Raises PoseStudioError for what makes no sense."""
    with open_result(args.result) as result:
        log = result.log
        if args.list:
            _print_edits(result)
            return OK
        table = result.tracked()
        edits, misfits = refit(log.active, table)
        for misfit in misfits:
            print(f"warning: {misfit.sentence}", file=sys.stderr)
        now = table.edited(edits)
        if args.people:
            _print_people(now, edits)
            return OK
        if args.doubts:
            _print_doubts(_open_doubts(now, result, edits))
            return OK
        if not result.store.complete:
            raise SettingsError(f"{result.name} is not analysed to its end; run annotate again first.")
        if args.undo is not None:
            _check_count(args.undo, len(log.active), "undo")
            for _ in range(args.undo):
                print(f"undone: {describe(log.undo())}")
        elif args.redo is not None:
            _check_count(args.redo, len(log.entries) - len(log.active), "redo")
            for _ in range(args.redo):
                print(f"done again: {describe(log.redo())}")
        else:
            edit = make_edit(args, now, result, edits)
            log.add(edit)
            print(f"done: {describe(edit)}")
        after = refit(log.active, table)[0]
        if [e for e in edits if e.changes_results] == [e for e in after if e.changes_results]:
            return OK
        written = refresh(result, after)
        if written:
            print(f"written: {', '.join(written)}")
    return OK


def make_edit(args: argparse.Namespace, table: TrackTable, result: Result, edits: list[Edit]) -> Edit:
    """The edit that was asked for, of a tracking with all `edits` before it. Raises SettingsError."""
    repair = Repair(table)
    if args.check is not None:
        doubts = _open_doubts(table, result, edits)
        if not 1 <= args.check <= len(doubts):
            raise SettingsError(
                "There is no doubtful moment {number}; --doubts lists {count}.", number=args.check, count=len(doubts)
            )
        return repair.check(doubts[args.check - 1])
    first, last = args.first, args.last
    if args.swap:
        for number in args.swap:  # the other one need not be there: any other edit names people who are
            if not 1 <= number <= MOST_PEOPLE:
                raise SettingsError('"{text}" is not the number of a person.', text=number)
        return repair.swap(args.swap[0], args.swap[1], first, last)
    if args.merge:
        return repair.merge(args.merge[0], args.merge[1], first, last)
    if args.split is not None:
        return repair.split(args.split, first)
    if args.delete is not None:
        return repair.delete(args.delete, first, last)
    if args.rename:
        return repair.rename(parse_person(args.rename[0]), args.rename[1])
    if args.flip_sides is not None:
        return repair.flip_sides(args.flip_sides, first, last)
    if args.hide_joint:
        return repair.hide_joint(parse_person(args.hide_joint[0]), args.hide_joint[1], first, last)
    if args.move_joint:
        person, joint, frame, x, y = args.move_joint
        return repair.move_joint(parse_person(person), joint, int(_number(frame)), _number(x), _number(y), args.reach)
    if args.bridge is not None:
        if last is None:
            raise SettingsError("--bridge needs --from and --to.")
        return repair.bridge(args.bridge, first, last, tuple(j for j in args.joints.split(",") if j))
    if args.person:
        return repair.choose(args.person, result.size)
    if args.region:
        return parse_region(args.region, result.size)
    if args.scale:
        return Scale(**dict(zip(("x0", "y0", "x1", "y1", "metres"), args.scale, strict=True)))
    return Floor(**dict(zip(("x0", "y0", "x1", "y1"), args.floor, strict=True)))


def _check_count(asked: int, there: int, what: str) -> None:
    """All of them or none: results are written anew only when all is done."""
    if there and asked > there:
        raise SettingsError(f"There are only {there} edits to {what}.")


def _print_edits(result: Result) -> None:
    entries = result.log.entries
    for number, entry in enumerate(entries, 1):
        print(f"{number:3}  {'undone  ' if entry.undone else 'in force'}  {describe(entry.edit)}")
    if not entries:
        print("no edits")


def _print_people(table: TrackTable, edits: list[Edit]) -> None:
    called = names(edits)
    print("person  frames  first   last   rows  name")
    for person in table.people:
        rows = table.rows_of(person)
        frames = table.frames[table.places[rows]]
        span = int(frames[-1] - frames[0]) + 1
        print(f"{person:6} {span:7} {frames[0]:6} {frames[-1]:6} {len(rows):6}  {called.get(person, '')}")


def _print_doubts(doubts: list[Doubt]) -> None:
    for number, doubt in enumerate(doubts, 1):
        print(f"{number:3}  {doubt.severity:.2f}  {_frames(doubt):>11}  {sentence(doubt)}")
    if not doubts:
        print("nothing doubtful")


def _open_doubts(table: TrackTable, result: Result, edits: list[Edit]) -> list[Doubt]:
    """Those that nobody has checked."""
    return parted(review(table, result.size, cuts_of(result.store)), edits)[0]


def _frames(doubt: Doubt) -> str:
    return str(doubt.first) if doubt.first == doubt.last else f"{doubt.first}-{doubt.last}"


def _frame(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a frame number")
    return int(text)


def _finite(text: str) -> float:
    try:
        return _number(text)
    except SettingsError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from error


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise SettingsError(f'"{text}" is not a number.')
    return value
