"""Random views of a labelled image: one affine for pixels and keypoints, then colour."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pose.training.labels import PoseLabels


@dataclass(frozen=True, slots=True)
class AugmentSettings:
    """Ranges of the random view.

    rotation_deg: uniform within ± this. scale: the image's short side becomes size * scale, log-uniform.
    stretch:      the aspect ratio is multiplied by exp(uniform ± this).
    shift:        centre moved by up to this part of the view, on top of what a longer side leaves room for.
    flip:         probability of mirroring. colour: strength of brightness, contrast and tint changes, 0 = none.
    blur:         probability of a slight blur. sharpen: of a slight sharpening. grey: of a view without colour.
    enlarge:      an image is never shown at more than this many pixels per pixel: networks that learn from enlarged,
                  blurred images lose accuracy on sharp ones.
    """

    rotation_deg: float = 30.0
    scale: tuple[float, float] = (0.75, 1.5)
    stretch: float = 0.0
    shift: float = 0.1
    flip: float = 0.5
    colour: float = 0.4
    blur: float = 0.1
    sharpen: float = 0.0
    grey: float = 0.0
    enlarge: float = 2.0
    upside_down: float = 0.0


def random_view(
    rng: np.random.Generator,
    image_bgr: NDArray[np.uint8],
    labels: PoseLabels,
    size: int,
    settings: AugmentSettings,
    flip_index: tuple[int, ...],
    aspect: float | None = None,
) -> tuple[NDArray[np.uint8], PoseLabels]:
    """A (size, size, 3) uint8 view and its labels in pixels of the view.

    aspect: width / height that the image should have, if that differs from its pixels'.
    """
    matrix, mirrored = random_affine(rng, image_bgr.shape[:2], (size, size), settings, aspect)
    view = cv2.warpAffine(image_bgr, matrix, (size, size), flags=cv2.INTER_LINEAR)
    view = random_colour(rng, np.asarray(view, np.uint8), settings)
    return view, labels.transformed(matrix, flip_index if mirrored else None)


def random_affine(
    rng: np.random.Generator,
    image_hw: tuple[int, int],
    view_hw: tuple[int, int],
    settings: AugmentSettings,
    aspect: float | None = None,
) -> tuple[NDArray[np.float64], bool]:
    """(2, 3) matrix from image to view pixels, and whether it mirrors. The view's short side is its size."""
    h, w = image_hw
    view_wh = np.array(view_hw[::-1])
    size = view_wh.min()
    aspect = (aspect or w / h) * float(np.exp(rng.uniform(-1, 1) * settings.stretch))
    scale = float(np.exp(rng.uniform(*np.log(settings.scale))))
    shown = np.array([max(1.0, aspect), max(1.0, 1 / aspect)]) * size  # the image's width and height in the view
    shown_w, shown_h = shown * min(scale, settings.enlarge * float((np.array([w, h]) / shown).min()))
    mirrored = bool(rng.random() < settings.flip)
    angle = np.deg2rad(rng.uniform(-1, 1) * settings.rotation_deg)
    if settings.upside_down > 0 and rng.random() < settings.upside_down:
        angle += np.pi
    room = np.abs(np.array([shown_w, shown_h]) - view_wh) / 2 + settings.shift * size
    shift = rng.uniform(-1, 1, 2) * room
    stretch = np.diag([shown_w / w * (-1 if mirrored else 1), shown_h / h])
    rotate = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    linear = rotate @ stretch
    centre = np.array([(w - 1) / 2, (h - 1) / 2])
    offset = (view_wh - 1) / 2 + shift - linear @ centre
    return np.column_stack([linear, offset]), mirrored


def random_colour(rng: np.random.Generator, image: NDArray[np.uint8], settings: AugmentSettings) -> NDArray[np.uint8]:
    """Contrast, brightness, tint, gamma, sharpness and colourfulness of a view, changed at random."""
    draws = rng.uniform(-1, 1, 6)
    blurred = rng.random() < settings.blur
    sharpened = settings.sharpen > 0 and rng.random() < settings.sharpen
    if settings.grey > 0 and rng.random() < settings.grey:
        image = np.asarray(cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR), np.uint8)
    if settings.colour > 0:
        s = settings.colour
        gain = np.exp(0.5 * s * draws[0]) * np.exp(0.25 * s * draws[2:5])  # contrast and tint, per channel
        levels = np.arange(256, dtype=np.float64)[:, None]
        table = (levels / 255) ** np.exp(0.8 * s * draws[5]) * 255
        table = (table - 128) * gain + 128 + 64 * s * draws[1]
        table = np.clip(table, 0, 255).astype(np.uint8)
        image = np.asarray(cv2.LUT(image, np.ascontiguousarray(table[:, None, :])), np.uint8)
    if blurred:
        image = np.asarray(cv2.GaussianBlur(image, (3, 3), 0.8), np.uint8)
    elif sharpened:
        image = np.asarray(cv2.addWeighted(image, 1.6, cv2.GaussianBlur(image, (0, 0), 1.0), -0.6, 0), np.uint8)
    return image
