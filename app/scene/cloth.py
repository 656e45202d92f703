"""Folds and patterns of cloth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from app.scene.mesh import FRONT, Tube
from app.scene.palette import Colour

Rng = np.random.Generator
Float64 = NDArray[np.float64]
_BAND = 0.024  # height of a stripe, body heights


def wrinkle(rng: Rng, tube: Tube, amount: float, along: float, around: int) -> Tube:
    """Folds: smooth waves in radius and shade. `along` and `around`: the most waves in each direction."""
    t = np.linspace(0.0, 1.0, len(tube.position))[:, None]
    wave = np.zeros(tube.position.shape)
    for _ in range(6):
        k = int(rng.integers(1, around + 1))
        wave += np.sin(2 * np.pi * (along * rng.uniform(0.3, 1.0) * t + rng.random()) + k * tube.vertex_angle) / 6
    wave *= np.minimum(1.0, 6 * np.minimum(t, 1 - t) + 0.2)
    shade = 1.0 + 4.0 * amount * wave[:-1, :, None]
    return replace(tube, radial=tube.radial * (1 + amount * wave), albedo=(tube.albedo * shade).astype(np.float32))


def decorate(rng: Rng, tube: Tube, height_m: float, second: Colour) -> Tube:
    """A torso plain, with stripes, checks, a print on the chest, or in two blocks."""
    kind = str(rng.choice(["plain", "plain", "stripes", "checks", "print", "block"]))
    t = tube.face_position / height_m
    angle = np.broadcast_to(tube.face_angle, t.shape)
    masks = {
        "plain": np.zeros(t.shape, bool),
        "stripes": np.floor(t / _BAND) % 2 == 0,
        "checks": (np.floor(t / _BAND) + np.floor(angle / (2 * np.pi) * 14)) % 2 == 0,
        "print": (abs(t - 0.205) < 0.035) & (abs(angle - FRONT) < 0.55),
        "block": t > 0.21,
    }
    mask = masks[kind]
    albedo = tube.albedo.copy()
    albedo[mask] += (0.5 if kind == "checks" else 0.85) * (second - albedo[mask])
    return replace(tube, albedo=albedo)
