"""Rendered squats with a known count and depth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.angles import joint_angles
from app.repetitions import angle_of
from app.scene import motion
from app.scene.body import Placement, Pose, pose_figure
from app.scene.scene import Scene
from app.scene.script import Actor, Cue, mix, random_physique
from app.scene.wardrobe import dress
from pose.skeleton import CROWDPOSE14

FPS = 10.0


@dataclass(frozen=True)
class Squats:
    """count squats of `down_s` seconds each way, with pauses below and above, turned away from the side view."""

    seed: int
    count: int
    down_s: float
    pause_below_s: float
    pause_above_s: float
    turned_deg: float
    depth: float  # 1 = thighs level

    @property
    def duration_s(self) -> float:
        return 1.0 + self.count * self._cycle_s + 0.5

    @property
    def _cycle_s(self) -> float:
        return 2 * self.down_s + self.pause_below_s + self.pause_above_s

    def pose(self, time_s: float) -> Pose:
        number, t = divmod(time_s - 1.0, self._cycle_s)
        if not 0 <= number < self.count:
            return motion.stand(time_s)
        if t < self.down_s:
            phase = 0.5 * t / self.down_s
        elif t < self.down_s + self.pause_below_s:
            phase = 0.5
        else:
            phase = min(1.0, 0.5 + 0.5 * (t - self.down_s - self.pause_below_s) / self.down_s)
        return mix(motion.stand(time_s), motion.squat(phase), self.depth)

    def scene(self, size: tuple[int, int] = (640, 480)) -> Scene:
        rng = np.random.default_rng(self.seed)
        scene = Scene(self.seed, 0, size, place="studio")
        person = dress(rng, random_physique(rng), 1.0)
        side = 1 if self.seed % 2 else -1
        heading = side * np.radians(90 - self.turned_deg)
        scene.actors.append(Actor(person, lambda t: Cue(self.pose(t), Placement(0.0, 4.2, heading))))
        return scene

    def times(self) -> NDArray[np.float64]:
        return np.arange(round(self.duration_s * FPS)) / FPS

    def keypoints(self) -> NDArray[np.float32]:
        """(T, K, 2), the truth of the frames at `times`, in pixels."""
        scene = self.scene()
        actor = scene.actors[0]
        points = []
        for time_s in self.times().tolist():
            cue = actor.cue(time_s)
            figure = pose_figure(actor.person.physique, cue.pose, cue.placement)
            points.append([figure.points[name] for name in CROWDPOSE14.keypoint_names])
        return scene.camera.project(np.array(points))[0].astype(np.float32)


def variants() -> list[Squats]:
    """Twenty: slow and quick, with and without pauses, seen from the side and turned by up to 45 degrees."""
    rng = np.random.default_rng(20)
    return [
        Squats(
            seed=i,
            count=int(rng.integers(3, 11)),
            down_s=float(rng.uniform(0.5, 2.0)),
            pause_below_s=float(rng.choice([0.0, 0.3, 1.5])),
            pause_above_s=float(rng.choice([0.0, 0.5, 2.0])),
            turned_deg=(-45.0, -30.0, -15.0, 0.0, 0.0, 10.0, 20.0, 30.0, 40.0, 45.0)[i % 10],
            depth=float(rng.uniform(0.75, 1.1)),
        )
        for i in range(20)
    ]


def knee_angles(keypoints: NDArray[np.floating]) -> list[float]:
    """Of (T, K, 2), in degrees."""
    return [angle_of("knee", angles) for angles in joint_angles(keypoints.astype(np.float32), CROWDPOSE14)[1]]
