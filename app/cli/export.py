"""`export`: a model as ONNX, camera pixels in, heatmaps and tags out."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from app.cli import OK
from pose.engines.base import STRIDE
from pose.errors import SettingsError
from pose.graphs import describe, network_graph
from pose.weights.file import write_whole
from pose.weights.library import find_weights, inspect_checkpoint, load_state

MAX_SIDE = 8192


def add_arguments(parser: argparse.ArgumentParser) -> None:
    model = parser.add_mutually_exclusive_group()
    model.add_argument("--model", metavar="NAME", default="litepose-m", help="installed weights (default: %(default)s)")
    model.add_argument("--weights", metavar="FILE", help="a weights file")
    parser.add_argument("--out", metavar="X.onnx", type=Path, required=True, help="file to write")
    parser.add_argument(
        "--input-size", metavar="HxW", help=f"fix height and width, multiples of {STRIDE} (default: free)"
    )


def run(args: argparse.Namespace) -> int:
    """Raises SettingsError or WeightsError if the size, the weights or the output cannot be used."""
    size = parse_size(args.input_size) if args.input_size else None
    if args.out.suffix.lower() != ".onnx":
        raise SettingsError(f"The output file must end in .onnx, and {args.out.name} does not.")
    spec = inspect_checkpoint(args.weights) if args.weights else find_weights(args.model)
    model = network_graph(spec.arch, load_state(spec), size)
    describe(model, spec)
    write_whole(args.out, model.SerializeToString())
    shown = f"{size[0]}x{size[1]}" if size else f"any size in multiples of {STRIDE}"
    print(f"{args.out}: {spec.arch}, {spec.skeleton.name}, input (N, H, W, 3) uint8 BGR of {shown}")
    return OK


def parse_size(text: str) -> tuple[int, int]:
    """ "448x832" → (448, 832), height first; a single number is a square. Raises SettingsError."""
    match = re.fullmatch(r"(\d+)(?:[xX](\d+))?", text.strip())
    sides = [int(side) for side in match.groups(default=match[1])] if match else []
    if not sides or any(side % STRIDE or not 0 < side <= MAX_SIDE for side in sides):
        raise SettingsError(
            f'The input size "{text}" cannot be used: give HEIGHTxWIDTH in multiples of {STRIDE}, such as 448x832.'
        )
    return sides[0], sides[1]
