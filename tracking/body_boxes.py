"""The box around a whole body, from the joints that it is built on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pose.skeleton import Skeleton
from pose.types import Poses
from tracking.body import body_heights_px

# From the outermost joints to the skin, in body heights (Drillis and Contini, 1966): the ankle joint is 0.039 above
# the sole; the vertex is 0.07 above the eyes, and hair covers the labelled head top by a little; arms and hips are
# about 0.1 thick, half of that lies outside of the joint centres.
SOLE, SIDE = 0.04, 0.05
CROWN_ABOVE_TOP, CROWN_ABOVE_EYES = 0.01, 0.07
GUESS_SCORE = 0.05


def body_boxes_xyxy(poses: Poses, skeleton: Skeleton) -> NDArray[np.float64]:
    """Boxes (N, 4) around the bodies of which the joints are the frame, as tracking benchmarks label them.

    Joints that are mere guesses count only where there are no others. NaN for a person without joints.
    """
    shown = Poses(
        np.where((poses.scores >= GUESS_SCORE)[..., None], poses.keypoints, np.nan).astype(np.float32),
        poses.scores,
        poses.confidence,
    )
    boxes = np.where(np.isfinite(shown.boxes_xyxy), shown.boxes_xyxy, poses.boxes_xyxy).astype(np.float64)
    crown = CROWN_ABOVE_TOP if "head_top" in skeleton.keypoint_names else CROWN_ABOVE_EYES
    margins = np.array([-SIDE, -crown, SIDE, SOLE])
    return boxes + body_heights_px(shown.keypoints, skeleton)[:, None] * margins
