"""Images with labels in COCO's or CrowdPose's layout."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pose.evaluation.coco_labels import LabelledImage, read_labels
from pose.evaluation.evaluate import check_images, read_image
from pose.evaluation.truths import Truths
from pose.skeleton import Skeleton
from pose.training.checkpoint import TrainingError
from pose.training.data import Example
from pose.training.labels import PoseLabels


@dataclass(frozen=True)
class LabelledImages:
    """Implements `Examples`."""

    folder: Path
    images: tuple[LabelledImage, ...]

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: int) -> Example:
        image = self.images[index]
        return Example(read_image(self.folder / image.file_name, image), pose_labels(image.truths))


def read_labelled_images(images: Path, annotations: Path, skeleton: Skeleton, empty_images: bool) -> LabelledImages:
    """Raises LabelsError or TrainingError if labels or images are missing, broken or of another skeleton."""
    labels = read_labels(annotations)
    if labels.skeleton is not skeleton:
        raise TrainingError(
            f"{annotations.name} is labelled with {labels.skeleton.name} joints, but {skeleton.name} is to be trained; "
            "change the recipe's skeleton or take other labels."
        )
    check_images(labels, images)
    kept = [image for image in labels.images if empty_images or len(image.truths)]
    return LabelledImages(images, tuple(kept))


def pose_labels(truths: Truths) -> PoseLabels:
    """Labelled people as they are; regions of people without joints, or of crowds, are unknown."""
    known = truths.labelled.any(axis=1) & ~truths.crowd
    x, y, w, h = truths.boxes_xywh[~known].T
    corners = np.stack([np.stack(c, axis=1) for c in ((x, y), (x + w, y), (x + w, y + h), (x, y + h))], axis=1)
    keypoints = np.where(truths.labelled[..., None], truths.keypoints, 0)[known]
    return PoseLabels(
        keypoints.astype(np.float32),
        truths.labelled[known].astype(np.float32),
        corners.astype(np.float32),
    )
