"""Videos made for tests: every frame carries its number, so that what was read can be checked."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from tests.fakes import numbered_image


def write_video(
    path: Path,
    *,
    count: int = 30,
    width: int = 96,
    height: int = 64,
    fps: int = 25,
    times: Sequence[Fraction] | None = None,
    rotation: float | None = None,
    hflip: bool = False,
    codec: str = "libx264",
    container: str | None = None,
    options: dict[str, str] | None = None,
    sound: str | None = None,
    gop: int = 10,
    sound_shift_s: float = 0.0,
) -> Path:
    """A video of numbered images; `times` (seconds) make its rate vary, `sound` is the codec of a 440 Hz track."""
    with av.open(str(path), "w", format=container, options=options or {}) as output:
        stream: Any = output.add_stream(codec, rate=fps)
        stream.width, stream.height = width, height
        stream.pix_fmt = {"mjpeg": "yuvj420p", "png": "rgb24"}.get(codec, "yuv420p")
        stream.gop_size = gop
        if codec == "libx264":
            stream.options = {"preset": "veryfast", "crf": "12"}
        stream.codec_context.time_base = Fraction(1, 12800)
        if rotation is not None or hflip:
            stream.set_display_rotation(rotation or 0, hflip=hflip)
        audio: Any = output.add_stream(sound, rate=48000, layout="mono") if sound else None
        for number in range(count):
            time = times[number] if times else Fraction(number, fps)
            frame = av.VideoFrame.from_ndarray(numbered_image(number % 256, width, height), format="bgr24")
            frame.pts, frame.time_base = round(time * 12800), Fraction(1, 12800)
            output.mux(stream.encode(frame))
        output.start_encoding()  # for a video without frames, which would not be written otherwise
        output.mux(stream.encode(None))
        if audio:
            _write_tone(output, audio, count / fps, sound_shift_s)
    return path


def write_sound(path: Path, seconds: float = 1.0) -> Path:
    with av.open(str(path), "w") as output:
        _write_tone(output, output.add_stream("aac", rate=48000, layout="mono"), seconds, 0.0)
    return path


def _write_tone(output: Any, stream: Any, seconds: float, shift_s: float) -> None:
    samples = (0.3 * np.sin(2 * np.pi * 440 * np.arange(int(48000 * seconds)) / 48000)).astype(np.float32)
    resampler = av.AudioResampler(format=stream.codec_context.format.name, layout="mono", rate=48000)
    for start in range(0, len(samples), 1024):
        frame = av.AudioFrame.from_ndarray(samples[None, start : start + 1024], format="fltp", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = 48000, start + round(shift_s * 48000), Fraction(1, 48000)
        for piece in resampler.resample(frame):
            output.mux(stream.encode(piece))
    output.mux(stream.encode(None))


def packet_sizes(path: Path) -> list[tuple[int, int]]:
    """(byte position, size) of each video packet."""
    with av.open(str(path)) as container:
        return [(p.pos, p.size) for p in container.demux(container.streams.video[0]) if p.size and p.pos is not None]


def frame_times(path: Path) -> list[float]:
    with av.open(str(path)) as container:
        return [float(f.pts * f.time_base) for f in container.decode(video=0)]
