"""A small run for the tests of formats: everything that can happen in a few frames.

`python -m tests.app.format_run DIR` writes it in every format that is text: how the golden files were made. Look at
what changed before you commit them.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np

from app.export.registry import FORMATS, make_sink
from app.export.sink import RunFacts
from app.export.writer import ExportWriter
from app.types import TrackedFrame
from pose.skeleton import CROWDPOSE14, Skeleton
from pose.types import Poses
from tests.fakes import standing_person
from tracking.types import TrackedPoses

STEM = "clip"
TEXT_FORMATS = [name for name, f in FORMATS.items() if not f.packages and name != "npz"]
FRAMES, FPS, SIZE = 7, 25.0, (320, 240)
TIMES_S = np.array([0.0, 0.04, 0.085, np.nan, 0.16, 0.2, 0.25])  # two frames are late, the fourth is not decodable


def people(ids: list[int], index: int, skeleton: Skeleton, predicted: int | None = None) -> TrackedPoses:
    """Walkers; the first one's fourth joint is missing, and their first lies a hair left of the image."""
    points = np.stack([standing_person(skeleton, 60.5 + 80 * i + 2 * index, 60.25, 120) for i in ids])
    points[0, 0, 0] = -0.001
    scores = np.linspace(0.95, 0.3, points.shape[0] * points.shape[1]).reshape(points.shape[:2])
    points[0, 3], scores[0, 3] = np.nan, 0
    confidence = np.linspace(0.9, 0.7, len(ids))
    poses = Poses(points.astype(np.float32), scores.astype(np.float32), confidence.astype(np.float32))
    raw = Poses(poses.keypoints + np.float32(0.5), poses.scores, poses.confidence)
    return TrackedPoses(np.array(ids, np.int64), poses, np.array([i != predicted for i in ids]), raw)


def frames_of_run(skeleton: Skeleton = CROWDPOSE14) -> list[TrackedFrame]:
    """Of 7 frames, number 3 cannot be decoded, number 1 has nobody, and the last was not analysed."""
    return [
        TrackedFrame(0, 0.0, people([1], 0, skeleton)),
        TrackedFrame(1, 0.04, TrackedPoses.empty(skeleton.num_keypoints)),
        TrackedFrame(2, 0.085, people([1, 3], 2, skeleton, predicted=1)),
        TrackedFrame(4, 0.16, people([3], 4, skeleton)),
        TrackedFrame(5, 0.2, people([1, 3], 5, skeleton)),
    ]


def facts_of_run(skeleton: Skeleton = CROWDPOSE14, **changes: Any) -> RunFacts:
    known: dict[str, Any] = {"frame_count": FRAMES, "times_s": TIMES_S, "corrupt_frames": frozenset({3})}
    return RunFacts(f"{STEM}.mp4", skeleton, FPS, *SIZE, **(known | changes))


def export(folder: Path, *names: str, skeleton: Skeleton = CROWDPOSE14, **changes: Any) -> list[Path]:
    """The run in some formats; the paths of the outputs."""
    sinks = [make_sink(name, folder, STEM) for name in names]
    with ExportWriter(sinks, facts_of_run(skeleton, **changes)) as writer:
        for frame in frames_of_run(skeleton):
            writer.write(frame)
    return [sink.path for sink in sinks]


if __name__ == "__main__":
    export(Path(sys.argv[1]), *TEXT_FORMATS)
