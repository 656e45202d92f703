"""A job from its source to its results: detect → store → track → edit → smooth → export, each step a function."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from app.analysis.chunks import merge_chunks
from app.analysis.detect import Cancelled, Seen, detect, sample_frames, with_images
from app.analysis.edit_log import noted
from app.analysis.edits import Edit
from app.analysis.export import drawing, measures_of, run_facts
from app.analysis.facts import FrameAccount, describe, head_of
from app.analysis.job import Hooks, Job, JobModel, Outcome, about
from app.analysis.outputs import Outputs, is_photo
from app.analysis.repair import choose_people, edits_in_force
from app.analysis.store import DetectionStore, StoreWriter
from app.analysis.stored import stored_detections
from app.analysis.track import TrackChoices, as_exported, tracked_at_once, tracked_frames
from app.export.partial import write_error
from app.export.registry import make_sink
from app.export.sidecar import write_sidecar
from app.export.writer import ExportWriter
from app.models.input_size import SAMPLES, SizeChoice, SizedEstimator, choose_input_size
from app.pipeline import Detector
from app.sources import Source, open_source
from app.threads import Stopped
from app.types import Frame, TrackedFrame
from pose.errors import MediaError, PoseStudioError
from pose.sentence import Sentence

log = logging.getLogger(__name__)

STOP_POLL_S = 0.1
FAR = 1000  # stored frames; tracking them takes as long as the network would wait
T = TypeVar("T")
NOBODY = Sentence("nobody was found; try another input size or model, a lower joint threshold, or another rotation.")


def run_job(job: Job, model: JobModel, hooks: Hooks) -> Outcome:
    """Annotate one input; never raises for what is wrong with it. The model is loaded only if something is missing."""
    return caught(_run, job, model, hooks)


def caught(work: Callable[[Job, JobModel, Hooks], T], job: Job, model: JobModel, hooks: Hooks) -> T | Outcome:
    """What the work gives or, if it raises, the outcome that says so."""
    try:
        return work(job, model, hooks)
    except Stopped:
        return Outcome(
            job.item, "cancelled", False, about(job.item.label, Sentence("cancelled before its first frame."))
        )
    except PoseStudioError as error:
        return Outcome(job.item, "failed", False, str(error))
    except Exception as error:
        return Outcome(job.item, "failed", False, _unexpected(job, error))


def _unexpected(job: Job, error: Exception) -> Sentence:
    """A fault of this program or of a library: one sentence for the user, the rest for whoever mends it."""
    log.error("annotating %s", job.item.label, exc_info=error)
    reason = f"{type(error).__name__}: {error}"
    return Sentence("{label} failed unexpectedly ({reason}).", label=job.item.label, reason=reason)


def _run(job: Job, model: JobModel, hooks: Hooks) -> Outcome:
    options, label = job.options, job.item.label
    make_folder(options.out_dir)
    with open_input(job, hooks) as source:
        if source.info.live and job.settings.smoothing == "zero-phase":
            raise MediaError(
                "{label} is live, and zero-phase smoothing needs the finished recording; "
                "use --smooth one-euro, or smooth the recorded video.",
                label=label,
            )
        wanted = head_of(source, model, job.settings, options)
        outputs = Outputs.of(job.item, options, source.info)
        outputs.must_not_be(source.files)
        work = describe(wanted, job.settings, options, outputs.formats, outputs.drawn)
        earlier = outputs.earlier(work, model.asked, options.overwrite)
        if earlier is not None:
            sentence = about(label, Sentence("already annotated in the same way; skipped."))
            return Outcome(job.item, "skipped", earlier["frames"]["corrupt"] == 0, sentence)

        def notify(sentence: str) -> None:
            hooks.notify(about(label, sentence))

        if merge_chunks(outputs.store, wanted):
            notify(Sentence("what was found in its chunks is put together."))

        def choose(estimator: SizedEstimator) -> SizeChoice | None:
            return None if source.info.live else chosen_size(job, hooks, estimator)

        with stored_detections(outputs.store, wanted, model, notify, choose, overwrite=options.overwrite) as (
            store,
            detector,
        ):
            outputs.clear(options.overwrite)  # not before: a store in use belongs to a run that is writing these
            outcome = _Analysis(job, hooks, source, outputs, store, detector).run()
        if outcome.status == "done" and not options.keep_store:
            outputs.remove_store()
        return outcome


def make_folder(folder: Path) -> None:
    """For results. Raises MediaError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_error(folder, error) from error


def chosen_size(job: Job, hooks: Hooks, estimator: SizedEstimator) -> SizeChoice:
    """The input size that suits some frames of the source, which is opened for it. Raises Stopped, and MediaError."""
    if job.size is not None:
        return job.size
    with open_input(job, hooks) as source:
        frames = sample_frames(source, job.options.selection, SAMPLES)
        return choose_input_size(estimator, (frame.image_bgr for frame in _until_cancelled(frames, hooks)))


def _until_cancelled(frames: Iterator[Frame], hooks: Hooks) -> Iterator[Frame]:
    for frame in frames:
        if hooks.cancelled():
            raise Stopped
        yield frame


def open_input(job: Job, hooks: Hooks) -> Source:
    """Raises Stopped, too, if the user asks to stop while a live source is waited for."""

    def sleep(wait_s: float) -> None:
        end_s = time.monotonic() + wait_s
        while not hooks.cancelled():
            if (rest_s := end_s - time.monotonic()) <= 0:
                return
            time.sleep(min(rest_s, STOP_POLL_S))
        raise Stopped

    return open_source(
        job.item.spec,
        rotation=job.options.rotation,
        image_fps=job.options.image_fps,
        camera_size=job.settings.camera_wh,
        sleep=sleep,
    )


@dataclass(slots=True)
class _Analysis:
    """One run over one store. detector: None if the store is complete."""

    job: Job
    hooks: Hooks
    source: Source
    outputs: Outputs
    store: DetectionStore
    detector: Detector | None
    account: FrameAccount = field(default_factory=FrameAccount)
    warnings: list[str] = field(default_factory=list)
    edits: tuple[Edit, ...] = ()
    _goes_on: bool = False  # after so much that the network works first, and everything is tracked afterwards

    def run(self) -> Outcome:
        job, label = self.job, self.job.item.label
        start_s = time.perf_counter()
        self._goes_on = not self.source.info.live and sum(self.store.counts().values()) > FAR
        self.hooks.begin(self.source.info, self._expected_frames())
        try:
            self._write_results()
            content = self._sidecar()
            self.outputs.commit(content, job.options.overwrite)
        except (Cancelled, Stopped):
            kept = sum(count for fate, count in self.store.counts().items() if fate in ("ok", "empty"))
            warnings = self._leave_partial("cancelled")
            sentence = Sentence(
                "cancelled; {kept} frames are stored, and the same command goes on from there.", kept=kept
            )
            return Outcome(job.item, "cancelled", False, about(label, sentence), warnings)
        except PoseStudioError as error:
            return Outcome(job.item, "failed", False, str(error), self._leave_partial(str(error)))
        except Exception as error:
            sentence = _unexpected(job, error)
            return Outcome(job.item, "failed", False, sentence, self._leave_partial(sentence))
        finally:
            self.hooks.finish()
        missing = content["frames"]["corrupt"]
        sentence = self.account.sentence(label, time.perf_counter() - start_s, missing)
        hints = () if content["people"] else (about(label, NOBODY),)
        return Outcome(job.item, "done", missing == 0, sentence, (*content["warnings"], *hints))

    def _write_results(self) -> None:
        choices, skeleton = self._choices(), self.store.head.skeleton
        drawn = self.outputs.drawn
        if self.detector is not None and not self._needs_whole(choices):
            pairs = tracked_at_once(self._detected(self.detector, drawn is not None), skeleton, choices)
            self._write(pairs, choices, drawn)
            return
        if self.detector is not None and self.source.info.live and drawn is not None:
            # What is live is seen once: it is drawn as it comes, and the tables are made of what was stored.
            pairs = tracked_at_once(self._detected(self.detector, images=True), skeleton, choices)
            with self._drawing(drawn) as draw:
                for frame, seen in pairs:
                    draw(frame, seen)
                    self.hooks.advance()
            drawn = None
        elif self.detector is not None:
            for _ in self._detected(self.detector, images=False):
                self.hooks.advance()
        if self.job.options.chooses_people:
            choose_people(self.store, choices, self.job.options.person, self.job.options.regions)
        if self.store.edit_rows():
            self.edits, misfits = edits_in_force(self.store, choices)
            self.warnings += [misfit.sentence for misfit in misfits]
            choices = replace(choices, edits=self.edits)
        stored = self._decoded_again() if drawn is not None else self._replayed()
        self._write(zip(tracked_frames(self.store, choices), stored, strict=True), choices, drawn)

    def _write(self, pairs: Iterable[tuple[TrackedFrame, Seen]], choices: TrackChoices, drawn: Path | None) -> None:
        """Tables of all frames, and the video of those that come with their images."""
        options = self.job.options
        facts = run_facts(
            self.store.head,
            choices,
            self.store.timeline() if options.needs_timeline else None,
            angles=options.angles,
            repetitions=options.repetitions,
            every_frame=options.every_frame,
            measures=measures_of(self.store, choices),
        )
        sinks = [make_sink(name, options.out_dir, self.outputs.stem) for name in self.outputs.formats]
        with ExportWriter(sinks, facts, commit=False) as writer, self._drawing(drawn) as draw:

            def each() -> Iterator[TrackedFrame]:
                for frame, seen in pairs:
                    self.account.add(frame)
                    draw(frame, seen)
                    self.hooks.advance()
                    yield frame

            for frame in as_exported(each(), choices):
                writer.write(frame)
                self.account.written(frame)
            writer.flush()

    @contextlib.contextmanager
    def _drawing(self, path: Path | None) -> Iterator[Callable[[TrackedFrame, Seen], None]]:
        style, skeleton = self.job.settings.overlay, self.store.head.skeleton
        with drawing(path, self.source.info, skeleton, style, self.warnings) as draw:

            def draw_seen(frame: TrackedFrame, seen: Seen) -> None:
                if seen.image_bgr is not None:
                    draw(Frame(frame.index, seen.detections.time_s, seen.image_bgr), frame.tracks)

            yield draw_seen

    def _choices(self) -> TrackChoices:
        options, info = self.job.options, self.store.head.info
        return replace(
            TrackChoices.of(self.job.settings),
            slow_motion=options.slow_motion_of(info),
            resample_fps=options.resample_fps,
            single=is_photo(info),
        )

    def _needs_whole(self, choices: TrackChoices) -> bool:
        """Whether the first frame is not written before the last one was seen."""
        options = self.job.options
        edited = bool(self.store.edit_rows())
        return choices.needs_whole or options.needs_timeline or options.chooses_people or edited or self._goes_on

    def _detected(self, detector: Detector, images: bool) -> Iterator[Seen]:
        assert isinstance(self.store, StoreWriter)
        return detect(
            self.source,
            detector,
            self.store,
            self.job.options.selection,
            self.hooks.cancelled,
            images=images,
            single=is_photo(self.source.info),
        )

    def _replayed(self) -> Iterator[Seen]:
        for found in self.store.detections():
            if self.hooks.cancelled() and not self.source.info.live:
                raise Cancelled
            yield Seen(found)

    def _decoded_again(self) -> Iterator[Seen]:
        with open_input(self.job, self.hooks) as source:  # anew: it may have been read to its end
            yield from with_images(source, self.store, self.job.options.selection, self.warnings, self.hooks.cancelled)

    def _expected_frames(self) -> int | None:
        """Over all passes; None if the source does not know."""
        info, options = self.source.info, self.job.options
        if info.live or not info.frame_count:
            return None
        first = (options.start_s or 0.0) * info.fps
        last = info.frame_count if options.end_s is None else min(info.frame_count, options.end_s * info.fps)
        count = max(0, -(-int(last - first) // options.stride))
        return count * (2 if self.detector is not None and self._needs_whole(self._choices()) else 1)

    def _sidecar(self) -> dict[str, Any]:
        head, options = self.store.head, self.job.options
        work = describe(head, self.job.settings, options, self.outputs.formats, self.outputs.drawn)
        dropped = self.store.counts().get("dropped", 0)
        account = self.account.as_dict(head.info, self.store.progress, dropped, self.warnings)
        return noted(work | account | {"complete": True, "error": None}, self.edits)

    def _leave_partial(self, error: str) -> tuple[str, ...]:
        """What is there so far, under partial names; the warnings about it."""
        with contextlib.suppress(PoseStudioError):
            content = self._sidecar() | {"complete": False, "error": error}
            write_sidecar(self.outputs.sidecar, content)
            return tuple(content["warnings"])
        return ()
