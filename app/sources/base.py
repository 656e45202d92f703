"""What every source of frames offers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.closing import Closing
from app.types import Frame

Image = NDArray[np.uint8]
SourceKind = Literal["video", "images", "camera", "stream"]


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What is known about a source once it is open.

    name:          for people to read; the file name for files.
    path:          the file or folder; None for cameras and streams.
    width, height: of the upright frame, pixels.
    fps:           nominal frames per second; the presentation times are the truth.
    frame_count:   frames that the container declares; None if it does not say.
    duration_s:    None if unknown.
    rotation:      degrees clockwise by which the stored image is turned to stand upright.
    mirrored:      the stored image is also mirrored.
    variable_frame_rate: None if not known (a container without an index, a live source).
    live:          frames come by themselves and cannot be sought.
    time_base_s:   the tick of the presentation times; None if there is none.
    has_audio:     the file has a sound track.
    start_time_s:  the container's time of the first frame, whose time_s is 0.
    pixel_aspect:  width of a stored pixel by its height. Frames are scaled so that their pixels are square.
    started_utc:   when it was recorded, as the container says, ISO 8601 with "Z"; None if it does not say.
    """

    name: str
    kind: SourceKind
    width: int
    height: int
    fps: float
    path: Path | None = None
    frame_count: int | None = None
    duration_s: float | None = None
    rotation: int = 0
    mirrored: bool = False
    variable_frame_rate: bool | None = None
    live: bool = False
    time_base_s: Fraction | None = None
    has_audio: bool = False
    start_time_s: float = 0.0
    pixel_aspect: float = 1.0
    started_utc: str | None = None


@dataclass(frozen=True, slots=True)
class SourceCounts:
    """Frames of a source so far.

    decoded: frames handed out or passed over by a stride.
    corrupt: frames that the source holds but that could not be decoded, including those that a container declares
             and the file lacks.
    damaged: frames among `decoded` that the decoder marked as damaged.
    """

    decoded: int = 0
    corrupt: int = 0
    damaged: int = 0


@dataclass(frozen=True, slots=True)
class Grabbed:
    """A frame found but not yet turned into an image. lost_before: undecodable frames just before it."""

    index: int
    time_s: float
    lost_before: int = 0
    damaged: bool = False


class Source(Closing, ABC):
    """A context manager and an iterable of `Frame`. Used by one thread at a time.

    Iterating again continues where the last iteration stopped; `seek` moves.
    """

    info: SourceInfo
    files: Sequence[Path] = ()  # that it reads

    def __init__(self) -> None:
        self._decoded = self._corrupt = self._damaged = 0
        self._warnings: list[str] = []

    @property
    def counts(self) -> SourceCounts:
        return SourceCounts(self._decoded, self._corrupt, self._damaged)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences about what was wrong with the source so far."""
        return tuple(self._warnings)

    def seek(self, time_s: float) -> None:
        """Make the frame that is on screen at `time_s` the next one. Raises MediaError if the source is live."""
        raise NotImplementedError

    def key_frame_s(self, time_s: float) -> float | None:
        """When the last key frame up to `time_s` is shown: decoding can begin there. None if that is not known.

        Only `seek` may follow.
        """
        return None

    def __iter__(self) -> Iterator[Frame]:
        return self.frames()

    def frames(
        self,
        start_s: float | None = None,
        end_s: float | None = None,
        stride: int = 1,
        wanted: Callable[[], bool] = lambda: True,
    ) -> Iterator[Frame]:
        """Frames with start_s <= time_s < end_s, every `stride`-th of them, for which `wanted()` is then True.

        Those passed over are not converted. Raises MediaError if a live source breaks off for good.
        """
        if start_s is not None and start_s > 0:
            self.seek(start_s)
        before_start = start_s is not None and start_s > 0
        position = 0
        while (grabbed := self._grab()) is not None:
            if before_start and start_s is not None and grabbed.time_s < start_s - TIME_TOLERANCE_S:
                continue
            if not before_start:
                self._corrupt += grabbed.lost_before
            before_start = False
            if end_s is not None and grabbed.time_s >= end_s - TIME_TOLERANCE_S:
                return
            shown = position % stride == 0 and wanted()
            image = self._retrieve() if shown else None
            if shown and image is None:
                self._corrupt += 1
                continue
            self._decoded += 1
            self._damaged += grabbed.damaged
            position += 1
            if image is not None:
                yield Frame(grabbed.index, grabbed.time_s, image)
        self._corrupt += self._lost_at_end()

    def clock(self) -> Iterator[Grabbed]:
        """Number and time of every frame from here on, without making images of them."""
        while (grabbed := self._grab()) is not None:
            self._corrupt += grabbed.lost_before
            self._decoded += 1
            self._damaged += grabbed.damaged
            yield grabbed
        self._corrupt += self._lost_at_end()

    @abstractmethod
    def _grab(self) -> Grabbed | None:
        """Move to the next frame; None at the end."""

    @abstractmethod
    def _retrieve(self) -> Image | None:
        """The image of the frame grabbed last; None if it cannot be decoded."""

    def _lost_at_end(self) -> int:
        """Frames that the source declares after the last one that was found."""
        return 0

    def close(self) -> None:
        """Release the file or device; safe to call twice."""


# Times given in decimal seconds must find the frame whose time is the same number as a fraction.
TIME_TOLERANCE_S = 1e-6
