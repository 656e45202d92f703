"""Which values the settings of a recipe may have."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Protocol

from pose.errors import SettingsError
from pose.training.augment import AugmentSettings


class Views(Protocol):
    """What decides which views of images are trained on, and whether from statistics that are there."""

    @property
    def sizes(self) -> tuple[int, ...]: ...
    @property
    def size_weights(self) -> tuple[float, ...]: ...
    @property
    def augment(self) -> AugmentSettings: ...
    @property
    def batch_norm(self) -> str: ...


_MANY = 10**9


@dataclass(frozen=True, slots=True)
class Allowed:
    """Numbers from low to high; above, below: without that end itself. multiple: whole ones, only multiples of it."""

    low: int | float
    high: int | float
    above: bool = False
    below: bool = False
    multiple: int = 1

    def __contains__(self, value: int | float) -> bool:
        """False for NaN."""
        inside = (self.low < value if self.above else self.low <= value) and (
            value < self.high if self.below else value <= self.high
        )
        return inside and (self.multiple == 1 or value % self.multiple == 0)

    def __str__(self) -> str:
        kind = "numbers" if self.multiple == 1 else f"multiples of {self.multiple}"
        return f"{kind} {'above' if self.above else 'from'} {self.low} to {'below ' * self.below}{self.high}"


_SHARE = Allowed(0, 1)
_SIZE = Allowed(64, 4096)

# Every number of a recipe is here, by its key; that of a list stands for each of its entries.
RANGES: dict[str, Allowed] = {
    "loop.steps": Allowed(1, _MANY),
    "loop.batch": Allowed(1, 10_000),
    "loop.sizes": Allowed(64, 4096, multiple=32),
    "loop.size_weights": Allowed(0, 10**6),
    "loop.seed": Allowed(0, 2**63 - 1),
    "loop.ema": Allowed(0, 1, below=True),
    "loop.calibrate_batches": Allowed(0, 10_000),
    "loop.checkpoint_every": Allowed(1, _MANY),
    "loop.evaluate_every": Allowed(1, _MANY),
    "loop.threads": Allowed(0, 1024),
    "loop.loaders": Allowed(1, 1024),
    "loop.optimiser.lr": Allowed(0, 10, above=True),
    "loop.optimiser.weight_decay": Allowed(0, 10),
    "loop.optimiser.warmup_steps": Allowed(0, _MANY),
    "loop.optimiser.milestones": _SHARE,
    "loop.optimiser.clip_norm": Allowed(0, _MANY),
    "loop.augment.rotation_deg": Allowed(0, 180),
    "loop.augment.scale": Allowed(0.01, 100),
    "loop.augment.stretch": Allowed(0, 2),
    "loop.augment.shift": _SHARE,
    "loop.augment.flip": _SHARE,
    "loop.augment.colour": Allowed(0, 10),
    "loop.augment.blur": _SHARE,
    "loop.augment.sharpen": _SHARE,
    "loop.augment.grey": _SHARE,
    "loop.augment.enlarge": Allowed(0.1, 1000),
    "loop.augment.upside_down": _SHARE,
    "loop.loss.foreground": Allowed(0, 10**6),
    "loop.loss.pull": Allowed(0, 10**6),
    "loop.loss.push": Allowed(0, 10**6),
    "dense.factors": Allowed(1, 16),
    "dense.mosaic": _SHARE,
    "teacher_sizes": _SIZE,
    "pool_start": Allowed(0, _MANY),
    "pool_growth": Allowed(0, _MANY),
    "labelled.share": _SHARE,
    "evaluation.sizes": _SIZE,
    "sources.weight": Allowed(0, 10**6),
    "minutes": Allowed(0, 10**6),
    "steps": Allowed(0, _MANY),
    "side": _SIZE,
    "teacher_factor": Allowed(0.25, 4),
    "threads": Allowed(0, 1024),
    "fit.mosaic": _SHARE,
    "fit.warm_up": _SHARE,
    "fit.teacher_weight": Allowed(0, 1000),
    "fit.checkpoint_every_s": Allowed(0, _MANY),
    "fit.log_every": Allowed(1, _MANY),
}
_BOTH = (
    "batch",
    "sizes",
    "size_weights",
    "seed",
    "ema",
    "optimiser.lr",
    "optimiser.weight_decay",
    "optimiser.clip_norm",
)
RANGES |= {f"fit.{key}": RANGES[f"loop.{key}"] for key in _BOTH}
RANGES |= {
    key.replace("loop", "fit"): RANGES[key] for key in list(RANGES) if key.startswith(("loop.augment", "loop.loss"))
}
_NOT_EMPTY = {"loop.sizes", "fit.sizes", "sources", "dense.factors", "dense.mosaic", "teacher_sizes"}


def check_value(key: str, value: Any) -> None:
    """Raises SettingsError for a number, or an entry of a list, out of its range, and for an empty list."""
    if isinstance(value, int | float) and key in RANGES and value not in RANGES[key]:
        raise SettingsError(f"The setting {key} takes {RANGES[key]}, not {value}.")
    if value == () and key in _NOT_EMPTY:
        raise SettingsError(f"The setting {key} must have at least one entry, not be [].")


def check_known(key: str, name: str, known: Collection[str]) -> None:
    """Raises SettingsError."""
    if name not in known:
        raise SettingsError(f'There is no {key} "{name}"; known: {", ".join(known)}.')


def check_views(table: str, settings: Views, random_start: bool) -> None:
    """What one of the settings in a table of a recipe demands of the others. Raises SettingsError."""
    weights, (smallest, largest) = settings.size_weights, settings.augment.scale
    if weights and len(weights) != len(settings.sizes):
        raise SettingsError(
            f'"{table}.size_weights" must have as many entries as {table}.sizes ({len(settings.sizes)}), '
            f"not be {list(weights)}."
        )
    if weights and not any(weights):
        raise SettingsError(f'"{table}.size_weights" must have an entry above 0, not be {list(weights)}.')
    if smallest > largest:
        raise SettingsError(
            f'"{table}.augment.scale" must not fall from {smallest:g} to {largest:g}; give the smaller one first.'
        )
    if random_start and settings.batch_norm == "frozen":
        raise SettingsError(
            f'A random start has no batch statistics to keep: "{table}.batch_norm" must be "train", not "frozen".'
        )
