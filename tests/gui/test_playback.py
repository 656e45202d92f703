"""The file player alone: which frames it hands over, at which times, on what wishes."""

from __future__ import annotations

import itertools
import threading
import time
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from app.gui.live.playback import FilePlayer, Playback, PlaybackDesk
from app.sources import open_source
from app.types import Frame
from tests.app.media import write_video
from tests.fakes import read_number


class Player:
    """A FilePlayer on a thread, with what it has shown."""

    def __init__(self, path: Path, playback: Playback) -> None:
        self.shown: list[tuple[Frame, float, bool]] = []
        self.ended = threading.Event()
        self.desk = PlaybackDesk(playback)
        self._source = open_source(path)
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        with self._source as source:
            FilePlayer(source, self.desk, lambda *shown: self.shown.append(shown), self.ended.set).run()

    def __enter__(self) -> Player:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.desk.stop()
        self._thread.join(2)
        assert not self._thread.is_alive()

    def wait_until(self, count: int) -> list[int]:
        deadline = time.monotonic() + 5
        while len(self.shown) < count:
            assert time.monotonic() < deadline, f"only {len(self.shown)} of {count} frames"
            time.sleep(0.002)
        return self.numbers

    @property
    def numbers(self) -> list[int]:
        return [read_number(frame.image_bgr) for frame, _, _ in self.shown]


PAUSED = Playback(playing=False)


def test_paused_player_shows_the_first_frame(clip: Path) -> None:
    with Player(clip, PAUSED) as player:
        assert player.wait_until(1) == [0]


def test_steps_go_one_frame_each_way_and_stop_at_the_start(clip: Path) -> None:
    with Player(clip, PAUSED) as player:
        for expected, step in enumerate((1, 1, 1), start=1):
            player.desk.step(step)
            player.wait_until(expected + 1)
        for count, step in enumerate((-1, -1, -1), start=5):
            player.desk.step(step)
            player.wait_until(count)
        assert player.numbers == [0, 1, 2, 3, 2, 1, 0]
        player.desk.step(-1)  # there is nothing before the first frame
        time.sleep(0.05)
        player.desk.step(1)
        assert player.wait_until(8)[-1] == 1


def test_only_frames_out_of_sequence_count_as_jumps(clip: Path) -> None:
    with Player(clip, PAUSED) as player:
        player.wait_until(1)
        for count, step in enumerate((1, 1, -1, 1), start=2):
            player.desk.step(step)
            player.wait_until(count)
        assert [jump for _, _, jump in player.shown] == [True, False, False, True, False]


@pytest.mark.parametrize("index", [0, 1, 9, 10, 11, 25, 39])
def test_seek_to_a_timestamp_shows_that_frame(clip: Path, index: int) -> None:
    with Player(clip, PAUSED) as player:
        player.wait_until(1)
        player.desk.seek(index / 25)
        assert player.wait_until(2)[-1] == index


def test_seek_beyond_the_end_shows_the_last_frame(clip: Path) -> None:
    with Player(clip, PAUSED) as player:
        player.wait_until(1)
        player.desk.seek(1e6)
        assert player.wait_until(2)[-1] == 39


def test_seconds_asked_for_in_quick_succession_add_up(clip: Path) -> None:
    with Player(clip, PAUSED) as player:
        player.wait_until(1)
        player.desk.seek(0.1)
        for _ in range(5):
            player.desk.seek_by(0.2)
        player.desk.step(1)
        player.desk.seek_by(0.2)
        player.wait_until(3)
        deadline = time.monotonic() + 5
        while player.numbers[-1] != 33 and time.monotonic() < deadline:
            time.sleep(0.002)
        assert player.numbers[-1] == 33  # 27 is on the screen at 1.1 s, then 28, and 0.2 s later 33


def test_seconds_add_up_where_no_frame_lies_on_them(tmp_path: Path) -> None:
    with Player(write_video(tmp_path / "slow.mp4", count=40, fps=3), PAUSED) as player:
        player.wait_until(1)
        for count in range(2, 12):
            player.desk.seek_by(0.5)
            player.wait_until(count)
        assert player.numbers == [0, 1, 3, 4, 6, 7, 9, 10, 12, 13, 15]


def test_seconds_asked_for_beyond_the_ends_are_not_owed(tmp_path: Path) -> None:
    video = write_video(tmp_path / "video.mkv", count=40, sound="aac", sound_shift_s=2.0)
    with Player(video, PAUSED) as player:
        player.wait_until(1)
        for count, (seconds, expected) in enumerate([(-9.0, 0), (0.4, 10), (9.0, 39), (1.0, 39), (-0.4, 29)], start=2):
            player.desk.seek_by(seconds)
            assert player.wait_until(count)[-1] == expected


def test_steps_follow_the_timestamps_of_a_variable_frame_rate(tmp_path: Path) -> None:
    times = [Fraction(0), Fraction(1, 50), Fraction(1, 5), Fraction(1, 4), Fraction(1), Fraction(101, 100)]
    path = write_video(tmp_path / "vfr.mp4", count=len(times), times=times, gop=3)
    with Player(path, PAUSED) as player:
        player.wait_until(1)
        player.desk.seek(10.0)
        player.wait_until(2)
        for count in range(3, 8):
            player.desk.step(-1)
            player.wait_until(count)
        assert player.numbers == [0, 5, 4, 3, 2, 1, 0]
        assert [frame.time_s for frame, _, _ in player.shown[1:]] == pytest.approx([float(t) for t in times[::-1]])


def test_playing_hands_over_every_frame_in_order_and_ends(clip: Path) -> None:
    with Player(clip, Playback(speed=4.0)) as player:
        assert player.ended.wait(5)
        assert player.numbers == list(range(40))
        assert not player.desk.playback.playing


def test_frames_are_due_at_their_presentation_times(clip: Path) -> None:
    with Player(clip, Playback(speed=2.0)) as player:
        assert player.ended.wait(5)
        due = [due_s for _, due_s, _ in player.shown]
        gaps = [b - a for a, b in itertools.pairwise(due)]
        assert sum(abs(gap - 0.02) < 1e-4 for gap in gaps) > len(gaps) * 0.8  # the others: the machine was late


def test_out_point_ends_playing_and_in_point_begins_the_loop(clip: Path) -> None:
    with Player(clip, Playback(speed=4.0, loop=True, in_s=0.4, out_s=0.6)) as player:
        numbers = player.wait_until(40)
        assert max(numbers) == 15
        after_first_round = numbers[numbers.index(15) + 1 :]
        assert set(after_first_round) <= set(range(10, 16))
        assert after_first_round[0] == 10


def test_pausing_keeps_the_place(clip: Path) -> None:
    with Player(clip, Playback()) as player:
        player.wait_until(5)
        player.desk.set_playback(PAUSED)
        time.sleep(0.1)
        shown = len(player.shown)
        time.sleep(0.15)
        assert len(player.shown) == shown
        player.desk.set_playback(Playback(speed=4.0))
        player.wait_until(shown + 5)
        assert player.numbers == list(range(len(player.shown)))


@pytest.mark.parametrize("place_s", [0.2, 1.0])
def test_a_start_outside_of_the_part_begins_at_its_beginning(clip: Path, place_s: float) -> None:
    part = Playback(playing=False, speed=4.0, in_s=0.4, out_s=0.6)
    with Player(clip, part) as player:
        player.desk.seek(place_s)
        player.wait_until(2)
        player.desk.set_playback(replace(part, playing=True, starts=1))
        assert player.ended.wait(5)
        assert player.numbers[2:] == list(range(10, 16))


def test_a_start_at_the_end_of_a_video_of_one_image_ends(tmp_path: Path) -> None:
    with Player(write_video(tmp_path / "one.mp4", count=1), Playback()) as player:
        for starts in (1, 2):
            assert player.ended.wait(5)
            player.ended.clear()
            player.desk.set_playback(Playback(starts=starts))
        assert player.ended.wait(5)


def test_of_many_seeks_the_last_one_is_shown(clip: Path) -> None:
    with Player(clip, PAUSED) as player:
        player.wait_until(1)
        for index in (30, 3, 17, 8, 21):
            player.desk.seek(index / 25)
        player.wait_until(2)
        time.sleep(0.2)
        assert player.numbers[-1] == 21
