from __future__ import annotations

import cv2
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.gui.view.view_transform import MAX_ZOOM, adapt, fit_view

sizes = st.tuples(st.integers(1, 8000), st.integers(1, 5000))
views = st.tuples(st.integers(1, 4000), st.integers(1, 2500))


@given(sizes, views, st.booleans(), st.floats(-50, 5000), st.floats(-50, 5000))
def test_to_image_is_the_inverse_of_to_view(image, view, mirror, x, y) -> None:
    transform = fit_view(image, view, mirror).zoomed(3.0, view[0] / 3, view[1] / 2)
    at = transform.to_view(np.array([x, y], np.float64))
    back = transform.to_image(float(at[0]), float(at[1]))
    assert np.allclose(back, (x, y), atol=1e-3 * max(1, abs(x), abs(y)) + 1e-3 / transform.scale)


@given(sizes, views)
def test_the_whole_image_fits_and_is_centred(image, view) -> None:
    t = fit_view(image, view)
    corners = t.to_view(np.array([[-0.5, -0.5], [image[0] - 0.5, image[1] - 0.5]]))
    left_top, right_bottom = corners[0] + 0.5, corners[1] + 0.5
    assert (left_top >= -1e-2).all() and (right_bottom <= np.array(view) + 1e-2).all()
    assert np.allclose(left_top, np.array(view) - right_bottom, atol=1e-1)


@given(st.floats(1.01, 30), st.floats(0, 800), st.floats(0, 600), st.booleans())
def test_zoom_keeps_the_point_under_the_cursor(factor, x, y, mirror) -> None:
    before = fit_view((800, 600), (800, 600), mirror)
    assert np.allclose(before.zoomed(factor, x, y).to_image(x, y), before.to_image(x, y), atol=0.6)


def test_zoom_is_bounded_and_panning_never_loses_the_image() -> None:
    t = fit_view((800, 600), (400, 300))
    assert t.zoomed(1e6, 5, 5).zoom <= MAX_ZOOM + 1e-6
    assert t.zoomed(1e-6, 5, 5).zoom == 1.0
    far = t.zoomed(4, 200, 150).panned(1e6, -1e6)
    left, bottom = far.to_image(-0.5, 299.5)
    assert abs(left + 0.5) < 0.5 and abs(bottom - 599.5) < 0.5


def test_resizing_keeps_zoom_and_place() -> None:
    t = fit_view((800, 600), (400, 300)).zoomed(4, 100, 100)
    wider = adapt(t, (800, 600), (800, 600), mirror=False)
    assert abs(wider.zoom - 4) < 1e-6
    assert np.allclose(wider.to_image(400, 300), t.to_image(200, 150), atol=1)


def test_matrix_moves_pixels_to_where_points_go() -> None:
    image = np.zeros((60, 80), np.uint8)
    image[20, 30] = 255
    for mirror in (False, True):
        t = fit_view((80, 60), (160, 120), mirror)
        warped = cv2.warpAffine(image, t.matrix, t.view_wh)
        ys, xs = np.nonzero(warped)
        weights = warped[ys, xs].astype(float)
        centre = np.array([np.average(xs, weights=weights), np.average(ys, weights=weights)])
        assert np.allclose(centre, t.to_view(np.array([30.0, 20.0])), atol=0.1)
