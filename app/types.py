"""What flows through the application: frames in, frame results out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracking.types import Detections, TrackedPoses


@dataclass(frozen=True, slots=True)
class Frame:
    """One upright image. Nobody changes `image_bgr` in place.

    index:     0-based, in source order, counting every frame of the source (gaps = dropped).
    time_s:    presentation time for files, monotonic seconds since the start for live sources.
    image_bgr: (H, W, 3) uint8.
    """

    index: int
    time_s: float
    image_bgr: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class StageTimes:
    """Milliseconds spent in each stage of one frame."""

    preprocess_ms: float
    inference_ms: float
    decode_ms: float
    track_ms: float

    @property
    def total_ms(self) -> float:
        return self.preprocess_ms + self.inference_ms + self.decode_ms + self.track_ms


@dataclass(frozen=True, slots=True)
class TrackedFrame:
    """The people of one analysed frame, without its image.

    index, time_s: as in `Frame`.
    interpolated:  made between two analysed frames, by resampling.
    """

    index: int
    time_s: float
    tracks: TrackedPoses
    interpolated: bool = False


@dataclass(frozen=True, slots=True)
class FrameResult:
    """A frame with its own people: overlay and pose cannot disagree.

    dropped_before: frames the live source skipped just before this one.
    detections:     what the tracker was given; None where nobody keeps it.
    """

    frame: Frame
    tracks: TrackedPoses
    times: StageTimes
    dropped_before: int = 0
    detections: Detections | None = None

    @property
    def tracked(self) -> TrackedFrame:
        """The result without its image."""
        return TrackedFrame(self.frame.index, self.frame.time_s, self.tracks)
