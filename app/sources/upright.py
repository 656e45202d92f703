"""From decoded video frames to upright BGR images of square pixels, all of one size."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import av
import numpy as np
from av.video.reformatter import Colorspace, VideoReformatter

from app.sources.base import Image
from app.sources.orientation import Orientation, from_display_matrix

HD_HEIGHT = 720  # untagged video of this height and above is BT.709, below BT.601, as players assume
_UNSPECIFIED_COLORSPACE = 2  # AVCOL_SPC_UNSPECIFIED


class Upright:
    """Turns frames of one video into images.

    first:        its first frame; the others are scaled to its size, with a black border if they have another shape.
    pixel_aspect: width of a stored pixel by its height. As in players the width of the image follows it.
    orientation:  instead of the video's own; None = its own.
    """

    def __init__(self, first: av.VideoFrame, pixel_aspect: Fraction, orientation: Orientation | None) -> None:
        self.orientation = _orientation_of(first) if orientation is None else orientation
        self._pixel_aspect = pixel_aspect
        self._stored = (self._square_width(first), first.height)
        self.size = self.orientation.size(*self._stored)  # width, height
        self._reformatter = VideoReformatter()

    def has_other_size(self, frame: av.VideoFrame) -> bool:
        return (self._square_width(frame), frame.height) != self._stored

    def __call__(self, frame: av.VideoFrame) -> Image:
        """Raises FFmpegError or ValueError if the frame cannot be converted."""
        image = self._fitted(frame) if self.has_other_size(frame) else self._bgr(frame, *self._stored)
        return self.orientation.apply(image)

    def _square_width(self, frame: av.VideoFrame) -> int:
        return max(1, round(frame.width * self._pixel_aspect))

    def _fitted(self, frame: av.VideoFrame) -> Image:
        width, height = self._stored
        own_width = self._square_width(frame)
        scale = min(width / own_width, height / frame.height)
        inner = self._bgr(frame, max(1, round(own_width * scale)), max(1, round(frame.height * scale)))
        image = np.zeros((height, width, 3), np.uint8)
        y, x = (height - inner.shape[0]) // 2, (width - inner.shape[1]) // 2
        image[y : y + inner.shape[0], x : x + inner.shape[1]] = inner
        return image

    def _bgr(self, frame: av.VideoFrame, width: int, height: int) -> Image:
        guessed = None
        if frame.colorspace == _UNSPECIFIED_COLORSPACE:
            guessed = Colorspace.ITU709 if frame.height >= HD_HEIGHT else Colorspace.ITU601
        bgr = self._reformatter.reformat(frame, width, height, "bgr24", src_colorspace=guessed, threads=1)
        return bgr.to_ndarray().astype(np.uint8, copy=False)


def _orientation_of(frame: av.VideoFrame) -> Orientation:
    matrix: Any = frame.side_data.get("DISPLAYMATRIX")
    return from_display_matrix(bytes(matrix)) if matrix is not None else Orientation()
