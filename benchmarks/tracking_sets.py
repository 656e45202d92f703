"""What trackers are compared on: frames with found people and the truth."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from pose.skeleton import CROWDPOSE14
from pose.types import Poses
from tracking.body_boxes import body_boxes_xyxy
from tracking.duplicates import suppress_duplicates
from tracking.settings import TrackerSettings


@dataclass(frozen=True)
class BenchFrame:
    """One frame of a scene: found people and their looks (N, D), who is there (G,), how alike they are (G, N)."""

    time_s: float
    found: Poses
    looks: np.ndarray
    true_ids: np.ndarray
    similarity: np.ndarray


@dataclass(frozen=True)
class BenchScene:
    """threshold: similarity from which on somebody is found."""

    name: str
    fps: float
    size: tuple[int, int]
    threshold: float
    frames: list[BenchFrame]

    def without_duplicates(self) -> BenchScene:
        """As our tracker sees people found twice: a help to the others."""
        frames = []
        for f in self.frames:
            kept = np.flatnonzero((f.found.confidence >= 0.05) & f.found.visible.any(axis=1))
            kept = kept[suppress_duplicates(f.found[kept], CROWDPOSE14, TrackerSettings().duplicate_oks)]
            frames.append(replace(f, found=f.found[kept], looks=f.looks[kept], similarity=f.similarity[:, kept]))
        return replace(self, frames=frames)

    def save(self, path: Path) -> None:
        """For tracking_peers."""
        found = [f.found for f in self.frames]
        np.savez(
            path, times_s=[f.time_s for f in self.frames], fps=self.fps, size=self.size, counts=[len(p) for p in found],
            boxes=np.concatenate([body_boxes_xyxy(p, CROWDPOSE14) for p in found]).astype(np.float32),
            confidence=np.concatenate([p.confidence for p in found]),
            keypoints=np.concatenate([p.keypoints for p in found]), scores=np.concatenate([p.scores for p in found]),
        )  # fmt: skip
