"""What a person changed about identities and poses, applied to what was tracked and never mixed into what was seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from app.types import TrackedFrame
from pose.skeleton import Skeleton


class Edit(Protocol):
    """One change. Pure: the same frame always gives the same result, whatever frames came before."""

    def apply(self, frame: TrackedFrame, skeleton: Skeleton) -> TrackedFrame: ...


def edited(frame: TrackedFrame, edits: Sequence[Edit], skeleton: Skeleton) -> TrackedFrame:
    """The frame after all edits, in their order."""
    for edit in edits:
        frame = edit.apply(frame, skeleton)
    return frame
