"""What the screen gets from a live session."""

from __future__ import annotations

from dataclasses import dataclass

from app.gui.view.compose import Heatmap
from app.types import FrameResult
from pose.skeleton import Skeleton


@dataclass(frozen=True, slots=True)
class Delivery:
    """What the screen gets: a result, the skeleton it is in, and where it came from.

    people_key: another one means that identities start anew.
    analysed:   False if the frame was passed on without looking for people (no model yet, or it failed).
    with_model: False if there was no model yet.
    """

    result: FrameResult
    skeleton: Skeleton
    captured_s: float
    source_key: int
    people_key: int
    jump: bool
    analysed: bool
    with_model: bool
    heatmap: Heatmap | None = None
