"""Results of a pipeline with people who move in a known way, for the live outputs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from app.live.frame import FrameMaker, LiveFrame, LiveRun, LiveSettings
from app.types import Frame, FrameResult, StageTimes
from pose.skeleton import CROWDPOSE14
from pose.types import Poses
from tests.fakes import standing_person
from tracking.types import TrackedPoses

SIZE = (640, 480)
FPS = 30.0
_IMAGE = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)


def result(index: int, ids: Sequence[int] = (1, 2), missing: Sequence[str] = ()) -> FrameResult:
    """People `ids` (ascending) side by side; person n's neck is at x = 100 n + the frame's index modulo 50."""
    names = CROWDPOSE14.keypoint_names
    points = [standing_person(CROWDPOSE14, 100.0 * n + index % 50, 150.0, 200.0) for n in ids]
    keypoints = np.stack(points) if points else np.empty((0, len(names), 2), np.float32)
    scores = np.full(keypoints.shape[:2], 0.75, np.float32)
    for name in missing:
        keypoints[:, names.index(name)] = np.nan
        scores[:, names.index(name)] = 0
    poses = Poses(keypoints, scores, np.full(len(keypoints), 0.5, np.float32))
    raw = Poses(keypoints + 1, scores, poses.confidence)
    tracks = TrackedPoses(np.array(ids, np.int64), poses, np.ones(len(keypoints), bool), raw)
    return FrameResult(Frame(index, index / FPS, _IMAGE), tracks, StageTimes(1, 2, 3, 4))


def made(settings: LiveSettings | None = None) -> tuple[FrameMaker, LiveRun]:
    maker = FrameMaker(settings or LiveSettings(), CROWDPOSE14)
    return maker, maker.run("test", *SIZE, FPS)


def frames(count: int, settings: LiveSettings | None = None, captured_s: float = 0.0) -> list[LiveFrame]:
    maker, _ = made(settings)
    return [maker(result(i), captured_s + i / FPS) for i in range(count)]
