"""What all tables have in common: a CSV file that grows row by row and gets its name when it is complete."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from app.export.partial import commit, partial_path, write_error


class CsvTable:
    """Streams rows to `X.partial.csv`; a clean exit makes it `X.csv`, an exception leaves the valid partial file.

    UTF-8, comma-separated. Raises MediaError if the file cannot be written.
    """

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        self.path = path
        self.rows = 0
        self._columns = columns
        self._file: TextIO | None = None

    def __enter__(self) -> Self:
        try:
            self._file = partial_path(self.path).open("w", encoding="utf-8", newline="")
            self._file.write(_line(self._columns))
        except OSError as error:
            raise write_error(self.path, error) from error
        return self

    def append(self, rows: Iterable[Sequence[str]]) -> None:
        """Write rows of cells, none of which may hold a comma or a line break."""
        assert self._file is not None
        lines = [_line(cells) for cells in rows]
        try:
            self._file.write("".join(lines))
        except OSError as error:
            raise write_error(self.path, error) from error
        self.rows += len(lines)

    def flush(self) -> None:
        """Hand all rows to the system, so that a full disk shows now and not at the end."""
        assert self._file is not None
        try:
            self._file.flush()
        except OSError as error:
            raise write_error(self.path, error) from error

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._file is not None
        try:
            self._file.close()
        except OSError as close_error:
            if error is None:
                raise write_error(self.path, close_error) from close_error
        if error is None:
            commit(self.path)


def _line(cells: Sequence[str]) -> str:
    return ",".join(cells) + "\n"
