"""How bodies move: constant-velocity Kalman filters in real time, for all bodies at once.

x and y have the same noise, hence one covariance for both axes: (variance of the position, covariance, variance of the
velocity). Noise is given in heights and grows with the person's size in the image. Letters: N bodies.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracking.settings import TrackerSettings

Float64 = NDArray[np.float64]

# White-noise acceleration lasts only as long as its effect is worth telling apart: beyond this step the filter
# is certain of nothing, and squares of the time would overflow.
_LONGEST_STEP_S = 60.0


class Motion(NamedTuple):
    """position_px, velocity_px_s: (N, 2). covariance: (N, 3), pixels² and seconds."""

    position_px: Float64
    velocity_px_s: Float64
    covariance: Float64


def at_first_sight(position_px: Float64, heights_px: Float64, settings: TrackerSettings) -> Motion:
    """Bodies seen once: the velocity is anyone's, a run to either side is one standard deviation."""
    covariance = np.zeros((len(position_px), 3))
    covariance[:, 0] = (settings.position_noise * heights_px) ** 2
    covariance[:, 2] = (settings.max_speed / 4 * heights_px) ** 2
    return Motion(position_px, np.zeros_like(position_px), covariance)


def predict(motion: Motion, dt_s: float, heights_px: Float64, settings: TrackerSettings) -> Motion:
    """The same bodies dt_s ≥ 0 seconds later."""
    dt = min(dt_s, _LONGEST_STEP_S)
    place, joint, speed = motion.covariance.T
    density = (settings.accel_noise * heights_px) ** 2
    noise = _process_noise(dt)
    return Motion(
        motion.position_px + dt * motion.velocity_px_s,
        motion.velocity_px_s,
        np.stack(
            [
                place + 2 * dt * joint + dt**2 * speed + density * noise[0, 0],
                joint + dt * speed + density * noise[0, 1],
                speed + density * noise[1, 1],
            ],
            axis=1,
        ),
    )


def correct(motion: Motion, measured_px: Float64, heights_px: Float64, settings: TrackerSettings) -> Motion:
    """Take in measured positions (N, 2)."""
    place, joint, speed = motion.covariance.T
    total = place + (settings.position_noise * heights_px) ** 2
    gain_place, gain_speed = place / total, joint / total
    error = measured_px - motion.position_px
    return Motion(
        motion.position_px + gain_place[:, None] * error,
        motion.velocity_px_s + gain_speed[:, None] * error,
        np.stack([(1 - gain_place) * place, (1 - gain_place) * joint, speed - gain_speed * joint], axis=1),
    )


@lru_cache(maxsize=64)  # most sources have one step
def _process_noise(dt_s: float) -> Float64:
    """(2, 2), of position and velocity for an acceleration of density 1."""
    from filterpy.common import Q_continuous_white_noise  # brings scipy, which help and window do without

    return np.asarray(Q_continuous_white_noise(2, dt_s))
