"""The `annotate` command with a stand-in for the network, as a program of its own: DELAY_S ARGUMENT…"""

from __future__ import annotations

import sys

from app import cli
from app.cli import annotate
from app.settings import Settings
from tests.fakes import FakeEstimator


def main() -> int:
    delay_s = float(sys.argv[1])

    def load(settings: Settings) -> FakeEstimator:
        return FakeEstimator(delay_s=delay_s)

    annotate._load = load  # type: ignore[assignment]
    annotate.model_info = lambda estimator: {"name": "fake"}
    code = cli.main(["annotate", *sys.argv[2:]])
    unwanted = [name for name in ("PyQt6", "torch", "matplotlib") if name in sys.modules]
    if unwanted:
        print("imported", unwanted)
        return 99
    return code


if __name__ == "__main__":
    sys.exit(main())
