"""Do the tests notice? Small errors are put into one file, one at a time, in a copy of the tree, and its tests run.

    python -m benchmarks.mutants tracking/assign.py --tests tests/tracking [--count 40] [--seed 0] [--jobs 1]

Errors: comparisons, arithmetic, constants, conditions and returns that are a little different. Survivors are printed
with their line: either a test is missing, or the difference makes none. Exit status 1 if the tests fail by themselves.
"""

from __future__ import annotations

import argparse
import ast
import copy
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

_ROOT = Path(__file__).resolve().parent.parent
_LINKED = ("assets",)  # large and only read
_LEFT_OUT = (".git", ".venv", "__pycache__", ".*_cache", ".hypothesis", "build", "dist")
_OTHER: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.MatMult: ast.Mult,
    ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip


class Mutant(NamedTuple):
    """line: of the file. change: what was and what is. source: the whole file with the error."""

    line: int
    change: str
    source: str


def mutants(source: str) -> list[Mutant]:
    """All, in order of lines. Annotations, docstrings, assertions and messages of exceptions stay."""
    tree = ast.parse(source)
    count = sum(1 for _ in _sites(tree))
    found = []
    for n in range(count):
        changed = copy.deepcopy(tree)
        for k, (parent, name, place, node) in enumerate(_sites(changed)):
            if k == n:
                before = ast.unparse(node)
                other = _mutated(node)
                if place is None:
                    setattr(parent, name, other)
                else:
                    getattr(parent, name)[place] = other
                after = ast.unparse(ast.fix_missing_locations(other))
                line = getattr(node, "lineno", 0)
                found.append(Mutant(line, f"{_short(before)}  ->  {_short(after)}", ast.unparse(changed)))
                break
    return sorted(found, key=lambda m: m.line)


def _sites(tree: ast.AST) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
    """Nodes that can be changed, with where they hang."""
    for name, value in ast.iter_fields(tree):
        if name in ("annotation", "returns", "decorator_list", "type_comment"):
            continue
        for place, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(node, ast.AST) or isinstance(node, ast.Assert | ast.Raise | ast.Import | ast.ImportFrom):
                continue
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                continue  # a docstring
            if _mutated(node) is not None:
                yield tree, name, place, node
            yield from _sites(node)


def _mutated(node: ast.AST) -> ast.AST | None:
    """The node a little different; None if there is nothing to change."""
    changed = copy.deepcopy(node)
    match changed:
        case ast.Compare(ops=[op, *rest]) if type(op) in _OTHER:
            changed.ops = [_OTHER[type(op)](), *rest]  # type: ignore[list-item]
        case ast.BinOp(op=op) | ast.AugAssign(op=op) | ast.BoolOp(op=op) if type(op) in _OTHER:
            changed.op = _OTHER[type(op)]()  # type: ignore[assignment]
        case ast.UnaryOp(op=ast.Not() | ast.USub() | ast.Invert(), operand=operand):
            return operand
        case ast.Constant(value=bool() as value):
            changed.value = not value
        case ast.Constant(value=int() as value):
            changed.value = value + 1
        case ast.Constant(value=float() as value):
            changed.value = value * 2 if value else 1.0
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
            changed.test = ast.UnaryOp(ast.Not(), test)
        case ast.Return(value=ast.AST()):
            changed.value = ast.Constant(None)
        case _:
            return None
    return changed


def _short(text: str) -> str:
    line = text.splitlines()[0]
    return line if len(line) <= 90 else line[:87] + "..."


def copied_tree(folder: Path) -> Path:
    """A copy of the tree, so that nothing is ever changed in place."""
    root = folder / "tree"
    shutil.copytree(_ROOT, root, ignore=shutil.ignore_patterns(*_LEFT_OUT, *_LINKED))
    for name in _LINKED:
        (root / name).symlink_to(_ROOT / name)
    return root


def passes(root: Path, tests: list[str], timeout_s: float) -> bool:
    """Whether the tests pass in time. Slow tests and those on clips are left out."""
    command = [
        sys.executable,
        "-B",
        "-m",
        "pytest",
        "-x",
        "-q",
        "-p",
        "no:cacheprovider",
        "-m",
        "not slow and not clips",
    ]
    try:
        done = subprocess.run([*command, *tests], cwd=root, capture_output=True, timeout=timeout_s, check=False)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path, help="relative to the root of the tree")
    parser.add_argument("--tests", nargs="+", required=True)
    parser.add_argument("--count", type=int, default=40, help="errors to try, chosen at random (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1, help="copies of the tree that are worked in at a time")
    args = parser.parse_args()
    every = mutants((_ROOT / args.file).read_text(encoding="utf-8"))
    chosen = sorted(random.Random(args.seed).sample(every, min(args.count, len(every))), key=lambda m: m.line)
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(args.jobs) as pool:
        roots: SimpleQueue[Path] = SimpleQueue()
        for n in range(args.jobs):
            roots.put(copied_tree(Path(folder, str(n))))
        root = roots.get()
        start_s = time.perf_counter()
        if not passes(root, args.tests, 3600):
            sys.exit("The tests fail without any error put in.")
        timeout_s = 10 + 5 * (time.perf_counter() - start_s)
        roots.put(root)

        def survives(mutant: Mutant) -> bool:
            root = roots.get()
            try:
                (root / args.file).write_text(mutant.source, encoding="utf-8")
                return passes(root, args.tests, timeout_s)
            finally:
                roots.put(root)

        survivors = 0
        for mutant, alive in zip(chosen, pool.map(survives, chosen), strict=True):
            if alive:
                survivors += 1
                print(f"{args.file}:{mutant.line}: {mutant.change}", flush=True)
    print(f"{args.file}: {survivors} of {len(chosen)} errors were not noticed ({len(every)} possible)")


if __name__ == "__main__":
    main()
