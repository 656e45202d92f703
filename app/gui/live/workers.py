"""The inference worker and the model loader.

The worker is event-driven on a QThread, without a loop of its own: settings and stop requests arrive between frames.
"""

from __future__ import annotations

import contextlib
import logging
import math
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, Protocol, cast

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QObject, pyqtSignal, pyqtSlot

from app.gui.i18n.library_texts import in_users_language
from app.gui.live.capture import Captured
from app.gui.live.identities import Identities
from app.gui.live.live_estimator import LiveEstimator
from app.gui.view.delivery import Delivery
from app.latest import LatestSlot
from app.looks import SceneLooks
from app.pipeline import Pipeline
from app.types import FrameResult, StageTimes
from pose.errors import PoseStudioError
from pose.skeleton import COCO17, Skeleton
from tracking.settings import TrackerSettings
from tracking.types import TrackedPoses

if TYPE_CHECKING:
    from tracking.tracker import Tracker

log = logging.getLogger(__name__)

NO_TIMES = StageTimes(0.0, 0.0, 0.0, 0.0)
MAX_FAILURES = 3  # frames in a row on which inference may fail before it is switched off


@dataclass(frozen=True, slots=True)
class Brain:
    """A loaded model, how to track what it finds, and what to say about it."""

    estimator: Any  # PoseEstimator, or anything with its `skeleton` and `estimate`
    tracker_settings: TrackerSettings
    model: str  # "litepose-m · 448 px"
    engine: str  # "openvino bf16"
    device: str  # "cpu"
    notice: str = ""  # something the user must know: a fallback that was taken
    parallel_requests: Literal["auto", "one", "two"] = "auto"  # as in Settings
    facts: Mapping[str, Any] = field(default_factory=dict)  # what files tell about the model
    refine_whom: Literal["everybody", "locked"] = "everybody"  # as in Settings

    @property
    def skeleton(self) -> Skeleton:
        return cast(Skeleton, self.estimator.skeleton)


class KnownPeople(Protocol):
    """Who is where in the frames of an analysed file: app.gui.analysis.tracking.Tracking."""

    @property
    def skeleton(self) -> Skeleton: ...

    def people_of(self, frame: int) -> TrackedPoses | None:
        """The people of a frame by its index; None if it was not analysed."""


class Recorder(Protocol):
    """Where results are recorded. `write` raises PoseStudioError; `close` returns "" or what went wrong."""

    def write(self, result: FrameResult, brain: Brain) -> None: ...

    def close(self) -> str: ...


class Sharer(Protocol):
    """Where results are sent as they happen. Raises nothing."""

    def publish(self, result: FrameResult, skeleton: Skeleton, captured_s: float) -> None: ...

    def close(self) -> None: ...


class ModelLoader(QObject):
    """Builds a Brain from settings, away from the GUI and from the frames. Only the newest request counts.

    A plain thread that waits on a slot: it ends at once when the slot closes, and cannot hold up the program's end
    while a model is being compiled.
    """

    progress = pyqtSignal(str)  # what is being done, for the user
    loaded = pyqtSignal(object, object)  # Brain, the settings it was built from
    failed = pyqtSignal(str, object)  # one plain sentence, the settings

    def __init__(self, build: Callable[[Any, Callable[[str], None]], Brain]) -> None:
        super().__init__()
        self._build = build
        self._requests: LatestSlot[Any] = LatestSlot()
        self._thread = threading.Thread(target=self._run, name="model-loader", daemon=True)
        self._thread.start()

    def load(self, settings: Any) -> None:
        self._requests.put(settings)

    def stop(self) -> None:
        self._requests.close()

    def join(self, timeout_s: float) -> bool:
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while (settings := self._requests.get()) is not None:
            try:
                brain = self._build(settings, lambda sentence: self._tell(self.progress, sentence))
            except PoseStudioError as error:
                self._tell(self.failed, in_users_language(str(error)), settings)
            except Exception as error:
                log.exception("loading the model")
                self._tell(self.failed, self._explain(error), settings)
            else:
                self._tell(self.loaded, brain, settings)

    def _explain(self, error: Exception) -> str:
        if is_out_of_memory(error) or isinstance(error, MemoryError):
            return self.tr("There is not enough memory for this model. Choose a smaller model or input size.")
        return self.tr("The model could not be loaded. Choose another model or engine in Settings.")

    def _tell(self, signal: Any, *arguments: object) -> None:
        if not self._requests.closed:
            with contextlib.suppress(RuntimeError):  # the window was closed meanwhile
                signal.emit(*arguments)


class InferenceWorker(QObject):
    """Takes the newest frame, finds and tracks the people, hands the result to the screen and to the recorder."""

    result_available = pyqtSignal()
    out_of_memory = pyqtSignal(str)  # the device that ran out
    failed = pyqtSignal(str)
    recording_stopped = pyqtSignal(int, str)  # the recording's key; "" or what went wrong, one plain sentence
    recording_waits = pyqtSignal()  # the user went back to what is recorded already

    def __init__(self, frames: LatestSlot[Captured], results: LatestSlot[Delivery]) -> None:
        super().__init__()
        self.frames = frames
        self.results = results
        self.inferred_count = 0
        self._brain: Brain | None = None
        self._tracker: Tracker | None = None
        self._pipeline: Pipeline | None = None
        self._source_key: int | None = None  # None = any
        self._recorder: Recorder | None = None
        self._sharer: Sharer | None = None
        self._recording_key = 0
        self._recorded_to_s = -math.inf
        self._last_recorded: Captured | None = None
        self._recording_waits = False
        self._last: Captured | None = None
        self._failures = 0
        self._wants_heatmap = False
        self._live: LiveEstimator | None = None
        self._upcoming: deque[Captured] = deque()  # taken early, because the network had room
        self._people_key = 0
        self._identities = Identities()
        self._known: KnownPeople | None = None
        self._locked_id = 0
        self._tracks: TrackedPoses | None = None  # of the last frame that was analysed

    @pyqtSlot()
    def process(self) -> None:
        captured = self._upcoming.popleft() if self._upcoming else self.frames.take()
        if captured is not None and not self._is_late(captured):
            self._handle(captured)

    def _is_late(self, captured: Captured) -> bool:
        """Whether this frame is of a source that was left."""
        return self._source_key is not None and captured.source_key != self._source_key

    def _look_ahead(self) -> NDArray[np.uint8] | None:
        """The next image. It is handled when `process` is called for it, as if it had waited in the slot."""
        captured = self.frames.take()
        if captured is None or self._is_late(captured):
            return None
        self._upcoming.append(captured)
        return captured.frame.image_bgr

    @pyqtSlot(object)
    def set_brain(self, brain: Brain) -> None:
        """Use another model or other settings from now on; an image that stands still is looked at again."""
        if self._tracker is not None and self._tracker.skeleton == brain.skeleton:
            self._tracker.settings = brain.tracker_settings  # who was known stays known
        else:
            self._tracker, self._identities = _new_tracker(brain), Identities()
            self._people_key += 1
        self._brain, self._failures = brain, 0
        self._close_live()
        aimed = brain.refine_whom == "locked"
        estimator = brain.estimator.aimed_at(self._locked_pose) if aimed else brain.estimator
        self._live = LiveEstimator(estimator, self._look_ahead)
        self._pipeline = Pipeline(self._live, self._tracker, SceneLooks())
        self._look_again()

    def _look_again(self) -> None:
        if self._last is not None and not self._upcoming and len(self.frames) == 0:
            self._handle(replace(self._last, captured_s=time.perf_counter()), again=True)

    @pyqtSlot(object)
    def set_known(self, known: KnownPeople | None) -> None:
        """Show these people instead of looking for them, or look again (None)."""
        if (known is None) != (self._known is None):
            self._people_key += 1
            if self._pipeline is not None:
                self._pipeline.forget_people()
            self._identities = Identities()
        self._known = known
        self._look_again()

    @pyqtSlot(object, int)
    def start_recording(self, recorder: Recorder, key: int) -> None:
        """Record every result from now on. `key` comes back when the recording stops."""
        self.stop_recording()
        self._recorder, self._recording_key = recorder, key
        self._recorded_to_s, self._recording_waits = -math.inf, False
        self._last_recorded = None

    @pyqtSlot()
    def stop_recording(self) -> None:
        recorder, self._recorder = self._recorder, None
        if recorder is not None:
            self.recording_stopped.emit(self._recording_key, self._closed(recorder))

    @pyqtSlot(object)
    def set_sharer(self, sharer: Sharer | None) -> None:
        """Send every result there from now on; the one before is closed."""
        before, self._sharer = self._sharer, sharer
        if before is not None:
            before.close()

    @pyqtSlot(int)
    def forget_source(self, next_key: int) -> None:
        """Another source follows: nobody in it is known, and late frames of others are not looked at."""
        self._source_key = next_key
        self._upcoming = deque(c for c in self._upcoming if not self._is_late(c))
        self._last, self._known = None, None
        self._identities = Identities()
        self._people_key += 1
        if self._brain is not None and self._live is not None:
            self._tracker = _new_tracker(self._brain)
            self._pipeline = Pipeline(self._live, self._tracker, SceneLooks())

    @pyqtSlot(int)
    def set_locked(self, track_id: int) -> None:
        """Who is followed, 0 = nobody: the one whom a second look is for, where it is for one person."""
        self._locked_id = track_id

    def _locked_pose(self) -> NDArray[np.float32] | None:
        if self._tracks is None or self._locked_id not in self._tracks.ids:
            return None
        return self._tracks.poses.keypoints[self._tracks.ids.tolist().index(self._locked_id)]

    @pyqtSlot(bool)
    def set_heatmap(self, wanted: bool) -> None:
        self._wants_heatmap = wanted
        self._look_again()

    @pyqtSlot()
    def finish(self) -> None:
        """End the thread, after everything asked for before."""
        self.stop_recording()
        self.set_sharer(None)
        self._close_live()
        thread = self.thread()
        if thread is not None:
            thread.quit()

    def _close_live(self) -> None:
        if self._live is not None:
            self._live.close()

    def _handle(self, captured: Captured, again: bool = False) -> None:
        last, self._last = self._last, captured
        gap = 0 if again else _frames_between(last, captured)
        skeleton = self._brain.skeleton if self._brain else COCO17
        result = self._recall(captured)
        recalled = result is not None
        if self._known is not None and recalled:
            skeleton = self._known.skeleton
        else:
            result = self._analyse(captured)
        if result is not None and self._recorder is not None and not again:
            self._record(result, captured)
        if result is not None and self._sharer is not None and not again:
            self._sharer.publish(result, skeleton, captured.captured_s)
        analysed = result is not None
        if result is None:
            result = FrameResult(captured.frame, TrackedPoses.empty(skeleton.num_keypoints), NO_TIMES)
        delivery = Delivery(
            replace(result, dropped_before=gap),
            skeleton,
            captured.captured_s,
            captured.source_key,
            self._people_key,
            captured.jump,
            analysed,
            self._brain is not None or recalled,
            self._live.heatmap() if analysed and not recalled and self._wants_heatmap and self._live else None,
        )
        if self.results.put(delivery):
            self.result_available.emit()

    def _recall(self, captured: Captured) -> FrameResult | None:
        """What is known of the frame already. A recording and the heatmap need the network itself."""
        if self._known is None or self._recorder is not None or self._wants_heatmap:
            return None
        people = self._known.people_of(captured.frame.index)
        return None if people is None else FrameResult(captured.frame, people, NO_TIMES)

    def _analyse(self, captured: Captured) -> FrameResult | None:
        if self._pipeline is not None and captured.jump:
            self._pipeline.forget_people()
            self._identities.jump(captured.frame.time_s)
        if self._pipeline is None or self._failures >= MAX_FAILURES:
            return None
        assert self._brain is not None and self._live is not None
        self._live.in_parallel = _in_parallel(self._brain, captured)
        try:
            result = self._pipeline(captured.frame)
            if not captured.live:
                tracks = self._identities.rename(result.tracks, captured.frame.time_s)
                result = replace(result, tracks=tracks)
        except Exception as error:
            self._on_error(error)
            return None
        self._failures = 0
        self._tracks = result.tracks
        self.inferred_count += 1
        return result

    def _on_error(self, error: Exception) -> None:
        log.exception("inference")
        assert self._brain is not None
        if is_out_of_memory(error) and self._brain.device != "cpu":
            self._failures = MAX_FAILURES
            self.out_of_memory.emit(self._brain.device)
            return
        self._failures += 1
        if self._failures == MAX_FAILURES:
            general = self.tr(
                "Finding people failed several times, so it is switched off. Choose another engine in Settings."
            )
            self.failed.emit(in_users_language(str(error)) if isinstance(error, PoseStudioError) else general)

    def _record(self, result: FrameResult, captured: Captured) -> None:
        """Each moment of a file once: after a jump back, recording goes on where it was."""
        assert self._recorder is not None and self._brain is not None
        result = replace(result, dropped_before=_frames_between(self._last_recorded, captured))
        self._last_recorded = captured
        if not captured.live and result.frame.time_s <= self._recorded_to_s:
            if not self._recording_waits:
                self._recording_waits = True
                self.recording_waits.emit()
            return
        self._recorded_to_s, self._recording_waits = result.frame.time_s, False
        try:
            self._recorder.write(result, self._brain)
        except Exception as error:
            recorder, self._recorder = self._recorder, None
            self._closed(recorder)
            self.recording_stopped.emit(self._recording_key, self._why_not_recorded(error))

    def _closed(self, recorder: Recorder) -> str:
        try:
            return recorder.close()
        except Exception as error:
            return self._why_not_recorded(error)

    def _why_not_recorded(self, error: Exception) -> str:
        if isinstance(error, PoseStudioError):
            return in_users_language(str(error))
        log.error("recording", exc_info=error)
        return self.tr("The recording was ended, because something unexpected went wrong ({0}).").format(
            type(error).__name__
        )


def _in_parallel(brain: Brain, captured: Captured) -> bool | None:
    """For LiveEstimator: what comes from a file may be shown a little later, a camera's image should not be."""
    if brain.parallel_requests == "auto":
        return None if captured.live else True
    return brain.parallel_requests == "two"


def _frames_between(last: Captured | None, captured: Captured) -> int:
    """Frames of one unbroken stretch of a source that came between two."""
    if last is None or captured.jump or captured.source_key != last.source_key:
        return 0
    return max(captured.frame.index - last.frame.index - 1, 0)


def _new_tracker(brain: Brain) -> Tracker:
    from tracking.tracker import Tracker  # with its libraries, which the window need not wait for

    return Tracker(brain.skeleton, brain.tracker_settings)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an engine's exception says that its device has no memory left; engines use different types."""
    text = f"{type(error).__name__} {error}".lower()
    return any(words in text for words in ("out of memory", "outofmemory", "failed to allocate", "bad_alloc"))
