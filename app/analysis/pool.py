"""Jobs for several workers at a time: long videos in chunks, jobs of lost workers given to others."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol

from app.analysis.executors import HooksOf, not_begun
from app.analysis.job import Hooks, Job, Outcome, Split, about
from app.sources import SourceInfo
from pose.sentence import Sentence

GROW_S = 0.5  # between two looks at whether there is work for more workers

LOST: Literal["lost"] = "lost"  # the worker has ended under the job
NO_ROOM: Literal["no room"] = "no room"  # the worker has not begun, and there is no place for it any more


class Worker(Protocol):
    """Does one job at a time, elsewhere, and keeps its model. Used by one thread."""

    def do(self, job: Job, hooks: Hooks) -> Outcome | Split | Literal["lost", "no room"]:
        """Raises what kept the model from being loaded; another one is needed after "lost" and "no room"."""
        ...

    def stop(self) -> None:
        """Release it. Raises nothing."""
        ...


class Workers(Protocol):
    """Where workers come from.

    tries: how often a job is begun whose worker is lost. lost: that it was lost, without a full stop.
    """

    tries: int

    def room(self) -> int:
        """For so many workers there is a place now."""
        ...

    def hire(self, is_needed: IsNeeded) -> Worker: ...

    def lost(self, worker: Worker) -> Sentence: ...


class IsNeeded(Protocol):
    def __call__(self) -> bool:
        """Whether a worker that has not begun should go on waiting for its place."""
        ...


class Pool:
    """Implements `Executor`. Every worker has a thread here, which gives it a job at a time: nothing piles up.

    chunk_frames: long videos are cut into chunks of about so many frames, if there are several workers; 0 = never.
    """

    def __init__(self, workers: Workers, chunk_frames: int = 0) -> None:
        self._workers, self._chunk_frames = workers, chunk_frames

    def run(self, jobs: Sequence[Job], hooks_of: HooksOf) -> Iterator[Outcome]:
        run = _Run(self._workers, hooks_of)
        frames = self._chunk_frames if self._workers.room() > 1 else 0
        run.board.put_last([_Task(replace(job, chunk_frames=frames)) for job in jobs])
        left = len(jobs)
        try:
            while left:
                run.grow()
                try:
                    outcome = run.ended.get(timeout=GROW_S)
                except queue.Empty:
                    continue
                if isinstance(outcome, Exception):
                    raise outcome
                left -= 1
                yield outcome
        finally:
            run.board.close()


@dataclass(slots=True)
class _Whole:
    """A job that was split: how many of its chunks are not done, and whether any was cancelled."""

    task: _Task
    left: int
    hooks: _Shared
    is_cancelled: bool = False


@dataclass(slots=True)
class _Task:
    """given_hooks: None = those of its input, asked for when a worker takes it: tens of thousands may wait."""

    job: Job
    given_hooks: Hooks | None = None
    attempts: int = 0
    whole: _Whole | None = None

    @property
    def hooks(self) -> Hooks:
        assert self.given_hooks is not None
        return self.given_hooks


class _Board:
    """Tasks that wait, for several threads."""

    def __init__(self) -> None:
        self._tasks: deque[_Task] = deque()
        self._closed = False
        self._changed = threading.Condition()

    def put_last(self, tasks: Sequence[_Task]) -> None:
        with self._changed:
            self._tasks.extend(tasks)
            self._changed.notify_all()

    def put_first(self, tasks: Sequence[_Task]) -> None:
        with self._changed:
            self._tasks.extendleft(reversed(tasks))
            self._changed.notify_all()

    def take(self) -> _Task | None:
        """Waits for one; None when there will be no more."""
        with self._changed:
            while not self._tasks and not self._closed:
                self._changed.wait()
            return None if self._closed else self._tasks.popleft()

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def __len__(self) -> int:
        return len(self._tasks)


@dataclass
class _Run:
    """One list of jobs, and the threads of its workers."""

    workers: Workers
    hooks_of: HooksOf
    board: _Board = field(default_factory=_Board)
    ended: queue.SimpleQueue[Outcome | Exception] = field(default_factory=queue.SimpleQueue)
    slots: int = 0
    busy: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def grow(self) -> None:
        """As many workers as there is work and room for."""
        room = self.workers.room()
        with self.lock:
            wanted = min(max(room, 1), self.busy + len(self.board)) - self.slots
            self.slots += max(wanted, 0)
        for _ in range(wanted):
            threading.Thread(target=self._slot, name="worker", daemon=True).start()

    def _is_needed(self) -> bool:
        with self.lock:
            return self.slots <= max(self.workers.room(), 1)

    def _slot(self) -> None:
        worker: Worker | None = None
        try:
            while (task := self.board.take()) is not None:
                task.given_hooks = task.given_hooks or self.hooks_of(task.job.item)
                if task.hooks.cancelled():
                    self._end(task, not_begun(task.job))
                    continue
                worker = worker or self.workers.hire(self._is_needed)
                with self.lock:
                    self.busy += 1
                try:
                    result = worker.do(task.job, task.hooks)
                finally:
                    with self.lock:
                        self.busy -= 1
                if result == NO_ROOM:
                    self.board.put_first([task])
                    return
                if result == LOST:
                    self._again(task, self.workers.lost(worker))
                    worker.stop()
                    worker = None
                elif isinstance(result, Split):
                    self._split(task, result)
                elif isinstance(result, Outcome):
                    self._end(task, result)
        except Exception as error:
            self.ended.put(error)
        finally:
            with self.lock:
                self.slots -= 1
            if worker is not None:
                worker.stop()

    def _again(self, task: _Task, why: Sentence) -> None:
        if task.whole is None:
            task.hooks.finish()
        task.attempts += 1
        label = task.job.item.label
        if task.attempts < self.workers.tries:
            task.hooks.notify(about(label, Sentence("{why}; another one goes on.", why=why)))
            self.board.put_first([task])
        else:
            sentence = Sentence("{why} ({count} times).", why=why, count=task.attempts)
            self._end(task, Outcome(task.job.item, "failed", False, about(label, sentence)))

    def _split(self, task: _Task, split: Split) -> None:
        whole = _Whole(task, len(split.jobs), _Shared(task.hooks, split.info, split.expected))
        self.board.put_first([_Task(job, whole.hooks.hooks, whole=whole) for job in split.jobs])

    def _end(self, task: _Task, outcome: Outcome) -> None:
        whole = task.whole
        if whole is None:
            self.ended.put(replace(outcome, item=task.job.item))
            return
        with self.lock:
            whole.left -= 1
            whole.is_cancelled |= outcome.status == "cancelled"
            is_last = not whole.left
        if is_last:
            whole.hooks.finish()
        if is_last and whole.is_cancelled:
            sentence = Sentence("cancelled; what was found is stored, and the same command goes on from there.")
            item = task.job.item
            self.ended.put(Outcome(item, "cancelled", False, about(item.label, sentence)))
        elif is_last:
            job = replace(whole.task.job, chunk_frames=0)
            self.board.put_first([_Task(job)])


class _Shared:
    """The hooks of a job for all its chunks, whose threads may call them at the same time."""

    def __init__(self, hooks: Hooks, info: SourceInfo, expected: int) -> None:
        self._inner, self._lock = hooks, threading.Lock()
        self._begun, self._source = False, (info, expected)
        self.hooks = replace(hooks, begin=self._begin, advance=self._advance, finish=lambda: None)

    def finish(self) -> None:
        if self._begun:
            self._inner.finish()

    def _begin(self, info: SourceInfo, expected: int | None) -> None:
        with self._lock:
            if not self._begun:
                self._begun = True
                self._inner.begin(*self._source)

    def _advance(self) -> None:
        with self._lock:
            self._inner.advance()
