"""Recordings have steady sides, and what the network saw beside them."""

from __future__ import annotations

import numpy as np
import pytest

from app.analysis.track import TrackChoices, track
from pose.skeleton import CROWDPOSE14
from tests.tracking.walkers import Walker, detections
from tracking.settings import TrackerSettings
from tracking.types import Detections

ARMS = np.array([[CROWDPOSE14.index(f"{side}_{n}") for n in ("elbow", "wrist")] for side in ("left", "right")])
WRONG = 15  # the frame in which arms are taken for each other


@pytest.mark.parametrize("offline", [False, True])
@pytest.mark.parametrize("steady", [False, True])
def test_a_short_exchange_is_undone_in_what_is_written_but_not_in_raw(steady, offline):
    true, frames = np.float32(Walker(300).keypoints(0)), []
    for n in range(30):
        points = true.copy()
        if n == WRONG:
            points[ARMS] = points[ARMS[::-1]]
        frames.append(Detections(n, n / 25, detections([points])))
    choices = TrackChoices(TrackerSettings(steady_sides=steady), offline=offline)
    for n, frame in enumerate(track(frames, CROWDPOSE14, choices)):
        tracks = frame.tracks
        assert len(tracks) == 1
        np.testing.assert_array_equal(tracks.raw.keypoints, frames[n].poses.keypoints)
        assert np.array_equal(tracks.poses.keypoints[0], true) == (steady or n != WRONG)
