from __future__ import annotations

import psutil
import pytest

from app.models import machine_load


def test_it_is_a_share(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psutil, "cpu_percent", lambda interval: 50.0 if interval else 0.0)
    assert machine_load.busy_share() == 0.5


def test_the_real_machine_has_one() -> None:
    assert 0.0 <= machine_load.busy_share() <= 1.0
