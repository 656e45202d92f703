"""Who does the jobs: this thread one after the other, or several processes, each with a model of its own."""

from __future__ import annotations

import multiprocessing
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from multiprocessing.connection import Connection
from typing import Any, Protocol

from app.analysis.inputs import AnnotationInput
from app.analysis.job import Hooks, Job, JobModel, Outcome, about
from app.analysis.run import run_job
from app.analysis.worker_process import Begun, Ended, ModelFailed, Request, serve
from app.models.loading import LazyModel
from pose.engines.base import MAX_THREADS, available_cores
from pose.sentence import Sentence

TRIES = 2  # of a job whose process ends under it: it may have been taken by the system for its memory
POLL_S = 0.1
STOP_S = 10.0  # at most, until a process that has nothing to do has ended

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


class Processes:
    """Several jobs at a time, each in a process that keeps its model and its share of the processor's cores.

    A process that ends under its job is replaced; the job goes on from what it had stored.
    """

    def __init__(self, count: int, model: LazyModel) -> None:
        self._count = count
        share = min(max(1, available_cores() // count), MAX_THREADS)
        self._request = Request(replace(model, loader=None, failure=None, _estimator=None), share)

    def run(self, jobs: Sequence[Job], hooks_of: HooksOf) -> Iterator[Outcome]:
        waiting: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        ended: queue.SimpleQueue[Outcome | Exception] = queue.SimpleQueue()
        count = min(self._count, len(jobs))
        for job in (*jobs, *[None] * count):
            waiting.put(job)
        slots = [
            threading.Thread(target=self._slot, args=(waiting, ended, hooks_of), daemon=True) for _ in range(count)
        ]
        for slot in slots:
            slot.start()
        try:
            for _ in jobs:
                outcome = ended.get()
                if isinstance(outcome, Exception):
                    raise outcome
                yield outcome
        finally:
            with suppress(queue.Empty):  # no more work for anybody
                while True:
                    waiting.get_nowait()
            for _ in slots:
                waiting.put(None)

    def _slot(
        self,
        waiting: queue.SimpleQueue[Job | None],
        ended: queue.SimpleQueue[Outcome | Exception],
        hooks_of: HooksOf,
    ) -> None:
        worker: _Worker | None = None
        try:
            while (job := waiting.get()) is not None:
                hooks = hooks_of(job.item)
                if hooks.cancelled():
                    ended.put(not_begun(job))
                    continue
                for attempt in range(TRIES):
                    if worker is None or not worker.is_alive():
                        worker = _Worker(self._request)
                    outcome = worker.do(job, hooks)
                    if outcome is not None:
                        break
                    hooks.finish()
                    if attempt + 1 < TRIES:
                        hooks.notify(
                            about(job.item.label, Sentence("its process ended unexpectedly; a new one goes on."))
                        )
                ended.put(outcome if outcome is not None else _lost(job, worker.exit_code if worker else None))
        except Exception as error:
            ended.put(error)
        finally:
            if worker is not None:
                worker.stop()


class _Worker:
    """A process that does jobs one after the other."""

    def __init__(self, request: Request) -> None:
        context = multiprocessing.get_context("spawn")  # a fork of a process with threads may hang
        self._pipe, theirs = context.Pipe()
        self._cancel = context.Event()
        self._process = context.Process(target=serve, args=(theirs, self._cancel, request), daemon=True)
        self._process.start()
        theirs.close()

    def is_alive(self) -> bool:
        return self._process.is_alive()

    @property
    def exit_code(self) -> int | None:
        return self._process.exitcode

    def do(self, job: Job, hooks: Hooks) -> Outcome | None:
        """The outcome; None if the process has ended before. Raises what kept the model from being loaded."""
        try:
            self._pipe.send(job)
            while True:
                if hooks.cancelled():
                    self._cancel.set()
                message = _next(self._pipe)
                if isinstance(message, Ended):
                    return message.outcome
                if isinstance(message, ModelFailed):
                    raise message.error
                _pass_on(message, hooks)
        except (EOFError, OSError):
            self._process.join(STOP_S)
            return None

    def stop(self) -> None:
        with suppress(OSError):
            self._pipe.send(None)
        self._process.join(STOP_S)
        if self._process.is_alive():
            self._process.kill()


def _next(pipe: Connection) -> Any:
    """The next message; None if there was none for a moment."""
    return pipe.recv() if pipe.poll(POLL_S) else None


def _pass_on(message: Any, hooks: Hooks) -> None:
    if isinstance(message, Begun):
        hooks.begin(message.info, message.expected)
    elif isinstance(message, int):
        for _ in range(message):
            hooks.advance()
    elif isinstance(message, str):
        hooks.notify(message)
    elif message is False:
        hooks.finish()


def not_begun(job: Job) -> Outcome:
    return Outcome(job.item, "cancelled", False, about(job.item.label, Sentence("not begun.")))


def _lost(job: Job, exit_code: int | None) -> Outcome:
    sentence = Sentence(
        "the process that worked on it ended unexpectedly {count} times (exit code {code}); "
        "the machine may be short of memory.",
        count=TRIES,
        code=exit_code,
    )
    return Outcome(job.item, "failed", False, about(job.item.label, sentence))
