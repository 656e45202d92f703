"""Which model at which input size is expected to be the most accurate, from what the models' cards say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from pose.preprocess import MULTIPLE
from pose.weights.library import WeightsSpec

SMALLEST_SIZE = 192
# AP lost by an input smaller than any that was measured = AP_LOSS * log2(own size / size)². LitePose-M on photos with
# people of all sizes: 58.9 at 448 px, 54.8 at 320, 48.2 at 256.
AP_LOSS = 19.0
_AT_SIZE = re.compile(r"\bat (\d+) px$")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One network at one input size. rank: expected accuracy in points, comparable between candidates only."""

    spec: WeightsSpec
    input_size: int
    rank: float


def ranked_candidates(specs: Iterable[WeightsSpec], input_size: int | None = None) -> list[Candidate]:
    """Every model at its own size and smaller ones (or at `input_size` only), the most accurate first."""
    specs = list(specs)
    accuracy = comparable_accuracy(specs)
    found = [
        Candidate(spec, size, _expected(accuracy[spec.name], spec.input_size, size))
        for spec in specs
        for size in ([input_size] if input_size else _sizes(spec.input_size))
    ]
    return sorted(found, key=lambda c: (-c.rank, c.input_size, c.spec.name))


def comparable_accuracy(specs: Iterable[WeightsSpec]) -> dict[str, dict[int, float]]:
    """Name → input size → accuracy in points: the card's figures, if the first of them is in all cards.

    A figure whose name ends in "at N px" holds for that size, another for the model's own. Without a common figure
    bigger networks count as better.
    """
    specs = list(specs)
    first = next(iter(specs[0].accuracy), None) if specs else None
    if first is None or not all(first in spec.accuracy for spec in specs):
        return {spec.name: {spec.input_size: 10.0 * float(np.log2(max(spec.parameters, 1)))} for spec in specs}
    if _AT_SIZE.search(first):
        return {spec.name: _by_size(spec.accuracy) for spec in specs}
    return {spec.name: {spec.input_size: spec.accuracy[first]} for spec in specs}


def _by_size(accuracy: Mapping[str, float]) -> dict[int, float]:
    found = [(_AT_SIZE.search(what), value) for what, value in accuracy.items()]
    return {int(at.group(1)): value for at, value in found if at}


def _expected(measured: Mapping[int, float], own_size: int, size: int) -> float:
    """Between two measured sizes a straight line over their logarithms; below them the usual loss."""
    known = sorted(measured)
    value = float(np.interp(np.log2(size), np.log2(known), [measured[s] for s in known]))
    if size >= known[0]:
        return value
    top = max(own_size, known[0])
    return value - AP_LOSS * float(np.log2(top / size) ** 2 - np.log2(top / known[0]) ** 2)


def _sizes(native: int) -> list[int]:
    least = max(SMALLEST_SIZE, native // 2)
    return [native, *range(native - MULTIPLE, least - 1, -MULTIPLE)]
