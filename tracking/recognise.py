"""Who is it? People who come into sight, compared with those who are out of sight.

All evidence is in natural logarithms of odds: how much more likely the two sights are of one person than of two.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracking.appearance import looks_distance
from tracking.assign import assign

Float64 = NDArray[np.float64]

# Differences of looks, measured on a street and on rendered people: those of one person fall off exponentially, those
# of two people lie around a mean.
_SAME_SCALE = 0.07
_OTHER_MEAN, _OTHER_SD = 0.38, 0.15
_LOG_HEIGHT_SD = 0.4  # people come nearer or go farther while out of sight
_START, _WALK = 0.7, 1.2  # heights, heights per second: how far people get while out of sight, standard deviations
_RETURN = 1.6  # odds that somebody who comes into sight is one of those who went out of it
_CLEAR = 1.5  # evidence that needs no second look
_IMPOSSIBLE = -99.0
_HOPELESS = -3.0  # evidence that no second look will mend


class Verdict(NamedTuple):
    """id: of the person recognised, 0 = nobody. wait: another look may decide."""

    id: int
    wait: bool


def looks_evidence(difference: NDArray[np.floating]) -> Float64:
    """Evidence of differences of looks (see looks_distance); 0 where unknown."""
    d = np.nan_to_num(difference.astype(np.float64), nan=np.nan)
    same = -d / _SAME_SCALE - np.log(_SAME_SCALE)
    other = -0.5 * ((d - _OTHER_MEAN) / _OTHER_SD) ** 2 - np.log(_OTHER_SD * np.sqrt(2 * np.pi))
    return np.nan_to_num(same - other, nan=0.0)


def evidence(new: NDArray[np.void], lost: NDArray[np.void]) -> tuple[Float64, NDArray[np.bool_]]:
    """(R, L) for rows of a TrackTable, and whether their looks can be compared at all."""
    looks = looks_distance(new["looks"], lost["looks"])
    size = np.log(new["height_px"][:, None] / lost["height_px"][None]) / _LOG_HEIGHT_SD
    middle, last = (_middle(rows["box_xyxy"]) for rows in (new, lost))
    height = np.sqrt(new["height_px"][:, None] * lost["height_px"][None])
    moved = np.hypot(*np.moveaxis(middle[:, None] - last[None], -1, 0)) / height
    moved = moved / (_START + _WALK * lost["unseen_s"])
    return looks_evidence(looks) - 0.5 * size**2 - 0.5 * moved**2, np.isfinite(looks)


def recognise(new: NDArray[np.void], lost: NDArray[np.void], final: NDArray[np.bool_]) -> list[Verdict]:
    """For each new track who of the lost ones it is (rows of a TrackTable); nobody is taken for two.

    final: (R,) where no further look can be waited for.
    """
    if not len(lost) or not len(new):
        return [Verdict(0, False)] * len(new)
    score, known = evidence(new, lost)
    score = score + np.log(_RETURN / len(lost))
    together = new["alive_s"][:, None] > lost["unseen_s"][None] + 1e-9
    score[together] = _IMPOSSIBLE  # two who were seen beside each other
    # Of two who fit alike, nobody is recognised: evidence counts by how much it exceeds that for anybody else.
    excess = score.copy()
    for axis in (0, 1):
        if score.shape[axis] > 1:
            ordered = np.sort(score, axis=axis)
            best, second = np.take(ordered, [-1], axis=axis), np.take(ordered, [-2], axis=axis)
            excess = np.minimum(excess, score - np.where(score == best, second, best))
    sure = known & (score > np.where(final, 0.0, _CLEAR)[:, None]) & (excess > 0)
    rows, cols = assign(np.where(sure, score, 0.0), sure)
    ids = np.zeros(len(new), np.int64)
    ids[rows] = lost["id"][cols]
    recognisable = np.isfinite(lost["looks"]).any(axis=1) & ~np.isin(lost["id"], ids)
    open_ = ((score > _HOPELESS) & recognisable[None]).any(axis=1)
    return [Verdict(int(i), bool(not i and w and not f)) for i, w, f in zip(ids, open_, final, strict=True)]


def _middle(boxes_xyxy: Float64) -> Float64:
    return (boxes_xyxy[:, :2] + boxes_xyxy[:, 2:]) / 2
