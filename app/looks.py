"""What an image shows besides poses: the colours of people, and whether another shot begins."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pose.skeleton import Skeleton
from pose.types import Poses
from tracking.appearance import colour_signatures
from tracking.cuts import RECENT, CutDetector

MEMORY = RECENT + 1  # after so many images the looks are those of somebody who has seen all before


class SceneLooks:
    """The looks (app.pipeline.Looks) that tracker and stitching know to use; one for each source."""

    def __init__(self) -> None:
        self._cuts = CutDetector()

    def __call__(
        self, image_bgr: NDArray[np.uint8], poses: Poses, skeleton: Skeleton
    ) -> tuple[NDArray[np.float16], float]:
        return colour_signatures(image_bgr, poses, skeleton), self._cuts(image_bgr)
