"""The session on real small files and a fake model: what reaches the screen, and what is said when things fail."""

from __future__ import annotations

import csv
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.analysis.store import open_store
from app.export.sidecar import read_sidecar
from app.gui.live import recording
from app.gui.live.recording import SessionRecorder
from app.gui.live.session import Session
from app.gui.live.workers import Brain, is_out_of_memory
from app.gui.view.delivery import Delivery
from app.settings import Settings
from app.sources import open_source
from pose.errors import EngineError, MediaError, WeightsError
from pose.skeleton import COCO17, CROWDPOSE14, Skeleton
from tests.app.media import packet_sizes, write_video
from tests.fakes import FakeEstimator, read_number
from tests.gui.studio import FAST, FailingEstimator, Recorded, SlowEstimator, brain_of, broken_source, our_threads
from tracking.settings import TrackerSettings

Maker = Callable[..., tuple[Session, Recorded]]


def when_open(qtbot: Any, session: Session, told: Recorded, playing: bool = False) -> None:
    """Wait until the first image has been analysed; paused there unless `playing`."""
    if not playing:
        session.pause()
    qtbot.waitUntil(lambda: any(d.analysed for d in told.deliveries), timeout=FAST)


def open_paused(qtbot: Any, session: Session, told: Recorded, path: Path) -> None:
    session.open(str(path))
    when_open(qtbot, session, told)


def test_a_file_plays_to_its_end_and_pauses_there(qtbot: Any, make_session: Maker, clip: Path) -> None:
    session, told = make_session()
    session.set_speed(2.0)
    session.open(str(clip))
    qtbot.waitUntil(lambda: bool(told.indices) and not session.state.playing, timeout=FAST)
    qtbot.waitUntil(lambda: told.indices[-1] == 39, timeout=FAST)
    assert told.indices == sorted(told.indices)
    assert session.state.phase == "open"


def test_playing_again_after_the_end_begins_at_the_start(qtbot: Any, make_session: Maker, clip: Path) -> None:
    session, told = make_session()
    open_paused(qtbot, session, told, clip)
    session.seek(10.0)
    qtbot.waitUntil(lambda: told.indices[-1] == 39, timeout=FAST)
    session.play()
    qtbot.waitUntil(lambda: told.indices[-1] < 20, timeout=FAST)


def cut_off(path: Path) -> Path:
    """A video whose index announces 40 images, of which the last third is missing."""
    write_video(path, count=40, options={"movflags": "faststart"})
    start = packet_sizes(path)[27][0]
    path.write_bytes(path.read_bytes()[:start])
    return path


def sound_goes_on(path: Path) -> Path:
    """A video whose sound is two seconds longer than its image; the file announces the longer one."""
    return write_video(path, count=40, sound="aac", sound_shift_s=2.0)


@pytest.mark.parametrize("way", ["playing", "seeking"])
@pytest.mark.parametrize("make", [cut_off, sound_goes_on])
def test_a_video_shorter_than_it_says_begins_again_when_played_at_its_end(
    qtbot: Any, make_session: Maker, tmp_path: Path, make: Callable[[Path], Path], way: str
) -> None:
    session, told = make_session()
    session.set_speed(4.0)
    session.open(str(make(tmp_path / "video.mp4" if make is cut_off else tmp_path / "video.mkv")))
    if way == "playing":
        qtbot.waitUntil(lambda: session.state.last_s is not None and not session.state.playing, timeout=FAST)
    else:
        when_open(qtbot, session, told)
        announced_s = session.state.duration_s
        assert announced_s is not None
        session.seek(announced_s)
        qtbot.waitUntil(lambda: session.state.last_s is not None, timeout=FAST)
    last_s = session.state.last_s
    assert last_s is not None and 0.9 < last_s < 1.6 and session.state.duration_s == pytest.approx(last_s + 1 / 25)

    def at_s() -> float:
        return told.last.result.frame.time_s

    qtbot.waitUntil(lambda: at_s() == last_s, timeout=FAST)
    session.play()
    qtbot.waitUntil(lambda: at_s() < last_s, timeout=FAST)
    qtbot.waitUntil(lambda: at_s() == last_s and not session.state.playing, timeout=FAST)


def test_what_is_wrong_with_a_video_is_said_once_at_its_end(qtbot: Any, make_session: Maker, tmp_path: Path) -> None:
    session, told = make_session()
    session.set_speed(4.0)
    session.open(str(cut_off(tmp_path / "cut.mp4")))
    for _ in range(2):
        qtbot.waitUntil(lambda: session.state.last_s is not None and not session.state.playing, timeout=FAST)
        session.play()
    assert len(told.warnings) == 1 and "cut.mp4 ends early" in told.warnings[0]


def test_the_overlay_always_belongs_to_its_own_frame(qtbot: Any, make_session: Maker, clip: Path) -> None:
    session, told = make_session(estimator=SlowEstimator(0.01))
    session.open(str(clip))
    qtbot.waitUntil(lambda: not session.state.playing and len(told.indices) > 5, timeout=FAST)
    for delivery in told.deliveries:
        assert read_number(delivery.result.frame.image_bgr) == delivery.result.frame.index


def test_steps_are_exact_and_pause(qtbot: Any, make_session: Maker, clip: Path) -> None:
    session, told = make_session()
    open_paused(qtbot, session, told, clip)
    first = told.indices[-1]
    session.step(3)
    qtbot.waitUntil(lambda: told.indices[-1] == first + 3, timeout=FAST)
    session.step(-2)
    qtbot.waitUntil(lambda: told.indices[-1] == first + 1, timeout=FAST)
    assert not session.state.playing


def test_people_are_found_at_once_after_a_seek(qtbot: Any, make_session: Maker, clip: Path) -> None:
    session, told = make_session()
    open_paused(qtbot, session, told, clip)
    session.seek(1.0)
    qtbot.waitUntil(lambda: told.indices[-1] == 25, timeout=FAST)
    assert len(told.last.result.tracks) == 2


def test_people_keep_their_ids_from_loop_to_loop(qtbot: Any, make_session: Maker, clip: Path) -> None:
    session, told = make_session()
    session.set_speed(4.0)
    session.set_loop(True)
    session.open(str(clip))
    qtbot.waitUntil(lambda: sum(d.jump for d in told.deliveries) >= 3, timeout=2 * FAST)
    assert {i for d in told.deliveries if d.analysed for i in d.result.tracks.ids.tolist()} == {1, 2}


def test_a_slow_machine_that_skips_the_first_frame_of_a_round_still_knows_of_the_jump(
    qtbot: Any, make_session: Maker, clip: Path
) -> None:
    session, told = make_session(estimator=SlowEstimator(0.06))
    session.set_speed(4.0)
    session.set_loop(True)
    session.open(str(clip))

    def rounds() -> list[Delivery]:
        return [b for a, b in pairwise(told.deliveries) if b.result.frame.time_s < a.result.frame.time_s]

    qtbot.waitUntil(lambda: len(rounds()) >= 5, timeout=2 * FAST)
    assert all(d.jump for d in rounds())
    assert {i for d in told.deliveries if d.analysed for i in d.result.tracks.ids.tolist()} == {1, 2}


def test_a_file_waits_for_the_model(qtbot: Any, make_session: Maker, clip: Path) -> None:
    gate = threading.Event()

    def build(settings: Settings, device: str, progress: Callable[[str], None]) -> Brain:
        gate.wait(5)
        return brain_of(FakeEstimator())

    session, told = make_session(build=build)
    session.open(str(clip))
    qtbot.waitUntil(lambda: told.indices == [0], timeout=FAST)
    qtbot.wait(200)
    assert told.indices == [0] and not told.last.analysed
    assert "model" in told.waits[-1]
    gate.set()
    qtbot.waitUntil(lambda: len(told.indices) > 5 and told.last.analysed, timeout=FAST)
    assert told.waits[-1] == ""


def test_what_the_loader_does_is_reported_and_taken_back(qtbot: Any, make_session: Maker, clip: Path) -> None:
    go_on = threading.Event()

    def build(settings: Settings, device: str, progress: Callable[[str], None]) -> Brain:
        progress("measuring this and that")
        go_on.wait(5)
        return brain_of(FakeEstimator(), settings)

    session, told = make_session(build=build)
    notes: list[str] = []
    session.loading_reported.connect(notes.append)
    session.open(str(clip))
    qtbot.waitUntil(lambda: told.waits[-1:] == ["measuring this and that"], timeout=FAST)
    go_on.set()
    qtbot.waitUntil(lambda: notes[-1:] == [""], timeout=FAST)
    qtbot.waitUntil(lambda: told.waits[-1] == "", timeout=FAST)
    go_on.clear()
    session.apply_settings(replace(Settings(), smoothing="one-euro"))  # also while the image moves
    qtbot.waitUntil(lambda: told.waits[-1] == "measuring this and that", timeout=FAST)
    go_on.set()
    qtbot.waitUntil(lambda: told.waits[-1] == "", timeout=FAST)


def test_slow_inference_drops_frames_and_counts_them(qtbot: Any, make_session: Maker, clip: Path) -> None:
    session, told = make_session(estimator=SlowEstimator(0.1))
    session.open(str(clip))
    qtbot.waitUntil(lambda: not session.state.playing and told.indices[-1] == 39, timeout=FAST)
    gaps = sum(d.result.dropped_before for d in told.deliveries)
    assert gaps > 10
    assert gaps + len(set(told.indices)) == 40
    assert session.stats().dropped == gaps


def test_settings_apply_live_and_keep_identities(qtbot: Any, make_session: Maker, clip: Path) -> None:
    session, told = make_session(build=lambda settings, device, progress: brain_of(FakeEstimator(), settings))
    session.set_loop(True)
    session.open(str(clip))
    when_open(qtbot, session, told, playing=True)
    ids = told.last.result.tracks.ids.tolist()
    count = len(told.deliveries)
    session.apply_settings(Settings(tracker=TrackerSettings(smooth=True)))
    qtbot.waitUntil(lambda: len(told.deliveries) > count + 5, timeout=FAST)
    assert told.last.result.tracks.ids.tolist() == ids
    assert told.last.result.tracks.raw is not told.last.result.tracks.poses


def test_settings_apply_to_a_paused_image(qtbot: Any, make_session: Maker, clip: Path) -> None:
    def build(settings: Settings, device: str, progress: Callable[[str], None]) -> Brain:
        return brain_of(FakeEstimator(people=settings.decode.max_people), settings)

    decode = Settings().decode
    session, told = make_session(Settings(decode=replace(decode, max_people=1)), build=build)
    open_paused(qtbot, session, told, clip)
    index = told.indices[-1]
    session.apply_settings(Settings(decode=replace(decode, max_people=3)))
    qtbot.waitUntil(lambda: len(told.last.result.tracks) == 3, timeout=FAST)
    assert told.indices[-1] == index


def test_only_the_newest_of_many_settings_is_loaded(qtbot: Any, make_session: Maker) -> None:
    built: list[int] = []

    def build(settings: Settings, device: str, progress: Callable[[str], None]) -> Brain:
        time.sleep(0.05)
        built.append(settings.decode.max_people)
        return brain_of(FakeEstimator(), settings)

    session, _ = make_session(build=build)
    for people in range(2, 60):
        session.apply_settings(Settings(decode=replace(Settings().decode, max_people=people)))
    qtbot.waitUntil(lambda: bool(built) and built[-1] == 59 and not session.state.loading, timeout=FAST)
    assert len(built) < 10


def test_a_model_that_cannot_be_loaded_is_said_and_the_image_goes_on(
    qtbot: Any, make_session: Maker, clip: Path
) -> None:
    def build(settings: Settings, device: str, progress: Callable[[str], None]) -> Brain:
        raise WeightsError("The weights file is damaged; import it again.")

    session, told = make_session(build=build)
    session.open(str(clip))
    qtbot.waitUntil(lambda: len(told.indices) > 5, timeout=FAST)
    assert told.failures == ["The weights file is damaged; import it again."]
    assert not any(d.analysed for d in told.deliveries)


def test_a_full_graphics_memory_falls_back_to_the_processor_loudly(qtbot: Any, make_session: Maker, clip: Path) -> None:
    devices: list[str] = []

    def build(settings: Settings, device: str, progress: Callable[[str], None]) -> Brain:
        devices.append(device)
        if device == "cpu":
            return brain_of(FakeEstimator())
        return brain_of(FailingEstimator(RuntimeError("CUDA error: out of memory")), device="cuda")

    session, told = make_session(build=build)
    session.set_loop(True)
    session.open(str(clip))
    qtbot.waitUntil(lambda: any(d.analysed for d in told.deliveries), timeout=FAST)
    assert devices == ["", "cpu"]
    assert len(told.warnings) == 1
    assert "CUDA" in told.warnings[0] and "slower" in told.warnings[0]
    assert "CPU" in session.state.engine


def test_failing_inference_is_said_once_and_the_image_goes_on(qtbot: Any, make_session: Maker, clip: Path) -> None:
    session, told = make_session(estimator=FailingEstimator(EngineError("The engine broke.")))
    session.open(str(clip))
    qtbot.waitUntil(lambda: not session.state.playing and told.indices[-1] == 39, timeout=FAST)
    assert told.failures == ["The engine broke."]


@pytest.mark.parametrize(
    ("message", "expected"),
    [("CUDA out of memory. Tried to allocate 2 GiB", True), ("std::bad_alloc", True), ("shape mismatch", False)],
)
def test_out_of_memory_is_recognised(message: str, expected: bool) -> None:
    assert is_out_of_memory(RuntimeError(message)) is expected


def test_a_source_that_cannot_be_opened_is_said_in_its_own_words(qtbot: Any, make_session: Maker) -> None:
    session, told = make_session(sources={3: broken_source("Camera 3 is in use by another program.")})
    session.open(3)
    qtbot.waitUntil(lambda: bool(told.lost), timeout=FAST)
    assert told.lost == ["Camera 3 is in use by another program."]
    assert session.state.phase == "empty"


def test_missing_file_is_said(qtbot: Any, make_session: Maker, tmp_path: Path) -> None:
    session, told = make_session()
    session.open(str(tmp_path / "nothing.mp4"))
    qtbot.waitUntil(lambda: bool(told.lost), timeout=FAST)
    assert "nothing.mp4" in told.lost[0]


def test_another_source_forgets_the_people_of_the_first(qtbot: Any, make_session: Maker, clip: Path) -> None:
    session, told = make_session()
    open_paused(qtbot, session, told, clip)
    session.people.lock_next()
    assert session.people.locked_id == 1
    told.deliveries.clear()
    session.open(str(clip))
    assert session.people.locked_id == 0
    when_open(qtbot, session, told)
    assert told.last.result.tracks.ids.tolist() == [1, 2]


def test_other_joints_forget_the_people(qtbot: Any, make_session: Maker, clip: Path) -> None:
    skeletons: list[Skeleton] = []

    def build(settings: Settings, device: str, progress: Callable[[str], None]) -> Brain:
        estimator = FakeEstimator() if not skeletons else FakeEstimator(skeleton=COCO17)
        skeletons.append(estimator.skeleton)
        return brain_of(estimator, settings)

    session, told = make_session(build=build)
    open_paused(qtbot, session, told, clip)
    session.people.lock_largest()
    session.apply_settings(Settings(tracker=TrackerSettings(min_hits=2)))
    qtbot.waitUntil(lambda: told.last.skeleton == COCO17, timeout=FAST)
    assert session.people.locked_id == 0


def test_presence_covers_what_was_played(qtbot: Any, make_session: Maker, clip: Path) -> None:
    session, told = make_session()
    session.set_speed(2.0)
    session.open(str(clip))
    qtbot.waitUntil(lambda: bool(told.indices) and told.indices[-1] == 39, timeout=FAST)
    assert session.people.presence.intervals[1] == [(0.0, pytest.approx(39 / 25))]


def recorder_in(folder: Path, session: Session, hidden: frozenset[int] = frozenset()) -> SessionRecorder:
    from datetime import datetime

    assert session.state.info is not None
    return SessionRecorder(folder, session.state.info, Settings(), datetime(2026, 1, 2, 3, 4, 5), lambda: hidden)


def test_a_recording_holds_every_analysed_frame_with_its_time(
    qtbot: Any, make_session: Maker, clip: Path, tmp_path: Path
) -> None:
    session, told = make_session(estimator=SlowEstimator(0.02))
    open_paused(qtbot, session, told, clip)
    first = told.indices[-1]
    recorder = recorder_in(tmp_path / "new folder", session)
    session.start_recording(recorder)
    session.play()
    qtbot.waitUntil(lambda: not session.state.playing and told.indices[-1] == 39, timeout=FAST)
    session.stop_recording()
    qtbot.waitUntil(lambda: bool(told.informed), timeout=FAST)
    table, video, sidecar = recorder.files
    with table.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    frames = sorted({int(row["frame"]) for row in rows})
    assert frames[0] == first + 1 and frames[-1] == 39
    assert set(told.indices) & set(range(first + 1, 40)) <= set(frames)  # a busy screen may skip what is recorded
    assert all(float(row["time_s"]) == pytest.approx(int(row["frame"]) / 25) for row in rows)
    assert video.exists()
    told_there = read_sidecar(sidecar)
    assert told_there is not None and told_there["complete"]
    assert told_there["model"] == {"name": "fake", "weights_sha256": "0" * 64}
    assert told_there["skeleton"]["keypoints"] == list(CROWDPOSE14.keypoint_names)
    assert told_there["frames"]["processed"] == len(frames)
    assert told_there["rows"] == len(rows)
    with open_store(table.with_suffix(".litepose")) as store:
        assert store.complete and [found.frame_index for found in store.detections()] == frames
        assert store.head.model["name"] == "fake"


def test_a_recording_holds_each_moment_once_whatever_is_sought(
    qtbot: Any, make_session: Maker, clip: Path, tmp_path: Path
) -> None:
    session, told = make_session()
    open_paused(qtbot, session, told, clip)
    recorder = recorder_in(tmp_path, session)
    session.start_recording(recorder)
    for target_s, index in ((0.4, 10), (0.8, 20), (0.2, 5), (0.6, 15), (1.2, 30), (0.0, 0), (1.56, 39)):
        session.seek(target_s)
        qtbot.waitUntil(lambda i=index: told.indices[-1] == i, timeout=FAST)
    session.stop_recording()
    qtbot.waitUntil(lambda: any("saved" in text for text in told.informed), timeout=FAST)
    with recorder.files[0].open(encoding="utf-8") as file:
        frames = [int(row["frame"]) for row in csv.DictReader(file) if row["track_id"] == "1"]
    assert frames == [10, 20, 30, 39]
    assert sum("recorded already" in text for text in told.informed) == 2


def test_hidden_people_are_in_the_recorded_table_but_not_in_the_video(
    qtbot: Any, make_session: Maker, clip: Path, tmp_path: Path
) -> None:
    session, told = make_session()
    open_paused(qtbot, session, told, clip)
    drawn = []
    for name, hidden in (("all", frozenset[int]()), ("one", frozenset({1})), ("none", frozenset({1, 2}))):
        recorder = recorder_in(tmp_path / name, session, hidden)
        delivery = told.last
        result = replace(
            delivery.result, frame=replace(delivery.result.frame, image_bgr=np.zeros((96, 128, 3), np.uint8))
        )
        recorder.write(result, brain_of(FakeEstimator()))
        assert recorder.close() == ""
        with recorder.files[0].open(encoding="utf-8") as file:
            assert {row["track_id"] for row in csv.DictReader(file)} == {"1", "2"}
        with open_source(recorder.files[1]) as source:
            drawn.append(int((next(iter(source)).image_bgr.max(axis=2) > 60).sum()))
    assert drawn[0] > drawn[1] > drawn[2] == 0


def test_a_recording_tells_that_the_model_was_changed_meanwhile(
    qtbot: Any, make_session: Maker, clip: Path, tmp_path: Path
) -> None:
    session, told = make_session()
    open_paused(qtbot, session, told, clip)
    recorder = recorder_in(tmp_path, session)
    for _ in range(2):
        recorder.write(told.last.result, brain_of(FakeEstimator()))
    assert recorder.close() == ""
    sidecar = read_sidecar(recorder.files[2])
    assert sidecar is not None and any("changed during the recording" in line for line in sidecar["warnings"])


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (MediaError("The disk is full; free some space."), "The disk is full; free some space."),
        (
            ValueError("ours"),
            "The recording was ended, because something unexpected went wrong (ValueError).",
        ),
    ],
    ids=["full disk", "fault"],
)
def test_what_ends_a_recording_is_said_in_plain_words_and_playing_goes_on(
    qtbot: Any, make_session: Maker, clip: Path, error: Exception, sentence: str
) -> None:
    class FullDisk:
        closed = False

        def write(self, result: Any, skeleton: Any) -> None:
            raise error

        def close(self) -> str:
            self.closed = True
            return ""

    session, told = make_session()
    session.set_loop(True)
    session.open(str(clip))
    when_open(qtbot, session, told, playing=True)
    disk = FullDisk()
    session.start_recording(disk)
    qtbot.waitUntil(lambda: bool(told.failures), timeout=FAST)
    assert told.failures == [sentence]
    assert disk.closed and not session.state.recording
    count = len(told.deliveries)
    qtbot.waitUntil(lambda: len(told.deliveries) > count + 3, timeout=FAST)


def test_the_end_of_the_program_waits_for_a_recording_that_takes_long_to_save(
    qtbot: Any, make_session: Maker, clip: Path
) -> None:
    class SlowDisk:
        saved = False

        def write(self, result: Any, skeleton: Any) -> None:
            return

        def close(self) -> str:
            time.sleep(1.5)
            self.saved = True
            return ""

    session, told = make_session()
    session.open(str(clip))
    when_open(qtbot, session, told, playing=True)
    disk = SlowDisk()
    session.start_recording(disk)
    qtbot.waitUntil(lambda: session.state.recording, timeout=FAST)
    session.stop_recording()  # by the user, just before leaving
    assert session.shutdown(0.1) and disk.saved


def test_a_folder_that_is_gone_ends_the_recording(
    qtbot: Any, make_session: Maker, clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, told = make_session()
    open_paused(qtbot, session, told, clip)
    recorder = recorder_in(tmp_path, session)
    monkeypatch.setattr(recording.shutil, "disk_usage", lambda folder: (folder / "nowhere").stat())
    with pytest.raises(MediaError, match="cannot be saved in"):
        recorder.write(told.last.result, brain_of(FakeEstimator()))
    recorder.close()


def test_shutdown_ends_every_thread_and_saves_the_recording(
    qtbot: Any, make_session: Maker, clip: Path, tmp_path: Path
) -> None:
    session, told = make_session()
    session.set_loop(True)
    session.open(str(clip))
    when_open(qtbot, session, told, playing=True)
    recorder = recorder_in(tmp_path, session)
    session.start_recording(recorder)
    count = len(told.deliveries)
    qtbot.waitUntil(lambda: len(told.deliveries) > count + 3, timeout=FAST)
    assert session.shutdown(3.0)
    assert recorder.files[0].exists() and recorder.files[1].exists()
    assert our_threads() == []


def test_a_recording_that_fails_to_close_does_not_end_the_next_one(qtbot: Any, make_session: Maker, clip: Path) -> None:
    class Disk:
        def __init__(self, problem: str) -> None:
            self.problem, self.written, self.closed = problem, 0, False

        def write(self, result: Any, skeleton: Any) -> None:
            self.written += 1

        def close(self) -> str:
            time.sleep(0.1)
            self.closed = True
            return self.problem

    session, told = make_session()
    session.set_loop(True)
    session.open(str(clip))
    when_open(qtbot, session, told, playing=True)
    first, second = Disk("The disk is full."), Disk("")
    session.start_recording(first)
    qtbot.waitUntil(lambda: first.written > 0, timeout=FAST)
    session.stop_recording()
    session.start_recording(second)
    qtbot.waitUntil(lambda: told.failures == ["The disk is full."], timeout=FAST)
    assert session.state.recording
    session.stop_recording()
    qtbot.waitUntil(lambda: second.closed, timeout=FAST)
