"""LitePose Studio: no subcommand opens the desktop app, a subcommand runs the command line."""

from __future__ import annotations

import multiprocessing
import os
import sys

# OpenCV's own threads would wait by spinning, on cores that the network needs.
os.environ.setdefault("OPENCV_FOR_THREADS_NUM", "1")


def main() -> int:
    argv = sys.argv[1:]
    try:
        from app.cli import is_for_command_line
        from app.cli import main as command_line

        if is_for_command_line(argv):
            return command_line(argv)
        from app.gui.shell.application import run_app
    except KeyboardInterrupt:  # while libraries are loaded
        return 130
    return run_app(argv)


if __name__ == "__main__":
    multiprocessing.freeze_support()  # in a packaged program, processes of `--jobs` begin here
    sys.exit(main())
