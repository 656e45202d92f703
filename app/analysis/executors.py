"""Who does the jobs: this thread one after the other, or workers (`pool.py`) that are processes or in a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from app.analysis.inputs import AnnotationInput
from app.analysis.job import Hooks, Job, JobModel, Outcome, about
from app.analysis.run import run_job
from pose.sentence import Sentence

HooksOf = Callable[[AnnotationInput], Hooks]


class Executor(Protocol):
    """Does jobs. Nothing that is wrong with one of them stops the others."""

    def run(self, jobs: Sequence[Job], hooks_of: HooksOf) -> Iterator[Outcome]:
        """One outcome per job, in the order in which they end. Raises what kept the model from being loaded."""
        ...


class Serial:
    """One job after the other, on the calling thread."""

    def __init__(self, model: JobModel) -> None:
        self._model = model

    def run(self, jobs: Sequence[Job], hooks_of: HooksOf) -> Iterator[Outcome]:
        for job in jobs:
            hooks = hooks_of(job.item)
            if hooks.cancelled():
                yield not_begun(job)
                continue
            outcome = run_job(job, self._model, hooks)
            if self._model.failure is not None:  # the others would fail of it, too
                raise self._model.failure
            yield outcome


def not_begun(job: Job) -> Outcome:
    return Outcome(job.item, "cancelled", False, about(job.item.label, Sentence("not begun.")))
