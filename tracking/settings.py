"""Everything about tracking that can be chosen."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from pose.errors import SettingsError


@dataclass(frozen=True, slots=True)
class TrackerSettings:
    """Lengths are in heights of the person, times in seconds: nothing depends on resolution or frame rate.

    track_low_thr:      people less confident than this are ignored.
    track_high_thr:     people at least this confident may begin a track; those between only continue one.
    new_track_thr:         people at least this confident get an id in the frame where they are first seen.
    min_hits:         the others must be seen in this many frames ...
    confirm_s:        ... over at least this time, never unseen for longer than this.
    max_age_s:       a person unseen for longer than this is forgotten; the id is not used again.
    min_oks:          least similarity (OKS widened by the uncertainty of motion) of a pose to its track, 0 to 1.
    duplicate_oks:    two poses whose joints coincide more than this are one person found twice, 0 to 1.
    max_speed:        heights per second that no person exceeds.
    accel_noise:      how fast velocity drifts, heights / s^1.5 (spectral density of the acceleration, square root).
    position_noise:   jitter of a detected body, heights.
    limb_speed:       how fast limbs move relative to the body, heights per second.
    emit_predicted:   also give rows of people who are hidden for the moment (observed = False).
    smooth:           smooth keypoints with a causal One-Euro filter; `raw` keeps the others.
    smooth_cutoff_hz: its cutoff for a joint at rest; lower is calmer and later.
    smooth_beta:      how much the cutoff rises with speed, Hz per (height / s); higher follows faster.

    Raises SettingsError for a value that cannot be used.
    """

    track_low_thr: float = 0.05
    track_high_thr: float = 0.2
    new_track_thr: float = 0.4
    min_hits: int = 3
    confirm_s: float = 0.1
    max_age_s: float = 1.5
    min_oks: float = 0.2
    duplicate_oks: float = 0.5
    max_speed: float = 6.0
    accel_noise: float = 1.0
    position_noise: float = 0.01
    limb_speed: float = 0.5
    emit_predicted: bool = False
    smooth: bool = False
    smooth_cutoff_hz: float = 1.5
    smooth_beta: float = 8.0

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not math.isfinite(value) or value < 0:
                raise SettingsError(f"The tracker setting {field.name} must be a number from 0 up, not {value}.")
        for name in ("track_low_thr", "track_high_thr", "new_track_thr", "min_oks", "duplicate_oks"):
            if getattr(self, name) > 1:
                raise SettingsError(f"The tracker setting {name} must lie between 0 and 1, not {getattr(self, name)}.")
        for name in ("position_noise", "smooth_cutoff_hz"):
            if getattr(self, name) == 0:
                raise SettingsError(f"The tracker setting {name} must be more than 0.")
        if self.track_low_thr > self.track_high_thr:
            raise SettingsError("The tracker setting track_low_thr must not exceed track_high_thr.")
        if self.min_hits < 1:
            raise SettingsError("The tracker setting min_hits must be at least 1.")
