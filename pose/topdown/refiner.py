"""The second stage: people found by the first one are looked at again in enlarged crops.

`PoseRefiner` chooses whom, asks a `Proposer` for a second sight of them and merges both. There are two proposers: a
bottom-up network on crops (`LitePoseCrops`), and a top-down network (`HeatmapCrops`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from pose import codec
from pose.decode_settings import DecodeSettings
from pose.engines.base import Engine
from pose.errors import WeightsError
from pose.skeleton import Skeleton, shared_joints
from pose.tensors import HEATMAPS, PIXELS
from pose.topdown import heatmaps
from pose.topdown.crops import Crops, crops_of, person_boxes, usable_boxes
from pose.topdown.merging import MergeRule, merge, person_areas, similarity
from pose.topdown.settings import RefineSettings
from pose.types import Poses

Image = NDArray[np.uint8]

BATCHES = (8, 4, 2, 1)  # crops per call of the network: engines prepare themselves for each of these once


class Proposer(Protocol):
    """Gives a second sight of people. `crop_hw` is the network's input, height and width."""

    @property
    def skeleton(self) -> Skeleton: ...

    @property
    def crop_hw(self) -> tuple[int, int]: ...

    def with_decode(self, decode: DecodeSettings) -> Proposer:
        """The same network with other decoding settings."""
        ...

    def propose(self, images: Image, crops: Crops, poses: Poses) -> Poses:
        """N crops (N, H, W, 3) and the N poses that they are about → N poses in `skeleton`, image pixels; NaN where
        nothing was seen."""
        ...


@dataclass(frozen=True, slots=True)
class PoseRefiner:
    """Call it with an image and its poses: the same people in the same order, sharper.

    skeleton: of the poses. Raises WeightsError if the proposer's network has no joint of it.
    """

    skeleton: Skeleton
    proposer: Proposer
    settings: RefineSettings = field(default_factory=RefineSettings)
    rule: MergeRule = field(default_factory=MergeRule)

    def __post_init__(self) -> None:
        if not shared_joints(self.skeleton, self.proposer.skeleton)[0]:
            raise WeightsError(
                "A network for {proposed} cannot refine {skeleton}: they have no joint in common.",
                proposed=self.proposer.skeleton.name,
                skeleton=self.skeleton.name,
            )

    def __call__(
        self, image_bgr: Image, poses: Poses, least_factor: float = 0.0, only: NDArray[np.bool_] | None = None
    ) -> Poses:
        """least_factor: only people whose crop has at least so many pixels per image pixel; the first stage's factor
        means those whom a crop shows larger than it did. only: (N,) whom alone; None = everybody."""
        boxes = person_boxes(poses)
        usable = usable_boxes(boxes, image_bgr.shape[:2])
        who = np.flatnonzero(usable if only is None else usable & only)
        crops = crops_of(boxes[who], self.proposer.crop_hw)
        enlarged = np.flatnonzero(crops.factors >= least_factor)
        chosen = enlarged[np.argsort(-crops.factors[enlarged], kind="stable")][: self.settings.people]
        who, crops = who[chosen], Crops(crops.hw, crops.factors[chosen], crops.offsets[chosen])
        if not len(who):
            return poses
        seen = self.proposer.propose(crops.warp(image_bgr), crops, self._translated(poses[who]))
        proposed = _nobody(poses)
        mine, theirs = shared_joints(self.skeleton, self.proposer.skeleton)
        proposed.keypoints[who[:, None], mine] = seen.keypoints[:, theirs]
        proposed.scores[who[:, None], mine] = seen.scores[:, theirs]
        return merge(poses, proposed, self.skeleton.sigmas, self.rule)

    def _translated(self, poses: Poses) -> Poses:
        """Poses in the proposer's skeleton."""
        theirs = self.proposer.skeleton
        if theirs == self.skeleton:
            return poses
        translated = Poses(*_missing(len(poses), theirs.num_keypoints), poses.confidence)
        mine, other = shared_joints(self.skeleton, theirs)
        translated.keypoints[:, other] = poses.keypoints[:, mine]
        translated.scores[:, other] = poses.scores[:, mine]
        return translated


def _missing(people: int, keypoints: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    return np.full((people, keypoints, 2), np.nan, np.float32), np.zeros((people, keypoints), np.float32)


def _nobody(poses: Poses) -> Poses:
    return Poses(*_missing(*poses.scores.shape), poses.confidence)


def batches(count: int) -> Iterator[slice]:
    """Slices over so many crops, each as long as one of BATCHES."""
    start = 0
    while start < count:
        size = next(size for size in BATCHES if size <= count - start)
        yield slice(start, start + size)
        start += size


@dataclass(frozen=True, slots=True)
class LitePoseCrops:
    """A bottom-up network on crops: of all whom it finds in one, the pose most like that which the crop is about."""

    engine: Engine
    skeleton: Skeleton
    decode: DecodeSettings
    crop_hw: tuple[int, int] = (384, 288)

    def with_decode(self, decode: DecodeSettings) -> LitePoseCrops:
        return replace(self, decode=decode)

    def propose(self, images: Image, crops: Crops, poses: Poses) -> Poses:
        keypoints, scores = _missing(len(poses), self.skeleton.num_keypoints)
        areas = person_areas(poses.keypoints)
        for part in batches(len(images)):
            for n, maps, tags in zip(range(part.start, part.stop), *self.engine(images[part]), strict=True):
                points, certainty, _ = codec.decode(maps, tags[None], self.skeleton, self.decode)
                if not len(points):
                    continue
                people = crops.to_image_of(n, points * codec.HEATMAP_STRIDE)
                likeness = similarity(poses.keypoints[n][None], people, areas[n : n + 1], self.skeleton.sigmas)
                best = int(likeness.argmax())
                keypoints[n], scores[n] = people[best], certainty[best]
        return Poses(keypoints, scores, poses.confidence)


@dataclass(frozen=True, slots=True)
class HeatmapCrops:
    """A top-down network: one person per crop.

    flip: average with the mirrored crop, at twice the cost.
    """

    engine: Engine
    skeleton: Skeleton
    crop_hw: tuple[int, int] = (256, 192)
    flip: bool = False

    def with_decode(self, decode: DecodeSettings) -> HeatmapCrops:
        return self  # one person per crop: nothing to choose

    def propose(self, images: Image, crops: Crops, poses: Poses) -> Poses:
        maps = [self._maps(images[part]) for part in batches(len(images))]
        kernel = heatmaps.DARK_KERNEL if heatmaps.target_sigma(self.crop_hw[0]) == 2 else heatmaps.WIDE_DARK_KERNEL
        points, scores = heatmaps.decode(np.concatenate(maps), kernel)
        return Poses(crops.to_image(points), scores, scores.mean(axis=1))

    def _maps(self, images: Image) -> NDArray[np.float32]:
        maps = self.engine.run({PIXELS: images})[HEATMAPS]
        if not self.flip:
            return maps
        mirrored = self.engine.run({PIXELS: np.ascontiguousarray(images[:, :, ::-1])})[HEATMAPS]
        return (maps + heatmaps.mirror_back(mirrored, self.skeleton.flip_index)) * np.float32(0.5)
