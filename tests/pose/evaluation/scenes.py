"""Random labels and detections, with every case the evaluations treat specially."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from pose.evaluation.coco_labels import Labels, read_labels
from pose.skeleton import CROWDPOSE14, Skeleton
from pose.types import Poses


def random_labels(seed: int, skeleton: Skeleton, num_images: int = 12) -> dict[str, Any]:
    """COCO-layout labels: images of many and of nobody, crowds, people without labels, tiny and large people."""
    rng = np.random.default_rng(seed)
    k = skeleton.num_keypoints
    images, annotations = [], []
    for image_id in rng.permutation(np.arange(1, num_images + 1)).tolist():
        image = {"id": image_id, "file_name": f"{image_id}.png", "width": 640, "height": 480}
        images.append(image | {"crowdIndex": float(rng.choice([0.0, 0.1, 0.2, 0.5, 0.8, 0.95]))})
        for _ in range(int(rng.choice([0, 1, 2, 3, 6]))):
            size = float(rng.choice([20, 60, 120, 240]))
            corner = rng.uniform(0, 400, 2)
            points = corner + rng.uniform(0, size, (k, 2))
            visible = rng.choice([0, 1, 2], k, p=[0.3, 0.2, 0.5])
            kind = rng.choice(["plain", "unlabelled", "crowd", "crowd_unlabelled"], p=[0.7, 0.1, 0.1, 0.1])
            if "unlabelled" in kind:
                visible[:] = 0
            points[visible == 0] = 0
            annotations.append({
                "id": len(annotations) + 1, "image_id": image_id, "category_id": 1,
                "iscrowd": int(kind.startswith("crowd")),
                "keypoints": np.concatenate([points, visible[:, None]], axis=1).round(2).ravel().tolist(),
                "num_keypoints": int((visible > 0).sum()),
                "bbox": [*corner.round(2).tolist(), size, size],
                "area": float(round(size * size * rng.uniform(0.3, 0.9), 2)),
            })  # fmt: skip
    categories = [{"id": 1, "name": "person", "keypoints": list(skeleton.keypoint_names)}]
    return {"images": images, "annotations": annotations, "categories": categories}


def random_poses(seed: int, labels: Labels, most_false: int = 4) -> list[Poses]:
    """For each image some of its people, jittered by some pixels to many, once or twice, and some false ones."""
    rng = np.random.default_rng(seed)
    k = labels.skeleton.num_keypoints
    found = []
    for image in labels.images:
        people = []
        for person, box in zip(image.truths.keypoints, image.truths.boxes_xywh, strict=True):
            for _ in range(int(rng.choice([0, 1, 1, 1, 2]))):
                person_like = np.where(person > 0, person, box[:2] + box[2:] * rng.uniform(0, 1, (k, 2)))
                people.append(person_like + rng.normal(0, rng.choice([0.5, 3, 10]), (k, 2)))
        people += [rng.uniform(0, 480, (k, 2)) for _ in range(int(rng.integers(0, most_false + 1)))]
        confidence = rng.uniform(0, 1, len(people)).round(1)  # rounded: many equal scores
        points = np.array(people).reshape(-1, k, 2).round(2)
        scores = np.ones(points.shape[:2], np.float32)
        found.append(Poses(points.astype(np.float32), scores, confidence.astype(np.float32)))
    return found


def write_labels(data: dict[str, Any], folder: Path, name: str = "labels.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(data))
    return path


def loaded(seed: int, skeleton: Skeleton, folder: Path, num_images: int = 12) -> tuple[dict[str, Any], Labels]:
    data = random_labels(seed, skeleton, num_images)
    if skeleton is CROWDPOSE14:
        for annotation in data["annotations"]:
            del annotation["area"]
    return data, read_labels(write_labels(data, folder))
