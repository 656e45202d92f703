"""Cameras and network streams through OpenCV: back-ends tried in turn, slow starts waited for, breaks reconnected."""

from __future__ import annotations

import contextlib
import functools
import os
import sys
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

import cv2
import numpy as np

from app.sources.base import Grabbed, Image, Source, SourceInfo
from app.sources.orientation import Orientation, as_pixel_aspect, from_degrees
from app.threads import BlockingCalls, Stopped
from app.types import Frame
from pose.errors import MediaError
from pose.sentence import Sentence

# OpenCV and FFmpeg write about every attempt; what matters is said in one sentence. Both variables bring it back.
if "OPENCV_LOG_LEVEL" not in os.environ:
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")

FIRST_FRAME_TIMEOUT_S = 10.0  # USB cameras may take seconds to give their first image
NO_FRAME_TIMEOUT_S = 5.0
RELEASE_TIMEOUT_S = 1.0
RETRY_WAIT_S = 0.05
RECONNECT_WAITS_S = (0.5, 1.0, 2.0, 4.0)
STREAM_TIMEOUT_MS = 10_000
STREAM_SCHEMES = ("rtsp", "rtsps", "rtmp", "http", "https", "udp", "tcp", "rtp", "srt", "mms")


class Capture(Protocol):
    """The part of cv2.VideoCapture that is used."""

    def isOpened(self) -> bool: ...

    def grab(self) -> bool: ...

    def retrieve(self) -> tuple[bool, Image | None]: ...

    def get(self, prop: int) -> float: ...

    def release(self) -> None: ...


T = TypeVar("T")
Opener = Callable[[int | str, int], Capture]


def open_capture(device: int | str, backend: int, size: tuple[int, int] | None = None) -> Capture:
    """cv2.VideoCapture with a time limit for network streams and the least buffering.

    size: (width, height) that a camera is asked for; it may come with another.
    """
    if isinstance(device, str):
        # Without this, RTSP over UDP loses packets and smears the image.
        os.environ.setdefault("OPENCV_FFMPEG_CAPTURE_OPTIONS", "rtsp_transport;tcp")
        limits = (cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, cv2.CAP_PROP_READ_TIMEOUT_MSEC)
        return cv2.VideoCapture(device, backend, [n for limit in limits for n in (limit, STREAM_TIMEOUT_MS)])  # type: ignore[return-value]
    capture = cv2.VideoCapture(device, backend)
    capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
    if size is not None:
        # Uncompressed, large images come slowly through a USB cable. The size counts for the format set before it.
        capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        capture.set(cv2.CAP_PROP_FRAME_WIDTH, size[0])
        capture.set(cv2.CAP_PROP_FRAME_HEIGHT, size[1])
    return capture  # type: ignore[return-value]


def backends_for(device: int | str) -> tuple[int, ...]:
    """OpenCV back-ends in the order to try them on this system."""
    if isinstance(device, str):
        return (cv2.CAP_FFMPEG, cv2.CAP_ANY)
    if sys.platform == "win32":
        return (cv2.CAP_MSMF, cv2.CAP_DSHOW, cv2.CAP_ANY)
    if sys.platform == "darwin":
        return (cv2.CAP_AVFOUNDATION, cv2.CAP_ANY)
    return (cv2.CAP_V4L2, cv2.CAP_ANY)


class LiveSource(Source):
    """A camera (index) or a stream (URL). `time_s` is monotonic from the first frame; frames come as they come.

    reconnects: how often in a row to try again when images stop; 0 leaves that to the caller.
    size:       (width, height) that a camera is asked for, None = as it comes. It may give another.
    sleep:      waits; what it raises ends any wait within a tenth of a second, even for a driver that does not answer.
                With Stopped (of `app.threads.StopSignal`) the frames end as if the source had.
    Raises MediaError if it cannot be opened, gives no image, or breaks off for good.
    """

    def __init__(
        self,
        device: int | str,
        *,
        rotation: int | None = None,
        reconnects: int = 4,
        size: tuple[int, int] | None = None,
        opener: Opener | None = None,
        backends: tuple[int, ...] | None = None,
        clock: Callable[[], float] = time.perf_counter,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__()
        self._device, self._clock, self._sleep = device, clock, sleep
        self._opener = opener or functools.partial(open_capture, size=size)
        self._backends = backends_for(device) if backends is None else backends
        self._orientation = Orientation() if rotation is None else from_degrees(rotation)
        self._reconnects = reconnects
        self.name = f"Camera {device}" if isinstance(device, int) else public_url(device)
        self._capture: Capture | None = None
        self._driver = BlockingCalls(self.name, lambda: sleep(0.0))
        try:
            self._first: Image | None = self._open()
        except BaseException:
            self.close()
            raise
        self._image: Image | None = None  # of the frame grabbed last, where it was decoded already
        self._next_index = 0
        self.started_s = self._clock()  # when time_s was 0, by the clock
        assert self._first is not None and self._capture is not None
        self._pixel_aspect: float = _pixel_aspect(self._capture) if isinstance(device, str) else 1.0
        upright = self._upright(self._first)
        fps = self._capture.get(cv2.CAP_PROP_FPS)
        self.info = SourceInfo(
            name=self.name,
            kind="camera" if isinstance(device, int) else "stream",
            width=upright.shape[1],
            height=upright.shape[0],
            fps=fps if np.isfinite(fps) and 1 <= fps <= 1000 else 30.0,
            rotation=self._orientation.rotation,
            live=True,
            pixel_aspect=self._pixel_aspect,
        )

    def _open(self) -> Image:
        """The first image of the first back-end that gives one."""
        opened_one = False
        for backend in self._backends:
            try:
                capture = self._opened(backend)
            except cv2.error:
                continue
            if capture.isOpened():
                opened_one = True
                image = self._read(capture, FIRST_FRAME_TIMEOUT_S)
                if image is not None:
                    self._capture = capture
                    return image
            self._driver(capture.release)
        raise MediaError(self._why_not(opened_one))

    def _opened(self, backend: int) -> Capture:
        if isinstance(self._device, int):  # on macOS, asking for leave to use a camera wants the caller's thread
            return self._opener(self._device, backend)
        return self._driver(lambda: self._opener(self._device, backend))

    def _why_not(self, opened_one: bool) -> str:
        if opened_one:
            return Sentence("{name} opens but gives no image; another program may be using it.", name=self.name)
        if isinstance(self._device, int):
            return Sentence(
                "{name} cannot be opened; check that it is connected, free and that this program may use it.",
                name=self.name,
            )
        return Sentence("{name} cannot be opened; check the address and the network.", name=self.name)

    def _read(self, capture: Capture, timeout_s: float) -> Image | None:
        return self._in_time(lambda: self._driver(lambda: _image(capture) if _grabbed(capture) else None), timeout_s)

    def _in_time(self, attempt: Callable[[], T | None], timeout_s: float) -> T | None:
        """The first result that is not None; None once the time has run out."""
        deadline_s = self._clock() + timeout_s
        while (result := attempt()) is None:
            if self._clock() >= deadline_s:
                return None
            self._sleep(RETRY_WAIT_S)
        return result

    def frames(
        self,
        start_s: float | None = None,
        end_s: float | None = None,
        stride: int = 1,
        wanted: Callable[[], bool] = lambda: True,
    ) -> Iterator[Frame]:
        with contextlib.suppress(Stopped):
            yield from super().frames(start_s, end_s, stride, wanted)

    def seek(self, time_s: float) -> None:
        raise MediaError("{name} is live and cannot be wound.", name=self.name)

    def _grab(self) -> Grabbed | None:
        self._image, self._first = self._first, None
        if self._image is None:
            capture = self._capture
            assert capture is not None
            if self._in_time(lambda: self._driver(lambda: _grabbed(capture)) or None, NO_FRAME_TIMEOUT_S) is None:
                self._image = self._reopen()
        index, self._next_index = self._next_index, self._next_index + 1
        if index == 0:
            self.started_s = self._clock()
        return Grabbed(index, self._clock() - self.started_s)

    def _reopen(self) -> Image:
        for attempt in range(self._reconnects):
            self.close()
            self._sleep(RECONNECT_WAITS_S[min(attempt, len(RECONNECT_WAITS_S) - 1)])
            try:
                image = self._open()
            except MediaError:
                continue
            self._warnings.append(Sentence("{name} broke off and was opened again.", name=self.name))
            return image
        raise MediaError("{name} broke off; check the cable or the network.", name=self.name)

    def _retrieve(self) -> Image:
        """Of the frame grabbed last or, if it cannot be decoded, of one soon after."""
        capture = self._capture
        assert capture is not None
        image = self._image if self._image is not None else self._driver(lambda: _image(capture))
        if image is None:
            image = self._read(capture, NO_FRAME_TIMEOUT_S)
        if image is None:
            image = self._reopen()
        if image.ndim == 2:
            image = cv2.cvtColor(image, cv2.COLOR_GRAY2BGR).astype(np.uint8, copy=False)
        return self._upright(image)

    def _upright(self, image: Image) -> Image:
        if self._pixel_aspect != 1:
            width = max(1, round(image.shape[1] * self._pixel_aspect))
            image = cv2.resize(image, (width, image.shape[0])).astype(np.uint8, copy=False)
        return self._orientation.apply(image)

    def close(self) -> None:
        """A driver that does not answer releases the device when it does; nobody waits for it for long."""
        capture, self._capture = self._capture, None
        self._driver.end(capture.release if capture is not None else lambda: None, RELEASE_TIMEOUT_S)


def _pixel_aspect(capture: Capture) -> float:
    width, height = capture.get(cv2.CAP_PROP_SAR_NUM), capture.get(cv2.CAP_PROP_SAR_DEN)
    return float(as_pixel_aspect(Fraction(round(width), round(height)))) if width >= 1 and height >= 1 else 1.0


def _grabbed(capture: Capture) -> bool:
    try:
        return capture.grab()
    except cv2.error:
        return False


def _image(capture: Capture) -> Image | None:
    """Of the frame grabbed last; decoding it is what takes time."""
    try:
        ok, image = capture.retrieve()
    except cv2.error:
        return None
    return image if ok and image is not None and image.size else None


def is_camera_number(text: str) -> bool:
    """Whether a word means a camera; a file of that name comes first."""
    return text.isdecimal() and not Path(text).exists()


def is_stream_url(text: str) -> bool:
    with contextlib.suppress(ValueError):  # from what is no address, such as "rtsp://[::1/"
        return "://" in text and urlsplit(text).scheme.lower() in STREAM_SCHEMES
    return False


def public_url(url: str) -> str:
    """The address without user name and password, fit for the screen and for files."""
    try:
        parts = urlsplit(url)
    except ValueError:  # it is none
        return url.partition("?")[0].rpartition("@")[2]
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def without_secrets(url: str) -> str:
    """The address fit for keeping: places of the password and of the query's values stay, and are empty."""
    parts = urlsplit(url)
    login, at, host = parts.netloc.rpartition("@")
    user, colon, _ = login.partition(":")
    values = (part.partition("=")[0] + "=" if "=" in part else "=" for part in parts.query.split("&"))
    query = "?" + "&".join(values) if parts.query else ""
    return f"{parts.scheme}://{user}{colon}{at}{host}{parts.path}{query}"


def lacks_secrets(url: str) -> bool:
    """Whether this address is one `without_secrets` that had some."""
    return url == without_secrets(url) and (urlsplit(url).password == "" or "=" in urlsplit(url).query)
