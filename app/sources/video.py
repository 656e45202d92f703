"""Video files through FFmpeg's libraries: true presentation times, upright images, exact seeking."""

from __future__ import annotations

import heapq
import os
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import av
import numpy as np
from av.video.reformatter import Colorspace, VideoReformatter

from app.sources.base import Grabbed, Image, Source, SourceInfo
from app.sources.orientation import Orientation, from_degrees, from_display_matrix
from app.sources.packet_index import PacketIndex, complete_index, scan_index
from app.sources.video_errors import check_file, explain_open_error
from pose.errors import MediaError

MAX_DECODER_THREADS = 8  # each keeps frames in flight; more only costs memory
HD_HEIGHT = 720  # untagged video of this height and above is BT.709, below BT.601, as players assume
LONGER_SOUND_S = 0.5  # more than by this much the sound is seldom longer than the images
HIDDEN_FRAME_CODECS = ("vp8", "vp7", "vp6", "vp6f", "vp6a")  # some of their packets are never shown


class _Image(NamedTuple):
    grabbed: Grabbed
    pts: int
    frame: av.VideoFrame


class VideoSource(Source):
    """One video file. `time_s` counts from the first frame's presentation time.

    rotation: degrees clockwise that replace the file's own rotation; None = the file's.
    Raises MediaError, with a sentence for the user, if the file cannot be read as a video.
    """

    def __init__(self, path: str | Path, rotation: int | None = None) -> None:
        super().__init__()
        self._path = Path(path)
        self.files = (self._path,)
        check_file(self._path)
        forced = None if rotation is None else from_degrees(rotation)
        try:
            # The prefix keeps FFmpeg from reading a name with a colon as a protocol.
            self._container = av.open(f"file:{self._path}")
        except (av.FFmpegError, OSError, ValueError) as error:
            raise explain_open_error(self._path, error) from error
        try:
            self._open_stream()
            self._prime(forced)
        except BaseException:
            self._container.close()
            raise

    def _open_stream(self) -> None:
        if self._container.format.name == "tty":  # FFmpeg would draw a text file as images of text
            raise MediaError(f"{self._path.name} is a text, not a video.")
        streams = [s for s in self._container.streams.video if not _is_cover_art(s)]
        if not streams:
            what = "only sound" if self._container.streams.audio else "nothing to show"
            raise MediaError(f"{self._path.name} has no video in it, {what}; choose a video file.")
        if streams[0].codec_context is None:
            raise MediaError(f"{self._path.name} uses a video codec that is not known here; convert it to H.264 first.")
        self._stream_index: int = streams[0].index
        self._use_stream(streams[0])
        self._tick = Fraction(self._stream.time_base or Fraction(1, 90_000))
        self._frame_ticks = max(1, round(1 / (self._rate() * self._tick)))
        # AVI numbers these packets as they are stored: the times are right, but not whose they are.
        codec = self._stream.codec_context
        is_in_avi = self._container.format.name == "avi"
        self._timed_by_order = is_in_avi and codec.name in ("h264", "hevc") and codec.has_b_frames
        self._reformatter = VideoReformatter()
        self._index: PacketIndex | None = complete_index(self._stream)
        self._restart(at_index=0)

    def _use_stream(self, stream: Any) -> None:
        self._stream = stream
        stream.thread_type = "AUTO"
        stream.codec_context.thread_count = min(os.cpu_count() or 1, MAX_DECODER_THREADS)

    def _rate(self) -> Fraction:
        rate = self._stream.average_rate or self._stream.guessed_rate or self._stream.base_rate
        return Fraction(rate) if rate and 0 < rate <= 1000 else Fraction(25)

    def _restart(self, at_index: int | None) -> None:
        """Forget what was read so far; `at_index` None = find it from the first packet that comes."""
        self._packets: Iterator[Any] = self._container.demux(self._stream)
        self._images: deque[_Image] = deque()
        self._awaited: list[tuple[int, int]] = []  # heap of (pts, duration): packets whose image has not come yet
        self._next_index = at_index
        self._packets_seen = at_index
        self._last_pts: int | None = None
        self._all_awaited = True  # each packet is due as one image at a known time
        self._decode_errors = 0  # since the last image
        self._ended = False
        self._any_image = False

    def _prime(self, forced: Orientation | None) -> None:
        """Decode the first frame: only then are its size and rotation certain."""
        self._orientation, self._stored_size, self._start_pts = Orientation(), (0, 0), 0
        first = self._next_image()
        if first is None:
            raise MediaError(f"{self._path.name} holds no image that can be decoded; it may be empty or damaged.")
        self._start_pts = first.pts
        self._images.appendleft(first._replace(grabbed=replace(first.grabbed, time_s=0.0)))
        self._retime_waiting()
        self._orientation = forced if forced is not None else _orientation_of(first.frame)
        self._stored_size = (first.frame.width, first.frame.height)
        self.info = self._describe()

    def _retime_waiting(self) -> None:
        """Images decoded before the first time was known."""
        waiting = list(self._images)
        self._images = deque(p._replace(grabbed=replace(p.grabbed, time_s=self._time_s(p.pts))) for p in waiting)

    def _describe(self) -> SourceInfo:
        stream, container = self._stream, self._container
        width, height = self._orientation.size(*self._stored_size)
        count = self._index.shown_count if self._index else stream.frames or None
        duration_s = float(stream.duration * self._tick) if stream.duration else None
        if duration_s is None and container.duration:
            duration_s = container.duration / av.time_base
        return SourceInfo(
            name=self._path.name,
            kind="video",
            path=self._path,
            width=width,
            height=height,
            fps=float(self._rate()),
            frame_count=count,
            duration_s=duration_s,
            rotation=self._orientation.rotation,
            mirrored=self._orientation.mirrored,
            variable_frame_rate=self._index.variable_frame_rate if self._index else None,
            time_base_s=self._tick,
            has_audio=bool(container.streams.audio),
            start_time_s=float(self._start_pts * self._tick),
        )

    # Reading on.

    def _grab(self) -> Grabbed | None:
        image = self._next_image()
        self._current = image.frame if image else None
        return image.grabbed if image else None

    def _retrieve(self) -> Image | None:
        frame = self._current
        assert frame is not None
        width, height = self._stored_size
        if (frame.width, frame.height) != (width, height):
            self._warn_once(f"The image size changes within {self._path.name}; all frames were scaled to the first.")
        guessed = None
        if frame.colorspace == _UNSPECIFIED_COLORSPACE:
            guessed = Colorspace.ITU709 if height >= HD_HEIGHT else Colorspace.ITU601
        try:
            bgr = self._reformatter.reformat(frame, width, height, "bgr24", src_colorspace=guessed, threads=1)
        except (av.FFmpegError, ValueError):
            return None
        return self._orientation.apply(bgr.to_ndarray().astype(np.uint8, copy=False))

    def _next_image(self) -> _Image | None:
        while not self._images:
            if self._ended or not self._feed():
                return None
        return self._images.popleft()

    def _feed(self) -> bool:
        """Give the decoder one packet; False when everything has been read and decoded."""
        try:
            packet = next(self._packets, None)
        except av.FFmpegError:
            self._warn_once(f"{self._path.name} breaks off; what comes before that was read.")
            packet = None
        flush = packet is None or packet.size == 0
        if packet is not None and not flush:
            self._expect(packet)
        try:
            frames = self._stream.decode(None if flush else packet)
        except av.EOFError:
            frames = []
        except av.FFmpegError:
            frames = []
            self._decode_errors += 1
        for frame in frames:
            self._accept(frame)
        self._ended = flush
        return not flush or bool(self._images)

    def _expect(self, packet: Any) -> None:
        if self._next_index is None and self._index is not None:
            self._next_index = self._packets_seen = self._index.shown_before(packet.pos)
        if packet.is_discard:
            return
        if self._packets_seen is not None:
            self._packets_seen += 1
        if packet.pts is None or self._stream.codec_context.name in HIDDEN_FRAME_CODECS:
            self._all_awaited = False
        elif self._all_awaited:
            heapq.heappush(self._awaited, (packet.pts, packet.duration or self._frame_ticks))

    def _accept(self, frame: av.VideoFrame) -> None:
        pts = frame.pts if frame.pts is not None else frame.dts
        if self._timed_by_order and self._awaited:
            pts = self._awaited[0][0]
        if pts is None or (self._last_pts is not None and pts <= self._last_pts):
            self._warn_once(f"Some frames of {self._path.name} carry no usable time; theirs were estimated.")
            pts = self._estimated_pts(pts)
        lost = self._lost_before(pts)
        if self._next_index is None:
            self._next_index, lost = self._number_of(pts), 0
        elif not self._any_image and self._next_index == 0 and lost:
            # No player can show what comes before the first key frame of a recording cut from a broadcast.
            self._warn_once(f"{self._path.name} begins with {lost} frames that cannot be decoded; they were left out.")
            lost = 0
        index = self._next_index + lost
        self._next_index, self._last_pts, self._any_image = index + 1, pts, True
        grabbed = Grabbed(index, self._time_s(pts), lost, bool(frame.is_corrupt))
        self._images.append(_Image(grabbed, pts, frame))

    def _estimated_pts(self, pts: int | None) -> int:
        """For a frame without a time, or with one that is not after the last frame's."""
        if self._last_pts is None:
            return 0
        began_anew = pts is not None and pts < self._last_pts - round(1 / self._tick)
        return self._last_pts + (self._frame_ticks if pts is None or began_anew else 1)

    def _number_of(self, pts: int) -> int:
        """The number of the first frame after a seek, where the packet's position did not tell."""
        rank = self._index.rank(pts) if self._index else None
        return rank if rank is not None else max(0, round((pts - self._start_pts) * self._tick * self._rate()))

    def _lost_before(self, pts: int) -> int:
        """Packets due before this image that gave none. Half-frame packets and errors without times are handled."""
        lost, previous = 0, self._last_pts
        while self._awaited and self._awaited[0][0] <= pts:
            due, duration = heapq.heappop(self._awaited)
            near = 0.6 * duration
            if due != pts and pts - due >= near and (previous is None or due - previous >= near):
                lost, previous = lost + 1, due
        if not self._all_awaited:
            lost = self._decode_errors
        self._decode_errors = 0
        return lost

    def _lost_at_end(self) -> int:
        lost = len(self._awaited) if self._all_awaited else self._decode_errors
        self._awaited, self._decode_errors = [], 0
        if self._index is not None and self._packets_seen is not None:
            lost += max(0, self._index.shown_count - self._packets_seen)
        if lost:
            self._warn_once(f"{self._path.name} ends early: {lost} frames that it announces are not there.")
        elif self._index is None and self._last_pts is not None and self.info.duration_s:
            end_s = self._time_s(self._last_pts + self._frame_ticks)
            if end_s < self.info.duration_s - LONGER_SOUND_S:
                self._warn_once(
                    f"{self._path.name} may have been cut off: it announces {self.info.duration_s:.1f} s, "
                    f"its images end at {end_s:.1f} s."
                )
        return lost

    def _time_s(self, pts: int) -> float:
        return float((pts - self._start_pts) * self._tick)

    def _warn_once(self, sentence: str) -> None:
        if sentence not in self._warnings:
            self._warnings.append(sentence)

    # Seeking.

    def seek(self, time_s: float) -> None:
        """The next frame is the one on screen at `time_s`: the first before it, the last after the end."""
        target = self._start_pts + int(max(time_s, 0.0) / float(self._tick) + 1e-3)
        if self._index is None:
            self._index = scan_index(self._path, self._stream_index)
            self.info = replace(self.info, variable_frame_rate=self._index.variable_frame_rate)
        back_ticks = 0
        while True:
            if target - back_ticks <= self._start_pts:
                first = self._to_beginning()
                break
            first = self._after_container_seek(target - back_ticks)
            if first is not None and first.pts <= target:
                break
            # Some containers find key frames by decoding time or by guessing, and land beyond the image sought.
            back_ticks = max(2 * back_ticks, round(1 / self._tick))
        before: _Image | None = None
        while first is not None and first.pts <= target:
            before, first = first, self._next_image()
        self._images.extendleft(p for p in (first, before) if p is not None)

    def _after_container_seek(self, pts: int) -> _Image | None:
        try:
            self._container.seek(pts, stream=self._stream)
        except av.FFmpegError:
            return self._to_beginning()  # a raw stream cannot be sought, only read through
        self._restart(at_index=None)
        return self._next_image()

    def _to_beginning(self) -> _Image | None:
        """Open the file anew: not every container can be sought to its very first frame."""
        self._container.close()
        try:
            self._container = av.open(f"file:{self._path}")
        except (av.FFmpegError, OSError) as error:
            raise explain_open_error(self._path, error) from error
        self._use_stream(self._container.streams[self._stream_index])
        self._restart(at_index=0)
        return self._next_image()

    def close(self) -> None:
        self._container.close()


_UNSPECIFIED_COLORSPACE = 2  # AVCOL_SPC_UNSPECIFIED


def _is_cover_art(stream: Any) -> bool:
    return bool(stream.disposition & av.stream.Disposition.attached_pic)


def _orientation_of(frame: av.VideoFrame) -> Orientation:
    matrix: Any = frame.side_data.get("DISPLAYMATRIX")
    return from_display_matrix(bytes(matrix)) if matrix is not None else Orientation()
