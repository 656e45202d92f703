"""JSON of the COCO family: bare results, data sets (with PoseTrack's), AlphaPose's results, MMPose's videos."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.foreign.foreign import Foreign, ForeignError, by_frame, default_skeleton, last_number, skeleton_of
from pose.skeleton import Skeleton

SEEN = 1.0  # the score of a labelled joint: data sets have none
Rows = Iterator[tuple[int, NDArray[Any]]]


def read_coco(path: Path, first_frame: int) -> Foreign:
    """The whole file in memory. Raises ForeignError, KeyError or TypeError if it is something else."""
    content = json.loads(path.read_text(encoding="utf-8-sig"))
    if isinstance(content, dict) and "annotations" in content:
        return _data_set(content, first_frame)
    if isinstance(content, dict) and "instance_info" in content:
        content = content["instance_info"]
    if not isinstance(content, list) or not content:
        raise ForeignError("it holds no list of people")
    if "instances" in content[0]:
        return _mmpose(content, first_frame)
    skeleton = default_skeleton(len(content[0]["keypoints"]) // 3)
    rows = ((_number(entry["image_id"]) - first_frame, _triplets(entry["keypoints"], skeleton)) for entry in content)
    return Foreign("COCO results", skeleton, by_frame(rows, skeleton.num_keypoints))


def _data_set(content: Mapping[str, Any], first_frame: int) -> Foreign:
    category = next(c for c in content["categories"] if "keypoints" in c)
    bones = [(a - 1, b - 1) for a, b in category["skeleton"]] if category.get("skeleton") else None
    skeleton = skeleton_of(category["keypoints"], bones)
    frames = {image["id"]: last_number(Path(image["file_name"]).stem) - first_frame for image in content["images"]}

    def rows() -> Rows:
        for annotation in content["annotations"]:
            if annotation.get("keypoints") and not annotation.get("iscrowd"):
                person = _triplets(annotation["keypoints"], skeleton)
                scores = annotation.get("scores")
                person[:, 2] = np.where(person[:, 2] > 0, SEEN if scores is None else np.array(scores), 0)
                yield frames[annotation["image_id"]], person

    return Foreign("COCO data set", skeleton, by_frame(rows(), skeleton.num_keypoints))


def _mmpose(content: Sequence[Mapping[str, Any]], first_frame: int) -> Foreign:
    """MMPose counts the frames of a video from 1 in some versions: see --first-frame."""
    people = [person for entry in content for person in entry["instances"]]
    if not people:
        raise ForeignError("it holds nobody")
    skeleton = default_skeleton(len(people[0]["keypoints"]))

    def rows() -> Rows:
        for entry in content:
            for person in entry["instances"]:
                points = np.array(person["keypoints"], np.float64).reshape(skeleton.num_keypoints, -1)[:, :2]
                yield int(entry["frame_id"]) - first_frame, np.column_stack([points, person["keypoint_scores"]])

    return Foreign("MMPose", skeleton, by_frame(rows(), skeleton.num_keypoints))


def _number(image_id: int | str) -> int:
    return image_id if isinstance(image_id, int) else last_number(Path(image_id).stem)


def _triplets(values: Sequence[float], skeleton: Skeleton) -> NDArray[Any]:
    return np.array(values, np.float64).reshape(skeleton.num_keypoints, 3)
