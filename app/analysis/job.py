"""One piece of work: which input, how, and how it went. All of it can be pickled and sent to another process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from app.analysis.detect import Chunk, Selection
from app.analysis.inputs import AnnotationInput
from app.export.registry import needs_timeline
from app.models.input_size import SizeChoice
from app.pipeline import Estimator
from app.repetitions import RepetitionSettings
from app.settings import Settings
from app.sources import SourceInfo
from pose.sentence import Sentence
from pose.skeleton import Skeleton


@dataclass(frozen=True, slots=True)
class JobOptions:
    """What to write and which part of each input.

    formats:    names of app.export.registry.
    video:      write the annotated video (a PNG for a single photo).
    start_s:    first and end_s: one past the last presentation time; None = from the beginning, to the end.
    stride:     every how many frames one is analysed.
    overwrite:  replace outputs of an earlier run.
    rotation:   degrees clockwise instead of the file's own.
    image_fps:  at which images of a folder follow each other.
    repetitions: exercises that the default table counts.
    every_frame: tables get a row for frames without people too.
    keep_store: leave the stored detections beside the results.
    slow_motion: how many times slower than life the source plays.
    recorded_fps: the rate at which it was recorded, from which slow motion follows; None = use slow_motion.
    resample_fps: rate of the results; None = the source's own frames.
    person:     only this one counts: a number or a rule of app.analysis.subjects; None = everybody.
    regions:    only who stands in them counts, as app.analysis.subjects.parse_region has them.
    """

    out_dir: Path
    formats: tuple[str, ...] = ("csv",)
    video: bool = True
    start_s: float | None = None
    end_s: float | None = None
    stride: int = 1
    overwrite: bool = False
    angles: bool = False
    repetitions: tuple[RepetitionSettings, ...] = ()
    rotation: int | None = None
    image_fps: float = 25.0
    every_frame: bool = False
    keep_store: bool = True
    slow_motion: float = 1.0
    recorded_fps: float | None = None
    resample_fps: float | None = None
    person: str | None = None
    regions: tuple[str, ...] = ()

    @property
    def selection(self) -> Selection:
        return Selection(self.start_s, self.end_s, self.stride)

    @property
    def chooses_people(self) -> bool:
        return self.person is not None or bool(self.regions)

    @property
    def needs_timeline(self) -> bool:
        """Whether the results can be written only when the whole source has been seen."""
        return self.every_frame or needs_timeline(self.formats)

    def slow_motion_of(self, info: SourceInfo) -> float:
        return self.slow_motion if self.recorded_fps is None else self.recorded_fps / info.fps


@dataclass(frozen=True, slots=True)
class Job:
    """chunk_frames: a video that is long enough may be given back in chunks of about so many frames; 0 = never.

    chunk: only the detections of this part are wanted. size: the input size that was chosen for the whole.
    """

    item: AnnotationInput
    settings: Settings
    options: JobOptions
    chunk_frames: int = 0
    chunk: Chunk | None = None
    size: SizeChoice | None = None


@dataclass(frozen=True, slots=True)
class Split:
    """What became of a job that is too long for one worker: jobs of its chunks, which may be done in any order.

    When they have ended, the job itself, with chunk_frames 0, makes the results of what they stored.
    """

    jobs: tuple[Job, ...]
    info: SourceInfo
    expected: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one input went. `sentence` says it to the user; `ok` is False if anything is missing from the outputs."""

    item: AnnotationInput
    status: Literal["done", "skipped", "failed", "cancelled"]
    ok: bool
    sentence: str
    warnings: tuple[str, ...] = ()


def about(label: str, text: str) -> Sentence:
    """A sentence of one input among many."""
    return Sentence("{label}: {text}", label=label, text=text)


class JobModel(Protocol):
    """The model of a job, loaded only if it is needed; app.models.loading.LazyModel is the real one."""

    @property
    def asked(self) -> Mapping[str, Any]:
        """What is known about it without loading: weights' hash, and the settings with which it is asked for."""
        ...

    @property
    def skeleton(self) -> Skeleton: ...

    @property
    def chooses_size(self) -> bool:
        """Whether the input size is to be chosen by what is seen in the source."""
        ...

    @property
    def failure(self) -> Exception | None:
        """Why it could not be loaded; every other job would fail of it, too."""
        ...

    def load(self) -> tuple[Estimator, Mapping[str, Any]]:
        """The estimator, and what the sidecar says about it."""
        ...


@dataclass(frozen=True, slots=True)
class Hooks:
    """How a job talks to its surroundings.

    begin:     called with the source and the number of frames expected (None = unknown) when one input starts.
    advance:   called after every frame.
    finish:    called when that input is over.
    cancelled: asked before every frame.
    notify:    called with a sentence about how the work is done, as that stored detections are used.
    """

    begin: Callable[[SourceInfo, int | None], None]
    advance: Callable[[], None]
    finish: Callable[[], None]
    cancelled: Callable[[], bool]
    notify: Callable[[str], None] = lambda sentence: None
