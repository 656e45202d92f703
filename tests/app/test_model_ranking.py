"""Which model is expected to be the most accurate at which size."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.models.ranking import AP_LOSS, comparable_accuracy, ranked_candidates
from pose.skeleton import COCO17
from pose.weights.library import WeightsSpec


def card(name: str, size: int, parameters: int, **accuracy: float) -> WeightsSpec:
    figures = {what.replace("_", " "): value for what, value in accuracy.items()}
    return WeightsSpec(name, name, Path(name), name, "MIT", size, COCO17, figures, parameters=parameters)


LARGE = card("large", 448, 35, **{"AP at 448 px": 60.0, "at 320 px": 55.0, "at 256 px": 47.0})
SMALL = card("small", 256, 17, **{"AP at 448 px": 40.0, "at 320 px": 46.0, "at 256 px": 48.0})


def rank(specs: list[WeightsSpec], name: str, size: int) -> float:
    return next(c.rank for c in ranked_candidates(specs, size) if c.spec.name == name)


def test_at_every_size_the_figure_measured_there_counts() -> None:
    for spec in (LARGE, SMALL):
        for size, value in zip((448, 320, 256), spec.accuracy.values(), strict=True):
            assert rank([LARGE, SMALL], spec.name, size) == pytest.approx(value)
    assert ranked_candidates([LARGE, SMALL], 256)[0].spec.name == "small"
    assert ranked_candidates([LARGE, SMALL], 448)[0].spec.name == "large"


def test_between_measured_sizes_accuracy_lies_between_and_below_them_it_falls() -> None:
    at = {size: rank([LARGE, SMALL], "large", size) for size in (448, 384, 320, 256, 224, 192)}
    assert sorted(at.values(), reverse=True) == list(at.values())
    assert 55.0 < at[384] < 60.0
    assert at[192] < 47.0 - 5.0


def test_a_figure_without_a_size_holds_for_the_models_own() -> None:
    specs = [card("m", 448, 35, AP=60.0), card("xs", 256, 17, AP=41.0)]
    assert comparable_accuracy(specs) == {"m": {448: 60.0}, "xs": {256: 41.0}}
    assert rank(specs, "m", 224) == pytest.approx(60.0 - AP_LOSS)


def test_cards_without_a_common_figure_are_ranked_by_parameters() -> None:
    specs = [card("m", 448, 35, A=1.0), card("xs", 256, 17, B=99.0)]
    assert ranked_candidates(specs, 448)[0].spec.name == "m"
    assert ranked_candidates([*specs, card("none", 448, 36)], 448)[0].spec.name == "none"
