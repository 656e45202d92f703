"""The annotated picture of a single photo."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

import cv2

from app.overlay import OverlayStyle, draw_overlay
from app.sinks.partial import commit, discard, partial_path, write_error
from app.types import FrameResult
from pose.skeleton import Skeleton


class PictureSink:
    """Writes one annotated PNG in the photo's own size. Raises MediaError if it cannot be written."""

    def __init__(self, path: Path, skeleton: Skeleton, style: OverlayStyle | None = None) -> None:
        self.path = path
        self._skeleton, self._style = skeleton, style or OverlayStyle()
        self.warnings: list[str] = []

    def __enter__(self) -> Self:
        return self

    def write(self, result: FrameResult) -> None:
        drawn = draw_overlay(result.frame.image_bgr, result.tracks, self._skeleton, self._style)
        _, png = cv2.imencode(".png", drawn)
        try:
            # Not cv2.imwrite: it cannot write names beyond the code page on Windows.
            partial_path(self.path).write_bytes(png.tobytes())
        except OSError as error:
            discard(partial_path(self.path))
            raise write_error(self.path, error) from error

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            commit(self.path)
