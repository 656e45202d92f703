"""Random crops of labelled people with a top-down network's targets (augmented as in arXiv 2104.06403)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from pose.normalisation import MEAN_RGB, STD_RGB
from pose.preprocess import halve
from pose.skeleton import BODY19, Skeleton, shared_joints
from pose.topdown.crops import MIN_SIDE_PX, PADDING
from pose.topdown.heatmaps import HEATMAP_STRIDE, encode, target_sigma
from pose.training.augment import AugmentSettings, random_colour
from pose.training.photos import read_photo
from pose.training.sources import LabelledPhoto

Float32 = NDArray[np.float32]

MIN_JOINTS = 3  # fewer labelled joints of the skeleton make no example
HALF_BODY_FROM = 9  # half a body is shown only of people with so many labelled joints


@dataclass(frozen=True, slots=True)
class CropSettings:
    """How people are cropped.

    flip, half_body, shifted, rotated: probabilities. shift: of the centre, in box sides. scale, rotation_deg: standard
    deviations; scales stay within 0.75 to 1.25, angles within twice theirs. jitter: each side of the box moves by a
    normal part of its length; boxes around the joints that LitePose-M finds scatter by 0.05 (measured). squeeze: photos
    of unknown proportions are stretched by up to exp(± this). colour, blur: as in AugmentSettings.
    """

    flip: float = 0.5
    half_body: float = 0.3
    shifted: float = 0.3
    shift: float = 0.16
    scale: float = 0.25
    rotated: float = 0.6
    rotation_deg: float = 30.0
    jitter: float = 0.05
    squeeze: float = 0.3
    colour: float = 0.3
    blur: float = 0.1


@dataclass(frozen=True, slots=True)
class Person:
    """One example: keypoints (K, 2) pixels of the photo, weights (K,) in [0, 1], 0 = not labelled."""

    photo: LabelledPhoto
    keypoints: Float32
    weights: Float32


@dataclass(frozen=True, slots=True)
class CropBatch:
    """images (B, 3, H, W) normalised RGB; targets (B, K, H/4, W/4); weights (B, K)."""

    images: Tensor
    targets: Tensor
    weights: Tensor


def people_of(photos: Sequence[LabelledPhoto], skeleton: Skeleton) -> list[Person]:
    """Everybody with enough labelled joints of the skeleton."""
    ours, theirs = shared_joints(skeleton, BODY19)
    people = []
    for photo in photos:
        for keypoints, weights in zip(photo.keypoints, photo.weights, strict=True):
            placed = np.zeros((skeleton.num_keypoints, 2), np.float32)
            counts = np.zeros(skeleton.num_keypoints, np.float32)
            placed[ours], counts[ours] = keypoints[theirs], weights[theirs]
            if (counts > 0).sum() >= MIN_JOINTS:
                people.append(Person(photo, placed, counts))
    return people


def make_crops(
    people: Sequence[Person], hw: tuple[int, int], seed: tuple[int, ...], settings: CropSettings, skeleton: Skeleton
) -> CropBatch:
    """The batch of these people; the same seed gives the same crops. Raises TrainingError if a photo is missing."""
    examples = [
        random_crop(np.random.default_rng((*seed, n)), read_photo(p.photo.path), p, hw, settings, skeleton)
        for n, p in enumerate(people)
    ]
    images, targets, weights = (np.stack(part) for part in zip(*examples, strict=True))
    rgb = torch.from_numpy(images[..., ::-1].copy()).permute(0, 3, 1, 2).float() / 255
    mean, std = (torch.tensor(values).view(1, 3, 1, 1) for values in (MEAN_RGB, STD_RGB))
    return CropBatch((rgb - mean) / std, torch.from_numpy(targets), torch.from_numpy(weights))


def random_crop(
    rng: np.random.Generator,
    image_bgr: NDArray[np.uint8],
    person: Person,
    hw: tuple[int, int],
    settings: CropSettings,
    skeleton: Skeleton,
) -> tuple[NDArray[np.uint8], Float32, Float32]:
    """A crop (H, W, 3) uint8 BGR, targets (K, H/4, W/4) and weights (K,)."""
    shown = _shown_joints(rng, person, settings, skeleton)
    box = _box(rng, person.keypoints[shown], settings)
    matrix, mirrored = random_affine(rng, box, hw, settings, person.photo.squeezed)
    crop = _warp(image_bgr, matrix, hw)
    colours = AugmentSettings(colour=settings.colour, blur=settings.blur)
    keypoints = person.keypoints @ matrix[:, :2].T + matrix[:, 2]
    weights = person.weights
    if mirrored:
        mirror = list(skeleton.flip_index)
        keypoints, weights = keypoints[mirror], weights[mirror]
    size = hw[0] // HEATMAP_STRIDE, hw[1] // HEATMAP_STRIDE
    targets, counts = encode((keypoints / HEATMAP_STRIDE).astype(np.float32), weights > 0, size, target_sigma(hw[0]))
    return random_colour(rng, crop, colours), targets, np.where(counts, weights, 0).astype(np.float32)


def random_affine(
    rng: np.random.Generator,
    box: NDArray[np.float64],
    hw: tuple[int, int],
    settings: CropSettings,
    squeezed: bool = False,
) -> tuple[NDArray[np.float64], bool]:
    """(2, 3) matrix from photo to crop pixels for a box (x0, y0, x1, y1), and whether it mirrors."""
    height, width = hw
    centre = (box[:2] + box[2:]) / 2
    stretch = np.array([np.exp(rng.uniform(-1, 1) * settings.squeeze) if squeezed else 1.0, 1.0])
    sides = np.maximum(box[2:] - box[:2], MIN_SIDE_PX) * stretch * PADDING
    if rng.random() < settings.shifted:
        centre = centre + rng.uniform(-1, 1, 2) * settings.shift * sides / stretch
    zoom = np.clip(1 + rng.normal() * settings.scale, 0.75, 1.25)
    angle = 0.0
    if rng.random() < settings.rotated:
        angle = np.deg2rad(np.clip(rng.normal(), -2, 2) * settings.rotation_deg)
    mirrored = bool(rng.random() < settings.flip)
    factor = min(width / sides[0], height / sides[1]) / zoom
    rotate = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    linear = rotate @ np.diag(factor * stretch * np.array([-1.0 if mirrored else 1.0, 1.0]))
    middle = np.array([width / 2 - (1 if mirrored else 0), height / 2])  # pixel i is mirrored to width - 1 - i
    return np.column_stack([linear, middle - linear @ centre]), mirrored


def _shown_joints(
    rng: np.random.Generator, person: Person, settings: CropSettings, skeleton: Skeleton
) -> NDArray[np.bool_]:
    """The joints that the box is about: all labelled ones, or those of the upper or the lower half of the body."""
    labelled = person.weights > 0
    if labelled.sum() < HALF_BODY_FROM or rng.random() >= settings.half_body:
        return labelled
    legs = np.array([any(part in name for part in ("hip", "knee", "ankle")) for name in skeleton.keypoint_names])
    halves = [half for half in (labelled & legs, labelled & ~legs) if half.sum() >= MIN_JOINTS]
    return halves[rng.integers(len(halves))] if halves else labelled


def _box(rng: np.random.Generator, points: Float32, settings: CropSettings) -> NDArray[np.float64]:
    """Around the joints, each side moved a little."""
    low, high = points.min(axis=0).astype(np.float64), points.max(axis=0).astype(np.float64)
    sides = np.tile(np.maximum(high - low, MIN_SIDE_PX), 2)
    box = np.concatenate([low, high]) + rng.normal(size=4) * settings.jitter * sides
    return np.concatenate([np.minimum(box[:2], box[2:]), np.maximum(box[:2], box[2:])])


def _warp(image: NDArray[np.uint8], matrix: NDArray[np.float64], hw: tuple[int, int]) -> NDArray[np.uint8]:
    """Strong shrinking averages first, as when the network is used."""
    while abs(np.linalg.det(matrix[:, :2])) < 0.25 and min(image.shape[:2]) >= 2:
        image, matrix = halve(image, matrix)
    return np.asarray(cv2.warpAffine(image, matrix, hw[::-1], flags=cv2.INTER_LINEAR), np.uint8)
