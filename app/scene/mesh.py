"""Smooth tubes swept along bones: the surface that a figure is made of.

Letters: R rings along a tube, K points around a ring, F faces (quads).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from app.scene.body import Bone

Float64 = NDArray[np.float64]
Float32 = NDArray[np.float32]

FRONT = np.pi / 2  # angle around a body or head ring that looks forward; 0 looks to the person's left


@dataclass(frozen=True)
class Tube:
    """A surface of rings along one bone or around the joint of two. Lengths in metres.

    first, second: names of the bones; along: the bone axis that the rings follow (1 y, 2 z) and its sign.
    knots:         (M, 5) profile: position along the first bone, half-axes of the ring's ellipse, shift of its centre.
    position:      (R, K) where each vertex lies along the profile.
    joint_at:      where the second bone begins; blend: half-length of the bend.
    radial:        (R, K) factor on the radius (folds, hair).
    thickness:     (R, K) added to the radius (clothes).
    albedo:        (R-1, K, 3) float32 BGR in [0, 1]; gloss: (R-1, K) strength of the highlight.
    lift_m:        (R-1, K) painted as if this much nearer: cloth that lies on another part must not mingle with it.
    """

    name: str
    first: str
    second: str
    along: tuple[int, int]
    knots: Float64
    position: Float64
    joint_at: float
    blend: float
    radial: Float64
    thickness: Float64
    albedo: Float32
    gloss: Float32
    lift_m: Float32

    @property
    def segments(self) -> int:
        return self.position.shape[1]

    @property
    def vertex_angle(self) -> Float64:
        """(1, K)."""
        return np.asarray(np.arange(self.segments)[None] * (2 * np.pi / self.segments))

    @property
    def face_angle(self) -> Float64:
        """(1, K), of the middle of each face."""
        return np.asarray(self.vertex_angle + np.pi / self.segments)

    @property
    def face_position(self) -> Float64:
        """(R-1, K), of the middle of each face."""
        p = self.position
        rows = 0.5 * (p[1:] + p[:-1])
        return np.asarray(0.5 * (rows + np.roll(rows, -1, axis=1)))

    def painted(self, colour: Float32, gloss: float = 0.0) -> Tube:
        """One colour (3,) BGR all over."""
        albedo = np.broadcast_to(colour, self.albedo.shape).astype(np.float32)
        return replace(self, albedo=albedo.copy(), gloss=np.full(self.gloss.shape, gloss, np.float32))

    def with_ring_along(self, level: Float64, reach_m: float = 10.0) -> tuple[Tube, int]:
        """The same surface with one ring moved onto a line `level` (K,), so that colours can change exactly there.

        Rings further away than `reach_m` stay. Also gives the index of the moved ring: faces from it onwards lie
        beyond the line.
        """
        column = self.position[:, 0]
        ring = int(np.clip(np.abs(column - np.median(level)).argmin(), 1, len(column) - 2))
        low, high = max(column[0], column[ring] - reach_m), min(column[-1], column[ring] + reach_m)
        level = np.clip(level, low + 0.02 * (high - low), high - 0.02 * (high - low))
        fixed, moved = [column[0] - 1.0, low, column[ring], high, column[-1] + 1.0], self.position.copy()
        for k in range(self.segments):
            moved[:, k] = np.interp(column, fixed, [fixed[0], low, level[k], high, fixed[-1]])
        return replace(self, position=moved), ring


def make_tube(
    name: str,
    bones: tuple[str, str],
    along: tuple[int, int],
    knots: list[tuple[float, ...]],
    rings: int,
    segments: int,
    scale: float,
    joint_at: float = 10.0,
    blend: float = 0.03,
) -> Tube:
    """An unpainted tube; everything is given in units of `scale` metres. Rows of knots as in Tube.

    Rings gather near both ends, so that rounded ends stay round.
    """
    table = np.array(knots, np.float64) * scale
    even = np.linspace(0.0, 1.0, rings)
    spread = 0.65 * even + 0.35 * (0.5 - 0.5 * np.cos(np.pi * even))
    position = table[0, 0] + (table[-1, 0] - table[0, 0]) * spread
    return Tube(
        name, bones[0], bones[1], along, table, np.repeat(position[:, None], segments, axis=1),
        joint_at * scale, blend * scale,
        np.ones((rings, segments)), np.zeros((rings, segments)),
        np.full((rings - 1, segments, 3), 0.6, np.float32), np.zeros((rings - 1, segments), np.float32),
        np.zeros((rings - 1, segments), np.float32),
    )  # fmt: skip


class Surface(NamedTuple):
    """F faces in the world: corners (F, 4, 3), unit normals (F, 3), albedo (F, 3), gloss (F,), lift_m (F,)."""

    corners: Float32
    normals: Float32
    albedo: Float32
    gloss: Float32
    lift_m: Float32


class Mesh:
    """Tubes with equally many points around, joined so that one pass poses them all.

    In the local arrays every ring is described in its bone's axes: `side` and `front` span its plane, `way` follows
    the bone.
    """

    def __init__(self, tubes: list[Tube], bone_names: list[str]) -> None:
        k = tubes[0].segments
        counts = [len(t.position) for t in tubes]
        angle = np.arange(k) * (2 * np.pi / k)
        parts: list[list[NDArray[np.floating]]] = []
        for tube in tubes:
            values = PchipInterpolator(tube.knots[:, 0], tube.knots[:, 1:])(tube.position)  # (R, K, 4)
            half = (values[..., :2] + tube.thickness[..., None]) * tube.radial[..., None]
            t = tube.position
            w = np.clip((t - tube.joint_at) / (2 * tube.blend) + 0.5, 0.0, 1.0)
            w = w * w * (3.0 - 2.0 * w)
            local = np.zeros((2, *t.shape, 3))
            axis, sign = tube.along
            u, v = (0, 2) if axis == 1 else (0, 1)
            local[..., u] = values[..., 2] + half[..., 0] * np.cos(angle)
            local[..., v] = values[..., 3] + half[..., 1] * np.sin(angle)
            local[0, ..., axis] = sign * t
            local[1, ..., axis] = sign * (t - tube.joint_at)
            parts.append([local[0] * (1 - w[..., None]), local[1] * w[..., None], 1 - w, w])
        ring = [np.concatenate(p) for p in zip(*parts, strict=True)]
        # Homogeneous coordinates: one matrix product per bone applies rotation and origin at once.
        self._first = np.concatenate([ring[0], ring[2][..., None]], axis=-1).astype(np.float32)
        self._second = np.concatenate([ring[1], ring[3][..., None]], axis=-1).astype(np.float32)
        self._first_bone = np.repeat([bone_names.index(t.first) for t in tubes], counts)
        self._second_bone = np.repeat([bone_names.index(t.second) for t in tubes], counts)
        starts = np.cumsum([0, *counts])
        spans = list(pairwise(starts.tolist()))
        self._rows = np.concatenate([np.arange(a, b - 1) for a, b in spans])
        self._previous = np.concatenate([np.maximum(np.arange(a, b) - 1, a) for a, b in spans])
        self._next = np.concatenate([np.minimum(np.arange(a, b) + 1, b - 1) for a, b in spans])
        self._tube_of_ring = np.repeat(np.arange(len(tubes)), counts)
        self._starts = starts[:-1]
        self._albedo = np.concatenate([t.albedo for t in tubes]).reshape(-1, 3)
        self._gloss = np.concatenate([t.gloss for t in tubes]).reshape(-1)
        self._lift_m = np.concatenate([t.lift_m for t in tubes]).reshape(-1)

    def vertices(self, bones: list[Bone]) -> Float32:
        """(R, K, 3) world positions; `bones` in the order of the names given at the beginning."""
        matrices = np.stack([np.column_stack([b.axes, b.origin]) for b in bones]).astype(np.float32)  # (B, 3, 4)
        placed = self._first @ matrices[self._first_bone].transpose(0, 2, 1)
        placed += self._second @ matrices[self._second_bone].transpose(0, 2, 1)
        return placed

    def facing(self, bones: list[Bone], eye: Float64) -> Surface:
        """The faces turned towards a point."""
        vertices = self.vertices(bones)
        normals = self._vertex_normals(vertices)
        following = np.roll(vertices, -1, axis=1)
        corners = np.stack(
            [vertices[self._rows], following[self._rows], following[self._rows + 1], vertices[self._rows + 1]], axis=2
        ).reshape(-1, 4, 3)
        rows = normals[self._rows] + normals[self._rows + 1]
        mean = (rows + np.roll(rows, -1, axis=1)).reshape(-1, 3)
        seen = np.flatnonzero(((eye.astype(np.float32) - corners[:, 0]) * mean).sum(axis=1) > 0)
        mean = mean[seen]
        mean /= np.sqrt((mean * mean).sum(axis=1, keepdims=True)) + 1e-9
        return Surface(corners[seen], mean, self._albedo[seen], self._gloss[seen], self._lift_m[seen])

    def _vertex_normals(self, vertices: Float32) -> Float32:
        """(R, K, 3) unit normals away from the axis of each tube."""
        around = np.roll(vertices, -1, axis=1) - np.roll(vertices, 1, axis=1)
        along = vertices[self._next] - vertices[self._previous]
        normal = np.empty_like(vertices)
        for i in range(3):
            j, k = (i + 1) % 3, (i + 2) % 3
            normal[..., i] = around[..., j] * along[..., k] - around[..., k] * along[..., j]
        outward = vertices - vertices.mean(axis=1, keepdims=True)
        # Winding is the same everywhere on a tube, so one sign serves it all.
        turn = np.add.reduceat((normal * outward).sum(axis=(1, 2)), self._starts)
        normal *= np.where(turn < 0, -1.0, 1.0).astype(np.float32)[self._tube_of_ring, None, None]
        normal /= np.sqrt((normal * normal).sum(axis=-1, keepdims=True)) + 1e-9
        return normal
