"""Looks: the same clothes are alike wherever their wearer is, others are not, and what does not show is unknown."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from pose.skeleton import COCO17, CROWDPOSE14
from pose.types import Poses
from tests.tracking.walkers import Walker, detections
from tracking.appearance import SIGNATURE_SIZE, blend, colour_signatures, looks_distance, mean_looks

RED, BLUE, GREEN = (40, 40, 200), (180, 60, 30), (60, 160, 60)


def paint(image, points, top, bottom, skeleton=CROWDPOSE14):
    """Clothes on a figure: flat colours about the torso, and about the legs."""
    low, high = points.min(axis=0).astype(int), points.max(axis=0).astype(int)
    hip = int(points[skeleton.index("left_hip"), 1])
    image[low[1] : hip, low[0] - 4 : high[0] + 4] = top
    image[hip : high[1] + 4, low[0] - 4 : high[0] + 4] = bottom


def scene(people, skeleton=CROWDPOSE14, noise=0.0, light=1.0):
    image = np.full((480, 1000, 3), 120.0)
    points = [w.keypoints(0, skeleton) for w, _, _ in people]
    for p, (_, top, bottom) in zip(points, people, strict=True):
        paint(image, p, top, bottom, skeleton)
    rng = np.random.default_rng(0)
    image = np.clip(image * light + rng.normal(0, noise, image.shape), 0, 255).astype(np.uint8)
    return image, detections(points, k=skeleton.num_keypoints)


@pytest.mark.parametrize("skeleton", [CROWDPOSE14, COCO17], ids=lambda s: s.name)
def test_the_same_clothes_elsewhere_larger_and_in_other_light_are_alike(skeleton):
    people = [(Walker(150), RED, BLUE), (Walker(400), GREEN, BLUE), (Walker(700, 460, 320), RED, BLUE)]
    looks = colour_signatures(*scene(people, skeleton, noise=6, light=1.1), skeleton)
    before = colour_signatures(*scene(people, skeleton), skeleton)
    assert looks.shape == (3, SIGNATURE_SIZE) and looks.dtype == np.float16
    difference = looks_distance(before, looks)
    assert max(difference[0, 0], difference[0, 2], difference[2, 0], difference[1, 1]) < 0.12
    assert min(difference[0, 1], difference[1, 0], difference[1, 2]) > 0.25


def test_what_does_not_show_is_unknown_and_not_compared():
    people = [(Walker(150), RED, BLUE), (Walker(400), RED, GREEN)]
    image, poses = scene(people)
    keypoints = poses.keypoints.copy()
    keypoints[1, 6:12] = np.nan  # hips and legs
    keypoints[1, 2:6] = np.nan
    halves = colour_signatures(image, Poses(keypoints, poses.scores, poses.confidence), CROWDPOSE14)
    assert np.isnan(halves[1]).all(), "nor the torso, of which two corners are missing"
    keypoints = poses.keypoints.copy()
    keypoints[1, 8:12] = np.nan
    halves = colour_signatures(image, Poses(keypoints, poses.scores, poses.confidence), CROWDPOSE14)
    assert looks_distance(halves[:1], halves[1:]) < 0.05, "of the trousers nothing is known"
    assert np.isnan(looks_distance(halves, np.full((1, SIGNATURE_SIZE), np.nan))).all()


def test_guessed_joints_and_joints_outside_of_the_image_show_nothing():
    image, poses = scene([(Walker(150), RED, BLUE)])
    guessed = Poses(poses.keypoints, np.full_like(poses.scores, 0.05), poses.confidence)
    assert np.isnan(colour_signatures(image, guessed, CROWDPOSE14)).all()
    for aside in ((5000, 0), (0, 5000), (-400, 0), (0, -440), (5000, 5000)):
        outside = Poses(poses.keypoints + np.float32(aside), poses.scores, poses.confidence)
        assert np.isnan(colour_signatures(image, outside, CROWDPOSE14)).all(), aside
    assert colour_signatures(image, Poses.empty(14), CROWDPOSE14).shape == (0, SIGNATURE_SIZE)


def test_differences_are_symmetric_and_between_nothing_and_all(rng):
    looks = np.abs(rng.normal(size=(6, SIGNATURE_SIZE))).astype(np.float32)
    looks = blend(np.full_like(looks, np.nan), looks, np.ones(6))
    difference = looks_distance(looks, looks)
    assert np.allclose(difference, difference.T, atol=1e-6)
    assert np.allclose(np.diag(difference), 0, atol=1e-6) and (difference >= 0).all() and (difference <= 1).all()


def test_a_mean_of_looks_lies_between_them_and_gives_what_one_lacks():
    looks = colour_signatures(*scene([(Walker(150), RED, BLUE), (Walker(400), GREEN, BLUE)]), CROWDPOSE14)
    one, other = looks[:1].astype(np.float32), looks[1:].astype(np.float32)
    mean = blend(one, other, np.array([0.3]))
    apart = looks_distance(one, other)[0, 0]
    assert 0 < looks_distance(one, mean)[0, 0] < looks_distance(mean, other)[0, 0] < apart
    half = one.copy()
    half[0, SIGNATURE_SIZE // 2 :] = np.nan
    assert np.isfinite(blend(half, other, np.array([0.3]))).all()
    assert np.isfinite(blend(other, half, np.array([0.3]))).all()


def test_the_mean_of_many_is_over_those_who_show_a_part():
    looks = colour_signatures(*scene([(Walker(150), RED, BLUE), (Walker(400), GREEN, RED)]), CROWDPOSE14)
    one, other = looks.astype(np.float32)
    part = SIGNATURE_SIZE // 2
    half = other.copy()
    half[part:] = np.nan
    mean = mean_looks(np.stack([one, half, half]))
    assert np.allclose(mean[part:], one[part:], atol=1e-3), "what two lack, the third gives"
    wanted = one[:part] + 2 * other[:part]
    assert np.allclose(mean[:part], wanted / np.linalg.norm(wanted), atol=1e-3)
    assert np.allclose(mean_looks(np.stack([one, half]), np.array([1, 2])), mean, atol=1e-6), (
        "weights count like copies"
    )
    nothing = np.full(part, np.nan, np.float32)
    known = mean_looks(np.stack([np.concatenate([nothing, one[part:]])] * 2))
    assert np.isnan(known[:part]).all() and np.allclose(known[part:], one[part:], atol=1e-3)


def test_colours_that_shift_a_little_change_looks_a_little_and_continuously():
    """No bin is left or entered as a whole: looks change with light and colour in proportion."""
    base = scene([(Walker(150), (90, 90, 150), (100, 120, 90))])
    looks = [
        colour_signatures(np.clip(base[0].astype(int) + k, 0, 255).astype(np.uint8), base[1], CROWDPOSE14)
        for k in range(0, 60, 4)
    ]
    steps = [float(looks_distance(a, b)[0, 0]) for a, b in itertools.pairwise(looks)]
    assert max(steps) < 0.03
    assert float(looks_distance(looks[0], looks[-1])[0, 0]) > 0.08
