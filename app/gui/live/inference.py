"""The inference thread as the session sees it: what is asked of it, what lies before and behind it."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from PyQt6.QtCore import QObject, QThread, pyqtSignal

from app.gui.live.capture import Captured
from app.gui.live.workers import InferenceWorker
from app.gui.view.delivery import Delivery
from app.latest import LatestSlot

Newest = TypeVar("Newest", Captured, Delivery)


class Inference(QObject):
    """Runs an InferenceWorker on its own thread. The requests are signals: emitting one never waits.

    frames:  where the capture thread puts the newest frame; it emits `frame_waits` then.
    results: where the worker puts what it found; its `result_available` tells.
    """

    frame_waits = pyqtSignal()
    use_brain = pyqtSignal(object)  # Brain
    start_recording = pyqtSignal(object, int)  # Recorder, its key
    stop_recording = pyqtSignal()
    forget_source = pyqtSignal(int)  # the next source's key
    show_heatmap = pyqtSignal(bool)
    lock_on = pyqtSignal(int)  # an identity, 0 = nobody
    share = pyqtSignal(object)  # Sharer or None
    use_known = pyqtSignal(object)  # KnownPeople or None
    _finish = pyqtSignal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.frames: LatestSlot[Captured] = LatestSlot(_after_a_jump_too)
        self.results: LatestSlot[Delivery] = LatestSlot(_after_a_jump_too)
        self.worker = InferenceWorker(self.frames, self.results)
        self._thread = QThread(self)
        self._thread.setObjectName("inference")
        self.worker.moveToThread(self._thread)
        self.frame_waits.connect(self.worker.process)
        self.use_brain.connect(self.worker.set_brain)
        self.start_recording.connect(self.worker.start_recording)
        self.stop_recording.connect(self.worker.stop_recording)
        self.forget_source.connect(self.worker.forget_source)
        self.show_heatmap.connect(self.worker.set_heatmap)
        self.lock_on.connect(self.worker.set_locked)
        self.share.connect(self.worker.set_sharer)
        self.use_known.connect(self.worker.set_known)
        self._finish.connect(self.worker.finish)
        self._thread.start()

    def finish(self) -> None:
        """End the thread, after everything asked for before."""
        self._finish.emit()

    def wait(self, timeout_s: float) -> bool:
        """Whether the thread has ended in time."""
        return self._thread.wait(int(1000 * timeout_s))


def _after_a_jump_too(new: Newest, old: Newest) -> Newest:
    """Who skips a frame that came after a jump comes after the jump too."""
    return replace(new, jump=True) if old.jump else new
