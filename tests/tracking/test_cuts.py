"""Scene cuts are found; what moves, flashes or pans within a scene is none."""

from __future__ import annotations

import numpy as np
import pytest

from app.scene.scene import Scene
from pose.types import Poses
from tracking.cuts import CutDetector
from tracking.types import Detections


def begins_shot(score):
    return Detections(0, 0.0, Poses.empty(14), None, score).begins_shot


def painted(rng, size=(180, 320)):
    """A scene of big coloured patches."""
    image = np.zeros((*size, 3), np.float64) + rng.uniform(40, 200, 3)
    for _ in range(12):
        y, x = rng.integers(0, size[0]), rng.integers(0, size[1])
        image[y : y + size[0] // 3, x : x + size[1] // 4] = rng.uniform(0, 255, 3)
    return image


def noisy(image, rng):
    return np.clip(image + rng.normal(0, 4, image.shape), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("seed", range(8))
def test_another_scene_is_a_cut_and_the_same_scene_none(seed):
    rng = np.random.default_rng(seed)
    cuts, scenes = CutDetector(), [painted(rng), painted(rng)]
    scores = [cuts(noisy(scenes[i // 6 % 2], rng)) for i in range(24)]
    assert [i for i, s in enumerate(scores) if begins_shot(s)] == [6, 12, 18]
    assert max(s for i, s in enumerate(scores) if i not in (6, 12, 18)) < 0.1


@pytest.mark.parametrize("seed", range(4))
def test_flashes_and_fades_are_no_cuts(seed):
    rng = np.random.default_rng(seed)
    scene, cuts = painted(rng), CutDetector()
    light = [1.0, 1.0, 1.8, 1.0, 0.5, 0.8, 1.0, 1.3]
    assert max(cuts(noisy(scene * gain, rng)) for gain in light) < 0.5


def test_a_pan_is_no_cut():
    rng = np.random.default_rng(3)
    wide, cuts = painted(rng, (180, 1280)), CutDetector()
    assert max(cuts(noisy(wide[:, x : x + 320], rng)) for x in range(0, 900, 25)) < 0.5


def test_people_who_move_at_few_frames_a_second_are_no_cut():
    scene, cuts = Scene(1, 4, (320, 180)), CutDetector()
    assert max(cuts(scene.frame(i / 3)[0]) for i in range(8)) < 0.75
    assert begins_shot(cuts(Scene(2, 4, (320, 180)).frame(0)[0]))


def test_the_first_image_of_a_source_follows_no_other(rng):
    cuts = CutDetector()
    assert cuts(noisy(painted(rng), rng)) == 0
    cuts.reset()
    assert cuts(noisy(painted(rng), rng)) == 0


@pytest.mark.parametrize("shape", [(1, 1), (2, 900), (900, 2), (37, 23)])
def test_any_image_has_a_score(shape, rng):
    cuts = CutDetector()
    for _ in range(3):
        assert 0 <= cuts(rng.integers(0, 256, (*shape, 3), dtype=np.uint8)) <= 1
