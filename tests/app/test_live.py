"""Person slots, what is sent, and senders that never hold anybody up."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import numpy as np
import pytest

from app.live.address import Address, optional_module, parse_address
from app.live.frame import LiveFrame, LiveSettings, channel_names
from app.live.output import DEPTH, LiveOut, Sender
from app.live.slots import PersonSlots
from app.repetitions import RepetitionSettings
from pose.errors import MediaError, SettingsError
from pose.skeleton import CROWDPOSE14
from tests.app.live_frames import SIZE, frames, made, result


def slots_of(slots: PersonSlots, ids: list[int], time_s: float) -> list[int]:
    return slots.update(np.array(ids, np.int64), time_s).tolist()


def test_a_person_keeps_a_slot_while_known_and_it_is_free_afterwards() -> None:
    slots = PersonSlots(3, keep_s=10)
    assert slots_of(slots, [4, 7], 0.0) == [1, 2]
    assert slots_of(slots, [7], 5.0) == [2]
    assert slots_of(slots, [4, 7], 9.0) == [1, 2], "gone for less than keep_s"
    assert slots_of(slots, [7, 9], 10.0) == [2, 3], "the slot of someone who may come back is left alone"
    assert slots_of(slots, [7, 9, 11], 30.0) == [2, 3, 1]
    assert slots_of(slots, [4, 7, 9, 11], 30.1) == [0, 2, 3, 1], "whoever finds no place waits"
    assert slots_of(slots, [], 44.0) == []
    assert slots_of(slots, [7], 45.0) == [1], "gone for longer than keep_s: as if new"


def test_without_a_free_slot_a_newcomer_gets_that_of_whoever_was_missed_longest() -> None:
    slots = PersonSlots(2, keep_s=60)
    slots_of(slots, [1, 2], 0.0)
    assert slots_of(slots, [2, 3], 1.0) == [2, 0], "missed for a moment only"
    assert slots_of(slots, [2, 3], 2.0) == [2, 1]
    assert slots_of(slots, [1, 2, 3], 2.5) == [0, 2, 1]


def test_slots_never_hold_two_people_nor_one_person_two_slots() -> None:
    rng = np.random.default_rng(0)
    slots, before = PersonSlots(4, keep_s=1.0), dict[int, int]()
    for i in range(2000):
        ids = np.sort(rng.choice(np.arange(1, 9) + i // 100, rng.integers(0, 7), replace=False)).astype(np.int64)
        given = slots.update(ids, i / 30)
        taken = given[given > 0]
        assert len(set(taken.tolist())) == len(taken)
        now = dict(zip(ids.tolist(), given.tolist(), strict=True))
        assert all(now[i] == slot for i, slot in before.items() if slot and i in now), "seen twice in a row"
        before = now


@pytest.mark.parametrize("count", [0, -1, 31])
def test_the_number_of_slots_has_bounds(count: int) -> None:
    with pytest.raises(SettingsError):
        PersonSlots(count)


def test_a_frame_has_the_chosen_joints_of_everybody_with_a_slot() -> None:
    maker, run = made(LiveSettings(slots=2, joints=("neck", "left_wrist")))
    frame = maker(result(3, ids=(5, 6, 7)), 1.0)
    assert [(person.slot, person.track_id) for person in frame.people] == [(1, 5), (2, 6)]
    assert frame.people[1].keypoints.shape == (2, 2)
    assert frame.people[1].keypoints[0, 0] == 603, "the neck of person 6 in frame 3"
    assert run.edges == ()
    assert channel_names(run) == ("neck_x", "neck_y", "neck_score", "left_wrist_x", "left_wrist_y", "left_wrist_score")


def test_raw_and_normalised_positions() -> None:
    smoothed, raw = made()[0](result(0), 0).people[0], made(LiveSettings(raw=True))[0](result(0), 0).people[0]
    assert np.allclose(raw.keypoints, smoothed.keypoints + 1)
    normalised = made(LiveSettings(normalised=True))[0](result(0), 0).people[0]
    assert np.allclose(normalised.keypoints * SIZE, smoothed.keypoints)
    assert normalised.keypoints.dtype == np.float32


def test_repetitions_are_counted_per_person_not_per_slot() -> None:
    maker, _ = made(LiveSettings(slots=1, repetitions=(RepetitionSettings("knee"),)))
    knee = CROWDPOSE14.index("left_knee")

    def squat(i: int, track_id: int) -> int:
        live = result(i, ids=(track_id,))
        live.tracks.poses.keypoints[0, knee, 0] += 80 * (1 - np.cos(2 * np.pi * i / 30))
        live.tracks.poses.keypoints[0, CROWDPOSE14.index("right_knee")] = np.nan
        return maker(live, i / 30).people[0].repetitions[0].count

    assert [squat(i, 1) for i in range(121)][-1] == 4
    assert squat(1000, 2) == 0


def test_unknown_joints_are_refused() -> None:
    with pytest.raises(SettingsError, match="left_toe"):
        made(LiveSettings(joints=("left_toe",)))


class Receiver:
    """An output that takes `takes_s` for every frame, or fails while `broken`."""

    name, warning = "test output", ""

    def __init__(self, takes_s: float = 0.0) -> None:
        self.takes_s, self.broken, self.got = takes_s, False, list[int]()
        self.closed = threading.Event()

    def send(self, frame: LiveFrame) -> None:
        if self.broken:
            raise OSError(111, "Connection refused")
        if self.closed.wait(self.takes_s):
            raise OSError("closed")
        self.got.append(frame.index)

    def close(self) -> None:
        self.closed.set()


def wait_until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    deadline_s = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline_s
        time.sleep(0.002)


def test_a_stalled_receiver_holds_up_neither_the_pipeline_nor_the_others() -> None:
    maker, _ = made()
    quick, stalled = Receiver(), Receiver(takes_s=600)
    with LiveOut(maker, [stalled, quick]) as out:
        start_s = time.monotonic()
        for i in range(500):
            out.publish(result(i), i / 30)
            wait_until(lambda i=i: len(quick.got) > i)  # type: ignore[misc]
        assert quick.got == list(range(500))
        waiting = len(out.senders[0]._waiting)
        assert waiting <= DEPTH
        assert out.senders[0].dropped == 500 - waiting - 1
        assert time.monotonic() - start_s < 600
    assert stalled.closed.is_set() and not out.senders[0]._thread.is_alive()


def test_a_receiver_that_was_too_slow_goes_on_with_the_newest() -> None:
    class Gate(Receiver):
        opened = threading.Event()

        def send(self, frame: LiveFrame) -> None:
            self.opened.wait(60)
            super().send(frame)

    receiver = Gate()
    sender = Sender(receiver)
    for frame in frames(3 * DEPTH + 5):
        sender.put(frame)
    receiver.opened.set()
    wait_until(lambda: receiver.got[-1:] == [3 * DEPTH + 4])
    sender.close()
    assert len(receiver.got) <= DEPTH + 1
    newest = receiver.got[1:]
    assert newest == list(range(newest[0], 3 * DEPTH + 5)), "without gaps from there on"


def test_no_more_frames_than_the_receiver_wants() -> None:
    receiver = Receiver()
    sender = Sender(receiver, max_fps=20)
    for frame in frames(300):  # 10 seconds of 30 FPS
        sender.put(frame)
        wait_until(lambda: not sender._waiting)
    wait_until(lambda: sender.sent == len(receiver.got))
    sender.close()
    assert len(receiver.got) == pytest.approx(200, abs=2)
    assert sender.dropped == 0


def test_a_failing_output_says_so_once_and_works_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.live.output._WELL_S", 0.05)
    said: list[str] = []
    receiver = Receiver()
    sender = Sender(receiver, notify=said.append)
    receiver.broken = True
    for frame in frames(10):
        sender.put(frame)
        wait_until(lambda: not sender._waiting)
    receiver.broken = False

    def works_again() -> bool:
        sender.put(frames(1)[0])
        return len(said) > 1

    wait_until(works_again)
    sender.close()
    assert said == ["test output does not work at the moment (Connection refused).", "test output works again."]


def test_addresses() -> None:
    assert parse_address("9000") == Address("127.0.0.1", 9000)
    assert parse_address("studio.local:9000") == Address("studio.local", 9000)
    assert str(parse_address("[::1]:9000")) == "[::1]:9000"
    here = ("9000", "localhost:9000", "127.0.0.5:9000", "[::1]:9000")
    elsewhere = ("192.168.1.5:9000", "0.0.0.0:9000", "[::]:9000", "studio.local:9000")
    assert all(parse_address(text).is_this_machine for text in here)
    assert not any(parse_address(text).is_this_machine for text in elsewhere)
    for text in ("", "x", "70000", "0", ":9000", "host:", "::1:9000", "[host]:9000", "²", "[1.2.3.4]:9000"):
        with pytest.raises(SettingsError):
            parse_address(text)


def test_a_missing_package_is_named() -> None:
    with pytest.raises(MediaError, match=r"OSC needs the package python-osc: python -m pip install python-osc"):
        optional_module("no_such_module_at_all", "python-osc", "OSC")
