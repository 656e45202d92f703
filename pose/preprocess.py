"""Fitting an image of any size to the network, with an exact inverse."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

FitMode = Literal["short", "long"]

MULTIPLE = 64  # LitePose's canvas grows in steps of 64; its deepest map is 1/16
MAX_ASPECT = 4.0  # beyond this the long side is fitted instead, so that a 1x8000 strip stays affordable


@dataclass(frozen=True, slots=True)
class Fit:
    """A uniform scaling of an image about its centre onto the network's canvas, black around it.

    Coordinates: network = factor * image + offset, on both axes, in pixels.
    """

    image_hw: tuple[int, int]
    network_hw: tuple[int, int]
    factor: float
    offset_xy: tuple[float, float]

    @property
    def matrix(self) -> NDArray[np.float64]:
        """(2, 3) float64, image → network pixels."""
        return np.array([[self.factor, 0, self.offset_xy[0]], [0, self.factor, self.offset_xy[1]]])

    def warp(self, image_bgr: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """(H, W, 3) uint8 → (h, w, 3) uint8 on the network's canvas."""
        if image_bgr.shape[:2] != self.image_hw:
            raise ValueError(f"this fit is for images of {self.image_hw}, got {image_bgr.shape[:2]}")
        h, w = self.network_hw
        source, matrix = image_bgr, self.matrix
        while self.factor * (image_bgr.shape[0] / source.shape[0]) < 0.5 and min(source.shape[:2]) >= 2:
            source, matrix = halve(source, matrix)
        return np.asarray(cv2.warpAffine(source, matrix, (w, h), flags=cv2.INTER_LINEAR), np.uint8)

    def to_image(self, points: NDArray[np.floating]) -> NDArray[np.float32]:
        """(..., 2) network pixels → (..., 2) float32 image pixels."""
        return ((points - np.array(self.offset_xy)) / self.factor).astype(np.float32)

    def to_network(self, points: NDArray[np.floating]) -> NDArray[np.float32]:
        """(..., 2) image pixels → (..., 2) float32 network pixels."""
        return (points * self.factor + np.array(self.offset_xy)).astype(np.float32)


def halve(image: NDArray[np.uint8], matrix: NDArray[np.float64]) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """Average 2x2 pixels, so that strong shrinking does not alias, and adapt the matrix.

    Pixel i of the half-size image covers pixels 2i and 2i+1: their centre is at 2i + 0.5.
    """
    h, w = image.shape[0] // 2, image.shape[1] // 2
    half = cv2.resize(image[: h * 2, : w * 2], (w, h), interpolation=cv2.INTER_AREA)
    linear = matrix[:, :2]
    shifted = np.concatenate([linear * 2, (matrix[:, 2] + linear @ np.array([0.5, 0.5]))[:, None]], axis=1)
    return np.asarray(half, np.uint8), shifted


def fit_to_network(image_hw: tuple[int, int], input_size: int, fit: FitMode = "short", scale: float = 1.0) -> Fit:
    """The fit of an image to a network whose nominal input is `input_size` pixels.

    fit "short": the short side becomes input_size * scale (the protocol of the paper's results).
    fit "long":  the long side does; fewer pixels, quicker, for people who fill the frame.
    The canvas is padded to multiples of 64.
    """
    h, w = image_hw
    if h < 1 or w < 1:
        raise ValueError(f"an image must have at least one pixel, got {h}x{w}")
    side = max(MULTIPLE, round(input_size * scale))
    short, long = min(h, w), max(h, w)
    if fit == "short":
        factor = min(side / short, side * MAX_ASPECT / long)
    else:
        factor = side / long
    network_h, network_w = (max(1, ceil(round(n * factor, 3) / MULTIPLE)) * MULTIPLE for n in (h, w))
    centre_x, centre_y = int(w / 2 + 0.5), int(h / 2 + 0.5)
    offset = (network_w / 2 - factor * centre_x, network_h / 2 - factor * centre_y)
    return Fit((h, w), (network_h, network_w), factor, offset)
