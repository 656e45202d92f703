"""Photos seen otherwise: without colour, dark, upside down, small. What is found in them counts in the photo itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from pose.evaluation.evaluate import Estimate
from pose.types import Poses

Image = NDArray[np.uint8]

DARK = 0.6
SMALL = 1 / 3


def plain(estimate: Estimate) -> Estimate:
    return estimate


def grey(estimate: Estimate) -> Estimate:
    return lambda image: estimate(np.repeat(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)[..., None], 3, axis=2))


def dark(estimate: Estimate) -> Estimate:
    return lambda image: estimate(np.rint(DARK * image).astype(np.uint8))


def turned(estimate: Estimate) -> Estimate:
    """By 180 degrees."""

    def call(image: Image) -> Poses:
        last_xy = np.array([image.shape[1] - 1, image.shape[0] - 1], np.float32)
        found = estimate(np.ascontiguousarray(image[::-1, ::-1]))
        return replace(found, keypoints=last_xy - found.keypoints)

    return call


def small(estimate: Estimate) -> Estimate:
    """A third as large in the middle of a black image of the photo's size."""

    def call(image: Image) -> Poses:
        height, width = image.shape[:2]
        inner = cv2.resize(image, None, fx=SMALL, fy=SMALL, interpolation=cv2.INTER_AREA)
        top, left = (height - inner.shape[0]) // 2, (width - inner.shape[1]) // 2
        canvas = np.zeros_like(image)
        canvas[top : top + inner.shape[0], left : left + inner.shape[1]] = inner
        found = estimate(canvas)
        factor = np.array([inner.shape[1] / width, inner.shape[0] / height], np.float32)
        keypoints = (found.keypoints + 0.5 - np.array([left, top], np.float32)) / factor - 0.5
        return replace(found, keypoints=keypoints.astype(np.float32))

    return call


VIEWS: dict[str, Callable[[Estimate], Estimate]] = {
    "plain": plain,
    "grey": grey,
    "dark": dark,
    "turned": turned,
    "small": small,
}
