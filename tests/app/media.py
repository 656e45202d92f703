"""Videos made for tests: every frame carries its number, so that what was read can be checked."""

from __future__ import annotations

import base64
import contextlib
import http.server
import re
import threading
from collections.abc import Callable, Iterator, Sequence
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
    pixel_aspect: Fraction | None = None,
    draw: Callable[[int, int, int], Any] = lambda number, width, height: numbered_image(number % 256, width, height),
) -> Path:
    """A video of numbered images; `times` (seconds) make its rate vary, `sound` is the codec of a 440 Hz track.

    draw: another image than the numbered one for (number, width, height).
    """
    with av.open(str(path), "w", format=container, options=options or {}) as output:
        stream: Any = output.add_stream(codec, rate=fps)
        stream.width, stream.height = width, height
        stream.pix_fmt = {"mjpeg": "yuvj420p", "png": "rgb24"}.get(codec, "yuv420p")
        stream.gop_size = gop
        if codec == "libx264":
            stream.options = {"preset": "veryfast", "crf": "12"}
        stream.codec_context.time_base = Fraction(1, fps if codec == "mpeg2video" else 12800)
        if pixel_aspect is not None:
            stream.codec_context.sample_aspect_ratio = pixel_aspect
        if codec == "mpeg2video":
            stream.options = {"flags": "+ilme+ildct", "q": "2"}
        if rotation is not None or hflip:
            stream.set_display_rotation(rotation or 0, hflip=hflip)
        audio: Any = output.add_stream(sound, rate=48000, layout="mono") if sound else None
        for number in range(count):
            time = times[number] if times else Fraction(number, fps)
            frame = av.VideoFrame.from_ndarray(draw(number, width, height), format="bgr24")
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


def remux(source: Path, target: Path, change: Callable[[int, Any], object] = lambda number, packet: None) -> Path:
    """The first video's packets in another container, `change(number, packet)` called for each before it is written."""
    with av.open(str(source)) as old, av.open(str(target), "w") as new:
        stream: Any = new.add_stream_from_template(old.streams.video[0])
        for number, packet in enumerate(p for p in old.demux(old.streams.video[0]) if p.size):
            packet.stream = stream
            change(number, packet)
            new.mux(packet)
    return target


def write_two_videos(path: Path, default: int | None, small: int = 7, large: int = 200) -> Path:
    """A small video of one number first, a large one of another second; `default` is flagged as the one to show."""
    with av.open(str(path), "w") as output:
        streams: list[Any] = [output.add_stream("libx264", rate=25) for _ in range(2)]
        for place, (stream, scale) in enumerate(zip(streams, (1, 2), strict=True)):
            stream.width, stream.height, stream.pix_fmt = 96 * scale, 64 * scale, "yuv420p"
            stream.disposition = av.stream.Disposition.default if place == default else av.stream.Disposition(0)
        for stream, number in zip(streams, (small, large), strict=True):
            for k in range(5):
                frame = av.VideoFrame.from_ndarray(numbered_image(number, stream.width, stream.height), format="bgr24")
                frame.pts, frame.time_base = k, Fraction(1, 25)
                output.mux(stream.encode(frame))
            output.mux(stream.encode(None))
    return path


HEIC_77 = base64.b64decode(  # numbered_image(77): nothing that is installed for tests writes this format
    """
    AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAVZtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAA
    ACJpbG9jAAAAAERAAAEAAQAAAAABegABAAAAAAAAADMAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAAAA5waXRt
    AAAAAAABAAAA1mlwcnAAAAC3aXBjbwAAAHhodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMA
    AAMAHroCQGEAAQArQgEBA3AAAAMAkAAAAwAAAwAeoDCBBZbqSSmubgIaDAgAAAMAyAAAAwAIQGIAAQAHRAHBcrAiQAAAABNjb2xy
    bmNseAABAA0ABoAAAAAUaXNwZQAAAAAAAABgAAAAQAAAABBwaXhpAAAAAAMICAgAAAAXaXBtYQAAAAAAAAABAAEEgQIDBAAAADtt
    ZGF0AAAALygBrwtgz2PlnapEMnAF7QoqCqdPB4a0MpElKf+HwDAjjPB0ouqTCJYLqgmR4Y2A
    """
)


@contextlib.contextmanager
def file_server(folder: Path, most_bytes: int | None = None) -> Iterator[tuple[str, list[str]]]:
    """The address of a server that gives the files of a folder, in ranges if asked; and what was asked for so far.

    most_bytes: of each answer; what comes after that is held back until the server ends.
    """
    asked: list[str] = []
    ended = threading.Event()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked.append(self.path)
            path = folder / self.path.lstrip("/")
            if not path.is_file():
                self.send_error(404)
                return
            data = path.read_bytes()
            wanted = re.match(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
            first = int(wanted[1]) if wanted else 0
            last = min(int(wanted[2]) if wanted and wanted[2] else len(data), len(data) - 1)
            self.send_response(206 if wanted else 200)
            self.send_header("Content-Length", str(last - first + 1))
            if wanted:
                self.send_header("Content-Range", f"bytes {first}-{last}/{len(data)}")
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(data[first : last + 1][:most_bytes])
                if most_bytes is not None and last + 1 - first > most_bytes:
                    ended.wait()

        def log_message(self, *arguments: object) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}", asked
    ended.set()
    server.shutdown()
    server.server_close()
