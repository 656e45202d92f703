"""Unlabelled photos with a teacher's labels, computed on first use and kept on disk."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import get_ident

import cv2
import numpy as np
from numpy.typing import NDArray

from pose.training.checkpoint import TrainingError
from pose.training.data import Example
from pose.training.labels import PoseLabels

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".bmp"}
# Proportions tried for photos that were squeezed to squares, and how often: most cameras' pictures are wider than high.
_ASPECTS, _SHARES = (4 / 3, 1.0, 3 / 4), (0.6, 0.25, 0.15)

Labeller = Callable[[NDArray[np.uint8]], PoseLabels]


def find_photos(folder: Path) -> list[Path]:
    """The pictures in a folder and its subfolders, sorted. Raises TrainingError if there is none."""
    if not folder.is_dir():
        raise TrainingError(f"The photo folder {folder} does not exist.")
    photos = sorted(p for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES)
    if not photos:
        raise TrainingError(f"There are no pictures ({', '.join(sorted(SUFFIXES))}) in {folder}.")
    return photos


def read_photo(path: Path) -> NDArray[np.uint8]:
    image = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if image is None:
        raise TrainingError(f"The picture {path} cannot be read; remove or repair it.")
    return np.asarray(image, np.uint8)


def random_aspect(rng: np.random.Generator, image_hw: tuple[int, ...]) -> float:
    """Width / height that a photo may have had: a square one was perhaps squeezed, others are as they are."""
    h, w = image_hw
    return float(rng.choice(_ASPECTS, p=_SHARES)) if h == w else w / h


@dataclass(frozen=True)
class TeacherLabelledPhotos:
    """Implements `Examples`. Labels are in the photo's own pixels, also when the teacher saw it stretched.

    photos: files in or below `folder`. cache: folder for one small file of labels per photo.
    """

    folder: Path
    photos: list[Path]
    cache: Path
    labeller: Labeller
    stretch: bool

    def __len__(self) -> int:
        return len(self.photos)

    def __getitem__(self, index: int) -> Example:
        path = self.photos[index]
        image = read_photo(path)
        stored = self._read(path)
        if stored is None:
            stored = self._label(path, image)
        labels, aspect = stored
        return Example(image, labels, aspect)

    def _file(self, path: Path) -> Path:
        return self.cache / ("__".join(path.relative_to(self.folder).parts) + ".npz")

    def _read(self, path: Path) -> tuple[PoseLabels, float] | None:
        try:
            with np.load(self._file(path)) as data:
                return PoseLabels(data["keypoints"], data["scores"], data["faint"]), float(data["aspect"])
        except (FileNotFoundError, zipfile.BadZipFile, EOFError, KeyError, ValueError):
            return None

    def _label(self, path: Path, image: NDArray[np.uint8]) -> tuple[PoseLabels, float]:
        h, w = image.shape[:2]
        aspect = w / h
        if self.stretch:
            name = hashlib.sha256(path.name.encode()).digest()
            aspect = random_aspect(np.random.default_rng(int.from_bytes(name[:4], "big")), (h, w))
        size = (round(h * aspect), h) if aspect >= w / h else (w, round(w / aspect))
        seen = self.labeller(np.asarray(cv2.resize(image, size), np.uint8))
        labels = seen.transformed(np.array([[w / size[0], 0, 0], [0, h / size[1], 0]]))
        self.cache.mkdir(parents=True, exist_ok=True)
        temporary = self._file(path).with_suffix(f".{os.getpid()}-{get_ident()}.new.npz")
        np.savez(temporary, keypoints=labels.keypoints, scores=labels.scores, faint=labels.faint, aspect=aspect)
        temporary.replace(self._file(path))
        return labels, aspect
