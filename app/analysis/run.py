"""A job from its source to its results: detect → store → track → edit → smooth → export, each step a function."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator

from app.analysis.detect import Image
from app.analysis.facts import describe, head_of
from app.analysis.job import Hooks, Job, JobModel, Outcome
from app.analysis.outputs import Outputs
from app.analysis.store import DetectionStore, open_store, resume_store
from app.analysis.store_head import StoreHead
from app.export.partial import write_error
from app.pipeline import Detector
from app.sources import Source, open_source
from app.types import TrackedFrame
from pose.errors import MediaError, PoseStudioError

log = logging.getLogger(__name__)

Draw = Callable[[TrackedFrame, Image], None]


def run_job(job: Job, model: JobModel, hooks: Hooks) -> Outcome:
    """Annotate one input; never raises for what is wrong with it."""
    try:
        return _run(job, model, hooks)
    except PoseStudioError as error:
        return Outcome(job.item, "failed", False, str(error))
    except Exception as error:
        return Outcome(job.item, "failed", False, _unexpected(job, error))


def _unexpected(job: Job, error: Exception) -> str:
    """A fault of this program or of a library: one sentence for the user, the rest for whoever mends it."""
    log.error("annotating %s", job.item.label, exc_info=error)
    return f"{job.item.label} failed unexpectedly ({type(error).__name__}: {error})."


def _run(job: Job, model: JobModel, hooks: Hooks) -> Outcome:
    options, label = job.options, job.item.label
    try:
        options.out_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_error(options.out_dir, error) from error
    with _open(job) as source:
        if source.info.live and job.settings.smoothing == "zero-phase":
            raise MediaError(
                f"{label} is live, and zero-phase smoothing needs the finished recording; "
                "use --smooth one-euro, or smooth the recorded video."
            )
        wanted = head_of(source, model, job.settings, options)
        outputs = Outputs.of(job.item, options, source.info)
        _keep_inputs(source, outputs)
        work = describe(wanted, job.settings, options, outputs)
        if outputs.are_done(work, model.asked, options.overwrite):
            done = f"{label}: already annotated in the same way; skipped."
            return Outcome(job.item, "skipped", outputs.fell_short == 0, done)
        outputs.remove_partials()
        with _stored(job, outputs, wanted, source, model, hooks) as (store, detector):
            return _Run(job, hooks, source, outputs, store, detector).outcome()


def _keep_inputs(source: Source, outputs: Outputs) -> None:
    """Raises MediaError if a result would take the place of what it is made from."""
    for path in outputs.results:
        if any(path.exists() and path.samefile(file) for file in source.files):
            raise MediaError(f"{path.name} would replace the input itself; choose another folder for the results.")


def _open(job: Job) -> Source:
    return open_source(
        job.item.spec,
        rotation=job.options.rotation,
        image_fps=job.options.image_fps,
        camera_size=job.settings.camera_wh,
    )


@contextlib.contextmanager
def _stored(
    job: Job, outputs: Outputs, wanted: StoreHead, source: Source, model: JobModel, hooks: Hooks
) -> Iterator[tuple[DetectionStore, Detector | None]]:
    """The store of the detections that are asked for: complete, without a detector, or with one to complete it."""
    label, path = job.item.label, outputs.store
    if _is_usable(job, outputs, wanted, hooks):
        with open_store(path) as store:
            if store.complete:
                hooks.notify(f"{label}: the stored detections in {path.name} are used.")
                yield store, None
                return
    estimator, facts = model.load()
    detector = Detector(estimator)
    if path.exists() and _is_usable(job, outputs, wanted, lambda sentence: None):
        with resume_store(path) as writer:
            if writer.head.model == facts:
                ...
