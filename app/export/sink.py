"""What every output format offers, and what it may know of the run."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app.export.text_file import TextFile
from app.repetitions import RepetitionSettings
from app.types import TrackedFrame
from pose.skeleton import Skeleton
from tracking.body_boxes import body_boxes_xyxy


class Measures(Protocol):
    """What was measured of people besides their poses: app.analysis.measure.Measures."""

    @property
    def columns(self) -> tuple[str, ...]: ...

    def of(self, person: int, time_s: float) -> tuple[float, ...]:
        """A value for each column, NaN = not known."""


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What is known before the first frame is written.

    source:         name for people to read; the file name for files.
    skeleton:       the joints of every pose that comes.
    fps:            nominal frames per second; the times of the frames are the truth.
    width, height:  of the upright frame, pixels.
    frame_count:    all frames of the source, undecodable ones too; None if not known.
    times_s:        (F,) exact time by frame index, NaN where not known; None while a source still runs.
    time_base_s:    tick of the times.
    first_frame:    index of the first frame that was asked for.
    end_frame:      one past the last frame that was asked for; None = to the end.
    corrupt_frames: indices that could not be decoded.
    frame_names:    file names of an image sequence, by index.
    started_utc:    aware time of day of time 0, if known.
    model:          name of what found the people.
    raw:            poses were smoothed and `tracks.raw` holds them as they were found.
    angles:         tables get joint angles.
    repetitions:    exercises that the default table counts.
    every_frame:    our own tables get a row for frames without people too.
    measures:       lengths in metres, for our own tables; None without a scale.
    tilt_deg:       of the floor line, against which tables measure lean.
    names:          what the user called people, by track id.
    """

    source: str
    skeleton: Skeleton
    fps: float
    width: int
    height: int
    frame_count: int | None = None
    times_s: NDArray[np.float64] | None = None
    time_base_s: Fraction | None = None
    first_frame: int = 0
    end_frame: int | None = None
    corrupt_frames: frozenset[int] = frozenset()
    frame_names: Sequence[str] | None = None
    started_utc: datetime | None = None
    model: str = "litepose"
    raw: bool = False
    angles: bool = False
    repetitions: tuple[RepetitionSettings, ...] = ()
    every_frame: bool = False
    measures: Measures | None = None
    tilt_deg: float = 0.0
    names: Mapping[int, str] = field(default_factory=dict)

    def person(self, track_id: int) -> str:
        """A word unlike anybody else's and safe in every format: "person_3", or the name that the user gave."""
        named = {number: name for number, name in self.names.items() if re.search(r"\w", name)}
        words = {number: re.sub(r"[^\w. -]", "_", name).strip() for number, name in named.items()}
        word = words.get(track_id) or "person"
        taken = {word_of for number, word_of in words.items() if number != track_id}
        taken |= {f"{word_of}_{number}" for number, word_of in words.items() if number != track_id}
        is_unique = word not in taken and not re.fullmatch(r"person(_\d+)?|Skeletons", word)  # the latter is of NWB
        return word if is_unique else f"{word}_{track_id}"

    @property
    def last_frame_end(self) -> int | None:
        """One past the last frame to account for; None if that is not known."""
        known = [end for end in (self.end_frame, self.frame_count) if end is not None]
        return min(known) if known else None


@dataclass(frozen=True)
class ExportedFrame(TrackedFrame):
    """What formats get: the people of a frame, and what several formats say of them, computed once."""

    skeleton: Skeleton = field(kw_only=True)

    @staticmethod
    def of(frame: TrackedFrame, skeleton: Skeleton) -> ExportedFrame:
        return ExportedFrame(frame.index, frame.time_s, frame.tracks, frame.interpolated, skeleton=skeleton)

    @cached_property
    def body_boxes_xyxy(self) -> NDArray[np.float64]:
        """(N, 4), see tracking.body_boxes; nobody changes them in place."""
        return body_boxes_xyxy(self.tracks.poses, self.skeleton)


class Sink(Protocol):
    """One output in one format. Every method raises MediaError if it cannot be written.

    Until `app.export.writer.ExportWriter` gives it its final name, the output lies at `partial_path(path)`.
    """

    @property
    def path(self) -> Path:
        """The final file or folder."""
        ...

    def open(self, run: RunFacts) -> None:
        """Begin a new partial output, replacing an older partial one."""
        ...

    def write(self, frame: ExportedFrame) -> None:
        """Add the people of one frame; frames come by ascending index."""
        ...

    def flush(self) -> None:
        """Hand everything to the system, so that a full disk shows now and not at the end."""
        ...

    def close(self, complete: bool) -> None:
        """Finish the partial output. After an incomplete run only what is valid stays."""
        ...


class TextSink(ABC):
    """A sink that is one text file, written frame by frame in constant memory."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows = 0
        self.run: RunFacts
        self._file: TextFile | None = None

    def open(self, run: RunFacts) -> None:
        self.run = run
        self._file = TextFile(self.path)
        self._emit(self._begin())

    def write(self, frame: ExportedFrame) -> None:
        self._emit(self._body(frame))

    def flush(self) -> None:
        assert self._file is not None
        self._file.flush()

    def close(self, complete: bool) -> None:
        if self._file is None:
            return
        try:
            self._emit(self._end(complete))
        finally:
            self._file.close()
            self._file = None

    def _emit(self, text: str) -> None:
        assert self._file is not None
        if text:
            self._file.write(text)

    def _begin(self) -> str:
        """What comes before the first frame."""
        return ""

    @abstractmethod
    def _body(self, frame: ExportedFrame) -> str:
        """The text of one frame, with its line ends."""

    def _end(self, complete: bool) -> str:
        """What comes after the last frame."""
        return ""


class MissingFrames:
    """The frames of the run that no result came for: undecodable, skipped by a stride, dropped by a live source."""

    def __init__(self, run: RunFacts, first: int | None = None) -> None:
        self._run = run
        self._next = run.first_frame if first is None else first
        self._last_time_s: float | None = None

    def before(self, index: int, time_s: float) -> Iterator[tuple[int, float]]:
        """(index, time_s) of those before the frame that comes now, which counts as seen from here on."""
        first, start_s = self._next, self._last_time_s
        self._next, self._last_time_s = max(index + 1, first), time_s
        for missing in range(first, index):
            if start_s is None:
                guess_s = time_s - (index - missing) / self._run.fps
            else:
                guess_s = start_s + (time_s - start_s) * (missing - first + 1) / (index - first + 1)
            yield missing, self._known_time(missing, guess_s)

    def after_last(self) -> Iterator[tuple[int, float]]:
        """Those after the last frame that came, as far as the run knows of them."""
        first, start_s = self._next, self._last_time_s
        for missing in range(first, self._run.last_frame_end or 0):
            begin_s = -1 / self._run.fps if start_s is None else start_s
            yield missing, self._known_time(missing, begin_s + (missing - first + 1) / self._run.fps)

    def _known_time(self, index: int, guess_s: float) -> float:
        times = self._run.times_s
        known = float(times[index]) if times is not None and index < len(times) else float("nan")
        return known if known == known else guess_s
