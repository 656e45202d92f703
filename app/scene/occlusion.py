"""What hides what: each person as a few capsules, tested against rays and points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.scene.body import HEAD_HALF, Figure

Float64 = NDArray[np.float64]
Bool = NDArray[np.bool_]


@dataclass(frozen=True)
class Capsules:
    """start, end: (C, 3) metres; radius: (C,); touches: names of the keypoints that each one contains or touches."""

    start: Float64
    end: Float64
    radius: Float64
    touches: tuple[frozenset[str], ...]

    def openness(self, points: NDArray[np.floating], normals: NDArray[np.floating]) -> NDArray[np.floating]:
        """(F,) in (0, 1]: how much of the sky surface points (F, 3) see past these capsules."""
        start, axis = self.start.astype(np.float32), (self.end - self.start).astype(np.float32)
        points, normals = points.astype(np.float32), normals.astype(np.float32)
        # Everything follows from dot products: no (F, C, 3) array is made.
        length2 = (axis * axis).sum(axis=1)
        point_axis, start_axis = points @ axis.T, (start * axis).sum(axis=1)  # (F, C), (C,)
        u = np.clip((point_axis - start_axis) / length2, 0.0, 1.0)
        point_start = points @ start.T
        point2, start2 = (points * points).sum(axis=1)[:, None], (start * start).sum(axis=1)
        distance2 = start2 + u * u * length2 + point2 + 2 * (u * (start_axis - point_axis) - point_start)
        distance2 = np.maximum(distance2, 1e-6)
        towards = normals @ start.T + u * (normals @ axis.T) - (points * normals).sum(axis=1)[:, None]
        # A capsule's own faces look away from its axis, so they do not count.
        facing = np.maximum(towards, 0) / np.sqrt(distance2)
        shut = facing * np.minimum(self.radius.astype(np.float32) ** 2 / distance2, 1.0)
        return 1.0 - 0.75 * np.minimum(shut.sum(axis=1), 1.0)


def capsules_of(figure: Figure) -> Capsules:
    h, g = figure.physique.height_m, figure.physique.girth
    p = figure.points
    parts: list[tuple[Float64, Float64, float, tuple[str, ...]]] = []
    pelvis, chest, head = (figure.bones[n] for n in ("pelvis", "chest", "head"))
    for side, sign in (("left", 1.0), ("right", -1.0)):
        limb = [f"{side}_{n}" for n in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")]
        shoulder, elbow, wrist, hip, knee, ankle = limb
        parts.append((p[shoulder], p[elbow], 0.026 * h * g, (shoulder, elbow)))
        parts.append((p[elbow], p[wrist], 0.020 * h * g, (elbow, wrist)))
        parts.append((p[hip], p[knee], 0.040 * h * g, (hip, knee)))
        parts.append((p[knee], p[ankle], 0.026 * h * g, (knee, ankle)))
        low = pelvis.at(sign * 0.040 * h, -0.01 * h, 0.0)
        high = chest.at(sign * 0.048 * h, 0.16 * h, 0.0)
        parts.append((low, high, 0.050 * h * g, ("left_hip", "right_hip", "left_shoulder", "right_shoulder", "neck")))
    half = HEAD_HALF * figure.physique.head * h
    face = ("head_top", "neck", "nose", "left_eye", "right_eye", "left_ear", "right_ear")
    parts.append((head.at(0, -0.25 * half, 0.05 * half), head.at(0, 0.3 * half, 0), 0.68 * half, face))
    start, end, radius, touches = zip(*parts, strict=True)
    return Capsules(np.array(start), np.array(end), np.array(radius), tuple(frozenset(t) for t in touches))


def hidden(camera_position: Float64, points: Float64, names: list[str], own: Capsules, others: list[Capsules]) -> Bool:
    """(P,) True where another person, or another part of the same person, stands before the point."""
    result = _blocked(camera_position, points, own, names)
    for capsules in others:
        result |= _blocked(camera_position, points, capsules, None)
    return result


def _blocked(eye: Float64, points: Float64, capsules: Capsules, names: list[str] | None) -> Bool:
    """(P,) Does the ray to each point pass through a capsule? With names, capsules at the point are left out."""
    ray = points - eye  # (P, 3)
    distance = np.linalg.norm(ray, axis=1, keepdims=True)
    end = points - ray / distance * 0.03
    gap, _ = segment_distance(eye[None, None], end[:, None], capsules.start[None], capsules.end[None])
    blocked = gap < 0.92 * capsules.radius
    if names is not None:
        own = np.array([[name in touched for touched in capsules.touches] for name in names])
        blocked &= ~own
    return np.asarray(blocked.any(axis=1))


def segment_distance(p0: Float64, p1: Float64, q0: Float64, q1: Float64) -> tuple[Float64, Float64]:
    """Shortest distance between segments p and q (broadcast over leading axes), and where on p it is, 0 to 1."""
    u, v, w = p1 - p0, q1 - q0, p0 - q0
    a, b, c = (u * u).sum(-1), (u * v).sum(-1), (v * v).sum(-1) + 1e-12
    d, e = (u * w).sum(-1), (v * w).sum(-1)
    s = np.clip((b * e - c * d) / (a * c - b * b + 1e-12), 0, 1)
    t = np.clip((b * s + e) / c, 0, 1)
    s = np.clip((b * t - d) / (a + 1e-12), 0, 1)
    gap = w + s[..., None] * u - t[..., None] * v
    return np.linalg.norm(gap, axis=-1), s
