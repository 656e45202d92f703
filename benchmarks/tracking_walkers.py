"""Made-up people for trackers, without images or a network: exact poses, and what a detector might make of them.

People walk to and fro at depths of their own, hide each other, go behind a wall or out of the image and come back.
Looks are made up too: one signature per outfit, mixed with others from sight to sight.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.tracking_speed import FIGURE
from pose.skeleton import CROWDPOSE14
from pose.types import Poses
from tracking.appearance import SIGNATURE_SIZE
from tracking.metrics import oks_matrix

SIZE = (1920, 1080)
_STRIDE_HZ = 0.9
_SWING = np.array([0.0, 0.0, 0.05, 0.05, 0.1, 0.1, 0.0, 0.0, 0.08, 0.08, 0.16, 0.16, 0.0, 0.0])  # of the left; heights
_SEEN_JOINTS = 4  # of which anybody is found, and labelled


@dataclass(frozen=True)
class Walk:
    """hidden_s: time that a wall hides people for; 0 = no wall. missed: share of people not found. false: people a
    frame who are not there. away: people go out of the image, too. alike: pairs in the same clothes. moving: the
    camera pans and shakes."""

    name: str
    seed: int
    people: int = 5
    fps: float = 20.0
    seconds: float = 6.0
    hidden_s: float = 0.0
    missed: float = 0.05
    false: float = 0.0
    away: bool = False
    alike: bool = False
    moving: bool = False


@dataclass(frozen=True)
class Sight:
    """A frame: who is there (G,), what is found (N), its looks (N, D), how alike they are (G, N)."""

    time_s: float
    true_ids: np.ndarray
    found: Poses
    looks: np.ndarray
    similarity: np.ndarray


def walks(half: str) -> list[Walk]:
    """`choose` or `report`: the same kinds, other seeds."""
    seed = {"choose": 100, "report": 200}[half]
    kinds = [
        *(Walk(f"people {n}", 0, people=n, seconds=6 if n < 50 else 3) for n in (2, 10, 20, 50)),
        *(Walk(f"fps {f}", 0, fps=f, seconds=6 if f < 60 else 4) for f in (5, 60)),
        *(Walk(f"missed {m:.0%}", 0, missed=m) for m in (0.0, 0.2, 0.4)),
        Walk("false people", 0, false=1.0),
        *(Walk(f"wall {s:g} s", 0, people=4, hidden_s=s, seconds=8 + 2 * s) for s in (0.2, 0.5, 1.0, 2.0, 5.0)),
        Walk("wall 1 s, alike", 0, people=4, hidden_s=1.0, seconds=10, alike=True),
        Walk("leaving", 0, away=True, seconds=12),
        Walk("moving camera", 0, moving=True),
    ]
    return [Walk(**{**walk.__dict__, "seed": seed + n}) for n, walk in enumerate(kinds)]


def sights(walk: Walk) -> list[Sight]:
    """All frames."""
    rng = np.random.default_rng(walk.seed)
    n = walk.people
    height = rng.uniform(160, 420, n)
    feet = 300 + 1.7 * height + rng.normal(0, 10, n)
    speed = rng.uniform(0.5, 0.9, n) * height
    reach = (1.5 if walk.away else 0.9) * SIZE[0] / 2
    start, phase = rng.uniform(-1, 1, n) * reach, rng.random(n)
    outfit = np.arange(n) // 2 if walk.alike else np.arange(n)
    wardrobe = _outfits(rng, n)
    shake = rng.uniform(0, 2 * np.pi, 3)
    frames = []
    for index in range(round(walk.seconds * walk.fps)):
        t = index / walk.fps
        way = (start + reach + speed * t) % (4 * reach)
        x = SIZE[0] / 2 + np.where(way < 2 * reach, way - reach, 3 * reach - way)
        swing = np.sin(2 * np.pi * (_STRIDE_HZ * t + phase))[:, None] * _SWING * np.where(np.arange(14) % 2, -1, 1)
        points = FIGURE[None] + np.stack([swing, np.zeros_like(swing)], axis=2)
        points = points * height[:, None, None] + np.stack([x, feet - height], axis=1)[:, None]
        hidden = _hidden(points, x, height, speed, walk)
        if walk.moving:
            pan = 150 * np.sin(0.8 * t + shake[0]) + 6 * np.sin(11 * t + shake[1])
            points = points + np.array([pan, 6 * np.sin(18 * t + shake[2])])
        inside = ((points >= 0) & (points < SIZE)).all(axis=2)
        frames.append(_sight(rng, walk, t, points, inside & ~hidden, height, wardrobe[outfit]))
    return frames


def _hidden(points: np.ndarray, x: np.ndarray, height: np.ndarray, speed: np.ndarray, walk: Walk) -> np.ndarray:
    """(N, K): by somebody nearer, or by the wall, which everybody needs the same time to pass."""
    hidden = np.zeros(points.shape[:2], bool)
    for nearer in range(len(x)):
        covers = np.abs(points[..., 0] - x[nearer]) < 0.08 * height[nearer]
        covers &= points[..., 1] > points[nearer, :, 1].min()
        hidden |= covers & (height < height[nearer] - 1)[:, None]
    if walk.hidden_s:
        hidden |= (np.abs(x - SIZE[0] / 2) < walk.hidden_s * speed / 2)[:, None]
    return hidden


def _sight(
    rng: np.random.Generator, walk: Walk, t: float, points: np.ndarray, shown: np.ndarray, height: np.ndarray,
    outfits: np.ndarray,
) -> Sight:  # fmt: skip
    there = np.flatnonzero(shown.sum(axis=1) >= _SEEN_JOINTS)
    labelled = _poses(np.where(shown[there][..., None], points[there], np.nan), np.ones(len(there)))
    found = there[rng.random(len(there)) >= walk.missed]
    clear = shown[found] & (rng.random((len(found), 14)) > 0.03)
    noisy = points[found] + rng.normal(0, 0.01, (len(found), 14, 2)) * height[found, None, None]
    false = int(rng.poisson(walk.false))
    ghosts = FIGURE[None] * rng.uniform(150, 400, (false, 1, 1)) + rng.uniform(0, 1, (false, 1, 2)) * np.array(SIZE)
    sure = np.concatenate(
        [rng.uniform(0.25, 0.8, len(found)) * clear.mean(axis=1) ** 0.5, rng.uniform(0.05, 0.35, false)]
    )
    people = _poses(np.concatenate([np.where(clear[..., None], noisy, np.nan), ghosts]), sure)
    looks = np.concatenate([_mixed(rng, outfits[found]), _outfits(rng, false)]).astype(np.float32)
    looks[: len(found)][clear.mean(axis=1) < 0.5] = np.nan
    similarity = oks_matrix(labelled, 0.2 * height[there] ** 2, people, CROWDPOSE14)
    return Sight(t, there + 1, people, looks, similarity)


def _poses(points: np.ndarray, sure: np.ndarray) -> Poses:
    scores = np.where(np.isfinite(points[..., 0]), sure[:, None], 0.0)
    return Poses(points.astype(np.float32), scores.astype(np.float32), sure.astype(np.float32))


def _outfits(rng: np.random.Generator, count: int) -> np.ndarray:
    """Signatures: square roots of shares, per part."""
    return np.sqrt(rng.dirichlet(np.full(SIGNATURE_SIZE // 2, 0.3), (count, 2))).reshape(count, SIGNATURE_SIZE)


def _mixed(rng: np.random.Generator, outfits: np.ndarray) -> np.ndarray:
    return np.sqrt(0.85 * outfits**2 + 0.15 * _outfits(rng, len(outfits)) ** 2)
