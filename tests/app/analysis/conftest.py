"""Jobs on a network that is quick and reads numbers from images."""

from __future__ import annotations

from typing import Any

import pytest

from app.cli import annotate
from tests.fakes import ReadingEstimator, fake_model_info


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[ReadingEstimator]:
    """`annotate` loads estimators that read; all that were loaded so far."""
    loaded: list[ReadingEstimator] = []

    def load(*_: Any) -> ReadingEstimator:
        loaded.append(ReadingEstimator())
        return loaded[-1]

    monkeypatch.setattr(annotate, "_load", load)
    monkeypatch.setattr("app.models.loading.model_info", fake_model_info)
    return loaded
