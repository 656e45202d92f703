"""What a worker elsewhere says of its job: Begun, the number of frames done since the last message, sentences (str),
False when the frames of a job are over, and at its end Ended or ModelFailed."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, NamedTuple

from app.analysis.job import Hooks, Job, Outcome, Split
from app.analysis.split import do_job
from app.models.loading import LazyModel
from app.sources import SourceInfo

REPORT_S = 0.2  # between two reports of progress


class Begun(NamedTuple):
    info: SourceInfo
    expected: int | None


class Ended(NamedTuple):
    result: Outcome | Split


class ModelFailed(NamedTuple):
    error: Exception


def work(job: Job, model: LazyModel, send: Callable[[Any], None], cancelled: Callable[[], bool]) -> None:
    """Do a job and send what is to be said of it, the last message included."""
    result = do_job(job, model, reporting(send, cancelled))
    send(Ended(result) if model.failure is None else ModelFailed(model.failure))


def reporting(send: Callable[[Any], None], cancelled: Callable[[], bool]) -> Hooks:
    """Hooks that send messages."""
    done, reported_s = 0, 0.0

    def report(message: Any) -> None:
        nonlocal done, reported_s
        if done:
            send(done)
        done, reported_s = 0, time.monotonic()
        if message is not None:
            send(message)

    def advance() -> None:
        nonlocal done
        done += 1
        if time.monotonic() - reported_s >= REPORT_S:
            report(None)

    return Hooks(
        lambda info, expected: report(Begun(info, expected)), advance, lambda: report(False), cancelled, report
    )


def pass_on(message: Any, hooks: Hooks) -> None:
    """Do with the hooks what a message says; nothing for None."""
    if isinstance(message, Begun):
        hooks.begin(message.info, message.expected)
    elif message is False:
        hooks.finish()
    elif isinstance(message, int):
        for _ in range(message):
            hooks.advance()
    elif isinstance(message, str):
        hooks.notify(message)
