"""`weights list | import FILE | verify`: the model weights on this machine."""

from __future__ import annotations

import argparse
import sys

from app.cli import OK, SOME_FAILED
from pose.errors import WeightsError
from pose.weights.library import (
    WeightsSpec,
    entries,
    find_weights,
    import_checkpoint,
    inspect_checkpoint,
    list_refiners,
    list_weights,
    load_state,
    user_folder,
    user_list_problem,
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("list", help="show the installed weights")
    importing = actions.add_parser("import", help="check a checkpoint, say what it is and install it")
    importing.add_argument(
        "file", metavar="FILE", help="checkpoint (.pth) of LitePose, Lite-HRNet or SimpleBaseline, or safetensors file"
    )
    importing.add_argument("--name", help="name to install it under (default: its size and skeleton)")
    verify = actions.add_parser("verify", help="read the installed weights and compare their checksums")
    verify.add_argument("names", metavar="NAME", nargs="*", help="weights to verify (default: all)")


def run(args: argparse.Namespace) -> int:
    """Exit code 1 if any weights fail to verify."""
    if args.action == "import":
        return _import(args.file, args.name)
    if args.action == "verify":
        return _verify(args.names)
    return _list()


def _list() -> int:
    specs = [*list_weights(), *list_refiners()]
    readable = {spec.name for spec in specs}
    for spec in specs:
        accuracy = ", ".join(f"{what} {value:g}" for what, value in spec.accuracy.items()) or "not measured"
        print(f"{spec.name}: {_kind(spec)}, licence {spec.licence}, accuracy: {accuracy}")
        if spec.source:
            print(f"    {spec.source}")
    for name, path, _ in entries():
        if name not in readable:
            print(f"{name}: {path} cannot be read; `weights verify {name}` tells why")
    problem = user_list_problem()
    if problem is not None:
        print(problem)
    elif not entries():
        print("no weights are installed; add some with `weights import FILE`")
    return OK


def _import(file: str, name: str | None) -> int:
    original = inspect_checkpoint(file)
    installed = import_checkpoint(file, name)
    accuracy = ", ".join(f"{what} {value:g}" for what, value in original.accuracy.items()) or "unknown"
    print(f"{original.path.name}: {_kind(original)}")
    print(f"  keypoints   {', '.join(original.skeleton.keypoint_names)}")
    print(f"  parameters  {original.parameters:,}")
    print(f"  source      {original.source or 'unknown: not an official release known to this program'}")
    print(f"  licence     {original.licence}")
    print(f"  accuracy    {accuracy}")
    print(f"  sha256      {original.sha256}")
    option = "--refine" if installed.top_down else "--model"
    print(f"installed as {installed.name} in {user_folder()}; use it with {option} {installed.name}")
    return OK


def _verify(names: list[str]) -> int:
    failed = False
    for name in names or [entry[0] for entry in entries()]:
        try:
            spec = find_weights(name)
            load_state(spec)
        except WeightsError as error:
            print(f"error: {name}: {error}", file=sys.stderr)
            failed = True
        else:
            print(f"{name}: ok, sha256 {spec.sha256}")
    problem = None if names else user_list_problem()
    if problem is not None:
        print(f"error: {problem}", file=sys.stderr)
        failed = True
    return SOME_FAILED if failed else OK


def _kind(spec: WeightsSpec) -> str:
    size = "x".join(map(str, spec.crop_hw)) if spec.top_down else spec.input_size
    return f"{spec.arch}, {spec.skeleton.name}, input {size}"
