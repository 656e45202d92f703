"""Keypoint sets: names, edges, mirror pairs and OKS sigmas."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Side = Literal["left", "right", "centre"]


@dataclass(frozen=True)
class Skeleton:
    """A keypoint set of K joints.

    edges:          pairs of joint indices to draw.
    flip_index:     for each joint, the joint it becomes in a mirrored image.
    oks_sigmas:     per-joint constants of the Object Keypoint Similarity.
    grouping_order: order in which joints are assigned to people when decoding.
    """

    name: str
    keypoint_names: tuple[str, ...]
    edges: tuple[tuple[int, int], ...]
    flip_index: tuple[int, ...]
    oks_sigmas: tuple[float, ...]
    grouping_order: tuple[int, ...] = field(repr=False)

    def __post_init__(self) -> None:
        k = len(self.keypoint_names)
        if not len(self.flip_index) == len(self.oks_sigmas) == len(self.grouping_order) == k:
            raise ValueError(f"{self.name}: flip_index, oks_sigmas and grouping_order need {k} entries")
        if any(self.flip_index[self.flip_index[i]] != i for i in range(k)):
            raise ValueError(f"{self.name}: flip_index must be its own inverse")

    @property
    def num_keypoints(self) -> int:
        return len(self.keypoint_names)

    @cached_property
    def sigmas(self) -> NDArray[np.float32]:
        """(K,) float32."""
        return np.array(self.oks_sigmas, np.float32)

    def index(self, keypoint_name: str) -> int:
        return self.keypoint_names.index(keypoint_name)

    def side(self, joint: int) -> Side:
        name = self.keypoint_names[joint]
        return "left" if name.startswith("left") else "right" if name.startswith("right") else "centre"

    def edge_side(self, edge: tuple[int, int]) -> Side:
        sides = {self.side(edge[0]), self.side(edge[1])} - {"centre"}
        return sides.pop() if len(sides) == 1 else "centre"


_LIMBS = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
_LIMB_NAMES = tuple(f"{side}_{limb}" for limb in _LIMBS for side in ("left", "right"))
_LIMB_SIGMAS = (0.079, 0.079, 0.072, 0.072, 0.062, 0.062, 0.107, 0.107, 0.087, 0.087, 0.089, 0.089)

# LitePose groups joints in this order for both data sets (CrowdPose takes the first 14 as they are).
_ORDER = (0, 1, 2, 3, 4, 5, 6, 11, 12, 7, 8, 9, 10, 13, 14, 15, 16)

COCO17 = Skeleton(
    name="coco17",
    keypoint_names=("nose", "left_eye", "right_eye", "left_ear", "right_ear", *_LIMB_NAMES),
    edges=(
        (15, 13), (13, 11), (16, 14), (14, 12), (11, 12), (5, 11), (6, 12), (5, 6), (5, 7), (6, 8),
        (7, 9), (8, 10), (1, 2), (0, 1), (0, 2), (1, 3), (2, 4), (3, 5), (4, 6),
    ),
    flip_index=(0, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15),
    oks_sigmas=(0.026, 0.025, 0.025, 0.035, 0.035, *_LIMB_SIGMAS),
    grouping_order=_ORDER,
)  # fmt: skip

CROWDPOSE14 = Skeleton(
    name="crowdpose14",
    keypoint_names=(*_LIMB_NAMES, "head_top", "neck"),
    edges=(
        (12, 13), (13, 0), (13, 1), (0, 1), (0, 6), (1, 7), (6, 7), (0, 2), (2, 4), (1, 3), (3, 5),
        (6, 8), (8, 10), (7, 9), (9, 11),
    ),
    flip_index=(1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 12, 13),
    oks_sigmas=(*_LIMB_SIGMAS, 0.079, 0.079),
    grouping_order=_ORDER[:14],
)  # fmt: skip

_FACE_NAMES = COCO17.keypoint_names[:5]
BODY19 = Skeleton(
    name="body19",  # CrowdPose's joints, then COCO's face: all joints of both
    keypoint_names=(*CROWDPOSE14.keypoint_names, *_FACE_NAMES),
    edges=(*CROWDPOSE14.edges, (14, 15), (14, 16), (15, 17), (16, 18), (14, 13)),
    flip_index=(*CROWDPOSE14.flip_index, 14, 16, 15, 18, 17),
    oks_sigmas=(*CROWDPOSE14.oks_sigmas, *COCO17.oks_sigmas[:5]),
    grouping_order=(*CROWDPOSE14.grouping_order, 14, 15, 16, 17, 18),
)

SKELETONS = {s.name: s for s in (COCO17, CROWDPOSE14, BODY19)}


def skeleton_for(num_keypoints: int) -> Skeleton:
    """The known skeleton with that many keypoints. Raises ValueError if there is none."""
    for skeleton in SKELETONS.values():
        if skeleton.num_keypoints == num_keypoints:
            return skeleton
    known = ", ".join(f"{s.num_keypoints} ({s.name})" for s in SKELETONS.values())
    raise ValueError(f"no skeleton has {num_keypoints} keypoints; known: {known}")


def shared_joints(a: Skeleton, b: Skeleton) -> tuple[list[int], list[int]]:
    """Indices in `a` and in `b` of the joints both have, in the order of `a`."""
    names = [n for n in a.keypoint_names if n in b.keypoint_names]
    return [a.index(n) for n in names], [b.index(n) for n in names]
