"""Who comes into sight: evidence against the same written plainly, and what is made of it."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.tracking.test_track_table import UNKNOWN, body, looks_of
from tests.tracking.walkers import Walker
from tracking.appearance import blend, looks_distance
from tracking.recognise import Verdict, evidence, looks_evidence, recognise
from tracking.settings import TrackerSettings
from tracking.track_table import TrackTable


def rows_of(*people):
    """Rows of a table: (place, height, looks, alive_s, unseen_s, id)."""
    table = TrackTable(14, TrackerSettings())
    for x, height, looks, alive_s, unseen_s, number in people:
        (i,) = table.begin(body(Walker(x, height=height).keypoints(0)), np.array([0.7]), looks)
        for name, value in (("alive_s", alive_s), ("unseen_s", unseen_s), ("id", number)):
            table.rows[name][i] = value
    return table.rows


def like(seed, other, share):
    return blend(looks_of(seed), looks_of(other), np.array([share]))


def plain_evidence(new, lost):
    total = 0.0
    difference = float(looks_distance(new["looks"][None], lost["looks"][None])[0, 0])
    if not math.isnan(difference):
        same = math.exp(-difference / 0.07) / 0.07
        other = math.exp(-0.5 * ((difference - 0.38) / 0.15) ** 2) / (0.15 * math.sqrt(2 * math.pi))
        total += math.log(same / other)
    size = math.log(new["height_px"] / lost["height_px"]) / 0.4
    middle = [(row["box_xyxy"][:2] + row["box_xyxy"][2:]) / 2 for row in (new, lost)]
    heights = math.dist(*middle) / math.sqrt(new["height_px"] * lost["height_px"])
    return total - 0.5 * size**2 - 0.5 * (heights / (0.7 + 1.2 * lost["unseen_s"])) ** 2


def test_evidence_is_of_looks_size_and_place():
    new = rows_of((300, 200, looks_of(1), 0, 0, 0), (500, 90, UNKNOWN, 0, 0, 0), (640, 150, like(1, 2, 0.5), 0, 0, 0))
    lost = rows_of((320, 190, looks_of(1), 9, 1, 4), (100, 200, looks_of(2), 9, 3, 5))
    score, known = evidence(new, lost)
    assert known.tolist() == [[True, True], [False, False], [True, True]]
    wanted = [[plain_evidence(a, b) for b in lost] for a in new]
    np.testing.assert_allclose(score, wanted, rtol=1e-4, atol=1e-4)
    assert looks_evidence(np.array([np.nan])).tolist() == [0.0]


def test_who_looks_the_same_is_recognised_and_others_are_new():
    lost = rows_of((100, 200, looks_of(1), 9, 1, 4), (700, 200, looks_of(2), 9, 1, 5))
    new = rows_of((690, 200, looks_of(2), 0.2, 0, 0), (110, 200, looks_of(3), 0.2, 0, 0))
    verdicts = recognise(new, lost, np.array([False, False]))
    assert verdicts[0] == Verdict(5, False) and verdicts[1].id == 0
    assert recognise(new, lost[:0], np.array([False, False])) == [Verdict(0, False)] * 2
    assert recognise(new[:0], lost, np.zeros(0, bool)) == []


@pytest.mark.parametrize(("alive_s", "unseen_s", "number"), [(0.5, 0.5, 4), (0.6, 0.5, 0)])
def test_two_who_were_seen_beside_each_other_are_two(alive_s, unseen_s, number):
    lost = rows_of((100, 200, looks_of(1), 9, unseen_s, 4))
    new = rows_of((100, 200, looks_of(1), alive_s, 0, 0))
    assert recognise(new, lost, np.array([True]))[0] == Verdict(number, False)


@pytest.mark.parametrize("twins", ["lost", "new"])
def test_of_two_who_fit_alike_nobody_is_recognised(twins):
    one, two = [(100, 200, looks_of(1), 9, 1, 4)], [(100, 200, looks_of(1), 9, 1, 4), (100, 200, looks_of(1), 9, 1, 5)]
    lost = rows_of(*(two if twins == "lost" else one))
    new = rows_of(*[(*person[:3], 0.1, 0, 0) for person in (one if twins == "lost" else two)])
    assert [v.id for v in recognise(new, lost, np.ones(len(new), bool))] == [0] * len(new)


def test_a_better_fit_goes_first_and_nobody_is_taken_for_two():
    lost = rows_of((100, 200, looks_of(1), 9, 1, 4))
    new = rows_of((120, 200, like(1, 2, 0.15), 0.1, 0, 0), (120, 200, looks_of(1), 0.1, 0, 0))
    assert [v.id for v in recognise(new, lost, np.ones(2, bool))] == [0, 4]


def test_who_may_be_somebody_waits_unless_nothing_more_is_to_come():
    """Weak evidence: about as different as two sights of one person can be."""
    lost = rows_of((100, 200, looks_of(1), 9, 1, 4))
    shares = np.linspace(0, 1, 101)
    new = rows_of(*[(100, 200, like(1, 2, s), 0.1, 0, 0) for s in shares])
    found = [recognise(new[i : i + 1], lost, np.array([False]))[0] for i in range(101)]
    final = [recognise(new[i : i + 1], lost, np.array([True]))[0] for i in range(101)]
    score = evidence(new, lost)[0][:, 0] + math.log(1.6)
    assert [v.id == 4 for v in found] == (score > 1.5).tolist(), "clear without another look"
    assert [v.wait for v in found] == ((score <= 1.5) & (score > -3)).tolist()
    assert [v.id == 4 for v in final] == (score > 0).tolist() and not any(v.wait for v in final)
    assert {v.wait for v in found} == {True, False}


def test_the_more_are_lost_the_less_likely_is_each():
    shares = np.linspace(0, 0.6, 61)
    new = rows_of(*[(100, 200, like(1, 2, s), 0.1, 0, 0) for s in shares])
    for others in (0, 3):
        far = [(3000 + 900 * n, 200, looks_of(5 + n), 9, 1, 10 + n) for n in range(others)]
        lost = rows_of((100, 200, looks_of(1), 9, 1, 4), *far)
        score = evidence(new, lost)[0][:, 0] + math.log(1.6 / (1 + others))
        found = [recognise(new[i : i + 1], lost, np.array([True]))[0].id == 4 for i in range(61)]
        assert found == (score > 0).tolist()


def test_nobody_waits_for_whom_looks_tell_nothing_of():
    new = rows_of((100, 200, looks_of(1), 0.1, 0, 0))
    assert recognise(new, rows_of((100, 200, UNKNOWN, 9, 1, 4)), np.array([False])) == [Verdict(0, False)]
    assert recognise(
        rows_of((100, 200, UNKNOWN, 0.1, 0, 0)), rows_of((100, 200, looks_of(1), 9, 1, 4)), np.array([False])
    ) == [Verdict(0, True)]
