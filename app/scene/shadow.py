"""Soft shadows on the ground."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from app.scene.camera import Camera
from app.scene.occlusion import Capsules

Image = NDArray[np.uint8]
_REDUCTION = 4  # the shadow is painted this much smaller than the image


def cast_shadows(
    stage: Image, camera: Camera, light: NDArray[np.float64], people: list[Capsules], strength: float
) -> Image:
    """The stage darkened by `strength` (0 to 1) where people stand between the ground and the light."""
    h, w = camera.height // _REDUCTION, camera.width // _REDUCTION
    mask = np.zeros((h, w), np.uint8)
    for capsules in people:
        for hull in _hulls(camera, light, capsules):
            cv2.fillConvexPoly(mask, hull, 255, cv2.LINE_AA)
    if not mask.any():
        return stage
    sigma = max(0.8, h / 90)
    soft = np.asarray(cv2.GaussianBlur(mask, (0, 0), sigma), np.float32)
    # Light falls in from the side too: a shadow is never darker than `strength`.
    factor = cv2.resize((255 - soft * strength).astype(np.uint8), (camera.width, camera.height))
    return np.asarray(cv2.multiply(stage, cv2.merge([factor] * 3), scale=1 / 255), np.uint8)


def _hulls(camera: Camera, light: NDArray[np.float64], capsules: Capsules) -> list[NDArray[np.int32]]:
    """One convex polygon per capsule: its two end spheres dropped onto the ground along the light."""
    ends = np.stack([capsules.start, capsules.end], axis=1)  # (C, 2, 3)
    fall = ends[..., 1:2] / light[1]
    foot = ends - fall * light
    angle = np.arange(8) * (np.pi / 4)
    circle = np.stack([np.cos(angle), np.zeros(8), np.sin(angle)], axis=-1)
    points = (foot[:, :, None] + capsules.radius[:, None, None, None] * circle).reshape(len(foot), 16, 3)
    pixels, depth = camera.project(points)
    usable = (depth > 0.3).all(axis=1)
    corners = np.round(pixels[usable] / _REDUCTION).astype(np.int32)
    return [np.asarray(cv2.convexHull(p), np.int32) for p in corners]
