"""Whatever photos are made to look like, what is found in them is where it is in the photo."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.views import DARK, VIEWS
from pose.types import Poses

PLACE_XY = (57.0, 22.0)


def photo() -> NDArray[np.uint8]:
    image = np.zeros((90, 121, 3), np.uint8)
    x, y = int(PLACE_XY[0]), int(PLACE_XY[1])
    image[y - 4 : y + 5, x - 4 : x + 5] = (10, 250, 200)
    return image


@pytest.mark.parametrize("view", VIEWS)
def test_a_bright_spot_is_found_where_it_is(view: str) -> None:
    seen: list[NDArray[np.uint8]] = []

    def middle_of_what_is_bright(image: NDArray[np.uint8]) -> Poses:
        seen.append(image)
        weights = image.astype(np.float64).sum(axis=2)
        y, x = (float((axis * weights).sum() / weights.sum()) for axis in np.indices(weights.shape))
        return Poses(np.array([[[x, y]]], np.float32), np.ones((1, 1), np.float32), np.ones(1, np.float32))

    found = VIEWS[view](middle_of_what_is_bright)(photo())
    assert seen[0].shape == photo().shape and seen[0].flags.c_contiguous
    np.testing.assert_allclose(found.keypoints[0, 0], PLACE_XY, atol=0.6)
    coloured, bright = bool((seen[0].max(axis=2) > seen[0].min(axis=2)).any()), int(seen[0].max())
    assert coloured == (view != "grey")
    assert bright == round(DARK * 250) if view == "dark" else bright > 150
    share = float((seen[0] > 0).any(axis=2).mean() / (photo() > 0).any(axis=2).mean())
    assert share == pytest.approx(1) if view != "small" else 0.05 < share < 0.25
