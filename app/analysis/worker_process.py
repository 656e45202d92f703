"""Workers that are processes of this machine, each with its model and its share of the processor's cores.

A worker gets jobs, and None when there are no more. It answers with the messages of `worker.py`.
"""

from __future__ import annotations

import multiprocessing
import signal
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection
from typing import Any, Literal, Protocol

from app.analysis.job import Hooks, Job, Outcome, Split
from app.analysis.pool import LOST, IsNeeded, Pool, Worker
from app.analysis.worker import Ended, ModelFailed, pass_on, work
from app.models.loading import LazyModel, load_model
from pose.engines.base import MAX_THREADS, available_cores
from pose.sentence import Sentence

TRIES = 2  # of a job whose process ends under it: it may have been taken by the system for its memory
POLL_S = 0.1
STOP_S = 10.0  # at most, until a process that has nothing to do has ended


class Processes(Pool):
    """Several jobs at a time. A process that ends under its job is replaced; the job goes on from what was stored."""

    def __init__(self, count: int, model: LazyModel, chunk_frames: int = 0) -> None:
        super().__init__(_Places(count, model), chunk_frames)


class _Places:
    tries = TRIES

    def __init__(self, count: int, model: LazyModel) -> None:
        self._count = count
        self._model = model.unloaded()
        self._threads = min(max(1, available_cores() // count), MAX_THREADS)

    def room(self) -> int:
        return self._count

    def hire(self, is_needed: IsNeeded) -> Worker:
        return _Process(self._model, self._threads)

    def lost(self, worker: Worker) -> Sentence:
        assert isinstance(worker, _Process)
        return Sentence(
            "the process that worked on it ended unexpectedly (exit code {code}), perhaps for lack of memory",
            code=worker.exit_code,
        )


class _Process:
    def __init__(self, model: LazyModel, threads: int) -> None:
        context = multiprocessing.get_context("spawn")  # a fork of a process with threads may hang
        self._pipe, theirs = context.Pipe()
        self._cancel = context.Event()
        self._process = context.Process(target=serve, args=(theirs, self._cancel, model, threads), daemon=True)
        self._process.start()
        theirs.close()

    @property
    def exit_code(self) -> int | None:
        return self._process.exitcode

    def do(self, job: Job, hooks: Hooks) -> Outcome | Split | Literal["lost", "no room"]:
        self._cancel.clear()  # of the job before: the next one may be wanted
        try:
            self._pipe.send(job)
            message: Any = None
            while not isinstance(message, Ended | ModelFailed):
                if hooks.cancelled():
                    self._cancel.set()
                message = self._pipe.recv() if self._pipe.poll(POLL_S) else None
                pass_on(message, hooks)
        except (EOFError, OSError):
            self._process.join(STOP_S)
            return LOST
        if isinstance(message, ModelFailed):
            raise message.error
        return message.result

    def stop(self) -> None:
        with suppress(OSError):
            self._pipe.send(None)
        self._process.join(STOP_S)
        if self._process.is_alive():
            self._process.kill()


class _Event(Protocol):
    def is_set(self) -> bool: ...


def serve(pipe: Connection, cancelled: _Event, model: LazyModel, threads: int) -> None:
    """Do jobs until there are no more, or nobody is there to hear of them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that gives the jobs
    model.loader = partial(load_model, threads=threads)
    try:
        while (job := pipe.recv()) is not None:
            work(job, model, pipe.send, cancelled.is_set)
    except (EOFError, OSError):
        return
