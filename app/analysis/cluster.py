"""Workers in a Ray cluster: an optional extra (`pip install "litepose-studio[cluster]"`).

Inputs and results lie on a path that all nodes share; through Ray go jobs and news of them, no images. A worker is an
actor with CPUs (and a GPU) of its own that keeps its model. A job whose node is lost goes on, on another one, from what
was stored. Nodes may come and go while it runs.
"""

from __future__ import annotations

import logging
import os
import platform
import queue
import socket
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from app.analysis.executors import HooksOf, not_begun
from app.analysis.job import Hooks, Job, Outcome, Split
from app.analysis.pool import LOST, NO_ROOM, IsNeeded, Pool, Worker
from app.analysis.worker import Ended, ModelFailed, pass_on, work
from app.export.partial import discard, write_error
from app.models.loading import LazyModel, load_model
from app.version import program_version
from pose.errors import MediaError, PoseStudioError, SettingsError
from pose.sentence import Sentence

log = logging.getLogger(__name__)

MOST_THREADS = 4  # of a worker's network: two workers get more out of eight cores than one
TRIES = 4  # of a job whose worker is lost
POLL_S = 0.5
ROOM_S = 2.0  # between two looks at the nodes
KNOCK_S = 10.0
CLIENT_PORT = 10001  # where a head node listens for programs outside of its cluster
NEWS_S = 1.0  # a worker that has no news says so after that time


class Cluster(Pool):
    """The workers of a Ray cluster. The connection lasts as long as the program, or until `close`.

    address: "ray" joins the cluster that this machine belongs to, or starts one of this machine alone; "ray://HOST:PORT"
    joins from outside. folder: of the results.
    Raises SettingsError if Ray is not installed, or there is no such cluster.
    """

    def __init__(self, address: str, model: LazyModel, folder: Path, chunk_frames: int = 0) -> None:
        ray = _joined(address)
        self._places = _Places(ray, model, folder.resolve())
        super().__init__(self._places, chunk_frames)

    def run(self, jobs: Sequence[Job], hooks_of: HooksOf) -> Iterator[Outcome]:
        with suppress(OSError):
            self._places.folder.mkdir(parents=True, exist_ok=True)
        marker = self._places.folder / f".cluster-{uuid.uuid4().hex}"
        try:
            marker.touch()
        except OSError as error:
            raise write_error(marker, error) from error
        self._places.marker = marker
        try:
            yield from super().run(jobs, hooks_of)
        finally:
            discard(marker)

    def close(self) -> None:
        self._places.ray.shutdown()


def _joined(address: str) -> Any:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # a program that watches people reports nothing
    if address != "ray" and not address.startswith("ray://"):
        raise SettingsError('"{address}" is no cluster: write ray, or ray://HOST:PORT.', address=address)
    try:
        import ray
    except ImportError:
        raise SettingsError('A cluster needs the package ray: run pip install "litepose-studio[cluster]".') from None
    if not ray.is_initialized():
        try:
            if address != "ray":
                _knock(address)
            ray.init(None if address == "ray" else address, log_to_driver=False, logging_level=logging.ERROR)
        except Exception as error:  # Ray raises much, from ImportError to its own
            reason = str(error).strip().split("\n")[0] or type(error).__name__
            raise SettingsError(
                "The cluster {address} cannot be reached ({reason}).", address=address, reason=reason
            ) from error
    return ray


def _knock(address: str) -> None:
    """Raises OSError or ValueError at once if nobody answers, for which Ray itself would wait half a minute."""
    host = urlsplit(address)
    with socket.create_connection((host.hostname or "localhost", host.port or CLIENT_PORT), KNOCK_S):
        pass


class _Places:
    """Implements `app.analysis.pool.Workers`."""

    tries = TRIES

    def __init__(self, ray: Any, model: LazyModel, folder: Path) -> None:
        self.ray, self.folder = ray, folder
        self.marker = folder
        self._model = model.unloaded()
        if model.model.weights is not None:
            self._model.model = replace(model.model, weights=str(Path(model.model.weights).resolve()))
        self._lock, self._looked_s, self._room = threading.Lock(), -ROOM_S, 0
        smallest = min((cpus for cpus, _ in self._nodes()), default=1.0)
        self._threads = int(min(max(smallest, 1), MOST_THREADS))
        device = model.model.device
        self._gpus = int(device == "cuda" or (device == "auto" and any(gpus for _, gpus in self._nodes())))

    def room(self) -> int:
        with self._lock:
            if time.monotonic() - self._looked_s >= ROOM_S:
                self._room = sum(self._on(*node) for node in self._nodes())
                self._looked_s = time.monotonic()
            return self._room

    def _nodes(self) -> list[tuple[float, float]]:
        """CPUs and GPUs of each node that is alive and has any."""
        resources = [node["Resources"] for node in self.ray.nodes() if node["Alive"]]
        return [(r["CPU"], r.get("GPU", 0.0)) for r in resources if r.get("CPU", 0) >= 1]

    def _on(self, cpus: float, gpus: float) -> int:
        count = int(cpus // self._threads)
        return min(count, int(gpus)) if self._gpus else count

    def hire(self, is_needed: IsNeeded) -> Worker:
        remote = self.ray.remote(num_cpus=self._threads, num_gpus=self._gpus, max_restarts=0, max_concurrency=3)
        actor = remote(Actor).remote(self._model, self._threads, str(self.marker))
        return _Remote(self.ray, actor, is_needed)

    def lost(self, worker: Worker) -> Sentence:
        return Sentence("its worker in the cluster was lost")


class _Remote:
    """A worker as it is seen from here."""

    def __init__(self, ray: Any, actor: Any, is_needed: IsNeeded) -> None:
        self._ray, self._actor, self._is_needed = ray, actor, is_needed
        self._is_up = False

    def do(self, job: Job, hooks: Hooks) -> Outcome | Split | Literal["lost", "no room"]:
        ray = self._ray
        done = self._actor.do.remote(_absolute(job), program_version())
        news, is_asked_to_stop = self._actor.news.remote(), False
        try:
            while True:
                if ray.wait([news], timeout=POLL_S)[0]:
                    self._is_up = True
                    for message in ray.get(news):
                        if isinstance(message, Ended):
                            return message.result
                        if isinstance(message, ModelFailed):
                            raise message.error
                        pass_on(message, hooks)
                    if ray.wait([done], timeout=0)[0]:
                        ray.get(done)  # raises if the job could not even be understood there
                    news = self._actor.news.remote()
                elif not self._is_up and not self._is_needed():
                    return NO_ROOM
                if hooks.cancelled() and not self._is_up:
                    return not_begun(job)
                if hooks.cancelled() and not is_asked_to_stop:
                    self._actor.cancel.remote()
                    is_asked_to_stop = True
        except ray.exceptions.RayActorError as error:
            log.warning("a worker of the cluster was lost: %s", error)
            return LOST
        except ray.exceptions.RayTaskError as error:
            reason = str(error).strip().split("\n")[-1]
            raise SettingsError(
                "A node of the cluster cannot work ({reason}); is the same version of the program installed there?",
                reason=reason,
            ) from error

    def stop(self) -> None:
        with suppress(Exception):
            self._ray.kill(self._actor)


def _absolute(job: Job) -> Job:
    """Other processes have other working folders."""
    spec = job.item.spec
    if isinstance(spec, Path):
        spec = spec.absolute()
    elif isinstance(spec, tuple):
        spec = tuple(path.absolute() for path in spec)
    options = replace(job.options, out_dir=job.options.out_dir.absolute())
    return replace(job, item=replace(job.item, spec=spec), options=options)


class Actor:
    """A worker, in a process of the cluster. `do`, `news` and `cancel` are called at the same time."""

    def __init__(self, model: LazyModel, threads: int, marker: str) -> None:
        self._model, self._marker = model, Path(marker)
        self._model.loader = partial(load_model, threads=threads)
        self._messages: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._cancelled = threading.Event()

    def do(self, job: Job, version: str) -> None:
        """Its outcome comes as the last message. version: of the program that gives the jobs."""
        if (error := self._unfit(version)) is not None:
            self._messages.put(ModelFailed(error))
            return
        work(job, self._model, self._messages.put, self._cancelled.is_set)

    def _unfit(self, version: str) -> PoseStudioError | None:
        node = platform.node()
        if version != program_version():
            return SettingsError(
                "{node} has another version of the program ({version}).", node=node, version=program_version()
            )
        if not self._marker.exists():
            folder = self._marker.parent
            return MediaError(
                "{node} does not see {folder}: all nodes must share the folder of the results.",
                node=node,
                folder=folder,
            )
        return None

    def news(self) -> list[Any]:
        """Messages since the last call, waited for a moment if there are none."""
        with suppress(queue.Empty):
            messages = [self._messages.get(timeout=NEWS_S)]
            while not self._messages.empty():
                messages.append(self._messages.get())
            return messages
        return []

    def cancel(self) -> None:
        self._cancelled.set()
