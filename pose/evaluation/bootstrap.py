"""How sure an AP, or a difference of two, is: images drawn again with replacement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pose.evaluation.average_precision import ImageMatches, rank

RESAMPLES = 1000
SEED = 20220503


@dataclass(frozen=True, slots=True)
class Spread:
    """A value in AP units with its bootstrap standard error and 95 % interval."""

    value: float
    standard_error: float
    low: float
    high: float


def bootstrap_ap(matches: Sequence[ImageMatches], resamples: int = RESAMPLES, seed: int = SEED) -> Spread:
    """AP of one result, images resampled."""
    ranked = rank(matches)
    draws = [ranked.curve(w).average_precision() for w in _image_weights(len(matches), resamples, seed)]
    return _spread(ranked.curve().average_precision(), np.array(draws))


def bootstrap_difference(
    first: Sequence[ImageMatches], second: Sequence[ImageMatches], resamples: int = RESAMPLES, seed: int = SEED
) -> Spread:
    """AP(first) - AP(second), both results drawing the same images: what differs is the model, not the sample.

    Raises ValueError unless both hold the same images in the same order.
    """
    if [m.num_truths.tolist() for m in first] != [m.num_truths.tolist() for m in second]:
        raise ValueError("a paired comparison needs the same labelled images in the same order")
    a, b = rank(first), rank(second)
    draws = [
        a.curve(w).average_precision() - b.curve(w).average_precision()
        for w in _image_weights(len(first), resamples, seed)
    ]
    return _spread(a.curve().average_precision() - b.curve().average_precision(), np.array(draws))


def _image_weights(num_images: int, resamples: int, seed: int) -> NDArray[np.int64]:
    """(resamples, num_images): how often each image was drawn."""
    uniform = np.full(num_images, 1 / max(1, num_images))
    return np.random.default_rng(seed).multinomial(num_images, uniform, size=resamples)


def _spread(value: float, draws: NDArray[np.float64]) -> Spread:
    draws = draws[np.isfinite(draws)]
    if len(draws) < 2:
        return Spread(value, float("nan"), float("nan"), float("nan"))
    low, high = np.percentile(draws, [2.5, 97.5])
    return Spread(value, float(draws.std(ddof=1)), float(low), float(high))
