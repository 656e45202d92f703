"""The second stage as a whole, with made-up networks and, on photos, with the real one."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from app.settings import DECODE
from pose.decode_settings import DecodeSettings
from pose.engines.base import Engine
from pose.errors import SettingsError, WeightsError
from pose.estimator import EstimateTimes, PoseEstimator, load_estimator
from pose.preprocess import fit_to_network
from pose.skeleton import COCO17, CROWDPOSE14, Skeleton
from pose.tensors import HEATMAPS, PIXELS, TAGS
from pose.topdown.crops import Crops
from pose.topdown.estimator import InferredImage, RefinedEstimator, with_refinement
from pose.topdown.heatmaps import encode
from pose.topdown.merging import person_areas, similarity
from pose.topdown.refiner import BATCHES, HeatmapCrops, LitePoseCrops, PoseRefiner, batches
from pose.topdown.settings import RefineSettings
from pose.types import Poses
from pose.weights.file import WeightsSpec
from tests.fakes import standing_person

IMAGE = np.zeros((240, 320, 3), np.uint8)


def people(*heights: float, score: float = 0.5, skeleton: Skeleton = CROWDPOSE14) -> Poses:
    keypoints = np.stack([standing_person(skeleton, 20 + 40 * n, 60, height) for n, height in enumerate(heights)])
    return Poses(keypoints, np.full(keypoints.shape[:2], score, np.float32), np.full(len(heights), score, np.float32))


@dataclass
class Shifted:
    """Sees everybody a pixel farther right, for sure."""

    skeleton: Skeleton = CROWDPOSE14
    crop_hw: tuple[int, int] = (64, 64)
    asked: list[int] = field(default_factory=list)

    def propose(self, images: NDArray[np.uint8], crops: Crops, poses: Poses) -> Poses:
        assert images.shape == (len(poses), *self.crop_hw, 3) and len(crops) == len(poses)
        self.asked.append(len(poses))
        return Poses(poses.keypoints + np.float32([1, 0]), np.ones_like(poses.scores), poses.confidence)


def changed(before: Poses, after: Poses) -> list[bool]:
    return [not np.array_equal(a, b, equal_nan=True) for a, b in zip(before.keypoints, after.keypoints, strict=True)]


def test_the_smallest_are_looked_at_first_and_the_large_ones_not() -> None:
    poses = people(100, 40, 60, 50)
    refined = PoseRefiner(CROWDPOSE14, Shifted(), RefineSettings("crops", people=2))(IMAGE, poses)
    assert changed(poses, refined) == [False, True, False, True]
    proposer = Shifted()
    factor_of_70_px = 64 / (70 * 1.25)
    refined = PoseRefiner(CROWDPOSE14, proposer)(IMAGE, poses, least_factor=factor_of_70_px)
    assert changed(poses, refined) == [False, True, True, True] and proposer.asked == [3]


def test_nobody_to_look_at_costs_nothing() -> None:
    proposer = Shifted()
    refiner = PoseRefiner(CROWDPOSE14, proposer)
    nowhere = Poses(np.full((2, 14, 2), np.nan, np.float32), np.zeros((2, 14), np.float32), np.zeros(2, np.float32))
    outside = Poses(people(50).keypoints + 5000, people(50).scores, people(50).confidence)
    for poses in (Poses.empty(14), nowhere, outside):
        assert refiner(IMAGE, poses) is poses
    assert not proposer.asked


def test_strange_people_neither_fail_nor_get_lost() -> None:
    poses = people(*[50.0] * 50)
    poses.keypoints[3] = np.nan  # nobody
    poses.keypoints[4, 1:] = np.nan  # one joint
    poses.keypoints[5] = poses.keypoints[5, :1]  # all in one place
    poses.keypoints[6] *= 40  # larger than the frame
    poses.keypoints[7, 5] = np.inf
    refined = PoseRefiner(CROWDPOSE14, Shifted(), RefineSettings("crops", people=100))(IMAGE, poses)
    assert len(refined) == 50 and refined.confidence is poses.confidence
    assert np.isnan(refined.keypoints[3]).all() and np.isfinite(refined.keypoints[0]).all()


def test_only_joints_that_both_networks_have_change() -> None:
    poses = people(50)
    refined = PoseRefiner(CROWDPOSE14, Shifted(COCO17))(IMAGE, poses)
    moved = np.abs(refined.keypoints - poses.keypoints).max(axis=(0, 2)) > 0
    assert moved.tolist() == [True] * 12 + [False] * 2  # head top and neck are not COCO's


def test_a_network_for_other_joints_is_refused() -> None:
    hands = Skeleton("hands", ("thumb", "finger"), ((0, 1),), (0, 1), (0.1, 0.1), (0, 1))
    with pytest.raises(WeightsError, match="no joint in common"):
        PoseRefiner(CROWDPOSE14, Shifted(hands))


@pytest.mark.parametrize("count", [0, 1, 5, 8, 9, 31])
def test_batches_cover_all_in_a_few_sizes(count: int) -> None:
    slices = list(batches(count))
    assert [n for part in slices for n in range(part.start, part.stop)] == list(range(count))
    assert {part.stop - part.start for part in slices} <= set(BATCHES)


class Drawn:
    """An engine whose maps show people where they were told to be, in crop pixels (N, P, K, 2)."""

    def __init__(self, points: NDArray[np.float32], stride: int) -> None:
        self.points, self.stride, self.streams = points, stride, 1

    def run(self, tensors: dict[str, NDArray[np.uint8]]) -> dict[str, NDArray[np.float32]]:
        hw = tuple(n // self.stride for n in tensors[PIXELS].shape[1:3])
        seen = np.ones(self.points.shape[2], bool)
        maps = [[encode(p / self.stride, seen, hw)[0] for p in crop] for crop in self.points]
        tags = np.zeros_like(np.stack([m[0] for m in maps]))
        for n, crop in enumerate(maps):
            for person, planes in enumerate(crop):
                tags[n][planes > 0.1] = 3 * person
        return {HEATMAPS: np.stack([np.max(crop, axis=0) for crop in maps]), TAGS: tags}

    def __call__(self, images: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        maps = self.run({PIXELS: images})
        return maps[HEATMAPS], maps[TAGS]


def crop_of(poses: Poses, hw: tuple[int, int] = (256, 192)) -> Crops:
    return Crops(hw, np.full(len(poses), 2.0), np.tile([20.0, 10.0], (len(poses), 1)))


def test_top_down_heatmaps_come_back_as_image_pixels() -> None:
    poses = people(60, skeleton=COCO17)
    crops = crop_of(poses)
    inside = poses.keypoints * 2 + np.float32([20, 10])
    seen = HeatmapCrops(Drawn(inside[:, None], 4), COCO17).propose(np.zeros((1, 256, 192, 3), np.uint8), crops, poses)
    assert seen.keypoints == pytest.approx(poses.keypoints, abs=4 / 2 / 2 + 0.1)  # targets lie on whole pixels
    assert (seen.scores > 0.9).all()


def test_of_two_people_in_a_crop_the_right_one_is_taken() -> None:
    poses = people(60, 60)
    crops = crop_of(poses)
    inside = poses.keypoints * 2 + np.float32([20, 10])
    both = np.stack([inside, inside])  # each crop shows both
    proposer = LitePoseCrops(Drawn(both, 2), CROWDPOSE14, DecodeSettings(), (256, 192))
    seen = proposer.propose(np.zeros((2, 256, 192, 3), np.uint8), crops, poses)
    assert seen.keypoints == pytest.approx(poses.keypoints, abs=1.5)


def test_a_network_for_whole_images_or_none_is_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LITEPOSE_STUDIO_HOME", str(tmp_path))
    first = load_estimator("litepose-xs", engine="openvino", precision="fp32", threads=1)
    assert with_refinement(first, RefineSettings("crops")).refine.proposer.engine is first.engine
    with pytest.raises(SettingsError, match="no weights named"):
        with_refinement(first, RefineSettings("unheard-of"))


def test_a_second_look_at_one_person_is_at_whoever_is_most_like_the_pose_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    poses, proposer = people(50, 50, 50), Shifted()
    monkeypatch.setattr(PoseEstimator, "decode", lambda self, inferred: (poses, EstimateTimes(0, 0, 0)))
    spec = WeightsSpec("made-up", "litepose-xs", Path("x"), "0" * 64, "MIT", 64, CROWDPOSE14, {}, "", 1)
    stage = PoseRefiner(CROWDPOSE14, proposer)
    wanted: list[NDArray[np.float32] | None] = []
    engine = cast(Engine, None)
    everybody = RefinedEstimator(spec=spec, engine=engine, input_size=64, refine=stage, refine_spec=spec)
    one = everybody.aimed_at(lambda: wanted[-1])
    fit = fit_to_network(IMAGE.shape[:2], 64)
    empty = np.zeros((0, 0, 0), np.float32)
    seen = InferredImage(fit, empty, empty, 0.0, 0.0, image_bgr=IMAGE)

    assert changed(poses, everybody.decode(seen)[0]) == [True, True, True]
    for pose, expected in [
        (poses.keypoints[1] + np.float32([3, 2]), [False, True, False]),  # moved on a little since
        (poses.keypoints[2], [False, False, True]),
        (poses.keypoints[0] + np.float32([0, 500]), [False, False, False]),  # is not there
        (np.full_like(poses.keypoints[0], np.nan), [False, False, False]),
        (None, [False, False, False]),
    ]:
        wanted.append(pose)
        assert changed(poses, one.decode(seen)[0]) == expected
    assert proposer.asked == [3, 1, 1]
    poses = poses[:0]
    assert len(one.decode(seen)[0]) == 0
    assert changed(people(50), everybody.aimed_at(None).refine(IMAGE, people(50))) == [True]


@pytest.mark.clips
def test_small_people_become_sharper(shared_dir: Path) -> None:
    """A clip at a third of its size: refined people are nearer to those found at full size."""
    capture = cv2.VideoCapture(str(shared_dir / "clips" / "ntu_two_person.mp4"))
    image = cv2.resize(capture.read()[1], (1152, 648), interpolation=cv2.INTER_AREA)
    capture.release()
    small = np.zeros((648, 1152, 3), np.uint8)
    small[200:416, 300:684] = cv2.resize(image, (384, 216), interpolation=cv2.INTER_AREA)
    first = load_estimator("litepose-m", precision="fp32", decode=DECODE)
    truth = first(image)[:2]
    plain, refined = first(small)[:2], with_refinement(first, RefineSettings("crops"))(small)[:2]
    assert len(plain) == len(refined) == len(truth) == 2
    expected = truth.keypoints / 3 + np.float32([300, 200])
    areas = person_areas(expected)

    def likeness(poses: Poses) -> float:
        pairs = similarity(expected[:, None], poses.keypoints[None], areas[:, None], CROWDPOSE14.sigmas)
        return float(pairs.max(axis=1).mean())

    assert likeness(refined) > likeness(plain)
