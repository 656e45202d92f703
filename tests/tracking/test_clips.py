"""Identities on real clips, with the real network."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pose import load_estimator
from tracking.appearance import colour_signatures
from tracking.body import body_heights_px
from tracking.tracker import Tracker
from tracking.types import TrackedPoses

pytestmark = [pytest.mark.clips, pytest.mark.slow]


def track(shared_dir: Path, name: str) -> tuple[list[TrackedPoses], list[float], float]:
    av = pytest.importorskip("av")
    estimator = load_estimator(weights=shared_dir / "weights" / "litepose_m_crowdpose.pth")
    tracker = Tracker(estimator.skeleton)
    tracks, times_s = [], []
    with av.open(str(shared_dir / "clips" / name)) as container:
        for frame in container.decode(video=0):
            image = frame.to_ndarray(format="bgr24")
            poses = estimator(image)
            tracks.append(tracker.update(poses, frame.time, colour_signatures(image, poses, estimator.skeleton)))
            times_s.append(frame.time)
    height_px = float(
        np.median(np.concatenate([body_heights_px(t.poses.keypoints, estimator.skeleton) for t in tracks]))
    )
    return tracks, times_s, height_px


@pytest.mark.parametrize(("name", "people"), [("bedroom_two_kids.mp4", 2), ("two_person_cam01.mp4", 3)])
def test_nobody_changes_identity(shared_dir, name, people):
    """As many identities as people, and no one jumps: an exchange would move a body by a body's width at once."""
    tracks, times_s, height_px = track(shared_dir, name)
    assert {i for t in tracks for i in t.ids.tolist()} == set(range(1, people + 1))
    assert sum(len(t) == people for t in tracks) > len(tracks) / 2
    for before, after, dt_s in zip(tracks, tracks[1:], np.diff(times_s), strict=False):
        _, i, j = np.intersect1d(before.ids, after.ids, return_indices=True)
        moved = np.nanmedian(np.linalg.norm(after.poses.keypoints[j] - before.poses.keypoints[i], axis=2), axis=1)
        assert (moved < height_px * (0.1 + 3.0 * dt_s)).all()
