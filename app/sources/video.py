"""Videos through FFmpeg's libraries: true presentation times, upright images of square pixels, exact seeking."""

from __future__ import annotations

import contextlib
import itertools
import os
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import av

from app.sources.base import Grabbed, Image, Source, SourceInfo
from app.sources.deinterlace import Deinterlacer
from app.sources.frame_order import FrameOrder, Timed
from app.sources.orientation import Orientation, as_pixel_aspect, from_degrees
from app.sources.packet_index import PacketIndex, complete_index, scan_index
from app.sources.recording_start import recording_start
from app.sources.stream_facts import moving_streams, nominal_rate
from app.sources.upright import Upright
from app.sources.video_errors import check_file, explain_open_error
from app.sources.web import name_of_url
from app.threads import BlockingCalls
from pose.errors import MediaError
from pose.sentence import Sentence

MAX_DECODER_THREADS = 8  # each keeps frames in flight; more only costs memory
REORDERED = 8  # frames that codecs keep at most to put them in order
LONGER_SOUND_S = 0.5  # more than by this much the sound is seldom longer than the images
HIDDEN_FRAME_CODECS = ("vp8", "vp7", "vp6", "vp6f", "vp6a")  # some of their packets are never shown
BROADCAST = ("mpegts", "mpeg")  # containers whose streams may have lost parts on the way
NETWORK_TIMEOUT_S = 10.0
NETWORK_OPTIONS = {"reconnect": "1", "reconnect_on_network_error": "1", "reconnect_delay_max": "4"}


T = TypeVar("T")


class EndlessError(MediaError):
    """What comes from an address is live."""


class _Image(NamedTuple):
    grabbed: Grabbed
    pts: int
    frame: av.VideoFrame


class VideoSource(Source):
    """One video file, on disk or behind an http address. `time_s` counts from the first frame's presentation time.

    rotation: degrees clockwise that replace the file's own rotation; None = the file's.
    sleep:    what it raises ends any wait for the network within a tenth of a second.
    Raises MediaError, with a sentence for the user, if the file cannot be read as a video, and EndlessError if what
    comes from the address is live.
    """

    def __init__(
        self, location: str | Path, rotation: int | None = None, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        super().__init__()
        self._url = location if isinstance(location, str) and "://" in location else None
        self._path = Path(location)
        self._name = name_of_url(self._url) if self._url else self._path.name
        self._options: dict[str, str] = NETWORK_OPTIONS if self._url else {}
        self._network = BlockingCalls(self._name, lambda: sleep(0.0)) if self._url else None
        if self._url is None:
            self.files = (self._path,)
            check_file(self._path)
        forced = None if rotation is None else from_degrees(rotation)
        self._open()
        try:
            self._open_stream()
            self._prime(forced)
        except BaseException:
            self.close()
            raise

    def _waiting(self, work: Callable[[], T]) -> T:
        """Do what may have to wait for the network."""
        return work() if self._network is None else self._network(work)

    def _open(self) -> None:
        # The prefix keeps FFmpeg from reading a name with a colon as a protocol.
        location, timeout = (self._url, NETWORK_TIMEOUT_S) if self._url else (f"file:{self._path}", None)
        try:
            self._container = self._waiting(lambda: av.open(location, options=self._options, timeout=timeout))
        except (av.FFmpegError, OSError, ValueError) as error:
            raise explain_open_error(self._path, error, self._name) from error

    def _open_stream(self) -> None:
        container = self._container
        if container.format.name == "tty":  # FFmpeg would draw a text file as images of text
            raise MediaError("{name} is a text, not a video.", name=self._name)
        if self._url and not container.duration:
            raise EndlessError("{name} is live; it has no end.", name=self._name)
        streams = moving_streams(container.streams.video)
        if not streams:
            if container.streams.audio:
                raise MediaError("{name} has no video in it, only sound; choose a video file.", name=self._name)
            raise MediaError("{name} has no video in it, nothing to show; choose a video file.", name=self._name)
        if streams[0].codec_context is None:
            raise MediaError(
                "{name} uses a video codec that is not known here; convert it to H.264 first.", name=self._name
            )
        self._stream_index: int = streams[0].index
        if len(streams) > 1:
            width, height = streams[0].codec_context.width, streams[0].codec_context.height
            place = sorted(s.index for s in streams).index(self._stream_index) + 1
            self._warn_once(
                Sentence(
                    "{name} holds {count} videos; number {place} ({width}x{height}) was taken.",
                    name=self._name,
                    count=len(streams),
                    place=place,
                    width=width,
                    height=height,
                )
            )
        self._use_stream(streams[0])
        self._tick = Fraction(self._stream.time_base or Fraction(1, 90_000))
        self._pixel_aspect = as_pixel_aspect(Fraction(self._stream.sample_aspect_ratio or 1))
        self._index: PacketIndex | None = complete_index(self._stream)
        self._rate = nominal_rate(self._stream)
        if self._index and self._index.mean_step:
            self._rate = 1 / (self._index.mean_step * self._tick)
        self._frame_ticks = max(1, round(1 / (self._rate * self._tick)))
        self._is_broadcast = container.format.name in BROADCAST
        self._jumps: dict[int, int] = {}
        self._restart(at_index=0)
        if self._is_trimmed_wrongly():
            self._options = {**self._options, "advanced_editlist": "0"}
            self._index = None
            self._open_again()

    def _use_stream(self, stream: Any) -> None:
        self._stream = stream
        stream.thread_type = "AUTO"
        stream.codec_context.thread_count = min(os.cpu_count() or 1, MAX_DECODER_THREADS)

    def _restart(self, at_index: int | None) -> None:
        """Forget what was read so far; `at_index` None = find it from the first packet that comes."""
        self._packets: Iterator[Any] = self._container.demux(self._stream)
        self._images: deque[_Image] = deque()
        context = self._stream.codec_context
        # The decoder's threads and the deinterlacer hold frames too.
        patience = context.thread_count + 2 + (REORDERED if context.has_b_frames else 0)
        self._order: FrameOrder[av.VideoFrame] = FrameOrder(
            self._frame_ticks, round(1 / self._tick), patience, self._is_broadcast, begun=at_index is None
        )
        self._deinterlacer = Deinterlacer(self._tick)
        self._next_index = at_index
        self._packets_seen = at_index
        self._ended = False
        self._any_image = False
        self._last_pts: int | None = None

    def _is_trimmed_wrongly(self) -> bool:
        """Whether an edit list cuts frames by times that only count the packets in the order of storage.

        The frames that it would leave out are then others, some from the middle.
        """
        begin: list[Any] = []
        if self._stream.codec_context.has_b_frames and "mp4" in self._container.format.name:
            with contextlib.suppress(av.FFmpegError):
                self._waiting(lambda: begin.extend(itertools.islice(self._packets, 2 * REORDERED)))
        self._packets = itertools.chain(begin, self._packets)
        times = [p.pts for p in begin if p.pts is not None]
        left_out = sum(p.is_discard for p in begin)
        return 0 < left_out <= REORDERED // 2 and times == sorted(times)

    def _prime(self, forced: Orientation | None) -> None:
        """Decode the first frame: only then are its size and rotation certain."""
        self._start_pts = 0
        first = self._next_image()
        if first is None:
            raise MediaError("{name} holds no image that can be decoded; it may be empty or damaged.", name=self._name)
        self._start_pts = first.pts
        self._images.appendleft(first._replace(grabbed=replace(first.grabbed, time_s=0.0)))
        self._retime_waiting()
        self._upright = Upright(first.frame, self._pixel_aspect, forced)
        self.info = self._describe()

    def _retime_waiting(self) -> None:
        """Images decoded before the first time was known."""
        waiting = list(self._images)
        self._images = deque(p._replace(grabbed=replace(p.grabbed, time_s=self._time_s(p.pts))) for p in waiting)

    def _describe(self) -> SourceInfo:
        stream, container = self._stream, self._container
        width, height = self._upright.size
        count = self._index.shown_count if self._index else stream.frames or None
        duration_s = float(stream.duration * self._tick) if stream.duration else None
        if duration_s is None and container.duration:
            duration_s = container.duration / av.time_base
        return SourceInfo(
            name=self._name,
            kind="video",
            path=None if self._url else self._path,
            width=width,
            height=height,
            fps=float(self._rate),
            frame_count=count,
            duration_s=duration_s,
            rotation=self._upright.orientation.rotation,
            mirrored=self._upright.orientation.mirrored,
            variable_frame_rate=self._index.variable_frame_rate if self._index else None,
            time_base_s=self._tick,
            has_audio=bool(container.streams.audio),
            start_time_s=float(self._start_pts * self._tick),
            pixel_aspect=float(self._pixel_aspect),
            started_utc=recording_start(container.metadata),
        )

    # Reading on.

    def _grab(self) -> Grabbed | None:
        image = self._next_image()
        self._current = image.frame if image else None
        return image.grabbed if image else None

    def _retrieve(self) -> Image | None:
        frame = self._current
        assert frame is not None
        if self._upright.has_other_size(frame):
            self._warn_once(
                Sentence("The image size changes within {name}; all frames were scaled to the first.", name=self._name)
            )
        try:
            return self._upright(frame)
        except (av.FFmpegError, ValueError):
            return None

    def _next_image(self) -> _Image | None:
        while not self._images:
            if self._ended or not self._feed():
                return None
        return self._images.popleft()

    def _feed(self) -> bool:
        """Give the decoder one packet; False when everything has been read and decoded."""
        try:
            packet = self._waiting(lambda: next(self._packets, None))
        except av.FFmpegError:
            self._warn_once(Sentence("{name} breaks off; what comes before that was read.", name=self._name))
            packet = None
        flush = packet is None or packet.size == 0
        is_timed = packet is not None and not flush and self._expect(packet)
        try:
            frames = self._stream.decode(None if flush else packet)
        except av.EOFError:
            frames = []
        except av.FFmpegError:
            frames = []
            if not is_timed:
                self._order.lose()
        for frame in frames:
            self._order_frames(self._deinterlacer(frame))
        if flush:
            self._order_frames(self._deinterlacer.flush())
        for timed in self._order.ready(ended=flush):
            self._accept(timed)
        self._report_times()
        self._ended = flush
        return not flush or bool(self._images)

    def _order_frames(self, pairs: Iterator[tuple[av.VideoFrame, av.VideoFrame]]) -> None:
        for frame, decoded in pairs:
            self._order.accept(frame, decoded.pts if decoded.pts is not None else decoded.dts)

    def _expect(self, packet: Any) -> bool:
        """Note what is about to be decoded; whether it is known at which time its frame will be shown."""
        if self._next_index is None and self._index is not None:
            self._next_index = self._packets_seen = self._index.shown_before(packet.pos)
        if packet.is_discard:
            return True
        if self._packets_seen is not None:
            self._packets_seen += 1
        if packet.pts is None or self._stream.codec_context.name in HIDDEN_FRAME_CODECS:
            return False
        self._order.expect(packet.pts, packet.duration or 0, packet.dts, packet.is_corrupt)
        return True

    def _accept(self, timed: Timed[av.VideoFrame]) -> None:
        frame, pts, lost = timed
        if self._next_index is None:
            self._next_index, lost = self._number_of(pts), 0
        elif not self._any_image and self._next_index == 0 and lost:
            # No player can show what comes before the first key frame of a recording cut from a broadcast.
            self._warn_once(
                Sentence(
                    "{name} begins with {lost} frames that cannot be decoded; they were left out.",
                    name=self._name,
                    lost=lost,
                )
            )
            lost = 0
        index = self._next_index + lost
        self._next_index, self._last_pts, self._any_image = index + 1, pts, True
        grabbed = Grabbed(index, self._time_s(pts), lost, bool(frame.is_corrupt))
        self._images.append(_Image(grabbed, pts, frame))

    def _report_times(self) -> None:
        if self._order.estimated:
            self._warn_once(
                Sentence("Some frames of {name} carry no usable time; theirs were estimated.", name=self._name)
            )
        if self._deinterlacer.is_used:
            self._warn_once(Sentence("{name} is interlaced; its frames were deinterlaced.", name=self._name))
        self._jumps.update(self._order.jumps)
        self._order.jumps.clear()

    @property
    def warnings(self) -> tuple[str, ...]:
        if not self._jumps:
            return super().warnings
        before, after = max(dict(self._jumps).items(), key=lambda jump: jump[1] - jump[0])
        seconds, at_s = float((after - before) * self._tick), self._time_s(before)
        count = len(self._jumps)
        sentence = Sentence(
            "Jumps in the times of {name}: {count}, the longest of {seconds} s at {at_s} s.",
            name=self._name,
            count=count,
            seconds=f"{seconds:.1f}",
            at_s=f"{at_s:.1f}",
        )
        return (*super().warnings, sentence)

    def _number_of(self, pts: int) -> int:
        """The number of the first frame after a seek, where the packet's position did not tell."""
        rank = self._index.rank(pts) if self._index else None
        return rank if rank is not None else max(0, round((pts - self._start_pts) * self._tick * self._rate))

    def _lost_at_end(self) -> int:
        lost = self._order.lost_at_end()
        if self._index is not None and self._packets_seen is not None:
            lost += max(0, self._index.shown_count - self._packets_seen)
        if lost:
            self._warn_once(
                Sentence(
                    "{name} ends early: {lost} frames that it announces are not there.", name=self._name, lost=lost
                )
            )
        elif self._index is None and self._last_pts is not None and self.info.duration_s:
            end_s = self._time_s(self._last_pts + self._frame_ticks)
            if end_s < self.info.duration_s - LONGER_SOUND_S:
                self._warn_once(
                    Sentence(
                        "{name} may have been cut off: it announces {duration_s} s, its images end at {end_s} s.",
                        name=self._name,
                        duration_s=f"{self.info.duration_s:.1f}",
                        end_s=f"{end_s:.1f}",
                    )
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
        if self._index is None and self._url is None:
            second = round(1 / self._tick)
            self._index = scan_index(self._path, self._stream_index, self._frame_ticks, second, self._is_broadcast)
            self.info = replace(self.info, variable_frame_rate=self._index.variable_frame_rate)
        back_ticks = 0
        while True:
            at_beginning = target - back_ticks <= self._start_pts or bool(self._index and self._index.begins_anew)
            first = self._to_beginning() if at_beginning else self._after_container_seek(target - back_ticks)
            before: _Image | None = None
            is_beyond, passed = first is None or first.pts > target, 0
            while first is not None and first.pts <= target:
                before, first, passed = first, self._next_image(), passed + 1
            # Some containers find key frames by decoding time or by guessing, and land beyond the image sought. And the
            # first image may differ: interlaced ones are made whole with the one before, times may count packets.
            needs_one_before = self._deinterlacer.is_used or self._stream.codec_context.has_b_frames
            if at_beginning or not (is_beyond or (passed < 2 and needs_one_before)):
                break
            back_ticks = max(2 * back_ticks, round(1 / self._tick))
        self._images.extendleft(p for p in (first, before) if p is not None)

    def key_frame_s(self, time_s: float) -> float | None:
        target = self._start_pts + int(max(time_s, 0.0) / float(self._tick))
        try:
            self._waiting(lambda: self._container.seek(target, stream=self._stream))
            packet = self._waiting(lambda: next(self._container.demux(self._stream), None))
        except av.FFmpegError:
            return None
        if packet is None or not packet.is_keyframe or packet.pts is None:
            return None
        return self._time_s(packet.pts)

    def _after_container_seek(self, pts: int) -> _Image | None:
        try:
            self._waiting(lambda: self._container.seek(pts, stream=self._stream))
        except av.FFmpegError:
            return self._to_beginning()  # a raw stream cannot be sought, only read through
        self._restart(at_index=None)
        return self._next_image()

    def _to_beginning(self) -> _Image | None:
        self._open_again()
        return self._next_image()

    def _open_again(self) -> None:
        """To the beginning: not every container can be sought to its very first frame."""
        self._container.close()
        self._open()
        self._use_stream(self._container.streams[self._stream_index])
        self._restart(at_index=0)

    def close(self) -> None:
        if self._network is None:
            self._container.close()
        else:
            self._network.end(self._container.close, timeout_s=1.0)
