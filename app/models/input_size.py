"""x"""

from __future__ import annotations
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable
from app.pipeline import Estimator

SAMPLES = 6


@dataclass(frozen=True, slots=True)
class SizeChoice:
    input_size: int
    reason: Mapping[str, Any]

    @property
    def sentence(self) -> str:
        return f"input size {self.input_size}"


@runtime_checkable
class SizedEstimator(Estimator, Protocol):
    @property
    def input_size(self) -> int: ...
    def with_input_size(self, size: int) -> Estimator: ...


def choose_input_size(estimator: SizedEstimator, images: Iterable[Any]) -> SizeChoice:
    return SizeChoice(estimator.input_size, {})
