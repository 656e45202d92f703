"""The analysis of the file that is open: found, made in the background, continued, read and edited."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PyQt6.QtCore import QObject, pyqtSignal, pyqtSlot

from app.analysis.edits import Edit
from app.analysis.facts import file_facts
from app.analysis.inputs import AnnotationInput
from app.analysis.job import JobOptions, Outcome
from app.analysis.repair import Repair, refit
from app.analysis.result import Result, open_result, refresh
from app.analysis.store import SUFFIX, open_store
from app.analysis.track_cache import tracks_of
from app.analysis.track_table import TrackTable
from app.gui.analysis.errands import Errands
from app.gui.analysis.tracking import Tracking, look_at, tracking_of
from app.gui.i18n.library_texts import in_users_language
from app.gui.panels.batch_runner import BatchRunner
from app.models.loading import load_model
from app.render.overlay import OverlayStyle
from app.settings import ModelSettings, Settings
from pose.decode_settings import DecodeSettings
from pose.errors import PoseStudioError

if TYPE_CHECKING:
    from pose.estimator import PoseEstimator

log = logging.getLogger(__name__)

Phase = Literal["none", "looking", "loading", "running", "reading", "ready"]
LESS_URGENT = 10  # how much the analysis gives way to everything else on the machine ("nice")


@dataclass(frozen=True, slots=True)
class AnalysisState:
    """What is known of the analysis of the open file.

    none:    there is no complete one; `started` says whether there is a part of one.
    done, expected: frames; expected None = not known. left_s: seconds that are still needed, None = not known.
    """

    phase: Phase = "none"
    path: Path | None = None
    started: bool = False
    done: int = 0
    expected: int | None = None
    left_s: float | None = None


class Analyst(QObject):
    """Signals come on the GUI thread's queue; everything slow runs on threads of its own.

    folders: where analyses may lie besides the video's own folder, the first is for those that cannot lie there.
    """

    state_changed = pyqtSignal(object)  # AnalysisState
    tracking_changed = pyqtSignal(object, object)  # Tracking or None, Findings or None while they are being made
    failed = pyqtSignal(str)
    _looked = pyqtSignal(int, object, bool)  # key, store or None, complete
    _read = pyqtSignal(int, object, object)  # key, TrackTable, (Tracking, Findings)
    _told = pyqtSignal(int, str)  # key, what went wrong

    def __init__(
        self,
        folders: Callable[[], Iterable[Path]],
        load: Callable[[ModelSettings, DecodeSettings], PoseEstimator] = load_model,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.state = AnalysisState()
        self.tracking: Tracking | None = None
        self._folders = folders
        self._key = 0  # of the file that is open: late news of others is dropped
        self._table: TrackTable | None = None
        self._store: Path | None = None
        self._wanted: tuple[Path, Settings] | None = None  # to be started when the last run has ended
        self._changes_asked = 0
        self._written: tuple[Edit, ...] = ()  # that the results hold; of the errands' thread
        self._busy = False  # from a start of the runner to its last signal
        self._begun_s, self._first_done = 0.0, 0
        self._errands = Errands("analysis")
        self._runner = BatchRunner(lambda model, decode: _give_way_and(load, model, decode))
        self._runner.told.connect(lambda _: self._set(phase="loading"))
        self._runner.progressed.connect(self._on_progress)
        self._runner.ended.connect(self._on_ended)
        self._runner.finished.connect(self._on_run_over)
        self._runner.failed.connect(self._on_run_failed)
        self._looked.connect(self._on_looked)
        self._read.connect(self._on_read)
        self._told.connect(self._on_told)

    # The file

    def open(self, path: Path | None) -> None:
        """Another file is open, or none: look for its analysis."""
        self._key += 1
        self._wanted = None
        if self._busy:
            self._runner.cancel()
        self._table, self._store = None, None
        self._show(None, None)
        self._set(phase="none" if path is None else "looking", path=path, started=False, done=0, expected=None)
        if path is not None:
            key, folders = self._key, [path.parent, *self._folders()]
            self._errands.put(lambda: self._look(key, path, folders))

    def _look(self, key: int, path: Path, folders: list[Path]) -> None:
        found, complete = find_analysis(path, folders)
        self._looked.emit(key, found, complete)

    @pyqtSlot(int, object, bool)
    def _on_looked(self, key: int, store: Path | None, complete: bool) -> None:
        if key != self._key:
            return
        self._store = store
        if complete:
            self._load()
        else:
            self._set(phase="none", started=store is not None)

    # Making it

    def start(self, settings: Settings) -> None:
        """Analyse the open file, or go on where it was left."""
        path = self.state.path
        if path is None or self.state.phase != "none":
            return
        self._set(phase="loading", done=0, expected=None, left_s=None)
        if self._busy:  # with the file before
            self._wanted = (path, settings)
        else:
            self._begin(path, settings)

    def cancel(self) -> None:
        """Stop; what was analysed stays, and `start` goes on from there."""
        self._wanted = None
        self._runner.cancel()

    def _begin(self, path: Path, settings: Settings) -> None:
        folder = self._store.parent if self._store is not None else _writable(path.parent, self._folders())
        stem = self._store.stem if self._store is not None else path.stem
        self._begun_s = 0.0
        options = JobOptions(folder, video=False)
        self._busy = True
        self._runner.join(2.0)  # its last signal is out: it ends at once
        self._runner.start([AnnotationInput(path, path.name, stem)], settings, options)

    @pyqtSlot(object, int, object)
    def _on_progress(self, item: AnnotationInput, done: int, expected: int | None) -> None:
        if item.spec != self.state.path or self.state.phase not in ("loading", "running"):
            return
        now_s = time.perf_counter()
        if self._begun_s == 0.0 and done:
            self._begun_s, self._first_done = now_s, done
        left_s = None
        if expected and done > self._first_done + 5:
            left_s = (now_s - self._begun_s) / (done - self._first_done) * max(expected - done, 0)
        self._set(phase="running", done=done, expected=expected, left_s=left_s)

    @pyqtSlot(object)
    def _on_ended(self, outcome: Outcome) -> None:
        if outcome.item.spec != self.state.path or self._wanted is not None:
            return
        folder = self._store.parent if self._store is not None else None
        if outcome.status in ("done", "skipped"):
            path, key = self.state.path, self._key
            assert path is not None
            folders = [*([folder] if folder else []), path.parent, *self._folders()]
            self._errands.put(lambda: self._look(key, path, folders))
        else:
            self._set(phase="none", started=True)
            if outcome.status == "failed":
                self.failed.emit(in_users_language(outcome.sentence))

    @pyqtSlot()
    def _on_run_over(self) -> None:
        self._busy = False
        wanted, self._wanted = self._wanted, None
        if wanted is not None and wanted[0] == self.state.path:
            self._begin(*wanted)

    @pyqtSlot(str)
    def _on_run_failed(self, sentence: str) -> None:
        self._on_run_over()
        if self.state.phase in ("loading", "running") and not self._busy:
            self._set(phase="none")
            self.failed.emit(sentence)

    # Reading and editing, each on the errands' thread with a store that it opens for itself

    def edit(self, make: Callable[[Repair], Edit]) -> None:
        """Add an edit of the tracking as it is when its turn comes."""

        def change(result: Result, table: TrackTable) -> None:
            edits, _ = refit(result.log.active, table)
            result.log.add(make(Repair(table.edited(edits))))

        self._change(change)

    def undo(self) -> None:
        self._change(lambda result, table: _ignore(result.log.undo()))

    def redo(self) -> None:
        self._change(lambda result, table: _ignore(result.log.redo()))

    def _change(self, change: Callable[[Result, TrackTable], None]) -> None:
        table = self._table
        if table is None:
            return

        self._changes_asked += 1
        number, key, store = self._changes_asked, self._key, self._store
        assert store is not None

        def errand() -> None:
            with self._reported(key), open_result(store) as result:
                with self._reported(key):  # an edit that makes no sense; what others changed is still to be shown
                    change(result, table)
                self._read.emit(key, table, (tracking_of(result, table), None))
                if number == self._changes_asked or key != self._key:  # otherwise the next one does it for both
                    tracking, findings = look_at(result, table)
                    self._read.emit(key, table, (tracking, findings))
                    written = tuple(edit for edit in tracking.edits if edit.changes_results)
                    if written != self._written:
                        refresh(result, tracking.edits)
                        self._written = written

        self._errands.put(errand)

    def _load(self) -> None:
        store, key = self._store, self._key
        if store is None:
            return
        self._set(phase="reading")

        def errand() -> None:
            with self._reported(key), open_result(store) as result:
                table = tracks_of(result)
                self._read.emit(key, table, (tracking_of(result, table), None))
                tracking, findings = look_at(result, table)
                self._written = tuple(edit for edit in tracking.edits if edit.changes_results)
                self._read.emit(key, table, (tracking, findings))

        self._errands.put(errand)

    @contextlib.contextmanager
    def _reported(self, key: int) -> Iterator[None]:
        """What goes wrong on the errands' thread becomes one sentence in the window."""
        try:
            yield
        except PoseStudioError as error:
            self._told.emit(key, in_users_language(str(error)))
        except Exception as error:
            log.exception("reading or editing an analysis")
            self._told.emit(key, type(error).__name__)

    @pyqtSlot(int, object, object)
    def _on_read(self, key: int, table: TrackTable, found: tuple[object, object]) -> None:
        if key == self._key:
            self._table = table
            self._set(phase="ready")
            self._show(*found)

    @pyqtSlot(int, str)
    def _on_told(self, key: int, sentence: str) -> None:
        if key == self._key:
            if self._table is None:
                self._set(phase="none")
            self.failed.emit(sentence)

    @property
    def results(self) -> Path | None:
        """Where the table of the open file lies, if it has an analysis and a table."""
        return None if self._store is None else self._store.with_suffix(".csv")

    def report(self, path: Path, overlay: OverlayStyle, done: Callable[[Path], None]) -> None:
        """Write the report page of the open file; `done` is called on another thread.

        overlay: how people may be shown in its pictures.
        """
        store, key, video = self._store, self._key, self.state.path
        if store is None:
            return

        def errand() -> None:
            from app.report.batch import entry_of
            from app.report.page import write_report

            with self._reported(key), open_result(store) as result:
                folders = [video.parent] if video is not None else []
                write_report(path, [entry_of(result, videos=folders, overlay=overlay)])
                done(path)

        self._errands.put(errand)

    def shutdown(self, timeout_s: float) -> bool:
        """Stop after the frame that is in the network; whether all has ended in time."""
        self._key += 1
        deadline_s = time.perf_counter() + timeout_s
        self._runner.cancel()
        self._errands.close()
        ended = self._errands.join(max(deadline_s - time.perf_counter(), 0.0))
        return self._runner.join(max(deadline_s - time.perf_counter(), 0.0)) and ended

    def _show(self, tracking: object, findings: object) -> None:
        self.tracking = tracking if isinstance(tracking, Tracking) else None
        if self.tracking is not None:
            log.info("edits in force: %d", len(self.tracking.edits))
        self.tracking_changed.emit(tracking, findings)

    def _set(self, **changes: object) -> None:
        state = replace(self.state, **changes)  # type: ignore[arg-type]
        if state != self.state:
            if state.phase != self.state.phase:
                log.info("analysis: %s", state.phase)
            self.state = state
            self.state_changed.emit(state)


def find_analysis(path: Path, folders: Iterable[Path]) -> tuple[Path | None, bool]:
    """The stored detections of a video and whether they are complete: complete ones first, then the first begun."""
    begun = None
    for folder in dict.fromkeys(folders):
        store = folder / f"{path.stem}{SUFFIX}"
        with contextlib.suppress(PoseStudioError, OSError):
            if not store.is_file():
                continue
            with open_store(store) as opened:
                if opened.head.files != file_facts([path]):
                    continue
                if opened.complete:
                    return store, True
                begun = begun or store
    return begun, False


def _writable(folder: Path, others: Iterable[Path]) -> Path:
    return folder if os.access(folder, os.W_OK) else next(iter(others), folder)


def _ignore(value: object) -> None:
    """For calls whose result is of no use."""


def _give_way_and(
    load: Callable[[ModelSettings, DecodeSettings], PoseEstimator], model: ModelSettings, decode: DecodeSettings
) -> PoseEstimator:
    """Load on this thread after making it, and those that it starts, less urgent than the window's."""
    with contextlib.suppress(AttributeError, OSError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LESS_URGENT)
    return load(model, decode)
