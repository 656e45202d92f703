"""How one body moves: a constant-velocity Kalman filter in real time."""

from __future__ import annotations

import numpy as np
from filterpy.common import Q_continuous_white_noise
from filterpy.kalman import KalmanFilter
from numpy.typing import NDArray

from tracking.settings import TrackerSettings

Float64 = NDArray[np.float64]

_POSITION = np.array([[1.0, 0.0]])
# White-noise acceleration lasts only as long as its effect is worth telling apart: beyond this step the filter
# is certain of nothing, and squares of the time would overflow.
_LONGEST_STEP_S = 60.0


class TimeStep:
    """What a time of dt_s ≥ 0 seconds does to position and velocity; made once per frame, for all bodies.

    transition: (2, 2). unit_noise: (2, 2), the covariance that acceleration of unit spectral density adds.
    """

    def __init__(self, dt_s: float) -> None:
        self.dt_s = dt_s
        dt = min(dt_s, _LONGEST_STEP_S)
        self.transition = np.array([[1.0, dt], [0.0, 1.0]])
        self.unit_noise = Q_continuous_white_noise(2, dt)


class BodyMotion:
    """Position and velocity of a body in pixels.

    x and y have the same noise, hence the same covariance: they are the two columns of one filter's state,
    whose rows are position and velocity. Noise is given in heights and grows with the person's size in the image.
    """

    def __init__(self, position_px: Float64, height_px: float, settings: TrackerSettings) -> None:
        self._settings = settings
        self._filter = KalmanFilter(dim_x=2, dim_z=1)
        self._filter.inv = np.reciprocal  # of a 1 x 1 matrix
        self._filter.x = np.stack([position_px, np.zeros(2)])
        # Before the second sight the velocity is anyone's: a brisk walk to either side, one standard deviation.
        first = np.array([settings.position_noise, settings.max_speed / 4]) * height_px
        self._filter.P = np.diag(first**2)

    @property
    def position_px(self) -> Float64:
        return self._filter.x[0]

    @property
    def velocity_px_s(self) -> Float64:
        return self._filter.x[1]

    @property
    def position_variance_px2(self) -> float:
        """Variance of the position along one axis."""
        return float(self._filter.P[0, 0])

    def predict(self, step: TimeStep, height_px: float) -> None:
        """Move on by a step of time."""
        density = (self._settings.accel_noise * height_px) ** 2
        self._filter.predict(F=step.transition, Q=step.unit_noise * density)

    def correct(self, position_px: Float64, height_px: float) -> None:
        """Take in a measured position (2,)."""
        noise = (self._settings.position_noise * height_px) ** 2
        self._filter.update(position_px[None], R=np.array([[noise]]), H=_POSITION)
