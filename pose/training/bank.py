"""All training photos in memory: pixels as equal squares, labels as arrays, so that views are made in batches.

Coordinates are parts of the photo's width and height, which hold at any resolution. Labels name pixels: a joint at
pixel 0 lies in its middle, half a pixel from the photo's edge.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from pose.skeleton import BODY19, Skeleton
from pose.training.photos import read_photo
from pose.training.sources import Float32, LabelledPhoto

Int64 = NDArray[np.int64]


@dataclass(frozen=True)
class PhotoBank:
    """N photos with P people of the K joints of `skeleton`, and R regions.

    canvases: (N, S, S, 3) uint8 RGB, each photo stretched to a square. sizes: (N, 2) float32, width and height in
    pixels at their true proportions. squeezed: (N,) bool, proportions lost. joints: (N, K) bool, those known at all.
    keypoints: (P, K, 2); weights: (P, K); boxes: (P, 4), corners left, top, right, bottom; regions: (R, 4) likewise.
    first_person, first_region: (N + 1,) offsets of each photo's rows.
    """

    skeleton: Skeleton
    canvases: Tensor
    sizes: Float32
    squeezed: NDArray[np.bool_]
    joints: NDArray[np.bool_]
    keypoints: Float32
    weights: Float32
    boxes: Float32
    regions: Float32
    first_person: Int64
    first_region: Int64

    def __len__(self) -> int:
        return len(self.sizes)

    def for_skeleton(self, skeleton: Skeleton) -> PhotoBank:
        """The same photos with the joints of another skeleton, all of which this one must have."""
        kept = [self.skeleton.index(name) for name in skeleton.keypoint_names]
        return replace(
            self,
            skeleton=skeleton,
            joints=self.joints[:, kept],
            keypoints=self.keypoints[:, kept],
            weights=self.weights[:, kept],
        )

    def to(self, device: torch.device) -> PhotoBank:
        """With the pixels in the device's memory."""
        return replace(self, canvases=self.canvases.to(device))

    def people_of(self, photos: Int64) -> tuple[Int64, Int64]:
        """Rows of the people of some photos, and for each row the position in `photos`."""
        return _rows(self.first_person, photos)

    def regions_of(self, photos: Int64) -> tuple[Int64, Int64]:
        return _rows(self.first_region, photos)


def _rows(first: Int64, photos: Int64) -> tuple[Int64, Int64]:
    counts = first[photos + 1] - first[photos]
    owners = np.repeat(np.arange(len(photos)), counts)
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return first[photos][owners] + within, owners


def make_bank(photos: Sequence[LabelledPhoto], canvases: Tensor) -> PhotoBank:
    """Labels of the photos as arrays, beside their pixels."""
    sizes = np.array([p.size_wh for p in photos], np.float32).reshape(-1, 2)
    people = [len(p.keypoints) for p in photos]
    regions = [len(p.unknown) for p in photos]

    def corners(boxes: list[Float32], counts: list[int]) -> Float32:
        xywh = np.concatenate(boxes)
        both = np.concatenate([xywh[:, :2], xywh[:, :2] + xywh[:, 2:]], axis=1)
        return (both / np.tile(np.repeat(sizes, counts, axis=0), 2)).astype(np.float32)

    keypoints = np.concatenate([p.keypoints for p in photos])
    return PhotoBank(
        BODY19,
        canvases,
        sizes,
        np.array([p.squeezed for p in photos]),
        np.stack([p.joints for p in photos]),
        ((keypoints + 0.5) / np.repeat(sizes, people, axis=0)[:, None]).astype(np.float32),
        np.concatenate([p.weights for p in photos]),
        corners([p.boxes for p in photos], people),
        corners([p.unknown for p in photos], regions),
        np.concatenate([[0], np.cumsum(people)]),
        np.concatenate([[0], np.cumsum(regions)]),
    )


def read_canvases(photos: Sequence[LabelledPhoto], side: int, into: NDArray[np.uint8] | None = None) -> Tensor:
    """(N, side, side, 3) uint8 RGB of the photos' files; `into`: where to keep them, such as a mapped file."""
    canvases = np.empty((len(photos), side, side, 3), np.uint8) if into is None else into

    def read(i: int) -> None:
        canvases[i] = square(read_photo(photos[i].path), side)[..., ::-1]

    with ThreadPoolExecutor(2) as pool:
        for _ in pool.map(read, range(len(photos))):
            pass
    return torch.from_numpy(canvases)


def square(image: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """The image stretched to side x side pixels."""
    shrinks = min(image.shape[:2]) > side
    return np.asarray(
        cv2.resize(image, (side, side), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR), np.uint8
    )
