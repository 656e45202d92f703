import numpy as np
import pytest

from pose.codec import DecodeSettings, decode, encode, find_candidates, sample_tags
from pose.skeleton import COCO17, CROWDPOSE14
from tests.tracking.walkers import Walker

HW = (128, 160)


def maps_of(people, tag_of_person, skeleton=CROWDPOSE14, hw=HW, tag_sets=1):
    """Heatmaps and tag maps that a perfect network would give for the people (N, K, 2) in heatmap pixels."""
    heatmaps = encode(people, np.isfinite(people[..., 0]), hw)
    tags = np.zeros((tag_sets, skeleton.num_keypoints, hw[0] // 2, hw[1] // 2), np.float32)
    for person, tag in zip(people, tag_of_person, strict=True):
        for joint, (x, y) in enumerate(person):
            if np.isfinite(x):
                row, column = int(y) // 2, int(x) // 2
                tags[:, joint, max(0, row - 2) : row + 3, max(0, column - 2) : column + 3] = tag
    return heatmaps, tags


def grid_people(count, rng, skeleton=CROWDPOSE14, hw=HW):
    """People side by side, each in a column of their own."""
    step = hw[1] / count
    height = min(4.5 * step, 0.85 * hw[0])
    people = [Walker((i + 0.5) * step, rng.uniform(0.98, 1.02) * (hw[0] + height) / 2, height) for i in range(count)]
    return np.floor(np.stack([p.keypoints(0, skeleton) for p in people])).astype(np.float32) + 0.5


def matched(found, truth):
    """For each true person the found person whose joints are nearest."""
    distance = np.linalg.norm(found[:, None] - truth[None], axis=3).max(axis=2)
    return distance.argmin(axis=0), distance.min(axis=0)


@pytest.mark.parametrize("skeleton", [CROWDPOSE14, COCO17])
@pytest.mark.parametrize("count", [1, 2, 7])
def test_decodes_what_it_encodes(count, skeleton, rng):
    people = grid_people(count, rng, skeleton)
    keypoints, scores, confidence = decode(*maps_of(people, 3.0 * np.arange(count), skeleton), skeleton)
    assert len(keypoints) == count
    owners, errors = matched(keypoints, people)
    assert sorted(owners) == list(range(count))
    assert errors.max() < 0.01
    assert (scores == 1).all() and (confidence == 1).all()


@pytest.mark.parametrize("count", [20, 30, 40])
def test_no_person_is_invented_or_lost_in_a_crowd(count, rng):
    hw = (512, 1024)
    people = grid_people(count, rng, hw=hw)
    tags = 0.9 * np.arange(count)  # neighbours along the chain are within the tag threshold of each other
    keypoints, _, _ = decode(*maps_of(people, tags, hw=hw), CROWDPOSE14, DecodeSettings(max_people=50))
    assert len(keypoints) == count


@pytest.mark.parametrize("tags", [[0.0, 0.0], [0.0, 0.3], [0.6, 0.0]])
def test_people_of_nearly_equal_tags_come_out_as_two(tags, rng):
    """Every joint with its own body: tags follow the place, so people side by side have about the same."""
    people = grid_people(2, rng)
    for scale in (1.0, 0.9, 0.8):  # the order of the peaks by height is another for every joint
        heatmaps, tag_maps = maps_of(people, tags)
        heatmaps[::2, :, : HW[1] // 2] *= scale
        keypoints, _, _ = decode(heatmaps, tag_maps, CROWDPOSE14)
        owners, errors = matched(keypoints, people)
        assert sorted(owners) == [0, 1] and errors.max() < 0.01


@pytest.mark.parametrize("turn", [0.0, 0.5, 1.0, 1.5])
def test_one_person_stays_one_whatever_the_posture(turn, rng):
    """Upright, lying, upside down."""
    person = grid_people(1, rng)[0] - (HW[1] / 2, HW[0] / 2)
    c, s = np.cos(np.pi * turn), np.sin(np.pi * turn)
    person = np.floor(person @ np.array([[c, s], [-s, c]]) + (HW[1] / 2, HW[0] / 2)).astype(np.float32) + 0.5
    keypoints, scores, _ = decode(*maps_of(person[None], [2.0]), CROWDPOSE14)
    assert len(keypoints) == 1 and (scores == 1).all()


def test_a_joint_out_of_reach_of_the_body_is_another_persons(rng):
    """The only wrist found has the tag of a person who stands too far away for it."""
    near, far = grid_people(2, rng, hw=(128, 500))
    far[[k for k in range(14) if k != 4]] = np.nan
    heatmaps, tags = maps_of(np.stack([near, far]), [0.0, 0.1], hw=(128, 500))
    heatmaps[4, :, :250] = 0
    keypoints, scores, _ = decode(heatmaps, tags, CROWDPOSE14)
    assert len(keypoints) == 2
    assert np.isnan(keypoints[0, 4]).all() and scores[1, 4] == 1


def test_a_guess_stays_within_reach_of_the_body(rng):
    """Something faint with the person's tag, three body heights away, is no hidden wrist."""
    people = grid_people(1, rng, hw=(128, 160))
    people[0, 4] = np.nan
    wide = (128, 640)
    heatmaps, tags = maps_of(people, [1.0], hw=wide)
    heatmaps[4, 60, 600], tags[:, 4] = 0.05, 1.0
    assert np.isnan(decode(heatmaps, tags, CROWDPOSE14)[0][0, 4]).all()
    heatmaps[4, 60, 80] = 0.02
    assert np.allclose(decode(heatmaps, tags, CROWDPOSE14)[0][0, 4], (80.5, 60.5), atol=0.5)


def test_empty_maps_give_nobody():
    keypoints, scores, confidence = decode(
        np.zeros((14, *HW), np.float32), np.zeros((1, 14, 64, 80), np.float32), CROWDPOSE14
    )
    assert keypoints.shape == (0, 14, 2) and scores.shape == (0, 14) and confidence.shape == (0,)


def test_missing_joints_are_nan_with_score_zero(rng):
    people = grid_people(2, rng)
    people[0, 3] = np.nan
    keypoints, scores, _ = decode(*maps_of(people, [0, 5]), CROWDPOSE14)
    np.testing.assert_array_equal(np.isnan(keypoints[..., 0]), scores == 0)
    assert np.isnan(keypoints[:, 3, 0]).sum() == 1


@pytest.mark.parametrize("hw", [HW, (HW[0] - 1, HW[1] - 3)])
def test_a_weak_joint_is_filled_from_its_own_persons_tag(rng, hw):
    people = grid_people(2, rng, hw=(HW[0] - 8, HW[1] - 8))
    heatmaps, tags = maps_of(people, [0, 5], hw=hw)
    heatmaps[4] *= 0.05  # both wrists fall below the detection threshold
    keypoints, scores, _ = decode(heatmaps, tags, CROWDPOSE14)
    owners, errors = matched(keypoints, people)
    assert errors.max() < 0.01 and sorted(owners) == [0, 1]
    assert np.allclose(scores[:, 4], 0.05, atol=0.001)
    unfilled, _, _ = decode(heatmaps, tags, CROWDPOSE14, DecodeSettings(fill=False))
    assert np.isnan(unfilled[:, 4]).all()


def test_filling_never_takes_a_neighbours_joint(rng):
    people = grid_people(2, rng)
    people[1, 4] = np.nan
    heatmaps, tags = maps_of(people, [0.0, 0.6])  # tags so near that the neighbour's wrist would pass
    keypoints, _, _ = decode(heatmaps, tags, CROWDPOSE14)
    wrists = keypoints[:, 4]
    assert len(wrists) == 2 and np.isfinite(wrists[:, 0]).sum() == 1


def test_confidence_counts_missing_joints_as_zero(rng):
    people = grid_people(1, rng)
    people[0, :7] = np.nan
    _, _, confidence = decode(*maps_of(people, [1.0]), CROWDPOSE14)
    assert confidence[0] == pytest.approx(0.5)


def test_the_most_confident_people_are_kept(rng):
    people = grid_people(3, rng)
    heatmaps, tags = maps_of(people, [0, 4, 8])
    columns = slice(0, int(HW[1] / 3))
    heatmaps[:, :, columns] *= 0.5
    keypoints, _, confidence = decode(heatmaps, tags, CROWDPOSE14, DecodeSettings(max_people=2))
    assert len(keypoints) == 2 and (confidence > 0.9).all()
    assert (keypoints[..., 0] > columns.stop).all()


def test_a_plateau_is_one_peak():
    heatmap = np.zeros((20, 20), np.float32)
    heatmap[10, 10:12] = 0.7
    assert len(find_candidates(heatmap[None], np.zeros((1, 1, 10, 10), np.float32), 0.1, 30)[0].scores) == 1


def test_subpixel_refinement_recovers_a_shifted_gaussian():
    y, x = np.mgrid[:40, :40]
    for true_x, true_y in [(20.0, 20.0), (20.3, 19.6), (19.75, 20.45)]:
        heatmap = np.exp(-((x - true_x) ** 2 + (y - true_y) ** 2) / 8).astype(np.float32)
        point = find_candidates(heatmap[None], np.zeros((1, 1, 20, 20), np.float32), 0.1, 30)[0].points[0]
        np.testing.assert_allclose(point, [true_x, true_y], atol=0.06)


def test_sampled_tags_equal_resized_tag_maps(rng):
    import torch

    tags = rng.normal(size=(2, 16, 24)).astype(np.float32)
    resized = torch.nn.functional.interpolate(torch.tensor(tags)[None], size=(32, 48), mode="bilinear")[0].numpy()
    ys, xs = np.divmod(np.arange(32 * 48), 48)
    np.testing.assert_allclose(
        sample_tags(tags[:, None], np.zeros(len(xs), int), ys, xs, (32, 48)), resized[:, ys, xs].T, atol=1e-5
    )


@pytest.mark.parametrize("point", [(15.4, 12.9), (0.0, 0.0), (31.9, 23.5)])
def test_targets_are_gaussians_cut_at_three_sigma_on_the_points_pixel(point):
    (found,) = encode(np.array([[point]], np.float32), np.ones((1, 1), bool), (24, 32))
    y, x = np.mgrid[:24, :32]
    dx, dy = x - np.floor(point[0]), y - np.floor(point[1])
    wanted = np.where(np.maximum(abs(dx), abs(dy)) <= 7, np.exp(-(dx**2 + dy**2) / (2 * 2.0**2)), 0)
    np.testing.assert_allclose(found, wanted, atol=1e-6)


def test_hidden_joints_leave_no_target_and_near_ones_share_the_higher():
    people = np.array([[[10, 10], [5, 5]], [[13, 10], [20, 20]]], np.float32)
    visible = np.array([[True, False], [True, True]])
    maps = encode(people, visible, (32, 32))
    alone = [encode(people[i : i + 1], visible[i : i + 1], (32, 32)) for i in (0, 1)]
    np.testing.assert_array_equal(maps, np.maximum(*alone))
    assert maps[1, 5, 5] == 0 and maps[1].max() == 1


@pytest.mark.parametrize(("apart", "peaks"), [((0, 1), 1), ((2, 2), 1), ((0, 3), 2), ((3, 0), 2)])
def test_equal_maxima_are_one_peak_if_neighbours_and_two_otherwise(apart, peaks):
    heatmaps = np.zeros((2, 20, 24), np.float32)
    heatmaps[:, 9, 10] = heatmaps[1, 9 + apart[0], 10 + apart[1]] = 0.7
    heatmaps[0, 19, 23] = 0.7  # at the end of the joint before
    found = find_candidates(heatmaps, np.zeros((1, 2, 10, 12), np.float32), 0.1, 30)
    assert [len(c.scores) for c in found] == [2, peaks]


def test_the_highest_peaks_are_taken_and_the_limit_holds(rng):
    heights = rng.permutation(np.linspace(0.2, 0.9, 12)).astype(np.float32)
    heatmaps = np.zeros((1, 16, 64), np.float32)
    heatmaps[0, 8, 2::5] = [*heights, 0.05]
    (found,) = find_candidates(heatmaps, np.zeros((1, 1, 8, 32), np.float32), 0.1, 5)
    assert found.scores.tolist() == sorted(heights.tolist(), reverse=True)[:5]
    assert found.points[:, 1].tolist() == [8] * 5


@pytest.mark.parametrize("edge", [(0, 0), (0, 19), (15, 0), (15, 19)])
def test_peaks_at_the_edge_of_the_map_stay_in_it(edge):
    heatmaps = np.zeros((1, 16, 20), np.float32)
    heatmaps[0][edge] = 0.8
    (found,) = find_candidates(heatmaps, np.zeros((1, 1, 8, 10), np.float32), 0.1, 5)
    assert np.abs(found.points[0] - edge[::-1]).max() <= 0.5


def test_encode_ignores_points_outside(rng):
    people = np.array([[[-3, 5], [400, 400], [10, 10]]], np.float32)
    maps = encode(people, np.ones((1, 3), bool), (32, 32))
    assert maps[0].max() == 0 and maps[1].max() == 0 and maps[2].max() == 1


def test_two_guesses_are_no_farther_apart_than_a_segment_is_long(rng):
    people = grid_people(1, rng, hw=(128, 160))
    people[0, [8, 10]] = np.nan  # left knee and ankle
    heatmaps, tags = maps_of(people, [1.0])
    tags[:, [8, 10]] = 1.0
    x, y = people[0, 6].astype(int)  # the hip
    heatmaps[8, y + 5, x - 30] = 0.05
    heatmaps[10, y + 10, x + 55] = 0.05  # as far from the hip as an ankle may be, but not from that knee
    keypoints, scores, _ = decode(heatmaps, tags, CROWDPOSE14)
    assert np.isnan(keypoints[0, 10]).all() and scores[0, 10] == 0
    heatmaps[10] = 0
    heatmaps[10, y + 30, x - 30] = 0.05
    assert np.isfinite(decode(heatmaps, tags, CROWDPOSE14)[0][0, [8, 10]]).all()
