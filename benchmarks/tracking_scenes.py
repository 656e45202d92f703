"""Rendered films for judging identities: walls to hide behind, crossings, crowds, similar clothes, a moving camera.

Truth is exact, and an actor who comes back is the same person: that is what a tracker that remembers must find.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.scene import motion
from app.scene.body import Placement
from app.scene.camera import Camera
from app.scene.scene import Scene
from app.scene.script import Actor, Cue, random_physique
from app.scene.truth import SceneTruth
from app.scene.wardrobe import Person, dress

Image = NDArray[np.uint8]
Rng = np.random.Generator

WALL_Z_M = 5.2  # whoever is farther away is hidden by the wall
_WALL_HEIGHT_M = 2.5
_DETAIL = 0.6


class FilmFrame(NamedTuple):
    """One picture with its truth; `actors` (N,) int64 is who each true person is, absences or not."""

    image_bgr: Image
    time_s: float
    truth: SceneTruth
    actors: NDArray[np.int64]


@dataclass(frozen=True)
class Film:
    """What is rendered. kind: cast (the demo's), wall, crossing, or crowd.

    alike: people in pairs of the same clothes. moving: the camera pans and shakes.
    """

    kind: str
    people: int
    seed: int
    alike: bool = False
    moving: bool = False
    seconds: float = 10.0
    fps: float = 10.0
    size: tuple[int, int] = (960, 540)

    @property
    def name(self) -> str:
        extra = "_alike" * self.alike + "_moving" * self.moving
        return f"{self.kind}{extra}_p{self.people}_s{self.seed}"


def render(film: Film) -> Iterator[FilmFrame]:
    """The frames of a film, one after the other."""
    width, height = film.size
    margin = (round(0.12 * width), round(0.06 * height)) if film.moving else (0, 0)
    scene = Scene(film.seed, film.people, (width + 2 * margin[0], height + 2 * margin[1]), duration_s=film.seconds)
    rng = np.random.default_rng(1000 + film.seed)
    wall = None
    if film.kind == "wall":
        scene.actors = [_behind_the_wall(rng, p, scene.camera, film.seconds) for p in _people(rng, film)]
        wall = _Wall(rng, scene.camera)
    elif film.kind in ("crossing", "crowd"):
        scene.actors = [_across(rng, p, scene.camera, film) for p in _people(rng, film)]
    pan = _pan(rng, film, margin)
    for index in range(round(film.seconds * film.fps)):
        time_s = index / film.fps
        image, owners, truth = scene.frame_with_owners(time_s)
        if wall is not None:
            image, truth = wall.before(image, owners, truth, scene, time_s)
        actors = (truth.ids - 1) % max(len(scene.actors), 1) + 1
        image, truth, seen = _cropped(image, truth, pan(time_s), film.size)
        yield FilmFrame(image, time_s, truth, actors[seen])


def _people(rng: Rng, film: Film) -> list[Person]:
    people: list[Person] = []
    clothes, figure = 0, 0.0
    for i in range(film.people):
        new_clothes, body = int(rng.integers(2**31)), random_physique(rng)
        if film.alike and i % 2:
            body = replace(body, figure=figure)  # which decides the cut
        else:
            clothes, figure = new_clothes, body.figure
        people.append(dress(np.random.default_rng(clothes), body, _DETAIL))
    return people


def _walking(person: Person, path: list[tuple[float, float]], z: float, phase: float) -> Actor:
    """Along x through (time, x) corners, standing where x does not change."""
    times, places = (np.array(v) for v in zip(*path, strict=True))
    stride = motion.STRIDE_PER_LEG * person.physique.leg_m
    walked = np.concatenate([[0.0], np.cumsum(np.abs(np.diff(places)))])

    def cue(time_s: float) -> Cue:
        x = float(np.interp(time_s, times, places))
        leg = min(max(int(np.searchsorted(times, time_s, side="right")) - 1, 0), len(times) - 2)
        speed = (places[leg + 1] - places[leg]) / (times[leg + 1] - times[leg])
        if abs(speed) < 0.05 or time_s >= times[-1]:
            return Cue(motion.stand(time_s, phase), Placement(x, z, 0.3))
        cycles = float(np.interp(time_s, times, walked)) / stride + phase
        return Cue(motion.walk(cycles, 0.9), Placement(x, z, float(np.arctan2(np.sign(speed), 0.0))))

    return Actor(person, cue)


def _behind_the_wall(rng: Rng, person: Person, camera: Camera, seconds: float) -> Actor:
    """Walks behind the wall, stays there for up to 4 s and leaves by either side, again and again."""
    z = float(rng.uniform(WALL_Z_M + 0.4, WALL_Z_M + 2.0))
    edge = camera.half_width_m(z) * 0.95
    side = float(rng.choice([-1.0, 1.0]))
    speed = float(rng.uniform(1.0, 1.5))
    time_s, x = 0.0, side * edge * float(rng.uniform(0.35, 1.0))
    path = [(0.0, x)]
    while time_s < seconds:
        middle = float(rng.uniform(-0.1, 0.1)) * edge
        time_s += abs(x - middle) / speed
        path.append((time_s, middle))
        time_s += float(rng.choice([0.05, rng.uniform(0.2, 1.0), rng.uniform(1.0, 4.0)]))
        path.append((time_s, middle))
        side = side if rng.random() < 0.5 else -side
        x = side * edge * float(rng.uniform(0.6, 1.0))
        time_s += abs(x - middle) / speed
        path.append((time_s, x))
        time_s += float(rng.uniform(0.1, 0.6))
        path.append((time_s, x))
    return _walking(person, path, z, float(rng.random()))


def _across(rng: Rng, person: Person, camera: Camera, film: Film) -> Actor:
    """Walks to and fro through the picture, out of it too, at a depth of their own: people cross all the time."""
    z = float(rng.uniform(4.2, 8.5) if film.kind == "crossing" else rng.uniform(5.0, 11.0))
    edge = camera.half_width_m(z)
    speed = float(rng.uniform(0.9, 1.7))
    x = float(rng.uniform(-1, 1)) * edge
    time_s, path = 0.0, [(0.0, x)]
    while time_s < film.seconds:
        goal = float(rng.choice([-1.0, 1.0]) * rng.uniform(0.3, 1.35)) * edge
        if abs(goal - x) < 0.3 * edge:
            continue
        time_s += abs(goal - x) / speed
        x = goal
        path.append((time_s, x))
        if rng.random() < 0.5:
            time_s += float(rng.uniform(0.2, 1.2))
            path.append((time_s, x))
    return _walking(person, path, z, float(rng.random()))


class _Wall:
    """A screen across the middle of the picture, at WALL_Z_M."""

    def __init__(self, rng: Rng, camera: Camera) -> None:
        half = float(rng.uniform(0.22, 0.32)) * camera.half_width_m(WALL_Z_M)
        corners = np.array([[-half, 0.0, WALL_Z_M], [half, _WALL_HEIGHT_M, WALL_Z_M]])
        pixels, _ = camera.project(corners)
        self._box = np.array([pixels[0, 0], min(pixels[0, 1], pixels[1, 1]), pixels[1, 0], max(pixels[:, 1])])
        self._mask = np.zeros((camera.height, camera.width), bool)
        x0, y0, x1, y1 = (max(int(v), 0) for v in self._box)
        self._mask[y0:y1, x0:x1] = True
        colour = rng.uniform(60, 190, 3)
        bricks = 12 * (((np.arange(camera.width) // 24)[None] + (np.arange(camera.height) // 12)[:, None]) % 2)
        noise = rng.normal(0, 4, (camera.height, camera.width))
        self._paint = np.clip(colour + (bricks + noise)[..., None], 0, 255).astype(np.uint8)

    def before(
        self, image: Image, owners: NDArray[np.uint8], truth: SceneTruth, scene: Scene, time_s: float
    ) -> tuple[Image, SceneTruth]:
        nearer = np.array([True] + [a.cue(time_s).placement.z < WALL_Z_M for a in scene.actors])
        nearer[0] = False
        covered = self._mask & ~nearer[owners]
        image = np.where(covered[..., None], self._paint, image).astype(np.uint8)
        x, y = truth.keypoints[..., 0], truth.keypoints[..., 1]
        inside = (x >= self._box[0]) & (x <= self._box[2]) & (y >= self._box[1]) & (y <= self._box[3])
        hidden = inside & ~nearer[(truth.ids - 1) % len(scene.actors) + 1][:, None]
        return image, replace(truth, visible=truth.visible & ~hidden)


def _pan(rng: Rng, film: Film, margin: tuple[int, int]):  # type: ignore[no-untyped-def]
    """Time → the corner (x, y) of the shown part: a slow pan and the shake of a hand."""
    phase = rng.uniform(0, 2 * np.pi, 4)

    def corner(time_s: float) -> tuple[int, int]:
        if not film.moving:
            return 0, 0
        slow = np.sin(2 * np.pi * 0.12 * time_s + phase[0])
        shake = np.sin(2 * np.pi * np.array([1.7, 2.9]) * time_s + phase[1:3])
        x = margin[0] * (1 + 0.85 * slow) + 6 * shake[0]
        return int(np.clip(x, 0, 2 * margin[0])), int(np.clip(margin[1] + 6 * shake[1], 0, 2 * margin[1]))

    return corner


def _cropped(
    image: Image, truth: SceneTruth, corner: tuple[int, int], size: tuple[int, int]
) -> tuple[Image, SceneTruth, NDArray[np.bool_]]:
    """The shown part, its truth without people of whom no joint shows, and who was kept."""
    (x, y), (width, height) = corner, size
    limits = np.array([width - 1, height - 1])
    keypoints = truth.keypoints - np.array(corner, np.float32)
    visible = truth.visible & ((keypoints >= 0) & (keypoints <= limits)).all(axis=-1)
    boxes = np.clip(truth.boxes - np.tile(corner, 2), 0, np.tile(limits, 2)).astype(np.float32)
    seen = visible.any(axis=1)
    shown = SceneTruth(
        truth.names, truth.ids[seen], keypoints[seen], visible[seen], boxes[seen], truth.height_px[seen],
        truth.distance_m[seen],
    )  # fmt: skip
    return np.ascontiguousarray(image[y : y + height, x : x + width]), shown, seen


def films(half: str) -> list[Film]:
    """`choose`: films on which parameters may be chosen; `report`: films for figures, of other seeds."""
    seed = {"choose": 2, "report": 3}[half]
    return [
        Film("wall", 4, seed, fps=30.0),
        Film("cast", 8, seed),
        Film("wall", 6, seed + 10),
        Film("crossing", 6, seed),
        Film("wall", 4, seed + 20, alike=True),
        Film("crowd", 16, seed),
        Film("cast", 4, seed),
        Film("wall", 4, seed + 30, moving=True),
        Film("cast", 12, seed),
        Film("crossing", 10, seed + 10, alike=True),
        Film("crossing", 4, seed + 20, moving=True),
        Film("wall", 8, seed + 40),
    ]
