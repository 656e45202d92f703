"""Pixels and keypoints move together; targets lie where the labels are."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from pose.codec import refine_peaks
from pose.skeleton import CROWDPOSE14
from pose.training.augment import AugmentSettings, random_affine, random_colour, random_view
from pose.training.labels import PoseLabels
from pose.training.targets import COARSE_STRIDE, FINE_STRIDE, make_targets, render_mask, render_peaks

FLIP = CROWDPOSE14.flip_index
WILD = AugmentSettings(rotation_deg=40, scale=(0.7, 1.2), stretch=0.2, shift=0.05, flip=0.5, colour=0, blur=0)


def labels_at(points: np.ndarray, scores: np.ndarray | None = None) -> PoseLabels:
    points = points.astype(np.float32)
    scores = np.ones(points.shape[:2], np.float32) if scores is None else scores.astype(np.float32)
    return PoseLabels(points, scores)


@pytest.mark.parametrize("seed", range(12))
def test_keypoints_move_with_the_pixels(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(60, 140, 2)
    image = np.zeros((200, 200, 3), np.uint8)
    cv2.circle(image, (round(x), round(y)), 5, (255, 255, 255), -1, cv2.LINE_AA)
    points = np.tile([[[round(x), round(y)]]], (1, 14, 1))
    view, moved = random_view(rng, image, labels_at(points), 160, WILD, FLIP, aspect=1.3)
    weight = view[..., 0].astype(float)
    ys, xs = np.indices(weight.shape)
    centre = [(xs * weight).sum() / weight.sum(), (ys * weight).sum() / weight.sum()]
    assert moved.keypoints[0, 0] == pytest.approx(centre, abs=0.6)


def test_a_mirrored_view_renames_left_and_right() -> None:
    points = np.random.default_rng(0).uniform(20, 80, (1, 14, 2))
    image = np.zeros((100, 100, 3), np.uint8)
    settings = AugmentSettings(rotation_deg=0, scale=(1, 1), shift=0, flip=1.0, colour=0, blur=0)
    _, moved = random_view(np.random.default_rng(1), image, labels_at(points), 100, settings, FLIP)
    expected = points[0, list(FLIP)] * [-1, 1] + [99, 0]
    assert moved.keypoints[0] == pytest.approx(expected, abs=1e-4)


def test_a_grey_view_has_the_brightness_of_the_image_and_no_colour() -> None:
    image = np.random.default_rng(0).integers(0, 256, (20, 30, 3), np.uint8)
    settings = AugmentSettings(colour=0, blur=0, grey=1.0)
    grey = random_colour(np.random.default_rng(1), image, settings)
    assert (grey == grey[..., :1]).all()
    assert grey[..., 0] == pytest.approx(image @ [0.114, 0.587, 0.299], abs=1)


def test_the_aspect_stretches_the_image() -> None:
    settings = AugmentSettings(rotation_deg=0, scale=(1, 1), shift=0, flip=0)
    matrix, mirrored = random_affine(np.random.default_rng(0), (100, 100), (64, 64), settings, aspect=1.5)
    assert not mirrored
    assert matrix[0, 0] == pytest.approx(0.96)
    assert matrix[1, 1] == pytest.approx(0.64)


def test_a_image_is_not_enlarged_beyond_the_limit() -> None:
    settings = AugmentSettings(rotation_deg=0, scale=(1.5, 1.5), shift=0, flip=0, enlarge=0.8)
    matrix, _ = random_affine(np.random.default_rng(0), (100, 100), (320, 320), settings, aspect=4 / 3)
    assert matrix[0, 0] == pytest.approx(0.8)
    assert matrix[1, 1] == pytest.approx(0.6)
    corners = np.array([[0, 0], [99, 99]]) @ matrix[:, :2].T + matrix[:, 2]
    assert corners.min() >= -1
    assert corners.max() <= 320


def test_colour_changes_no_geometry() -> None:
    rng = np.random.default_rng(2)
    image = rng.integers(0, 256, (64, 64, 3)).astype(np.uint8)
    points = rng.uniform(0, 64, (2, 14, 2))
    settings = AugmentSettings(rotation_deg=0, scale=(1, 1), shift=0, flip=0, colour=0.5, blur=1.0)
    view, moved = random_view(rng, image, labels_at(points), 64, settings, FLIP)
    assert moved.keypoints == pytest.approx(points, abs=1e-4)
    assert not np.array_equal(view, image)


@pytest.mark.parametrize("stride", [COARSE_STRIDE, FINE_STRIDE])
def test_a_peak_is_where_the_decoder_reads_it(stride: int) -> None:
    peaks = np.array([[0, 61.3, 40.9, 0.7]], np.float32)
    heatmap = render_peaks(peaks, 1, (32, 32), stride)[0]
    y, x = np.unravel_index(heatmap.argmax(), heatmap.shape)
    found = (refine_peaks(heatmap[None], np.array([0]), np.array([y]), np.array([x]))[0] + 0.5) * stride
    assert found == pytest.approx([61.3, 40.9], abs=0.1 * stride)
    assert 0.64 < heatmap.max() <= 0.7


def test_overlapping_peaks_merge_by_maximum_and_stay_in_range() -> None:
    peaks = np.array([[0, 20, 20, 1], [0, 22, 20, 1], [0, -3, 64, 1], [0, 900, 900, 1]], np.float32)
    single = [render_peaks(p[None], 1, (16, 16), 4) for p in peaks]
    assert np.array_equal(render_peaks(peaks, 1, (16, 16), 4), np.max(single, axis=0))


def test_tag_cells_point_at_the_labelled_joints_inside_the_view() -> None:
    points = np.full((3, 14, 2), -50.0)
    points[0, 2] = [9, 33]
    points[2, 5] = [63, 0]
    targets = make_targets(labels_at(points), 14, (64, 64))
    cells = np.stack(np.unravel_index(targets.tag_cells, (14, 16, 16)), axis=1)
    assert cells.tolist() == [[2, 8, 2], [5, 0, 15]]
    assert targets.tag_people.tolist() == [0, 1]


def test_a_image_without_people_has_empty_targets() -> None:
    targets = make_targets(labels_at(np.zeros((0, 14, 2))), 14, (64, 64))
    assert targets.fine.shape == (14, 32, 32)
    assert not targets.fine.any()
    assert not len(targets.tag_cells)


def test_unknown_regions_are_masked_and_turn_with_the_image() -> None:
    region = np.array([[[16, 16], [31, 16], [31, 31], [16, 31]]], np.float32)
    mask = render_mask(region, (32, 32), 2)
    assert mask is not None
    assert mask[8:15, 8:15].max() == 0
    assert mask[:7].min() == mask[17:].min() == 1
    labels = PoseLabels(np.zeros((0, 14, 2), np.float32), np.zeros((0, 14), np.float32), region)
    turned = labels.transformed(np.array([[0, -1, 63], [1, 0, 0]]))
    assert turned.unknown[0].min(axis=0) == pytest.approx([32, 16])
