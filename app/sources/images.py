"""Images as a source: a folder, a list of files, or one file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from app.sources.base import Grabbed, Image, Source, SourceInfo
from app.sources.orientation import Orientation, from_degrees
from app.sources.stills import IMAGE_SUFFIXES, image_count, is_image, is_readable, read_image
from pose.errors import MediaError
from pose.sentence import Sentence

__all__ = ["IMAGE_SUFFIXES", "ImageSource", "is_image", "natural_key"]


NAMES_SHOWN = 10


class ImageSource(Source):
    """Images in natural order of their names, shown at `fps`; EXIF rotation is applied.

    rotation: degrees clockwise, added to what EXIF says. Raises MediaError if no image can be read.
    """

    def __init__(self, paths: Sequence[Path], name: str, fps: float = 25.0, rotation: int | None = None) -> None:
        super().__init__()
        if not paths:
            raise MediaError("{name} holds no images.", name=name)
        self.files = sorted(filter(is_readable, paths), key=natural_key)
        self._leave_out([p.name for p in sorted(paths, key=natural_key) if not is_readable(p)], name)
        self._orientation = Orientation() if rotation is None else from_degrees(rotation)
        self._next = 0
        self._has_notes = False
        first = next((image for path in self.files if (image := self._read(path)) is not None), None)
        if first is None:
            if len(paths) == 1:
                raise MediaError("{name} is not an image, or it is damaged.", name=name)
            raise MediaError("No image in {name} can be read.", name=name)
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
            self._warnings.append(Sentence("{path} cannot be read as an image; it was left out.", path=path.name))
            return None
        if image.shape[:2] != (self.info.height, self.info.width):
            self._warn_once(Sentence("The images have different sizes; coordinates are in pixels of each image."))
        if image_count(path) > 1:
            self._warnings.append(Sentence("{path} holds several images; the first was taken.", path=path.name))
        return image

    def _read(self, path: Path) -> Image | None:
        notes: list[str] = []
        image = read_image(path, notes)
        if notes and not self._has_notes:
            self._has_notes = True  # for the others it will be much the same
            self._warnings += notes
        return None if image is None else self._orientation.apply(image)

    def _leave_out(self, names: list[str], name: str) -> None:
        if names and not self.files:
            raise MediaError(
                "{name}: images such as {example} cannot be read here; convert them to JPEG or PNG.",
                name=name,
                example=names[0],
            )
        if names:
            shown = ", ".join(names[:NAMES_SHOWN]) + (" …" if len(names) > NAMES_SHOWN else "")
            self._warnings.append(
                Sentence(
                    "Images that cannot be read here were left out: {count} ({shown}).", count=len(names), shown=shown
                )
            )

    def _warn_once(self, sentence: str) -> None:
        if sentence not in self._warnings:
            self._warnings.append(sentence)


def natural_key(path: Path) -> tuple[str, tuple[tuple[int, str], ...]]:
    """Sorts frame2 before frame10."""
    parts = re.findall(r"\d+|\D+", path.name.lower())
    return str(path.parent), tuple((int(p), "") if p.isdecimal() else (-1, p) for p in parts)
