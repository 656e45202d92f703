"""The product's decoder against the plain transcription of the published one, on made-up maps."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from benchmarks import reference_decoder
from benchmarks.readme_table import BEGIN, END, replace_between_markers
from pose.codec import decode, encode
from pose.estimator import load_estimator
from pose.evaluation.coco_labels import read_labels
from pose.evaluation.evaluate import first_images, map_joints, predict, score
from pose.models.litepose import build_litepose
from pose.preprocess import fit_to_network
from pose.skeleton import CROWDPOSE14
from pose.types import Poses
from tests.fakes import standing_person

SIDE = 96


def scene_maps(seed: int, num_people: int, num_tags: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """People in separate columns, all joints visible: keypoints (N, 14, 2), heatmaps, tags at half resolution."""
    rng = np.random.default_rng(seed)
    column = SIDE / num_people
    middles = (np.arange(num_people) + 0.5) * column
    points = np.stack([standing_person(CROWDPOSE14, x, 0.3 * SIDE, 0.55 * SIDE) for x in middles]).astype(np.float64)
    points += rng.uniform(-1.5, 1.5, points.shape)
    heatmaps = encode(points.astype(np.float32), np.ones((num_people, 14), bool), (SIDE, SIDE))
    tags = np.repeat(np.floor(np.arange(SIDE // 2) / (column / 2)) * 4, SIDE // 2).reshape(SIDE // 2, SIDE // 2).T
    return points, heatmaps, np.broadcast_to(tags, (num_tags, 14, *tags.shape)).astype(np.float32)


@pytest.mark.parametrize("num_tags", [1, 2])
@pytest.mark.parametrize("seed", range(5))
def test_the_product_finds_the_people_of_the_published_decoder(seed: int, num_tags: int) -> None:
    _, heatmaps, tags = scene_maps(seed, 3, num_tags)
    keypoints, scores, _ = decode(heatmaps, tags, CROWDPOSE14)
    large_tags = torch.nn.functional.interpolate(torch.from_numpy(tags.copy()), scale_factor=2, mode="bilinear")
    reference = reference_decoder.decode(torch.from_numpy(heatmaps)[None], large_tags, CROWDPOSE14.grouping_order)
    assert len(keypoints) == len(reference.keypoints) == 3
    ours, theirs = np.argsort(keypoints[:, 0, 0]), np.argsort(reference.keypoints[:, 0, 0])
    # Both in network pixels; the published positions are quarters of a pixel, ours a parabola's vertex.
    np.testing.assert_allclose(keypoints[ours] * 2, reference.keypoints[theirs], atol=1.0)
    # The published scores are read from the upsampled map, whose peaks are lower by interpolation.
    np.testing.assert_allclose(scores[ours], reference.scores[theirs], atol=0.1)


def test_the_published_decoder_finds_what_was_drawn() -> None:
    points, heatmaps, tags = scene_maps(0, 3)
    large_tags = torch.nn.functional.interpolate(torch.from_numpy(tags.copy()), scale_factor=2, mode="bilinear")
    found = reference_decoder.decode(torch.from_numpy(heatmaps)[None], large_tags, CROWDPOSE14.grouping_order)
    order = np.argsort(found.keypoints[:, 0, 0])
    np.testing.assert_allclose(found.keypoints[order], points * 2, atol=2.0)


def test_nothing_on_the_map_is_nobody() -> None:
    zeros = torch.zeros(1, 14, 32, 32)
    assert len(reference_decoder.decode(zeros, zeros, CROWDPOSE14.grouping_order).keypoints) == 0


@pytest.mark.parametrize("image_hw", [(480, 640), (640, 480), (422, 640), (300, 300), (1080, 1920)])
def test_the_product_fits_images_as_the_published_code(image_hw: tuple[int, int]) -> None:
    image, matrix = reference_decoder.preprocess(np.zeros((*image_hw, 3), np.uint8), 448)
    fit = fit_to_network(image_hw, 448)
    assert tuple(image.shape[2:]) == fit.network_hw
    np.testing.assert_allclose(matrix, fit.matrix)


@pytest.mark.slow
@pytest.mark.clips
def test_the_product_is_as_accurate_as_the_published_inference_on_photos(shared_dir: Path) -> None:
    labels = first_images(read_labels(shared_dir / "data/eval/person_keypoints.json"), 30)
    weights = shared_dir / "weights/litepose_m_crowdpose.pth"
    estimator = load_estimator(weights=weights, engine="torch", device="cpu", precision="fp32", input_size=256)
    network = build_litepose("litepose-m", 14)
    network.load_state_dict(torch.load(weights, weights_only=True, map_location="cpu"))
    network.eval()

    def published(image_bgr: np.ndarray) -> Poses:
        found = reference_decoder.estimate(
            network, image_bgr, CROWDPOSE14.flip_index, CROWDPOSE14.grouping_order, input_size=256, flip=False
        )
        return Poses(*(np.asarray(a, np.float32) for a in (found.keypoints, found.scores, found.confidence)))

    joints = map_joints(labels.skeleton, CROWDPOSE14, "shared")
    folder = shared_dir / "data/eval/images"
    ours, theirs = (score(labels, list(predict(call, labels, folder)), joints) for call in (estimator, published))
    assert theirs.metrics["AP"] > 0.25  # it sees the people at all
    assert ours.metrics["AP"] > theirs.metrics["AP"] - 0.01


def test_the_table_replaces_only_what_is_between_the_markers() -> None:
    text = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    new = replace_between_markers(text, "table")
    assert new == f"before\n{BEGIN}\n\ntable\n{END}\nafter\n" == replace_between_markers(new, "table")
    with pytest.raises(SystemExit):
        replace_between_markers("no markers", "table")
