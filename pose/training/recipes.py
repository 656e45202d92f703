"""Settings that work when no recipe is given."""

from __future__ import annotations

from pathlib import Path

from pose.training.augment import AugmentSettings
from pose.training.config import DistilConfig, LoopSettings, OptimiserSettings
from pose.training.dense import DenseSettings
from pose.training.losses import LossSettings


def distillation_recipe(model: str, teacher: str, photos: Path, out: Path) -> DistilConfig:
    """From the teacher's channels, at the input sizes that the app offers."""
    loop = LoopSettings(
        steps=6000,
        batch=16,
        sizes=(256, 320, 448),
        size_weights=(0.4, 0.3, 0.3),
        ema=0.998,
        batch_norm="frozen",
        optimiser=OptimiserSettings("muon", lr=3e-4, warmup_steps=60, clip_norm=1.0),
        augment=AugmentSettings(
            rotation_deg=20,
            scale=(0.7, 1.7),
            stretch=0.15,
            shift=0.05,
            colour=0.3,
            blur=0.15,
            sharpen=0.3,
            enlarge=1.35,
        ),
        loss=LossSettings(foreground=10.0, pull=1e-2, push=3e-3),
    )
    return DistilConfig(model, teacher, photos, out, loop, dense=DenseSettings(mosaic=(0.2, 0.25, 0.15)))
