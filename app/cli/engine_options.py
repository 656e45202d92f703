"""The options of the commands that run a network: where, by what and in which numbers."""

from __future__ import annotations

import argparse
from typing import get_args

from pose.engines.base import Device, EngineName, Precision


def add_engine_options(parser: argparse._ActionsContainer, default: str | None = "auto") -> None:
    """default: None where settings decide about what is not given."""
    parser.add_argument("--device", choices=get_args(Device), default=default, help="where the network runs")
    parser.add_argument("--engine", choices=get_args(EngineName), default=default, help="what runs it")
    parser.add_argument("--precision", choices=get_args(Precision), default=default, help="of its numbers")
