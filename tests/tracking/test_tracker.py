"""What a user may rely on about identities."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pose.skeleton import COCO17, CROWDPOSE14
from pose.types import Poses
from tests.tracking.walkers import Walker, detections, jitter
from tracking.appearance import SIGNATURE_SIZE
from tracking.settings import TrackerSettings
from tracking.tracker import Tracker
from tracking.types import TrackedPoses


def follow(walkers, times, *, hidden=lambda who, t: False, settings=None, rng=None, confidence=0.7):
    """Track walkers; the result and, per frame, which walker (by nearest pose) has which id."""
    tracker = Tracker(CROWDPOSE14, settings)
    frames, names = [], []
    for t in times:
        people = [(w, x) for w, x in enumerate(walkers) if not hidden(w, t)]
        points = [x.keypoints(t) for _, x in people]
        seen = [jitter(p, rng, x.height) if rng else p for p, (_, x) in zip(points, people, strict=True)]
        sure = [confidence * x.height / 200 for _, x in people]  # whoever is nearer is in front and seen better
        out = tracker.update(detections(seen, sure), t)
        frames.append(out)
        shown = out.raw.keypoints[out.observed]
        nearest = [int(np.argmin([np.abs(k - p).mean() for p in points])) for k in shown]
        names.append({people[n][0]: i for n, i in zip(nearest, out.ids[out.observed].tolist(), strict=True)})
    return frames, names


def ids_of(names, who):
    return {frame[who] for frame in names if who in frame}


def test_sure_people_have_rows_from_the_first_frame():
    frames, _ = follow([Walker(100), Walker(300), Walker(500)], [0.0])
    assert frames[0].ids.tolist() == [1, 2, 3]
    assert frames[0].observed.all()
    assert np.all(np.diff(frames[0].poses.keypoints[:, 13, 0]) > 0), "left to right within a frame"


def test_less_sure_people_are_confirmed_within_the_stated_time():
    settings = TrackerSettings()
    times = np.arange(20) / 30
    frames, _ = follow([Walker(100)], times, confidence=settings.new_track_thr - 0.05)
    first = next(i for i, f in enumerate(frames) if len(f))
    assert len(frames[0]) == 0
    assert times[first] == pytest.approx(max(settings.confirm_s, (settings.min_hits - 1) / 30), abs=1 / 30)
    assert all(f.ids.tolist() == [1] for f in frames[first:])


def test_false_births_use_up_no_ids():
    tracker = Tracker(CROWDPOSE14)
    steady, ghost = Walker(100), Walker(500)
    for i in range(30):
        people = [steady.keypoints(i / 30)] + ([ghost.keypoints(0)] if i % 10 == 0 else [])
        tracker.update(detections(people, [0.7, 0.3][: len(people)]), i / 30)
    out = tracker.update(detections([steady.keypoints(1), Walker(800).keypoints(1)]), 1.0)
    assert out.ids.tolist() == [1, 2]


@pytest.mark.parametrize("gap_s", [0.1, 0.5, 1.2])
def test_ids_survive_a_gap(gap_s):
    walkers = [Walker(100, speed=0.7), Walker(900, speed=-0.5)]
    times = np.arange(90) / 30
    _, names = follow(walkers, times, hidden=lambda w, t: w == 0 and 1.0 < t <= 1.0 + gap_s)
    assert ids_of(names, 0) == {1}
    assert ids_of(names, 1) == {2}


def test_ids_are_not_used_again_after_a_long_absence():
    times = np.arange(150) / 30
    frames, names = follow([Walker(100)], times, hidden=lambda w, t: 1.0 < t < 3.5)
    assert [sorted({n[0] for n in part if n}) for part in (names[:31], names[105:])] == [[1], [2]]
    assert all(len(f) == 0 for f in frames[31:104])


@pytest.mark.parametrize("speeds", [(1.0, -1.0), (0.8, -0.6), (1.4, 0.5)])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_crossing_walkers_keep_their_ids(speeds, seed):
    """One a little nearer to the camera than the other; while they coincide, only one of them may be found."""
    rng = np.random.default_rng(seed)
    depth = zip(speeds, (0.0, 1.3), (210, 190), strict=True)
    walkers = [Walker(500 - s * 200 * 1.5, 400 + (h - 200), h, s, p) for s, p, h in depth]
    frames, names = follow(walkers, np.arange(90) / 30, rng=rng)
    assert names[-1] == names[0]
    assert {i for f in frames for i in f.ids.tolist()} == {1, 2}


@pytest.mark.parametrize("seed", range(5))
def test_crossing_walkers_keep_their_ids_when_one_hides_the_other(seed):
    rng = np.random.default_rng(seed)
    walkers = [Walker(200, speed=1.0), Walker(800, speed=-1.0, phase=0.7)]
    _, names = follow(walkers, np.arange(90) / 30, hidden=lambda w, t: w == 1 and 1.3 < t < 1.7, rng=rng)
    assert ids_of(names[:36], 0) | ids_of(names[55:], 0) == {1}
    assert ids_of(names[:36], 1) | ids_of(names[55:], 1) == {2}


def test_missed_detections_do_not_change_ids(rng):
    walkers = [Walker(100 + 150 * i, speed=0.4, phase=i) for i in range(5)]
    lost = rng.random((5, 120)) < 0.2
    lost[:, 0] = False
    _, names = follow(walkers, np.arange(120) / 30, hidden=lambda w, t: lost[w, round(t * 30)], rng=rng)
    assert [ids_of(names, w) for w in range(5)] == [{1}, {2}, {3}, {4}, {5}]


def test_weak_detections_continue_a_track_but_begin_none():
    tracker = Tracker(CROWDPOSE14)
    walker = Walker(100, speed=0.5)
    weak = TrackerSettings().track_high_thr / 2
    for i in range(30):
        sure = 0.7 if i % 4 == 0 else weak
        people = detections([walker.keypoints(i / 30), Walker(700).keypoints(0)], [sure, weak])
        assert tracker.update(people, i / 30).ids.tolist() == [1]


@pytest.mark.parametrize("fps", [10, 30, 60])
def test_who_is_weak_for_long_has_no_row_until_sure_again_and_then_the_id_of_before(fps):
    settings = TrackerSettings()
    tracker = Tracker(CROWDPOSE14)
    walker = Walker(100, speed=0.3)
    for i in range(4 * fps):
        time_s = i / fps
        weak = fps <= i < 3 * fps
        pose = detections([walker.keypoints(time_s)], settings.track_high_thr / 2 if weak else 0.7)
        rows = tracker.update(pose, time_s).ids.tolist()
        if not weak or time_s < 1 + settings.unsure_s:
            assert rows == [1]
        elif time_s > 1 + 3 * settings.unsure_s:
            assert rows == []


def test_who_is_hardly_ever_sure_has_rows_only_for_a_moment():
    tracker = Tracker(CROWDPOSE14)
    shown = []
    for i in range(90):
        pose = detections([Walker(100).keypoints(0)], 0.3 if i < 6 else 0.22 if i % 3 == 0 else 0.08)
        shown.append(len(tracker.update(pose, i / 30)))
    assert shown[5] == 1
    assert not any(shown[20:])


@pytest.mark.parametrize("skeleton", [CROWDPOSE14, COCO17], ids=lambda s: s.name)
def test_half_of_the_body_keeps_the_id_of_the_whole(skeleton):
    """Whole, then only the upper half, then only the lower half."""
    tracker = Tracker(skeleton)
    legs = np.array([n.split("_")[-1] in ("hip", "knee", "ankle") for n in skeleton.keypoint_names])
    for i in range(45):
        points = Walker(100, speed=0.6).keypoints(i / 30, skeleton)
        if i >= 15:
            points[legs if i < 30 else ~legs] = np.nan
        out = tracker.update(detections([points], 0.4), i / 30)
        assert out.ids.tolist() == [1]


def test_left_and_right_mixed_up_do_not_change_the_id():
    tracker = Tracker(CROWDPOSE14)
    for i in range(30):
        points = Walker(100, speed=0.6).keypoints(i / 30)
        if i % 3 == 0:
            points = points[list(CROWDPOSE14.flip_index)]
        assert tracker.update(detections([points]), i / 30).ids.tolist() == [1]


def test_a_limb_taken_from_the_neighbour_does_not_swap_people():
    tracker = Tracker(CROWDPOSE14)
    a, b = Walker(100, speed=0.6), Walker(150, speed=0.6, phase=2.0)
    for i in range(30):
        pa, pb = a.keypoints(i / 30), b.keypoints(i / 30)
        if i > 5:
            pa[[2, 4, 9, 11]], pb[[2, 4, 9, 11]] = pb[[2, 4, 9, 11]], pa[[2, 4, 9, 11]]
        out = tracker.update(detections([pa, pb]), i / 30)
        assert out.ids.tolist() == [1, 2]
        assert np.array_equal(out.poses.keypoints[0], pa.astype(np.float32))


def test_order_of_detections_does_not_matter(rng):
    walkers = [Walker(100 + 60 * i, speed=0.5 * (-1) ** i, phase=i) for i in range(6)]
    one, other = Tracker(CROWDPOSE14), Tracker(CROWDPOSE14)
    for i in range(60):
        poses = detections(
            [jitter(w.keypoints(i / 30), rng, w.height) for w in walkers], list(rng.uniform(0.1, 0.9, 6))
        )
        a, b = one.update(poses, i / 30), other.update(poses[rng.permutation(6)], i / 30)
        assert np.array_equal(a.ids, b.ids)
        assert np.array_equal(a.poses.keypoints, b.poses.keypoints)


@pytest.mark.parametrize("fps", [8, 15, 30, 60, 120])
def test_identities_do_not_depend_on_the_frame_rate(fps):
    walkers = [Walker(200, speed=1.0), Walker(800, 412, 215, -1.0, 0.7), Walker(400, speed=0.2)]
    _, names = follow(walkers, np.arange(3 * fps) / fps, hidden=lambda w, t: w == 2 and 1.0 < t < 1.6)
    assert [ids_of(names[:fps], w) for w in range(3)] == [{1}, {3}, {2}]
    assert names[-1] == names[0]


def test_identities_do_not_depend_on_resolution():
    walkers = [Walker(200, speed=1.0), Walker(800, speed=-1.0, phase=0.7)]
    small, large = Tracker(CROWDPOSE14), Tracker(CROWDPOSE14)
    for i in range(90):
        points = [w.keypoints(i / 30) for w in walkers]
        a, b = small.update(detections(points), i / 30), large.update(detections([8 * p for p in points]), i / 30)
        assert np.array_equal(a.ids, b.ids)
        assert np.allclose(8 * a.poses.keypoints, b.poses.keypoints)


def test_uneven_times_keep_ids(rng):
    times = np.cumsum(rng.choice([1 / 60, 1 / 30, 1 / 8], 90))
    _, names = follow([Walker(0, speed=0.9), Walker(2500, speed=-0.7)], times, rng=rng)
    assert [ids_of(names, w) for w in range(2)] == [{1}, {2}]


@pytest.mark.parametrize("times", [[0, 0, 0, 0], [5, 4, 3, 4], [0, float("nan"), float("inf"), 0.1], [0, 1e300, 2e300]])
def test_times_that_stand_still_run_back_or_leap_do_no_harm(times):
    tracker = Tracker(CROWDPOSE14, TrackerSettings(smooth=True, emit_predicted=True))
    for t in times:
        out = tracker.update(detections([Walker(100).keypoints(0), Walker(500).keypoints(0)]), t)
        assert len(out) == 2
        assert np.isfinite(out.poses.keypoints).all()


def test_a_pause_longer_than_memory_forgets_everybody():
    tracker = Tracker(CROWDPOSE14)
    assert tracker.update(detections([Walker(100).keypoints(0)]), 0.0).ids.tolist() == [1]
    assert tracker.update(detections([Walker(100).keypoints(0)]), 3600.0).ids.tolist() == [2]


def test_empty_frames_are_empty_results():
    tracker = Tracker(CROWDPOSE14)
    for t in (0.0, 0.1):
        out = tracker.update(Poses.empty(14), t)
        assert len(out) == 0
        assert out.poses.keypoints.shape == (0, 14, 2)


def test_poses_without_any_joint_are_ignored():
    out = Tracker(CROWDPOSE14).update(detections([np.full((14, 2), np.nan), Walker(5).keypoints(0)], 0.9), 0.0)
    assert len(out) == 1


def test_a_single_joint_is_followed():
    tracker = Tracker(CROWDPOSE14)
    points = np.full((14, 2), np.nan)
    for i in range(10):
        points[4] = 100 + i, 50
        assert tracker.update(detections([points], 0.9), i / 30).ids.tolist() == [1]


def test_two_hundred_people_keep_their_ids(rng):
    walkers = [Walker(300 * (i % 20), 400 + 400 * (i // 20), speed=rng.uniform(-0.4, 0.4)) for i in range(200)]
    _, names = follow(walkers, np.arange(5) / 30, rng=rng)
    assert all(len(n) == 200 and n == names[0] for n in names)


def test_hidden_people_are_given_as_predicted_only_on_request():
    walkers, times = [Walker(100, speed=0.8)], np.arange(60) / 30
    hidden = {"hidden": lambda w, t: t > 1.0}
    plain, _ = follow(walkers, times, **hidden)
    coasting, _ = follow(walkers, times, **hidden, settings=TrackerSettings(emit_predicted=True))
    assert all(f.observed.all() for f in plain)
    assert all(len(f) == 0 for f in plain[31:])
    later = coasting[45]
    assert (later.ids.tolist(), later.observed.tolist()) == ([1], [False])
    assert np.nanmean(later.poses.keypoints, axis=1)[0, 0] == pytest.approx(100 + 160 * times[45], abs=10)
    assert 0 < later.poses.confidence[0] < coasting[10].poses.confidence[0]


def test_trackers_are_independent_and_reset_begins_anew():
    a, b = Tracker(CROWDPOSE14), Tracker(CROWDPOSE14)
    poses = detections([Walker(100).keypoints(0)])
    assert a.update(poses, 0.0).ids.tolist() == b.update(poses, 7.0).ids.tolist() == [1]
    a.reset()
    assert a.update(poses, -3.0).ids.tolist() == [1]


def test_in_a_single_image_nobody_has_to_last():
    tracker = Tracker(CROWDPOSE14)
    settings = tracker.settings
    sure = detections([Walker(100).keypoints(0), Walker(400).keypoints(0)])
    confidence = np.array([settings.new_track_thr, settings.track_high_thr], np.float32) - 0.01
    unsure = Poses(sure.keypoints, np.tile(confidence[:, None], (1, CROWDPOSE14.num_keypoints)), confidence)
    assert len(tracker.update(unsure, 0.0)) == 0
    tracker.reset()
    assert tracker.update(unsure, 0.0, single=True).ids.tolist() == [1]


def test_after_a_jump_nobody_is_known_and_no_id_is_used_again():
    tracker = Tracker(CROWDPOSE14)
    poses = detections([Walker(100).keypoints(0), Walker(400).keypoints(0)])
    assert tracker.update(poses, 0.0).ids.tolist() == [1, 2]
    tracker.forget_people()
    assert tracker.update(poses, 0.04).ids.tolist() == [3, 4]


def test_input_is_not_changed_and_raw_is_the_input():
    poses = detections([Walker(100).keypoints(0)])
    before = poses.keypoints.copy()
    tracker = Tracker(CROWDPOSE14, TrackerSettings(smooth=True))
    out = tracker.update(poses, 0.0)
    shifted = Poses(poses.keypoints + 5, poses.scores, poses.confidence)
    out = tracker.update(shifted, 1 / 30)
    assert np.array_equal(poses.keypoints, before)
    assert np.array_equal(out.raw.keypoints, shifted.keypoints)
    assert not np.array_equal(out.poses.keypoints, out.raw.keypoints)
    assert out.raw is not out.poses


def test_raw_is_the_same_object_without_smoothing():
    out = Tracker(CROWDPOSE14).update(detections([Walker(100).keypoints(0)]), 0.0)
    assert out.raw is out.poses


def test_wrong_number_of_keypoints_is_refused():
    with pytest.raises(ValueError, match="14 keypoints"):
        Tracker(CROWDPOSE14).update(Poses.empty(17), 0.0)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), smooth=st.booleans(), predicted=st.booleans())
def test_results_are_valid_whatever_comes_in(seed, smooth, predicted):
    """Ids ascend, are never given twice in a frame, appear without gaps, and never come back once forgotten."""
    rng = np.random.default_rng(seed)
    chosen = TrackerSettings(smooth=smooth, emit_predicted=predicted)
    tracker, time_s, known, last_seen = Tracker(CROWDPOSE14, chosen), 0.0, 0, {}
    for _ in range(25):
        time_s += float(rng.choice([0.0, 0.03, 0.5, 30.0]))
        points = rng.uniform(-100, 2000, (rng.integers(0, 8), 14, 2))
        points[rng.random(points.shape[:2]) < 0.4] = np.nan
        out: TrackedPoses = tracker.update(detections(list(points), list(rng.random(len(points)))), time_s)
        ids = out.ids.tolist()
        assert ids == sorted(set(ids))
        assert {i for i in ids if i > known} == set(range(known + 1, max([known, *ids]) + 1))
        known = max([known, *ids])
        assert all(time_s - last_seen.get(i, time_s) <= chosen.max_age_s + 0.5 for i in ids), "but for the last step"
        last_seen |= {i: time_s for i, seen in zip(ids, out.observed, strict=True) if seen}
        assert ((out.poses.scores > 0) <= out.poses.visible).all()


@pytest.mark.parametrize("step_s", [2.0, 4.0])
@pytest.mark.parametrize("max_age_s", [0.0, 1.5])
def test_frames_far_apart_are_not_absences(step_s, max_age_s):
    """A slow source: nobody was out of sight in between, and people who are not sure appear as in any other."""
    tracker = Tracker(CROWDPOSE14, TrackerSettings(max_age_s=max_age_s))
    sure, unsure = Walker(100, speed=0.02), Walker(500)
    ids = []
    for i in range(8):
        people = [sure.keypoints(i * step_s), unsure.keypoints(i * step_s)]
        ids.append(tracker.update(detections(people, [0.7, 0.3]), i * step_s).ids.tolist())
    assert ids[0] == [1]
    assert ids[3:] == [[1, 2]] * 5


def test_no_grace_means_that_one_frame_out_of_sight_is_enough():
    tracker = Tracker(CROWDPOSE14, TrackerSettings(max_age_s=0.0))
    points = Walker(100).keypoints(0)
    for i, shown in enumerate([True, True, False, True]):
        out = tracker.update(detections([points] if shown else []), i / 30)
    assert out.ids.tolist() == [2]


@pytest.mark.parametrize("fps", [8, 15, 30])
def test_people_who_break_into_a_run_keep_their_ids(fps):
    """Standing for a second, then 4 heights a second at once: two thirds of the documented top speed."""
    tracker = Tracker(CROWDPOSE14)

    def at(x, time_s):
        return Walker(x + 4.0 * 200 * max(time_s - 1.0, 0.0)).keypoints(0)

    for i in range(2 * fps):
        out = tracker.update(detections([at(100, i / fps), at(700, i / fps)]), i / fps)
        assert out.ids.tolist() == [1, 2], f"at {i / fps:.2f} s"


@pytest.mark.parametrize("fps", [3, 5, 30])
def test_somebody_coming_nearer_keeps_the_id(fps):
    """Twice as large every second."""
    tracker = Tracker(CROWDPOSE14)
    for i in range(2 * fps):
        scale = 2.0 ** (i / fps)
        out = tracker.update(detections([Walker(0, 0, 100).keypoints(0) * scale + (500, 500)]), i / fps)
        assert out.ids.tolist() == [1]


@pytest.mark.parametrize("fps", [8, 30])
def test_somebody_unsure_who_flickers_gets_a_row(fps):
    tracker = Tracker(CROWDPOSE14)
    points = Walker(100).keypoints(0)
    rows = [len(tracker.update(detections([points] if i % 2 == 0 else [], 0.35), i / fps)) for i in range(2 * fps)]
    assert sum(rows) >= fps - 3


def signatures(rng, count):
    """(count, D) looks, some of them unknown in part or altogether."""
    looks = np.sqrt(rng.dirichlet(np.full(SIGNATURE_SIZE // 2, 0.1), (count, 2))).reshape(count, SIGNATURE_SIZE)
    looks[rng.random(count) < 0.2] = np.nan
    looks[rng.random(count) < 0.2, : SIGNATURE_SIZE // 2] = np.nan
    return looks.astype(np.float16)


@pytest.mark.parametrize("seed", range(3))
def test_endless_strange_input_does_no_harm_and_is_forgotten(seed):
    """People come and go by the hundred, with NaN, zero scores, doubles, times that leap and run back."""
    rng = np.random.default_rng(seed)
    settings = TrackerSettings(smooth=True, emit_predicted=True, max_remembered=20, memory_s=1e6)
    tracker, time_s, known = Tracker(CROWDPOSE14, settings), 0.0, 0
    for i in range(700):
        time_s += float(
            rng.choice([0.0, 0.03, 0.03, 0.03, -1.0, 0.7, 3600.0], p=[0.1, 0.3, 0.3, 0.2, 0.04, 0.05, 0.01])
        )
        count = int(rng.integers(0, 5))
        points = np.array([Walker(*rng.uniform(0, 900, 2), rng.uniform(5, 300)).keypoints(0) for _ in range(count)])
        points = points.reshape(count, 14, 2)
        points[rng.random(points.shape[:2]) < 0.3] = np.nan
        if count > 2:
            points[1] = points[0]
        poses = detections(list(points), list(rng.choice([0.0, 0.1, 0.3, 0.9], count)))
        out = tracker.update(poses, time_s, signatures(rng, count) if i % 7 else None)
        ids = out.ids.tolist()
        assert ids == sorted(set(ids)) and {n for n in ids if n > known} == set(
            range(known + 1, max([known, *ids]) + 1)
        )
        known = max([known, *ids])
        assert ((out.poses.scores > 0) <= out.poses.visible).all()
    assert known > 60
    held = len(tracker._table), len(tracker._sights), len(tracker._smoothers)
    assert max(held) <= settings.max_remembered + 10, held


def dressed(seed):
    """(1, D) looks of a whole person."""
    looks = signatures(np.random.default_rng(seed), 40)
    return looks[np.isfinite(looks).all(axis=1)][:1]


@pytest.mark.parametrize("away_s", [0.5, 3.0, 8.0])
def test_somebody_who_comes_back_elsewhere_is_known_by_the_clothes(away_s):
    """And a stranger in other clothes at the very place is not taken for them."""
    tracker = Tracker(CROWDPOSE14)
    mine, other = dressed(1), dressed(2)
    for i in range(10):
        out = tracker.update(detections([Walker(100).keypoints(0)]), i / 30, mine)
    assert out.ids.tolist() == [1]
    start = 0.3 + away_s
    for i in range(12):
        people = [Walker(140).keypoints(0), Walker(500).keypoints(0)]
        out = tracker.update(detections(people), start + i / 30, np.concatenate([other, mine]))
    assert out.ids.tolist() == [1, 2]
    assert out.raw.keypoints[0, 13, 0] == 500, "1 is who wears the clothes of before"


def test_without_looks_nobody_is_remembered_for_long():
    tracker = Tracker(CROWDPOSE14)
    tracker.update(detections([Walker(100).keypoints(0)]), 0.0)
    for i in range(1, 90):
        tracker.update(Poses.empty(14), i / 30)
    assert tracker.update(detections([Walker(100).keypoints(0)]), 3.0).ids.tolist() == [2]


def test_a_lost_track_does_not_take_over_a_neighbour():
    """Somebody vanishes; two steps away somebody else comes into sight a second later. Of looks nothing is known."""
    tracker = Tracker(CROWDPOSE14)
    for i in range(30):
        tracker.update(detections([Walker(100).keypoints(0)]), i / 30)
    for i in range(30, 60):
        tracker.update(Poses.empty(14), i / 30)
    assert tracker.update(detections([Walker(260).keypoints(0)]), 2.0).ids.tolist() == [2]


def test_a_person_whose_pose_changes_wholly_is_known_by_the_place():
    """At few frames a second a jump leaves no joint where it was, but the box overlaps."""
    tracker, rng = Tracker(CROWDPOSE14), np.random.default_rng(0)
    for i in range(20):
        points = Walker(100).keypoints(0)
        moved = points.mean(axis=0) + (points - points.mean(axis=0))[rng.permutation(14)]
        assert tracker.update(detections([moved if i % 2 else points]), i / 7).ids.tolist() == [1]


def test_a_ghost_gets_no_row():
    """Confident once, then a shadow of five hundredths."""
    tracker = Tracker(CROWDPOSE14)
    for i in range(30):
        rows = len(tracker.update(detections([Walker(100).keypoints(0)], 0.3 if i == 0 else 0.06), i / 30))
        assert rows == 0


def test_looks_that_do_not_fit_are_refused_and_of_another_version_ignored():
    tracker = Tracker(CROWDPOSE14)
    poses = detections([Walker(100).keypoints(0)])
    with pytest.raises(ValueError, match="looks of 1 people"):
        tracker.update(poses, 0.0, np.zeros((2, SIGNATURE_SIZE)))
    assert tracker.update(poses, 0.0, np.zeros((1, 7))).ids.tolist() == [1]


def test_settings_may_change_on_the_way():
    tracker = Tracker(CROWDPOSE14)
    poses = detections([Walker(100).keypoints(0)])
    tracker.update(poses, 0.0)
    tracker.settings = TrackerSettings(smooth=True, max_age_s=0.2)
    assert tracker.update(poses, 0.1).ids.tolist() == [1]
    for i in range(4):
        tracker.update(Poses.empty(14), 0.2 + 0.1 * i)
    assert tracker.update(poses, 0.6).ids.tolist() == [2]


def test_a_weak_pose_in_its_place_is_not_left_for_a_neighbours_sure_one():
    """Somebody all but hidden keeps the number; who stands close beside is somebody else."""
    tracker = Tracker(CROWDPOSE14)
    for i in range(20):
        tracker.update(detections([Walker(100).keypoints(0)]), i / 30)
    out = tracker.update(detections([Walker(100).keypoints(0), Walker(124).keypoints(0)], [0.1, 0.7]), 20 / 30)
    assert out.raw.keypoints[out.ids == 1, 13, 0].tolist() == [100]


def test_somebody_new_is_not_taken_for_a_neighbour_who_vanishes():
    tracker = Tracker(CROWDPOSE14)
    for i in range(20):
        tracker.update(detections([Walker(100).keypoints(0)]), i / 30)
    for i in range(20, 22):
        tracker.update(detections([Walker(100).keypoints(0), Walker(124).keypoints(0)], [0.7, 0.3]), i / 30)
    assert tracker.update(detections([Walker(124).keypoints(0)], 0.3), 22 / 30).ids.tolist() == []


def test_nobody_is_recognised_as_somebody_who_was_seen_beside_them():
    """In the same clothes, when the other has just gone."""
    tracker, clothes = Tracker(CROWDPOSE14), dressed(1)
    for i in range(8):
        people = [Walker(100).keypoints(0), Walker(300).keypoints(0)][0 if i < 2 else 1 :]
        sure = [0.7, 0.35][-len(people) :]
        out = tracker.update(detections(people, sure), i / 30, np.concatenate([clothes] * len(people)))
    assert out.ids.tolist() == [2]


def test_people_hidden_at_the_same_time_are_found_again_without_looks():
    walkers = [Walker(100, speed=0.7), Walker(170, speed=0.7)]
    _, names = follow(walkers, np.arange(60) / 30, hidden=lambda w, t: 1.0 < t < 1.5)
    assert [ids_of(names, w) for w in range(2)] == [{1}, {2}]


@pytest.mark.parametrize(("joints", "score", "rows"), [(8, 0.35, 1), (4, 0.5, 1), (1, 0.9, 0), (14, 0.06, 0)])
def test_half_of_a_person_is_a_person_and_a_ghost_is_none(joints, score, rows):
    """At a desk, in a close-up; one joint, however sure, is nobody."""
    tracker = Tracker(CROWDPOSE14)
    points = Walker(100).keypoints(0)
    points[[i for i in range(14) if i not in (13, 12, 0, 1, 2, 3, 4, 5)[:joints] and joints < 14]] = np.nan
    scores = np.where(np.isfinite(points[..., 0]), score, 0.0).astype(np.float32)
    poses = Poses(points[None].astype(np.float32), scores[None], np.array([scores.mean()], np.float32))
    for i in range(10):
        out = tracker.update(poses, i / 30)
    assert len(out) == rows
