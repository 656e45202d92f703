"""A rendered scene of articulated people with exact ground truth, drawn with NumPy and OpenCV alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def test_image() -> NDArray[np.uint8]:
    """(720, 1280, 3) uint8 BGR: one image with four people, for trying out a pipeline."""
    from app.scene.scene import Scene

    return Scene(seed=0, people=4, size=(1280, 720)).frame(4.2)[0]
