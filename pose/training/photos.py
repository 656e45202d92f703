"""Unlabelled photos."""

from __future__ import annotations

import hashlib
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from pose.training.checkpoint import TrainingError

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".bmp"}
# Proportions tried for photos that were squeezed to squares, and how often: most cameras' images are wider than high.
ASPECTS, SHARES = (4 / 3, 1.0, 3 / 4), (0.6, 0.25, 0.15)


def find_photos(folder: Path) -> list[Path]:
    """The images in a folder and its subfolders, sorted. Raises TrainingError if there is none."""
    if not folder.is_dir():
        reason = "is a file, not a folder" if folder.exists() else "does not exist"
        raise TrainingError(f"The photo folder {folder} {reason}.")
    photos = sorted(p for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())
    if not photos:
        raise TrainingError(f"There are no images ({', '.join(sorted(SUFFIXES))}) in {folder}.")
    return photos


def read_photo(path: Path) -> NDArray[np.uint8]:
    try:
        encoded = np.frombuffer(path.read_bytes(), np.uint8)  # OpenCV itself cannot read every name on Windows
    except OSError as error:
        raise TrainingError(f"The image {path} cannot be read ({error.strerror or error}).") from error
    image = cv2.imdecode(encoded, cv2.IMREAD_COLOR) if len(encoded) else None
    if image is None:
        raise TrainingError(f"The image {path} is damaged; remove or repair it.")
    return np.asarray(image, np.uint8)


def likely_aspect(path: Path, image_hw: tuple[int, ...], squeezed: bool) -> float:
    """Width / height that a photo may have had: if square ones were squeezed, drawn from its name, else its own."""
    h, w = image_hw
    if not squeezed or h != w:
        return w / h
    digest = hashlib.sha256(path.name.encode()).digest()
    return float(np.random.default_rng(int.from_bytes(digest[:4], "big")).choice(ASPECTS, p=SHARES))
