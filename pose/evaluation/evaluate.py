"""A model, images and labels → metrics. Prediction (slow) and scoring (pure) are apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from pose.evaluation.average_precision import ImageMatches, coco_metrics, match_image
from pose.evaluation.bootstrap import Spread, bootstrap_ap
from pose.evaluation.coco_labels import LabelledImage, Labels, LabelsError
from pose.evaluation.crowdpose import crowd_level_metrics
from pose.evaluation.oks import object_keypoint_similarity
from pose.evaluation.pck import correct_joints, pck_metrics
from pose.skeleton import COCO17, CROWDPOSE14, Skeleton, shared_joints
from pose.types import Poses

SHARED_NAMES = tuple(COCO17.keypoint_names[i] for i in shared_joints(COCO17, CROWDPOSE14)[0])
JointsMode = Literal["all", "shared"]
Estimate = Callable[[NDArray[np.uint8]], Poses]


@dataclass(frozen=True, slots=True)
class JointMap:
    """Which joints are scored: indices in the labels, in the detections, their names and OKS sigmas.

    partial: not all labelled joints are scored, so people without a scored joint are ignored.
    """

    truth: list[int]
    detected: list[int]
    names: tuple[str, ...]
    sigmas: NDArray[np.float64]
    partial: bool


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One model on one set of labels. metrics in [0, 1], NaN where undefined; pck is None if not asked for."""

    metrics: dict[str, float]
    ap_spread: Spread
    pck: dict[str, float] | None
    joints: JointMap
    matches: tuple[ImageMatches, ...]


def map_joints(labels: Skeleton, model: Skeleton, mode: JointsMode) -> JointMap:
    """The joints to score. Raises LabelsError if the model lacks labelled joints and only shared ones could be."""
    if mode == "all" and not set(labels.keypoint_names) <= set(model.keypoint_names):
        raise LabelsError(
            f"The labels use {labels.name} and the model predicts {model.name}: "
            f"add --joints shared to score the {len(SHARED_NAMES)} joints that both have."
        )
    # `shared` leaves out COCO's face and CrowdPose's head even if labels and model agree: figures stay comparable.
    names = labels.keypoint_names if mode == "all" else SHARED_NAMES
    truth, detected = [labels.index(n) for n in names], [model.index(n) for n in names]
    return JointMap(truth, detected, names, np.array([labels.oks_sigmas[i] for i in truth]), mode == "shared")


def first_images(labels: Labels, count: int) -> Labels:
    """The labels of the first images only. Raises LabelsError if nobody is labelled on them."""
    fewer = replace(labels, images=labels.images[:count])
    if fewer.num_people == 0:
        raise LabelsError(f"Nobody is labelled on the first {count} images: take more of them.")
    return fewer


def check_images(labels: Labels, images_dir: Path) -> None:
    """Raises LabelsError if the folder or any labelled image is not there."""
    if not _is_there(images_dir, Path.is_dir):
        raise LabelsError(f"There is no folder of images at {images_dir}.")
    missing = [image.file_name for image in labels.images if not _is_there(images_dir / image.file_name, Path.is_file)]
    if missing:
        raise LabelsError(
            f"{len(missing)} of {len(labels.images)} labelled images are not in {images_dir}, first {missing[0]}."
        )


def _is_there(path: Path, is_kind: Callable[[Path], bool]) -> bool:
    try:
        return is_kind(path)
    except OSError:  # longer than a path can be, or in a folder that may not be entered
        return False


def read_image(path: Path, image: LabelledImage) -> NDArray[np.uint8]:
    """(H, W, 3) uint8 BGR as stored: labels are drawn on the stored pixels, so no EXIF rotation."""
    try:
        encoded = np.frombuffer(path.read_bytes(), np.uint8)
    except OSError:
        raise LabelsError(f"Cannot read the image {path}.") from None
    flags = cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION
    decoded = cv2.imdecode(encoded, flags) if len(encoded) else None
    if decoded is None:
        raise LabelsError(f"{path} is damaged or not an image.")
    h, w = decoded.shape[:2]
    if image.size_wh is not None and (w, h) != image.size_wh:
        stated_w, stated_h = image.size_wh
        raise LabelsError(f"{path.name} has {w}x{h} pixels, but its labels were made for {stated_w}x{stated_h}.")
    return np.asarray(decoded, np.uint8)


def predict(estimate: Estimate, labels: Labels, images_dir: Path) -> Iterator[Poses]:
    """The people that the model finds in each labelled image, in the labels' order."""
    for image in labels.images:
        yield estimate(read_image(images_dir / image.file_name, image))


def score(labels: Labels, detections: Sequence[Poses], joints: JointMap, pck_alpha: float | None = None) -> Evaluation:
    """Compare detections, one Poses per labelled image, with the labels."""
    matches, correct = [], []
    for image, poses in zip(labels.images, detections, strict=True):
        truths = image.truths.with_joints(joints.truth) if joints.partial else image.truths
        points = poses.keypoints[:, joints.detected].astype(np.float64)
        seen = np.isfinite(points[..., 0]).any(axis=1)  # a pose of no scored joint is no detection
        points, scores = points[seen], poses.confidence[seen].astype(np.float64)
        similarity = object_keypoint_similarity(points, truths, joints.sigmas)
        matches.append(match_image(similarity, scores, extent_areas(points), truths))
        if pck_alpha is not None:
            correct.append(correct_joints(points, truths, joints.sigmas, joints.names, pck_alpha))
    metrics = coco_metrics(matches)
    crowd_index = [image.crowd_index for image in labels.images]
    if labels.protocol == "crowdpose" and all(c is not None for c in crowd_index):
        metrics |= crowd_level_metrics(matches, [c for c in crowd_index if c is not None])
    pck = pck_metrics(correct, joints.names) if pck_alpha is not None else None
    return Evaluation(metrics, bootstrap_ap(matches), pck, joints, tuple(matches))


def extent_areas(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """(N, K, 2), NaN = missing, at least one joint each → (N,) square pixels of the box around the joints."""
    if not len(points):
        return np.zeros(0)
    return np.asarray(np.prod(np.nanmax(points, axis=1) - np.nanmin(points, axis=1), axis=1))
