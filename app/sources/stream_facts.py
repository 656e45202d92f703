"""What a container says about its video streams: which one to take, and its frame rate."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from av.stream import Disposition

STILLS = Disposition.attached_pic | Disposition.timed_thumbnails | Disposition.still_image
DEFAULT_RATE = Fraction(25)


def moving_streams(streams: Sequence[Any]) -> list[Any]:
    """The videos without cover art and thumbnails. The first is to be shown: the default one, or else the largest."""
    moving = [s for s in streams if not s.disposition & STILLS]
    return sorted(moving, key=lambda s: (s.codec_context is None, not s.disposition & Disposition.default, -_area(s)))


def _area(stream: Any) -> int:
    context = stream.codec_context
    return context.width * context.height if context is not None else 0


def nominal_rate(stream: Any) -> Fraction:
    """Frames per second as the container says."""
    rates = [Fraction(r) for r in (stream.average_rate, stream.guessed_rate, stream.base_rate) if r and 0 < r <= 1000]
    base = stream.base_rate
    if base and rates and 0 < base < rates[0] * Fraction(2, 3):
        return Fraction(base)  # the average counts the empty packets that some AVI files hold
    return rates[0] if rates else DEFAULT_RATE
