"""Random but well-dressed people: skin, hair and clothes on top of the anatomy."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from app.scene import anatomy, palette
from app.scene.body import BONE_NAMES, SHIN, THIGH, UPPER_ARM, Physique
from app.scene.cloth import decorate, wrinkle
from app.scene.head import Decal, face_decals, head_tubes
from app.scene.mesh import FRONT, Mesh, Tube
from app.scene.palette import Colour

Rng = np.random.Generator
WHOLE = 1.0  # a sleeve or trouser leg that covers the whole limb
BARE = -1.0


@dataclass(frozen=True)
class Person:
    """A dressed body, ready to be posed."""

    physique: Physique
    meshes: tuple[Mesh, ...]
    decals: tuple[Decal, ...]


@dataclass(frozen=True)
class Outfit:
    """top: tshirt, shirt, longsleeve, jacket or tank; bottom: trousers, jeans, shorts or skirt; colours (3,) BGR."""

    top: str
    bottom: str
    top_colour: Colour
    second_colour: Colour
    bottom_colour: Colour
    shoe_colour: Colour
    skin: Colour
    hair: Colour

    @property
    def sleeve(self) -> float:
        """How far down the arm it reaches, body heights."""
        return {"tank": BARE, "tshirt": UPPER_ARM * 0.62, "shirt": UPPER_ARM * 0.66}.get(self.top, WHOLE)

    @property
    def hem(self) -> float:
        """How far down the leg trousers reach, body heights."""
        return {"shorts": THIGH * 0.86, "skirt": BARE}.get(self.bottom, WHOLE)


def dress(rng: Rng, physique: Physique, detail: float) -> Person:
    """A person with random skin, hair and clothes. `detail` scales the number of faces (1 suits 380 px of height)."""
    feminine = physique.figure > 0.5
    outfit = _choose(rng, feminine)
    tubes = [_torso(rng, physique, detail, outfit), anatomy.neck(physique, detail).painted(outfit.skin * 0.96)]
    for side in ("left", "right"):
        tubes.append(_arm(rng, anatomy.arm(physique, side, detail), physique, outfit))
        tubes += [tube.painted(outfit.skin * 0.98, 0.05) for tube in anatomy.hand(physique, side, detail)]
        tubes.append(_leg(rng, anatomy.leg(physique, side, detail), physique, outfit))
        tubes.append(_shoe(anatomy.shoe(physique, side, detail), outfit.shoe_colour))
    if outfit.bottom == "skirt":
        skirt = anatomy.skirt(physique, rng.uniform(0.17, 0.30), rng.uniform(0.01, 0.05), detail)
        skirt = wrinkle(rng, skirt.painted(outfit.bottom_colour), 0.03, 2.0, 9)
        tubes.append(replace(skirt, lift_m=np.full_like(skirt.gloss, 0.015)))
    tubes += head_tubes(rng, physique, detail, outfit.skin, outfit.hair, feminine)
    decals = face_decals(rng, physique, outfit.skin, outfit.hair, feminine)
    return Person(physique, _join(tubes), tuple(decals))


def _join(tubes: list[Tube]) -> tuple[Mesh, ...]:
    sizes = sorted({tube.segments for tube in tubes})
    return tuple(Mesh([tube for tube in tubes if tube.segments == size], BONE_NAMES) for size in sizes)


def _choose(rng: Rng, feminine: bool) -> Outfit:
    skin = palette.SKIN[rng.integers(len(palette.SKIN))] * np.float32(1 + rng.uniform(-0.04, 0.04))
    hairs = palette.DARK_HAIR if skin.mean() < 0.5 else palette.HAIR
    tops = ["tshirt", "longsleeve", "jacket", *(["tank"] if feminine else ["shirt", "tshirt"])]
    bottoms = ["trousers", "jeans", "shorts", "skirt" if feminine else "jeans"]
    first, second = rng.choice(len(palette.TOPS), 2, replace=False)
    return Outfit(
        top=str(rng.choice(tops)),
        bottom=str(rng.choice(bottoms)),
        top_colour=palette.TOPS[first],
        second_colour=palette.TOPS[second],
        bottom_colour=palette.BOTTOMS[rng.integers(len(palette.BOTTOMS))],
        shoe_colour=palette.SHOES[rng.integers(len(palette.SHOES))],
        skin=skin,
        hair=hairs[rng.integers(len(hairs))],
    )


def _torso(rng: Rng, p: Physique, detail: float, outfit: Outfit) -> Tube:
    h, top = p.height_m, outfit.top
    tube = anatomy.torso(p, detail).painted(outfit.top_colour)
    front = np.clip(np.cos(tube.vertex_angle[0] - FRONT), 0, 1)
    collar = 0.312 if top != "tank" else 0.288
    dip = {"tank": 0.05, "shirt": 0.05, "jacket": 0.06}.get(top, 0.026)
    if top == "jacket":
        shirt = np.broadcast_to(np.cos(tube.face_angle - FRONT) > 0.93, tube.albedo.shape[:2])
        tube.albedo[shirt] = outfit.second_colour
    else:
        tube = decorate(rng, tube, h, outfit.second_colour)
    if top == "shirt":
        tube.albedo[np.broadcast_to(np.cos(tube.face_angle - FRONT) > 0.985, tube.albedo.shape[:2])] *= 0.82
    tucked = outfit.bottom == "skirt" or (top not in ("jacket", "longsleeve") and rng.random() < 0.5)
    hem = 0.060 if tucked else -0.025
    tube, waist = tube.with_ring_along(np.full(tube.segments, hem * h), 0.05 * h)
    tube.albedo[:waist] = outfit.bottom_colour
    tube.albedo[waist - 1] *= 0.6
    tube, neckline = tube.with_ring_along((collar - dip * front**4) * h, 0.10 * h)
    tube.albedo[neckline - 1] *= 0.84
    tube.albedo[neckline:] = outfit.skin
    # Untucked cloth hangs over hips and thighs; a jacket stands off everywhere.
    ring_t = tube.position / h
    loose = 0.004 if top in ("jacket", "longsleeve") else 0.002
    over_hips = 0.0 if tucked else 0.007 * np.clip((0.09 - ring_t) / 0.05, 0, 1) * (ring_t > hem - 1e-6)
    covered = np.arange(len(ring_t))[:, None] < neckline
    lift_m = np.where(tucked | (tube.face_position > 0.06 * h), 0.0, 0.03).astype(np.float32)
    tube = replace(tube, thickness=np.asarray((loose + over_hips) * h * covered), lift_m=lift_m)
    return wrinkle(rng, tube, 0.02, 4.0, 4)


def _arm(rng: Rng, tube: Tube, p: Physique, outfit: Outfit) -> Tube:
    thickness = {"jacket": 0.0065, "longsleeve": 0.0045}.get(outfit.top, 0.0055)
    tube = tube.painted(outfit.skin, 0.05)
    if outfit.sleeve != BARE:
        tube = _sleeve(tube, p.height_m, outfit.sleeve, thickness * np.ones_like(tube.position), outfit.top_colour)
    return wrinkle(rng, tube, 0.03 if outfit.sleeve == WHOLE else 0.012, 5.0, 2)


def _leg(rng: Rng, tube: Tube, p: Physique, outfit: Outfit) -> Tube:
    tube = tube.painted(outfit.skin, 0.04)
    if outfit.hem != BARE:
        loose = 0.0025 if outfit.bottom == "jeans" else 0.006
        flare = 1.5 * np.clip((tube.position / p.height_m - THIGH) / SHIN, 0, 1)
        tube = _sleeve(tube, p.height_m, outfit.hem, 0.001 + loose * (1 + flare), outfit.bottom_colour)
    if outfit.bottom == "jeans":
        # Worn denim is paler in front of the thigh.
        t = tube.face_position / p.height_m
        pale = 0.14 * np.clip(np.cos(tube.face_angle - FRONT), 0, 1) * np.exp(-((t - 0.12) ** 2) / 0.008)
        tube = replace(tube, albedo=(tube.albedo + pale[..., None]).astype(np.float32))
    return wrinkle(rng, tube, 0.03 if outfit.hem == WHOLE else 0.01, 6.0, 2)


def _sleeve(tube: Tube, height_m: float, end: float, thickness: np.ndarray, shade: Colour) -> Tube:
    """Cloth from the beginning of a limb to `end` body heights along it; `thickness` (R, K) in body heights."""
    if end == WHOLE:
        ring = len(tube.position) - 1
    else:
        tube, ring = tube.with_ring_along(np.full(tube.segments, end * height_m))
    albedo, gloss = tube.albedo.copy(), tube.gloss.copy()
    albedo[:ring], gloss[:ring] = shade, 0.0
    albedo[ring - 1] *= 0.85
    covered = (np.arange(len(tube.position)) <= ring)[:, None]
    return replace(tube, albedo=albedo, gloss=gloss, thickness=tube.thickness + thickness * height_m * covered)


def _shoe(tube: Tube, shade: Colour) -> Tube:
    tube = tube.painted(shade, 0.12)
    sole = np.broadcast_to(np.sin(tube.face_angle) < -0.75, tube.albedo.shape[:2])
    tube.albedo[sole] = 0.75 if shade.mean() < 0.5 else 0.35
    return tube
