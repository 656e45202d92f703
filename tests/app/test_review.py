from __future__ import annotations

from typing import get_args

import numpy as np

from app.analysis.doubt import Doubt, Kind, sentence
from app.analysis.review import review
from app.analysis.track import TrackChoices, track
from app.analysis.track_table import collect
from app.settings import Settings, Smoothing
from app.types import TrackedFrame
from benchmarks.review_recall import identity_errors, recall
from pose.skeleton import CROWDPOSE14
from pose.types import Poses
from tests.app.tracked import tracked_frame
from tests.tracking.test_sides import exchanged, seen_from
from tests.tracking.walkers import detections
from tracking.metrics import FramePair
from tracking.types import Detections, TrackedPoses

SIZE = (1000, 400)


def doubts_of(frames: list[TrackedFrame], cuts: tuple[int, ...] = ()) -> list[Doubt]:
    """All but that made people do not move at all."""
    return [doubt for doubt in review(collect(frames, CROWDPOSE14), SIZE, cuts) if doubt.kind != "still"]


def kinds_of(frames: list[TrackedFrame], cuts: tuple[int, ...] = ()) -> list[tuple[str, tuple[int, ...]]]:
    return [(doubt.kind, doubt.people) for doubt in doubts_of(frames, cuts)]


def walk(frame: int, start: float, step: float) -> tuple[float, float]:
    return (start + step * frame, 100.0)


def test_what_is_reviewed_and_repaired_has_the_sides_that_files_have(rng: np.random.Generator) -> None:
    """Shins seen exchanged in two frames: results undo it, so whoever looks at the tracks must not find it there."""
    true = [np.float32(seen_from(0.1) + rng.normal(0, 1, (14, 2))) for _ in range(40)]
    seen = [exchanged(p, ("knee", "ankle")) if n in (20, 21) else p for n, p in enumerate(true)]
    found = [Detections(n, n / 25, detections([points])) for n, points in enumerate(seen)]
    for smoothing in get_args(Smoothing):
        choices = TrackChoices.of(Settings(smoothing=smoothing))
        table = collect(track(found, CROWDPOSE14, choices.unsmoothed), CROWDPOSE14)
        np.testing.assert_array_equal(table.keypoints, true)


def test_people_who_walk_in_and_out_at_the_border_are_not_doubtful() -> None:
    frames = [tracked_frame(i, {1: walk(i - 20, 10, 10)} if 20 <= i < 119 else {}) for i in range(140)]
    assert kinds_of(frames) == []


def test_a_number_that_ends_and_another_that_begins_there_are_one_moment() -> None:
    frames = [tracked_frame(i, {1 if i < 30 else 2: walk(i, 300, 4)} if not 30 <= i < 40 else {}) for i in range(80)]
    (doubt,) = doubts_of(frames)
    assert (doubt.kind, doubt.people, doubt.first, doubt.last) == ("broken", (1, 2), 29, 40)
    assert doubt.severity > 0.8


def test_who_begins_or_ends_in_the_middle_of_the_image_is_named() -> None:
    there = range(30, 60)
    frames = [tracked_frame(i, {1: (500.0, 100.0)} if i in there else {}) for i in range(100)]
    assert sorted(kinds_of(frames)) == [("lost", (1,)), ("new", (1,))]
    assert kinds_of(frames, cuts=(30, 60)) == [("cut", ()), ("cut", ())]  # another shot, other people


def _crossing(swapped: bool) -> list[TrackedFrame]:
    """Two people walk towards and past each other; or take each other's number where they meet."""
    frames = []
    for i in range(60):
        a, b = walk(i, 200, 8), walk(i, 672, -8)
        if swapped and i >= 30:
            a, b = b, a
        frames.append(tracked_frame(i, {1: a, 2: b}))
    return frames


def test_people_who_turn_back_where_they_meet_may_have_been_exchanged() -> None:
    assert ("swap", (1, 2)) in kinds_of(_crossing(swapped=True))
    assert all(0 <= doubt.severity <= 1 for doubt in doubts_of(_crossing(swapped=True)))
    assert kinds_of(_crossing(swapped=False)) == []


def test_a_jump_and_an_absence_are_named_with_their_frames() -> None:
    jumping = [tracked_frame(i, {1: (300.0 if i < 40 else 420.0, 100.0)}) for i in range(80)]
    (doubt,) = doubts_of(jumping)
    assert (doubt.kind, doubt.first, doubt.last) == ("jump", 39, 40)
    absent = [tracked_frame(i, {1: (300.0, 100.0)} if not 40 <= i < 60 else {}) for i in range(100)]
    (doubt,) = doubts_of(absent)
    assert (doubt.kind, doubt.first, doubt.last) == ("gap", 39, 60)
    far = [tracked_frame(i, {1: (300.0 if i < 40 else 390.0, 100.0)} if not 40 <= i < 60 else {}) for i in range(100)]
    assert doubts_of(far)[0].severity > doubt.severity


def _with(frame: TrackedFrame, joint: str, by: float = 0.0, score: float | None = None) -> TrackedFrame:
    points, scores = frame.tracks.raw.keypoints.copy(), frame.tracks.raw.scores.copy()
    j = CROWDPOSE14.index(joint)
    points[0, j, 0] += by
    scores[0, j] = scores[0, j] if score is None else score
    poses = Poses(points, scores, frame.tracks.raw.confidence)
    return TrackedFrame(frame.index, frame.time_s, TrackedPoses(frame.tracks.ids, poses, frame.tracks.observed, poses))


def test_a_sure_joint_that_jumps_is_one_row_and_an_unsure_one_none() -> None:
    frames = [tracked_frame(i, {1: (300.0, 100.0)}) for i in range(50)]
    bad = [*frames[:25], _with(frames[25], "left_wrist", 60), *frames[26:]]
    rows = [doubt for doubt in doubts_of(bad) if doubt.kind == "joint"]
    assert [(d.joint, d.first, d.last) for d in rows] == [("left_wrist", 25, 26)]
    unsure = [*frames[:25], _with(frames[25], "left_wrist", 60, 0.05), *frames[26:]]
    assert doubts_of(unsure) == []


def test_bones_longer_than_a_body_has_and_weak_people_are_named() -> None:
    frames = [tracked_frame(i, {1: (300.0, 100.0)}) for i in range(50)]
    mixed = [_with(f, "left_ankle", 90) if i >= 20 else f for i, f in enumerate(frames)]
    assert ("mixed", (1,)) in kinds_of(mixed)
    weak = [tracked_frame(i, {1: (300.0, 100.0)}, confidence=0.1 if i >= 20 else 0.8) for i in range(50)]
    assert ("weak", (1,)) in kinds_of(weak)


def test_who_never_moves_may_be_a_picture() -> None:
    rng = np.random.default_rng(5)

    def noisy(px: float, count: int = 50, fps: float = 25.0) -> list[Doubt]:
        frames = [tracked_frame(i, {1: (300.0, 100.0)}, fps=fps) for i in range(count)]
        for frame in frames:
            frame.tracks.raw.keypoints[:] += rng.normal(0, px, frame.tracks.raw.keypoints.shape).astype(np.float32)
        return review(collect(frames, CROWDPOSE14), SIZE)

    (doubt,) = noisy(0.03)  # as of a photo in a video
    assert (doubt.kind, doubt.first, doubt.last, doubt.people) == ("still", 0, 49, (1,))
    assert noisy(0.5) == []  # somebody who stands still
    assert noisy(0.03, count=20) == []  # too short to tell
    assert len(noisy(0.03, count=100, fps=50.0)) == 1


def test_doubts_do_not_depend_on_size_or_frame_rate() -> None:
    def scaled(factor: float, stride: int) -> list[tuple[str, tuple[int, ...]]]:
        frames = [
            tracked_frame(
                i,
                {1: (factor * (200 + 8 * i), factor * 100.0), 2: (factor * (672 - 8 * i), factor * 100.0)}
                if i < 30
                else {2: (factor * (200 + 8 * i), factor * 100.0), 1: (factor * (672 - 8 * i), factor * 100.0)},
                height=100 * factor,
            )
            for i in range(0, 60, stride)
        ]
        size = (int(SIZE[0] * factor), int(SIZE[1] * factor))
        return [(d.kind, d.people) for d in review(collect(frames, CROWDPOSE14), size)]

    assert scaled(1, 1) == scaled(3, 1) == scaled(1, 2)


def test_nobody_and_nothing_are_not_doubtful() -> None:
    assert doubts_of([]) == []
    assert doubts_of([tracked_frame(i, {}) for i in range(5)], cuts=(3,)) == [Doubt("cut", 3, 3, (), 0.3)]


def test_every_kind_has_words() -> None:
    for kind in get_args(Kind):
        assert sentence(Doubt(kind, 1, 2, (3, 4), 0.5, "left_knee"))


def _pairs(found: list[list[int]]) -> list[FramePair]:
    """Two true people, each at the place of one found id per frame."""
    return [FramePair(np.array([1, 2]), np.array(ids), np.eye(2)) for ids in found]


def test_identity_errors_are_switches_and_thefts_that_last() -> None:
    assert identity_errors(_pairs([[5, 6]] * 10)) == []
    assert identity_errors(_pairs([[5, 6]] * 5 + [[6, 5]] + [[5, 6]] * 5)) == []  # one frame is a slip of matching
    errors = identity_errors(_pairs([[5, 6]] * 5 + [[6, 5]] * 5))
    assert {(e.first, e.last, tuple(sorted(e.people))) for e in errors} == {(4, 5, (5, 6)), (4, 5, (5,)), (4, 5, (6,))}


def test_recall_counts_rows_that_name_errors_and_false_ones() -> None:
    pairs = _pairs([[5, 6]] * 50 + [[6, 5]] * 50)
    rows = [Doubt("swap", 48, 52, (5, 6), 0.9), Doubt("jump", 10, 11, (5,), 0.5), Doubt("joint", 10, 11, (5,), 0.5)]
    counts = recall(rows, pairs, fps=25)
    assert (counts.errors, counts.named, counts.rows, counts.false_rows) == (4, 4, 2, 1)
    assert recall([], pairs, fps=25).named == 0
