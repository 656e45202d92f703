"""Other programs' share of the processor, from what the system counts."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from app import machine_load
from app.machine_load import OtherPrograms


class Counters:
    """A system with two cores whose counters the test sets."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.clock_s = self.user_s = self.nice_s = self.system_s = self.own_s = 0.0
        monkeypatch.setattr(machine_load.psutil, "cpu_times", self._everybody)
        monkeypatch.setattr(machine_load.os, "times", lambda: SimpleNamespace(user=self.own_s, system=0.0))
        monkeypatch.setattr(machine_load.os, "cpu_count", lambda: 2)
        monkeypatch.setattr(machine_load.time, "monotonic", lambda: self.clock_s)

    def _everybody(self) -> SimpleNamespace:
        return SimpleNamespace(user=self.user_s, nice=self.nice_s, system=self.system_s)


def test_what_this_program_does_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    system = Counters(monkeypatch)
    others = OtherPrograms()
    system.clock_s, system.own_s, system.user_s = 2.0, 3.0, 3.0
    assert others.share() == 0.0
    system.nice_s, system.system_s = 0.5, 0.5
    assert others.share() == 0.25


def test_a_moment_is_too_short_to_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    system = Counters(monkeypatch)
    others = OtherPrograms()
    system.clock_s, system.user_s = 0.05, 1.0
    assert others.share() == 0.0


def test_the_real_counters_go_on() -> None:
    before = machine_load._now()
    sum(range(10**6))
    assert all(now >= then for now, then in zip(machine_load._now(), before, strict=True))
