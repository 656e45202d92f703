"""Values of recipes: those that make no sense are refused with a sentence, the usual ones are not."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from pose.errors import SettingsError
from pose.settings_table import to_table
from pose.training.config import DistilConfig, TrainConfig, from_dict, load_config
from pose.training.fit_recipe import FitConfig
from pose.training.recipe_checks import RANGES
from pose.training.recipes import distillation_recipe

DISTIL = {"model": "litepose-xs", "teacher": "a", "photos": "b", "out": "c", "loop": {"steps": 9, "sizes": [64, 96]}}
TRAIN = {
    "model": "litepose-xs", "skeleton": "coco17", "images": "a", "annotations": "b", "out": "c", "loop": {"steps": 9},
}  # fmt: skip
FIT = {
    "model": "litepose-xs", "skeleton": "coco17", "out": "c", "start": "d", "steps": 9,
    "sources": [{"images": "a", "annotations": "b"}], "fit": {"sizes": [64, 96]},
}  # fmt: skip
PLACES = {"labelled": {"images": "a", "annotations": "b"}, "evaluation": {"images": "a", "annotations": "b"}}


def changed(recipe: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    name, _, rest = key.partition(".")
    inner = recipe.get(name) or PLACES.get(name, {})
    return recipe | {name: changed(inner, rest, value) if rest else value}


def numbers(kind: Any, where: str = "") -> Iterator[str]:
    """Keys of all settings that are numbers or lists of them."""
    for name, hint in get_type_hints(kind).items():
        inner = [h for h in (hint, *get_args(hint)) if dataclasses.is_dataclass(h)]
        if inner:
            yield from numbers(inner[0], f"{where}{name}.")
        elif re.search(r"\b(int|float)\b", str(hint)):
            yield where + name


def test_every_number_has_a_range() -> None:
    assert set(RANGES) == {*numbers(TrainConfig), *numbers(DistilConfig), *numbers(FitConfig)}


BAD = [
    ("loop.steps", 0), ("loop.steps", 10**400), ("loop.batch", 0), ("loop.loaders", 0), ("loop.checkpoint_every", 0),
    ("loop.evaluate_every", -1), ("loop.seed", -1), ("loop.seed", 2**70), ("loop.threads", -1),
    ("loop.calibrate_batches", -1), ("loop.ema", 2.0), ("loop.ema", 1), ("loop.ema", -0.1),
    ("loop.sizes", []), ("loop.sizes", [100]), ("loop.sizes", [32]), ("loop.sizes", [-64]),
    ("loop.size_weights", [0.0, 0.0]), ("loop.size_weights", [-1.0, 2.0]), ("loop.size_weights", [1.0]),
    ("loop.batch_norm", "off"), ("loop.optimiser.lr", -1e-3), ("loop.optimiser.lr", 0),
    ("loop.optimiser.warmup_steps", -1), ("loop.optimiser.milestones", [7]), ("loop.optimiser.clip_norm", -1),
    ("loop.optimiser.weight_decay", -1), ("loop.augment.scale", [1.0]), ("loop.augment.scale", [0.5, 1.0, 2.0]),
    ("loop.augment.scale", [0.0, 1.0]), ("loop.augment.scale", [-1.0, 1.0]), ("loop.augment.scale", [1.5, 0.5]),
    ("loop.augment.rotation_deg", -1), ("loop.augment.stretch", 1000), ("loop.augment.shift", -0.1),
    ("loop.augment.flip", 3), ("loop.augment.colour", -1), ("loop.augment.blur", 1.5), ("loop.augment.sharpen", -1),
    ("loop.augment.grey", 1.5),
    ("loop.augment.enlarge", 0), ("loop.loss.foreground", -1), ("loop.loss.pull", -1), ("loop.loss.push", -1),
    ("dense.factors", []), ("dense.factors", [[]]), ("dense.factors", [[0.5]]), ("dense.factors", [[1]] * 3),
    ("dense.mosaic", []), ("dense.mosaic", [2]), ("dense.mosaic", [0, 0, 0]), ("teacher_sizes", []),
    ("teacher_sizes", [-64]), ("pool_start", -5), ("pool_growth", -1), ("labelled.share", 5),
    ("evaluation.sizes", [-5]), ("photos", ""), ("photos", " "), ("out", "a\0b"), ("stretch", 1), ("loop.steps", True),
]  # fmt: skip


@pytest.mark.parametrize(("key", "value"), BAD)
def test_a_senseless_value_is_refused_by_name(key: str, value: Any) -> None:
    with pytest.raises(SettingsError) as caught:
        from_dict(changed(DISTIL, key, value), DistilConfig)
    sentence = str(caught.value)
    assert key in sentence
    assert "\n" not in sentence
    assert re.search(r"(takes|must) .*not .*\.$", sentence)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
@pytest.mark.parametrize("key", sorted(RANGES))
def test_no_number_may_be_infinite_or_unknown(key: str, value: float) -> None:
    of_fit = key.startswith(("fit.", "sources.")) or key in ("minutes", "steps", "side", "teacher_factor", "threads")
    shape: Any = {"dense.factors": [[value]], "loop.augment.scale": [1, value], "fit.augment.scale": [1, value]}.get(
        key, value
    )
    if key in ("loop.size_weights", "fit.size_weights", "loop.optimiser.milestones", "dense.mosaic"):
        shape = [value, value]
    with pytest.raises(SettingsError, match=re.escape(key)):
        if of_fit:
            recipe = FIT | {"sources": [{"images": "a", "annotations": "b", "weight": value}]}
            from_dict(recipe if key == "sources.weight" else changed(FIT, key, shape), FitConfig)
        else:
            from_dict(changed(DISTIL, key, shape), DistilConfig)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("loop.ema", 0), ("loop.calibrate_batches", 0), ("loop.threads", 0), ("loop.seed", 2**63 - 1),
        ("loop.size_weights", [0, 1]), ("loop.size_weights", []), ("loop.sizes", [64, 448, 1024]),
        ("loop.optimiser.milestones", []), ("loop.augment.scale", [1, 1]), ("loop.augment.flip", 1),
        ("dense.mosaic", [0.0, 1]), ("dense.factors", [[1], [1.5, 2]]), ("teacher_sizes", [448]), ("labelled.share", 0),
        ("evaluation.sizes", []), ("evaluation.sizes", [250]), ("cache", "d"),
    ],
)  # fmt: skip
def test_values_at_the_limit_are_allowed(key: str, value: Any) -> None:
    from_dict(changed(DISTIL, key, value), DistilConfig)


@pytest.mark.parametrize(
    ("recipe", "kind", "start"), [(DISTIL, DistilConfig, "random"), (TRAIN, TrainConfig, "")], ids=["distil", "train"]
)
def test_a_random_start_has_no_statistics_to_freeze(recipe: dict[str, Any], kind: type, start: str) -> None:
    frozen = changed(recipe, "loop.batch_norm", "frozen")
    from_dict(frozen | {"start": "litepose-s"}, kind)
    with pytest.raises(SettingsError, match="no batch statistics to keep"):
        from_dict(frozen | {"start": start}, kind)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"steps": 0, "minutes": 0}, "needs a length"),
        ({"sources": []}, "sources must have at least one entry"),
        ({"sources": [{"images": "a"}]}, 'need a "teacher"'),
        ({"start": ""}, "no batch statistics to keep"),
        ({"fit": {"size_weights": [1.0, 2.0]}}, "as many entries as fit.sizes"),
        ({"fit": {"augment": {"scale": [2.0, 1.0]}}}, '"fit.augment.scale" must not fall'),
        ({"fit": {"optimiser": {"name": "sgd"}}}, "fit.optimiser.name must be one of adam, adamw, muon"),
    ],
)
def test_a_senseless_recipe_of_sources_is_refused(changes: dict[str, Any], message: str) -> None:
    assert from_dict(to_table(from_dict(FIT, FitConfig)), FitConfig) == from_dict(FIT, FitConfig)
    with pytest.raises(SettingsError, match=message):
        from_dict(FIT | changes, FitConfig)


def test_an_unknown_skeleton_is_reported() -> None:
    with pytest.raises(SettingsError, match=r'no skeleton "stickman"; known: .*coco17'):
        from_dict(TRAIN | {"skeleton": "stickman"}, TrainConfig)


@pytest.mark.parametrize("seed", ["-1", "1" * 5000, "nan"])
def test_numbers_as_toml_writes_them(seed: str, tmp_path: Path) -> None:
    path = tmp_path / "recipe.toml"
    path.write_text(
        f'model = "litepose-xs"\nteacher = "a"\nphotos = "b"\nout = "c"\nloop = {{steps = 1, seed = {seed}}}'
    )
    with pytest.raises(SettingsError):
        load_config(path, DistilConfig)


def test_the_recipe_without_a_file_is_valid() -> None:
    recipe = distillation_recipe("litepose-xs", "litepose-m", Path("a"), Path("b"))
    assert from_dict(to_table(recipe), DistilConfig) == recipe
