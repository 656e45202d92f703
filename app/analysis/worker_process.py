"""A process that does jobs for another one, and what the two say to each other.

It gets jobs, and None when there are no more. It answers with Begun, the number of frames done since the last answer,
sentences (str), False when the frames of a job are over, and at the end of each job with Ended or ModelFailed.
"""

from __future__ import annotations

import signal
import time
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from typing import Any, NamedTuple, Protocol

from app.analysis.job import Hooks, Outcome
from app.analysis.run import run_job
from app.models.loading import LazyModel, load_model
from app.sources import SourceInfo

REPORT_S = 0.2  # between two reports of progress


@dataclass(frozen=True, slots=True)
class Request:
    """What a worker needs before its first job: the model, and how many threads its network may use."""

    model: LazyModel
    threads: int


class Begun(NamedTuple):
    info: SourceInfo
    expected: int | None


class Ended(NamedTuple):
    outcome: Outcome


class ModelFailed(NamedTuple):
    error: Exception


class _Event(Protocol):
    def is_set(self) -> bool: ...


def serve(pipe: Connection, cancelled: _Event, request: Request) -> None:
    """Do jobs until there are no more, or nobody is there to hear of them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that gives the jobs
    model = request.model
    model.loader = partial(load_model, threads=request.threads)
    try:
        while (job := pipe.recv()) is not None:
            outcome = run_job(job, model, _hooks(pipe, cancelled))
            pipe.send(Ended(outcome) if model.failure is None else ModelFailed(model.failure))
    except (EOFError, OSError):
        return


def _hooks(pipe: Connection, cancelled: _Event) -> Hooks:
    done, reported_s = 0, 0.0

    def report(message: Any) -> None:
        nonlocal done, reported_s
        if done:
            pipe.send(done)
        done, reported_s = 0, time.monotonic()
        if message is not None:
            pipe.send(message)

    def advance() -> None:
        nonlocal done
        done += 1
        if time.monotonic() - reported_s >= REPORT_S:
            report(None)

    return Hooks(
        lambda info, expected: report(Begun(info, expected)), advance, lambda: report(False), cancelled.is_set, report
    )
