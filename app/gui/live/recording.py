"""Recording of the live session: every analysed frame into a table and a video, on a thread of its own."""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.analysis.detect import stored_frame
from app.analysis.export import run_facts
from app.analysis.facts import FrameAccount, describe
from app.analysis.job import JobOptions
from app.analysis.store import SUFFIX, Progress, StoreWriter, create_store
from app.analysis.store_head import StoreHead
from app.analysis.track import TrackChoices
from app.export.registry import make_sink
from app.export.sidecar import write_sidecar
from app.export.writer import ExportWriter
from app.gui.i18n.library_texts import in_users_language
from app.gui.i18n.translation import translate
from app.gui.live.workers import Brain
from app.gui.view.compose import without
from app.render.faces import blur_faces
from app.render.video_sink import VideoSink
from app.settings import Settings, settings_to_table
from app.sources.base import SourceInfo
from app.sources.recording_start import utc_text
from app.threads import Background
from app.types import Frame, FrameResult
from pose.errors import MediaError, PoseStudioError
from pose.sentence import Sentence

QUEUE = 8  # frames that may wait for the encoder; then inference waits, and live frames are dropped and counted
LEAST_FREE_BYTES = 50_000_000
CHECK_FREE_S = 2.0


class SessionRecorder:
    """Writes NAME.csv, NAME.mp4, NAME.json and the detections, NAME.litepose, into a folder, from the first result on.

    The table holds everybody, with joint angles in degrees if `angles`; people whose ids `hidden` gives are not drawn
    in the video.
    write and close are called on the inference thread; encoding runs on the recorder's own.
    """

    def __init__(
        self,
        folder: Path,
        source: SourceInfo,
        settings: Settings,
        now: datetime,
        hidden: Callable[[], frozenset[int]] = frozenset,
        angles: bool = False,
    ) -> None:
        safe = "".join(c if c.isalnum() or c in "-_" else "_" for c in Path(source.name).stem).strip("_") or "session"
        self.base = folder / f"{safe}_{now:%Y-%m-%d_%H-%M-%S}"
        self._source, self._settings, self._hidden, self._angles = source, settings, hidden, angles
        self._stack = contextlib.ExitStack()
        self._background: Background[tuple[FrameResult, frozenset[int]]] | None = None
        self._account = FrameAccount()
        self._dropped = 0
        self._store: StoreWriter | None = None
        self._first_brain: Brain | None = None
        self._brain: Brain | None = None
        self._warnings: list[str] = []
        self._checked_s = 0.0

    @property
    def files(self) -> tuple[Path, Path, Path]:
        return (self.base.with_suffix(".csv"), self.base.with_suffix(".mp4"), self.base.with_suffix(".json"))

    def write(self, result: FrameResult, brain: Brain) -> None:
        """Record one result. Raises PoseStudioError with one sentence if that is not possible any more."""
        if self._background is None or self._first_brain is None:
            self._open(brain, result.frame)
        elif brain.skeleton != self._first_brain.skeleton:
            raise MediaError(
                translate(
                    "Recording",
                    "The model's joints have changed, so the recording was ended. Start a new one to go on.",
                )
            )
        elif brain is not self._brain:
            self._warnings.append(
                Sentence(
                    "Model or settings were changed during the recording: {model} on {engine} from frame {index} on.",
                    model=brain.model,
                    engine=brain.engine,
                    index=result.frame.index,
                )
            )
        self._brain = brain
        self._check_space()
        self._account.add(result.tracked)
        self._account.written(result.tracked)
        self._dropped += result.dropped_before
        assert self._background is not None
        try:
            self._background.put((result, self._hidden()))
        except OSError as error:
            raise self._problem(error) from error

    def close(self) -> str:
        """Finish the files; returns "" or, in one sentence, what went wrong."""
        if self._background is None:
            return translate("Recording", "Nothing was recorded: no image had come yet.")
        problem = ""
        try:
            self._stack.close()
        except PoseStudioError as error:
            problem = str(error)
        except OSError as error:
            problem = str(self._problem(error))
        with contextlib.suppress(PoseStudioError):
            write_sidecar(self.files[2], self._sidecar(problem))
        return in_users_language(problem)

    def _open(self, brain: Brain, first: Frame) -> None:
        self._first_brain = brain
        _, video_path, _ = self.files
        style, skeleton = self._settings.overlay, brain.skeleton
        try:
            self.base.parent.mkdir(parents=True, exist_ok=True)
            store = self._store = self._stack.enter_context(
                create_store(self.base.with_suffix(SUFFIX), self._head(brain, first))
            )
            run = run_facts(store.head, TrackChoices.of(self._settings), angles=self._angles)
            csv = self._stack.enter_context(ExportWriter([make_sink("csv", self.base.parent, self.base.name)], run))
            # Faces are blurred before, also those of hidden people.
            drawn = replace(style, blur_faces=False)
            video = self._stack.enter_context(VideoSink(video_path, self._source, skeleton, drawn))
        except BaseException as error:
            self._stack.__exit__(type(error), error, error.__traceback__)
            if isinstance(error, OSError):
                raise self._problem(error) from error
            raise

        def save(item: tuple[FrameResult, frozenset[int]]) -> None:
            result, hidden = item
            if result.detections is not None:
                store.add(stored_frame(result.detections, self._source))
            csv.write(result.tracked)
            if style.blur_faces:
                image = result.frame.image_bgr.copy()
                blur_faces(image, result.tracks.raw, skeleton)
                result = replace(result, frame=replace(result.frame, image_bgr=image))
            video.write(replace(result, tracks=without(result.tracks, hidden)))

        self._stack.callback(store.finish)
        self._background = self._stack.enter_context(Background(save, QUEUE, "recorder"))

    def _check_space(self) -> None:
        now_s = time.monotonic()
        if now_s - self._checked_s < CHECK_FREE_S:
            return
        self._checked_s = now_s
        try:
            free_bytes = shutil.disk_usage(self.base.parent).free
        except OSError as error:  # the folder or its disk is gone
            raise self._problem(error) from error
        if free_bytes < LEAST_FREE_BYTES:
            raise MediaError(
                translate(
                    "Recording",
                    "The disk is full, so the recording was ended; what was recorded is saved. Free some space first.",
                )
            )

    def _problem(self, error: OSError) -> MediaError:
        reason = error.strerror or error
        return MediaError(
            "The recording cannot be saved in {parent} ({reason}). Choose another folder.",
            parent=self.base.parent,
            reason=reason,
        )

    def _sidecar(self, problem: str) -> dict[str, object]:
        """As the command line writes it, less what only the reading of a whole file can tell."""
        assert self._store is not None
        table, video, _ = self.files
        options = JobOptions(self.base.parent, angles=self._angles)
        work = describe(self._store.head, self._settings, options, {"csv": table}, video)
        outcome = self._account.as_dict(self._source, Progress(), self._dropped, self._warnings)
        frames = {key: outcome["frames"][key] for key in ("processed", "dropped", "without_people")}
        return work | outcome | {"frames": frames, "complete": not problem, "error": problem or None}

    def _head(self, brain: Brain, first: Frame) -> StoreHead:
        started = self._source.started_utc
        if self._source.live:
            started = utc_text(datetime.now(UTC) - timedelta(seconds=first.time_s))
        decode = settings_to_table(self._settings.decode) | {"det_thr": brain.facts.get("det_thr", 0.0)}
        return StoreHead(self._source, brain.skeleton, model=brain.facts, decode=decode, started_utc=started)
