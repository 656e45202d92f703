"""The annotated image of a single photo."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

from app.export.partial import commit, discard, partial_path, write_error
from app.render.overlay import OverlayStyle, draw_overlay
from app.types import FrameResult
from pose.skeleton import Skeleton


def write_png(path: Path, image_bgr: NDArray[np.uint8]) -> None:
    """Write an image under its partial name, for `commit`. Raises MediaError."""
    try:
        # Not cv2.imwrite: it cannot write names beyond the code page on Windows.
        partial_path(path).write_bytes(cv2.imencode(".png", image_bgr)[1].tobytes())
    except OSError as error:
        discard(partial_path(path))
        raise write_error(path, error) from error


class ImageSink:
    """Writes one annotated PNG in the photo's own size. Raises MediaError if it cannot be written.

    name_it: give it its final name on a clean exit; otherwise the caller does.
    """

    def __init__(
        self, path: Path, skeleton: Skeleton, style: OverlayStyle | None = None, *, name_it: bool = True
    ) -> None:
        self.path, self._name_it = path, name_it
        self._skeleton, self._style = skeleton, style or OverlayStyle()
        self.warnings: list[str] = []

    def __enter__(self) -> Self:
        return self

    def write(self, result: FrameResult) -> None:
        write_png(self.path, draw_overlay(result.frame.image_bgr, result.tracks, self._skeleton, self._style))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None and self._name_it:
            commit(self.path)
