"""Settings that work when no recipe is given."""

from __future__ import annotations

from pathlib import Path

from pose.training.augment import AugmentSettings
from pose.training.config import DistilConfig, LoopSettings, OptimiserSettings
from pose.training.dense import DenseSettings
from pose.training.losses import LossSettings


def distillation_recipe(model: str, teacher: str, photos: Path, out: Path) -> DistilConfig:
    """Fine-tuning from the teacher's channels at the input sizes that the app offers."""
    loop = LoopSettings(
        steps=6000,
        batch=8,
        sizes=(256, 320, 448),
        size_weights=(0.4, 0.3, 0.3),
        ema=0.998,
        batch_norm="frozen",
        optimiser=OptimiserSettings(lr=2e-4, warmup_steps=20, clip_norm=0.1),
        augment=AugmentSettings(
            rotation_deg=17, scale=(0.7, 1.35), stretch=0.12, shift=0.05, colour=0.3, blur=0.15, enlarge=0.9
        ),
        loss=LossSettings(foreground=10.0, pull=3e-3, push=3e-3),
    )
    dense = DenseSettings(factors=((1.5, 2.0), (1.4, 1.8), (1.0, 1.3)), mosaic=(0.0, 0.4, 0.7))
    return DistilConfig(model, teacher, photos, out, loop, dense=dense)
