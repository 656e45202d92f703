"""Accuracy on the photos of a pack that were held out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from pose.codec import HEATMAP_STRIDE, decode
from pose.engines.base import Maps
from pose.evaluation.coco_labels import LabelledImage, Labels
from pose.evaluation.evaluate import map_joints, score
from pose.evaluation.truths import Truths
from pose.preprocess import fit_to_network
from pose.skeleton import Skeleton
from pose.training.bank import PhotoBank
from pose.training.kit.pack import Pack
from pose.types import Poses

Network = Callable[[NDArray[np.uint8]], Maps]
_AREA_OF_BOX = 0.519  # a person's area / that of the box, in COCO's photos on average


def held_out_ap(network: Network, pack: Pack, skeleton: Skeleton, size: int, limit: int | None = None) -> float:
    """AP of the joints shared by COCO and CrowdPose, on the first `limit` held-out photos.

    network: as an engine, for one image at a time. Areas are estimated from boxes: to compare, not to quote.
    """
    chosen = np.flatnonzero(pack.held)[:limit]
    images = tuple(LabelledImage(int(i), "", None, None, _truths(pack.bank, int(i))) for i in chosen)
    labels = Labels(Path("held out"), pack.bank.skeleton, images)
    found = [_estimate(network, _shown(pack.bank, int(i)), skeleton, size) for i in chosen]
    joints = map_joints(pack.bank.skeleton, skeleton, "shared")
    return score(labels, found, joints).metrics["AP"]


def _estimate(network: Network, image_bgr: NDArray[np.uint8], skeleton: Skeleton, size: int) -> Poses:
    fit = fit_to_network(image_bgr.shape[:2], size)
    heatmaps, tags = network(fit.warp(image_bgr)[None])
    keypoints, scores, confidence = decode(heatmaps[0], tags, skeleton)
    return Poses(fit.to_image(keypoints * HEATMAP_STRIDE), scores, confidence)


def _shown(bank: PhotoBank, photo: int) -> NDArray[np.uint8]:
    """The photo at its true proportions and size."""
    width, height = (int(n) for n in bank.sizes[photo])
    return np.asarray(cv2.resize(bank.canvases[photo].cpu().numpy()[..., ::-1], (width, height)), np.uint8)


def _truths(bank: PhotoBank, photo: int) -> Truths:
    rows, _ = bank.people_of(np.array([photo]))
    regions, _ = bank.regions_of(np.array([photo]))
    size = bank.sizes[photo].astype(np.float64)
    corners = np.concatenate([bank.boxes[rows], bank.regions[regions]]) * np.tile(size, 2)
    boxes = np.concatenate([corners[:, :2], corners[:, 2:] - corners[:, :2]], axis=1)
    count = bank.skeleton.num_keypoints
    keypoints = np.concatenate([bank.keypoints[rows] * size - 0.5, np.zeros((len(regions), count, 2))])
    labelled = np.concatenate([bank.weights[rows] > 0, np.zeros((len(regions), count), bool)])
    ignored = np.arange(len(keypoints)) >= len(rows)
    areas = _AREA_OF_BOX * boxes[:, 2] * boxes[:, 3]
    return Truths(keypoints, labelled, boxes, areas, ignored, np.zeros(len(keypoints), bool))
