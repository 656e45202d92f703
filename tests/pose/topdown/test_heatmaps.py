"""What is encoded is decoded; a mirrored crop says the same."""

from __future__ import annotations

import numpy as np
import pytest

from pose.skeleton import COCO17
from pose.topdown.heatmaps import HEATMAP_STRIDE, decode, encode, mirror_back, target_sigma


def gaussian(x: float, y: float, hw: tuple[int, int] = (64, 48), sigma: float = 2.0, height: float = 1.0) -> np.ndarray:
    rows, columns = np.mgrid[: hw[0], : hw[1]]
    return (height * np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / (2 * sigma**2))).astype(np.float32)


@pytest.mark.parametrize(("x", "y"), [(20.3, 30.4), (24.0, 32.0), (10.45, 50.2), (40.1, 5.6)])
def test_dark_finds_the_middle_between_pixels(x: float, y: float) -> None:
    points, scores = decode(gaussian(x, y, height=0.8)[None, None])
    assert points[0, 0] / HEATMAP_STRIDE == pytest.approx([x, y], abs=0.03)
    assert scores[0, 0] == pytest.approx(gaussian(x, y, height=0.8).max())


@pytest.mark.parametrize(("x", "y"), [(20.3, 30.4), (10.45, 50.2)])
def test_without_dark_it_is_a_quarter_pixel(x: float, y: float) -> None:
    points, _ = decode(gaussian(x, y)[None, None], dark_kernel=None)
    assert np.abs(points[0, 0] / HEATMAP_STRIDE - [x, y]).max() <= 0.25
    assert (points[0, 0] / HEATMAP_STRIDE * 4 % 1 == 0).all()


def test_wide_targets_are_decoded_with_the_wide_kernel() -> None:
    points, _ = decode(gaussian(30.3, 40.6, (96, 72), 3.0)[None, None], dark_kernel=17)
    assert points[0, 0] / HEATMAP_STRIDE == pytest.approx([30.3, 40.6], abs=0.03)


@pytest.mark.parametrize(("x", "y"), [(0, 0), (47, 63), (1, 30), (46, 2)])
@pytest.mark.parametrize("kernel", [11, None])
def test_peaks_at_the_border_stay_on_their_pixel(x: int, y: int, kernel: int | None) -> None:
    points, _ = decode(gaussian(x, y)[None, None], kernel)
    assert np.abs(points[0, 0] / HEATMAP_STRIDE - [x, y]).max() <= (0.25 if kernel is None else 0)


def test_an_empty_map_is_a_missing_joint() -> None:
    maps = np.stack([np.zeros((64, 48)), -np.ones((64, 48)), gaussian(20, 20)]).astype(np.float32)[None]
    points, scores = decode(maps)
    assert np.isnan(points[0, :2]).all() and np.isfinite(points[0, 2]).all()
    assert scores[0].tolist() == [0, 0, 1]


def test_noise_moves_no_joint_farther_than_its_neighbour() -> None:
    maps = np.random.default_rng(4).random((3, 17, 64, 48)).astype(np.float32)
    points, _ = decode(maps)
    best = maps.reshape(3, 17, -1).argmax(axis=2)
    pixels = np.stack([best % 48, best // 48], axis=2)
    assert np.abs(points / HEATMAP_STRIDE - pixels).max() <= 1


def test_nobody_is_no_keypoints() -> None:
    points, scores = decode(np.zeros((0, 17, 64, 48), np.float32))
    assert points.shape == (0, 17, 2) and scores.shape == (0, 17)


def test_targets_lie_on_the_nearest_pixel_and_count_if_they_show() -> None:
    keypoints = np.array([[10.4, 20.6], [-3, 5], [-7, 5], [np.nan, 1], [8, 8]], np.float32)
    targets, counts = encode(keypoints, np.array([True, True, True, True, False]), (64, 48))
    assert counts.tolist() == [True, True, False, False, False]
    assert np.unravel_index(targets[0].argmax(), (64, 48)) == (21, 10) and targets[0].max() == 1
    assert (targets[0] > 0).sum() == 13 * 13  # a window of 6 σ + 1
    assert 0 < targets[1].max() < 1 and targets[2:].max() == 0
    assert (target_sigma(256), target_sigma(384)) == (2, 3)


def test_a_mirrored_crop_has_its_joints_in_the_same_places() -> None:
    """Pixel i of a mirrored heatmap stands for crop pixel W - 1 - 4 i, which is nearly heatmap pixel w - i - 1."""
    maps = np.stack([gaussian(10 + n, 20 + n) for n in range(17)])[None]
    mirrored = np.empty_like(maps)
    mirrored[..., :-1] = maps[..., 1:]
    mirrored[..., -1] = 0
    mirrored = mirrored[:, list(COCO17.flip_index), :, ::-1]
    back = mirror_back(np.ascontiguousarray(mirrored), COCO17.flip_index)
    assert back[..., 1:] == pytest.approx(maps[..., 1:])


def test_dark_follows_slanted_peaks() -> None:
    """The step is Newton's with the mixed derivative: along the axes alone it would miss the middle."""
    rows, columns = np.mgrid[:64, :48]
    u, v = (columns - 20.4) + (rows - 30.3), (columns - 20.4) - (rows - 30.3)
    slanted = np.exp(-(u**2) / 60 - v**2 / 18).astype(np.float32)
    points, _ = decode(slanted[None, None])
    assert points[0, 0] / HEATMAP_STRIDE == pytest.approx([20.4, 30.3], abs=0.05)
