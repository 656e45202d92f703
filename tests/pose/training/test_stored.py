"""What a teacher saw in a photo once, moved into views."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from pose.skeleton import CROWDPOSE14
from pose.training.augment import AugmentSettings
from pose.training.checkpoint import TrainingError
from pose.training.mosaic import random_quarters, random_tile, whole_view
from pose.training.photos import find_photos
from pose.training.stored import SeenPhoto, SeenPhotos, see, stored_targets
from pose.training.targets import render_peaks
from pose.training.teacher import TeacherSettings

HW = (160, 160)
PEOPLE = np.random.default_rng(5).uniform(24, 136, (2, 14, 2)).astype(np.float32)
MIRROR = list(CROWDPOSE14.flip_index)
TURNING = AugmentSettings(rotation_deg=25, scale=(0.6, 1.0), shift=0.1, flip=0.5)


def drawn(points: np.ndarray, hw: tuple[int, int]) -> np.ndarray:
    joints = np.tile(np.arange(14), len(points))[:, None]
    peaks = np.column_stack([joints, points.reshape(-1, 2), np.ones(len(joints))]).astype(np.float32)
    return render_peaks(peaks, 14, (hw[0] // 2, hw[1] // 2), 2)


class Knowing:
    """A teacher that knows where the people are, at whatever size it is shown the photo."""

    def __init__(self) -> None:
        self.shown: list[tuple[int, ...]] = []

    def __call__(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        hw = images.shape[1:3]
        self.shown.append(hw)
        scale = np.array(hw[::-1], np.float32) / HW[::-1]
        maps = drawn(((PEOPLE + 0.5) * scale).astype(np.float32), hw)
        tags = np.zeros((14, hw[0] // 4, hw[1] // 4), np.float32)
        for person, points in enumerate(PEOPLE * scale / 4):
            for joint, (x, y) in enumerate(points):
                tags[joint, max(0, int(y) - 2) : int(y) + 3, max(0, int(x) - 2) : int(x) + 3] = 3.0 * person
        return tuple(np.stack([m, m[MIRROR, :, ::-1]])[: len(images)] for m in (maps, tags))  # type: ignore[return-value]


def seen_photo(sizes: tuple[int, ...] = (160, 224), aspect: float = 1.0) -> SeenPhoto:
    return see(Knowing(), np.zeros((*HW, 3), np.uint8), aspect, CROWDPOSE14, TeacherSettings(sizes))


def test_people_are_in_pixels_of_the_photo_whatever_its_proportions() -> None:
    for aspect in (1.0, 4 / 3, 3 / 4):
        found = seen_photo(aspect=aspect).keypoints
        order = np.argsort(found[:, 0, 0]), np.argsort(PEOPLE[:, 0, 0])
        assert np.abs(found[order[0]] - PEOPLE[order[1]]).max() < 2.0


def test_a_photo_that_was_squeezed_is_shown_at_its_likely_proportions() -> None:
    teacher = Knowing()
    see(teacher, np.zeros((*HW, 3), np.uint8), 4 / 3, CROWDPOSE14, TeacherSettings((96, 192)))
    assert teacher.shown == [(96, 128), (192, 256)]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("mosaic", [False, True])
def test_targets_move_with_the_pixels_and_keep_their_width(seed: int, mosaic: bool) -> None:
    rng = np.random.default_rng(seed)
    size = 192 if mosaic else 128
    rects = random_quarters(rng, size) if mosaic else whole_view(size)
    tiles = [random_tile(rng, np.zeros((*HW, 3), np.uint8), rect, TURNING) for rect in rects]
    targets = stored_targets(tiles, [seen_photo()] * len(tiles), size, CROWDPOSE14)
    assert targets.fine.shape == (14, size // 2, size // 2)
    for tile in tiles:
        points = PEOPLE @ tile.matrix[:, :2].T + tile.matrix[:, 2]
        if np.linalg.det(tile.matrix[:, :2]) < 0:
            points = points[:, MIRROR]
        left, top, right, bottom = (round(v / 2) for v in tile.rect)
        hw = (2 * (bottom - top), 2 * (right - left))
        corner = np.array(tile.rect[:2]) - 2 * np.array([left, top])
        expected = drawn((points + 0.5 + corner).astype(np.float32), hw)
        assert np.abs(targets.fine[:, top:bottom, left:right] - expected).max() < 0.2
        assert np.abs(targets.fine[:, top:bottom, left:right] - expected).mean() < 0.01


def test_tags_are_read_at_the_joints_that_the_view_shows() -> None:
    tiles = [random_tile(np.random.default_rng(1), np.zeros((*HW, 3), np.uint8), whole_view(128)[0], TURNING)]
    targets = stored_targets(tiles, [seen_photo()], 128, CROWDPOSE14)
    joint, y, x = np.unravel_index(targets.tag_cells, (14, 32, 32))
    assert targets.fine[joint, 2 * y, 2 * x].min() > 0.3
    assert set(targets.tag_people) == {0, 1}


def test_nobody_seen_is_an_empty_target() -> None:
    nobody = SeenPhoto(
        lambda i: np.zeros((14, (80, 57, 40, 28)[i], (80, 57, 40, 28)[i]), np.uint8),
        ((80, 80), (57, 57), (40, 40), (28, 28)),
        np.zeros((0, 14, 2), np.float32),
        np.zeros((0, 14), np.float32),
    )
    tiles = [random_tile(np.random.default_rng(0), np.zeros((*HW, 3), np.uint8), whole_view(64)[0], TURNING)]
    targets = stored_targets(tiles, [nobody], 64, CROWDPOSE14)
    assert not targets.fine.any()
    assert not len(targets.tag_cells)


def write(path: Path, level: int) -> None:
    path.parent.mkdir(exist_ok=True)
    cv2.imwrite(str(path), np.full((32, 32, 3), level, np.uint8))


def brightness(image: np.ndarray, aspect: float) -> SeenPhoto:
    level = np.full((14, 8, 8), image[0, 0, 0], np.uint8)
    return SeenPhoto(
        lambda i: level, ((8, 8),) * 4, np.full((1, 14, 2), aspect, np.float32), np.ones((1, 14), np.float32)
    )


def test_photos_are_seen_once_whatever_their_names(tmp_path: Path) -> None:
    for i, name in enumerate(("a.png", "a.bmp", "b/a.png")):
        write(tmp_path / name, 50 * i)
    calls: list[int] = []

    def teacher(image: np.ndarray, aspect: float) -> SeenPhoto:
        calls.append(1)
        return brightness(image, aspect)

    photos = SeenPhotos(find_photos(tmp_path), tmp_path / "cache", teacher, stretch=False)
    for _ in range(2):
        seen = {photos.photos[i].relative_to(tmp_path).as_posix(): photos[i].level(0).max() for i in range(3)}
        assert seen == {"a.png": 0, "a.bmp": 50, "b/a.png": 100}
    assert len(calls) == 3


def test_another_photo_of_the_same_name_is_another_photo(tmp_path: Path) -> None:
    """Folders share a cache, cameras begin at 0001 every day, and a photo may be edited."""
    for level in (20, 90):
        write(tmp_path / "a.png", level)
        photos = SeenPhotos(find_photos(tmp_path), tmp_path / "cache", brightness, stretch=False)
        assert photos[0].level(0).max() == level


def test_a_damaged_file_is_made_again(tmp_path: Path) -> None:
    write(tmp_path / "a.png", 7)
    photos = SeenPhotos(find_photos(tmp_path), tmp_path / "cache", brightness, stretch=False)
    _ = photos[0]
    next((tmp_path / "cache").glob("*.safetensors")).write_bytes(b"broken")
    assert photos[0].level(3).max() == 7


def test_damage_inside_a_file_is_one_sentence(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(255, size=(14, 64, 64), dtype=np.uint8)
    seen = SeenPhoto(lambda i: noise, ((64, 64),) * 4, np.zeros((1, 14, 2), np.float32), np.ones((1, 14), np.float32))
    write(tmp_path / "a.png", 7)
    photos = SeenPhotos(find_photos(tmp_path), tmp_path / "cache", lambda image, aspect: seen, stretch=False)
    _ = photos[0]
    file = next((tmp_path / "cache").glob("*.safetensors"))
    whole = bytearray(file.read_bytes())
    head = int.from_bytes(whole[:8], "little")
    begin, end = json.loads(whole[8 : 8 + head])["level2"]["data_offsets"]
    start = 8 + head + (begin + end) // 2
    whole[start : start + 4] = bytes(~np.frombuffer(whole[start : start + 4], np.uint8))
    file.write_bytes(whole)
    again = photos[0]
    assert np.array_equal(again.level(0), noise)
    with pytest.raises(TrainingError, match="is damaged; delete it"):
        again.level(2)
