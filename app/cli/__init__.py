"""The command line: one module in app/cli per subcommand. Never imports Qt by itself."""

from __future__ import annotations

import argparse
import importlib
import keyword
import os
import sys
from difflib import get_close_matches
from io import TextIOWrapper
from pathlib import Path
from types import ModuleType

from app.version import program_version
from pose.errors import PoseStudioError, SettingsError

OK, SOME_FAILED, USAGE, CANCELLED = 0, 1, 2, 130

# name: one line of help. Each name is a module of app.cli with add_arguments(parser) and run(args) -> int.
COMMANDS = {
    "annotate": "track people in videos and images; write CSV, sidecar and annotated video",
    "live": "send poses to other programs as they happen: OSC, WebSocket, LSL, virtual camera",
    "convert": "write results in other formats, tracked or smoothed anew; without inference",
    "import": "make a result from other programs' detections: OpenPose, COCO, DeepLabCut, SLEAP, our CSV",
    "watch": "annotate every video that is put into a folder",
    "verify": "check a folder of results against its manifest",
    "edit": "repair identities and joints of a result: swap, merge, split, delete, rename; undo and redo",
    "export-labels": "write corrected frames as images and COCO labels for training",
    "report": "one self-contained page about one result or a batch",
    "demo": "render a scene of walking figures, track it and score the result",
    "doctor": "print versions, devices, the engine in use and milliseconds per stage",
    "weights": "list, import and verify model weights",
    "export": "write a model as ONNX",
    "eval": "measure accuracy on labelled images",
    "eval-tracks": "measure how well identities hold, against ground truth",
    "train": "train a model on labelled images",
    "distil": "train a student on unlabelled photos from a teacher",
}


def _module(command: str) -> ModuleType:
    name = command.replace("-", "_")
    return importlib.import_module(f"app.cli.{name}_" if keyword.iskeyword(name) else f"app.cli.{name}")


def is_for_command_line(argv: list[str]) -> bool:
    """Whether these words are not for the window, which takes one source: a file, a camera's number or a URL."""
    if not argv:
        return False
    word = argv[0]
    is_source = word.isdecimal() or "://" in word or os.path.exists(word)  # noqa: PTH110 - for any word
    return word in COMMANDS or not is_source


def build_parser(command: str | None) -> argparse.ArgumentParser:
    """The parser; only the module of `command` is imported, so that start-up stays quick."""
    parser = argparse.ArgumentParser(
        prog="litepose-studio",
        description="Multi-person pose tracking. Without a subcommand, opens the desktop app.",
    )
    # A command has no use for the version, and need not look it up.
    parser.add_argument("--version", action="version", version="" if command else f"%(prog)s {program_version()}")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, help_text in COMMANDS.items():
        sub = subparsers.add_parser(name, help=help_text, description=help_text[0].upper() + help_text[1:] + ".")
        if name == command:
            _module(name).add_arguments(sub)
    return parser


def main(argv: list[str]) -> int:
    """Run one subcommand and return the exit code: 0 ok, 1 some inputs failed, 2 usage, 130 cancelled."""
    command = argv[0] if argv and argv[0] in COMMANDS else None
    if command is None and argv and not argv[0].startswith("-"):
        print(f"error: {_unknown(argv[0])}", file=sys.stderr)
        return USAGE
    args = build_parser(command).parse_args(argv)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # names of files need not be text, nor fit the terminal's
    try:
        code: int = _module(args.command).run(args)
        if sys.stdout is not None:
            sys.stdout.flush()  # at the end of the program it would be too late to say that it found no room
        return code
    except PoseStudioError as error:
        print(f"error: {error}", file=sys.stderr)
        return USAGE if isinstance(error, SettingsError) else SOME_FAILED
    except KeyboardInterrupt:
        print("cancelled", file=sys.stderr)
        return CANCELLED
    except BrokenPipeError:
        # The reader of our output went away (`... | head`): that is its right, not an error.
        _drop_output()
        return OK
    except OSError as error:
        if error.errno is None or error.filename is not None:  # not from what was printed
            raise
        _drop_output()
        print(f"error: The output cannot be written ({error.strerror or error}).", file=sys.stderr)
        return SOME_FAILED


def _drop_output() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _unknown(word: str) -> str:
    """One sentence for a word that is neither a command nor a source for the window."""
    if Path(word).suffix or len(Path(word).parts) > 1:
        return f"There is no file {word}."
    nearest = get_close_matches(word, COMMANDS, n=1)
    hint = f'did you mean "{nearest[0]}"?' if nearest else f"commands are {', '.join(COMMANDS)}."
    return f'"{word}" is no command, file, camera number or stream address; {hint}'
