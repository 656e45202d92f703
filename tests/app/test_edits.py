from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.edit_log import EditLog, describe, from_json, to_json
from app.analysis.edits import Delete, Edit, Merge, Rename, Split, Swap, edited, names
from app.analysis.pose_edits import Bridge, FlipSides, HideJoint, Knot, MoveJoint
from app.analysis.repair import Repair, refit
from app.analysis.track_table import collect
from app.types import TrackedFrame
from pose.errors import MediaError, SettingsError
from pose.skeleton import CROWDPOSE14
from tests.app.tracked import same, sequences, tracked_frame

FAST = settings(max_examples=25, deadline=None, database=None, derandomize=True)


class Rows:
    """Where an edit log lies, in memory."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, bool]] = []

    def edit_rows(self) -> list[tuple[str, bool]]:
        return list(self.rows)

    def write_edit_rows(self, rows: list[tuple[str, bool]]) -> None:
        self.rows = list(rows)


def apply(frames: list[TrackedFrame], *edits: Edit) -> list[TrackedFrame]:
    return [edited(frame, edits, CROWDPOSE14) for frame in frames]


@st.composite
def edits(draw: st.DrawFn) -> Edit:
    person, other = draw(st.permutations([1, 2, 3, 4]))[:2]
    first = draw(st.integers(0, 5))
    last = draw(st.none() | st.integers(first, 6))
    span = {"first": first, "last": last}
    at = (*((float(x), 50.0) for x in range(13)), (float("nan"),) * 2)
    before, after = (Knot(frame=f, points=at, scores=(0.5,) * 14) for f in (0, 5))
    return draw(
        st.sampled_from(
            [
                Swap(person=person, other=other, **span),
                Merge(person=person, into=other, **span),
                Split(person=person, new=9, **span),
                Delete(person=person, **span),
                Rename(person=person, name="Anna"),
                FlipSides(person=person, **span),
                HideJoint(person=person, joint="left_knee", **span),
                MoveJoint(
                    person=person, joint="neck", frame=first, x=5.0, y=6.0, dx=1.0, dy=2.0, reach=2, first=0, last=7
                ),
                Bridge(person=person, before=before, after=after, **span),
                Bridge(person=person, before=before, after=after, joints=("neck",), **span),
            ]
        )
    )


@given(sequences(), st.lists(edits(), max_size=5))
@FAST
def test_frames_stay_valid_and_what_was_seen_is_never_changed(frames: list[TrackedFrame], chosen: list[Edit]) -> None:
    before = [f.tracks.raw.keypoints.copy() for f in frames]
    for frame in apply(frames, *chosen):
        ids = frame.tracks.ids
        assert (np.diff(ids) > 0).all()  # sorted, each once
        assert ids.dtype == np.int64
        assert frame.tracks.poses.keypoints.dtype == np.float32
    assert all(np.array_equal(b, f.tracks.raw.keypoints, equal_nan=True) for b, f in zip(before, frames, strict=True))


@given(sequences(), st.lists(edits(), min_size=1, max_size=5))
@FAST
def test_undoing_all_gives_the_first_state_back_and_redoing_the_last(
    frames: list[TrackedFrame], chosen: list[Edit]
) -> None:
    rows = Rows()
    log = EditLog(rows)
    states = [frames]
    for edit in chosen:
        log.add(edit)
        states.append(apply(frames, *log.active))
    for state in reversed(states[:-1]):
        log.undo()
        assert same(apply(frames, *log.active), state)
    log = EditLog(rows)  # after a restart
    for state in states[1:]:
        log.redo()
        assert same(apply(frames, *EditLog(rows).active), state)


@given(sequences(), edits())
@FAST
def test_swaps_and_flips_undo_themselves(frames: list[TrackedFrame], edit: Edit) -> None:
    if isinstance(edit, Swap | FlipSides):
        assert same(apply(frames, edit, edit), frames)


@given(edits())
@FAST
def test_edits_survive_being_written(edit: Edit) -> None:
    text = to_json(edit)
    assert to_json(from_json(text)) == text
    assert type(from_json(text)) is type(edit)


@given(sequences(), sequences(), st.lists(edits(), max_size=4))
@FAST
def test_each_frame_is_edited_on_its_own(a: list[TrackedFrame], b: list[TrackedFrame], chosen: list[Edit]) -> None:
    assert same(apply(a, *chosen) + apply(b, *chosen), apply(a + b, *chosen))
    table = collect(a, CROWDPOSE14)
    assert same(list(table.edited(chosen)), apply(a, *chosen))


def test_a_swap_exchanges_two_people_in_its_frames_alone() -> None:
    frames = [tracked_frame(i, {1: (50.0, 60.0), 2: (300.0, 60.0)}) for i in range(4)]
    swapped = apply(frames, Swap(person=1, other=2, first=1, last=2))
    neck = CROWDPOSE14.index("neck")
    assert [f.tracks.raw.keypoints[0, neck, 0] for f in swapped] == [50, 300, 300, 50]


def test_of_two_merged_people_in_one_frame_the_observed_one_stays() -> None:
    frame = tracked_frame(0, {1: (50.0, 60.0), 2: (300.0, 60.0), 3: (500.0, 60.0)}, predicted=(1,))
    merged = apply([frame], Merge(person=2, into=1))[0].tracks
    assert merged.ids.tolist() == [1, 3]
    assert merged.raw.keypoints[0, CROWDPOSE14.index("neck"), 0] == 300
    assert apply([frame], Merge(person=1, into=2))[0].tracks.raw.keypoints[0, CROWDPOSE14.index("neck"), 0] == 300


def test_a_dragged_joint_takes_its_neighbours_along_less_and_less() -> None:
    frames = [tracked_frame(i, {1: (50.0, 60.0)}) for i in range(9)]
    edit = Repair(collect(frames, CROWDPOSE14)).move_joint(1, "neck", 4, 62.0, 60.0, reach=3)
    moved = apply(frames, edit)
    neck = CROWDPOSE14.index("neck")
    assert [round(float(f.tracks.raw.keypoints[0, neck, 0]) - 50) for f in moved] == [0, 3, 6, 9, 12, 9, 6, 3, 0]
    assert moved[4].tracks.raw.scores[0, neck] == 1
    assert np.array_equal(moved[4].tracks.raw.keypoints[0, :neck], frames[4].tracks.raw.keypoints[0, :neck])


def test_a_bridge_goes_straight_and_fills_frames_without_the_person() -> None:
    frames = [tracked_frame(i, {1: (10.0 * i, 60.0)} if i in (0, 4) else {2: (400.0, 60.0)}) for i in range(5)]
    edit = Repair(collect(frames, CROWDPOSE14)).bridge(1, 1, 3)
    bridged = apply(frames, edit)
    neck = CROWDPOSE14.index("neck")
    assert [f.tracks.raw.keypoints[0, neck, 0] for f in bridged] == [0, 10, 20, 30, 40]
    assert [f.tracks.observed.tolist() for f in bridged] == [[True], *[[False, True]] * 3, [True]]
    slowed = apply([replace(f, time_s=f.time_s / 8) for f in frames], from_json(to_json(edit)))
    assert [f.tracks.raw.keypoints[0, neck, 0] for f in slowed] == [0, 10, 20, 30, 40]


def test_a_new_edit_takes_the_place_of_undone_ones() -> None:
    log = EditLog(Rows())
    for person in (1, 2, 3):
        log.add(Delete(person=person))
    log.undo()
    log.undo()
    log.add(Delete(person=7))
    assert [e.person for e in log.active if isinstance(e, Delete)] == [1, 7]
    with pytest.raises(SettingsError, match="no edit to redo"):
        log.redo()


def test_only_the_last_name_counts() -> None:
    log = [Rename(person=1, name="Anna"), Rename(person=2, name="Ben"), Rename(person=1, name="")]
    assert names(log) == {2: "Ben"}


def test_unknown_edits_are_refused_in_one_sentence() -> None:
    for text in ('{"kind": "teleport"}', "[]", "{", '{"kind": "delete", "person": 1, "anchors": [], "new_field": 1}'):
        with pytest.raises(MediaError, match="newer version"):
            from_json(text)


def _two(order: tuple[int, int]) -> list[TrackedFrame]:
    a, b = order
    return [tracked_frame(i, {a: (50.0 + i, 60.0), b: (300.0 + i, 60.0)}) for i in range(6)]


def test_edits_follow_people_who_have_other_numbers_after_another_tracking() -> None:
    first, again = _two((1, 2)), _two((8, 5))
    repair = Repair(collect(first, CROWDPOSE14))
    made = [repair.split(2, at=3), repair.rename(1, "Anna"), repair.delete(1, 0, 1)]
    kept, misfits = refit(made, collect(again, CROWDPOSE14))
    assert not misfits
    ids = [f.tracks.ids.tolist() for f in apply(again, *kept)]
    new = next(e.new for e in kept if isinstance(e, Split))
    assert ids == [[5]] * 2 + [[5, 8]] + [sorted([8, new])] * 3
    assert names(kept) == {8: "Anna"}


def test_later_edits_are_refitted_to_what_earlier_ones_left() -> None:
    first, again = _two((1, 2)), _two((2, 1))
    table = collect(first, CROWDPOSE14)
    swap = Repair(table).swap(1, 2)
    delete = Repair(table.edited([swap])).delete(1)  # who was 2 at first
    kept, misfits = refit([swap, delete], collect(again, CROWDPOSE14))
    assert not misfits
    left = apply(again, *kept)[0].tracks
    assert left.raw.keypoints[:, CROWDPOSE14.index("neck"), 0].tolist() == [50]


def test_edits_of_people_who_are_not_found_again_are_named() -> None:
    repair = Repair(collect(_two((1, 2)), CROWDPOSE14))
    made = [repair.merge(2, 1), repair.delete(2), repair.delete(1)]
    alone = collect([tracked_frame(i, {4: (50.0 + i, 60.0)}) for i in range(6)], CROWDPOSE14)
    kept, misfits = refit(made, alone)
    assert [type(m.edit) for m in misfits] == [Merge, Delete]
    assert misfits[0].reason == "Nobody is where person 2 was in frame 0."
    assert [e.person for e in kept if isinstance(e, Delete)] == [4]


def test_a_number_that_was_free_stays_free() -> None:
    repair = Repair(collect(_two((1, 2)), CROWDPOSE14))
    kept, _ = refit([repair.swap(1, 7), repair.split(2, at=2)], collect(_two((7, 3)), CROWDPOSE14))
    ids = [f.tracks.ids.tolist() for f in apply(_two((7, 3)), *kept)]
    assert all(len(i) == 2 for i in ids)
    assert len({i for row in ids for i in row}) == 3


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (lambda r: r.swap(1, 1), "cannot be swapped"),
        (lambda r: r.swap(8, 9), "There is no person 8; people are 1, 2."),
        (lambda r: r.merge(1, 9), "There is no person 9"),
        (lambda r: r.split(1, at=0), "nothing to split"),
        (lambda r: r.delete(1, 50, 60), "between frames 50 and 60"),
        (lambda r: r.delete(1, 5, 2), "must not come before"),
        (lambda r: r.hide_joint(1, "nose"), 'no joint "nose"'),
        (lambda r: r.bridge(1, 0, 3), "must be there before frame 0"),
    ],
)
def test_what_makes_no_sense_is_refused(wrong: object, sentence: str) -> None:
    with pytest.raises(SettingsError, match=sentence):
        wrong(Repair(collect(_two((1, 2)), CROWDPOSE14)))  # type: ignore[operator]


def test_descriptions_name_people_and_frames() -> None:
    repair = Repair(collect(_two((1, 2)), CROWDPOSE14))
    assert describe(repair.swap(1, 2, 1, 4)) == "swap 1 and 2, frames 1 to 4"
    assert describe(repair.split(1, 2)) == "split 1: 3 afterwards, from frame 2"
    assert describe(repair.rename(1, " Anna ")) == "rename 1: Anna"
