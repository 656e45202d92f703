"""The command line: one module in app/commands per subcommand. Never imports Qt by itself."""

from __future__ import annotations

import argparse
import importlib
import os
import sys

from pose.errors import PoseStudioError

OK, SOME_FAILED, USAGE, CANCELLED = 0, 1, 2, 130

# name: one line of help. Each name is a module of app.commands with add_arguments(parser) and run(args) -> int.
COMMANDS = {
    "annotate": "track people in videos and images; write CSV, sidecar and annotated video",
    "demo": "render a scene of walking figures, track it and score the result",
    "doctor": "print versions, devices, the engine in use and milliseconds per stage",
    "weights": "list, import and verify model weights",
    "export": "write a model as ONNX",
    "eval": "measure accuracy on labelled images",
    "train": "train a model on labelled images",
    "distil": "train a student on unlabelled photos from a teacher",
}


def build_parser(command: str | None) -> argparse.ArgumentParser:
    """The parser; only the module of `command` is imported, so that start-up stays quick."""
    parser = argparse.ArgumentParser(
        prog="litepose-studio",
        description="Multi-person pose tracking. Without a subcommand, opens the desktop app.",
    )
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, help_text in COMMANDS.items():
        sub = subparsers.add_parser(name, help=help_text, description=help_text.capitalize() + ".")
        if name == command:
            importlib.import_module(f"app.commands.{name}").add_arguments(sub)
    return parser


def main(argv: list[str]) -> int:
    """Run one subcommand and return the exit code: 0 ok, 1 some inputs failed, 2 usage, 130 cancelled."""
    command = argv[0] if argv and argv[0] in COMMANDS else None
    args = build_parser(command).parse_args(argv)
    try:
        return importlib.import_module(f"app.commands.{args.command}").run(args)
    except PoseStudioError as error:
        print(f"error: {error}", file=sys.stderr)
        return SOME_FAILED
    except KeyboardInterrupt:
        print("cancelled", file=sys.stderr)
        return CANCELLED
    except BrokenPipeError:
        # The reader of our output went away (`... | head`): that is its right, not an error.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
