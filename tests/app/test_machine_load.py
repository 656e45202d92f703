from __future__ import annotations

import subprocess
import sys

import pytest

from app.models.machine_load import Look, look, share_between, share_of_others


def test_this_program_does_not_count() -> None:
    before = Look(total_s=1000, busy_s=300, own_s=5, at_s=0)
    assert share_between(before, Look(1010, 308, 13, 1)) == 0.0
    assert share_between(before, Look(1010, 308, 9, 1)) == pytest.approx(0.4)
    assert share_between(before, Look(1010, 308, 14, 1)) == 0.0, "the counters are not read at the same instant"
    assert share_between(before, before) == 0.0


def test_the_load_of_the_real_machine_is_a_share() -> None:
    assert 0.0 <= share_of_others(look()) <= 1.0


def test_another_program_at_work_is_seen() -> None:
    work = "import time\nend = time.monotonic() + 30\nwhile time.monotonic() < end: pass"
    before = look()
    busy = [subprocess.Popen([sys.executable, "-c", work]) for _ in range(2)]
    try:
        share = max(share_of_others(look()) for _ in range(10))
    finally:
        for process in busy:
            process.kill()
            process.wait()
    assert share > 0.02
    assert share_of_others(before) > 0
