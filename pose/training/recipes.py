"""Settings that work when no recipe is given."""

from __future__ import annotations

from pathlib import Path

from pose.models.config import LITEPOSE
from pose.training.augment import AugmentSettings
from pose.training.config import DistilConfig, LoopSettings, OptimiserSettings
from pose.training.losses import LossSettings


def distillation_recipe(model: str, teacher: str, photos: Path, out: Path) -> DistilConfig:
    """Fine-tuning from the teacher's channels at the model's own input size and a smaller one."""
    size = LITEPOSE[model].input_size
    loop = LoopSettings(
        steps=20000,
        sizes=(size, 320) if size > 320 else (size, 320, 224),
        ema=0.998,
        batch_norm="frozen",
        optimiser=OptimiserSettings(lr=1e-3, warmup_steps=100, clip_norm=1.0),
        augment=AugmentSettings(rotation_deg=20, scale=(0.75, 1.3), stretch=0.15, colour=0.3, blur=0.05, enlarge=0.9),
        loss=LossSettings(foreground=10.0, pull=5e-3, push=5e-3),
    )
    return DistilConfig(model, teacher, photos, out, loop)
