"""One file with a sequence of images: animated WebP, PNG and AVIF, and TIFF with several pages."""

from __future__ import annotations

from pathlib import Path

from app.sources.base import TIME_TOLERANCE_S, Grabbed, Image, Source, SourceInfo
from app.sources.orientation import from_degrees
from app.sources.stills import BROKEN, as_bgr, exif_orientation, open_with_pillow
from pose.errors import MediaError
from pose.sentence import Sentence

QUICKEST_S = 0.011  # browsers show what claims to be quicker for a tenth of a second
USUAL_S = 0.1


class AnimationSource(Source):
    """The images of one file, with the durations that it gives them; where it gives none, at `fps`.

    rotation: degrees clockwise instead of what EXIF says. Raises MediaError if not even the first image can be read.
    """

    def __init__(self, path: Path, fps: float = 25.0, rotation: int | None = None) -> None:
        super().__init__()
        self.files: tuple[Path] = (path,)
        image = open_with_pillow(path)
        if image is None:
            raise MediaError("{path} is not an image, or it is damaged.", path=path.name)
        self._image, self._step_s = image, 1 / fps
        self._count = int(getattr(image, "n_frames", 1))
        self._orientation = exif_orientation(image) if rotation is None else from_degrees(rotation)
        self._times = [0.0]  # of the frames up to the one after the last that was decoded
        self._next = 0
        if not self._decode(0):
            image.close()
            raise MediaError("{path} is not an image, or it is damaged.", path=path.name)
        width, height = self._orientation.size(*image.size)
        self.info = SourceInfo(
            name=path.name,
            kind="video",
            path=path,
            width=width,
            height=height,
            fps=1 / self._times[1],
            frame_count=self._count,
            rotation=self._orientation.rotation,
            mirrored=self._orientation.mirrored,
        )

    def _decode(self, index: int) -> bool:
        """Whether that image can be had; from then on it is known when the one after it comes."""
        if index < self._image.tell():  # not every format can go back
            image = open_with_pillow(self.files[0])
            if image is None:
                return False
            self._image.close()
            self._image = image
        try:
            self._image.seek(index)
            self._image.load()
        except BROKEN:
            return False
        if index == len(self._times) - 1:
            duration_ms = self._image.info.get("duration") if self._image.format != "TIFF" else None
            duration_s = self._step_s if duration_ms is None else duration_ms / 1000
            self._times.append(self._times[index] + (duration_s if duration_s >= QUICKEST_S else USUAL_S))
        return True

    def seek(self, time_s: float) -> None:
        while len(self._times) <= self._count and self._times[-1] <= time_s + TIME_TOLERANCE_S:
            if not self._decode(len(self._times) - 1):
                break
        shown = [i for i, t in enumerate(self._times[: self._count]) if t <= time_s + TIME_TOLERANCE_S]
        self._next = shown[-1] if shown else 0

    def _grab(self) -> Grabbed | None:
        if self._next >= self._count or not self._decode(self._next):
            return None
        index, self._next = self._next, self._next + 1
        return Grabbed(index, self._times[index])

    def _retrieve(self) -> Image | None:
        notes: list[str] = []
        try:
            image = as_bgr(self._image, self.info.name, notes)
        except BROKEN:
            return None
        self._warnings += [note for note in notes if note not in self._warnings]
        return self._orientation.apply(image)

    def _lost_at_end(self) -> int:
        lost = self._count - self._next
        if lost:
            self._warnings.append(
                Sentence(
                    "{name} ends early: {lost} frames that it announces are not there.", name=self.info.name, lost=lost
                )
            )
        return lost

    def close(self) -> None:
        self._image.close()
