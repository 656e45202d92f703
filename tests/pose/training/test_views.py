"""Views made in batches: pixels, keypoints and masks move together."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from pose.codec import HEATMAP_STRIDE, local_maxima, refine_peaks
from pose.skeleton import BODY19, CROWDPOSE14
from pose.training.augment import AugmentSettings
from pose.training.bank import make_bank
from pose.training.sources import LabelledPhoto, unlabelled_photo
from pose.training.view_targets import LabelledJoints, find_joints, make_view_targets, render, silent
from pose.training.views import draw, place, recolour, stitch

CPU = torch.device("cpu")
SIDE = 128
WILD = AugmentSettings(rotation_deg=40, scale=(0.6, 1.4), stretch=0.2, shift=0.1, flip=0.5, enlarge=9)


def photo(rng, people=2, joints=None, unknown=(), size=(160, 100), squeezed=False):
    keypoints = (rng.uniform(0.15, 0.85, (people, 19, 2)) * size).astype(np.float32)
    return LabelledPhoto(
        Path("x.png"), size, keypoints, np.ones((people, 19), np.float32),
        np.tile(np.float32([0, 0, *size]), (people, 1)), np.array(unknown, np.float32).reshape(-1, 4),
        np.ones(19, bool) if joints is None else joints, squeezed,
    )  # fmt: skip


def dotted(photos):
    """Canvases with a bright dot at the first joint of the first person."""
    canvases = np.zeros((len(photos), SIDE, SIDE, 3), np.uint8)
    for canvas, p in zip(canvases, photos, strict=True):
        if len(p.keypoints):
            x, y = ((p.keypoints[0, 0] + 0.5) / p.size_wh * SIDE).astype(int)
            canvas[y - 2 : y + 3, x - 2 : x + 3] = 255
    return torch.from_numpy(canvases)


def test_pixels_and_keypoints_move_together(rng):
    photos = [photo(rng) for _ in range(12)]
    bank = make_bank(photos, dotted(photos))
    placement = place(rng, bank, np.arange(12), 96, replace(WILD, flip=0))
    views, found = draw(bank, placement, CPU), find_joints(bank, placement)
    seen = 0
    for i in range(12):
        row = np.flatnonzero(found.views == i)[0]
        if (
            found.weights[row, 0] == 0
            or not (found.keypoints[row, 0] > 8).all()
            or not (found.keypoints[row, 0] < 88).all()
        ):
            continue
        light = views[i, 0]
        ys, xs = torch.meshgrid(torch.arange(96) + 0.5, torch.arange(96) + 0.5, indexing="ij")
        centre = [float((axis * light).sum() / light.sum()) for axis in (xs, ys)]
        assert centre == pytest.approx(found.keypoints[row, 0].tolist(), abs=1.2)
        seen += 1
    assert seen >= 6


@pytest.mark.parametrize("scale", [0.4, 1.0])
def test_a_peak_read_from_the_target_is_the_pixel_that_the_label_names(rng, scale):
    """Whatever the scale: no half pixel is lost between a photo, its view and the decoder."""
    side, at = 160, np.array([60.0, 90.0], np.float32)
    labelled = photo(rng, people=1, size=(side, side))
    labelled.keypoints[:] = at
    canvas = np.zeros((1, side, side, 3), np.uint8)
    canvas[0, int(at[1]) - 2 : int(at[1]) + 3, int(at[0]) - 2 : int(at[0]) + 3] = 255
    bank = make_bank([labelled], torch.from_numpy(canvas)).for_skeleton(CROWDPOSE14)
    still = AugmentSettings(rotation_deg=0, scale=(scale, scale), stretch=0, shift=0.1, flip=0.5)
    gaps = []
    for _ in range(30):
        placement = place(rng, bank, np.zeros(1, np.int64), side, still)
        light = draw(bank, placement, CPU)[0, 0].numpy()
        shown_xy = [(np.arange(side) * light.sum(axis=axis)).sum() / light.sum() for axis in (0, 1)]
        target = make_view_targets(bank, placement, None, CPU).heatmaps[0, :1].numpy()
        joint, ys, xs = local_maxima(target, 0.5)
        read_xy = HEATMAP_STRIDE * (refine_peaks(target, joint, ys, xs)[0] + 0.5)
        gaps.append(read_xy - shown_xy)
    assert np.abs(np.mean(gaps, axis=0)).max() < 0.1


def test_mirrored_views_rename_joints(rng):
    bank = make_bank([photo(rng)], torch.zeros(1, SIDE, SIDE, 3, dtype=torch.uint8))
    placement = place(
        rng, bank, np.zeros(1, np.int64), 64, AugmentSettings(rotation_deg=0, scale=(1, 1), shift=0, flip=1)
    )
    assert placement.mirrored.all()
    found = find_joints(bank, placement)
    direct = bank.keypoints[:, list(BODY19.flip_index)] @ placement.matrices[0, :, :2].T + placement.matrices[0, :, 2]
    assert found.keypoints == pytest.approx(direct, abs=1e-3)


def test_true_proportions_are_kept_and_lost_ones_vary(rng):
    still = AugmentSettings(rotation_deg=0, scale=(1, 1), stretch=0, shift=0, flip=0, enlarge=9)
    photos = [photo(rng, size=(160, 100)), photo(rng, size=(100, 100), squeezed=True)]
    bank = make_bank(photos, torch.zeros(2, 8, 8, 3, dtype=torch.uint8))
    matrices = place(rng, bank, np.repeat([0, 1], 40), 64, still).matrices
    aspect = matrices[:, 0, 0] / matrices[:, 1, 1]
    assert aspect[:40] == pytest.approx(1.6)
    assert len(set(aspect[40:].round(3))) == 3


def test_photos_are_not_enlarged_beyond_the_limit(rng):
    bank = make_bank([photo(rng, size=(50, 40))], torch.zeros(1, 64, 64, 3, dtype=torch.uint8))
    matrices = place(rng, bank, np.zeros(30, np.int64), 200, replace(WILD, stretch=0, enlarge=1.5)).matrices
    enlarged = np.linalg.norm(matrices[:, :, :2], axis=1) / (50, 40)
    assert enlarged.max() <= 1.5 + 1e-5


def test_peaks_stand_where_the_decoder_reads_them():
    joints = LabelledJoints(np.full((1, 14, 2), 21.5, np.float32), np.eye(14, dtype=np.float32)[:1], np.array([1]))
    heatmaps, weights = render(joints, 2, 64, torch.zeros(2, 14, 32, 32, dtype=torch.bool))
    assert heatmaps[1, 0, 10, 10] == 1  # cell 10 is read as pixel 21
    assert (heatmaps[0] == 0).all() and (heatmaps[1, 1:] == 0).all()
    assert (weights == 1).all()


def test_targets_have_the_shape_of_the_decoded_map():
    """Which is the mean of both resolutions' maps, each with peaks of two of its own pixels."""
    joints = LabelledJoints(np.full((1, 14, 2), 65.5, np.float32), np.eye(14, dtype=np.float32)[:1], np.array([0]))
    heatmaps, _ = render(joints, 1, 128, torch.zeros(1, 14, 64, 64, dtype=torch.bool))
    away = torch.arange(12.0)
    expected = (torch.exp(-away.square() / 8) + torch.exp(-away.square() / 32)) / 2
    assert torch.allclose(heatmaps[0, 0, 32, 32:44], expected, atol=1e-6)
    assert torch.allclose(heatmaps[0, 0, 32:44, 32], expected, atol=1e-6)


def test_confidence_is_the_weight_near_a_joint_even_in_unknown_regions():
    joints = LabelledJoints(np.full((1, 14, 2), 21.5, np.float32), np.full((1, 14), 0.25, np.float32), np.array([0]))
    _, weights = render(joints, 1, 64, torch.ones(1, 14, 32, 32, dtype=torch.bool))
    assert weights[0, :, 10, 10].tolist() == pytest.approx([0.25] * 14)
    assert weights[0, 0, 30, 30] == 0


def test_labels_are_silent_in_regions_and_about_joints_they_lack(rng):
    still = AugmentSettings(rotation_deg=0, scale=(1, 1), stretch=0, shift=0, flip=0, enlarge=9)
    known = np.arange(19) != 3
    bank = make_bank(
        [photo(rng, joints=known, unknown=[[0, 0, 50, 100]], size=(100, 100))],
        torch.zeros(1, 8, 8, 3, dtype=torch.uint8),
    )
    quiet = silent(bank, place(rng, bank, np.zeros(1, np.int64), 64, still), CPU)
    assert quiet[0, :, :, :16].all() and not quiet[0, known, :, 16:].any()
    assert quiet[0, 3].all()


def test_joints_without_a_label_are_silent_within_their_person(rng):
    still = AugmentSettings(rotation_deg=0, scale=(1, 1), stretch=0, shift=0, flip=0, enlarge=9)
    one = photo(rng, people=1, size=(100, 100))
    weights = one.weights.copy()
    weights[0, 5] = 0
    one = replace(one, weights=weights, boxes=np.array([[0, 0, 100, 50]], np.float32))
    bank = make_bank([one], torch.zeros(1, 8, 8, 3, dtype=torch.uint8))
    quiet = silent(bank, place(rng, bank, np.zeros(1, np.int64), 64, still), CPU)
    assert quiet[0, 5, :16].all() and not quiet[0, 5, 16:].any() and not quiet[0, 4].any()


def test_a_photo_without_labels_trains_nothing_but_its_surroundings(rng):
    bank = make_bank([unlabelled_photo(Path("x"), (100, 100))], torch.zeros(1, 8, 8, 3, dtype=torch.uint8))
    still = AugmentSettings(rotation_deg=0, scale=(0.5, 0.5), stretch=0, shift=0, flip=0)
    targets = make_view_targets(bank, place(rng, bank, np.zeros(1, np.int64), 64, replace(still)), None, CPU)
    assert (targets.heatmaps == 0).all() and len(targets.tag_cells) == len(targets.person_images) == 0


def test_four_photos_make_one_view(rng):
    photos = [photo(rng) for _ in range(4)]
    bank = make_bank(photos, dotted(photos)).for_skeleton(CROWDPOSE14)
    single, quarters = place(rng, bank, np.array([2]), 64, WILD), place(rng, bank, np.arange(4), 32, WILD)
    both = make_view_targets(bank, single, quarters, CPU)
    assert both.heatmaps.shape == (2, 14, 32, 32)
    views = stitch(draw(bank, quarters, CPU))
    assert views.shape == (1, 3, 64, 64)
    assert torch.equal(views[0, :, 32:, :32], draw(bank, quarters, CPU)[2])
    assert both.tag_people.unique().tolist() == list(range(len(both.person_images)))
    cells = both.tag_cells // (14 * 16 * 16)
    assert torch.equal(cells, both.person_images[both.tag_people])
    columns = both.tag_cells % 16
    alone = make_view_targets(bank, single, None, CPU)
    assert torch.allclose(alone.heatmaps[0], both.heatmaps[0])
    assert columns.max() < 16


def test_colours_change_but_stay_colours(rng):
    views = torch.rand(6, 3, 16, 16) * 255
    changed = recolour(rng, views, AugmentSettings(colour=0.5, blur=0.5, grey=0.5))
    assert changed.shape == views.shape and changed.min() >= 0 and changed.max() <= 255
    assert not torch.allclose(changed, views)
    assert torch.equal(recolour(rng, views, AugmentSettings(colour=0, blur=0, grey=0)), views)
