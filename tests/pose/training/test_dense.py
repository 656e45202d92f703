"""Dense targets: the teacher's maps at the student's scale, and the views that both see."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from pose.codec import encode
from pose.skeleton import CROWDPOSE14
from pose.training.augment import AugmentSettings
from pose.training.data import Batch
from pose.training.dense import dense_targets, teacher_resolution
from pose.training.dense_batches import DenseBatches, View
from pose.training.losses import LossSettings, pose_losses
from pose.training.mosaic import random_quarters, random_tile, render, whole_view
from pose.training.photos import find_photos
from pose.training.targets import Targets, render_peaks
from pose.training.widening import widen
from tests.pose.training.scenes import STILL

SIZE = 96
MIRROR = list(CROWDPOSE14.flip_index)
POINTS = np.random.default_rng(4).uniform(16, SIZE - 16, (2, 14, 2)).astype(np.float32)  # two people
Image = np.ndarray


def peaks(points: np.ndarray) -> np.ndarray:
    joints = np.tile(np.arange(14), len(points))[:, None]
    return np.column_stack([joints, points.reshape(-1, 2), np.ones(len(joints))]).astype(np.float32)


class Teacher:
    """Knows where the people of the view are, whatever it is shown, and that the second image is the mirrored one.

    draw: (joints in network pixels, their size) → heatmaps.
    """

    def __init__(self, draw: Callable[[np.ndarray, int], np.ndarray]) -> None:
        self.draw = draw

    def __call__(self, images: Image) -> tuple[Image, Image]:
        side = images.shape[1]
        points = POINTS * side / SIZE
        maps = self.draw(points, side)
        tags = np.zeros((14, side // 4, side // 4), np.float32)
        mirrored = [np.stack([m, m[MIRROR, :, ::-1]])[: len(images)] for m in (maps, tags)]
        return mirrored[0], mirrored[1]


def drawn_exactly(points: np.ndarray, side: int) -> np.ndarray:
    return render_peaks(peaks(points), 14, (side // 2, side // 2), 2)


def drawn_by_the_codec(points: np.ndarray, side: int) -> np.ndarray:
    return encode(points / 2, np.ones(points.shape[:2], bool), (side // 2, side // 2))


def view(side: int) -> Image:
    return np.zeros((side, side, 3), np.uint8)


@pytest.mark.parametrize("factor", [1.25, 1.5, 2.0])
def test_widened_gaussians_are_wider_and_as_high(factor: float) -> None:
    ys, xs = np.indices((81, 81))
    bell, expected = (
        np.exp(-((xs - 40) ** 2 + (ys - 37) ** 2) / (2 * sigma**2)).astype(np.float32)[None]
        for sigma in (2.0, 2.0 * factor)
    )
    result = widen(bell, factor)
    assert result[0, 37, 40] == 1
    low = expected - result  # where the best shift is not whole
    assert low.min() > -1e-6
    assert low.max() < 0.08


def test_widening_by_two_is_exact_where_the_best_shift_is_whole() -> None:
    xs = np.arange(81)
    bell = np.exp(-((xs - 40) ** 2) / 8).astype(np.float32)
    result = widen((bell[:, None] * bell)[None], 2.0)[0, 40]
    at = 40 + np.arange(-8, 9, 4)  # the best shift is three quarters of the distance
    assert result[at] == pytest.approx(np.exp(-((at - 40) ** 2) / 32), abs=1e-6)


def test_widening_by_one_changes_nothing_and_peaks_merge_by_maximum() -> None:
    maps = np.random.default_rng(0).normal(size=(2, 9, 9)).astype(np.float32)
    assert widen(maps, 1.0) is maps
    a, b = (render_peaks(np.array([[0, x, 40, 1]], np.float32), 1, (40, 40), 2) for x in (30, 48))
    assert np.array_equal(widen(np.maximum(a, b), 1.5), np.maximum(widen(a, 1.5), widen(b, 1.5)))


@pytest.mark.parametrize("flip", [True, False])
@pytest.mark.parametrize("resolution", [SIZE, SIZE * 4 // 3, SIZE * 5 // 3, SIZE * 2])
def test_targets_are_what_the_student_would_be_taught_at_its_own_size(resolution: int, flip: bool) -> None:
    targets = dense_targets(Teacher(drawn_exactly), view(resolution), SIZE, CROWDPOSE14, flip)
    assert targets.coarse is None
    assert targets.fine.shape == (14, SIZE // 2, SIZE // 2)
    difference = np.abs(targets.fine - drawn_exactly(POINTS, SIZE))
    assert difference.max() < 0.11
    assert difference.mean() < 0.0015


def test_targets_equal_the_codecs() -> None:
    # At three times the size, the middle of a pixel stays in the middle of one.
    points = 2 * (np.floor(POINTS / 2) + 0.5)
    teacher = Teacher(lambda _, side: drawn_by_the_codec(points * side / SIZE, side))
    targets = dense_targets(teacher, view(3 * SIZE), SIZE, CROWDPOSE14, True)
    assert np.abs(targets.fine - drawn_by_the_codec(points, SIZE)).max() < 0.06


def test_tags_are_read_where_the_teacher_finds_joints() -> None:
    targets = dense_targets(Teacher(drawn_exactly), view(2 * SIZE), SIZE, CROWDPOSE14, True)
    joint, y, x = np.unravel_index(targets.tag_cells, (14, SIZE // 4, SIZE // 4))
    nearest = np.linalg.norm(POINTS[:, joint] / 4 - np.stack([x, y], axis=1) - 0.5, axis=2).min(axis=0)
    assert len(joint) >= 14
    assert nearest.max() < 1
    assert set(targets.tag_people) == set(range(targets.tag_people.max() + 1))


def test_the_mirrored_view_has_the_mirrored_targets() -> None:
    weights = np.random.default_rng(1).uniform(size=(14, 3)).astype(np.float32)

    def one_sided(images: Image) -> tuple[Image, Image]:
        """Sees other things on the left than on the right."""
        small = images[:, ::2, ::2].astype(np.float32) / 255
        small *= np.linspace(0, 1, small.shape[2], dtype=np.float32)[:, None]
        maps = np.ascontiguousarray(np.moveaxis(small @ weights.T, 3, 1))
        return maps, np.ascontiguousarray(maps[:, :, ::2, ::2])

    image = np.random.default_rng(2).integers(0, 256, (128, 128, 3), np.uint8)
    plain, mirrored = (dense_targets(one_sided, v, 96, CROWDPOSE14, True) for v in (image, image[:, ::-1]))
    assert mirrored.fine == pytest.approx(plain.fine[MIRROR, :, ::-1], abs=1e-6)


def test_the_teacher_sees_a_network_size() -> None:
    assert [teacher_resolution(s, f) for s, f in ((256, 1.5), (448, 1.3), (320, 1.0), (64, 1.1))] == [384, 576, 320, 64]


@pytest.mark.parametrize("seed", range(6))
def test_photos_are_never_enlarged(seed: int) -> None:
    rng = np.random.default_rng(seed)
    settings = AugmentSettings(scale=(0.5, 3.0), stretch=0.3, enlarge=0.9)
    for rect in [*whole_view(448), *random_quarters(rng, 448)]:
        tile = random_tile(rng, np.zeros((120, 200, 3), np.uint8), rect, settings)
        assert np.linalg.svd(tile.matrix[:, :2], compute_uv=False).max() <= 0.9 + 1e-9


@pytest.mark.parametrize("seed", range(4))
def test_four_photos_cover_a_mosaic(seed: int) -> None:
    rng = np.random.default_rng(seed)
    settings = AugmentSettings(rotation_deg=0, scale=(1.0, 1.0), shift=0, colour=0, blur=0)
    rects = random_quarters(rng, 64)
    tiles = [random_tile(rng, np.full((90, 90, 3), 50 * (i + 1), np.uint8), r, settings) for i, r in enumerate(rects)]
    for resolution in (64, 96, 128):
        shown = render(tiles, 64, resolution)[..., 0]
        middles = [(np.array([y0 + y1, x0 + x1]) / 128 * resolution).astype(int) for x0, y0, x1, y1 in rects]
        assert [shown[y, x] for y, x in middles] == [50, 100, 150, 200]
    whole = np.zeros((64, 64), int)
    for x0, y0, x1, y1 in rects:
        whole[y0:y1, x0:x1] += 1
    assert (whole == 1).all()


@pytest.mark.parametrize("resolution", [96, 128, 192])
def test_a_view_shows_the_same_at_every_resolution(resolution: int) -> None:
    rng = np.random.default_rng(3)
    photo = cv2.circle(np.zeros((300, 300, 3), np.uint8), (140, 160), 30, (255, 255, 255), -1)
    settings = AugmentSettings(shift=0, colour=0, blur=0)
    tiles = [random_tile(rng, photo, rect, settings) for rect in whole_view(96)]
    small = render(tiles, 96, 96).astype(float)
    large = cv2.resize(render(tiles, 96, resolution), (96, 96), interpolation=cv2.INTER_AREA).astype(float)
    ys, xs = np.indices(small.shape[:2])
    for m in (xs, ys):
        assert (m * small[..., 0]).sum() / small[..., 0].sum() == pytest.approx(
            (m * large[..., 0]).sum() / large[..., 0].sum(), abs=0.06
        )


@pytest.fixture
def batches(tmp_path: Path) -> DenseBatches:
    for i in range(5):
        photo = np.random.default_rng(i).integers(0, 256, (80, 100, 3), np.uint8)
        cv2.imwrite(str(tmp_path / f"{i}.png"), cv2.GaussianBlur(photo, (0, 0), 3))

    def teach(view: View) -> Targets:
        seen = render(view.tiles, view.size, 2 * view.size)
        seen = cv2.resize(seen, (view.size // 2, view.size // 2), interpolation=cv2.INTER_AREA)
        fine = np.tile(seen[None, ..., 0].astype(np.float32) / 255, (14, 1, 1))
        return Targets(None, fine, None, None, np.array([7]), np.array([0]))

    photos = find_photos(tmp_path)
    return DenseBatches(
        photos, None, lambda step, number: number % 5, teach, {64: 0.0, 96: 1.0}, STILL, CROWDPOSE14, False
    )


@pytest.mark.parametrize("size", [64, 96])
def test_a_batch_is_a_function_of_seed_and_step(batches: DenseBatches, size: int) -> None:
    first, again = (batches(3, size, [6, 7], (1, 3, 0)) for _ in range(2))
    assert torch.equal(first.images, again.images)
    assert torch.equal(first.fine, again.fine)
    assert first.tag_cells.tolist() == [7, 7 + 14 * (size // 4) ** 2]
    assert first.person_images.tolist() == [0, 1]
    other = batches(3, size, [6, 7], (1, 3, 1))
    assert size == 64 or not torch.equal(first.images, other.images)


def test_both_see_the_same_view(batches: DenseBatches) -> None:
    for step in range(4):
        batch = batches(step, 96, [0, 1], (1, step, 0))
        blue = batch.images[:, 2]
        shown = torch.nn.functional.avg_pool2d(blue[:, None], 2)[:, 0].flatten()
        assert np.corrcoef(shown, batch.fine[:, 0].flatten())[0, 1] > 0.99


def test_without_a_coarse_target_the_decoded_map_is_taught() -> None:
    coarse = torch.zeros(1, 28, 8, 8)
    coarse[:, :14] = 0.6
    fine = torch.full((1, 14, 16, 16), 0.2)
    none = torch.zeros(0, dtype=torch.long)
    batch = Batch(torch.zeros(1, 3, 32, 32), None, torch.full_like(fine, 0.4), None, None, none, none, none)
    assert float(pose_losses(coarse, fine, batch, LossSettings(10.0)).heatmap) == pytest.approx(0, abs=1e-9)
    assert float(pose_losses(coarse, fine + 0.2, batch, LossSettings()).heatmap) == pytest.approx(0.01)
