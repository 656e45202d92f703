"""All outputs of one run: opened, written and named together."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from app.export.partial import commit_all
from app.export.sink import ExportedFrame, RunFacts, Sink
from app.types import TrackedFrame


class ExportWriter:
    """A context manager: every frame goes to every sink.

    A clean exit completes all outputs and then gives them their names, in the order of the sinks; an exception leaves
    what is valid under partial names. With commit=False naming is left to the caller. Raises MediaError.
    """

    def __init__(self, sinks: Sequence[Sink], run: RunFacts, commit: bool = True) -> None:
        self._sinks, self._run, self._commit = tuple(sinks), run, commit
        self._open: list[Sink] = []

    def __enter__(self) -> Self:
        try:
            for sink in self._sinks:
                sink.open(self._run)
                self._open.append(sink)
        except BaseException:
            self._abandon()
            raise
        return self

    def write(self, frame: TrackedFrame) -> None:
        exported = ExportedFrame.of(frame, self._run.skeleton)
        for sink in self._sinks:
            sink.write(exported)

    def flush(self) -> None:
        """Hand everything to the system, so that a full disk shows now and not at the end."""
        for sink in self._sinks:
            sink.flush()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self._abandon()
            return
        try:
            while self._open:
                self._open.pop(0).close(complete=True)
        except BaseException:
            self._abandon()
            raise
        if self._commit:
            commit_all(sink.path for sink in self._sinks)

    def _abandon(self) -> None:
        while self._open:
            with contextlib.suppress(Exception):  # the error that led here is the one to report
                self._open.pop(0).close(complete=False)
