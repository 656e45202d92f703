"""MoveNet MultiPose as a peer, by a runner that lies elsewhere: a file with a class `MultiPose(threads)`."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Network = Callable[[NDArray[np.uint8], int], tuple[Any, Any, Any]]
"""An image (H, W, 3) uint8 BGR, its long side in the network → points (N, 17, 2), scores (N, 17), confidence (N,)."""


def load_movenet(file: Path, threads: int) -> Network:
    spec = importlib.util.spec_from_file_location("movenet", file)
    assert spec is not None and spec.loader is not None
    module = sys.modules["movenet"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    network = module.MultiPose(threads=threads)
    return lambda image_bgr, long_side: network(np.ascontiguousarray(image_bgr[:, :, ::-1]), long_side, False)
