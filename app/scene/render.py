"""Drawing of posed people: shading per face, painter's algorithm over all people at once.

The image is painted at twice its size and averaged down, which smooths every edge.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from app.scene.body import BONE_NAMES, Figure
from app.scene.camera import Camera
from app.scene.mesh import Surface
from app.scene.occlusion import Capsules
from app.scene.wardrobe import Person

Float32 = NDArray[np.float32]
Float64 = NDArray[np.float64]
SUPERSAMPLING = 2
_SHIFT = 4  # fractional bits of the polygon corners
_NEAR_M = 0.2  # nothing closer than this is drawn


@dataclass(frozen=True)
class Light:
    """direction: (3,) unit, towards the light; colours (3,) BGR: of the light, of the sky and of the ground."""

    direction: Float64
    key: Float32
    sky: Float32
    ground: Float32


class Cast(NamedTuple):
    """One person of an image. number: 1 to 255, what the owner map shows for this person."""

    number: int
    person: Person
    figure: Figure
    capsules: Capsules


class _Patches(NamedTuple):
    """Polygons of one person, ready to paint: (F, P, 2) fixed point, (F, 4) colour and owner, (F,) depth in metres."""

    polygons: NDArray[np.int32]
    colours: Float32
    depths: Float64


def paint_people(canvas: NDArray[np.uint8], camera: Camera, light: Light, people: list[Cast]) -> Float64:
    """Paint people on a (2H, 2W, 4) canvas: BGR and, in the fourth channel, the number of whoever is in front.

    Returns (N, 4) x1 y1 x2 y2 of each figure in image pixels, not clipped.
    """
    layers: list[_Patches] = []
    boxes = np.zeros((len(people), 4))
    for i, cast in enumerate(people):
        surfaces, boxes[i] = _body(camera, light, cast)
        layers += surfaces
        layers.append(_face(camera, light, cast))
    if not layers:
        return boxes
    order = np.argsort(-np.concatenate([layer.depths for layer in layers]), kind="stable").tolist()
    polygons = [polygon for layer in layers for polygon in layer.polygons]
    colours = [colour for layer in layers for colour in layer.colours.tolist()]
    paint = cv2.fillConvexPoly
    for index in order:
        paint(canvas, polygons[index], colours[index], cv2.LINE_8, _SHIFT)
    return boxes


def _body(camera: Camera, light: Light, cast: Cast) -> tuple[list[_Patches], Float64]:
    bones = [cast.figure.bones[name] for name in BONE_NAMES]
    layers = []
    low, high = np.full(2, np.inf), np.full(2, -np.inf)
    for mesh in cast.person.meshes:
        surface = mesh.facing(bones, camera.position)
        pixels, depths = camera.project(surface.corners)
        depths = depths.mean(axis=1)
        ahead = depths > _NEAR_M
        if ahead.any():
            extent = pixels[ahead].reshape(-1, 2)
            low, high = np.minimum(low, extent.min(axis=0)), np.maximum(high, extent.max(axis=0))
        ahead &= (pixels.max(axis=1) >= 0).all(axis=1)
        ahead &= (pixels.min(axis=1) <= [camera.width, camera.height]).all(axis=1)
        surface = Surface(*(a[ahead] for a in surface))
        colours = _shade(surface, camera, light, cast.capsules)
        layers.append(_patches(pixels[ahead], colours, cast.number, depths[ahead] - surface.lift_m))
    return layers, np.nan_to_num(np.concatenate([low, high]), posinf=0.0, neginf=0.0)


def _face(camera: Camera, light: Light, cast: Cast) -> _Patches:
    head = cast.figure.bones["head"]
    points = np.stack([decal.points for decal in cast.person.decals])  # (D, P, 3)
    albedo = np.stack([decal.albedo for decal in cast.person.decals])
    world = head.origin + points @ head.axes.T
    normals = points.mean(axis=1) @ head.axes.T
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    pixels, depths = camera.project(world)
    seen = ((camera.position - world[:, 0]) * normals).sum(axis=1) > 0
    seen &= depths.min(axis=1) > _NEAR_M
    none = np.zeros(int(seen.sum()), np.float32)
    surface = Surface(world[seen, :4].astype(np.float32), normals[seen].astype(np.float32), albedo[seen], none, none)
    colours = _shade(surface, camera, light, cast.capsules)
    # Slightly nearer than the skin below; later details lie on earlier ones.
    nearer = 0.012 * cast.person.physique.height_m + 1e-4 * np.arange(len(points))[seen]
    return _patches(pixels[seen], colours, cast.number, depths[seen].mean(axis=1) - nearer)


def _shade(surface: Surface, camera: Camera, light: Light, capsules: Capsules) -> Float32:
    """(F, 3) BGR in [0, 255]: sky and ground light, a key light, a highlight and a thin bright rim."""
    n = surface.normals
    centres = surface.corners.mean(axis=1, dtype=np.float32)
    view = camera.position.astype(np.float32) - centres
    view /= np.sqrt((view * view).sum(axis=1, keepdims=True))
    lambert = np.clip((n @ light.direction + 0.2) / 1.2, 0, 1)[:, None]
    up = 0.5 + 0.5 * n[:, 1:2]
    openness = capsules.openness(centres, n)[:, None]
    ambient = light.ground * (1 - up) + light.sky * up
    half = view + light.direction.astype(np.float32)
    half /= np.sqrt((half * half).sum(axis=1, keepdims=True))
    highlight = surface.gloss[:, None] * np.clip((n * half).sum(axis=1, keepdims=True), 0, 1) ** 18
    rim = 0.10 * (1 - np.clip((n * view).sum(axis=1, keepdims=True), 0, 1)) ** 3
    strength = ambient * openness + light.key * lambert * (0.35 + 0.65 * openness) + rim
    return (255 * np.clip(surface.albedo * strength + highlight, 0, 1)).astype(np.float32)


def _patches(pixels: Float64, colours: Float32, number: int, depths: Float64) -> _Patches:
    canvas = pixels * SUPERSAMPLING + (SUPERSAMPLING - 1) / 2
    polygons = np.round(np.clip(canvas, -16000, 16000) * (1 << _SHIFT)).astype(np.int32)
    owner = np.full((len(colours), 1), number, np.float32)
    return _Patches(polygons, np.concatenate([colours, owner], axis=1), depths)
