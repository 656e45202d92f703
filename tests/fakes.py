"""Stand-ins for the network and for sources, quick and without files."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from app.models.loading import MOST_ACCURATE
from app.sources.base import Grabbed, Image, Source, SourceInfo
from pose.skeleton import CROWDPOSE14, Skeleton
from pose.types import Poses
from pose.weights.library import find_weights


@dataclass(frozen=True, slots=True)
class FakeTimes:
    preprocess_ms: float = 1.0
    inference_ms: float = 2.0
    decode_ms: float = 3.0


def standing_person(skeleton: Skeleton, x: float, y: float, height: float) -> NDArray[np.float32]:
    """(K, 2) float32: someone upright whose nose or neck is near (x, y), `height` pixels from head to ankles."""
    up = {"nose": 0.08, "eye": 0.06, "ear": 0.07, "shoulder": 0.18, "elbow": 0.33, "wrist": 0.47, "hip": 0.50,
          "knee": 0.73, "ankle": 0.96, "head_top": 0.0, "neck": 0.16}  # fmt: skip
    out = {"eye": 0.02, "ear": 0.04, "shoulder": 0.11, "elbow": 0.15, "wrist": 0.16, "hip": 0.07, "knee": 0.08,
           "ankle": 0.09}  # fmt: skip
    points = []
    for name in skeleton.keypoint_names:
        part = name.removeprefix("left_").removeprefix("right_")
        side = 1 if name.startswith("left_") else -1 if name.startswith("right_") else 0
        points.append((x + side * out.get(part, 0.0) * height, y + (up[part] - 0.16) * height))
    return np.array(points, np.float32)


class FakeEstimator:
    """Finds `people` standing side by side in every image, moving a little from call to call."""

    def __init__(self, people: int = 2, skeleton: Skeleton = CROWDPOSE14, delay_s: float = 0.0) -> None:
        self.skeleton = skeleton
        self.calls = 0
        self._people, self._confidence, self._delay_s = people, 0.9, delay_s

    def estimate(self, image_bgr: Image) -> tuple[Poses, FakeTimes]:
        time.sleep(self._delay_s)
        height, width = image_bgr.shape[:2]
        drift = 0.05 * height * np.sin(self.calls / 20) + 0.4 * (-1) ** self.calls
        self.calls += 1
        persons = [
            standing_person(self.skeleton, (i + 0.5) * width / self._people + drift, 0.3 * height, 0.6 * height)
            for i in range(self._people)
        ]
        if not persons:
            return Poses.empty(self.skeleton.num_keypoints), FakeTimes()
        keypoints = np.stack(persons).astype(np.float32)
        scores = np.full(keypoints.shape[:2], self._confidence, np.float32)
        return Poses(keypoints, scores, np.full(len(persons), self._confidence, np.float32)), FakeTimes()


class ReadingEstimator(FakeEstimator):
    """Finds the same in an image whenever it sees it: where people stand follows from its number."""

    def estimate(self, image_bgr: Image) -> tuple[Poses, FakeTimes]:
        seen, self.calls = self.calls, read_number(image_bgr)
        found = super().estimate(image_bgr)
        self.calls = seen + 1
        return found


class ListSource(Source):
    """Images from memory at a constant rate."""

    def __init__(self, images: Sequence[Image], fps: float = 25.0) -> None:
        super().__init__()
        self._images, self._next = list(images), 0
        height, width = images[0].shape[:2]
        self.info = SourceInfo("list", "images", width, height, fps, frame_count=len(images))

    def seek(self, time_s: float) -> None:
        self._next = min(max(int(time_s * self.info.fps + 1e-6), 0), len(self._images) - 1)

    def _grab(self) -> Grabbed | None:
        if self._next >= len(self._images):
            return None
        self._next += 1
        return Grabbed(self._next - 1, (self._next - 1) / self.info.fps)

    def _retrieve(self) -> Image | None:
        return self._images[self._next - 1]


def numbered_image(number: int, width: int = 96, height: int = 64, band: float = 0.25) -> Image:
    """An image that carries its number as eight black or white fields in a band across its middle; see read_number.

    It survives compression. What is above and below is always the same, so that no number looks like another scene.
    band: share of the height that changes with the number.
    """
    image = np.full((height, width, 3), 60, np.uint8)
    image[height // 2 :] = 200
    margin = round(height * (1 - band) / 2)
    for bit in range(8):
        image[margin : height - margin, bit * width // 8 : (bit + 1) * width // 8] = 235 if number >> bit & 1 else 20
    return image


def read_number(image: Image) -> int:
    """The number in a `numbered_image`, read from its upright middle row."""
    height, width = image.shape[:2]
    centres = [(2 * bit + 1) * width // 16 for bit in range(8)]
    return sum(1 << bit for bit, x in enumerate(centres) if image[height // 2, x].mean() > 128)


def write_images(folder: Path, names: Sequence[str], width: int = 96, height: int = 64) -> None:
    """Numbered PNGs in the order of the names."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, name in enumerate(names):
        (folder / name).write_bytes(cv2.imencode(".png", numbered_image(number, width, height))[1].tobytes())


def fake_model_info(estimator: object) -> dict[str, str]:
    """What a sidecar says of a FakeEstimator that stands in for the model of default settings."""
    return {"name": "fake", "weights_sha256": find_weights(MOST_ACCURATE).sha256}
