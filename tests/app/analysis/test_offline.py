"""Offline: identities of a stored recording are decided with all of it known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from app.analysis.track import TrackChoices, track
from pose.skeleton import CROWDPOSE14
from tests.tracking.test_stitch import clothes
from tests.tracking.walkers import Walker, detections
from tracking.types import Detections

AWAY = 20.0  # seconds, longer than the tracker's memory


def recording(cut=False, missing=()):
    """Somebody leaves, comes back after AWAY seconds, in the same clothes."""
    looks = clothes(1)[None].astype(np.float16)
    frames = []
    for i in range(300):
        t = i / 10
        shown = not (3 < t < 3 + AWAY) and i not in missing
        poses = detections([Walker(100, speed=0.1).keypoints(min(t, 3.0))] if shown else [], 0.7)
        starts = 1.0 if cut and i == 200 else 0.0
        frames.append(Detections(i, t, poses, looks[: len(poses)], starts))
    return frames


def ids(frames):
    return {i for frame in frames for i in frame.tracks.ids.tolist()}


def test_somebody_who_was_away_for_longer_than_memory_is_found_again_offline_only():
    choices = TrackChoices()
    assert ids(track(recording(), CROWDPOSE14, choices)) == {1, 2}
    assert ids(track(recording(), CROWDPOSE14, replace(choices, offline=True))) == {1}
    assert replace(choices, offline=True).needs_whole and not choices.needs_whole


def test_nobody_is_joined_over_a_cut():
    assert ids(track(recording(cut=True), CROWDPOSE14, TrackChoices(offline=True))) == {1, 2}


def test_a_cut_ends_all_tracks_live_too():
    frames = [replace(f, cut=1.0 if f.frame_index == 10 else 0.0) for f in recording()[:20]]
    shown = [f.tracks.ids.tolist() for f in track(frames, CROWDPOSE14, TrackChoices())]
    assert shown == [[1]] * 10 + [[2]] * 10


def test_short_gaps_are_filled_and_marked():
    rows = [f.tracks for f in track(recording(missing=(10, 11)), CROWDPOSE14, TrackChoices(offline=True))]
    assert [len(r) for r in rows[9:13]] == [1, 1, 1, 1]
    assert [bool(r.observed[0]) for r in rows[9:13]] == [True, False, False, True]


def test_frames_before_a_failure_still_come():
    def broken():
        yield from recording()[:15]
        raise OSError("the disk is gone")

    frames, coming = [], track(broken(), CROWDPOSE14, TrackChoices(offline=True))
    with pytest.raises(OSError):
        frames.extend(coming)
    assert len(frames) == 15
