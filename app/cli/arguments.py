"""Kinds of values on the command line, each with one sentence for what it does not take."""

from __future__ import annotations

import argparse
import math

HIGHEST_RATE = 1e5  # of frames per second that are asked for: more would fill the disk
REPETITIONS_HELP = "count movements of an angle there and back, such as knee or knee:100:150, in the CSV"


def _number(text: str, low: float, what: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value >= low):
        raise argparse.ArgumentTypeError(f"{text!r} is not {what}")
    return value


def seconds(text: str) -> float:
    return _number(text, 0.0, "a number of seconds from 0 up")


def share(text: str) -> float:
    value = _number(text, 0.0, "a number between 0 and 1")
    if value > 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number between 0 and 1")
    return value


def rate(text: str) -> float:
    value = _number(text, 1e-3, "a number of frames per second")
    if value > HIGHEST_RATE:
        raise argparse.ArgumentTypeError(f"{text!r} is more than {HIGHEST_RATE:g} frames per second")
    return value


def count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 up")
    return int(text)


def whole(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 up")
    return int(text)
