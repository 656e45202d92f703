"""Workers of any kind: nothing is lost and nothing done twice, whatever becomes of them."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from multiprocessing import Pipe
from pathlib import Path
from typing import Any, Literal

import pytest

from app.analysis.inputs import AnnotationInput
from app.analysis.job import Hooks, Job, JobOptions, Outcome, Split
from app.analysis.pool import LOST, NO_ROOM, Pool
from app.analysis.worker import Ended, ModelFailed
from app.analysis.worker_process import _Process
from app.settings import Settings
from app.sources import SourceInfo
from pose.sentence import Sentence

INFO = SourceInfo("long", "video", 96, 64, 25.0)
Result = Outcome | Split | Literal["lost", "no room"]


def jobs_of(*names: str) -> list[Job]:
    return [Job(AnnotationInput(Path(name), name, name), Settings(), JobOptions(Path("out"))) for name in names]


def done(job: Job, status: Any = "done") -> Outcome:
    return Outcome(job.item, status, status == "done", f"{job.item.label}: {status}")


def hooks_of(item: AnnotationInput) -> Hooks:
    return Hooks(lambda info, expected: None, lambda: None, lambda: None, lambda: False)


@dataclass
class Places:
    """Workers that do with a job what `act(job, hooks, attempt)` says."""

    act: Callable[[Job, Hooks, int], Result]
    places: int = 2
    tries: int = 3
    begun: Counter[Any] = field(default_factory=Counter)
    living: int = 0
    most: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def room(self) -> int:
        return self.places

    def hire(self, is_needed: Callable[[], bool]) -> Someone:
        with self.lock:
            self.living += 1
            self.most = max(self.most, self.living)
        return Someone(self, is_needed)

    def lost(self, worker: Any) -> Sentence:
        return Sentence("its worker fell ill")


@dataclass
class Someone:
    places: Places
    is_needed: Callable[[], bool]

    def do(self, job: Job, hooks: Hooks) -> Result:
        with self.places.lock:
            key = (job.item.stem, job.chunk)
            self.places.begun[key] += 1
            attempt = self.places.begun[key]
        time.sleep(0.002)
        return self.places.act(job, hooks, attempt)

    def stop(self) -> None:
        with self.places.lock:
            self.places.living -= 1


def test_every_job_ends_once_though_workers_are_lost_and_all_are_released() -> None:
    names = [f"job{n}" for n in range(30)]
    places = Places(lambda job, hooks, attempt: LOST if job.item.stem.endswith("3") and attempt == 1 else done(job))
    outcomes = list(Pool(places).run(jobs_of(*names), hooks_of))
    assert sorted(o.item.stem for o in outcomes) == sorted(names)
    assert all(o.ok for o in outcomes)
    assert {n for (n, _), count in places.begun.items() if count > 1} == {"job3", "job13", "job23"}
    for _ in range(500):
        if not places.living:
            break
        time.sleep(0.01)
    assert places.living == 0 and places.most <= 3


def test_a_job_that_every_worker_is_lost_with_fails_and_the_others_go_on() -> None:
    places = Places(lambda job, hooks, attempt: LOST if job.item.stem == "bad" else done(job))
    said: list[str] = []
    outcomes = Pool(places).run(jobs_of("a", "bad", "c"), lambda item: replace(hooks_of(item), notify=said.append))
    statuses = {o.item.stem: o.status for o in outcomes}
    assert statuses == {"a": "done", "bad": "failed", "c": "done"}
    assert places.begun["bad", None] == 3 and len(said) == 2 and all("fell ill" in s for s in said)


def test_a_worker_without_a_place_gives_its_job_back() -> None:
    refused: list[str] = []

    def act(job: Job, hooks: Hooks, attempt: int) -> Result:
        if not refused:
            refused.append(job.item.stem)
            places.places = 1
            return NO_ROOM
        return done(job)

    places = Places(act)
    outcomes = list(Pool(places).run(jobs_of(*"abcdef"), hooks_of))
    assert sorted(o.item.stem for o in outcomes) == list("abcdef") and all(o.ok for o in outcomes)


def test_chunks_are_shared_out_before_the_whole_is_made_and_progress_is_one() -> None:
    order: list[Any] = []

    def act(job: Job, hooks: Hooks, attempt: int) -> Result:
        if job.item.stem == "long" and job.chunk_frames and job.chunk is None:
            part = replace(job, chunk_frames=0)
            return Split(tuple(replace(part, chunk=number) for number in range(5)), INFO, 50)  # type: ignore[arg-type]
        if job.chunk is not None:
            if attempt == 1 and job.chunk == 2:  # type: ignore[comparison-overlap]
                return LOST
            hooks.begin(INFO, None)
            for _ in range(10):
                hooks.advance()
            hooks.finish()
        order.append((job.item.stem, job.chunk))
        return done(job)

    news: Counter[Any] = Counter()

    def counting(item: AnnotationInput) -> Hooks:
        return Hooks(
            lambda info, expected: news.update([(item.stem, "begin", expected)]),
            lambda: news.update([(item.stem, "frame")]),
            lambda: news.update([(item.stem, "end")]),
            lambda: False,
        )

    outcomes = list(Pool(Places(act), chunk_frames=10).run(jobs_of("long", "short"), counting))
    assert sorted(o.item.stem for o in outcomes) == ["long", "short"]
    chunks = [chunk for stem, chunk in order if stem == "long"]
    assert sorted(chunks[:-1]) == list(range(5)) and chunks[-1] is None
    assert news["long", "begin", 50] == 1 and news["long", "frame"] == 50 and news["long", "end"] == 1


def test_a_single_worker_gets_no_chunks() -> None:
    asked: list[int] = []

    def act(job: Job, hooks: Hooks, attempt: int) -> Result:
        asked.append(job.chunk_frames)
        return done(job)

    assert len(list(Pool(Places(act, places=1), chunk_frames=10).run(jobs_of("a"), hooks_of))) == 1
    assert asked == [0]


def test_what_is_cancelled_is_not_begun_and_chunks_end_as_one() -> None:
    cancelled = threading.Event()

    def act(job: Job, hooks: Hooks, attempt: int) -> Result:
        if job.chunk is None and job.chunk_frames:
            return Split(tuple(replace(job, chunk=n) for n in range(4)), INFO, 40)  # type: ignore[arg-type]
        cancelled.set()
        return done(job, "cancelled")

    pool = Pool(Places(act), chunk_frames=10)
    outcomes = list(pool.run(jobs_of("long", *"abc"), lambda item: replace(hooks_of(item), cancelled=cancelled.is_set)))
    assert len(outcomes) == 4 and next(o for o in outcomes if o.item.stem == "long").status == "cancelled"


def test_why_the_model_cannot_be_loaded_ends_all() -> None:
    def act(job: Job, hooks: Hooks, attempt: int) -> Result:
        raise ValueError("no such weights")

    with pytest.raises(ValueError, match="no such weights"):
        list(Pool(Places(act)).run(jobs_of(*"abcd"), hooks_of))


def test_a_process_whose_job_was_cancelled_does_the_next_one() -> None:
    """And a model that is missing is not taken for a process that ended."""
    cancelled, first, second, third = threading.Event(), *jobs_of("a", "b", "c")
    ours, theirs = Pipe()

    def serve() -> None:
        for job in iter(theirs.recv, None):
            if job == first:
                cancelled.wait(20)
            failed = ModelFailed(FileNotFoundError("weights"))
            theirs.send(failed if job == third else Ended(done(job, "cancelled" if cancelled.is_set() else "done")))

    thread = threading.Thread(target=serve)
    thread.start()
    process = object.__new__(_Process)
    process._pipe, process._cancel = ours, cancelled  # type: ignore[assignment]
    wanted = hooks_of(first.item)
    outcomes = [process.do(first, replace(wanted, cancelled=lambda: True)), process.do(second, wanted)]
    assert [outcome.status for outcome in outcomes if isinstance(outcome, Outcome)] == ["cancelled", "done"]
    with pytest.raises(FileNotFoundError):
        process.do(third, wanted)
    ours.send(None)
    thread.join(20)
