"""Heads: hair styles, ears, nose, and faces drawn as small flat patches."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.scene import anatomy, palette
from app.scene.body import HEAD_HALF, Physique
from app.scene.cloth import wrinkle
from app.scene.mesh import FRONT, Tube
from app.scene.palette import Colour

Float64 = NDArray[np.float64]
Rng = np.random.Generator

# The hair line as height over the face, by the cosine of the angle from the front: nape, side, temple, forehead.
_SHORT_LINE = ([-1.0, -0.35, 0.05, 0.35, 0.75, 1.0], [-0.55, -0.45, 0.05, 0.30, 0.52, 0.56])
_LONG_LINE = ([-1.0, -0.2, 0.30, 0.55, 0.8, 1.0], [-0.85, -0.85, -0.65, 0.25, 0.50, 0.56])
_VOLUME = {"bald": 0.0, "crop": 0.025, "short": 0.065, "bob": 0.10, "long": 0.08, "bun": 0.05}


@dataclass(frozen=True)
class Decal:
    """A flat patch on the head (an eye, the mouth): points (P, 3) in the head's axes, metres; albedo (3,) BGR."""

    points: Float64
    albedo: Colour


def head_tubes(rng: Rng, p: Physique, detail: float, skin: Colour, hair: Colour, feminine: bool) -> list[Tube]:
    """The head with hair, ears and nose."""
    styles = ["long", "bob", "bun", "short"] if feminine else ["short", "short", "crop", "short"]
    style = str(rng.choice(styles if p.is_child or feminine else [*styles, "bald"]))
    tubes = [_skull(rng, anatomy.head(p, detail).painted(skin, 0.06), p, style, hair, feminine)]
    if style not in ("bob", "long"):
        ears = [anatomy.ball("ear", (x, -0.02, -0.06), (0.07, 0.20, 0.12), p, detail) for x in (0.66, -0.66)]
        tubes += [ear.painted(skin * 0.92) for ear in ears]
    tubes.append(anatomy.ball("nose", (0.0, -0.17, 0.78), (0.105, 0.17, 0.17), p, detail).painted(skin * 0.98, 0.08))
    if style in ("long", "bob"):
        length = rng.uniform(1.5, 2.6) if style == "long" else 1.05
        tubes.append(wrinkle(rng, anatomy.hanging_hair(p, length, detail).painted(hair, 0.1), 0.03, 1.0, 7))
    if style == "bun":
        tubes.append(anatomy.ball("bun", (0.0, 0.55, -0.95), (0.32, 0.32, 0.32), p, detail).painted(hair, 0.1))
    return tubes


def _skull(rng: Rng, tube: Tube, p: Physique, style: str, hair: Colour, feminine: bool) -> Tube:
    if style == "bald":
        return tube
    half = HEAD_HALF * p.head * p.height_m
    forward = np.cos(tube.vertex_angle[0] - FRONT)
    line = np.interp(forward, *(_LONG_LINE if style in ("bob", "long") else _SHORT_LINE)) * half
    tube, ring = tube.with_ring_along(line)
    albedo, gloss = tube.albedo.copy(), tube.gloss.copy()
    streaks = 1 + 0.09 * rng.standard_normal((1, tube.segments, 1)) + 0.06 * rng.standard_normal((len(albedo), 1, 1))
    albedo[ring:] = np.clip(hair * streaks, 0.02, 1.0)[ring:]
    gloss[ring:] = 0.10
    if not feminine and not p.is_child and rng.random() < 0.35:
        height, front = tube.face_position / half, np.cos(tube.face_angle - FRONT)
        mouth = (abs(height + 0.50) < 0.09) & (front > 0.93)
        beard = (height < -0.40) & (front > -0.05) & ~mouth
        beard[ring:] = False
        albedo[beard] = 0.75 * hair + 0.25 * albedo[beard]
    rise = np.clip((tube.position - line) / (0.15 * half), 0, 1)
    return replace(tube, albedo=albedo, gloss=gloss, radial=tube.radial * (1 + _VOLUME[style] * rise))


def face_decals(rng: Rng, p: Physique, skin: Colour, hair: Colour, feminine: bool) -> list[Decal]:
    """Eyes, brows, mouth; in drawing order."""
    half = HEAD_HALF * p.head * p.height_m
    table = anatomy.head(p, 1.0).knots / half

    def on_face(x: Float64, y: Float64) -> Float64:
        """Points of the face, slightly above its surface, in metres."""
        rx, rz, oz = (np.interp(y, table[:, 0], table[:, c]) for c in (1, 2, 4))
        z = oz + rz * np.sqrt(np.clip(1 - (x / rx) ** 2, 0, 1)) + 0.012
        return np.stack([x, y, z], axis=-1) * half

    def patch(cx: float, cy: float, rx: float, ry: float, shade: Colour, tilt: float = 0.0, bend: float = 0.0) -> Decal:
        a = np.arange(10) * (2 * np.pi / 10)
        x, y = rx * np.cos(a), ry * np.sin(a)
        return Decal(on_face(cx + x, cy + y + tilt * x + bend * (x / rx) ** 2), np.asarray(shade, np.float32))

    tint = np.array([0.66, 0.62, 0.86] if feminine else [0.74, 0.74, 0.90], np.float32)
    iris = palette.IRISES[rng.integers(len(palette.IRISES))]
    brow = 0.65 * hair + 0.10 * skin
    smile = rng.uniform(0.02, 0.05)
    decals = [
        patch(0.0, -0.54, 0.19, 0.050, skin * tint, bend=smile),
        patch(0.0, -0.535, 0.20, 0.010, skin * tint * 0.5, bend=smile),
        patch(0.0, -0.33, 0.11, 0.022, skin * 0.78),
    ]
    for sign in (1.0, -1.0):
        x = sign * 0.25
        decals += [
            patch(x, 0.11, 0.130, 0.078, skin * 0.84),
            patch(x, 0.10, 0.112, 0.055, palette.EYE_WHITE),
            patch(x, 0.10, 0.056, 0.056, iris),
            patch(x, 0.10, 0.026, 0.028, palette.PUPIL),
            patch(x, 0.155, 0.118, 0.016, 0.35 * skin),
            patch(sign * 0.26, 0.27, 0.150, 0.026 if feminine else 0.036, brow, tilt=0.06 * sign, bend=-0.02),
        ]
    return decals
