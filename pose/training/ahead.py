"""Batches are made by other threads while the network learns from those before them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

from pose.training.interruption import Interruption

T = TypeVar("T")
_PATIENCE_S = 0.2  # a teacher may need minutes for a batch; Ctrl-C is noticed within this time


class Ahead(Generic[T]):
    """The items of some steps in order, up to `count` of them made ahead, each by one call of `load`."""

    def __init__(self, load: Callable[[int], T], steps: range, count: int, interruption: Interruption) -> None:
        self._load, self._steps, self._interruption = load, iter(steps), interruption
        self._pool = ThreadPoolExecutor(count, "batches")
        self._coming: deque[Future[T]] = deque()
        for _ in range(count):
            self._submit()

    def next(self) -> T:
        """The next step's item. Raises what `load` raised, and Interrupted when the end is asked for."""
        while True:
            self._interruption.check()
            try:
                item = self._coming[0].result(_PATIENCE_S)
            except TimeoutError:
                continue
            self._coming.popleft()
            self._submit()
            return item

    def __enter__(self) -> Ahead[T]:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def _submit(self) -> None:
        step = next(self._steps, None)
        if step is not None:
            self._coming.append(self._pool.submit(self._load, step))
