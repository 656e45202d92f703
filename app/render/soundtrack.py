"""The sound of one file, copied into another, re-encoded only if an MP4 cannot hold it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from pose.sentence import Sentence

MP4_CODECS = ("aac", "mp3", "ac3", "eac3", "alac", "opus")
AAC_RATES = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000)


class Soundtrack:
    """Reads the first audio stream of `path` from container time `start_s` on and adds it to an open MP4.

    `copy_until` is called as the video advances, so that both lie side by side in the file and nothing piles up.
    Must be made before the first packet is written. Raises av.FFmpegError or ValueError if the sound is unusable.
    """

    def __init__(self, path: Path, output: Any, start_s: float) -> None:
        self._input = av.open(f"file:{path}")
        try:
            self._in_stream: Any = self._input.streams.audio[0]
            if self._in_stream.codec_context is None:
                raise ValueError("its format is not known here")
            self._output, self._start_s = output, start_s
            self._copying = self._in_stream.codec_context.name.removesuffix("float") in MP4_CODECS
            if self._copying:
                self._out_stream = output.add_stream_from_template(self._in_stream)
            else:
                self._make_encoder()
            if start_s > 1:
                self._input.seek(int((start_s - 1) * av.time_base))
        except BaseException:
            self._input.close()
            raise
        self.warnings: list[str] = []
        self._chunks = self._copied() if self._copying else self._encoded()
        self._waiting: tuple[float, Any] | None = None

    def _make_encoder(self) -> None:
        rate = self._in_stream.codec_context.sample_rate
        rate = rate if rate in AAC_RATES else 48000
        layout = "mono" if self._in_stream.codec_context.channels == 1 else "stereo"
        self._out_stream = self._output.add_stream("aac", rate=rate, layout=layout)
        self._resampler = av.AudioResampler(format="fltp", layout=layout, rate=rate)

    def copy_until(self, time_s: float) -> None:
        """Add the sound up to a time of the new file."""
        while True:
            if self._waiting is None:
                self._waiting = next(self._chunks, None)
            if self._waiting is None or self._waiting[0] >= time_s:
                return
            self._output.mux(self._waiting[1])
            self._waiting = None

    def finish(self) -> None:
        """Write what the encoder still holds."""
        if not self._copying:
            self._output.mux(self._out_stream.encode(None))

    def close(self) -> None:
        self._input.close()

    def _packets(self) -> Iterator[Any]:
        try:
            yield from self._input.demux(self._in_stream)
        except av.FFmpegError:
            self.warnings.append(Sentence("The sound breaks off where the file does."))

    def _copied(self) -> Iterator[tuple[float, Any]]:
        """(time in the new file, packet) from the first packet that begins after the start."""
        base = self._in_stream.time_base
        shift = round(Fraction(self._start_s).limit_denominator(10**9) / base)
        for packet in self._packets():
            if packet.size == 0 or packet.pts is None or packet.dts is None or packet.pts < shift:
                continue
            packet.pts -= shift
            packet.dts -= shift
            packet.stream = self._out_stream
            yield float(packet.pts * base), packet

    def _encoded(self) -> Iterator[tuple[float, list[Any]]]:
        rate = self._out_stream.codec_context.sample_rate
        next_sample: int | None = None
        for packet in self._packets():
            try:
                decoded = packet.decode()
            except av.FFmpegError:
                continue  # a damaged piece of sound is left out
            for frame in decoded:
                if frame.time is None or frame.time < self._start_s:
                    continue
                if next_sample is None:
                    next_sample = round((frame.time - self._start_s) * rate)
                for piece in self._resampler.resample(frame):
                    piece.pts, piece.time_base = next_sample, Fraction(1, rate)
                    next_sample += piece.samples
                    yield float(piece.pts) / rate, self._out_stream.encode(piece)
