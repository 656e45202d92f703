"""A scene: a place, a camera and people; any instant of it as an image with its exact truth."""

from __future__ import annotations

from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from app.scene.background import PLACES, Mood, paint_place
from app.scene.body import Figure, pose_figure
from app.scene.camera import Camera
from app.scene.occlusion import Capsules, capsules_of, hidden
from app.scene.render import SUPERSAMPLING, Cast, Light, paint_people
from app.scene.script import Actor, cast_scene, cast_still
from app.scene.shadow import cast_shadows
from app.scene.truth import JOINT_NAMES, SceneTruth
from pose.errors import SettingsError

Image = NDArray[np.uint8]
MAX_PEOPLE = 30
SIZE_RANGE = (64, 4096)
_GRAIN = 2.2  # standard deviation of the sensor noise, grey levels


class Scene:
    """Rendered people with exact ground truth; the same arguments give the same images.

    seed:       decides everything that is random.
    people:     actors; not all of them are in the image all the time.
    size:       (width, height) in pixels.
    place:      a name from background.PLACES; None = one after the other by seed.
    duration_s: length of the video; the actors meet near its middle. frame() takes later times too.
    still:      random frozen poses at random places instead of a video.
    Raises SettingsError for values that cannot be used.
    """

    def __init__(
        self,
        seed: int = 0,
        people: int = 4,
        size: tuple[int, int] = (960, 540),
        *,
        place: str | None = None,
        duration_s: float = 8.0,
        still: bool = False,
    ) -> None:
        width, height = size
        if not 0 <= people <= MAX_PEOPLE:
            raise SettingsError(f"A scene can hold 0 to {MAX_PEOPLE} people, not {people}.")
        if not (SIZE_RANGE[0] <= width <= SIZE_RANGE[1] and SIZE_RANGE[0] <= height <= SIZE_RANGE[1]):
            raise SettingsError(f"The size of a scene must be {SIZE_RANGE[0]} to {SIZE_RANGE[1]} pixels a side.")
        if place is not None and place not in PLACES:
            raise SettingsError(f"There is no place called {place}; known: {', '.join(PLACES)}.")
        rng = np.random.default_rng(seed)
        self.place = place or list(PLACES)[seed % len(PLACES)]
        self.camera = _camera(rng, width, height, still)
        cast = cast_still(rng, people, self.camera) if still else cast_scene(rng, people, self.camera, duration_s)
        self.actors = cast
        self._place_seed = int(rng.integers(2**31))

    @cached_property
    def _stage(self) -> tuple[Image, Mood]:
        return paint_place(self.place, np.random.default_rng(self._place_seed), self.camera)

    @cached_property
    def _grain(self) -> NDArray[np.int16]:
        """Sensor noise, larger than the image: each frame shows another part of it."""
        rng = np.random.default_rng(self._place_seed + 1)
        shape = (self.camera.height + 64, self.camera.width + 64)
        return np.round(rng.normal(0, _GRAIN, shape)).astype(np.int16)

    def figures(self, time_s: float) -> list[tuple[int, Actor, Figure]]:
        """Identity, actor and posed figure of every actor, also of those outside the image."""
        posed = []
        for i, actor in enumerate(self.actors):
            cue = actor.cue(time_s)
            identity = 1 + i + len(self.actors) * cue.appearance
            posed.append((identity, actor, pose_figure(actor.person.physique, cue.pose, cue.placement)))
        return posed

    def frame(self, time_s: float) -> tuple[Image, SceneTruth]:
        """The image (H, W, 3) uint8 BGR and the truth at one instant, in seconds from 0."""
        image, _, truth = self.frame_with_owners(time_s)
        return image, truth

    def frame_with_owners(self, time_s: float) -> tuple[Image, NDArray[np.uint8], SceneTruth]:
        """As frame(), and between the two an (H, W) map: which actor (1-based) each pixel shows, 0 = the place."""
        camera = self.camera
        figures = self.figures(time_s)
        capsules = [capsules_of(figure) for _, _, figure in figures]
        stage, mood = self._stage
        direction = _light_direction(mood)
        lit = cast_shadows(stage, camera, direction, capsules, mood.shadow)
        large = (camera.width * SUPERSAMPLING, camera.height * SUPERSAMPLING)
        grown = cv2.resize(cv2.cvtColor(lit, cv2.COLOR_BGR2BGRA), large, interpolation=cv2.INTER_NEAREST)
        canvas = np.asarray(grown, np.uint8)
        canvas[..., 3] = 0
        light = Light(direction, *(np.array(c, np.float32) for c in (mood.key, mood.sky, mood.ground)))
        cast = [Cast(i + 1, figures[i][1].person, figures[i][2], capsules[i]) for i in range(len(figures))]
        boxes = paint_people(canvas, camera, light, cast)
        owners = canvas[::SUPERSAMPLING, ::SUPERSAMPLING, 3].copy()
        small = cv2.resize(canvas, (camera.width, camera.height), interpolation=cv2.INTER_AREA)
        image = np.asarray(cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_BGRA2BGR), (3, 3), 0.55), np.uint8)
        return self._add_grain(image, time_s), owners, self._truth(figures, capsules, boxes)

    def _add_grain(self, image: Image, time_s: float) -> Image:
        y, x = np.random.default_rng(abs(round(time_s * 1e4))).integers(0, 64, 2)
        noise = self._grain[y : y + image.shape[0], x : x + image.shape[1]]
        return np.asarray(cv2.add(image, cv2.merge([noise] * 3), dtype=cv2.CV_8U), np.uint8)

    def _truth(
        self, figures: list[tuple[int, Actor, Figure]], capsules: list[Capsules], boxes: NDArray[np.float64]
    ) -> SceneTruth:
        camera = self.camera
        names = list(JOINT_NAMES)
        n, k = len(figures), len(names)
        keypoints = np.zeros((n, k, 2), np.float32)
        visible = np.zeros((n, k), bool)
        height_px, distance = np.zeros(n, np.float32), np.zeros(n, np.float32)
        limits = np.array([camera.width - 1, camera.height - 1])
        for i, (_, actor, figure) in enumerate(figures):
            points = np.stack([figure.points[name] for name in names])
            pixels, depth = camera.project(points)
            others = capsules[:i] + capsules[i + 1 :]
            inside = ((pixels >= 0) & (pixels <= limits)).all(axis=1) & (depth > 0.1)
            keypoints[i] = pixels
            visible[i] = inside & ~hidden(camera.position, points, names, capsules[i], others)
            middle = float(camera.project(figure.bones["pelvis"].origin)[1])
            distance[i] = middle
            height_px[i] = actor.person.physique.height_m * camera.focal_px / max(middle, 0.1)
        clipped = np.clip(boxes, 0, np.tile(limits, 2)).astype(np.float32).reshape(n, 4)
        seen = visible.any(axis=1)
        ids = np.array([identity for identity, _, _ in figures], np.int64)
        return SceneTruth(
            JOINT_NAMES, ids[seen], keypoints[seen], visible[seen], clipped[seen], height_px[seen], distance[seen]
        )


def _camera(rng: np.random.Generator, width: int, height: int, still: bool) -> Camera:
    short = min(width, height)
    if still:
        return Camera(width, height, short * rng.uniform(1.4, 2.4), rng.uniform(1.0, 2.0), rng.uniform(0.02, 0.14))
    return Camera(width, height, 2.0 * short, rng.uniform(1.35, 1.5), 0.085)


def _light_direction(mood: Mood) -> NDArray[np.float64]:
    """(3,) unit vector towards the light."""
    level = np.cos(mood.elevation)
    return np.array([np.sin(mood.azimuth) * level, np.sin(mood.elevation), -np.cos(mood.azimuth) * level])
