"""Teacher to student on photos without labels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from pose.errors import PoseStudioError
from pose.skeleton import CROWDPOSE14
from pose.training.checkpoint import TrainingError
from pose.training.config import DistilConfig, LabelledData, OptimiserSettings
from pose.training.dense import DenseSettings
from pose.training.distil import distil
from pose.training.journal import read_losses
from pose.training.labels import PoseLabels
from pose.training.photos import TeacherLabelledPhotos, find_photos
from pose.training.teacher import TeacherSettings, ensemble_maps, pseudo_labels
from pose.weights import inspect_checkpoint, load_state, save_weights
from tests.pose.networks import random_litepose, state_of
from tests.pose.training.scenes import STILL, dot_people, short_loop, write_labelled

Image = np.ndarray


def quiet(_: object) -> None:
    pass


class OneJointTeacher:
    """An engine that sees the first joint wherever the picture is bright."""

    name = device = precision = reason = "fake"

    def __call__(self, images: Image) -> tuple[Image, Image]:
        heatmaps = np.zeros((len(images), 14, images.shape[1] // 2, images.shape[2] // 2), np.float32)
        for i, image in enumerate(images):
            bright = cv2.resize(image[..., 0], heatmaps.shape[:1:-1], interpolation=cv2.INTER_AREA)
            heatmaps[i, 0] = cv2.GaussianBlur(bright.astype(np.float32) / 255, (0, 0), 2)
        return heatmaps, np.zeros((len(images), 14, images.shape[1] // 4, images.shape[2] // 4), np.float32)


def bright_disc(x: int, y: int, hw: tuple[int, int]) -> Image:
    return cv2.circle(np.zeros((*hw, 3), np.uint8), (x, y), 9, (255, 255, 255), -1)


@pytest.mark.parametrize("hw", [(128, 128), (128, 192), (192, 128)])
def test_the_teachers_peaks_are_in_pixels_of_the_photo(hw: tuple[int, int]) -> None:
    settings = TeacherSettings(sizes=(128, 192), flip=False)
    labels = pseudo_labels(OneJointTeacher(), bright_disc(40, 90, hw), CROWDPOSE14, settings)
    assert labels.keypoints[0, 0] == pytest.approx([40, 90], abs=1.5)
    assert labels.scores[0, 0] > 0.5
    assert not labels.scores[:, 1:].any()


def test_the_mirrored_view_is_mirrored_back() -> None:
    class Shy(OneJointTeacher):
        def __call__(self, images: Image) -> tuple[Image, Image]:
            heatmaps, tags = super().__call__(images)
            heatmaps[0] = 0  # sees nothing but in the mirror
            return heatmaps, tags

    maps, tags = ensemble_maps(Shy(), bright_disc(30, 60, (128, 128)), CROWDPOSE14, TeacherSettings((128,), True))
    assert tags.shape[0] == 2
    joint, y, x = np.unravel_index(maps.argmax(), maps.shape)
    assert joint == CROWDPOSE14.flip_index[0]
    assert (2 * x, 2 * y) == pytest.approx((30, 60), abs=3)


def test_photos_are_labelled_once_and_in_their_own_pixels(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "a.png"), bright_disc(20, 50, (64, 64)))
    seen: list[tuple[int, ...]] = []

    def label(image: Image) -> PoseLabels:
        seen.append(image.shape)
        ys, xs = np.nonzero(image[..., 0] > 200)
        points = np.tile([xs.mean(), ys.mean()], (1, 14, 1)).astype(np.float32)
        return PoseLabels(points, np.ones((1, 14), np.float32), np.zeros((0, 4), np.float32))

    photos = TeacherLabelledPhotos(tmp_path, find_photos(tmp_path), tmp_path / "cache", label, stretch=True)
    first, second = photos[0], photos[0]
    assert len(seen) == 1
    assert seen[0][1] / seen[0][0] == pytest.approx(first.aspect or 0, rel=0.02)
    assert np.array_equal(first.labels.keypoints, second.labels.keypoints)
    assert first.labels.keypoints[0, 0] == pytest.approx([20, 50], abs=1)


def test_photos_of_the_same_name_have_their_own_labels(tmp_path: Path) -> None:
    for i, name in enumerate(("a.png", "a.bmp", "b/a.png")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        cv2.imwrite(str(tmp_path / name), np.full((32, 32, 3), 50 * i, np.uint8))

    def label(image: Image) -> PoseLabels:
        faint = np.array([[0, 1, 1, image[0, 0, 0]]], np.float32)
        return PoseLabels(np.zeros((0, 14, 2), np.float32), np.zeros((0, 14), np.float32), faint)

    photos = TeacherLabelledPhotos(tmp_path, find_photos(tmp_path), tmp_path / "cache", label, stretch=False)
    for _ in range(2):
        seen = {photos.photos[i].relative_to(tmp_path).as_posix(): photos[i].labels.faint[0, 3] for i in range(3)}
        assert seen == {"a.png": 0, "a.bmp": 50, "b/a.png": 100}


def test_a_damaged_label_file_is_made_again(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "a.png"), bright_disc(20, 50, (64, 64)))
    empty = PoseLabels(np.zeros((0, 14, 2), np.float32), np.zeros((0, 14), np.float32), np.zeros((0, 4), np.float32))
    photos = TeacherLabelledPhotos(tmp_path, find_photos(tmp_path), tmp_path / "cache", lambda _: empty, stretch=False)
    _ = photos[0]
    next((tmp_path / "cache").glob("*.npz")).write_bytes(b"PK broken")
    assert len(photos[0].labels.keypoints) == 0


@pytest.fixture
def recipe(tmp_path: Path) -> Callable[..., DistilConfig]:
    rng = np.random.default_rng(0)
    (tmp_path / "photos").mkdir()
    for i in range(4):
        cv2.imwrite(str(tmp_path / "photos" / f"{i}.png"), dot_people(rng, 2)[0])
    teacher = tmp_path / "teacher.safetensors"
    save_weights(
        teacher, state_of(random_litepose("litepose-xs", 14)), arch="litepose-xs", skeleton=CROWDPOSE14,
        input_size=256, licence="MIT", source="test", accuracy={},
    )  # fmt: skip

    def make(out: str = "run", **changes: object) -> DistilConfig:
        config = DistilConfig(
            "litepose-xs", str(teacher), tmp_path / "photos", tmp_path / out, short_loop(batch_norm="frozen"),
            targets="peaks", teacher_sizes=(64,),
        )  # fmt: skip
        return replace(config, **changes)

    return make


@pytest.mark.parametrize(
    ("precision", "targets"),
    [("fp32", "peaks"), ("fp32", "dense"), pytest.param("auto", "dense", marks=pytest.mark.slow)],
)
def test_distillation_runs_resumes_and_leaves_weights(
    recipe: Callable[..., DistilConfig], precision: str, targets: str
) -> None:
    loop = short_loop(batch_norm="frozen", precision=precision)
    changes = {"loop": loop, "targets": targets, "dense": DenseSettings(mosaic=(0.5,))}
    distil(recipe("whole", **changes), quiet)
    distil(recipe("parts", **changes), quiet, stop_after=2)
    torch.manual_seed(77)
    distil(recipe("parts", **(changes | {"loop": replace(loop, loaders=3)})), quiet, resume=True)
    weights = [(recipe(out).out / "litepose-xs.safetensors") for out in ("whole", "parts")]
    states = [load_state(inspect_checkpoint(path)) for path in weights]
    assert all(np.array_equal(states[0][name], states[1][name]) for name in states[0])
    rows = [[(r.step, r.heatmap) for r in read_losses(recipe(out).out)] for out in ("whole", "parts")]
    assert rows[0] == rows[1]
    assert len(rows[0]) == 4
    spec = inspect_checkpoint(recipe("whole").out / "litepose-xs.safetensors")
    assert spec.licence == "MIT"
    assert "teacher" in spec.source


def test_dense_distillation_lowers_the_loss(
    recipe: Callable[..., DistilConfig], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []

    class Watched(OneJointTeacher):
        def __call__(self, images: Image) -> tuple[Image, Image]:
            seen.append(images.shape[1])
            return super().__call__(images)

    monkeypatch.setattr("pose.training.distil.create_engine", lambda *_, **__: Watched())
    optimiser = OptimiserSettings(lr=2e-3, schedule="constant", warmup_steps=2)
    loop = short_loop(batch_norm="frozen", steps=24, optimiser=optimiser, augment=STILL)
    distil(recipe(targets="dense", dense=DenseSettings(((1.5, 2.0),)), loop=loop), quiet)
    losses = [r.heatmap for r in read_losses(recipe().out)]
    assert np.mean(losses[-4:]) < 0.5 * np.mean(losses[:4])
    assert set(seen) == {96, 128}
    assert not (recipe().out / "teacher_labels").exists()


@pytest.mark.parametrize("targets", ["peaks", "dense"])
def test_labelled_pictures_can_be_mixed_in(recipe: Callable[..., DistilConfig], tmp_path: Path, targets: str) -> None:
    labelled = LabelledData(tmp_path / "labelled", write_labelled(tmp_path / "labelled"), share=0.5)
    distil(recipe(labelled=labelled, targets=targets), quiet)
    assert len(read_losses(recipe().out)) == 4


def test_a_run_on_peaks_is_not_continued_on_dense_targets(recipe: Callable[..., DistilConfig]) -> None:
    distil(recipe(), quiet, stop_after=1)
    path = recipe().out / "checkpoint.pt"
    saved = torch.load(path, weights_only=True)
    del saved["config"]["targets"]  # as runs were kept before there was a choice
    torch.save(saved, path)
    with pytest.raises(TrainingError, match="targets was peaks, now dense"):
        distil(recipe(targets="dense"), quiet, resume=True)
    distil(recipe(), quiet, resume=True, stop_after=2)


def test_labels_of_another_teacher_are_not_mixed_in(recipe: Callable[..., DistilConfig], tmp_path: Path) -> None:
    distil(recipe(cache=tmp_path / "cache"), quiet, stop_after=1)
    with pytest.raises(TrainingError, match="another teacher or of other settings"):
        distil(recipe("second", cache=tmp_path / "cache", teacher_flip=False), quiet)


def test_what_is_missing_is_named(recipe: Callable[..., DistilConfig], tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(TrainingError, match="no pictures"):
        distil(recipe(photos=tmp_path / "empty"), quiet)
    with pytest.raises(TrainingError, match="does not exist"):
        distil(recipe(photos=tmp_path / "nowhere"), quiet)
    with pytest.raises(PoseStudioError):
        distil(recipe(teacher=str(tmp_path / "none.pth")), quiet)
    with pytest.raises(TrainingError, match="no batch statistics to keep"):
        distil(recipe(start="random"), quiet)
    with pytest.raises(TrainingError, match="not a part of"):
        distil(recipe(model="litepose-m"), quiet)
    (tmp_path / "photos" / "bad.png").write_bytes(b"no picture")
    with pytest.raises(TrainingError, match=r"bad\.png cannot be read"):
        distil(recipe("other", loop=short_loop(batch=5, batch_norm="frozen")), quiet)
