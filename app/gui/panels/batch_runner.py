"""Annotating a queue of inputs on one thread, with the code and the results of the command line's `annotate`."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal

from app.analysis.batch import BatchOptions, Hooks, Outcome, annotate_input
from app.analysis.inputs import AnnotationInput
from app.gui.i18n.library_texts import in_users_language
from app.models.loading import load_model, model_info
from app.pipeline import Pipeline
from app.settings import ModelSettings, Settings
from app.sources import SourceInfo
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

    def __init__(self, load: Callable[[Settings], PoseEstimator] | None = None) -> None:
        super().__init__()
        self._load = load or (lambda settings: load_model(settings.model, settings.decode))
        self._loaded: tuple[ModelSettings, PoseEstimator] | None = None
        self._cancelled = threading.Event()
        self._left_out: set[AnnotationInput] = set()
        self._thread: threading.Thread | None = None

    @property
    def running(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def start(self, items: Sequence[AnnotationInput], settings: Settings, options: BatchOptions) -> None:
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

    def _run(self, items: list[AnnotationInput], settings: Settings, options: BatchOptions) -> None:
        try:
            settings = like_command_line(settings)
            estimator = self._estimator(settings)
        except PoseStudioError as error:
            self.failed.emit(in_users_language(str(error)))
            return
        except Exception as error:
            log.exception("loading the model")
            self.failed.emit(self.tr("The model could not be loaded ({0}).").format(type(error).__name__))
            return
        self._annotate(items, estimator, settings, options)
        self.finished.emit()

    def _annotate(
        self, items: list[AnnotationInput], estimator: PoseEstimator, settings: Settings, options: BatchOptions
    ) -> None:
        from tracking.tracker import Tracker

        pipeline = Pipeline(estimator, Tracker(estimator.skeleton, settings.tracker))
        for item in items:
            if item in self._left_out:
                continue
            if self._cancelled.is_set():
                self.ended.emit(Outcome(item, "cancelled", False, self.tr("not begun")))
                continue
            self.begun.emit(item)
            hooks = self._hooks(item)
            self.ended.emit(annotate_input(item, pipeline, model_info(estimator), settings, options, hooks))

    def _hooks(self, item: AnnotationInput) -> Hooks:
        done, expected, told_s = 0, None, 0.0

        def begin(info: SourceInfo, frames: int | None) -> None:
            nonlocal expected
            expected = frames
            self.progressed.emit(item, 0, expected)

        def advance() -> None:
            nonlocal done, told_s
            done += 1
            now_s = time.perf_counter()
            if now_s - told_s >= TELL_S:
                told_s = now_s
                self.progressed.emit(item, done, expected)

        return Hooks(begin, advance, lambda: None, self._cancelled.is_set)

    def _estimator(self, settings: Settings) -> PoseEstimator:
        if self._loaded is None or self._loaded[0] != settings.model:
            self._loaded = None  # free the old network before the new one needs its memory
            self.told.emit(self.tr("Loading the model …"))
            self._loaded = (settings.model, self._load(settings))
        return self._loaded[1].with_settings(settings.decode)


def like_command_line(settings: Settings) -> Settings:
    """The settings as `annotate --settings` understands them: live smoothing is a matter of `smoothing` alone."""
    live = settings.smoothing == "one-euro"
    return replace(settings, tracker=replace(settings.tracker, smooth=live))
