"""Annotating a queue of inputs, with the code and the results of the command line's `annotate`."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal

from app.analysis.executors import Executor, Serial
from app.analysis.inputs import AnnotationInput
from app.analysis.job import Hooks, Job, JobOptions, Outcome
from app.analysis.outputs import without_clashes
from app.analysis.worker_process import Processes
from app.gui.i18n.library_texts import in_users_language
from app.models.loading import LazyModel, load_model
from app.models.machine_load import parallel_jobs
from app.settings import ModelSettings, Settings
from app.sources import SourceInfo
from pose.decode_settings import DecodeSettings
from pose.engines.select import takes_graphics_card
from pose.errors import PoseStudioError

if TYPE_CHECKING:
    from pose.estimator import PoseEstimator

log = logging.getLogger(__name__)

TELL_S = 0.1  # between two reports of progress


class BatchRunner(QObject):
    """Runs one queue at a time; the model stays loaded for the next one.

    The thread keeps the runner alive, so a window may close while the last frame is being finished.
    """

    told = pyqtSignal(str)  # what is being prepared
    begun = pyqtSignal(object)  # AnnotationInput
    progressed = pyqtSignal(object, int, object)  # AnnotationInput, frames done, frames expected or None
    ended = pyqtSignal(object)  # Outcome
    finished = pyqtSignal()
    failed = pyqtSignal(str)  # nothing could be begun

    def __init__(
        self,
        load: Callable[[ModelSettings, DecodeSettings], PoseEstimator] = load_model,
        parallel: Callable[[], int] = parallel_jobs,
    ) -> None:
        """parallel: how many inputs may be worked on at a time, each by a process with a model of its own."""
        super().__init__()
        self._parallel = parallel
        self._loader = load
        self._last: LazyModel | None = None
        self._cancelled = threading.Event()
        self._left_out: set[AnnotationInput] = set()
        self._thread: threading.Thread | None = None

    @property
    def running(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def start(self, items: Sequence[AnnotationInput], settings: Settings, options: JobOptions) -> None:
        """Begin; every item ends with one `ended`, the queue with one `finished` or `failed`."""
        if self.running:
            raise RuntimeError("a queue is running already")
        self._cancelled.clear()
        self._left_out.clear()
        work = (list(items), settings, options)
        self._thread = threading.Thread(target=self._run, args=work, name="batch", daemon=True)
        self._thread.start()

    def leave_out(self, items: Iterable[AnnotationInput]) -> None:
        """Do not begin these; nothing more is reported of them."""
        self._left_out.update(items)

    def cancel(self) -> None:
        """Stop after the frame that is being worked on; `finished` follows."""
        self._cancelled.set()

    def join(self, timeout_s: float) -> bool:
        """Wait for the thread; False if it has not ended in time."""
        if self._thread is not None:
            self._thread.join(timeout_s)
        return not self.running

    def _run(self, items: list[AnnotationInput], settings: Settings, options: JobOptions) -> None:
        settings = like_command_line(settings)
        try:
            model = self._model(settings)
            _ = model.spec
        except PoseStudioError as error:
            self.failed.emit(in_users_language(str(error)))
            return
        items, clashes = without_clashes(items, options)
        for outcome in clashes:
            self.begun.emit(outcome.item)
            self.ended.emit(outcome)
        begun = {item: _Once(partial(self.begun.emit, item)) for item in items}
        executor = self._executor(model, len(items))
        try:
            for outcome in executor.run(
                [Job(item, settings, options) for item in items], lambda item: self._hooks(item, begun[item])
            ):
                self._report(outcome, begun[outcome.item])
        except Exception as error:
            self._report_failure(error)
            return
        self.finished.emit()

    def _executor(self, model: LazyModel, inputs: int) -> Executor:
        """Several processes where the machine has room for them; else this thread, whose model stays."""
        count = 1 if takes_graphics_card(model.model.device) else max(1, min(inputs, self._parallel()))
        return Serial(model) if count == 1 else Processes(count, model)

    def _report(self, outcome: Outcome, begin: _Once) -> None:
        if outcome.status == "cancelled" and not begin.done:
            if outcome.item not in self._left_out:
                self.ended.emit(replace(outcome, sentence=self.tr("not begun")))
            return
        begin()
        self.ended.emit(outcome)

    def _report_failure(self, error: Exception) -> None:
        if isinstance(error, PoseStudioError):
            self.failed.emit(in_users_language(str(error)))
        else:
            self.failed.emit(self.tr("The model could not be loaded ({0}).").format(type(error).__name__))

    def _hooks(self, item: AnnotationInput, report_begun: _Once) -> Hooks:
        done, expected, told_s = 0, None, 0.0

        def begin(info: SourceInfo, frames: int | None) -> None:
            nonlocal expected
            expected = frames
            report_begun()
            self.progressed.emit(item, 0, expected)

        def advance() -> None:
            nonlocal done, told_s
            done += 1
            now_s = time.perf_counter()
            if now_s - told_s >= TELL_S:
                told_s = now_s
                self.progressed.emit(item, done, expected)

        def notify(sentence: str) -> None:
            self.told.emit(in_users_language(sentence))

        def cancelled() -> bool:
            return self._cancelled.is_set() or (item in self._left_out and not report_begun.done)

        return Hooks(begin, advance, lambda: None, cancelled, notify)

    def _model(self, settings: Settings) -> LazyModel:
        if self._last is not None and self._last.model == settings.model and self._last.failure is None:
            self._last = self._last.with_decode(settings.decode)
        else:
            self._last = None  # free the old network before the new one needs its memory
            self._last = LazyModel(settings.model, settings.decode, self._load)
        return self._last

    def _load(self, model: ModelSettings, decode: DecodeSettings) -> PoseEstimator:
        self.told.emit(self.tr("Loading the model …"))
        return self._loader(model, decode)


class _Once:
    """A call of which only the first has an effect: an input begins when its model is there, or when it has ended."""

    def __init__(self, action: Callable[[], None]) -> None:
        self._action: Callable[[], None] | None = action

    @property
    def done(self) -> bool:
        return self._action is None

    def __call__(self) -> None:
        action, self._action = self._action, None
        if action is not None:
            action()


def like_command_line(settings: Settings) -> Settings:
    """The settings as `annotate --settings` understands them: live smoothing is a matter of `smoothing` alone."""
    live = settings.smoothing == "one-euro"
    return replace(settings, tracker=replace(settings.tracker, smooth=live))
