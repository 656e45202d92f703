"""LitePose's published inference, step by step and with its quirks, as an independent reference.

A plain transcription of the method of the release (preprocessing, flip test, projection to the input size, grouping,
quarter-pixel adjustment, refinement) that shares no code with `pose.preprocess`, `pose.codec` and `pose.grouping`.
It is slow on purpose: one person, one joint, one step at a time. Benchmarks and tests compare the product with it.

Letters: K joints, T tag sets (1, or 2 with the flip test), H and W the network's input size.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from torch.nn.functional import interpolate, max_pool2d

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
MOST_PEOPLE = 30
DETECTION_THRESHOLD = 0.1
TAG_THRESHOLD = 1.0


@dataclass(frozen=True)
class ReferencePoses:
    """keypoints (N, K, 2) float64 image pixels, NaN = missing; scores (N, K); confidence (N,), before refinement."""

    keypoints: NDArray[np.float64]
    scores: NDArray[np.float64]
    confidence: NDArray[np.float64]


def preprocess(image_bgr: NDArray[np.uint8], input_size: int) -> tuple[torch.Tensor, NDArray[np.float64]]:
    """Image → normalised RGB (1, 3, H, W) and the (2, 3) matrix image → network pixels."""
    h, w = image_bgr.shape[:2]
    factor = input_size / min(h, w)
    canvas_h, canvas_w = (input_size if n == min(h, w) else ceil(ceil(round(n * factor, 6)) / 64) * 64 for n in (h, w))
    centre_x, centre_y = int(w / 2 + 0.5), int(h / 2 + 0.5)
    matrix = np.array([
        [factor, 0, canvas_w / 2 - factor * centre_x],
        [0, factor, canvas_h / 2 - factor * centre_y],
    ])  # fmt: skip
    warped = cv2.warpAffine(image_bgr, matrix, (canvas_w, canvas_h), flags=cv2.INTER_LINEAR)
    rgb = warped[:, :, ::-1].astype(np.float32) / 255
    normalised = (rgb - np.array(MEAN, np.float32)) / np.array(STD, np.float32)
    return torch.from_numpy(normalised.transpose(2, 0, 1)[None].copy()), matrix


@torch.inference_mode()
def run_network(
    model: torch.nn.Module, image: torch.Tensor, flip_index: tuple[int, ...], flip: bool
) -> tuple[torch.Tensor, torch.Tensor]:
    """Normalised image (1, 3, H, W) → heatmaps (1, K, H/2, W/2) and tags (T, K, H/2, W/2)."""
    heatmaps, tags = _one_pass(model, image)
    if not flip:
        return heatmaps, tags
    mirrored_heatmaps, mirrored_tags = _one_pass(model, torch.flip(image, [3]))
    order = list(flip_index)
    heatmaps = (heatmaps + torch.flip(mirrored_heatmaps, [3])[:, order]) / 2
    tags = torch.cat([tags, torch.flip(mirrored_tags, [3])[:, order]])
    return heatmaps, tags


def _one_pass(model: torch.nn.Module, image: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    coarse, fine = model(image)
    num_joints = fine.shape[1]
    coarse = interpolate(coarse, size=fine.shape[2:], mode="bilinear", align_corners=False)
    return (coarse[:, :num_joints] + fine) / 2, coarse[:, num_joints:]


def decode(
    heatmaps: torch.Tensor,
    tags: torch.Tensor,
    joint_order: tuple[int, ...],
    *,
    upsample: int = 2,
    adjust: bool = True,
    refine: bool = True,
) -> ReferencePoses:
    """Maps → people in network pixels. heatmaps (1, K, h, w), tags (T, K, h, w), projected `upsample` times first."""
    size = [n * upsample for n in heatmaps.shape[2:]]
    heatmaps = interpolate(heatmaps, size=size, mode="bilinear", align_corners=False)
    tags = interpolate(tags, size=size, mode="bilinear", align_corners=False)
    det, tag = heatmaps[0].numpy(), tags.permute(1, 2, 3, 0).numpy()  # (K, H, W), (K, H, W, T)
    people = _group(*_top_candidates(heatmaps[0], tag), joint_order)
    if adjust:
        for person in people:
            _adjust(person, det)
    confidence = [float(person[:, 2].mean()) for person in people]
    if refine:
        for person in people:
            _refine(person, det, tag)
    num_joints = len(det)
    if not people:
        return ReferencePoses(np.zeros((0, num_joints, 2)), np.zeros((0, num_joints)), np.zeros(0))
    rows = np.array(people, np.float64)  # (N, K, 3 + T)
    keypoints, scores = rows[:, :, :2] * (2 / upsample), rows[:, :, 2]
    keypoints[scores == 0] = np.nan
    return ReferencePoses(keypoints, scores, np.array(confidence))


def estimate(
    model: torch.nn.Module,
    image_bgr: NDArray[np.uint8],
    flip_index: tuple[int, ...],
    joint_order: tuple[int, ...],
    *,
    input_size: int = 448,
    flip: bool = True,
) -> ReferencePoses:
    """The whole published inference on one image (H, W, 3) uint8 BGR."""
    image, matrix = preprocess(image_bgr, input_size)
    return to_image(decode(*run_network(model, image, flip_index, flip), joint_order), matrix)


def to_image(poses: ReferencePoses, matrix: NDArray[np.float64]) -> ReferencePoses:
    """Network pixels → image pixels through the inverse of the warp."""
    inverse = cv2.invertAffineTransform(matrix)
    keypoints = poses.keypoints @ inverse[:, :2].T + inverse[:, 2]
    return ReferencePoses(keypoints, poses.scores, poses.confidence)


def _top_candidates(
    heatmaps: torch.Tensor, tag: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Maxima of 5x5 neighbourhoods, 30 per joint: positions (K, 30, 2), values (K, 30), tags (K, 30, T)."""
    kept = heatmaps * (max_pool2d(heatmaps[None], 5, 1, 2)[0] == heatmaps)
    width = heatmaps.shape[2]
    values, index = kept.flatten(1).topk(MOST_PEOPLE, dim=1)
    x, y = (index % width).numpy(), (index // width).numpy()
    joints = np.arange(len(tag))[:, None]
    return np.stack([x, y], axis=2).astype(np.float32), values.numpy(), tag[joints, y, x]


def _group(
    positions: NDArray[np.float32],
    values: NDArray[np.float32],
    tags: NDArray[np.float32],
    joint_order: tuple[int, ...],
) -> list[NDArray[np.float32]]:
    """Candidates → people, each (K, 3 + T): x, y, score, tags. People live in a dictionary keyed by a raw tag value."""
    num_joints, num_tags = tags.shape[0], tags.shape[2]
    blank = np.zeros((num_joints, 3 + num_tags), np.float32)
    people: dict[float, NDArray[np.float32]] = {}
    people_tags: dict[float, list[NDArray[np.float32]]] = {}

    def open_person(joint: int, row: NDArray[np.float32]) -> None:
        key = float(row[3])
        people.setdefault(key, blank.copy())[joint] = row
        people_tags[key] = [row[3:]]

    for joint in joint_order:
        rows = np.concatenate([positions[joint], values[joint][:, None], tags[joint]], axis=1)
        rows = rows[rows[:, 2] > DETECTION_THRESHOLD]
        if not len(rows):
            continue
        if not people:
            for row in rows:
                open_person(joint, row)
            continue
        keys = list(people)[:MOST_PEOPLE]
        means = np.array([np.mean(people_tags[key], axis=0) for key in keys])
        distance = np.linalg.norm(rows[:, None, 3:] - means[None], axis=2)
        cost = np.round(distance) * 100 - rows[:, 2:3]
        if len(rows) > len(keys):
            cost = np.concatenate([cost, np.full((len(rows), len(rows) - len(keys)), 1e10)], axis=1)
        for row, column in zip(*linear_sum_assignment(cost), strict=True):
            if column < len(keys) and distance[row, column] < TAG_THRESHOLD:
                people[keys[column]][joint] = rows[row]
                people_tags[keys[column]].append(rows[row, 3:])
            else:
                open_person(joint, rows[row])
    return list(people.values())


def _adjust(person: NDArray[np.float32], det: NDArray[np.float32]) -> None:
    """Quarter of a pixel toward the larger neighbour, then half a pixel, in place."""
    for joint, row in enumerate(person):
        if row[2] > 0:
            row[:2] = _shifted(det[joint], int(row[0]), int(row[1]))


def _shifted(heatmap: NDArray[np.float32], x: int, y: int) -> tuple[float, float]:
    h, w = heatmap.shape
    right = heatmap[y, min(x + 1, w - 1)] > heatmap[y, max(x - 1, 0)]
    down = heatmap[min(y + 1, h - 1), x] > heatmap[max(y - 1, 0), x]
    return x + (0.25 if right else -0.25) + 0.5, y + (0.25 if down else -0.25) + 0.5


def _refine(person: NDArray[np.float32], det: NDArray[np.float32], tag: NDArray[np.float32]) -> None:
    """Fill every missing joint where heatmap minus rounded tag distance is largest, in place."""
    found = np.flatnonzero(person[:, 2] > 0)
    own_tags = [tag[j, int(person[j, 1]), int(person[j, 0])] for j in found]
    mean_tag = np.mean(own_tags, axis=0)
    for joint in np.flatnonzero(person[:, 2] == 0):
        distance = np.sqrt(((tag[joint] - mean_tag) ** 2).sum(axis=2))
        y, x = np.unravel_index(np.argmax(det[joint] - np.round(distance)), distance.shape)
        value = det[joint, y, x]
        if value > 0:
            person[joint, :2] = _shifted(det[joint], int(x), int(y))
            person[joint, 2] = value
