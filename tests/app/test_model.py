"""What "auto" means where speed does not matter: one model for everybody, the best of those that are shipped."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import pose.estimator
from app.cli.annotate import add_arguments, settings_from
from app.models.loading import MOST_ACCURATE, load_model
from app.models.ranking import comparable_accuracy
from app.settings import AUTO, ModelSettings, Settings
from pose.weights.library import SHIPPED, list_weights


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """(name, input size) of every network that was to be loaded."""
    calls: list[tuple[str, Any]] = []
    monkeypatch.setattr(
        pose.estimator, "load_estimator", lambda name, **options: calls.append((name, options["input_size"]))
    )
    return calls


def test_automatic_is_the_most_accurate_at_its_own_size(asked: list[tuple[str, Any]]) -> None:
    load_model(ModelSettings())
    load_model(ModelSettings(input_size=256))
    load_model(ModelSettings("other"))
    assert asked == [(MOST_ACCURATE, None), (MOST_ACCURATE, 256), ("other", None)]


def test_the_window_and_the_command_line_begin_with_automatic() -> None:
    import argparse

    parser = argparse.ArgumentParser()
    add_arguments(parser)
    assert Settings().model.name == AUTO
    assert settings_from(parser.parse_args(["x.mp4"])) == Settings()
    named = settings_from(parser.parse_args(["x.mp4", "--model", "other"]))
    assert named == replace(Settings(), model=ModelSettings("other"))


def test_no_shipped_model_is_more_accurate() -> None:
    shipped = [spec for spec in list_weights() if spec.path.parent == SHIPPED]
    best = {name: max(by_size.values()) for name, by_size in comparable_accuracy(shipped).items()}
    assert best[MOST_ACCURATE] == max(best.values())
