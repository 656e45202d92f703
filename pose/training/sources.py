"""What training pictures are labelled with: files in COCO's layout, by people or by networks, in one joint order.

All joints are those of BODY19. A source that lacks some of them (COCO has no neck, CrowdPose no face) says so, and
nothing is trained there. People with a box only, crowds and unsure places are regions where nothing is trained.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pose.evaluation.coco_labels import LabelsError, read_labels
from pose.skeleton import BODY19, COCO17, Skeleton, shared_joints

Float32 = NDArray[np.float32]

FULL_WEIGHT_FROM = 0.4  # a pseudo-label of this confidence counts as much as a label by a person; less sure ones less


@dataclass(frozen=True, slots=True)
class LabelledPhoto:
    """One picture of W x H pixels and its N people, in pixels counted from its top left corner.

    keypoints: (N, 19, 2) float32. weights: (N, 19) float32 in [0, 1], how much a joint counts; 0 = not labelled.
    boxes: (N, 4) float32, x, y, w, h of each person. unknown: (R, 4) float32 boxes where nothing is to be trained.
    joints: (19,) bool, those that its labeller knows at all.
    squeezed: True if the picture's true proportions were lost (a square one that was not square).
    """

    path: Path
    size_wh: tuple[int, int]
    keypoints: Float32
    weights: Float32
    boxes: Float32
    unknown: Float32
    joints: NDArray[np.bool_]
    squeezed: bool = False


def read_source(annotations: Path, images: Path, squeezed: bool = False) -> list[LabelledPhoto]:
    """The pictures of a labels file in COCO's layout that have a person or a region; pixels are not read.

    Besides COCO's and CrowdPose's fields, people may have `face` (nose, eyes, ears as x, y, v) and `guesses` (x, y,
    confidence of all joints of BODY19): the confidence of a labelled joint then sets its weight. squeezed: square
    pictures lost their true proportions. Raises LabelsError.
    """
    labels = read_labels(annotations)  # checks the layout
    document = json.loads(annotations.read_bytes())
    people: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for annotation in document["annotations"]:
        if "keypoints" in annotation:
            people[annotation["image_id"]].append(annotation)
    has_face = any("face" in a for a in document["annotations"])
    known = _known_joints(labels.skeleton, has_face)
    photos = []
    for image in labels.images:
        if image.size_wh is None:
            raise LabelsError(f"{annotations.name}: image {image.image_id} states no width and height.")
        found = [_person(a, labels.skeleton) for a in people[image.image_id] if not _is_region(a)]
        unknown = [a["bbox"] for a in people[image.image_id] if _is_region(a)]
        keypoints, weights, boxes = zip(*found, strict=True) if found else ((), (), ())
        count = BODY19.num_keypoints
        photos.append(
            LabelledPhoto(
                images / image.file_name,
                image.size_wh,
                np.array(keypoints, np.float32).reshape(-1, count, 2),
                np.array(weights, np.float32).reshape(-1, count),
                np.array(boxes, np.float32).reshape(-1, 4),
                np.array(unknown, np.float32).reshape(-1, 4),
                known,
                squeezed and image.size_wh[0] == image.size_wh[1],
            )
        )
    return photos


def unlabelled_photo(path: Path, size_wh: tuple[int, int], squeezed: bool = False) -> LabelledPhoto:
    """A picture of which nothing is known."""
    count = BODY19.num_keypoints
    return LabelledPhoto(
        path,
        size_wh,
        np.zeros((0, count, 2), np.float32),
        np.zeros((0, count), np.float32),
        np.zeros((0, 4), np.float32),
        np.array([[0, 0, *size_wh]], np.float32),
        np.zeros(count, bool),
        squeezed and size_wh[0] == size_wh[1],
    )


def _known_joints(skeleton: Skeleton, has_face: bool) -> NDArray[np.bool_]:
    names = set(skeleton.keypoint_names) | (set(COCO17.keypoint_names[:5]) if has_face else set())
    return np.array([name in names for name in BODY19.keypoint_names])


def _is_region(annotation: Mapping[str, Any]) -> bool:
    return bool(annotation.get("iscrowd")) or not any(annotation["keypoints"][2::3])


def _person(annotation: Mapping[str, Any], skeleton: Skeleton) -> tuple[Float32, Float32, list[float]]:
    joints = np.zeros((BODY19.num_keypoints, 3), np.float32)
    ours, theirs = shared_joints(BODY19, skeleton)
    joints[ours] = np.array(annotation["keypoints"], np.float32).reshape(-1, 3)[theirs]
    if "face" in annotation:
        joints[-5:] = np.array(annotation["face"], np.float32).reshape(5, 3)
    weights = (joints[:, 2] > 0).astype(np.float32)
    if "guesses" in annotation:
        confidence = np.array(annotation["guesses"], np.float32).reshape(-1, 3)[:, 2]
        weights *= np.minimum(1, confidence / FULL_WEIGHT_FROM)
    return joints[:, :2] * (weights[:, None] > 0), weights, annotation["bbox"]
