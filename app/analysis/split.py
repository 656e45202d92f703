"""What a worker does with a job: the whole of it, one chunk of a long video, or finding out what the chunks are."""

from __future__ import annotations

from dataclasses import replace

from app.analysis.chunks import chunk_head, chunk_store, is_kept, is_long, plan_chunks
from app.analysis.detect import Cancelled, detect
from app.analysis.facts import describe, head_of
from app.analysis.job import Hooks, Job, JobModel, Outcome, Split, about
from app.analysis.outputs import Outputs
from app.analysis.run import caught, chosen_size, make_folder, open_input, run_job
from app.analysis.store import StoreWriter
from app.analysis.stored import stored_detections
from app.models.input_size import SizeChoice, SizedEstimator
from app.sources import Source
from pose.sentence import Sentence


def do_job(job: Job, model: JobModel, hooks: Hooks) -> Outcome | Split:
    """As `run_job`; never raises for what is wrong with the input."""
    if job.chunk is not None:
        return caught(_detect_chunk, job, model, hooks)
    if job.chunk_frames:
        split = caught(_split, job, model, hooks)
        if isinstance(split, Split):
            return split  # whatever is wrong with the input, the job itself says in its own words
    return run_job(replace(job, chunk_frames=0), model, hooks)


def _split(job: Job, model: JobModel, hooks: Hooks) -> Split | None:
    """None if the job is better done in one piece."""
    if job.item.spec and not isinstance(job.item.spec, str | int | tuple):
        with open_input(job, hooks) as source:
            if is_long(source.info, job.chunk_frames) and _is_new(job, model, source):
                chunks = plan_chunks(source, job.options.selection, job.chunk_frames)
                if len(chunks) > 1:
                    job = replace(job, chunk_frames=0, size=_size(job, model, hooks))
                    expected = round((source.info.duration_s or 0.0) * source.info.fps) // job.options.stride
                    return Split(tuple(replace(job, chunk=chunk) for chunk in chunks), source.info, expected)
    return None


def _is_new(job: Job, model: JobModel, source: Source) -> bool:
    """Whether neither results nor detections of it are there."""
    wanted = head_of(source, model, job.settings, job.options)
    outputs = Outputs.of(job.item, job.options, source.info)
    outputs.must_not_be(source.files)
    work = describe(wanted, job.settings, job.options, outputs.formats, outputs.drawn)
    if outputs.earlier(work, model.asked, job.options.overwrite) is not None:
        return False
    return not outputs.store.exists() or (job.options.overwrite and not is_kept(outputs.store, wanted))


def _size(job: Job, model: JobModel, hooks: Hooks) -> SizeChoice | None:
    """The same for all chunks."""
    if not model.chooses_size:
        return None
    estimator, _ = model.load()
    return chosen_size(job, hooks, estimator) if isinstance(estimator, SizedEstimator) else None


def _detect_chunk(job: Job, model: JobModel, hooks: Hooks) -> Outcome:
    options, chunk, label = job.options, job.chunk, job.item.label
    assert chunk is not None
    with open_input(job, hooks) as source:
        path = chunk_store(Outputs.of(job.item, options, source.info).store, chunk)
        make_folder(path.parent)
        wanted = chunk_head(head_of(source, model, job.settings, options), chunk)
        with stored_detections(path, wanted, model, lambda sentence: None, lambda _: job.size, overwrite=True) as (
            store,
            detector,
        ):
            hooks.begin(source.info, None)
            try:
                if detector is not None:
                    assert isinstance(store, StoreWriter)
                    for _ in detect(source, detector, store, options.selection, hooks.cancelled, chunk=chunk):
                        hooks.advance()
            except Cancelled:
                return Outcome(job.item, "cancelled", False, about(label, Sentence("cancelled.")))
            finally:
                hooks.finish()
    return Outcome(job.item, "done", True, about(label, Sentence("a chunk is done.")))
