"""Everything about tracking that can be chosen."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from pose.errors import SettingsError

_SHARES = (
    "track_low_thr", "track_high_thr", "new_track_thr", "min_oks", "duplicate_oks", "min_overlap", "last_sight_iou",
    "looks_sd", "looks_same", "looks_lost", "looks_other", "looks_never",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TrackerSettings:
    """Lengths are in heights of the person, times in seconds: nothing depends on resolution or frame rate.

    track_low_thr:    people less confident than this are ignored.
    track_high_thr:   people at least this sure (body.sureness) may begin a track; those between only continue one.
    new_track_thr:    people at least this sure get an id in the frame where they are first seen.
    min_hits:         the others must be seen in this many frames ...
    confirm_s:        ... over at least this time, never unseen for longer than this.
    patience_s:       people without an id are forgotten if unseen for longer than this.
    unsure_s:         people whose sureness, averaged over about this time, is below track_high_thr get no row.
    max_age_s:        a person unseen for longer than this is no longer found again by motion.
    memory_s:         ... and after this time not even by looks; the id is not used again.
    max_remembered:   people kept in memory at a time, those seen last.
    min_oks:          least similarity (OKS widened by the uncertainty of motion) of a pose to its track, 0 to 1.
    min_overlap:      least IoU with the predicted place for people who were out of sight, 0 to 1.
    last_sight_iou:   least IoU with the last place for people unseen for at most ...
    last_sight_s:     ... this time, whose pose changed too much to be compared.
    looks_sd:         difference of looks that one person shows from sight to sight, 0 to 1.
    looks_same:       people whose looks differ by less are recognised, 0 to 1.
    looks_lost:       people out of sight whose looks differ by more are not taken for those at their place, 0 to 1.
    looks_other:      people whose pose and looks both changed more than this are others, 0 to 1.
    looks_never:      nobody's looks change by more from frame to frame, 0 to 1.
    recognise_s:      how long an id waits for the looks to tell whether this person was here before.
    duplicate_oks:    two poses whose joints coincide more than this are one person found twice, 0 to 1.
    max_speed:        heights per second that no person exceeds.
    accel_noise:      how fast velocity drifts, heights / s^1.5 (spectral density of the acceleration, square root).
    position_noise:   jitter of a detected body, heights.
    limb_speed:       how fast limbs move relative to the body, heights per second.
    steady_sides:     undo short exchanges of left and right in recordings; `raw` keeps them as they were seen.
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
    patience_s: float = 0.25
    unsure_s: float = 0.25
    max_age_s: float = 1.5
    memory_s: float = 10.0
    max_remembered: int = 200
    min_oks: float = 0.2
    min_overlap: float = 0.1
    last_sight_iou: float = 0.3
    last_sight_s: float = 0.5
    looks_sd: float = 0.1
    looks_same: float = 0.13
    looks_lost: float = 0.2
    looks_other: float = 0.25
    looks_never: float = 0.5
    recognise_s: float = 0.25
    duplicate_oks: float = 0.5
    max_speed: float = 6.0
    accel_noise: float = 1.0
    position_noise: float = 0.01
    limb_speed: float = 0.5
    steady_sides: bool = True
    emit_predicted: bool = False
    smooth: bool = False
    smooth_cutoff_hz: float = 1.5
    smooth_beta: float = 8.0

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not math.isfinite(value) or value < 0:
                raise SettingsError(
                    "The tracker setting {field} must be a number from 0 up, not {value}.",
                    field=field.name,
                    value=value,
                )
        for name in _SHARES:
            if getattr(self, name) > 1:
                raise SettingsError(
                    "The tracker setting {name} must lie between 0 and 1, not {value}.",
                    name=name,
                    value=getattr(self, name),
                )
        for name in ("position_noise", "smooth_cutoff_hz", "looks_sd", "unsure_s"):
            if getattr(self, name) == 0:
                raise SettingsError("The tracker setting {name} must be more than 0.", name=name)
        if self.track_low_thr > self.track_high_thr:
            raise SettingsError("The tracker setting track_low_thr must not exceed track_high_thr.")
        if self.min_hits < 1:
            raise SettingsError("The tracker setting min_hits must be at least 1.")
