"""The parts of the tracker, each by itself."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from filterpy.common import Q_continuous_white_noise
from filterpy.kalman import KalmanFilter

from pose.errors import SettingsError
from pose.skeleton import COCO17, CROWDPOSE14
from pose.types import Poses
from tests.tracking.walkers import Walker, detections, jitter
from tracking.assign import assign
from tracking.body import MIN_HEIGHT_PX, body_heights_px
from tracking.cost import Bodies, affinity
from tracking.duplicates import suppress_duplicates
from tracking.match import _has_twin
from tracking.motion import Motion, at_first_sight, correct, predict
from tracking.settings import TrackerSettings

THR = TrackerSettings().duplicate_oks


@pytest.mark.parametrize("skeleton", [CROWDPOSE14, COCO17], ids=lambda s: s.name)
@pytest.mark.parametrize("part", ["whole", "upper", "lower"])
def test_body_height_is_about_right_for_any_visible_half(skeleton, part):
    points = np.stack([Walker(0, height=h, speed=0.5).keypoints(0.2, skeleton) for h in (40, 200, 900)])
    legs = np.array([n.split("_")[-1] in ("hip", "knee", "ankle") for n in skeleton.keypoint_names])
    if part != "whole":
        points[:, legs if part == "upper" else ~legs] = np.nan
    heights = body_heights_px(points, skeleton)
    assert np.all(heights / [40, 200, 900] > 0.7) and np.all(heights / [40, 200, 900] < 1.4)


def test_body_height_of_no_joint_or_one_is_the_least():
    points = np.full((2, 14, 2), np.nan)
    points[1, 3] = 5
    assert body_heights_px(points, CROWDPOSE14).tolist() == [MIN_HEIGHT_PX, MIN_HEIGHT_PX]


def test_one_wrong_joint_does_not_blow_up_the_body():
    points = Walker(0, height=200).keypoints(0)[None]
    right = body_heights_px(points, CROWDPOSE14)[0]
    points[0, 4] += (150, 0)
    assert body_heights_px(points, CROWDPOSE14)[0] == pytest.approx(right, rel=0.35)


def test_assignment_is_the_best_among_the_allowed():
    similarity = np.array([[0.9, 0.8, 0.0], [0.8, 0.1, 0.0]])
    rows, columns = assign(similarity, np.ones((2, 3), bool))
    assert (rows.tolist(), columns.tolist()) == ([0, 1], [1, 0])
    rows, columns = assign(similarity, np.array([[1, 0, 0], [0, 0, 0]], bool))
    assert (rows.tolist(), columns.tolist()) == ([0], [0])


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (2, 0)])
def test_assignment_of_nothing(shape):
    assert [len(found) for found in assign(np.zeros(shape), np.zeros(shape, bool))] == [0, 0]


HEIGHTS = np.array([200.0, 90.0])


@pytest.mark.parametrize("fps", [10, 30, 120])
def test_motion_learns_the_velocity_at_any_rate(fps):
    settings = TrackerSettings()
    state = at_first_sight(np.zeros((2, 2)), HEIGHTS, settings)
    velocity = np.array([[160.0, -40.0], [-30.0, 5.0]])
    for i in range(1, 2 * fps):
        state = correct(predict(state, 1 / fps, HEIGHTS, settings), velocity * i / fps, HEIGHTS, settings)
    assert state.velocity_px_s == pytest.approx(velocity, rel=0.02)


def test_motion_predicts_alike_in_one_step_or_many():
    settings = TrackerSettings()
    start = at_first_sight(np.array([[3.0, 4.0], [8.0, 8.0]]), HEIGHTS, settings)
    start = correct(predict(start, 0.1, HEIGHTS, settings), np.array([[20.0, 4.0], [8.0, 9.0]]), HEIGHTS, settings)
    one = many = start
    one = predict(one, 1.0, HEIGHTS, settings)
    for _ in range(50):
        many = predict(many, 0.02, HEIGHTS, settings)
    assert one.position_px == pytest.approx(many.position_px)
    assert one.covariance == pytest.approx(many.covariance)


@pytest.mark.parametrize("dt_s", [0.0, 0.02, 0.7])
def test_motion_is_a_kalman_filter(dt_s, rng):
    """Position, velocity and covariance of a reference implementation."""
    settings = TrackerSettings()
    reference = KalmanFilter(dim_x=2, dim_z=1)
    reference.x = np.zeros((2, 1))
    reference.P = np.diag([(settings.position_noise * 200) ** 2, (settings.max_speed / 4 * 200) ** 2])
    reference.H = np.array([[1.0, 0.0]])
    reference.R = np.array([[(settings.position_noise * 200) ** 2]])
    reference.F = np.array([[1.0, dt_s], [0.0, 1.0]])
    reference.Q = Q_continuous_white_noise(2, dt_s, (settings.accel_noise * 200) ** 2)
    state: Motion = at_first_sight(np.zeros((1, 2)), HEIGHTS[:1], settings)
    for x in rng.normal(0, 50, 6):
        reference.predict()
        reference.update(x)
        state = correct(predict(state, dt_s, HEIGHTS[:1], settings), np.array([[x, 0.0]]), HEIGHTS[:1], settings)
    assert [state.position_px[0, 0], state.velocity_px_s[0, 0]] == pytest.approx(reference.x[:, 0])
    assert state.covariance[0] == pytest.approx(reference.P[[0, 0, 1], [0, 1, 1]])


def bodies(walkers, variance=0.0, age=0.0):
    points = np.stack([w.keypoints(0) for w in walkers])
    n, k = points.shape[:2]
    return Bodies(
        points, np.full((n, k), 0.7), body_heights_px(points, CROWDPOSE14), np.full((n, k), variance), np.full(n, age)
    )


def test_affinity_is_highest_for_oneself_and_in_bounds():
    people = bodies([Walker(100), Walker(130), Walker(400, height=120)])
    result = affinity(people, people, CROWDPOSE14, TrackerSettings())
    assert np.array_equal(result.similarity.argmax(axis=1), [0, 1, 2])
    assert np.diag(result.similarity) == pytest.approx(1)
    assert result.allowed.diagonal().all()
    assert not result.allowed[2, :2].any()


def test_a_vague_track_does_not_beat_a_precise_one():
    """Both tracks are predicted a little beside the detection; the vague one could be anywhere."""
    found = bodies([Walker(100)])
    precise, vague = bodies([Walker(104)]), bodies([Walker(102)], variance=150.0**2, age=1.0)
    fits = [affinity(t, found, CROWDPOSE14, TrackerSettings()).similarity[0, 0] for t in (precise, vague)]
    assert fits[0] > fits[1] > 0


def test_nobody_moves_faster_than_people_can():
    tracks = bodies([Walker(100)], variance=1e7, age=1.0)
    assert affinity(tracks, bodies([Walker(1000)]), CROWDPOSE14, TrackerSettings()).allowed.all()
    assert not affinity(tracks, bodies([Walker(1800)]), CROWDPOSE14, TrackerSettings()).allowed.any()


def test_a_second_pose_of_one_person_is_dropped(rng):
    points = Walker(100).keypoints(0)
    poses = detections([jitter(points, rng, 200), points, Walker(400).keypoints(0)], [0.4, 0.7, 0.5])
    assert suppress_duplicates(poses, CROWDPOSE14, THR).tolist() == [1, 2]


def test_a_fragment_of_a_person_is_dropped(rng):
    arm = Walker(100).keypoints(0)
    arm[[0, 1, 3, 5, *range(6, 14)]] = np.nan
    poses = detections([jitter(arm, rng, 200, 0.005), Walker(100).keypoints(0)], [0.2, 0.7])
    assert suppress_duplicates(poses, CROWDPOSE14, THR).tolist() == [1]


@pytest.mark.parametrize("apart", [0.15, 0.25, 0.5])
def test_two_people_who_overlap_are_kept(apart, rng):
    """Shoulder to shoulder, even half hidden: boxes overlap by up to two thirds, joints do not."""
    pair = [Walker(100, speed=0.5).keypoints(0.2), Walker(100 + apart * 200, speed=0.5, phase=1.5).keypoints(0.2)]
    poses = detections([jitter(p, rng, 200) for p in pair], [0.7, 0.4])
    assert suppress_duplicates(poses, CROWDPOSE14, THR).tolist() == [0, 1]


def test_joints_merely_guessed_do_not_make_a_duplicate():
    """A hidden person's legs, filled in from the neighbour with next to no score."""
    front, behind = Walker(100).keypoints(0), Walker(140).keypoints(0)
    behind[6:12] = front[6:12]
    poses = detections([front, behind], [0.7, 0.4])
    scores = poses.scores.copy()
    scores[1, 6:12] = 0.02
    assert len(suppress_duplicates(Poses(poses.keypoints, scores, poses.confidence), CROWDPOSE14, THR)) == 2


def test_suppression_of_nobody_and_of_empty_poses():
    assert suppress_duplicates(Poses.empty(14), CROWDPOSE14, THR).tolist() == []
    assert len(suppress_duplicates(detections([np.full((14, 2), np.nan)] * 2), CROWDPOSE14, THR)) == 2


@pytest.mark.parametrize(
    "wrong",
    [{"min_oks": 1.5}, {"max_age_s": -1.0}, {"confirm_s": float("nan")}, {"min_hits": 0}, {"track_low_thr": 0.9},
     {"position_noise": 0.0}, {"smooth_cutoff_hz": 0.0}],
    ids=str,
)  # fmt: skip
def test_settings_that_make_no_sense_are_refused_with_their_name(wrong):
    with pytest.raises(SettingsError, match=next(iter(wrong))):
        TrackerSettings(**wrong)


def test_settings_are_plain_values():
    """So that they can be stored as text."""
    assert all(isinstance(v, (int, float, bool)) for v in dataclasses.asdict(TrackerSettings()).values())


def test_a_twin_is_another_track_that_looks_as_much_like_the_pose():
    looks = np.array([[0.05, 0.05, np.inf, 0.05], [0.06, 0.30, np.inf, np.inf], [0.90, 0.31, 0.1, np.inf]])
    twin = [[True, False, False, False], [True, True, False, False], [True, True, False, False]]
    assert _has_twin(looks).tolist() == twin, "the worse of two has the better one beside it"
    assert not _has_twin(np.full((2, 3), np.inf)).any()
