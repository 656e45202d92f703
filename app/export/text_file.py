"""A text file that grows under its partial name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TextIO

from app.export.partial import explained, partial_path


def open_text(path: Path) -> TextIO:
    return path.open("w", encoding="utf-8", errors="backslashreplace", newline="\n")


class TextFile:
    """UTF-8 with LF. Open from the start until `close`; naming it is up to the caller. Raises MediaError.

    Names of files need not be text: what is none becomes an escape, which JSON reads back.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with explained(path):
            self._file: TextIO = open_text(partial_path(path))

    def write(self, text: str) -> None:
        with explained(self.path):
            self._file.write(text)

    def flush(self) -> None:
        """Hand everything to the system."""
        with explained(self.path):
            self._file.flush()

    def close(self) -> None:
        with explained(self.path):
            self._file.close()


def csv_lines(rows: Iterable[Sequence[str]]) -> str:
    """Rows of cells as text; no cell may hold a comma or a line break."""
    return "".join([",".join(cells) + "\n" for cells in rows])
