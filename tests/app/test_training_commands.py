"""`train` and `distil` as a user starts them."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.cli import OK, SOME_FAILED, USAGE, main
from pose.skeleton import BODY19
from pose.training.config import DistilConfig
from pose.training.recipes import distillation_recipe
from pose.weights.library import inspect_checkpoint
from tests.pose.training.scenes import write_labelled

RECIPE = """
model = "litepose-xs"
skeleton = "crowdpose14"
images = "{folder}"
annotations = "{folder}/labels.json"
out = "{folder}/run"
[loop]
steps = 2
batch = 2
sizes = [64]
precision = "fp32"
threads = 1
calibrate_batches = 1
"""


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    write_labelled(tmp_path)
    path = tmp_path / "recipe.toml"
    path.write_text(RECIPE.format(folder=tmp_path.as_posix()))
    return path


def test_train_pauses_and_resumes(recipe: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--config", str(recipe), "--stop-after", "1", "--quiet"]) == OK
    assert "Paused after step 1 of 2" in capsys.readouterr().out
    assert main(["train", "--config", str(recipe), "--resume", "--quiet"]) == OK
    assert "weights, curves and checkpoint are in" in capsys.readouterr().out
    assert (recipe.parent / "run" / "litepose-xs.safetensors").is_file()


SOURCES = """
model = "litepose-xs"
skeleton = "body19"
out = "{folder}/fit"
steps = 2
side = 64
threads = 1
[[sources]]
images = "{folder}"
annotations = "{folder}/labels.json"
[fit]
batch = 2
sizes = [64]
batch_norm = "train"
"""


def test_train_from_sources_pauses_and_resumes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_labelled(tmp_path)
    recipe = tmp_path / "sources.toml"
    recipe.write_text(SOURCES.format(folder=tmp_path.as_posix()))
    assert main(["train", "--config", str(recipe), "--stop-after", "1", "--quiet"]) == OK
    assert "Paused after step 1 of 2" in capsys.readouterr().out
    assert main(["train", "--config", str(recipe), "--quiet"]) != OK
    assert "--resume" in capsys.readouterr().err
    assert main(["train", "--config", str(recipe), "--resume", "--quiet"]) == OK
    assert inspect_checkpoint(tmp_path / "fit" / "litepose-xs.safetensors").skeleton is BODY19
    assert (tmp_path / "fit" / "curves.png").is_file()
    recipe.write_text(recipe.read_text().replace("batch = 2", "batch = 3"))
    assert main(["train", "--config", str(recipe), "--resume", "--quiet"]) != OK
    assert "fit.batch was 2, now 3" in capsys.readouterr().err


@pytest.mark.slow
def test_distil_works_from_options_alone(recipe: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def small(*options: Any) -> DistilConfig:
        config = distillation_recipe(*options)
        return replace(config, loop=replace(config.loop, batch=2))

    monkeypatch.setattr("pose.training.recipes.distillation_recipe", small)
    assert main(["train", "--config", str(recipe), "--quiet"]) == OK
    photos = tmp_path / "photos"
    photos.mkdir()
    shutil.copy(tmp_path / "1.png", photos)
    named = {
        "--teacher": tmp_path / "run" / "litepose-xs.safetensors", "--photos": photos, "--size": "litepose-xs",
        "--out": tmp_path / "d", "--steps": 1,
    }  # fmt: skip
    assert main(["distil", *(str(word) for pair in named.items() for word in pair), "--quiet"]) == OK
    assert (tmp_path / "d" / "litepose-xs.safetensors").is_file()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["train", "--config", "nowhere.toml"], "The recipe nowhere.toml does not exist."),
        (["distil", "--teacher", "x"], "Give a recipe with --config, or else also --photos."),
        (
            ["distil", "--teacher", "none.pth", "--photos", ".", "--size", "litepose-xs", "--out", "o"],
            "none.pth",
        ),
    ],
)
def test_mistakes_are_reported_in_one_sentence(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) in (USAGE, SOME_FAILED)
    error = capsys.readouterr().err
    assert message in error
    assert "Traceback" not in error


def test_unreadable_labels_are_reported(recipe: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (recipe.parent / "labels.json").write_text("{}")
    assert main(["train", "--config", str(recipe)]) == SOME_FAILED
    assert "not in COCO's layout" in capsys.readouterr().err


@pytest.mark.parametrize("value", ["0", "-3", "1.5", "x"])
def test_a_run_pauses_at_whole_steps_from_1_up(recipe: Path, value: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["train", "--config", str(recipe), "--stop-after", value])
    assert caught.value.code == USAGE
    assert "is not a whole number from 1 up" in capsys.readouterr().err


def test_a_run_beyond_the_pause_says_where_it_is(recipe: Path, capsys: pytest.CaptureFixture[str]) -> None:
    train = ["train", "--config", str(recipe), "--quiet"]
    assert main(train) == OK
    for step in ("1", "2"):
        capsys.readouterr()
        assert main([*train, "--resume", "--stop-after", step]) == OK
        assert (
            capsys.readouterr().out == f"Nothing to do: the run in {recipe.parent / 'run'} is already at step 2 of 2.\n"
        )


@pytest.mark.parametrize("option", ["--photos", "--out", "--config"])
def test_an_empty_path_is_not_the_current_folder(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["distil", option, ""])
    assert caught.value.code == USAGE
    assert f"{option}: it is empty" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("crowdpose14", "stickman", 'There is no skeleton "stickman"; known: coco17'),
        ("batch = 2", 'batch = 2\nbatch_norm = "frozen"', "A random start has no batch statistics to keep"),
        ("threads = 1", "threads = -1", "The setting loop.threads takes numbers from 0 to 1024, not -1."),
    ],
)
def test_wrong_values_of_a_recipe_are_wrong_usage(
    recipe: Path, right: str, wrong: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    recipe.write_text(recipe.read_text().replace(right, wrong))
    assert main(["train", "--config", str(recipe)]) == USAGE
    assert message in capsys.readouterr().err


def test_options_are_checked_like_a_recipe(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--teacher", "x", "--photos", str(tmp_path), "--size", "litepose-xs", "--out", str(tmp_path / "o")]
    assert main(["distil", *options, "--steps", "9" * 400]) == USAGE
    assert "The setting loop.steps takes numbers from 1 to 1000000000" in capsys.readouterr().err


def test_a_folder_is_no_recipe(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--config", str(tmp_path)]) == USAGE
    assert f"The recipe {tmp_path} cannot be read" in capsys.readouterr().err
