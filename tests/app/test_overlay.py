from __future__ import annotations

import numpy as np
import pytest

from app.render.faces import blur_faces, face_circles
from app.render.overlay import BACKGROUND_BGR, OverlayStyle, Trails, draw_overlay, line_widths, track_colour
from pose.skeleton import COCO17, CROWDPOSE14, Skeleton
from pose.types import Poses
from tests.fakes import standing_person
from tracking.types import TrackedPoses


def people(skeleton: Skeleton, *persons: np.ndarray, ids: list[int] | None = None, seen: bool = True) -> TrackedPoses:
    points = np.stack(persons).astype(np.float32)
    scores = np.where(np.isfinite(points[..., 0]), 0.9, 0).astype(np.float32)
    poses = Poses(points, scores, np.full(len(points), 0.9, np.float32))
    return TrackedPoses(np.array(ids or range(1, len(points) + 1), np.int64), poses, np.full(len(points), seen), poses)


@pytest.fixture
def noise(rng: np.random.Generator) -> np.ndarray:
    return rng.integers(0, 255, (240, 320, 3), dtype=np.uint8)


STYLES = [
    OverlayStyle(),
    OverlayStyle(colours="side", boxes=True, trails=True),
    OverlayStyle(background="plain"),
    OverlayStyle(blur_faces=True, skeleton=False),
]


@pytest.mark.parametrize("skeleton", [COCO17, CROWDPOSE14])
@pytest.mark.parametrize("style", STYLES)
def test_drawing_leaves_the_given_image_alone(skeleton: Skeleton, style: OverlayStyle, noise: np.ndarray) -> None:
    before = noise.copy()
    drawn = draw_overlay(noise, people(skeleton, standing_person(skeleton, 160, 80, 150)), skeleton, style)
    assert np.array_equal(noise, before)
    assert not np.array_equal(drawn, before)
    assert drawn.shape == before.shape
    assert drawn.dtype == np.uint8


def test_nobody_changes_nothing(noise: np.ndarray) -> None:
    assert np.array_equal(draw_overlay(noise, TrackedPoses.empty(17), COCO17), noise)


@pytest.mark.parametrize("size", [(1, 1), (2, 5000), (7, 9)])
def test_any_size_and_far_off_or_missing_joints_are_drawn(size: tuple[int, int]) -> None:
    image = np.zeros((*size, 3), np.uint8)
    person = standing_person(COCO17, 3, 3, 10)
    person[:5] = np.nan
    person[6] = (1e9, -1e9)
    nobody = np.full_like(person, np.nan)
    for style in STYLES:
        draw_overlay(image, people(COCO17, person, nobody), COCO17, style)


def test_a_person_keeps_the_colour_and_neighbours_differ() -> None:
    assert track_colour(5) == track_colour(5)
    assert len({track_colour(i) for i in range(1, 13)}) == 12


def test_the_skeleton_alone_shows_nothing_of_the_image(noise: np.ndarray) -> None:
    style = OverlayStyle(background="plain")
    a = draw_overlay(noise, people(COCO17, standing_person(COCO17, 160, 80, 150)), COCO17, style)
    b = draw_overlay(255 - noise, people(COCO17, standing_person(COCO17, 160, 80, 150)), COCO17, style)
    assert np.array_equal(a, b)
    assert tuple(a[0, 0]) == BACKGROUND_BGR


@pytest.mark.parametrize("skeleton", [COCO17, CROWDPOSE14])
def test_the_face_circle_covers_the_head(skeleton: Skeleton) -> None:
    x, y, height = 160.0, 80.0, 150.0
    poses = people(skeleton, standing_person(skeleton, x, y, height)).poses
    centre_x, centre_y, radius = face_circles(poses, skeleton)[0]
    # Of the drawn figure, the face lies between head top and neck, a twelfth of the height to either side.
    for px, py in ((x, y - 0.13 * height), (x, y - 0.05 * height), (x - 0.05 * height, y - 0.1 * height)):
        assert np.hypot(px - centre_x, py - centre_y) < radius
    assert radius < 0.2 * height


@pytest.mark.parametrize("skeleton", [COCO17, CROWDPOSE14])
def test_a_head_without_joints_is_placed_above_the_shoulders(skeleton: Skeleton) -> None:
    person = standing_person(skeleton, 160, 80, 150)
    whole = face_circles(people(skeleton, person).poses, skeleton)[0]
    for name in ("nose", "left_eye", "right_eye", "left_ear", "right_ear", "head_top", "neck"):
        if name in skeleton.keypoint_names:
            person[skeleton.index(name)] = np.nan
    guessed = face_circles(people(skeleton, person).poses, skeleton)[0]
    assert np.hypot(*(whole[:2] - guessed[:2])) < 0.6 * guessed[2]


def test_blurring_destroys_the_face_and_spares_the_rest(noise: np.ndarray) -> None:
    poses = people(COCO17, standing_person(COCO17, 160, 80, 150)).poses
    x, y, radius = face_circles(poses, COCO17)[0]
    blurred = noise.copy()
    blur_faces(blurred, poses, COCO17)
    ys, xs = np.mgrid[: noise.shape[0], : noise.shape[1]]
    inside = np.hypot(xs - x, ys - y) < radius - 1
    outside = np.hypot(xs - x, ys - y) > radius + 2
    assert np.array_equal(blurred[outside], noise[outside])
    assert blurred[inside].std() < 0.3 * noise[inside].std()


def test_lines_grow_with_the_person_within_limits() -> None:
    poses = people(COCO17, *(standing_person(COCO17, 500, 300, h) for h in (20, 200, 800, 5000))).poses
    widths = line_widths(poses, (1080, 1920))
    assert widths[0] == 1.0
    assert widths[0] < widths[1] < widths[2] <= widths[3] <= 1920 / 160


def test_trails_forget_after_their_time() -> None:
    trails = Trails(length_s=1.0)
    for i in range(100):
        trails.update(people(COCO17, standing_person(COCO17, i, 80, 50), ids=[3]), COCO17, i / 10)
    (line,) = trails.lines().values()
    assert len(line) == 11
    trails.update(TrackedPoses.empty(17), COCO17, 20.0)
    assert trails.lines() == {}


def test_predicted_people_look_different(noise: np.ndarray) -> None:
    person = standing_person(COCO17, 160, 80, 150)
    seen = draw_overlay(noise, people(COCO17, person), COCO17)
    predicted = draw_overlay(noise, people(COCO17, person, seen=False), COCO17)
    assert not np.array_equal(seen, predicted)
