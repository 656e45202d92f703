"""Small tracked sequences for tests, by chance and by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st

from app.types import TrackedFrame
from pose.skeleton import CROWDPOSE14, Skeleton
from pose.types import Poses
from tests.fakes import standing_person
from tracking.types import TrackedPoses


def tracked_frame(
    index: int,
    people: dict[int, tuple[float, float]],
    *,
    fps: float = 25.0,
    height: float = 100.0,
    predicted: Sequence[int] = (),
    skeleton: Skeleton = CROWDPOSE14,
    confidence: float = 0.8,
) -> TrackedFrame:
    """Standing people: id → place of the neck."""
    ids = sorted(people)
    points = [standing_person(skeleton, *people[i], height) for i in ids]
    keypoints = np.stack(points).astype(np.float32) if points else np.empty((0, skeleton.num_keypoints, 2), np.float32)
    n = len(ids)
    poses = Poses(keypoints, np.full(keypoints.shape[:2], confidence, np.float32), np.full(n, confidence, np.float32))
    observed = np.array([i not in predicted for i in ids], bool)
    return TrackedFrame(index, index / fps, TrackedPoses(np.array(ids, np.int64), poses, observed, poses))


@st.composite
def sequences(draw: st.DrawFn, frames: int = 6, people: int = 4) -> list[TrackedFrame]:
    """Short sequences in which anybody may be missing or predicted, with places that tell people apart."""
    made = []
    for index in range(draw(st.integers(1, frames))):
        present = draw(st.sets(st.integers(1, people)))
        predicted = draw(st.sets(st.sampled_from(sorted(present)))) if present else set()
        made.append(
            tracked_frame(index, {i: (150.0 * i + 3 * index, 60.0) for i in present}, predicted=tuple(predicted))
        )
    return made


def same(a: Sequence[TrackedFrame], b: Sequence[TrackedFrame]) -> bool:
    """Whether two sequences are equal to the last bit."""
    return len(a) == len(b) and all(
        x.index == y.index
        and x.time_s == y.time_s
        and all(
            np.array_equal(p, q, equal_nan=p.dtype.kind == "f")
            for p, q in zip(_arrays(x.tracks), _arrays(y.tracks), strict=True)
        )
        for x, y in zip(a, b, strict=True)
    )


def _arrays(tracks: TrackedPoses) -> list[np.ndarray]:
    both = [tracks.poses, tracks.raw]
    return [tracks.ids, tracks.observed, *(a for p in both for a in (p.keypoints, p.scores, p.confidence))]
