import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pose.preprocess import MULTIPLE, fit_to_network

sides = st.integers(1, 8000)


@given(sides, sides, st.sampled_from([256, 320, 448, 512]), st.sampled_from(["short", "long"]))
def test_round_trip_is_exact_for_any_size(height, width, size, mode):
    fit = fit_to_network((height, width), size, mode)
    corners = np.array([[0, 0], [width - 1, 0], [0, height - 1], [width / 3, height / 7]], np.float32)
    back = fit.to_image(fit.to_network(corners))
    np.testing.assert_allclose(back, corners, atol=1e-3 * max(1.0, 1 / fit.factor))


@given(sides, sides, st.sampled_from([256, 448]), st.sampled_from(["short", "long"]))
def test_canvas_holds_the_whole_image_and_stays_affordable(height, width, size, mode):
    fit = fit_to_network((height, width), size, mode)
    h, w = fit.network_hw
    assert h % MULTIPLE == 0 and w % MULTIPLE == 0
    assert max(h, w) <= 4 * size + MULTIPLE
    x, y = fit.to_network(np.array([width - 1, height - 1], np.float32))
    slack = fit.factor + 1
    assert -slack <= fit.offset_xy[0] and x <= w + slack and y <= h + slack


@pytest.mark.parametrize(
    ("hw", "expected"), [((720, 1280), (448, 832)), ((1920, 1080), (832, 448)), ((500, 500), (448, 448))]
)
def test_short_side_follows_the_published_protocol(hw, expected):
    assert fit_to_network(hw, 448, "short").network_hw == expected


def test_long_side_needs_fewer_pixels():
    assert fit_to_network((720, 1280), 448, "long").network_hw == (256, 448)


@pytest.mark.parametrize("hw", [(1, 1), (1, 4000), (333, 1), (97, 211), (2160, 3840)])
def test_odd_sizes_warp_without_error(hw):
    image = np.full((*hw, 3), 200, np.uint8)
    fit = fit_to_network(hw, 256)
    assert fit.warp(image).shape == (*fit.network_hw, 3)


@pytest.mark.parametrize("hw", [(200, 300), (1080, 1920), (2000, 1500)])
def test_image_and_coordinates_move_together(hw):
    """A bright dot lands where the coordinate transform says, also when strong shrinking averages pixels."""
    height, width = hw
    image = np.zeros((height, width, 3), np.uint8)
    point = (width * 0.7, height * 0.3)
    cv2.circle(image, (round(point[0]), round(point[1])), 25, (255, 255, 255), -1)
    fit = fit_to_network(hw, 256)
    ys, xs = np.nonzero(fit.warp(image)[..., 0] > 127)
    expected = fit.to_network(np.array([round(point[0]), round(point[1])], np.float32))
    np.testing.assert_allclose([xs.mean(), ys.mean()], expected, atol=0.6)


def test_a_fit_refuses_another_size():
    with pytest.raises(ValueError, match="images of"):
        fit_to_network((100, 100), 256).warp(np.zeros((99, 100, 3), np.uint8))
