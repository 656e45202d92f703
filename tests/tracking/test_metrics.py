"""Scores agree with py-motmetrics and with a plain transcription of HOTA's definition."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from pose.skeleton import CROWDPOSE14
from pose.types import Poses
from tests.readers import reader
from tests.tracking.walkers import Walker, detections
from tracking.metrics import FramePair, iou_matrix, oks_matrix, score_tracking


def random_sequence(seed, frames=40, people=6):
    """Found people follow true ones, with misses, false ones and exchanged identities."""
    rng = np.random.default_rng(seed)
    names = np.arange(1, people + 1)
    pairs = []
    for _ in range(frames):
        if rng.random() < 0.15:
            i, j = rng.integers(0, people, 2)
            names[[i, j]] = names[[j, i]]
        if rng.random() < 0.1:
            names[rng.integers(people)] = names.max() + 1
        true = np.flatnonzero(rng.random(people) < 0.8)
        kept = np.flatnonzero(rng.random(people) < 0.8)
        found = np.concatenate([names[kept], [900 + int(rng.integers(3))] if rng.random() < 0.3 else []]).astype(int)
        similarity = rng.random((len(true), len(found))) * 0.6
        for a, t in enumerate(true):
            for b, k in enumerate(kept):
                if t == k:
                    similarity[a, b] = rng.uniform(0.3, 1)
        order = rng.permutation(len(found))
        pairs.append(FramePair(true + 1, found[order], similarity[:, order]))
    return pairs


@pytest.mark.parametrize("seed", range(12))
def test_clear_and_identity_scores_equal_those_of_py_motmetrics(seed):
    motmetrics = reader("motmetrics")
    pairs = random_sequence(seed)
    accumulator = motmetrics.MOTAccumulator(auto_id=True)
    for p in pairs:
        accumulator.update(p.true_ids, p.found_ids, np.where(p.similarity >= 0.5, 1 - p.similarity, np.nan))
    names = ["mota", "motp", "idf1", "num_switches", "num_misses", "num_false_positives", "num_objects"]
    names += ["num_fragmentations", "num_unique_objects"]
    theirs = motmetrics.metrics.create().compute(accumulator, metrics=names).iloc[0]
    ours = score_tracking(pairs)
    assert ours.switches > 0
    assert (ours.switches, ours.misses, ours.false_positives, ours.true_people) == tuple(
        theirs[["num_switches", "num_misses", "num_false_positives", "num_objects"]].astype(int)
    )
    assert ours.fragmentations == theirs["num_fragmentations"] > 0
    assert ours.true_identities == theirs["num_unique_objects"]
    assert ours.mota == pytest.approx(theirs["mota"])
    assert ours.motp == pytest.approx(1 - theirs["motp"])
    assert ours.idf1 == pytest.approx(theirs["idf1"])


@pytest.mark.parametrize("seed", range(4))
def test_scores_equal_those_of_trackeval(seed):
    """But CLEAR MOT, for which it keeps matches from the frame just before only, and py-motmetrics from any."""
    trackeval = reader("trackeval")
    pairs = random_sequence(seed)
    names = {k: {n: i for i, n in enumerate(sorted({int(x) for p in pairs for x in p[k]}))} for k in (0, 1)}
    ids = [[np.array([names[k][int(x)] for x in p[k]], int) for p in pairs] for k in (0, 1)]
    data = {
        "num_timesteps": len(pairs), "gt_ids": ids[0], "tracker_ids": ids[1],
        "similarity_scores": [p.similarity for p in pairs],
        "num_gt_ids": len(names[0]), "num_tracker_ids": len(names[1]),
        "num_gt_dets": sum(map(len, ids[0])), "num_tracker_dets": sum(map(len, ids[1])),
    }  # fmt: skip
    hota = trackeval.metrics.HOTA().eval_sequence(data)
    identity = trackeval.metrics.Identity().eval_sequence(data)
    ours = score_tracking(pairs)
    assert [ours.hota, ours.deta, ours.assa] == pytest.approx([hota[k].mean() for k in ("HOTA", "DetA", "AssA")])
    assert ours.idf1 == pytest.approx(identity["IDF1"])


def plain_hota(pairs):
    """The definition, word by word, with dictionaries and loops."""
    agreement, true_count, found_count = {}, {}, {}
    for true, found, s in pairs:
        for i, t in enumerate(true):
            true_count[t] = true_count.get(t, 0) + 1
            for j, f in enumerate(found):
                rest = s[i].sum() + s[:, j].sum() - s[i, j]
                agreement[t, f] = agreement.get((t, f), 0) + (s[i, j] / rest if rest > 0 else 0)
        for f in found:
            found_count[f] = found_count.get(f, 0) + 1
    totals = []
    for alpha in np.arange(0.05, 0.99, 0.05):
        together, tp, fn, fp = {}, 0, 0, 0
        for true, found, s in pairs:
            global_score = np.zeros(s.shape)
            for i, t in enumerate(true):
                for j, f in enumerate(found):
                    a = agreement[t, f]
                    global_score[i, j] = a / (true_count[t] + found_count[f] - a)
            hits = 0
            for i, j in zip(*linear_sum_assignment(-(global_score * s)), strict=True):
                if s[i, j] >= alpha - 1e-12:
                    hits += 1
                    together[true[i], found[j]] = together.get((true[i], found[j]), 0) + 1
            tp, fn, fp = tp + hits, fn + len(true) - hits, fp + len(found) - hits
        det = tp / (tp + fn + fp)
        ass = sum(c * c / (true_count[t] + found_count[f] - c) for (t, f), c in together.items()) / max(tp, 1)
        totals.append((math.sqrt(det * ass), det, ass))
    return np.mean(totals, axis=0)


@pytest.mark.parametrize("seed", range(6))
def test_hota_equals_its_plain_definition(seed):
    pairs = random_sequence(seed)
    ours = score_tracking(pairs)
    assert (ours.hota, ours.deta, ours.assa) == pytest.approx(tuple(plain_hota(pairs)))


def test_perfect_tracking_scores_one():
    pairs = [FramePair(np.array([1, 2]), np.array([8, 5]), np.eye(2)) for _ in range(5)]
    ours = score_tracking(pairs)
    assert (ours.mota, ours.motp, ours.idf1, ours.hota, ours.switches) == (1, 1, 1, 1, 0)


def test_an_exchange_of_two_identities_is_two_switches():
    frames = [FramePair(np.array([1, 2]), np.array(found), np.eye(2)) for found in [[1, 2]] * 3 + [[2, 1]] * 3]
    assert score_tracking(frames).switches == 2


def test_nothing_to_score_is_not_a_number():
    empty = FramePair(np.empty(0, int), np.empty(0, int), np.empty((0, 0)))
    for pairs in ([], [empty]):
        ours = score_tracking(pairs)
        assert all(math.isnan(v) for v in (ours.mota, ours.motp, ours.idf1, ours.hota))


def test_only_false_people_is_the_worst():
    ours = score_tracking([FramePair(np.array([1]), np.array([3]), np.zeros((1, 1)))])
    assert (ours.mota, ours.idf1, ours.hota) == (-1, 0, 0)


def test_iou_of_known_boxes():
    boxes = np.array([[0, 0, 2, 2], [1, 1, 3, 3], [5, 5, 5, 5]], float)
    assert iou_matrix(boxes, boxes) == pytest.approx(np.array([[1, 1 / 7, 0], [1 / 7, 1, 0], [0, 0, 0]]))


def test_iou_is_the_share_of_the_pixels_of_both():
    rng = np.random.default_rng(0)
    corners = rng.integers(0, 12, (2, 8, 2, 2))
    boxes = np.concatenate([corners.min(axis=2), corners.max(axis=2) + 1], axis=2)
    masks = np.zeros((2, 8, 14, 14), bool)
    for side in (0, 1):
        for n, (x0, y0, x1, y1) in enumerate(boxes[side]):
            masks[side, n, y0:y1, x0:x1] = True
    one, other = masks[0][:, None], masks[1][None]
    shares = (one & other).sum(axis=(2, 3)) / (one | other).sum(axis=(2, 3))
    assert iou_matrix(*boxes) == pytest.approx(shares)


def test_oks_is_one_for_equal_poses_and_counts_joints_not_found_as_wrong():
    whole = detections([Walker(100).keypoints(0)])
    half = Poses(
        np.where(np.arange(14)[None, :, None] < 7, whole.keypoints, np.nan).astype(np.float32),
        whole.scores,
        whole.confidence,
    )
    area = np.array([8000.0])
    assert oks_matrix(whole, area, whole, CROWDPOSE14)[0, 0] == pytest.approx(1)
    assert oks_matrix(whole, area, half, CROWDPOSE14)[0, 0] == pytest.approx(0.5)
    assert oks_matrix(half, area, whole, CROWDPOSE14)[0, 0] == pytest.approx(1)


@pytest.mark.parametrize("seed", range(5))
def test_as_many_people_as_possible_are_matched_before_the_most_similar(seed):
    rng = np.random.default_rng(seed)
    for _ in range(40):
        pair = FramePair(np.arange(4), np.arange(3), rng.random((4, 3)))
        most = linear_sum_assignment(pair.similarity >= 0.5, maximize=True)
        scores = score_tracking([pair])
        assert scores.true_people - scores.misses == (pair.similarity >= 0.5)[most].sum()


def test_a_pair_that_fits_well_does_not_leave_two_others_alone():
    scores = score_tracking([FramePair(np.array([1, 2]), np.array([1, 2]), np.array([[1.0, 0.5], [0.5, 0.0]]))])
    assert (scores.misses, scores.false_positives, scores.motp) == (0, 0, 0.5)
