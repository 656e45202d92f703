"""LitePose Studio: no subcommand opens the desktop app, a subcommand runs the command line."""

from __future__ import annotations

import sys


def main() -> int:
    argv = sys.argv[1:]
    from app.cli import COMMANDS
    from app.cli import main as command_line

    if argv and (argv[0] in COMMANDS or argv[0] in ("-h", "--help")):
        return command_line(argv)
    from app.gui.application import run_app

    return run_app(argv)


if __name__ == "__main__":
    sys.exit(main())
