"""The options of the commands that run a network: where, by what and in which numbers."""

from __future__ import annotations

import argparse


def add_engine_options(parser: argparse._ActionsContainer, default: str | None = "auto") -> None:
    """default: None where settings decide about what is not given."""
    parser.add_argument(
        "--device", choices=("auto", "cpu", "cuda", "mps"), default=default, help="where the network runs"
    )
    parser.add_argument(
        "--engine", choices=("auto", "openvino", "onnxruntime", "torch"), default=default, help="what runs it"
    )
    parser.add_argument(
        "--precision", choices=("auto", "fp32", "bf16", "fp16", "int8"), default=default, help="of its numbers"
    )
