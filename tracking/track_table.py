"""The people followed through time, all in one table: where the bodies are, what the poses are, how sure all of it is.

Letters: N tracks, K keypoints, R of the tracks, D numbers of a colour signature.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tracking import motion
from tracking.appearance import SIGNATURE_SIZE, blend
from tracking.cost import Bodies, median_of_known
from tracking.motion import Motion
from tracking.settings import TrackerSettings

Float64 = NDArray[np.float64]
Indices = NDArray[np.intp]

# Single height estimates waver with the pose, people do not: an estimate counts like the time since the last one
# against this time.
_HEIGHT_MEMORY_S = 0.3
# Looks change with light and side over seconds; a single sight never overrules those before it.
_LOOKS_MEMORY_S, _LOOKS_GAIN = 0.5, 0.2
_FIRST_SIGHTS = 5  # their looks count alike


class TrackTable:
    """N tracks as columns of one structured array `rows`; every step is taken for all of them at once.

    id:             0 until the track is confirmed.
    serial:         its own number, never used again, from the first sight on.
    hits:           frames in which it was seen.
    alive_s:        time since the first sight.
    unseen_s:       time since the last sight.
    missed_s:       time from the last sight to the last frame in which it was not seen: 0 if it was seen in the frame
                    before, however long ago that was.
    sureness:       how sure it was of late that this is a person, 0 to 1.
    height_px, confidence, box_xyxy: of the last sights.
    position_px, velocity_px_s, covariance: see motion.Motion; `offsets_px` (K, 2) lead from there to the joints.
    scores, joint_ages_s: (K,) of the last sight of each joint, and how long ago that was.
    looks:          (D,) mean colour signature, NaN where unknown.

    A joint that is hidden keeps its last place on the body, so a person of whom now the upper and now the lower half
    shows is still compared joint by joint.
    """

    def __init__(self, num_keypoints: int, settings: TrackerSettings) -> None:
        k = num_keypoints
        dtype = np.dtype(
            [
                ("id", np.int64), ("serial", np.int64), ("hits", np.int64),
                ("alive_s", np.float64), ("unseen_s", np.float64), ("missed_s", np.float64), ("sureness", np.float64),
                ("height_px", np.float64), ("confidence", np.float64), ("box_xyxy", np.float64, 4),
                ("position_px", np.float64, 2), ("velocity_px_s", np.float64, 2), ("covariance", np.float64, 3),
                ("offsets_px", np.float64, (k, 2)), ("scores", np.float64, k), ("joint_ages_s", np.float64, k),
                ("looks", np.float32, SIGNATURE_SIZE),
            ]
        )  # fmt: skip
        self.settings = settings
        self._serial = 0
        self.rows = np.zeros(0, dtype)

    def __len__(self) -> int:
        return len(self.rows)

    def keep(self, wanted: NDArray[np.bool_]) -> None:
        """Forget the other tracks; those that stay move up."""
        if not wanted.all():
            self.rows = self.rows[wanted]

    @property
    def keypoints(self) -> Float64:
        """(N, K, 2) pixels at the present time, NaN = never seen."""
        return self.rows["position_px"][:, None] + self.rows["offsets_px"]

    def bodies(self) -> Bodies:
        """The predicted people."""
        limbs_px = self.settings.limb_speed * self.rows["height_px"][:, None] * self.rows["joint_ages_s"]
        return Bodies(
            keypoints=self.keypoints,
            weights=self.rows["scores"],
            heights_px=self.rows["height_px"],
            variances_px2=self.rows["covariance"][:, :1] + limbs_px**2,
            ages_s=self.rows["unseen_s"],
        )

    def advance(self, dt_s: float, pause_s: float) -> None:
        """Move everybody on by dt_s ≥ 0 seconds, of which pause_s are a pause of the source."""
        for column in ("alive_s", "unseen_s"):
            self.rows[column] += dt_s
        self.rows["joint_ages_s"] += dt_s
        self.rows["missed_s"] += pause_s
        self._store(slice(None), motion.predict(self._motion(slice(None)), dt_s, self.rows["height_px"], self.settings))

    def observe(self, which: Indices, found: Bodies, confidence: Float64, looks: NDArray[np.float32]) -> None:
        """Take in the poses that were found for R tracks in the present frame. looks: (R, D), NaN = unknown."""
        if not len(which):
            return
        rows = self.rows[which]
        seen = np.isfinite(found.keypoints[..., 0])
        shift = found.keypoints - (rows["position_px"][:, None] + rows["offsets_px"])
        # The middle joint moves with the body, whatever single limbs do or a neighbour's joint pretends.
        moved, shared = median_of_known(shift)
        strangers = np.flatnonzero(shared == 0)
        for i in strangers:  # not a joint in common with what was seen before
            middle = found.keypoints[i][seen[i]].mean(axis=0)
            moved[i] = middle - rows["position_px"][i] - np.nanmean(rows["offsets_px"][i], axis=0)
        before = Motion(rows["position_px"], rows["velocity_px_s"], rows["covariance"])
        after = motion.correct(before, rows["position_px"] + moved, rows["height_px"], self.settings)
        rows["position_px"], rows["velocity_px_s"], rows["covariance"] = after
        # Joints that are hidden now move along with the body.
        rows["offsets_px"] = np.where(
            seen[..., None], found.keypoints - rows["position_px"][:, None], rows["offsets_px"]
        )
        rows["scores"] = np.where(seen, found.weights, rows["scores"])
        rows["joint_ages_s"][seen] = 0.0
        gain = 1 - np.exp(-rows["unseen_s"] / _HEIGHT_MEMORY_S)
        rows["height_px"] += gain * (found.heights_px - rows["height_px"])
        rows["sureness"] += (1 - np.exp(-rows["unseen_s"] / self.settings.unsure_s)) * (confidence - rows["sureness"])
        rows["hits"] += 1
        trust = np.minimum(rows["unseen_s"] / _LOOKS_MEMORY_S, _LOOKS_GAIN)
        trust = np.where(rows["hits"] <= _FIRST_SIGHTS, 1 / rows["hits"], trust)
        if np.isfinite(looks).any():
            rows["looks"] = blend(rows["looks"], looks, trust)
        rows["confidence"] = confidence
        rows["box_xyxy"] = found.boxes_xyxy
        rows["unseen_s"] = rows["missed_s"] = 0.0
        self.rows[which] = rows

    def begin(self, found: Bodies, confidence: Float64, looks: NDArray[np.float32]) -> Indices:
        """New tracks for R poses; their rows."""
        rows = np.zeros(len(found), self.rows.dtype)
        rows["serial"] = self._serial + 1 + np.arange(len(found))
        self._serial += len(found)
        rows["hits"] = 1
        rows["height_px"], rows["box_xyxy"] = found.heights_px, found.boxes_xyxy
        rows["confidence"] = rows["sureness"] = confidence
        middle = np.nanmean(found.keypoints, axis=1)
        start = motion.at_first_sight(middle, found.heights_px, self.settings)
        rows["position_px"], rows["velocity_px_s"], rows["covariance"] = start
        rows["offsets_px"] = found.keypoints - middle[:, None]
        rows["scores"], rows["looks"] = found.weights, looks
        self.rows = np.concatenate([self.rows, rows])
        return np.arange(len(self.rows) - len(rows), len(self.rows))

    def _motion(self, which: slice) -> Motion:
        rows = self.rows[which]
        return Motion(rows["position_px"], rows["velocity_px_s"], rows["covariance"])

    def _store(self, which: slice, state: Motion) -> None:
        rows = self.rows[which]
        rows["position_px"], rows["velocity_px_s"], rows["covariance"] = state
