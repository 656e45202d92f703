"""Boxes of people become crops of one size, and points find their way back."""

from __future__ import annotations

import numpy as np
import pytest

from pose.topdown.crops import PADDING, crops_of, person_boxes, usable_boxes
from pose.types import Poses

HW = (64, 48)
NAN, INF = np.nan, np.inf


def dot_image(x: int, y: int, hw: tuple[int, int] = (120, 160)) -> np.ndarray:
    image = np.zeros((*hw, 3), np.uint8)
    image[y, x] = 255
    return image


@pytest.mark.parametrize("box", [(40, 20, 88, 84), (-30, -20, 90, 100), (10, 50, 150, 70)])
def test_a_pixel_is_where_its_point_is(box: tuple[int, int, int, int]) -> None:
    crops = crops_of(np.array([box]), HW)
    x, y = 60, 56
    crop = crops.warp(dot_image(x, y))[0, ..., 0].astype(float)
    rows, columns = np.indices(crop.shape)
    centre = np.array([(crop * columns).sum(), (crop * rows).sum()]) / crop.sum()
    assert crops.to_image(centre[None, None])[0, 0] == pytest.approx([x, y], abs=0.6 / crops.factors[0])


def test_the_box_fills_the_crop_but_for_the_padding() -> None:
    boxes = np.array([[10.0, 10, 40, 110], [0, 0, 200, 20]])  # upright and lying
    crops = crops_of(boxes, HW)
    corners = np.stack([boxes[:, :2], boxes[:, 2:]], axis=1)
    inside = corners * crops.factors[:, None, None] + crops.offsets[:, None]
    sizes = inside[:, 1] - inside[:, 0]
    assert sizes[0] == pytest.approx([30 * 64 / (100 * PADDING), 64 / PADDING])
    assert sizes[1] == pytest.approx([48 / PADDING, 20 * 48 / (200 * PADDING)])
    assert inside.mean(axis=1) == pytest.approx(np.array([[24, 32]] * 2))


def test_there_and_back() -> None:
    rng = np.random.default_rng(3)
    boxes = np.sort(rng.uniform(0, 200, (5, 2, 2)), axis=1).reshape(5, 4)
    crops = crops_of(boxes, HW)
    points = rng.uniform(0, 200, (5, 14, 2))
    inside = points * crops.factors[:, None, None] + crops.offsets[:, None]
    assert crops.to_image(inside) == pytest.approx(points.astype(np.float32), rel=1e-4)
    assert crops.to_image_of(2, inside[2]) == pytest.approx(points[2].astype(np.float32), rel=1e-4)


def test_a_person_larger_than_the_frame_is_shrunk_without_aliasing() -> None:
    """Stripes of one pixel are grey from afar."""
    image = np.zeros((960, 720, 3), np.uint8)
    image[::2] = 255
    crop = crops_of(np.array([[-100, -100, 820, 1060]]), HW).warp(image)[0]
    middle = crop[20:44, 16:32].astype(float)
    assert abs(middle.mean() - 127.5) < 3 and middle.std() < 8


def test_outside_of_the_image_is_black() -> None:
    crop = crops_of(np.array([[-40, -40, 40, 40]]), HW).warp(np.full((50, 50, 3), 200, np.uint8))[0]
    assert crop[:20, :15].max() == 0 and crop[40, 30].min() == 200


@pytest.mark.parametrize(
    ("box", "usable"),
    [
        ((10, 10, 50, 90), True),
        ((10, 10, 10, 10), True),  # one point: a crop of its surroundings
        ((-500, -500, 900, 900), True),  # larger than the frame
        ((NAN, 0, 10, 10), False),
        ((0, 0, INF, 10), False),
        ((50, 10, 40, 90), False),  # out of order
        ((170, 10, 200, 90), False),  # beside the image
        ((10, -90, 50, -1), False),
        ((0, 0, 1e9, 1e9), False),
    ],
)
def test_boxes_that_show_nothing_are_not_usable(box: tuple[float, ...], usable: bool) -> None:
    assert usable_boxes(np.array([box]), (120, 160)).tolist() == [usable]
    if usable:
        assert crops_of(np.array([box]), HW).warp(dot_image(3, 3)).shape == (1, 64, 48, 3)


def test_boxes_are_about_sure_joints() -> None:
    keypoints = np.array([[[10, 10], [30, 50], [90, 90], [NAN, NAN]]], np.float32)
    scores = np.array([[0.9, 0.8, 0.01, 0]], np.float32)
    poses = Poses(keypoints, scores, np.ones(1, np.float32))
    assert person_boxes(poses)[0] == pytest.approx([10, 10, 30, 50])
    unsure = Poses(keypoints, scores / 100, poses.confidence)
    assert person_boxes(unsure)[0] == pytest.approx([10, 10, 90, 90])
    assert poses.keypoints[0, 2, 0] == 90  # untouched
    lonely = Poses(np.where(np.arange(4)[None, :, None] == 1, keypoints, NAN), scores, poses.confidence)
    assert np.isnan(person_boxes(lonely)).all()
    assert person_boxes(Poses.empty(4)).shape == (0, 4)
