"""Candidates become people as the same written plainly says: every matching is tried, one joint after the other."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field

import numpy as np
import pytest

from pose.body import reach
from pose.grouping import Candidates, group
from pose.skeleton import COCO17, CROWDPOSE14, Skeleton
from tests.tracking.walkers import Walker

TAG_THR = 1.0


@dataclass
class Person:
    joints: dict[int, tuple[np.ndarray, float]] = field(default_factory=dict)
    tags: list[np.ndarray] = field(default_factory=list)
    height: float = 0.0


def plain_group(candidates: list[Candidates], skeleton: Skeleton) -> list[Person]:
    far, people = reach(skeleton), []
    for joint in skeleton.grouping_order:
        found = candidates[joint]
        count, pairs = len(found.scores), {}
        needed = {}
        for c, n in itertools.product(range(count), range(len(people))):
            person = people[n]
            distance = float(np.linalg.norm(found.tags[c] - np.mean(person.tags, axis=0)))
            needed[c, n] = max(math.dist(found.points[c], p) / far[joint, k] for k, (p, _) in person.joints.items())
            size = max(person.height, 24.0)
            largest = size * (2.5 if len(person.joints) >= 4 else 6.0)
            if distance < TAG_THR and (needed[c, n] <= largest or len(person.joints) < 2):
                larger = math.log(max(needed[c, n] / size, 1.0))
                pairs[c, n] = distance + 0.4 * larger - 0.3 * float(found.scores[c])
        best = best_matching(pairs, count)
        for c in range(count):
            if c in best:
                person = people[best[c]]
                person.height = max(person.height, needed[c, best[c]])
            else:
                people.append(person := Person())
            person.joints[joint] = found.points[c], float(found.scores[c])
            person.tags.append(found.tags[c])
    return people


def best_matching(pairs: dict[tuple[int, int], float], count: int) -> dict[int, int]:
    """As many pairs as can be, of these the cheapest."""
    options = [[None, *(n for c, n in pairs if c == row)] for row in range(count)]
    best, least = {}, (0, math.inf)
    for choice in itertools.product(*options):
        chosen = {c: n for c, n in enumerate(choice) if n is not None}
        if len(set(chosen.values())) == len(chosen):
            cost = -len(chosen), sum(pairs[pair] for pair in chosen.items())
            if cost < least:
                best, least = chosen, cost
    return best


def crowd(rng: np.random.Generator, skeleton: Skeleton, people: int, tag_sets: int) -> list[Candidates]:
    """People near each other, tags nearly alike, joints missing, and candidates that are nobody's."""
    heights = rng.uniform(15, 60, people)
    walkers = [Walker(rng.uniform(0, 60), rng.uniform(60, 80), h, 0.5) for h in heights]
    points = np.stack([w.keypoints(0.3, skeleton) for w in walkers])
    tags = rng.normal(0, 0.6, (people, tag_sets))
    result = []
    for joint in range(skeleton.num_keypoints):
        seen = np.flatnonzero(rng.random(people) < 0.8)
        stray = int(rng.random() < 0.2)
        place = np.concatenate([points[seen, joint], rng.uniform(0, 200, (stray, 2))]).astype(np.float32)
        own = np.concatenate(
            [tags[seen] + rng.normal(0, 0.15, (len(seen), tag_sets)), rng.normal(0, 0.6, (stray, tag_sets))]
        )
        scores = rng.uniform(0.1, 1, len(place)).astype(np.float32)
        order = np.argsort(-scores)
        result.append(Candidates(place[order], scores[order], own[order].astype(np.float32)))
    return result


@pytest.mark.parametrize("skeleton", [CROWDPOSE14, COCO17], ids=lambda s: s.name)
@pytest.mark.parametrize("tag_sets", [2, 3])  # with one, matchings can cost the same
def test_groups_are_those_of_the_plain_way(skeleton: Skeleton, tag_sets: int, rng: np.random.Generator) -> None:
    opened = 0
    for _ in range(25):
        candidates = crowd(rng, skeleton, 3, tag_sets)
        found, wanted = group(candidates, skeleton, TAG_THR), plain_group(candidates, skeleton)
        assert len(found.scores) == len(wanted)
        opened += len(wanted) - 3
        for n, person in enumerate(wanted):
            assert np.flatnonzero(found.scores[n]).tolist() == sorted(person.joints)
            assert np.flatnonzero(np.isfinite(found.keypoints[n, :, 0])).tolist() == sorted(person.joints)
            for joint, (point, score) in person.joints.items():
                assert found.keypoints[n, joint].tolist() == point.tolist() and found.scores[n, joint] == np.float32(
                    score
                )
            np.testing.assert_allclose(found.mean_tags[n], np.mean(person.tags, axis=0), atol=1e-5)
            assert found.heights[n] == pytest.approx(person.height, rel=1e-4)
    assert opened > 5, "nothing that fits nobody"


def test_no_candidates_are_nobody() -> None:
    none = Candidates(np.empty((0, 2), np.float32), np.empty(0, np.float32), np.empty((0, 2), np.float32))
    found = group([none] * 14, CROWDPOSE14, TAG_THR)
    assert (found.keypoints.shape, found.mean_tags.shape, found.heights.shape) == ((0, 14, 2), (0, 2), (0,))


@pytest.mark.parametrize(
    ("known", "times", "people"), [(1, 50, 1), (2, 5.9, 1), (2, 6.1, 2), (3, 5.9, 1), (4, 2.4, 1), (4, 2.6, 2)]
)
def test_a_body_grows_only_so_much_by_a_joint_the_less_the_more_is_known(known: int, times: float, people: int) -> None:
    """Joints on one spot are a body of 24 pixels; the next joint would need one so many times as large."""
    *near, far = CROWDPOSE14.grouping_order[: known + 1]
    px = times * 24.0 * min(float(reach(CROWDPOSE14)[far, k]) for k in near)
    one = np.ones(1, np.float32), np.zeros((1, 2), np.float32)
    none = Candidates(np.empty((0, 2), np.float32), np.empty(0, np.float32), np.empty((0, 2), np.float32))
    candidates = [none] * 14
    for joint in near:
        candidates[joint] = Candidates(np.float32([[10, 10]]), *one)
    candidates[far] = Candidates(np.float32([[10 + px, 10]]), *one)
    assert len(group(candidates, CROWDPOSE14, TAG_THR).scores) == people
