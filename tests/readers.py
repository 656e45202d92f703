"""Other people's programs that the tests hold ours against: readers of formats, evaluators."""

from __future__ import annotations

import importlib
import os
from typing import Any

import pytest


def reader(module: str) -> Any:
    """The module. Without it a test is skipped; in CI, where the variable CI is set, it fails."""
    return importlib.import_module(module) if os.environ.get("CI") else pytest.importorskip(module)
