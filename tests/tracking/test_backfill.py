import numpy as np

from pose.skeleton import CROWDPOSE14
from pose.types import Poses
from tracking.backfill import BackfilledDetection, with_backfilled
from tracking.tracker import Tracker
from tracking.types import TrackedPoses

BODY = np.stack([np.linspace(0, 40, 14), np.linspace(0, 160, 14)], axis=1).astype(np.float32)


def unsure_person(x: float) -> Poses:
    """One person whom the tracker does not trust at first sight."""
    return Poses(
        (BODY + np.array([x, 50])).astype(np.float32)[None],
        np.full((1, 14), 0.3, np.float32),
        np.array([0.3], np.float32),
    )


def test_every_sight_before_the_id_is_reported_once():
    tracker = Tracker(CROWDPOSE14)
    rows = []
    for frame in range(10):
        tracks = tracker.update(unsure_person(100 + frame), frame / 25)
        rows += [(frame, int(i)) for i in tracks.ids]
        rows += [(frame - s.frames_ago, s.id) for s in tracker.earlier]
        for s in tracker.earlier:
            np.testing.assert_allclose(s.keypoints[0, 0], 100 + frame - s.frames_ago)
    assert sorted(rows) == [(frame, 1) for frame in range(10)]
    assert tracker.earlier == ()


def test_a_person_without_id_is_never_reported():
    tracker = Tracker(CROWDPOSE14)
    tracker.update(unsure_person(100), 0.0)
    for frame in range(1, 20):
        tracker.update(Poses.empty(14), frame / 25)
        assert tracker.earlier == ()


def test_a_sight_takes_its_place_by_id():
    poses = unsure_person(0)
    tracks = TrackedPoses(np.array([7]), poses, np.array([True]), poses)
    merged = with_backfilled(tracks, BackfilledDetection(1, 3, BODY, np.full(14, 0.5, np.float32), 0.5))
    assert merged.ids.tolist() == [3, 7] and merged.observed.all()
    np.testing.assert_array_equal(merged.poses.keypoints[0], BODY)
    np.testing.assert_array_equal(merged.raw.keypoints[1], poses.keypoints[0])
