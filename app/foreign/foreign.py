"""What the readers give: poses by frame, in a skeleton made of the file's own joint names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pose.skeleton import SKELETONS, Skeleton
from pose.types import Poses
from tracking.body import body_heights_px

# OKS needs a constant for every joint; where no data set gives one, that of the knee, about the middle of all.
DEFAULT_SIGMA = 0.087
FARTHEST_PX = 1e6  # beyond, float32 is coarser than pixels and squares overflow
_SIGMAS = {name: sigma for s in SKELETONS.values() for name, sigma in zip(s.keypoint_names, s.oks_sigmas, strict=True)}
_BONES = {frozenset((s.keypoint_names[a], s.keypoint_names[b])) for s in SKELETONS.values() for a, b in s.edges}


class ForeignError(Exception):
    """Why a file cannot be taken for one of another program; the message goes on after "cannot be imported: "."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """The detections of another program.

    program:  that wrote them, as far as the format tells.
    skeleton: made of the joints that the file names.
    frames:   (frame index, poses) by ascending index, at most once; people that are found nowhere are left out.
    lists_empty_frames: a frame that is not among `frames` was not analysed; otherwise it has nobody.
    """

    program: str
    skeleton: Skeleton
    frames: Iterator[tuple[int, Poses]]
    lists_empty_frames: bool = False


def skeleton_of(names: Sequence[str], bones: Iterable[tuple[int, int]] | None = None) -> Skeleton:
    """The known skeleton with these joints, or one made of them. bones: known from the file; None = usual ones.

    Raises ForeignError if two have the same name, or if they are not joints of a human body.
    """
    plain = tuple(_plain(name) for name in names)
    if not plain or len(set(plain)) < len(plain):
        raise ForeignError("its joints have no names of their own")
    for skeleton in SKELETONS.values():
        if skeleton.keypoint_names == plain:
            return skeleton
    places = {name: i for i, name in enumerate(plain)}
    if bones is None:
        bones = [(a, b) for a in range(len(plain)) for b in range(a) if frozenset((plain[a], plain[b])) in _BONES]
    skeleton = Skeleton(
        name="imported",
        keypoint_names=plain,
        edges=tuple((int(a), int(b)) for a, b in bones),
        flip_index=tuple(places.get(_mirrored(name), i) for i, name in enumerate(plain)),
        oks_sigmas=tuple(_SIGMAS.get(name, DEFAULT_SIGMA) for name in plain),
        grouping_order=tuple(range(len(plain))),
    )
    try:
        body_heights_px(np.zeros((1, len(plain), 2), np.float32), skeleton)  # which tracking needs
    except ValueError as error:
        raise ForeignError("its joints are not those of a human body") from error
    return skeleton


def default_skeleton(num_keypoints: int) -> Skeleton:
    """For files that name no joints. Raises ForeignError if their number does not tell which they are."""
    for skeleton in SKELETONS.values():
        if skeleton.num_keypoints == num_keypoints:
            return skeleton
    raise ForeignError(f"poses of {num_keypoints} joints are not known here")


def poses_of(people: Sequence[Any], num_keypoints: int) -> Poses:
    """People as (K, 3) arrays of x, y, score. A joint without score or position is missing, and one that lies farther
    away than any image reaches; scores end at 1.

    A person's confidence is the mean score of the joints that were found.
    """
    table = np.array(people, np.float64).reshape(-1, num_keypoints, 3)
    scores = np.nan_to_num(table[..., 2])
    found = (np.abs(table[..., :2]) < FARTHEST_PX).all(axis=2) & (scores > 0)  # not for NaN
    scores = np.where(found, np.minimum(scores, 1.0), 0.0)
    keypoints = np.where(found[..., None], table[..., :2], np.nan)
    confidence = scores.sum(axis=1) / np.maximum(found.sum(axis=1), 1)
    poses = Poses(keypoints.astype(np.float32), scores.astype(np.float32), confidence.astype(np.float32))
    return poses[np.flatnonzero(found.any(axis=1))]


def by_frame(rows: Iterable[tuple[int, NDArray[Any]]], num_keypoints: int) -> Iterator[tuple[int, Poses]]:
    """(frame, (K, 3) person) in any order → (frame, poses) by ascending frame."""
    people: dict[int, list[NDArray[Any]]] = {}
    for frame, person in rows:
        people.setdefault(frame, []).append(person)
    for frame in sorted(people):
        yield frame, poses_of(people[frame], num_keypoints)


def last_number(text: str) -> int:
    """The last run of digits: "clip_000012_keypoints" → 12. Raises ForeignError if there is none."""
    numbers = re.findall(r"\d+", text)
    if not numbers:
        raise ForeignError(f"{text!r} holds no number of a frame")
    return int(numbers[-1])


def _plain(name: str) -> str:
    """ "Left Shoulder", "left-shoulder" and "leftShoulder" are left_shoulder."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name.strip())
    return re.sub(r"[^a-z0-9]+", "_", spaced.lower()).strip("_")


def _mirrored(name: str) -> str:
    if "left" in name:
        return name.replace("left", "right")
    return name.replace("right", "left")
