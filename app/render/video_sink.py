"""The annotated video: H.264 with the original times and the original sound."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import av
import cv2
import numpy as np
from av.video.reformatter import Colorspace, VideoReformatter
from numpy.typing import NDArray

from app.export.partial import commit, discard, partial_path, write_error
from app.render.overlay import OverlayStyle, Trails, draw_overlay
from app.render.soundtrack import Soundtrack
from app.sources.base import SourceInfo
from app.types import FrameResult
from pose.sentence import Sentence
from pose.skeleton import Skeleton

Image = NDArray[np.uint8]

# Against veryfast: a third less work for files half as large again, which is still about the size of the originals.
ENCODER_OPTIONS = {"preset": "superfast", "crf": "23"}
DEFAULT_TICK = Fraction(1, 90_000)
HD_HEIGHT = 720
BT601, BT709 = 6, 1  # colour space numbers of ITU-T H.273


class VideoSink:
    """Draws and encodes into `X.partial.mp4`; a clean exit makes it `X.mp4`, an exception leaves it playable.

    The first frame written is at time 0 of the new file; all others keep their distance in time, so variable frame
    rates stay true. Odd sizes are padded to even ones. Without any frame there is no file. With name_it=False the
    caller gives it its final name. Raises MediaError if the file cannot be written.
    """

    def __init__(
        self,
        path: Path,
        source: SourceInfo,
        skeleton: Skeleton,
        style: OverlayStyle | None = None,
        *,
        name_it: bool = True,
    ) -> None:
        self.path, self._name_it = path, name_it
        self._source, self._skeleton, self._style = source, skeleton, style or OverlayStyle()
        self._trails = Trails() if self._style.trails else None
        self._size = (max(2, source.width + source.width % 2), max(2, source.height + source.height % 2))
        self._tick = source.time_base_s or DEFAULT_TICK
        self._frame_s = 1 / source.fps
        self._first_time_s: float | None = None
        self._last_pts = -1
        self._container: Any = None
        self._sound: Soundtrack | None = None
        self._is_begun = self._is_broken = False  # on disk: some of the video; an error, after which FFmpeg may crash
        self.warnings: list[str] = []

    def __enter__(self) -> Self:
        try:
            partial_path(self.path).touch()  # FFmpeg would find out only with the first frame
            self._container = av.open(f"file:{partial_path(self.path)}", "w", format="mp4")
        except (OSError, av.FFmpegError) as error:
            raise write_error(self.path, error) from error
        stream = self._container.add_stream("libx264", rate=Fraction(self._source.fps).limit_denominator(100_000))
        stream.width, stream.height = self._size
        stream.pix_fmt = "yuv420p"
        stream.options = ENCODER_OPTIONS
        context = stream.codec_context
        context.time_base = self._tick
        hd = self._size[1] >= HD_HEIGHT
        context.colorspace = context.color_primaries = context.color_trc = BT709 if hd else BT601
        context.color_range = 1  # limited
        self._matrix = Colorspace.ITU709 if hd else Colorspace.ITU601
        self._stream = stream
        self._reformatter = VideoReformatter()
        return self

    def write(self, result: FrameResult) -> None:
        """Draw one frame and encode it."""
        image = result.frame.image_bgr
        if self._trails is not None:
            self._trails.update(result.tracks, self._skeleton, result.frame.time_s)
        drawn = draw_overlay(image, result.tracks, self._skeleton, self._style, self._trails)
        self.write_image(drawn, result.frame.time_s)

    def write_image(self, image_bgr: Image, time_s: float) -> None:
        """Encode an image as it is. Images of another size are fitted into the first one's, with a border."""
        if self._first_time_s is None:
            self._first_time_s = time_s
            self._begin_sound(time_s)
        image = av.VideoFrame.from_ndarray(self._fitted(image_bgr), format="bgr24")
        frame = self._reformatter.reformat(image, format="yuv420p", dst_colorspace=self._matrix, threads=1)
        # Two frames within one tick would be one: keep both, a tick apart.
        frame.pts = self._last_pts = max(round((time_s - self._first_time_s) / float(self._tick)), self._last_pts + 1)
        frame.time_base = self._tick
        try:
            self._mux(self._stream.encode(frame))
            if self._sound is not None:
                self._sound.copy_until(time_s - self._first_time_s)
        except (OSError, av.FFmpegError) as error:
            self._is_broken = True
            raise write_error(self.path, error) from error

    def _mux(self, packets: list[Any]) -> None:
        self._container.mux(packets)
        self._is_begun |= bool(packets)  # the encoder keeps the first images for a while

    def _begin_sound(self, start_s: float) -> None:
        source = self._source
        if source.has_audio and source.path is not None:
            try:
                self._sound = Soundtrack(source.path, self._container, source.start_time_s + start_s)
            except (OSError, ValueError, av.FFmpegError) as error:
                self.warnings.append(
                    Sentence("The sound of {source} was left out ({reason}).", source=source.name, reason=error)
                )
        elif source.has_audio:
            self.warnings.append(
                Sentence("The sound of {source} was left out (it is not copied from the network).", source=source.name)
            )

    def _fitted(self, image: Image) -> Image:
        width, height = self._source.width, self._source.height
        if image.shape[:2] != (height, width):
            factor = min(width / image.shape[1], height / image.shape[0])
            size = (max(1, round(image.shape[1] * factor)), max(1, round(image.shape[0] * factor)))
            scaled = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
            image = np.zeros((height, width, 3), np.uint8)
            x, y = (width - size[0]) // 2, (height - size[1]) // 2
            image[y : y + size[1], x : x + size[0]] = scaled
        right, bottom = self._size[0] - width, self._size[1] - height
        if right or bottom:
            image = cv2.copyMakeBorder(image, 0, bottom, 0, right, cv2.BORDER_REPLICATE).astype(np.uint8, copy=False)
        return np.ascontiguousarray(image)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._finish()
        except (OSError, av.FFmpegError, ValueError) as close_error:
            discard(partial_path(self.path))  # without its end an MP4 cannot be played
            if error is None:
                raise write_error(self.path, close_error) from close_error
            return
        if not self._is_begun:
            discard(partial_path(self.path))  # a video without images cannot be played either
        elif error is None and self._name_it:
            commit(self.path)

    def _finish(self) -> None:
        try:
            if self._first_time_s is not None and not self._is_broken:
                self._mux(self._stream.encode(None))
                if self._sound is not None:
                    self._sound.copy_until(self._last_pts * float(self._tick) + self._frame_s)
                    self._sound.finish()
                    self.warnings += self._sound.warnings
        finally:
            if self._sound is not None:
                self._sound.close()
            self._container.close()
