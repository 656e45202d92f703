"""As much of Ray as the program uses, on threads of this process. Actors can be lost, and wait for a place."""

from __future__ import annotations

import pickle
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from types import SimpleNamespace
from typing import Any


class RayActorError(Exception):
    """A worker was lost."""


class RayTaskError(Exception):
    """A call of a worker has raised."""


class Method:
    def __init__(self, actor: Handle, name: str) -> None:
        self._actor, self._name = actor, name

    def remote(self, *args: Any) -> Future[Any]:
        return self._actor.call(self._name, pickle.loads(pickle.dumps(args)))


class Handle:
    def __init__(self, made: Any) -> None:
        self._made = made
        self._threads = ThreadPoolExecutor(3)
        self.lost = threading.Event()
        self._pending: list[Future[Any]] = []

    def __getattr__(self, name: str) -> Method:
        return Method(self, name)

    def call(self, name: str, args: tuple[Any, ...]) -> Future[Any]:
        answer: Future[Any] = Future()
        self._pending.append(answer)
        if self.lost.is_set():
            answer.set_exception(RayActorError("lost"))
        else:
            self._threads.submit(self._do, answer, name, args)
        return answer

    def _do(self, answer: Future[Any], name: str, args: tuple[Any, ...]) -> None:
        try:
            result = getattr(self._made, name)(*args)
        except Exception as error:
            answer.set_exception(RayTaskError(f"Traceback …\n{error}"))
        else:
            if not answer.done():
                answer.set_result(result)

    def lose(self) -> None:
        self.lost.set()
        self._made.cancel()  # it does no more
        for answer in self._pending:
            if not answer.done():
                answer.set_exception(RayActorError("lost"))


class FakeRay:
    """cpus: of each node. GPUs: of each node."""

    exceptions = SimpleNamespace(RayActorError=RayActorError, RayTaskError=RayTaskError)

    def __init__(self, *cpus: float, gpus: float = 0.0) -> None:
        self.cpus, self.gpus = list(cpus), gpus
        self.actors: list[Handle] = []
        self.killed: list[Handle] = []
        self.asked: list[dict[str, Any]] = []

    def nodes(self) -> list[dict[str, Any]]:
        alive = [{"Alive": True, "Resources": {"CPU": cpus, "GPU": self.gpus}} for cpus in self.cpus]
        return [*alive, {"Alive": False, "Resources": {"CPU": 64.0}}, {"Alive": True, "Resources": {}}]

    def remote(self, **options: Any) -> Any:
        self.asked.append(options)

        def of(kind: Any) -> Any:
            def make(*args: Any) -> Handle:
                self.actors.append(Handle(kind(*pickle.loads(pickle.dumps(args)))))
                return self.actors[-1]

            return SimpleNamespace(remote=make)

        return of

    @staticmethod
    def wait(answers: list[Future[Any]], timeout: float) -> tuple[list[Future[Any]], list[Future[Any]]]:
        done = wait_for(answers, timeout).done
        return [a for a in answers if a in done], [a for a in answers if a not in done]

    @staticmethod
    def get(answer: Future[Any]) -> Any:
        return answer.result()

    def kill(self, actor: Handle) -> None:
        self.killed.append(actor)
