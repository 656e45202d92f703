"""How good a tracking is: MOTA and switches (CLEAR MOT), IDF1, HOTA.

All work on identities and a similarity per frame, so boxes (IoU) and poses (OKS) are scored alike. Letters: G true
people, P found people of one frame.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pose.skeleton import Skeleton
from pose.types import Poses

Float64 = NDArray[np.float64]
Ids = NDArray[np.int64]

_ALPHAS = np.arange(1, 20) * 0.05
_EPSILON = np.finfo(np.float64).eps


class FramePair(NamedTuple):
    """One frame: true_ids (G,), found_ids (P,), each without repeats; similarity (G, P) in [0, 1]."""

    true_ids: Ids
    found_ids: Ids
    similarity: Float64


@dataclass(frozen=True, slots=True)
class TrackingScores:
    """Shares in [0, 1] (mota may be negative; NaN where nothing is to be scored) and counts.

    mota, motp, switches, misses, false_positives: CLEAR MOT (Bernardin and Stiefelhagen, 2008); motp is the mean
    similarity of matches. fragmentations: how often somebody is missed between two matches (a stretch counts once).
    idf1: Ristani et al., ECCV workshops 2016. hota, deta, assa: Luiten et al., IJCV 2021, mean over the thresholds
    0.05 to 0.95.
    """

    mota: float
    motp: float
    idf1: float
    hota: float
    deta: float
    assa: float
    switches: int
    fragmentations: int
    misses: int
    false_positives: int
    true_people: int
    found_people: int
    true_identities: int
    found_identities: int


def score_tracking(frames: Iterable[FramePair], threshold: float = 0.5) -> TrackingScores:
    """Scores of a sequence; `threshold` is the least similarity of a match, except in HOTA, which takes all."""
    pairs = list(frames)
    matches, switches, fragmentations, similarity = _clear(pairs, threshold)
    true_total = sum(len(p.true_ids) for p in pairs)
    found_total = sum(len(p.found_ids) for p in pairs)
    misses, false_positives = true_total - matches, found_total - matches
    hota, deta, assa = _hota(pairs)
    return TrackingScores(
        mota=1 - _ratio(misses + false_positives + switches, true_total),
        motp=_ratio(similarity, matches),
        idf1=_ratio(2 * _identity_matches(pairs, threshold), true_total + found_total),
        hota=hota,
        deta=deta,
        assa=assa,
        switches=switches,
        fragmentations=fragmentations,
        misses=misses,
        false_positives=false_positives,
        true_people=true_total,
        found_people=found_total,
        true_identities=len({int(i) for p in pairs for i in p.true_ids}),
        found_identities=len({int(i) for p in pairs for i in p.found_ids}),
    )


def iou_matrix(a_xyxy: NDArray[np.floating], b_xyxy: NDArray[np.floating]) -> Float64:
    """Intersection over union (G, P) of boxes (G, 4) and (P, 4); 0 where a box is empty or missing (NaN)."""
    a, b = a_xyxy.astype(np.float64)[:, None], b_xyxy.astype(np.float64)[None]
    size = np.maximum(np.minimum(a[..., 2:], b[..., 2:]) - np.maximum(a[..., :2], b[..., :2]), 0.0)
    inter = size.prod(axis=-1)
    union = (a[..., 2:] - a[..., :2]).prod(axis=-1) + (b[..., 2:] - b[..., :2]).prod(axis=-1) - inter
    return np.divide(inter, union, out=np.zeros_like(inter), where=union > 0)


def oks_matrix(true: Poses, areas_px2: Float64, found: Poses, skeleton: Skeleton) -> Float64:
    """Object Keypoint Similarity (G, P) over the joints that are labelled in `true`; a joint not found scores 0.

    areas_px2: (G,) areas of the ground-truth people, by the convention of the data set.
    """
    return oks_of_joints(true.keypoints, areas_px2, found.keypoints, skeleton.sigmas)


def oks_of_joints(
    true: NDArray[np.floating], areas_px2: Float64, found: NDArray[np.floating], sigmas: NDArray[np.floating]
) -> Float64:
    """The same of any joints: true (G, K, 2), found (P, K, 2), NaN = not labelled or not found; sigmas (K,)."""
    delta = true.astype(np.float64)[:, None] - found.astype(np.float64)[None]
    tolerance = areas_px2[:, None, None] * (2 * sigmas.astype(np.float64)) ** 2
    bell = np.exp(-np.einsum("gpkc,gpkc->gpk", delta, delta) / (2 * tolerance))
    labelled = np.isfinite(true[..., 0]).sum(axis=1)[:, None]
    total = np.where(np.isfinite(bell), bell, 0.0).sum(axis=2)
    return np.divide(total, labelled, out=np.zeros_like(total), where=labelled > 0)


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")


def _clear(pairs: list[FramePair], threshold: float) -> tuple[int, int, int, float]:
    """Numbers of matches, switches and fragmentations, total similarity of matches. Earlier matches are kept where
    possible."""
    from scipy.optimize import linear_sum_assignment

    last: dict[int, int] = {}
    missed: set[int] = set()  # since their last match
    matches = switches = fragmentations = 0
    total = 0.0
    for true_ids, found_ids, similarity in pairs:
        place = {int(f): j for j, f in enumerate(found_ids)}
        open_pairs = similarity >= threshold
        chosen: list[tuple[int, int]] = []
        for i, person in enumerate(true_ids.tolist()):
            j = place.get(last.get(person, 0))
            if j is not None and person in last and open_pairs[i, j]:
                chosen.append((i, j))
                open_pairs[i] = open_pairs[:, j] = False
        # As many matches as possible first, then the most similar.
        rows, cols = linear_sum_assignment(np.where(open_pairs, similarity + len(true_ids) + 1, 0.0), maximize=True)
        chosen += [(int(i), int(j)) for i, j in zip(rows, cols, strict=True) if open_pairs[i, j]]
        for i, j in chosen:
            person, found = int(true_ids[i]), int(found_ids[j])
            switches += person in last and last[person] != found
            fragmentations += person in missed
            missed.discard(person)
            last[person] = found
            total += similarity[i, j]
        matches += len(chosen)
        seen = {int(true_ids[i]) for i, _ in chosen}
        missed |= {person for person in true_ids.tolist() if person in last and person not in seen}
    return matches, switches, fragmentations, float(total)


def _index(pairs: list[FramePair]) -> tuple[list[tuple[NDArray[np.intp], NDArray[np.intp]]], Float64, Float64]:
    """Per frame the rows and columns of its people among all identities; frames in which each identity exists."""
    true_all = np.unique(np.concatenate([p.true_ids for p in pairs] or [np.empty(0, np.int64)]))
    found_all = np.unique(np.concatenate([p.found_ids for p in pairs] or [np.empty(0, np.int64)]))
    places = [(np.searchsorted(true_all, p.true_ids), np.searchsorted(found_all, p.found_ids)) for p in pairs]
    true_count, found_count = np.zeros(len(true_all)), np.zeros(len(found_all))
    for rows, cols in places:
        true_count[rows] += 1
        found_count[cols] += 1
    return places, true_count, found_count


def _identity_matches(pairs: list[FramePair], threshold: float) -> int:
    """Frames explained by the best one-to-one assignment of whole trajectories."""
    from scipy.optimize import linear_sum_assignment

    places, true_count, found_count = _index(pairs)
    together = np.zeros((len(true_count), len(found_count)))
    for (rows, cols), pair in zip(places, pairs, strict=True):
        together[np.ix_(rows, cols)] += pair.similarity >= threshold
    return int(together[linear_sum_assignment(together, maximize=True)].sum())


def _hota(pairs: list[FramePair]) -> tuple[float, float, float]:
    """HOTA, DetA, AssA. Within a frame, people are matched by similarity times how well their trajectories agree."""
    from scipy.optimize import linear_sum_assignment

    places, true_count, found_count = _index(pairs)
    agreement = np.zeros((len(true_count), len(found_count)))
    for (rows, cols), pair in zip(places, pairs, strict=True):
        s = pair.similarity
        rest = s.sum(axis=0, keepdims=True) + s.sum(axis=1, keepdims=True) - s
        agreement[np.ix_(rows, cols)] += np.divide(s, rest, out=np.zeros_like(s), where=rest > _EPSILON)
    alignment = agreement / np.maximum(true_count[:, None] + found_count[None] - agreement, _EPSILON)

    together = np.zeros((len(_ALPHAS), *alignment.shape))
    for (rows, cols), pair in zip(places, pairs, strict=True):
        i, j = linear_sum_assignment(alignment[np.ix_(rows, cols)] * pair.similarity, maximize=True)
        together[:, rows[i], cols[j]] += pair.similarity[i, j] >= _ALPHAS[:, None] - _EPSILON
    matched = together.sum(axis=(1, 2))
    whole = true_count.sum() + found_count.sum() - matched
    if not whole.any():
        return float("nan"), float("nan"), float("nan")
    deta = matched / np.maximum(whole, 1)
    shared = together / np.maximum(true_count[:, None] + found_count[None] - together, 1)
    assa = (together * shared).sum(axis=(1, 2)) / np.maximum(matched, 1)
    return float(np.sqrt(deta * assa).mean()), float(deta.mean()), float(assa.mean())
