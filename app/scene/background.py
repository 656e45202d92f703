"""Places to walk in, painted once per scene: a street, a room, a field and a plain studio."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from app.scene import palette
from app.scene.camera import Camera

Image = NDArray[np.uint8]
Float32 = NDArray[np.float32]
Rng = np.random.Generator
Colour = NDArray[np.float32]  # (3,) BGR, 0 to 255


@dataclass(frozen=True)
class Mood:
    """How a place lights its people: BGR strengths of light, sky and ground; where the light stands, radians.

    azimuth: 0 = behind the camera, > 0 from the right. shadow: darkness of shadows, 0 to 1.
    """

    key: tuple[float, float, float]
    sky: tuple[float, float, float]
    ground: tuple[float, float, float]
    azimuth: float
    elevation: float
    shadow: float


def _noise(rng: Rng, h: int, w: int, cells: float, octaves: int = 4) -> Float32:
    """Smooth noise about 0 with standard deviation 1; `cells` across the width at the coarsest octave."""
    total = np.zeros((h, w), np.float32)
    for octave in range(octaves):
        n = max(2, int(cells * 2**octave))
        grid = rng.standard_normal((max(2, n * h // w) + 1, n + 1)).astype(np.float32)
        total += cv2.resize(grid, (w, h), interpolation=cv2.INTER_CUBIC) * 0.6**octave
    return total / max(float(total.std()), 1e-6)


def _bgr(code: str) -> Colour:
    """'#rrggbb' to grey levels."""
    return 255 * palette.colour(code)


def _flat(colour: Colour, factor: float = 1.0) -> tuple[float, ...]:
    """A colour as OpenCV's drawing functions take it."""
    return tuple((colour * factor).tolist())


def _gradient(h: int, w: int, top: Colour, bottom: Colour) -> Float32:
    t = np.linspace(0, 1, h, dtype=np.float32)[:, None, None]
    return np.broadcast_to((1 - t) * top + t * bottom, (h, w, 3)).copy()


def _ground(canvas: Float32, camera: Camera, texture: Float32, metres_per_px: float, from_row: int) -> None:
    """Lay a texture on the ground, in perspective, below `from_row`."""
    tw = texture.shape[1]
    homography = camera.ground_homography(metres_per_px, (-tw * metres_per_px / 2, 1.2))
    laid = cv2.warpPerspective(
        texture, homography, (camera.width, camera.height), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REFLECT
    )
    canvas[from_row:] = laid[from_row:]


def _row_at(camera: Camera, z: float) -> int:
    """Image row of the ground at distance z."""
    return round(float(camera.project(np.array([0.0, 0.0, z]))[0][1]))


def _haze(canvas: Float32, camera: Camera, from_row: int, colour: Colour, strength: float) -> None:
    """Far ground fades."""
    rows = np.arange(from_row, camera.height, dtype=np.float32)
    amount = strength * np.exp(-(rows - from_row) / (0.10 * camera.height))[:, None, None]
    canvas[from_row:] += amount * (colour - canvas[from_row:])


def _street(rng: Rng, camera: Camera) -> tuple[Float32, Mood]:
    w, h = camera.width, camera.height
    foot = _row_at(camera, 13.0)
    canvas = _gradient(h, w, _bgr("#9fc0dc"), _bgr("#e6ecee"))
    x = -int(rng.integers(0, w // 8))
    walls = ["#b98d72", "#c9b79c", "#8f9aa3", "#a9695a", "#d8cdb9", "#7f8a7a", "#b7a7a0"]
    while x < w:
        width = int(rng.uniform(0.16, 0.34) * w)
        top = int(rng.uniform(-0.10, 0.16) * h)
        colour = np.float32(_bgr(walls[rng.integers(len(walls))])) * rng.uniform(0.85, 1.08)
        _facade(rng, canvas, x, top, min(x + width, w), foot, np.asarray(colour))
        x += width
    side = 1200
    pavement = np.full((side, side, 3), _bgr("#a8a49c"), np.float32)
    pavement += 5 * _noise(rng, side, side, 24)[..., None]
    tile = 40
    for i in range(0, side, tile):
        pavement[i : i + 2] *= 0.82
        pavement[:, i : i + 2] *= 0.82
    for i in range(0, side, tile):
        for j in range(0, side, tile):
            pavement[i : i + tile, j : j + tile] *= 1 + 0.03 * rng.standard_normal()
    _ground(canvas, camera, pavement, 0.02, foot)
    _haze(canvas, camera, foot, _bgr("#8f8c88"), 0.35)
    canvas[foot - 2 : foot + 2] *= 0.75
    for _ in range(int(rng.integers(1, 4))):
        _tree(rng, canvas, int(rng.uniform(0, w)), foot + int(0.01 * h), int(rng.uniform(0.5, 0.8) * h))
    return canvas, Mood((0.66, 0.72, 0.76), (0.56, 0.50, 0.46), (0.25, 0.27, 0.28), rng.uniform(-0.9, 0.9), 0.9, 0.42)


def _facade(rng: Rng, canvas: Float32, x0: int, top: int, x1: int, foot: int, colour: Float32) -> None:
    h = canvas.shape[0]
    left, y0 = max(x0, 0), max(top, 0)
    if x1 <= left:
        return
    wall = canvas[y0:foot, left:x1]
    wall[:] = colour + 4 * _noise(rng, foot - y0, x1 - left, 6)[..., None]
    columns = max(2, (x1 - x0) // max(1, int(0.09 * h)))
    pitch_x, pitch_y = (x1 - x0) / columns, 0.155 * h
    glass = _bgr("#55697a")
    for row in range(8):
        for column in range(columns):
            cx, cy = int(x0 + (column + 0.5) * pitch_x), int(foot - (row + 0.75) * pitch_y)
            half_w, half_h = int(0.26 * pitch_x), int(0.32 * pitch_y)
            if cy + half_h < top + 6:
                continue
            tint = glass * rng.uniform(0.7, 1.3)
            light = _flat(colour, 1.15)
            cv2.rectangle(canvas, (cx - half_w - 2, cy - half_h - 2), (cx + half_w + 2, cy + half_h + 2), light, -1)
            cv2.rectangle(canvas, (cx - half_w, cy - half_h), (cx + half_w, cy + half_h), _flat(tint), -1)
            cv2.line(canvas, (cx, cy - half_h), (cx, cy + half_h), light, 2)
    cv2.line(canvas, (x1 - 1, y0), (x1 - 1, foot), _flat(colour, 0.7), 2)


def _tree(rng: Rng, canvas: Float32, x: int, foot: int, size: int) -> None:
    """A trunk under a crown of leaf clumps, lit from above."""
    trunk = max(3, size // 28)
    cv2.rectangle(canvas, (x - trunk, foot - size // 2), (x + trunk, foot), _flat(_bgr("#5d4a3a")), -1)
    dark, bright = _bgr("#3d5531"), _bgr("#86a55f")
    height = np.sort(rng.normal(0, 0.5, 260))
    for h in np.clip(height, -1.1, 1.1):
        spread = 0.34 * np.sqrt(max(1.25 - h * h, 0.02)) * rng.uniform(-1, 1)
        centre = (int(x + spread * size), int(foot - (0.68 + 0.24 * h) * size))
        light = np.clip(0.35 + 0.3 * h + 0.12 * rng.standard_normal(), 0, 1)
        shade = _flat(dark + np.float32(light) * (bright - dark))
        cv2.circle(canvas, centre, max(2, int(rng.uniform(0.022, 0.05) * size)), shade, -1, cv2.LINE_AA)


def _room(rng: Rng, camera: Camera) -> tuple[Float32, Mood]:
    w, h = camera.width, camera.height
    foot = _row_at(camera, 8.5)
    wall = ["#d9d2c3", "#b9c4c0", "#c8b8a6", "#aab6c2", "#d3c0b4"][rng.integers(5)]
    base = _bgr(wall)
    canvas = _gradient(h, w, base * 0.9, base * 1.02)
    canvas += 1.5 * _noise(rng, h, w, 5)[..., None]
    side = 1000
    floor = np.full((side, side, 3), _bgr(["#a9825a", "#8d6a48", "#b59a78", "#7d7a76"][rng.integers(4)]), np.float32)
    plank = 25
    for i in range(0, side, plank):
        floor[:, i : i + plank] *= 1 + 0.06 * rng.standard_normal()
        floor[:, i : i + 1] *= 0.7
        for j in range(int(rng.integers(0, 160)), side, 160):
            floor[j : j + 2, i : i + plank] *= 0.75
    grain = cv2.resize(rng.standard_normal((20, side)).astype(np.float32), (side, side))
    floor += 3 * grain[..., None]
    _ground(canvas, camera, floor, 0.012, foot)
    skirting = max(3, int(0.018 * h))
    canvas[foot - skirting : foot] = _bgr("#efece6")
    canvas[foot : foot + 2] *= 0.7
    window_w, window_h = int(0.20 * w), int(0.34 * h)
    x0, y0 = int(rng.uniform(0.05, 0.75) * w), int(0.10 * h)
    cv2.rectangle(canvas, (x0 - 8, y0 - 8), (x0 + window_w + 8, y0 + window_h + 8), _flat(_bgr("#f4f2ee")), -1)
    canvas[y0 : y0 + window_h, x0 : x0 + window_w] = _gradient(window_h, window_w, _bgr("#bcd6ea"), _bgr("#e4ebdc"))
    cv2.line(canvas, (x0 + window_w // 2, y0), (x0 + window_w // 2, y0 + window_h), _flat(_bgr("#f4f2ee")), 6)
    cv2.line(canvas, (x0, y0 + window_h // 2), (x0 + window_w, y0 + window_h // 2), _flat(_bgr("#f4f2ee")), 6)
    for _ in range(int(rng.integers(1, 4))):
        px, py = int(rng.uniform(0.02, 0.88) * w), int(rng.uniform(0.08, 0.25) * h)
        pw, ph = int(rng.uniform(0.06, 0.13) * w), int(rng.uniform(0.10, 0.20) * h)
        if px + pw > x0 - 20 and px < x0 + window_w + 20:
            continue
        art = cv2.GaussianBlur(rng.uniform(60, 220, (6, 8, 3)).astype(np.float32), (0, 0), 0.8)
        cv2.rectangle(canvas, (px - 5, py - 5), (px + pw + 5, py + ph + 5), _flat(_bgr("#4a4038")), -1)
        target = canvas[py : py + ph, px : min(px + pw, w)]
        target[:] = cv2.resize(art, (target.shape[1], target.shape[0]))
    for _ in range(int(rng.integers(1, 3))):
        fx, fw = int(rng.uniform(-0.05, 0.85) * w), int(rng.uniform(0.14, 0.28) * w)
        fh = int(rng.uniform(0.10, 0.22) * h)
        colour = _bgr(["#6d7f86", "#8a5f4c", "#54606a", "#a08a68"][rng.integers(4)])
        cv2.rectangle(canvas, (fx, foot - fh), (fx + fw, foot + 6), _flat(colour), -1)
        cv2.rectangle(canvas, (fx, foot - fh), (fx + fw, foot - fh + 8), _flat(colour, 1.2), -1)
        for k in range(1, 3):
            cv2.line(canvas, (fx + k * fw // 3, foot - fh + 8), (fx + k * fw // 3, foot), _flat(colour, 0.8), 2)
    return canvas, Mood((0.52, 0.58, 0.62), (0.56, 0.56, 0.57), (0.30, 0.33, 0.37), rng.uniform(-0.8, 0.8), 1.1, 0.30)


def _field(rng: Rng, camera: Camera) -> tuple[Float32, Mood]:
    w, h = camera.width, camera.height
    foot = int(np.clip(camera.horizon_y + 0.015 * h, 0.1 * h, 0.8 * h))
    canvas = _gradient(h, w, _bgr("#6fa3d4"), _bgr("#dbe7ee"))
    clouds = np.clip(_noise(rng, h, w, 4, 5) * 0.5 - 0.1, 0, 1)[..., None]
    canvas += clouds * (250.0 - canvas) * 0.8
    xs = np.arange(w)
    for layer, code in enumerate(("#93a9b0", "#7d9a86", "#64855f")):
        bumps = cv2.resize(
            rng.standard_normal((1, 6 + 3 * layer)).astype(np.float32), (w, 1), interpolation=cv2.INTER_CUBIC
        )
        height = (0.10 - 0.03 * layer) * h * (1 + 0.35 * bumps[0])
        outline = np.stack([xs, foot - np.maximum(height, 2)], axis=-1)
        polygon = np.concatenate([outline, [[w, foot + 4], [0, foot + 4]]]).astype(np.int32)
        cv2.fillPoly(canvas, [polygon], _flat(_bgr(code)), cv2.LINE_AA)
    side = 1400
    grass = np.full((side, side, 3), _bgr("#6f8f47"), np.float32)
    grass *= 1 + 0.10 * _noise(rng, side, side, 10, 5)[..., None]
    grass += 9 * rng.standard_normal((side, side, 1)).astype(np.float32)
    path = np.abs(np.arange(side) - side * rng.uniform(0.3, 0.7) + 60 * np.sin(np.arange(side)[:, None] / 170)) < 60
    grass[path] = 0.35 * grass[path] + 0.65 * _bgr("#b6a27c")
    _ground(canvas, camera, grass, 0.03, foot)
    _haze(canvas, camera, foot, _bgr("#8aa380"), 0.6)
    for _ in range(int(rng.integers(2, 6))):
        size = int(rng.uniform(0.14, 0.42) * h)
        _tree(rng, canvas, int(rng.uniform(0, w)), foot + int(0.10 * size), size)
    return canvas, Mood((0.66, 0.76, 0.82), (0.60, 0.52, 0.46), (0.20, 0.29, 0.26), rng.uniform(-1.2, 1.2), 0.8, 0.45)


def _studio(rng: Rng, camera: Camera) -> tuple[Float32, Mood]:
    w, h = camera.width, camera.height
    tones = [("#8fa3ad", "#d9dfe0"), ("#c9b8a4", "#ece4d8"), ("#6f7f8f", "#aebac4"), ("#a9b5a0", "#e3e8da")]
    top, bottom = tones[rng.integers(len(tones))]
    canvas = _gradient(h, w, _bgr(top), _bgr(bottom))
    yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
    glow = np.exp(-(((xx - w / 2) / (0.55 * w)) ** 2) - ((yy - 0.45 * h) / (0.6 * h)) ** 2)
    canvas *= (0.85 + 0.2 * glow)[..., None]
    return canvas, Mood((0.60, 0.62, 0.64), (0.56, 0.55, 0.54), (0.36, 0.36, 0.36), rng.uniform(-0.8, 0.8), 0.9, 0.28)


PLACES: dict[str, Callable[[Rng, Camera], tuple[Float32, Mood]]] = {
    "street": _street,
    "room": _room,
    "field": _field,
    "studio": _studio,
}


def paint_place(name: str, rng: Rng, camera: Camera) -> tuple[Image, Mood]:
    """The empty place (H, W, 3) uint8 BGR, slightly out of focus, and its light; `name` is a key of PLACES."""
    canvas, mood = PLACES[name](rng, camera)
    soft = cv2.GaussianBlur(canvas, (0, 0), max(0.6, camera.height / 700))
    return np.clip(soft, 0, 255).astype(np.uint8), mood
