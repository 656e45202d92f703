"""Who does what in a scene: each actor's path over the ground and pose at any time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace

import numpy as np

from app.scene import motion
from app.scene.body import Physique, Placement, Pose
from app.scene.camera import Camera
from app.scene.wardrobe import Person, dress
from pose.errors import SettingsError

Rng = np.random.Generator


@dataclass(frozen=True)
class Cue:
    """An actor at one instant. appearance: counts how often the actor has come back into the image."""

    pose: Pose
    placement: Placement
    appearance: int = 0


@dataclass(frozen=True)
class Actor:
    person: Person
    cue: Callable[[float], Cue]


def mix(a: Pose, b: Pose, weight: float) -> Pose:
    """Joint angles between two poses: 0 = a, 1 = b."""
    values: dict[str, float | tuple[float, float]] = {}
    for f in fields(Pose):
        u, v = getattr(a, f.name), getattr(b, f.name)
        if isinstance(u, tuple):
            values[f.name] = (u[0] + weight * (v[0] - u[0]), u[1] + weight * (v[1] - u[1]))
        else:
            values[f.name] = u + weight * (v - u)
    return Pose(**values)  # type: ignore[arg-type]


def random_physique(rng: Rng, child: bool = False) -> Physique:
    figure = float(rng.choice([rng.uniform(0.0, 0.3), rng.uniform(0.6, 1.0)]))
    if child:
        head = rng.uniform(1.22, 1.36)
        return Physique(rng.uniform(1.12, 1.38), rng.uniform(0.98, 1.12), 0.92, 0.98, head, figure * 0.3)
    height = rng.normal(1.77 - 0.12 * (figure > 0.5), 0.06)
    slim = figure > 0.5
    return Physique(
        float(np.clip(height, 1.52, 1.95)),
        float(np.clip(rng.normal(1.0, 0.09), 0.86, 1.25)),
        rng.uniform(0.90, 0.97) if slim else rng.uniform(0.98, 1.08),
        rng.uniform(1.0, 1.07) if slim else rng.uniform(0.94, 1.02),
        rng.uniform(0.98, 1.06),
        figure,
    )


def _crossing(rng: Rng, person: Person, camera: Camera, z: float, direction: int, meet_s: float) -> Actor:
    """Walks across the image, passes the middle at `meet_s`, later comes back the other way, and so on."""
    physique = person.physique
    running = physique.is_child
    pace = (1.45 if running else 0.86) * physique.leg_m * rng.uniform(0.95, 1.08) / 0.66
    stride = (motion.RUN_STRIDE_PER_LEG if running else motion.STRIDE_PER_LEG) * physique.leg_m
    speed = stride * pace / 1.02
    # Far enough out of the image to be forgotten before coming back.
    half = camera.half_width_m(z) + 2.5
    period = 2 * half / speed
    first = int(np.floor(0.5 - meet_s / period))
    drift, phase = rng.uniform(-0.10, 0.10), rng.random()
    vigour = rng.uniform(0.7, 1.2)

    def cue(time_s: float) -> Cue:
        passes = (time_s - meet_s) / period + 0.5
        number = int(np.floor(passes))
        sign = direction if number % 2 == 0 else -direction
        x = sign * half * (2 * (passes - number) - 1)
        cycles = speed * time_s / stride + phase
        pose = motion.run(cycles) if running else motion.walk(cycles, vigour)
        heading = np.arctan2(sign, drift)
        lift = 0.05 * physique.leg_m * abs(np.sin(2 * np.pi * cycles)) if running else 0.0
        return Cue(pose, Placement(x, z - drift * x, heading, lift), max(number - first, 0))

    return Actor(person, cue)


def _circling(rng: Rng, person: Person, x: float, z: float, radius: float) -> Actor:
    """Walks round and round, so that every side is seen."""
    stride = motion.STRIDE_PER_LEG * person.physique.leg_m * 0.9
    speed = 1.05
    turn = speed / radius * float(rng.choice([-1.0, 1.0]))
    start, phase = rng.uniform(0, 2 * np.pi), rng.random()

    def cue(time_s: float) -> Cue:
        a = start + turn * time_s
        px, pz = x + radius * np.cos(a), z + radius * np.sin(a)
        vx, vz = -np.sin(a) * np.sign(turn), np.cos(a) * np.sign(turn)
        pose = replace(motion.walk(speed * time_s / stride + phase, 0.8), head_roll=0.0)
        return Cue(pose, Placement(px, pz, np.arctan2(vx, -vz)))

    return Actor(person, cue)


def _staying(rng: Rng, person: Person, x: float, z: float, heading: float, action: str) -> Actor:
    """Stands at one place and, every few seconds, waves, stretches, dances or exercises."""
    phase = rng.random()
    side = int(rng.integers(2))
    moves: dict[str, Callable[[float], Pose]] = {
        "wave": lambda t: motion.wave(t, side, phase),
        "point": lambda t: motion.point(t, side, phase),
        "stretch": lambda t: motion.stretch(t, phase),
        "dance": lambda t: motion.dance(t, phase),
        "squat": lambda t: motion.squat(0.45 * t),
        "jump": lambda t: motion.jumping_jack(0.75 * t),
    }
    move = moves[action]

    def cue(time_s: float) -> Cue:
        cycle = (time_s / 6.0 + phase) % 1.0
        weight = float(np.clip(7 * cycle, 0, 1) * np.clip(7 * (0.85 - cycle), 0, 1))
        weight = weight * weight * (3 - 2 * weight)
        pose = mix(motion.stand(time_s, phase), move(time_s), weight)
        lift = 0.05 * weight * (0.5 - 0.5 * np.cos(4 * np.pi * 0.75 * time_s)) if action == "jump" else 0.0
        return Cue(pose, Placement(x, z, heading + 0.1 * np.sin(0.6 * time_s + 6 * phase), lift))

    return Actor(person, cue)


def _detail(camera: Camera, z: float) -> float:
    """Fineness of the mesh for a person at this distance: about as many faces as the image can show."""
    return float(np.clip(1.75 * camera.focal_px / z / 380, 0.6, 1.5))


def cast_scene(rng: Rng, people: int, camera: Camera, duration_s: float) -> list[Actor]:
    """Actors for a short video: a wave in the middle, two people crossing before it, somebody circling, a child, …"""
    if np.isnan(duration_s):
        raise SettingsError("The length of a scene must be a number of seconds, not nan.")
    meet = 0.40 * min(duration_s, 10.0)
    spread = camera.half_width_m(6.5)
    actions = ["wave", "dance", "stretch", "jump", "point", "squat"]
    actors: list[Actor] = []
    for i in range(people):
        role, again = i % 6, i // 6
        z = (rng.uniform(4.7, 5.0), 6.4, rng.uniform(5.5, 5.8), 7.1, 4.3, 6.9)[role]
        person = dress(rng, random_physique(rng, child=role == 4), _detail(camera, z))
        if role == 0:
            actors.append(_crossing(rng, person, camera, z, 1, meet + 1.5 * again))
        elif role == 1:
            actors.append(_staying(rng, person, rng.uniform(-0.40, -0.25) * spread, z, 0.15, actions[again % 6]))
        elif role == 2:
            actors.append(_crossing(rng, person, camera, z, -1, meet + 0.15 + 1.7 * again))
        elif role == 3:
            actors.append(_circling(rng, person, rng.uniform(0.40, 0.50) * spread, z, 0.75))
        elif role == 4:
            actors.append(_crossing(rng, person, camera, z, 1, meet + 2.4))
        else:
            actors.append(_staying(rng, person, rng.uniform(-0.85, -0.75) * spread, z, 0.5, actions[(again + 1) % 6]))
    return actors


def cast_still(rng: Rng, people: int, camera: Camera) -> list[Actor]:
    """Actors frozen in random poses at random places, for still images."""

    def actor() -> Actor:
        physique = random_physique(rng, rng.random() < 0.15)
        z = rng.uniform(3.4, 9.0)
        x = rng.uniform(-0.92, 0.92) * camera.half_width_m(z)
        placement = Placement(x, z, rng.choice([rng.normal(0, 0.6), rng.uniform(-np.pi, np.pi)]))
        cue = Cue(motion.random_pose(rng), placement)
        return Actor(dress(rng, physique, _detail(camera, z)), lambda _: cue)

    return [actor() for _ in range(people)]
