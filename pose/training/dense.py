"""Dense targets: what the teacher sees in a view, as maps for a student that sees the same view smaller.

The teacher finds more where people are larger, so it sees the view at a multiple of the student's size. Its Gaussians
are then too narrow for the student's grid; they are widened at equal height before its maps are brought there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pose.codec import HEATMAP_STRIDE, decode
from pose.skeleton import Skeleton
from pose.training.targets import COARSE_STRIDE, FINE_STRIDE, Targets, read_tags
from pose.training.teacher import PEOPLE, Network, mirrored_maps, zoom
from pose.training.widening import widen

Float32 = NDArray[np.float32]

_MULTIPLE = 32


@dataclass(frozen=True, slots=True)
class DenseSettings:
    """How views are made and seen. Each has one entry per input size of the loop, or one for all.

    factors: the teacher sees the view at one of these multiples of the student's size, drawn for each step.
    mosaic:  the probability that a view shows four photos instead of one.
    """

    factors: tuple[tuple[float, ...], ...] = ((1.0, 1.5),)
    mosaic: tuple[float, ...] = (0.0,)


def teacher_resolution(size: int, factor: float) -> int:
    """The network input nearest to `factor` times the student's."""
    return round(size * factor / _MULTIPLE) * _MULTIPLE


def dense_targets(network: Network, view_bgr: NDArray[np.uint8], size: int, skeleton: Skeleton, flip: bool) -> Targets:
    """Targets of a student that sees the square view at `size` pixels, a teacher that sees it as given.

    They are maps of the decoded resolution alone; tags are read where the teacher finds people.
    """
    heatmaps, tags = mirrored_maps(network, view_bgr, skeleton, flip)
    fine = zoom(widen(heatmaps, len(view_bgr) / size), (size // FINE_STRIDE,) * 2)
    tags = np.stack([zoom(t, (size // COARSE_STRIDE,) * 2) for t in tags])
    keypoints, scores, _ = decode(fine, tags, skeleton, PEOPLE)
    cells, people = read_tags(keypoints * HEATMAP_STRIDE, scores > PEOPLE.det_thr, (size, size))
    return Targets(None, fine, None, None, cells, people)
