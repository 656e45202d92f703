"""What an image shows besides poses, for the tracker: what people look like."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pose.skeleton import Skeleton
from pose.types import Poses
from tracking.appearance import colour_signatures


def scene_looks(
    image_bgr: NDArray[np.uint8], poses: Poses, skeleton: Skeleton
) -> tuple[NDArray[np.float16] | None, float | None]:
    """Implements `app.pipeline.Looks`."""
    return colour_signatures(image_bgr, poses, skeleton), None
