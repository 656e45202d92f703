"""Training settings: frozen dataclasses read from a TOML recipe."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar

from pose.errors import SettingsError
from pose.models.config import LITEPOSE
from pose.settings_table import from_table, read_toml
from pose.skeleton import SKELETONS
from pose.training.augment import AugmentSettings
from pose.training.dense import DenseSettings
from pose.training.losses import LossSettings
from pose.training.recipe_checks import check_known, check_value, check_views


@dataclass(frozen=True, slots=True)
class OptimiserSettings:
    """lr: peak learning rate. warmup_steps: linear from 0. milestones: parts of the run where "steps" divides by 10."""

    name: Literal["adam", "adamw", "muon"] = "adamw"
    lr: float = 1e-3
    weight_decay: float = 0.0
    schedule: Literal["cosine", "steps", "constant"] = "cosine"
    warmup_steps: int = 100
    milestones: tuple[float, ...] = (0.7, 0.96)
    clip_norm: float = 0.0


@dataclass(frozen=True, slots=True)
class LoopSettings:
    """How long and on what. sizes: network inputs in pixels, one drawn per step with size_weights.

    batch_norm: "train" learns the statistics, "frozen" keeps those of the start (right for fine-tuning).
    calibrate_batches: with "train", batches for measuring the averaged weights' statistics before evaluation.
    ema: decay of the averaged weights, the ones that are evaluated and kept. threads: for the CPU, 0 = all.
    loaders: steps whose images are prepared ahead at the same time; take 4 to 8 to keep a GPU busy.
    precision: "amp" mixed where there is CUDA, "fp32" never; "auto" = "amp".
    """

    steps: int
    batch: int = 16
    sizes: tuple[int, ...] = (448,)
    size_weights: tuple[float, ...] = ()
    seed: int = 0
    ema: float = 0.999
    batch_norm: Literal["train", "frozen"] = "train"
    calibrate_batches: int = 20
    precision: Literal["auto", "fp32", "amp"] = "auto"
    checkpoint_every: int = 500
    evaluate_every: int = 5000
    threads: int = 0
    loaders: int = 1
    optimiser: OptimiserSettings = field(default_factory=OptimiserSettings)
    augment: AugmentSettings = field(default_factory=AugmentSettings)
    loss: LossSettings = field(default_factory=LossSettings)


@dataclass(frozen=True, slots=True)
class EvaluationData:
    """A labelled set for the accuracy during training (measured on `images` images at each of `sizes`)."""

    images: Path
    annotations: Path
    sizes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """`train`: supervised.

    skeleton: the joints that the labels must have. start: weights to begin with (file or name), "" = random.
    empty_images: also train on images without labelled people.
    """

    model: str
    skeleton: str
    images: Path
    annotations: Path
    out: Path
    loop: LoopSettings
    start: str = ""
    empty_images: bool = False
    evaluation: EvaluationData | None = None

    def __post_init__(self) -> None:
        check_known("model", self.model, LITEPOSE)
        check_known("skeleton", self.skeleton, SKELETONS)
        check_views("loop", self.loop, random_start=not self.start)


@dataclass(frozen=True, slots=True)
class LabelledData:
    """Labelled images mixed into distillation: this share of all draws."""

    images: Path
    annotations: Path
    share: float = 0.25


@dataclass(frozen=True, slots=True)
class DistilConfig:
    """`distil`: a student learns from a teacher's view of unlabelled photos.

    targets: "live" = the teacher sees every view; "stored" = it sees every photo once, and its maps, kept on disk, move
    with the photo's pixels (several times quicker).
    start: "teacher", "random", or weights (file or name); of a larger network channels are pruned.
    stretch: True if square photos were squeezed, so that their true proportions are unknown.
    dense: how views are made, and with "live" how large the teacher sees them.
    teacher_flip: the teacher is the mean over mirror images.
    cache, teacher_sizes: with "stored", the folder of the teacher's maps (default: in `out`), which several students
    can share, and the short sides of the inputs whose maps are averaged.
    pool_start, pool_growth: draw from that many photos at first and so many more each step (0 = from all), so that
    training can begin before the teacher has seen every photo.
    """

    model: str
    teacher: str
    photos: Path
    out: Path
    loop: LoopSettings
    targets: Literal["live", "stored"] = "stored"
    dense: DenseSettings = field(default_factory=DenseSettings)
    start: str = "teacher"
    cache: Path | None = None
    stretch: bool = False
    teacher_sizes: tuple[int, ...] = (448, 576)
    teacher_flip: bool = True
    pool_start: int = 0
    pool_growth: float = 0.0
    labelled: LabelledData | None = None
    evaluation: EvaluationData | None = None

    def __post_init__(self) -> None:
        check_known("model", self.model, LITEPOSE)
        check_views("loop", self.loop, random_start=self.start == "random")
        sizes = len(self.loop.sizes)
        for key, entries in (("dense.factors", self.dense.factors), ("dense.mosaic", self.dense.mosaic)):
            if len(entries) not in (1, sizes):
                raise SettingsError(
                    f'"{key}" must have one entry, or as many as loop.sizes ({sizes}), not {len(entries)}.'
                )


T = TypeVar("T")


def load_config(path: Path, kind: type[T]) -> T:
    """Reads a recipe. Relative paths are relative to the working directory. Raises SettingsError."""
    return from_dict(read_recipe(path), kind)


def read_recipe(path: Path) -> dict[str, Any]:
    """The plain values of a TOML file. Raises SettingsError."""
    return read_toml(path, "recipe")


def from_dict(values: dict[str, Any], kind: type[T]) -> T:
    """A recipe from plain values. Raises SettingsError that names the bad key."""
    return from_table(values, kind, check=check_value)
