"""Whole runs of a few steps: exact continuation, learning, and what is said when something is wrong."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from pose.errors import PoseStudioError, SettingsError
from pose.settings_table import to_table
from pose.skeleton import COCO17, CROWDPOSE14
from pose.training import loop
from pose.training.checkpoint import TrainingError, load_checkpoint
from pose.training.config import DistilConfig, EvaluationData, TrainConfig, from_dict, load_config, read_recipe
from pose.training.data import make_batch
from pose.training.fit_recipe import FitConfig
from pose.training.journal import read_accuracy, read_losses
from pose.training.labelled import read_labelled_images
from pose.training.loop import make_forward, train_step
from pose.training.optimisation import learning_rate, make_optimiser, set_training_mode, update_average
from pose.training.supervised import train_supervised
from pose.training.topdown import TopDownConfig
from pose.weights.library import inspect_checkpoint
from tests.pose.networks import random_litepose
from tests.pose.training.scenes import STILL, short_loop, write_labelled


def quiet(_: object) -> None:
    pass


@pytest.fixture
def recipe(tmp_path: Path) -> Callable[..., TrainConfig]:
    annotations = write_labelled(tmp_path / "images")

    def make(out: str = "run", **changes: object) -> TrainConfig:
        loop = short_loop(**changes)
        return TrainConfig("litepose-xs", "crowdpose14", tmp_path / "images", annotations, tmp_path / out, loop)

    return make


def test_a_resumed_run_is_bit_identical_however_its_images_are_loaded(recipe: Callable[..., TrainConfig]) -> None:
    torch.manual_seed(3)
    train_supervised(recipe("whole"), quiet)
    torch.manual_seed(3)
    train_supervised(recipe("parts"), quiet, stop_after=2)
    torch.manual_seed(99)
    train_supervised(recipe("parts", loaders=3), quiet, resume=True)
    whole, parts = (load_checkpoint(recipe(out).out, to_table(recipe(out))) for out in ("whole", "parts"))
    assert whole.step == parts.step == 4
    for kind in ("model", "average"):
        a, b = getattr(whole, kind), getattr(parts, kind)
        assert all(torch.equal(a[name], b[name]) for name in a)
    losses = [[(r.step, r.heatmap, r.pull) for r in read_losses(recipe(out).out)] for out in ("whole", "parts")]
    assert losses[0] == losses[1]


def test_a_run_leaves_weights_curves_and_accuracy(recipe: Callable[..., TrainConfig]) -> None:
    config = recipe()
    config = replace(config, evaluation=EvaluationData(config.images, config.annotations, (64,)))
    train_supervised(config, quiet)
    spec = inspect_checkpoint(config.out / "litepose-xs.safetensors")
    assert (spec.arch, spec.skeleton) == ("litepose-xs", CROWDPOSE14)
    assert (config.out / "curves.png").stat().st_size > 1000
    assert [row.step for row in read_losses(config.out)] == [1, 2, 3, 4]
    assert [set(entry) for entry in read_accuracy(config.out)] == [{"step", "AP 64"}]


def test_one_image_is_learned_by_heart(tmp_path: Path) -> None:
    annotations = write_labelled(tmp_path, (2,))
    images = read_labelled_images(tmp_path, annotations, CROWDPOSE14, False)
    batch = make_batch(images, [0, 0], 64, (0, 0), STILL, CROWDPOSE14.flip_index)
    settings = short_loop()
    torch.manual_seed(0)
    model = random_litepose("litepose-xs", 14).requires_grad_(True)
    set_training_mode(model, "train")
    optimiser = make_optimiser(model, settings.optimiser)
    forward = make_forward(model, settings, torch.device("cpu"))
    scaler = torch.amp.GradScaler("cpu", enabled=False)
    losses = [train_step(forward, model, optimiser, scaler, batch, 2e-3, settings) for _ in range(40)]
    blank = float(batch.coarse.square().mean() + batch.fine.square().mean())
    assert float(losses[-1].heatmap.detach()) < 0.5 * blank


def test_a_image_without_people_can_be_trained_on(tmp_path: Path) -> None:
    annotations = write_labelled(tmp_path, (0, 1))
    images = read_labelled_images(tmp_path, annotations, CROWDPOSE14, True)
    batch = make_batch(images, [0, 0], 64, (0, 0), STILL, CROWDPOSE14.flip_index)
    assert len(images) == 2
    assert not len(batch.tag_cells)
    model = random_litepose("litepose-xs", 14).requires_grad_(True)
    forward = make_forward(model, short_loop(), torch.device("cpu"))
    optimiser = make_optimiser(model, short_loop().optimiser)
    losses = train_step(
        forward, model, optimiser, torch.amp.GradScaler("cpu", enabled=False), batch, 1e-3, short_loop()
    )
    assert torch.isfinite(losses.total)
    assert float(losses.push.detach()) == 0


def test_resume_with_another_recipe_is_refused(recipe: Callable[..., TrainConfig]) -> None:
    train_supervised(recipe(), quiet, stop_after=2)
    with pytest.raises(TrainingError, match=r"different recipe \(loop\.batch was 2, now 3\)"):
        train_supervised(recipe(batch=3), quiet, resume=True)


def test_another_run_in_the_same_folder_is_refused_and_harms_nothing(recipe: Callable[..., TrainConfig]) -> None:
    train_supervised(recipe(), quiet, stop_after=2)
    with pytest.raises(SettingsError, match=r"There is a run in .* already"):
        train_supervised(recipe(), quiet)
    assert [row.step for row in read_losses(recipe().out)] == [1, 2]


def test_weights_are_there_although_measuring_them_failed(recipe: Callable[..., TrainConfig], tmp_path: Path) -> None:
    annotations = write_labelled(tmp_path / "measured")
    config = replace(recipe(steps=1), evaluation=EvaluationData(tmp_path / "measured", annotations, (64,)))
    image = min((tmp_path / "measured").glob("*.png"))
    good = image.read_bytes()
    image.write_bytes(b"")
    with pytest.raises(PoseStudioError, match="damaged or not an image"):
        train_supervised(config, quiet)
    assert inspect_checkpoint(config.out / "litepose-xs.safetensors").arch == "litepose-xs"
    image.write_bytes(good)
    train_supervised(config, quiet, resume=True)
    assert [set(entry) for entry in read_accuracy(config.out)] == [{"step", "AP 64"}]
    assert (config.out / "curves.png").is_file()


@pytest.fixture
def ctrl_c() -> Iterator[Callable[..., object]]:
    """Python's own handler: a shell that starts tests in the background has the signal ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield signal.default_int_handler
    signal.signal(signal.SIGINT, before)


def test_ctrl_c_keeps_the_steps_done(recipe: Callable[..., TrainConfig], ctrl_c: Callable[..., object]) -> None:
    torch.manual_seed(3)
    train_supervised(recipe("whole"), quiet)

    def interrupt(report: object) -> None:
        if getattr(report, "step", 0) == 2:
            signal.raise_signal(signal.SIGINT)

    torch.manual_seed(3)
    said: list[object] = []
    with pytest.raises(KeyboardInterrupt):
        train_supervised(recipe("parts"), lambda report: (said.append(report), interrupt(report)))
    assert said[-1] == "Step 2 of 4 is saved; go on with --resume."
    assert signal.getsignal(signal.SIGINT) is ctrl_c
    train_supervised(recipe("parts"), quiet, resume=True)
    whole, parts = (load_checkpoint(recipe(out).out, to_table(recipe(out))) for out in ("whole", "parts"))
    assert all(torch.equal(whole.model[name], parts.model[name]) for name in whole.model)


def test_ruined_weights_do_not_replace_a_checkpoint(recipe: Callable[..., TrainConfig]) -> None:
    config = recipe(checkpoint_every=1, steps=4)

    def ruin(report: object) -> None:
        if getattr(report, "step", 0) == 2:
            next(iter(models)).first[0][0].weight.data.fill_(float("nan"))

    models: list[Any] = []
    whole_step = loop.train_step

    def watched(forward: Any, model: Any, *rest: Any) -> Any:
        models.append(model)
        return whole_step(forward, model, *rest)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loop, "train_step", watched)
        with pytest.raises(TrainingError, match="no longer finite at step 2"):
            train_supervised(config, ruin)
    assert load_checkpoint(config.out, to_table(config)).step == 1


def test_damaged_tables_of_a_run_do_not_stop_its_continuation(recipe: Callable[..., TrainConfig]) -> None:
    train_supervised(recipe(), quiet, stop_after=2)
    (recipe().out / "accuracy.json").write_text("")
    with (recipe().out / "losses.csv").open("a") as file:
        file.write("3,64,much,too,few\n")
    train_supervised(recipe(), quiet, resume=True)
    assert [row.step for row in read_losses(recipe().out)] == [1, 2, 3, 4]


def test_a_folder_that_cannot_be_written_is_one_sentence(recipe: Callable[..., TrainConfig], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for out in ("file", "file/below"):
        with pytest.raises(TrainingError, match="cannot be written"):
            train_supervised(recipe(out), quiet)


def test_resume_of_nothing_and_of_a_damaged_file_is_refused(recipe: Callable[..., TrainConfig]) -> None:
    with pytest.raises(TrainingError, match="nothing to resume"):
        train_supervised(recipe(), quiet, resume=True)
    recipe().out.mkdir()
    (recipe().out / "checkpoint.pt").write_bytes(b"not a checkpoint")
    with pytest.raises(TrainingError, match="damaged"):
        train_supervised(recipe(), quiet, resume=True)


def test_labels_of_another_skeleton_are_refused(tmp_path: Path) -> None:
    annotations = write_labelled(tmp_path, (1,), COCO17)
    with pytest.raises(TrainingError, match="labelled with coco17 joints, but crowdpose14"):
        read_labelled_images(tmp_path, annotations, CROWDPOSE14, False)


def test_broken_labels_and_missing_images_are_named(tmp_path: Path) -> None:
    annotations = write_labelled(tmp_path, (1, 1))
    (tmp_path / "1.png").unlink()
    with pytest.raises(PoseStudioError, match=r"1 of 2 labelled images are not in .*1\.png"):
        read_labelled_images(tmp_path, annotations, CROWDPOSE14, False)
    annotations.write_text("{")
    with pytest.raises(PoseStudioError, match="not valid JSON"):
        read_labelled_images(tmp_path, annotations, CROWDPOSE14, False)


def test_crowds_become_unknown_regions_not_people(tmp_path: Path) -> None:
    annotations = write_labelled(tmp_path, (2,))
    data = json.loads(annotations.read_text())
    data["annotations"][0]["iscrowd"] = 1
    annotations.write_text(json.dumps(data))
    labels = read_labelled_images(tmp_path, annotations, CROWDPOSE14, False)[0].labels
    assert len(labels.keypoints) == 1
    x, y, w, h = data["annotations"][0]["bbox"]
    assert labels.unknown[0] == pytest.approx(np.array([[x, y], [x + w, y], [x + w, y + h], [x, y + h]]), abs=1e-3)


def test_a_recipe_survives_being_written_and_read(recipe: Callable[..., TrainConfig]) -> None:
    config = recipe()
    assert from_dict(json.loads(json.dumps(to_table(config))), TrainConfig) == config


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("model = ", "not valid TOML"),
        ('model = "litepose-xs"\ntypo = 1', "There is no setting typo"),
        ('model = "litepose-xs"', "The setting teacher is missing"),
        ('model = "pose"\nteacher = "a"\nphotos = "b"\nout = "c"\nloop = {steps = 1}', 'no model "pose"'),
        (
            'model = "litepose-xs"\nteacher = "a"\nphotos = "b"\nout = "c"\nloop = {steps = "x"}',
            "loop.steps must be a whole number",
        ),
        (
            'model = "litepose-xs"\nteacher = "a"\nphotos = "b"\nout = "c"\nloop = {steps = 1, sizes = [100]}',
            "multiples of 32",
        ),
        (
            'model = "litepose-xs"\nteacher = "a"\nphotos = "b"\nout = "c"\ntargets = "maps"\nloop = {steps = 1}',
            "targets must be one of live, stored",
        ),
        (
            'model = "litepose-xs"\nteacher = "a"\nphotos = "b"\nout = "c"\n'
            "dense = {factors = [[0.5]]}\nloop = {steps = 1}",
            "dense.factors takes numbers from 1",
        ),
        (
            'model = "litepose-xs"\nteacher = "a"\nphotos = "b"\nout = "c"\n'
            "dense = {mosaic = [0, 1]}\nloop = {steps = 1}",
            "as many as loop.sizes",
        ),
    ],
)
def test_a_bad_recipe_is_explained(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "recipe.toml"
    path.write_text(text)
    with pytest.raises(SettingsError, match=message):
        load_config(path, DistilConfig)


@pytest.mark.parametrize("path", sorted(Path("configs").glob("*.toml")), ids=lambda p: p.stem)
def test_the_shipped_recipes_can_be_read(path: Path) -> None:
    values = read_recipe(path)
    kinds: dict[str, type] = {"teacher": DistilConfig, "sources": FitConfig, "crops": TopDownConfig}
    load_config(path, next((kind for key, kind in reversed(kinds.items()) if key in values), TrainConfig))


def test_the_learning_rate_warms_up_and_falls() -> None:
    settings = short_loop().optimiser
    cosine = [learning_rate(step, 100, settings) for step in range(100)]
    assert cosine[0] == pytest.approx(settings.lr / 2)
    assert max(cosine) == settings.lr
    assert cosine[-1] == pytest.approx(0.02 * settings.lr, rel=0.1)
    steps = replace(settings, schedule="steps", milestones=(0.5, 0.9))
    assert [learning_rate(s, 100, steps) for s in (49, 50, 95)] == pytest.approx([1e-3, 1e-4, 1e-5])


def test_averaged_weights_follow_the_model() -> None:
    average, model = random_litepose("litepose-xs", 14, 1), random_litepose("litepose-xs", 14, 2)
    for step in range(200):
        update_average(average, model, 0.9, step)
    for a, b in zip(average.state_dict().values(), model.state_dict().values(), strict=True):
        assert torch.allclose(a.float(), b.float(), atol=1e-3)
