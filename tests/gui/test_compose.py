from __future__ import annotations

import numpy as np
import pytest

from app.gui.view.compose import Heatmap, compose
from app.gui.view.view_transform import ViewTransform, fit_view
from app.render.overlay import BACKGROUND_BGR, OverlayStyle
from pose.preprocess import fit_to_network
from pose.skeleton import CROWDPOSE14
from pose.types import Poses
from tests.fakes import standing_person
from tracking.types import TrackedPoses

NOBODY = TrackedPoses.empty(14)
PLAIN = OverlayStyle(labels=False)


def tracks_at(x: float, y: float, height: float) -> TrackedPoses:
    keypoints = standing_person(CROWDPOSE14, x, y, height)[None]
    poses = Poses(keypoints, np.ones((1, 14), np.float32), np.ones(1, np.float32))
    return TrackedPoses(np.array([1]), poses, np.ones(1, bool), poses)


def shades() -> np.ndarray:
    """Smooth shades, different left and right and above and below."""
    y, x = np.mgrid[0:120, 0:160]
    return np.stack([x, y, 255 - x], axis=-1).astype(np.uint8)


@pytest.mark.parametrize("mirror", [False, True])
@pytest.mark.parametrize("view", [(320, 240), (333, 201), (80, 60), (50, 300)])
def test_whole_image_lies_where_the_transform_says(view: tuple[int, int], mirror: bool) -> None:
    whole = shades()
    t = fit_view((160, 120), view, mirror)
    pixels = compose(whole, NOBODY, CROWDPOSE14, PLAIN, t)
    assert pixels.shape == (view[1], view[0], 4)
    for point in ((20, 30), (80, 60), (140, 100)):
        x, y = t.to_view(np.array(point, np.float64)).round().astype(int)
        assert np.abs(pixels[y, x, :3].astype(int) - whole[point[1], point[0]]).max() <= 2 / t.scale + 2


def test_zoomed_and_whole_image_agree() -> None:
    t = fit_view((160, 120), (320, 240))
    zoomed = ViewTransform(t.scale * 1.0001, t.offset_xy, t.image_wh, t.view_wh)
    a = compose(shades(), NOBODY, CROWDPOSE14, PLAIN, t).astype(int)
    b = compose(shades(), NOBODY, CROWDPOSE14, PLAIN, zoomed).astype(int)
    assert np.abs(a - b)[4:-4, 4:-4, :3].max() <= 3


def test_beside_the_image_is_background() -> None:
    pixels = compose(shades(), NOBODY, CROWDPOSE14, PLAIN, fit_view((160, 120), (400, 120)))
    assert tuple(pixels[60, 10, :3]) == BACKGROUND_BGR and tuple(pixels[60, 390, :3]) == BACKGROUND_BGR


@pytest.mark.parametrize("mirror", [False, True])
def test_people_are_drawn_where_they_are(mirror: bool) -> None:
    tracks = tracks_at(50, 40, 70)
    t = fit_view((160, 120), (640, 480), mirror)
    with_people = compose(shades(), tracks, CROWDPOSE14, PLAIN, t).astype(int)
    without = compose(shades(), NOBODY, CROWDPOSE14, PLAIN, t).astype(int)
    ys, xs = np.nonzero(np.abs(with_people - without).max(axis=-1))
    points = t.to_view(tracks.poses.keypoints[0])
    assert abs(xs.min() - points[:, 0].min()) < 12 and abs(xs.max() - points[:, 0].max()) < 12
    assert abs(ys.min() - points[:, 1].min()) < 12 and abs(ys.max() - points[:, 1].max()) < 12


def test_the_given_image_is_left_alone() -> None:
    image = shades()
    before = image.copy()
    style = OverlayStyle(blur_faces=True)
    compose(image, tracks_at(50, 40, 70), CROWDPOSE14, style, fit_view((160, 120), (160, 120)))
    assert (image == before).all()


def test_with_blurred_faces_an_unanalysed_image_is_unrecognisable() -> None:
    rng = np.random.default_rng(0)
    image = rng.integers(0, 255, (120, 160, 3), np.uint8)
    t = fit_view((160, 120), (160, 120))
    style = OverlayStyle(blur_faces=True, labels=False)
    clear = compose(image, NOBODY, CROWDPOSE14, style, t, analysed=True)
    blurred = compose(image, NOBODY, CROWDPOSE14, style, t, analysed=False)
    assert (clear[..., :3] == image).all()
    assert blurred[..., :3].std() < 0.4 * image.std()


def test_a_hidden_person_is_not_drawn_but_still_made_unrecognisable() -> None:
    rng = np.random.default_rng(0)
    image = rng.integers(0, 255, (240, 320, 3), np.uint8)
    tracks, t = tracks_at(160, 60, 160), fit_view((320, 240), (320, 240))
    style = OverlayStyle(blur_faces=True, skeleton=False, labels=False)
    shown = compose(image, tracks, CROWDPOSE14, style, t)
    hidden = compose(image, tracks, CROWDPOSE14, style, t, hidden=frozenset({1}))
    assert (shown == hidden).all()
    assert not (hidden[..., :3] == image).all()
    drawn = compose(image, tracks, CROWDPOSE14, PLAIN, t, hidden=frozenset({1}))
    assert (drawn[..., :3] == image).all()


def test_skeletons_only_needs_nothing_of_the_image() -> None:
    t = fit_view((160, 120), (160, 120))
    style = OverlayStyle(background="plain", labels=False)
    a = compose(shades(), tracks_at(50, 40, 70), CROWDPOSE14, style, t)
    b = compose(255 - shades(), tracks_at(50, 40, 70), CROWDPOSE14, style, t)
    assert (a == b).all()


def test_the_heatmap_lights_up_where_the_network_saw_something() -> None:
    image = np.zeros((240, 320, 3), np.uint8)
    fit = fit_to_network((240, 320), 256)
    strength = np.zeros((fit.network_hw[0] // 2, fit.network_hw[1] // 2), np.float32)
    target = np.array([200.0, 90.0])
    x, y = (fit.to_network(target) / 2).astype(int)
    strength[y - 2 : y + 3, x - 2 : x + 3] = 1
    pixels = compose(
        image, NOBODY, CROWDPOSE14, PLAIN, fit_view((320, 240), (320, 240)), heatmap=Heatmap(strength, fit)
    )
    ys, xs = np.nonzero(pixels[..., :3].sum(axis=-1) > 100)
    assert abs(xs.mean() - target[0]) < 3 and abs(ys.mean() - target[1]) < 3
