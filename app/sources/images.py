"""Images as a source: a folder, a list of files, or one file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from app.sources.base import Grabbed, Image, Source, SourceInfo
from app.sources.orientation import Orientation, from_degrees
from pose.errors import MediaError

IMAGE_SUFFIXES = (".bmp", ".jpeg", ".jpg", ".jp2", ".png", ".ppm", ".pgm", ".tif", ".tiff", ".webp")


class ImageSource(Source):
    """Images in natural order of their names, shown at `fps`; EXIF rotation is applied.

    rotation: degrees clockwise, added to what EXIF says. Raises MediaError if no image can be read.
    """

    def __init__(self, paths: Sequence[Path], name: str, fps: float = 25.0, rotation: int | None = None) -> None:
        super().__init__()
        if not paths:
            raise MediaError(f"{name} holds no images.")
        self.files = sorted(paths, key=natural_key)
        self._orientation = Orientation() if rotation is None else from_degrees(rotation)
        self._next = 0
        first = next((image for path in self.files if (image := self._read(path)) is not None), None)
        if first is None:
            if len(paths) == 1:
                raise MediaError(f"{name} is not an image, or it is damaged.")
            raise MediaError(f"No image in {name} can be read.")
        self.info = SourceInfo(
            name=name,
            kind="images",
            path=self.files[0] if len(self.files) == 1 else self.files[0].parent,
            width=first.shape[1],
            height=first.shape[0],
            fps=fps,
            frame_count=len(self.files),
            duration_s=len(self.files) / fps,
            rotation=self._orientation.rotation,
            variable_frame_rate=False,
        )

    def seek(self, time_s: float) -> None:
        self._next = min(max(int(time_s * self.info.fps + 1e-6), 0), len(self.files) - 1)

    def _grab(self) -> Grabbed | None:
        if self._next >= len(self.files):
            return None
        index = self._next
        self._next += 1
        return Grabbed(index, index / self.info.fps)

    def _retrieve(self) -> Image | None:
        path = self.files[self._next - 1]
        image = self._read(path)
        if image is None:
            self._warnings.append(f"{path.name} cannot be read as an image; it was left out.")
        elif image.shape[:2] != (self.info.height, self.info.width):
            sentence = "The images have different sizes; coordinates are in pixels of each image."
            if sentence not in self._warnings:
                self._warnings.append(sentence)
        return image

    def _read(self, path: Path) -> Image | None:
        try:
            # OpenCV cannot open names beyond the code page on Windows: read the bytes ourselves.
            image = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR)
        except (OSError, cv2.error):
            return None
        return None if image is None else self._orientation.apply(image.astype(np.uint8, copy=False))


def natural_key(path: Path) -> tuple[str, tuple[tuple[int, str], ...]]:
    """Sorts frame2 before frame10."""
    parts = re.findall(r"\d+|\D+", path.name.lower())
    return str(path.parent), tuple((int(p), "") if p.isdecimal() else (-1, p) for p in parts)


def is_image(path: Path) -> bool:
    return path.suffix.lower() in IMAGE_SUFFIXES
