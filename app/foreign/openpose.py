"""OpenPose's folder of JSON files, one per frame (also as Pose2Sim, AlphaPose and others write it)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.export.layouts import OPENPOSE_BODY25, OPENPOSE_COCO18
from app.foreign.foreign import Foreign, ForeignError, default_skeleton, last_number, poses_of, skeleton_of
from pose.skeleton import Skeleton
from pose.types import Poses

_LAYOUTS = {len(layout): layout for layout in (OPENPOSE_BODY25, OPENPOSE_COCO18)}


def read_openpose(folder: Path, first_frame: int) -> Foreign:
    """One file at a time. Raises ForeignError or KeyError if the folder holds something else."""
    numbered = sorted((last_number(file.stem), file) for file in folder.iterdir() if file.suffix.lower() == ".json")
    if not numbered:
        raise ForeignError("it holds no JSON files")
    skeleton = _skeleton_in([file for _, file in numbered])
    return Foreign("OpenPose", skeleton, _frames(numbered, skeleton, first_frame), lists_empty_frames=True)


def _people(file: Path) -> list[list[float]]:
    try:
        return [person["pose_keypoints_2d"] for person in json.loads(file.read_text(encoding="utf-8-sig"))["people"]]
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise ForeignError(f"{file.name} is no OpenPose file") from error


def _skeleton_in(files: list[Path]) -> Skeleton:
    """As the first person shows it."""
    for file in files:
        for person in _people(file):
            count = len(person) // 3
            return skeleton_of(_LAYOUTS[count]) if count in _LAYOUTS else default_skeleton(count)
    raise ForeignError("it holds nobody")


def _frames(numbered: list[tuple[int, Path]], skeleton: Skeleton, first_frame: int) -> Iterator[tuple[int, Poses]]:
    for number, file in numbered:
        people: list[Any] = _people(file)
        if any(len(person) != 3 * skeleton.num_keypoints for person in people):
            raise ForeignError(f"{file.name} has another number of joints than the files before it")
        yield number - first_frame, poses_of(people, skeleton.num_keypoints)
