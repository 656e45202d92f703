"""Top-down training: crops and targets belong together, the network learns, a run resumes exactly."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from pose.errors import SettingsError
from pose.models.build import build_network
from pose.models.rmpg import body_parts
from pose.skeleton import BODY19, CROWDPOSE14
from pose.training.checkpoint import TrainingError
from pose.training.config import from_dict
from pose.training.fit_recipe import SourceData
from pose.training.loop import StepReport
from pose.training.sources import LabelledPhoto
from pose.training.topdown import TopDownConfig, crop_loss, train_top_down
from pose.training.topdown_crops import CropBatch, CropSettings, Person, make_crops, people_of, random_crop
from pose.weights.library import inspect_checkpoint
from tests.fakes import standing_person

HW = (64, 64)
STILL = CropSettings(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)


@pytest.fixture
def photo(tmp_path: Path) -> LabelledPhoto:
    """Someone whose every joint is a dot of its own colour on black, standing at a slant of no symmetry."""
    keypoints = standing_person(BODY19, 150, 80, 160)
    keypoints[:, 0] += (keypoints[:, 1] - 80) * 0.2
    image = np.zeros((260, 320, 3), np.uint8)
    for joint, (x, y) in enumerate(keypoints):
        cv2.circle(image, (round(float(x)), round(float(y))), 3, dot_colour(joint), -1)
    path = tmp_path / "photo.png"
    cv2.imwrite(str(path), image)
    weights = np.ones((1, 19), np.float32)
    weights[0, 4] = 0.5
    box = np.array([[60, 30, 180, 200]], np.float32)
    return LabelledPhoto(path, (320, 260), keypoints[None], weights, box, np.zeros((0, 4)), np.ones(19, bool))


def dot_colour(joint: int) -> tuple[int, int, int]:
    return 60 + 10 * joint, 255 - 10 * joint, 120


def person_of(photo: LabelledPhoto) -> Person:
    (person,) = people_of([photo], CROWDPOSE14)
    return person


def test_targets_lie_on_the_joints_of_the_crop(photo: LabelledPhoto) -> None:
    """Whatever the view, mirrored ones included, a joint's colour is where its target is."""
    person, image = person_of(photo), cv2.imread(str(photo.path))
    wild = CropSettings(flip=0.5, half_body=0.5, shifted=1, rotated=1, jitter=0.1, colour=0, blur=0)
    checked, mirrored = 0, set()
    for seed in range(30):
        crop, targets, weights = random_crop(np.random.default_rng(seed), image, person, (256, 192), wild, CROWDPOSE14)
        for joint in range(12):
            y, x = np.unravel_index(targets[joint].argmax(), targets[joint].shape)
            if weights[joint] == 0 or not 2 < x < 45 or not 2 < y < 61:
                continue
            colours = crop[4 * y - 2 : 4 * y + 3, 4 * x - 2 : 4 * x + 3].reshape(-1, 3).astype(int)
            seen = {
                name: np.abs(colours - dot_colour(n)).sum(axis=1).min()
                for n, name in ((joint, "own"), (CROWDPOSE14.flip_index[joint], "mirrored"))
            }
            mirrored.add(min(seen, key=lambda name: seen[name]))
            assert min(seen.values()) < 40
            checked += 1
    assert checked > 200 and mirrored == {"own", "mirrored"}


def test_weights_are_those_of_the_labels_and_go_with_the_mirror(photo: LabelledPhoto) -> None:
    person, image = person_of(photo), cv2.imread(str(photo.path))
    for flip, half in ((0.0, 4), (1.0, 5)):
        settings = replace(STILL, flip=flip)
        _, targets, weights = random_crop(np.random.default_rng(1), image, person, (256, 192), settings, CROWDPOSE14)
        assert weights[half] == 0.5 and (np.delete(weights, half) == 1).all()
        assert targets.max(axis=(1, 2)).tolist() == [1] * 14


def test_half_a_body_is_shown_larger(photo: LabelledPhoto) -> None:
    person, image = person_of(photo), cv2.imread(str(photo.path))

    def spread(half_body: float) -> float:
        settings = replace(STILL, half_body=half_body)
        _, targets, weights = random_crop(np.random.default_rng(3), image, person, (256, 192), settings, CROWDPOSE14)
        tops = [np.unravel_index(t.argmax(), t.shape) for t, w in zip(targets, weights, strict=True) if w > 0]
        left, right = tops[0], tops[1]
        return float(np.hypot(left[0] - right[0], left[1] - right[1]))

    assert spread(1.0) > 1.3 * spread(0.0)


def test_people_with_few_joints_are_no_examples(photo: LabelledPhoto) -> None:
    few = np.zeros((1, 19), np.float32)
    few[0, :2] = 1
    assert people_of([replace(photo, weights=few)], CROWDPOSE14) == []
    face_only = np.zeros((1, 19), np.float32)
    face_only[0, 14:] = 1
    assert people_of([replace(photo, weights=face_only)], CROWDPOSE14) == []


def test_the_same_seed_gives_the_same_batch(photo: LabelledPhoto) -> None:
    people = [person_of(photo)] * 3
    a, b = (make_crops(people, HW, (1, 2), CropSettings(), CROWDPOSE14) for _ in range(2))
    assert torch.equal(a.images, b.images) and torch.equal(a.targets, b.targets)
    assert not torch.equal(a.images[0], a.images[1])
    assert (a.images.shape, a.targets.shape, a.weights.shape) == ((3, 3, 64, 64), (3, 14, 16, 16), (3, 14))


def test_unlabelled_joints_and_parts_teach_nothing() -> None:
    torch.manual_seed(0)
    model = build_network("lite-hrnet-18+rmpg-lite", 14, parts=True).eval()
    images, targets = torch.randn(2, 3, 64, 64), torch.rand(2, 14, 16, 16)
    weights = torch.ones(2, 14)
    weights[:, 3] = 0  # the right elbow
    other = targets.clone()
    other[:, 3] += 5
    parts = body_parts(CROWDPOSE14)
    with torch.no_grad():
        plain, part = crop_loss(model, CropBatch(images, targets, weights), parts, 0.25)
        changed, other_part = crop_loss(model, CropBatch(images, other, weights), parts, 0.25)
        assert plain == changed and part == other_part and part > 0
        assert crop_loss(model, CropBatch(images, targets, torch.ones(2, 14)), parts, 0.25)[1] != part


def labels_file(folder: Path, photo: LabelledPhoto) -> SourceData:
    keypoints = np.concatenate([photo.keypoints[0, :14], np.full((14, 1), 2)], axis=1)
    annotation = {
        "id": 1, "image_id": 1, "category_id": 1, "iscrowd": 0, "bbox": photo.boxes[0].tolist(), "area": 9000.0,
        "keypoints": keypoints.ravel().tolist(), "num_keypoints": 14,
    }  # fmt: skip
    image = {"id": 1, "file_name": photo.path.name, "width": 320, "height": 260}
    path = folder / "labels.json"
    path.write_text(json.dumps({"images": [image], "annotations": [annotation], "categories": []}))
    return SourceData(photo.path.parent, path)


def recipe(tmp_path: Path, photo: LabelledPhoto, out: str, **changes: object) -> TopDownConfig:
    values: dict[str, object] = {
        "model": "naive-lite-hrnet-18", "skeleton": "crowdpose14", "out": tmp_path / out,
        "crops": (labels_file(tmp_path, photo),), "steps": 4, "batch": 2, "threads": 1, "loaders": 1,
    }  # fmt: skip
    return TopDownConfig(**(values | changes))  # type: ignore[arg-type]


def losses_of(config: TopDownConfig, **more: object) -> list[float]:
    rows: list[float] = []
    train_top_down(config, lambda row: rows.append(row.heatmap) if isinstance(row, StepReport) else None, **more)  # type: ignore[arg-type]
    return rows


@pytest.mark.slow
def test_a_run_resumes_exactly_and_leaves_usable_weights(tmp_path: Path, photo: LabelledPhoto) -> None:
    whole = losses_of(recipe(tmp_path, photo, "whole"))
    config = recipe(tmp_path, photo, "parts")
    assert losses_of(config, stop_after=2) + losses_of(config, resume=True) == whole
    spec = inspect_checkpoint(tmp_path / "parts" / "naive-lite-hrnet-18.safetensors")
    assert spec.top_down and spec.crop_hw == (256, 192)
    with pytest.raises(SettingsError, match="already"):
        losses_of(config)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"model": "litepose-m"}, "top-down"),
        ({"height": 300}, "height"),
        ({"steps": 0}, "steps"),
        ({"part_weight": 0.25}, "no RMPG"),
        ({"skeleton": "hands"}, "skeleton"),
        ({"crops": ()}, "source"),
    ],
)
def test_recipes_that_cannot_be_are_refused(tmp_path: Path, changes: dict, message: str) -> None:
    values = {"model": "lite-hrnet-18", "skeleton": "coco17", "out": "x", "crops": [{"images": "."}], "steps": 1}
    with pytest.raises(SettingsError, match=message):
        from_dict(values | changes, TopDownConfig)


def test_sources_without_people_are_refused(tmp_path: Path, photo: LabelledPhoto) -> None:
    config = recipe(tmp_path, photo, "x")
    with pytest.raises(TrainingError, match="weight 0"):
        losses_of(replace(config, crops=(replace(config.crops[0], weight=0.0),)))
    with pytest.raises(SettingsError, match="need annotations"):
        losses_of(replace(config, crops=(SourceData(tmp_path),)))
