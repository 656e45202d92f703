"""Exact ground truth of a rendered image."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pose.skeleton import COCO17, CROWDPOSE14, Skeleton

JOINT_NAMES = (*CROWDPOSE14.keypoint_names, *COCO17.keypoint_names[:5])


@dataclass(frozen=True, slots=True)
class SceneTruth:
    """The N people of one image; anyone of whom no joint can be seen is left out.

    ids:       (N,) int64, from 1; somebody who left the image and comes back has a new one.
    keypoints: (N, K, 2) float32, pixels, also of hidden joints and of joints outside the image.
    visible:   (N, K) bool, True if the joint is inside the image and nothing stands before it.
    boxes:     (N, 4) float32, x1 y1 x2 y2 of the whole figure, hidden parts included, clipped to the image.
    height_px: (N,) float32, standing height of the person at this distance, pixels.
    distance_m: (N,) float32, from the camera.
    """

    names: tuple[str, ...]
    ids: NDArray[np.int64]
    keypoints: NDArray[np.float32]
    visible: NDArray[np.bool_]
    boxes: NDArray[np.float32]
    height_px: NDArray[np.float32]
    distance_m: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.ids)

    def of_skeleton(self, skeleton: Skeleton) -> SceneTruth:
        """The same people with the joints of one keypoint set, in its order."""
        columns = [self.names.index(name) for name in skeleton.keypoint_names]
        return SceneTruth(
            skeleton.keypoint_names, self.ids, self.keypoints[:, columns], self.visible[:, columns],
            self.boxes, self.height_px, self.distance_m,
        )  # fmt: skip
