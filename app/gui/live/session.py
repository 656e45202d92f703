"""The controller between the window and the threads: one source, one model, one recording at a time.

Lives on the GUI thread and never waits: sources open, seek and close on the capture thread, models load on the
loader's, frames are analysed and recorded on the inference thread.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

from PyQt6.QtCore import QObject, QTimer, pyqtSignal, pyqtSlot

from app.gui.live.capture import Capture
from app.gui.live.figures import Figures
from app.gui.live.inference import Inference
from app.gui.live.people_watch import PeopleWatch
from app.gui.live.playback import Playback
from app.gui.live.session_state import Backend, Event, SessionState, SourceSpec, what_is_awaited
from app.gui.live.workers import Brain, KnownPeople, ModelLoader, Recorder, Sharer
from app.gui.view.delivery import Delivery
from app.gui.view.hud import HudStats
from app.sources.base import Source, SourceInfo

log = logging.getLogger(__name__)

STATS_MS = 500
SAVING_S = 60.0  # at most, when the program ends during a recording
RELEASE_S = 3.0  # at most, until a camera that is opened again is let go of


class Session(QObject):
    """Everything the window asks for, as methods that return at once; everything that happens, as signals."""

    result_ready = pyqtSignal(object)  # FrameResult
    delivery_ready = pyqtSignal(object)  # Delivery, for the image
    state_changed = pyqtSignal(object)  # SessionState
    stats_changed = pyqtSignal(object)  # HudStats
    source_failed = pyqtSignal(str)  # the source is gone; one plain sentence
    failed = pyqtSignal(str)  # anything else that does not work
    record_failed = pyqtSignal(str)  # the recording has ended; one plain sentence
    mended = pyqtSignal(str)  # what `failed` told is over
    warned = pyqtSignal(str)
    informed = pyqtSignal(str)
    waiting_changed = pyqtSignal(str)  # what is being waited for, "" = nothing
    loading_reported = pyqtSignal(str)  # what is being done until a model is there, "" = nothing

    def __init__(self, backend: Backend, settings: Any, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._backend = backend
        self._settings = settings
        self._forced_device = ""
        self.state = SessionState(loading=True)
        self.people = PeopleWatch(self)
        self.last: Delivery | None = None
        self._capture: Capture | None = None
        self._retired: list[Capture] = []  # told to stop, may still be held up by a driver
        self._source_key = 0
        self._waiting = ""
        self._loading_text = ""
        self.problem = ""  # what `failed` told and is not over yet
        self._model_has_run = False  # on the source that is open
        self._starts = 0  # of playing, by the user, on the source that is open
        self._last_frame_s = 0.0
        self._started_recording_s = 0.0
        self._recording_key = 0  # of the newest recording
        self._closing: set[int] = set()  # keys of recordings that are not closed yet

        self._figures = Figures()
        self._inference = Inference(self)
        self.people.locked_changed.connect(lambda track_id, _: self._inference.lock_on.emit(track_id))
        worker = self._inference.worker
        worker.result_available.connect(self._take)
        worker.out_of_memory.connect(self._on_out_of_memory)
        worker.failed.connect(self._fail)
        worker.recording_stopped.connect(self._on_recording_stopped)
        worker.recording_waits.connect(self._on_recording_waits)

        self._loader = ModelLoader(lambda r, progress: backend.build_brain(r[0], r[1], progress))
        self._loader.progress.connect(self._on_progress)
        self._loader.loaded.connect(self._on_loaded)
        self._loader.failed.connect(self._on_load_failed)
        self._loader.load((settings, ""))

        self._timer = QTimer(self)
        self._timer.timeout.connect(self._update_stats)
        self._timer.start(STATS_MS)

    # Source

    def open(self, spec: SourceSpec, before: Callable[[], None] | None = None) -> None:
        """Open a file, camera index, stream URL or the sample scene, instead of what is open now.

        before: called on the capture thread first, to wait until a camera is free.
        """
        self._leave_source()
        self._figures.begin_source(self._inference.frames.dropped)
        self._model_has_run = False
        self._starts = 0
        self._enter("open", spec=spec)
        self._set_waiting(self.tr("Opening …"))

        leaving = list(self._retired)

        def open_source(sleep: Callable[[float], None]) -> Source:
            for capture in leaving:  # most cameras serve one reader at a time
                capture.join(RELEASE_S)
            if before is not None:
                before()
            return self._backend.open_source(spec, sleep)

        capture = Capture(
            self._source_key,
            open_source,
            self._inference.frames,
            self._inference.frame_waits.emit,
            self._playback(False),
        )
        capture.opened.connect(self._on_opened)
        capture.failed.connect(self._on_source_failed)
        capture.recovered.connect(self._on_recovered)
        capture.paused.connect(self._on_end)
        capture.end_found.connect(self._on_end_found)
        capture.warned.connect(self._on_source_warned)
        capture.finished.connect(self._on_capture_finished)
        self._capture = capture
        capture.start()

    def close_source(self) -> None:
        self._leave_source()
        self._set_waiting("")
        self._enter("leave")

    def _leave_source(self) -> None:
        self._retire_source()
        self._source_key += 1
        self.last = None
        self.people.forget()
        self._inference.forget_source.emit(self._source_key)

    def _retire_source(self) -> None:
        self.stop_recording()
        if self._capture is not None:
            self._capture.stop()
            self._retired.append(self._capture)
            self._capture = None

    @pyqtSlot(int, object)
    def _on_opened(self, key: int, info: SourceInfo) -> None:
        if key == self._source_key and self._enter("opened", info=info):
            self._last_frame_s = time.perf_counter()
            self._push_playback()
            self._update_waiting()

    @pyqtSlot(int, str, bool)
    def _on_source_failed(self, key: int, message: str, for_good: bool) -> None:
        if key != self._source_key:
            return
        if for_good:
            self.close_source()
            self.source_failed.emit(message)
        elif self._enter("break_off"):
            self._set_waiting(message)

    @pyqtSlot(int)
    def _on_recovered(self, key: int) -> None:
        if key == self._source_key and self._enter("recover"):
            self._last_frame_s = time.perf_counter()
            self._update_waiting()

    @pyqtSlot(int)
    def _on_end(self, key: int) -> None:
        if key == self._source_key:
            self._enter("pause")

    @pyqtSlot(int, float)
    def _on_end_found(self, key: int, last_s: float) -> None:
        if key == self._source_key:
            self._set_state(last_s=last_s)

    @pyqtSlot(int, str)
    def _on_source_warned(self, key: int, text: str) -> None:
        if key == self._source_key:
            self.warned.emit(text)

    @pyqtSlot(int)
    def _on_capture_finished(self, key: int) -> None:
        self._retired = [capture for capture in self._retired if capture.source_key != key]

    # Playing

    def play(self) -> None:
        if self._enter("play"):
            self._starts += 1
            self._push_playback()

    def pause(self) -> None:
        if self._enter("pause"):
            self._push_playback()

    def toggle_play(self) -> None:
        if self.state.playing:
            self.pause()
        else:
            self.play()

    def step(self, count: int) -> None:
        """Pause and move by whole frames."""
        if self._capture is not None and not self.state.live:
            self.pause()
            self._capture.step(count)

    def seek(self, time_s: float) -> None:
        if self._capture is not None and not self.state.live:
            self._capture.seek(max(time_s, 0.0))

    def seek_by(self, seconds: float) -> None:
        """Later, or earlier if negative; from where earlier requests lead to, although that is not shown yet."""
        if self._capture is not None and not self.state.live:
            self._capture.seek_by(seconds)

    def set_speed(self, speed: float) -> None:
        self._set_state(speed=speed)
        self._push_playback()

    def set_loop(self, loop: bool) -> None:
        self._set_state(loop=loop)
        self._push_playback()

    def set_in_point(self, time_s: float | None) -> None:
        """Where playing begins; an out point that would come before it is taken away."""
        out_s = self.state.out_s
        keep = time_s is None or out_s is None or time_s < out_s
        self._set_state(in_s=time_s, out_s=out_s if keep else None)
        self._push_playback()

    def set_out_point(self, time_s: float | None) -> None:
        """Where playing ends; an in point that would come after it is taken away."""
        in_s = self.state.in_s
        keep = time_s is None or in_s is None or in_s < time_s
        self._set_state(in_s=in_s if keep else None, out_s=time_s)
        self._push_playback()

    def _playback(self, playing: bool) -> Playback:
        s = self.state
        return Playback(playing, s.speed, s.loop, s.in_s, s.out_s, self._starts)

    def _push_playback(self) -> None:
        """A file waits for the model's first result, so that no frame passes by unseen; live images never wait."""
        if self._capture is not None:
            there_will_be_no_model = not self.state.loading and not self.state.model
            ready = self.state.live or self._model_has_run or there_will_be_no_model
            self._capture.set_playback(self._playback(self.state.playing and ready))

    # Results

    @pyqtSlot()
    def _take(self) -> None:
        delivery = self._inference.results.take()
        if delivery is None or delivery.source_key != self._source_key:
            return
        self.last = delivery
        if delivery.with_model and not self._model_has_run:
            self._model_has_run = True
            log.info("first tracked frame")
            self._push_playback()
        self._last_frame_s = time.perf_counter()
        self.people.see(delivery, self.state.live)
        self.delivery_ready.emit(delivery)
        self.result_ready.emit(delivery.result)
        self.state = replace(self.state, position_s=delivery.result.frame.time_s)
        if not self.state.playing:
            log.info("at frame %d", delivery.result.frame.index)
        self._update_waiting()

    @pyqtSlot(float)
    def note_painted(self, latency_s: float) -> None:
        """The image tells when it has put a frame on the screen."""
        self._figures.painted(latency_s)

    def stats(self) -> HudStats:
        """The figures of the last moments."""
        captured = self._capture.captured_count if self._capture else 0
        inferred, dropped = self._inference.worker.inferred_count, self._inference.frames.dropped
        model = self.state.model or ("" if self.state.loading else self.tr("none"))
        return self._figures.read(captured, inferred, dropped, self.last, model, self.state.engine)

    def _update_stats(self) -> None:
        self.stats_changed.emit(self.stats())
        self._update_waiting()
        if self.state.recording:
            self.state = replace(self.state, record_s=time.perf_counter() - self._started_recording_s)
            self.state_changed.emit(self.state)

    def _update_waiting(self) -> None:
        if self.state.phase != "interrupted":
            silent_s = time.perf_counter() - self._last_frame_s
            self._set_waiting(what_is_awaited(self.state, self._model_has_run, silent_s, self._loading_text))

    def _set_waiting(self, text: str) -> None:
        if text != self._waiting:
            self._waiting = text
            self.waiting_changed.emit(text)

    # Model

    def set_heatmap(self, shown: bool) -> None:
        """Deliver what the network sees with every result."""
        self._inference.show_heatmap.emit(shown)

    def set_known(self, known: KnownPeople | None) -> None:
        """Show the people of an analysis of the open file; None = look for them again."""
        self._inference.use_known.emit(known)

    def apply_settings(self, settings: Any) -> None:
        """Use other settings as soon as what they need is loaded; until then everything goes on as before."""
        self._settings, self._forced_device = settings, ""
        self._set_state(loading=True)
        self._loader.load((settings, ""))

    @pyqtSlot(str)
    def _on_progress(self, sentence: str) -> None:
        self._loading_text = sentence
        self.loading_reported.emit(sentence)
        self._update_waiting()

    @pyqtSlot(object, object)
    def _on_loaded(self, brain: Brain, request: tuple[Any, str]) -> None:
        if request != (self._settings, self._forced_device):
            return  # a newer request is on its way
        self._inference.use_brain.emit(brain)
        self._set_state(model=brain.model, engine=f"{brain.engine} · {brain.device.upper()}", loading=False)
        self._on_progress("")
        self._push_playback()
        if self.problem:
            problem, self.problem = self.problem, ""
            self.mended.emit(problem)
        if brain.notice:
            self.warned.emit(brain.notice)

    @pyqtSlot(str, object)
    def _on_load_failed(self, message: str, request: tuple[Any, str]) -> None:
        if request != (self._settings, self._forced_device):
            return
        self._set_state(loading=False)
        self._on_progress("")
        self._push_playback()
        self._fail(message)

    @pyqtSlot(str)
    def _fail(self, message: str) -> None:
        self.problem = message
        self.failed.emit(message)

    @pyqtSlot(str)
    def _on_out_of_memory(self, device: str) -> None:
        if self._forced_device == "cpu":
            return
        self._forced_device = "cpu"
        self._set_state(loading=True)
        self._loader.load((self._settings, "cpu"))
        self.warned.emit(
            self.tr(
                "The memory of {device} is full, so the processor takes over and everything is slower. "
                "Close other programs, or choose a smaller model or input size in Settings."
            ).format(device=device.upper())
        )

    # Recording

    def start_recording(self, recorder: Recorder) -> None:
        """Does nothing without a source, or while something is recorded."""
        if self._enter("record"):
            self._started_recording_s = time.perf_counter()
            self._recording_key += 1
            self._closing.add(self._recording_key)
            self._inference.start_recording.emit(recorder, self._recording_key)

    def stop_recording(self) -> None:
        if self._enter("stop_recording"):
            self._inference.stop_recording.emit()

    @pyqtSlot(int, str)
    def _on_recording_stopped(self, key: int, problem: str) -> None:
        self._closing.discard(key)
        if problem:
            if key == self._recording_key:
                self._enter("stop_recording")
            self.record_failed.emit(problem)
        else:
            self.informed.emit(self.tr("The recording is saved."))

    @pyqtSlot()
    def _on_recording_waits(self) -> None:
        self.informed.emit(self.tr("This part is recorded already; the recording goes on where it was."))

    # Other programs

    @pyqtSlot(object)
    def share(self, sharer: Sharer | None) -> None:
        """Send every result to other programs from now on."""
        self._inference.share.emit(sharer)

    # End

    def shutdown(self, timeout_s: float = 0.9) -> bool:
        """Stop everything: capture first, then the worker. True if every thread has ended in time.

        A recording is waited for longer: its last images have to be encoded and its files closed.
        """
        deadline_s = time.perf_counter() + (max(timeout_s, SAVING_S) if self._closing else timeout_s)

        def left_s() -> float:
            return max(deadline_s - time.perf_counter(), 0.0)

        self._timer.stop()
        self._retire_source()
        self._loader.stop()
        self._inference.finish()
        self.state = self.state.after("shut_down") or self.state  # nobody hears of it any more
        captures = self._retired
        self._retired = []
        ended = self._inference.wait(left_s())
        ended &= self._loader.join(left_s())
        for capture in captures:
            ended &= capture.join(left_s())
        return ended

    def _enter(self, event: Event, **facts: Any) -> bool:
        """Get into the state after an event. False if it does not apply now, as late news, and nothing was done."""
        state = self.state.after(event, **facts)
        if state is None:
            log.debug("ignored: %s", event)
            return False
        self._become(state)
        return True

    def _set_state(self, **changes: Any) -> None:
        """Change what has nothing to do with the phase."""
        self._become(replace(self.state, **changes))

    def _become(self, state: SessionState) -> None:
        if state != self.state:
            values = {f.name: getattr(state, f.name) for f in fields(state)}
            log.info("now %s", {name: value for name, value in values.items() if value != getattr(self.state, name)})
            self.state = state
            self.state_changed.emit(state)
