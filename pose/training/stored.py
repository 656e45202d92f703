"""What a teacher saw in a photo, kept on disk, so that it looks at each photo once and several students can share it.

Maps are stored at several resolutions, each with Gaussians of TARGET_SIGMA cells of its own: a view of any size takes
the nearest one above it, widens what little is missing and moves it like the photo's pixels.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from pose.codec import HEATMAP_STRIDE, decode
from pose.files import write_atomically
from pose.skeleton import Skeleton
from pose.training.checkpoint import TrainingError, plain_write_errors
from pose.training.mosaic import Tile, placed
from pose.training.photos import likely_aspect, read_photo
from pose.training.targets import Targets, read_tags
from pose.training.teacher import PEOPLE, Network, TeacherSettings, ensemble_maps, zoom
from pose.training.widening import widen

Float32 = NDArray[np.float32]
Grids = tuple[tuple[int, int], ...]

_LEVELS = 4
_STEP = float(np.sqrt(2))  # resolution of a level / that of the next
# Peaks fall between cells whenever a map is resampled: their mean height after one move, and after each level.
_MOVED_HEIGHT, _LEVEL_HEIGHT = 0.955, 0.932


@dataclass(frozen=True, slots=True)
class SeenPhoto:
    """level: i → heatmaps (K, h, w) uint8, 255 = 1, that cover the whole photo; grids: (h, w) of each, falling.

    keypoints: (N, K, 2) float32 in pixels of the photo. scores: (N, K) float32.
    """

    level: Callable[[int], NDArray[np.uint8]]
    grids: Grids
    keypoints: Float32
    scores: Float32


def see(
    network: Network, image_bgr: NDArray[np.uint8], aspect: float, skeleton: Skeleton, settings: TeacherSettings
) -> SeenPhoto:
    """The teacher's opinion of a photo that is shown with the given width / height."""
    h, w = image_bgr.shape[:2]
    size = (round(h * aspect), h) if aspect >= w / h else (w, round(w / aspect))
    shown = np.asarray(cv2.resize(image_bgr, size), np.uint8)
    maps, tags = ensemble_maps(network, shown, skeleton, settings)
    keypoints, scores, _ = decode(maps, tags, skeleton, PEOPLE)
    scale = np.array([w, h], np.float32) / np.array(maps.shape[:0:-1], np.float32)
    levels = [maps]
    for _ in range(_LEVELS - 1):
        grid = tuple(round(n / _STEP) for n in levels[-1].shape[1:])
        levels.append(zoom(widen(levels[-1], _STEP), grid))
    packed = [np.round(np.clip(level, 0, 1) * 255).astype(np.uint8) for level in levels]
    return SeenPhoto(
        packed.__getitem__,
        tuple((level.shape[1], level.shape[2]) for level in packed),
        np.nan_to_num(keypoints * scale),
        np.nan_to_num(scores),
    )


def stored_targets(tiles: list[Tile], seen: list[SeenPhoto], size: int, skeleton: Skeleton) -> Targets:
    """Targets of a student that sees the tiles in a view of `size` pixels: the decoded resolution's maps, and tags."""
    side = size // HEATMAP_STRIDE
    fine = np.zeros((skeleton.num_keypoints, side, side), np.float32)
    keypoints, known = [], []
    for tile, photo in zip(tiles, seen, strict=True):
        matrix, (left, top, right, bottom) = placed(tile, 1 / HEATMAP_STRIDE)
        mirror = list(skeleton.flip_index if np.linalg.det(matrix[:, :2]) < 0 else range(skeleton.num_keypoints))
        fine[:, top:bottom, left:right] = _moved(photo, tile.image_bgr.shape[:2], matrix, (right - left, bottom - top))[
            mirror
        ]
        points = photo.keypoints[:, mirror] @ tile.matrix[:, :2].T + tile.matrix[:, 2] + tile.rect[:2]
        inside = ((points >= tile.rect[:2]) & (points < tile.rect[2:])).all(axis=2)
        keypoints.append(points.astype(np.float32))
        known.append(inside & (photo.scores[:, mirror] > PEOPLE.det_thr))
    cells, people = read_tags(np.concatenate(keypoints), np.concatenate(known), (size, size))
    return Targets(None, fine, None, None, cells, people)


def _moved(
    photo: SeenPhoto, photo_hw: tuple[int, ...], matrix: NDArray[np.float64], target_wh: tuple[int, int]
) -> Float32:
    """Maps (K, h, w) after `matrix`, from pixels of the photo to cells of the target, with Gaussians of usual width."""
    chosen, chosen_matrix, scale, height = 0, matrix, 1.0, 1.0
    for i, grid in enumerate(photo.grids):
        cell = np.array(photo_hw[::-1]) / grid[::-1]  # photo pixels per cell of the level
        from_level = np.column_stack([matrix[:, :2] * cell, matrix[:, :2] @ ((cell - 1) / 2) + matrix[:, 2]])
        level_scale = float(np.sqrt(abs(np.linalg.det(from_level[:, :2]))))
        if i == 0 or level_scale <= 1:
            chosen, chosen_matrix, scale = i, from_level, level_scale
            height = _MOVED_HEIGHT * _LEVEL_HEIGHT**i
    maps = widen(photo.level(chosen).astype(np.float32) / np.float32(255 * height), 1 / scale)
    return np.stack([cv2.warpAffine(m, chosen_matrix, target_wh, flags=cv2.INTER_LINEAR) for m in maps])


@dataclass(frozen=True)
class SeenPhotos:
    """The teacher's opinions of photos, made when they are first used.

    cache: folder for one file per photo, some 100 KB each, named by the photo's content: another photo of the same
    name is another photo, and one that moved is still the same. teacher: (photo, its true width / height) → opinion.
    stretch: True if square photos had other proportions once.
    """

    photos: list[Path]
    cache: Path
    teacher: Callable[[NDArray[np.uint8], float], SeenPhoto]
    stretch: bool

    def __getitem__(self, index: int) -> SeenPhoto:
        path = self.photos[index]
        file = self._file(path)
        stored = self._read(file)
        if stored is None:
            image = read_photo(path)
            stored = self.teacher(image, likely_aspect(path, image.shape[:2], self.stretch))
            with plain_write_errors(self.cache):
                self._write(file, stored)
        return stored

    def _file(self, path: Path) -> Path:
        try:
            digest = hashlib.sha256(path.read_bytes())
        except OSError as error:
            raise TrainingError(f"The image {path} cannot be read ({error.strerror or error}).") from error
        if self.stretch:  # the name decides about a photo's proportions
            digest.update(path.name.encode())
        return self.cache / f"{digest.hexdigest()[:32]}.safetensors"

    def _read(self, file: Path) -> SeenPhoto | None:
        try:
            arrays = load(file.read_bytes())
            grids = tuple((h, w) for h, w in arrays["grids"].tolist())
            unpacked = partial(_unpacked, file, [arrays[f"level{i}"] for i in range(len(grids))], grids)
            return SeenPhoto(unpacked, grids, arrays["keypoints"], arrays["scores"])
        except (FileNotFoundError, SafetensorError, KeyError, ValueError):
            return None

    def _write(self, file: Path, seen: SeenPhoto) -> None:
        levels = [zlib.compress(seen.level(i).tobytes()) for i in range(len(seen.grids))]
        arrays: dict[str, NDArray[Any]] = {
            f"level{i}": np.frombuffer(packed, np.uint8) for i, packed in enumerate(levels)
        }
        arrays |= {"grids": np.array(seen.grids), "keypoints": seen.keypoints, "scores": seen.scores}
        write_atomically(file, save(arrays))


def _unpacked(file: Path, levels: list[NDArray[np.uint8]], grids: Grids, i: int) -> NDArray[np.uint8]:
    """A view uses one level: unpacking the others would double its time."""
    try:
        return np.frombuffer(zlib.decompress(levels[i].tobytes()), np.uint8).reshape(-1, *grids[i])
    except (zlib.error, ValueError):
        raise TrainingError(f"{file} is damaged; delete it and go on with --resume.") from None
