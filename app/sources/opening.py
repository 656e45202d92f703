"""From what the user names to a source of frames."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from app.sources.animation import AnimationSource
from app.sources.base import Source
from app.sources.camera import LiveSource, is_camera_number, is_stream_url, public_url
from app.sources.images import ImageSource
from app.sources.stills import holds_image, image_count, is_image
from app.sources.web import is_stored
from app.threads import BlockingCalls
from pose.errors import MediaError

VIDEO_SUFFIXES = (
    ".264", ".265", ".3g2", ".3gp", ".apng", ".asf", ".avi", ".divx", ".dv", ".f4v", ".flv", ".gif", ".h264", ".h265",
    ".hevc", ".ivf", ".m1v", ".m2ts", ".m2v", ".m4v", ".mjpeg", ".mjpg", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg",
    ".mts", ".mxf", ".ogv", ".qt", ".ts", ".vob", ".webm", ".wmv", ".y4m",
)  # fmt: skip


def open_source(
    spec: str | Path | int | Sequence[Path],
    *,
    rotation: int | None = None,
    image_fps: float = 25.0,
    reconnects: int = 4,
    camera_size: tuple[int, int] | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Source:
    """Open a camera index (also as text), stream URL, video file, image, folder of images, or list of images.

    A file is what its content says, whatever its name. A video that is stored at an http address is a file, too.

    rotation:   degrees clockwise instead of the file's own; None = the file's.
    image_fps:  frames per second at which images follow each other.
    reconnects: how often a live source that broke off is opened again by itself.
    camera_size: (width, height) that a camera is asked for; None = as it comes.
    sleep: with which live sources and the network are waited for (`app.sources.camera.LiveSource`).
    Raises MediaError with one sentence for the user.
    """
    if isinstance(spec, int) or (isinstance(spec, str) and is_camera_number(spec)):
        return LiveSource(int(spec), rotation=rotation, reconnects=reconnects, size=camera_size, sleep=sleep)
    if isinstance(spec, str) and is_stream_url(spec):
        if (stored := _stored_video(spec, rotation, sleep)) is not None:
            return stored
        return LiveSource(spec, rotation=rotation, reconnects=reconnects, sleep=sleep)
    if not isinstance(spec, str | Path):
        return ImageSource(spec, spec[0].parent.name or str(spec[0].parent), image_fps, rotation)
    path = Path(spec)
    if path.is_dir():
        images = [p for p in path.iterdir() if is_image(p) and p.is_file()]
        if not images:
            raise MediaError("{path} holds no images.", path=path)
        return ImageSource(images, path.resolve().name, image_fps, rotation)
    if holds_image(path):
        if not path.exists():
            raise MediaError("{path} does not exist; check the name and the folder.", path=path)
        if image_count(path) > 1:
            return AnimationSource(path, image_fps, rotation)
        return ImageSource([path], path.name, image_fps, rotation)
    from app.sources.video import VideoSource  # imports PyAV, which live sources do not need

    return VideoSource(path, rotation)


def _stored_video(url: str, rotation: int | None, sleep: Callable[[float], None]) -> Source | None:
    """A video that is stored at an address; None where something live comes, or nothing."""
    ask = BlockingCalls(public_url(url), lambda: sleep(0.0))
    try:
        if not ask(lambda: is_stored(url)):
            return None
    finally:
        ask.end(lambda: None, timeout_s=0.0)
    from app.sources.video import EndlessError, VideoSource

    try:
        return VideoSource(url, rotation, sleep)
    except EndlessError:
        return None
