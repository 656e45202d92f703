"""A pinhole camera above flat ground.

World axes, in metres: x to the right of the camera, y up, z away from it; the ground is y = 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Float64 = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Camera:
    """width, height: image in pixels; focal_px: focal length; height_m: above the ground; pitch: radians, > 0 down."""

    width: int
    height: int
    focal_px: float
    height_m: float
    pitch: float

    @property
    def position(self) -> Float64:
        return np.array([0.0, self.height_m, 0.0])

    @property
    def rotation(self) -> Float64:
        """(3, 3), world to camera: rows are right, up and forward."""
        c, s = np.cos(self.pitch), np.sin(self.pitch)
        return np.array([[1.0, 0.0, 0.0], [0.0, c, s], [0.0, -s, c]])

    @property
    def horizon_y(self) -> float:
        """Image row of the horizon, in pixels."""
        return (self.height - 1) / 2 - self.focal_px * float(np.tan(self.pitch))

    def project(self, points: NDArray[np.floating]) -> tuple[Float64, Float64]:
        """World points (..., 3) to pixels (..., 2) and depth along the view axis (...,) in metres."""
        view = (points - self.position) @ self.rotation.T
        depth = np.maximum(view[..., 2], 0.05)
        scale = self.focal_px / depth
        x = (self.width - 1) / 2 + view[..., 0] * scale
        y = (self.height - 1) / 2 - view[..., 1] * scale
        return np.stack([x, y], axis=-1), view[..., 2]

    def half_width_m(self, z: float) -> float:
        """Half of the ground width that the image shows at distance z."""
        return 0.5 * self.width * z / self.focal_px

    def ground_homography(self, metres_per_px: float, origin_xz: tuple[float, float]) -> Float64:
        """(3, 3): pixels of a ground texture (x right, y away from the camera) to image pixels."""
        x0, z0 = origin_xz
        texture = np.array([[0.0, 0.0], [1000.0, 0.0], [1000.0, 1000.0], [0.0, 1000.0]])
        world = np.stack([x0 + texture[:, 0] * metres_per_px, np.zeros(4), z0 + texture[:, 1] * metres_per_px], axis=-1)
        view = (world - self.position) @ self.rotation.T
        # The plane-to-image map is linear in homogeneous coordinates: K [r_x  r_z  R(o - c)].
        rotation = self.rotation
        columns = np.stack([rotation[:, 0] * metres_per_px, rotation[:, 2] * metres_per_px, view[0]], axis=-1)
        intrinsics = np.array(
            [
                [self.focal_px, 0.0, (self.width - 1) / 2],
                [0.0, -self.focal_px, (self.height - 1) / 2],
                [0.0, 0.0, 1.0],
            ]
        )
        return intrinsics @ columns
