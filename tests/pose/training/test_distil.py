"""Teacher to student on photos without labels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from pose.engines.select import create_engine
from pose.errors import PoseStudioError, SettingsError
from pose.skeleton import CROWDPOSE14
from pose.training.checkpoint import TrainingError
from pose.training.config import DistilConfig, LabelledData, OptimiserSettings
from pose.training.dense import DenseSettings
from pose.training.distil import distil
from pose.training.journal import read_losses
from pose.training.teacher import TeacherSettings, ensemble_maps
from pose.weights.library import inspect_checkpoint, load_state, save_weights
from tests.pose.networks import random_litepose, state_of
from tests.pose.training.scenes import STILL, dot_people, short_loop, write_labelled

Image = np.ndarray


def quiet(_: object) -> None:
    pass


class OneJointTeacher:
    """An engine that sees the first joint wherever the image is bright."""

    name = device = precision = reason = "fake"

    def __call__(self, images: Image) -> tuple[Image, Image]:
        heatmaps = np.zeros((len(images), 14, images.shape[1] // 2, images.shape[2] // 2), np.float32)
        for i, image in enumerate(images):
            bright = cv2.resize(image[..., 0], heatmaps.shape[:1:-1], interpolation=cv2.INTER_AREA)
            heatmaps[i, 0] = cv2.GaussianBlur(bright.astype(np.float32) / 255, (0, 0), 2)
        return heatmaps, np.zeros((len(images), 14, images.shape[1] // 4, images.shape[2] // 4), np.float32)


def bright_disc(x: int, y: int, hw: tuple[int, int]) -> Image:
    return cv2.circle(np.zeros((*hw, 3), np.uint8), (x, y), 9, (255, 255, 255), -1)


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


@pytest.fixture
def recipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., DistilConfig]:
    """A teacher, photos, and what makes a recipe of them. Teachers are not measured for their best precision."""
    monkeypatch.setattr("pose.training.distil.create_engine", partial(create_engine, precision="fp32"))
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
            teacher_sizes=(64,),
        )  # fmt: skip
        return replace(config, **changes)

    return make


@pytest.mark.parametrize(
    ("precision", "targets"),
    [("fp32", "stored"), ("fp32", "live"), pytest.param("auto", "dense", marks=pytest.mark.slow)],
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


def test_live_distillation_lowers_the_loss(
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
    distil(recipe(targets="live", dense=DenseSettings(((1.5, 2.0),)), loop=loop), quiet)
    losses = [r.heatmap for r in read_losses(recipe().out)]
    assert np.mean(losses[-4:]) < 0.5 * np.mean(losses[:4])
    assert set(seen) == {96, 128}
    assert not (recipe().out / "seen_photos").exists()


@pytest.mark.parametrize("targets", ["stored", "live"])
def test_labelled_images_can_be_mixed_in(recipe: Callable[..., DistilConfig], tmp_path: Path, targets: str) -> None:
    labelled = LabelledData(tmp_path / "labelled", write_labelled(tmp_path / "labelled"), share=0.5)
    distil(recipe(labelled=labelled, targets=targets), quiet)
    assert len(read_losses(recipe().out)) == 4


@pytest.mark.slow
@pytest.mark.parametrize("chosen", [True, False])
def test_a_larger_start_gives_its_channels(
    recipe: Callable[..., DistilConfig], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chosen: bool
) -> None:
    """As a start of its own or as the teacher. Few pictures do to take channels over, not to imitate well."""
    monkeypatch.setattr("pose.training.distil._SHRINK_PICTURES", 4)
    larger = tmp_path / "larger.safetensors"
    save_weights(
        larger, state_of(random_litepose("litepose-s", 14)), arch="litepose-s", skeleton=CROWDPOSE14,
        input_size=256, licence="MIT", source="test", accuracy={},
    )  # fmt: skip
    changes = {"start": str(larger)} if chosen else {"teacher": str(larger)}
    distil(recipe(**changes), quiet, stop_after=1)
    weights = [inspect_checkpoint(path) for path in (recipe().out / "litepose-xs.safetensors", larger)]
    ours, theirs = (load_state(spec)["first.0.0.weight"] for spec in weights)
    assert np.abs(ours - theirs).max() < 0.01


def test_maps_of_another_teacher_are_not_mixed_in(recipe: Callable[..., DistilConfig], tmp_path: Path) -> None:
    distil(recipe(cache=tmp_path / "cache"), quiet, stop_after=1)
    with pytest.raises(TrainingError, match="another teacher saw or was made with other settings"):
        distil(recipe("second", cache=tmp_path / "cache", teacher_flip=False), quiet)


def test_what_is_missing_is_named(recipe: Callable[..., DistilConfig], tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(TrainingError, match="no images"):
        distil(recipe(photos=tmp_path / "empty"), quiet)
    with pytest.raises(TrainingError, match="does not exist"):
        distil(recipe(photos=tmp_path / "nowhere"), quiet)
    with pytest.raises(PoseStudioError):
        distil(recipe(teacher=str(tmp_path / "none.pth")), quiet)
    with pytest.raises(SettingsError, match="no batch statistics to keep"):
        recipe(start="random")
    with pytest.raises(TrainingError, match="not a part of"):
        distil(recipe(model="litepose-m"), quiet)
    (tmp_path / "photos" / "bad.png").write_bytes(b"no image")
    with pytest.raises(TrainingError, match=r"bad\.png is damaged"):
        distil(recipe("other", loop=short_loop(batch=5, batch_norm="frozen")), quiet)
