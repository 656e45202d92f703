"""Tiny images of dot people, their labels on disk, and settings for runs of a few steps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from pose.skeleton import CROWDPOSE14, Skeleton
from pose.training.augment import AugmentSettings
from pose.training.config import LoopSettings, OptimiserSettings
from pose.training.losses import LossSettings

SIZE = 64
STILL = AugmentSettings(rotation_deg=0, scale=(1.0, 1.0), shift=0, flip=0, colour=0, blur=0)


def dot_people(rng: np.random.Generator, people: int, k: int = 14) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """A dark image with a bright dot of the joint's own colour at each joint, and the joints (N, K, 2)."""
    image = np.full((SIZE, SIZE, 3), 30, np.uint8)
    keypoints = rng.uniform(6, SIZE - 6, (people, k, 2)).astype(np.float32)
    for person in keypoints:
        for joint, (x, y) in enumerate(person):
            colour = (255 - 17 * joint, 17 * joint, 40 + 100 * (joint % 3))
            cv2.circle(image, (round(float(x)), round(float(y))), 2, colour, -1)
    return image, keypoints


def write_labelled(folder: Path, counts: tuple[int, ...] = (1, 2, 0, 3), skeleton: Skeleton = CROWDPOSE14) -> Path:
    """Images with that many people each, and labels.json beside them."""
    rng = np.random.default_rng(3)
    folder.mkdir(parents=True, exist_ok=True)
    images, annotations = [], []
    for i, count in enumerate(counts):
        image, keypoints = dot_people(rng, count, skeleton.num_keypoints)
        cv2.imwrite(str(folder / f"{i}.png"), image)
        images.append({"id": i, "file_name": f"{i}.png", "width": SIZE, "height": SIZE})
        for person in keypoints:
            joints = np.column_stack([person, np.full(len(person), 2)])
            annotations.append(_annotation(len(annotations), i, joints))
    labels = {"images": images, "annotations": annotations, "categories": [{"id": 1, "name": "person"}]}
    path = folder / "labels.json"
    path.write_text(json.dumps(labels))
    return path


def _annotation(number: int, image: int, joints: NDArray[np.float32]) -> dict[str, Any]:
    low, high = joints[:, :2].min(axis=0), joints[:, :2].max(axis=0)
    return {
        "id": number, "image_id": image, "category_id": 1, "iscrowd": 0, "num_keypoints": len(joints),
        "keypoints": joints.ravel().tolist(), "bbox": [*low.tolist(), *(high - low).tolist()],
        "area": float(np.prod(high - low)),
    }  # fmt: skip


def short_loop(**changes: Any) -> LoopSettings:
    settings: dict[str, Any] = {
        "steps": 4, "batch": 2, "sizes": (SIZE,), "seed": 1, "precision": "fp32", "checkpoint_every": 2,
        "evaluate_every": 100, "calibrate_batches": 1, "threads": 1,
        "optimiser": OptimiserSettings(lr=1e-3, warmup_steps=2), "augment": AugmentSettings(), "loss": LossSettings(),
    }  # fmt: skip
    return LoopSettings(**(settings | changes))
