"""Recording of the live session: every analysed frame into a table and a video, on a thread of its own."""

from __future__ import annotations

import contextlib
import shutil
import time
from datetime import datetime
from pathlib import Path

from PyQt6.QtCore import QCoreApplication

from app.overlay import OverlayStyle
from app.sinks.csv_sink import CsvSink
from app.sinks.sidecar import FORMAT, PeopleSummary, write_sidecar
from app.sinks.video_sink import VideoSink
from app.sources.base import SourceInfo
from app.threads import Background
from app.types import FrameResult
from pose.errors import MediaError, PoseStudioError
from pose.skeleton import Skeleton

QUEUE = 8  # frames that may wait for the encoder; then inference waits, and live frames are dropped and counted
LEAST_FREE_BYTES = 50_000_000
CHECK_FREE_S = 2.0


class SessionRecorder:
    """Writes NAME.csv, NAME.mp4 and NAME.json into a folder. Files are opened with the first result.

    write and close are called on the inference thread; encoding runs on the recorder's own.
    """

    def __init__(self, folder: Path, source: SourceInfo, style: OverlayStyle, model: str, now: datetime) -> None:
        safe = "".join(c if c.isalnum() or c in "-_" else "_" for c in Path(source.name).stem).strip("_") or "session"
        self.base = folder / f"{safe}_{now:%Y-%m-%d_%H-%M-%S}"
        self._source, self._style, self._model = source, style, model
        self._stack = contextlib.ExitStack()
        self._background: Background[FrameResult] | None = None
        self._people = PeopleSummary()
        self._skeleton: Skeleton | None = None
        self._checked_s = 0.0

    @property
    def files(self) -> tuple[Path, Path, Path]:
        return (self.base.with_suffix(".csv"), self.base.with_suffix(".mp4"), self.base.with_suffix(".json"))

    def write(self, result: FrameResult, skeleton: Skeleton) -> None:
        """Record one result. Raises PoseStudioError with one sentence if that is not possible any more."""
        if self._background is None:
            self._open(skeleton)
        if skeleton != self._skeleton:
            raise MediaError(
                _tr("The model's joints have changed, so the recording was ended. Start a new one to go on.")
            )
        self._check_space()
        self._people.add(result)
        assert self._background is not None
        try:
            self._background.put(result)
        except OSError as error:
            raise self._problem(error) from error

    def close(self) -> str:
        """Finish the files; returns "" or, in one sentence, what went wrong."""
        if self._background is None:
            return _tr("Nothing was recorded: no picture had come yet.")
        problem = ""
        try:
            self._stack.close()
        except PoseStudioError as error:
            problem = str(error)
        except OSError as error:
            problem = str(self._problem(error))
        with contextlib.suppress(PoseStudioError):
            write_sidecar(self.files[2], self._sidecar(complete=not problem))
        return problem

    def _open(self, skeleton: Skeleton) -> None:
        self._skeleton = skeleton
        csv_path, video_path, _ = self.files
        try:
            self.base.parent.mkdir(parents=True, exist_ok=True)
            csv = self._stack.enter_context(CsvSink(csv_path, skeleton))
            video = self._stack.enter_context(VideoSink(video_path, self._source, skeleton, self._style))
        except OSError as error:
            raise self._problem(error) from error

        def save(result: FrameResult) -> None:
            csv.write(result)
            video.write(result)

        self._background = self._stack.enter_context(Background(save, QUEUE, "recorder"))

    def _check_space(self) -> None:
        now_s = time.monotonic()
        if now_s - self._checked_s < CHECK_FREE_S:
            return
        self._checked_s = now_s
        if shutil.disk_usage(self.base.parent).free < LEAST_FREE_BYTES:
            raise MediaError(
                _tr("The disk is full, so the recording was ended; what was recorded is saved. Free some space first.")
            )

    def _problem(self, error: OSError) -> MediaError:
        return MediaError(
            _tr("The recording cannot be saved in {folder} ({reason}). Choose another folder.").format(
                folder=self.base.parent, reason=error.strerror or error
            )
        )

    def _sidecar(self, complete: bool) -> dict[str, object]:
        assert self._skeleton is not None
        source = self._source
        return {
            "format": FORMAT,
            "complete": complete,
            "source": {"name": source.name, "kind": source.kind, "width": source.width, "height": source.height},
            "model": self._model,
            "skeleton": self._skeleton.name,
            "keypoints": list(self._skeleton.keypoint_names),
            "frames": {
                "recorded": self._people.frames,
                "without_people": self._people.frames_without_people,
            },
            "people": self._people.as_list(),
        }


def _tr(text: str) -> str:
    return QCoreApplication.translate("Recording", text)
