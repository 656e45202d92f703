"""One person followed through time: where the body is, what the pose is, how sure all of it is."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pose.types import Poses
from tracking.cost import Bodies
from tracking.motion import BodyMotion, TimeStep
from tracking.settings import TrackerSettings
from tracking.smoothing import OneEuro

Float32 = NDArray[np.float32]
Float64 = NDArray[np.float64]

# Share of a new height estimate in a track's own: single estimates waver with the pose, people do not.
_HEIGHT_GAIN = 0.1
# Sights kept of a person without an id; whoever waits longer begins with the latest of them.
_MAX_SIGHTS = 32


class Sight(NamedTuple):
    """A pose (K, 2), (K,) as it was found in one frame, counted from the tracker's first."""

    frame: int
    keypoints: Float32
    scores: Float32
    confidence: float


class Track:
    """A body that moves by its Kalman filter and carries its last known pose along.

    id is 0 until the track is confirmed. A joint that is hidden keeps its last place on the body, so a person of whom
    now the upper and now the lower half shows is still compared joint by joint.
    """

    def __init__(
        self, keypoints: Float64, scores: Float64, confidence: float, height_px: float, settings: TrackerSettings
    ) -> None:
        self.id = 0
        self.hits = 1
        self.alive_s = 0.0
        self.time_since_update_s = 0.0
        self.height_px = height_px
        self.confidence = confidence
        self._smoother = OneEuro(len(keypoints), settings.smooth_cutoff_hz, settings.smooth_beta)
        self._settings = settings
        position = np.nanmean(keypoints, axis=0)
        self.motion = BodyMotion(position, height_px, settings)
        self._offsets = keypoints - position
        self._scores = scores.astype(np.float64)
        self._joint_ages_s = np.zeros(len(keypoints))
        self._sights: deque[Sight] = deque(maxlen=_MAX_SIGHTS)

    @property
    def keypoints(self) -> Float64:
        """(K, 2) pixels at the present time, NaN = never seen."""
        return self.motion.position_px + self._offsets

    @property
    def scores(self) -> Float64:
        """(K,) of the last sight of each joint."""
        return self._scores

    @property
    def variances_px2(self) -> Float64:
        """(K,) of the joints along one axis: the body's own and what the limbs did since they were last seen."""
        limbs_px = self._settings.limb_speed * self.height_px * self._joint_ages_s
        return self.motion.position_variance_px2 + limbs_px**2

    def advance(self, step: TimeStep) -> None:
        self.alive_s += step.dt_s
        self.time_since_update_s += step.dt_s
        self._joint_ages_s += step.dt_s
        self.motion.predict(step, self.height_px)

    def observe(self, keypoints: Float64, scores: Float64, confidence: float, height_px: float) -> None:
        """Take in the pose (K, 2), (K,) that was found for this person in the present frame."""
        seen = np.isfinite(keypoints[:, 0])
        shift = keypoints - self.keypoints
        shared = shift[np.isfinite(shift[:, 0])]
        if len(shared):
            # The middle joint moves with the body, whatever single limbs do or a neighbour's joint pretends.
            shared.sort(axis=0)
            moved = (shared[(len(shared) - 1) // 2] + shared[len(shared) // 2]) / 2
            measured = self.motion.position_px + moved
        else:
            measured = keypoints[seen].mean(axis=0) - np.nanmean(self._offsets, axis=0)
        self.motion.correct(measured, self.height_px)
        # Joints that are hidden now move along with the body.
        self._offsets[seen] = keypoints[seen] - self.motion.position_px
        self._scores[seen] = scores[seen]
        self._joint_ages_s[seen] = 0.0
        self.height_px += _HEIGHT_GAIN * (height_px - self.height_px)
        self.confidence = confidence
        self.hits += 1
        self.time_since_update_s = 0.0

    def remember(self, frame: int, keypoints: Float32, scores: Float32, confidence: float) -> None:
        """Keep a sight until it is clear whether this is a person."""
        self._sights.append(Sight(frame, keypoints, scores, confidence))

    def forget_sights(self) -> tuple[Sight, ...]:
        """The sights kept so far, oldest first; they are gone afterwards."""
        sights = tuple(self._sights)
        self._sights.clear()
        return sights

    def smooth(self, keypoints: Float32) -> Float64:
        """The pose (K, 2) observed in the present frame, smoothed; once per frame."""
        return self._smoother(keypoints.astype(np.float64), self.alive_s, self.height_px)


def as_bodies(tracks: Sequence[Track], num_keypoints: int) -> Bodies:
    """The predicted people of N tracks."""
    if not tracks:
        none = np.empty((0, num_keypoints))
        return Bodies(np.empty((0, num_keypoints, 2)), none, np.empty(0), none, np.empty(0))
    return Bodies(
        keypoints=np.stack([t.keypoints for t in tracks]),
        weights=np.stack([t.scores for t in tracks]),
        heights_px=np.array([t.height_px for t in tracks]),
        variances_px2=np.stack([t.variances_px2 for t in tracks]),
        ages_s=np.array([t.time_since_update_s for t in tracks]),
    )


def detected_bodies(poses: Poses, heights_px: Float64) -> Bodies:
    """The people of N detected poses."""
    n, k = poses.scores.shape
    return Bodies(
        keypoints=poses.keypoints.astype(np.float64),
        weights=poses.scores.astype(np.float64),
        heights_px=heights_px,
        variances_px2=np.zeros((n, k)),
        ages_s=np.zeros(n),
    )
