"""The stored detections: what goes in comes out, whatever happens to the program, and what is no store is named."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from app.analysis import store as store_module
from app.analysis import store_file
from app.analysis.store import (
    Progress,
    StoredFrame,
    claimed,
    create_store,
    open_store,
    remove_store,
    resume_store,
)
from app.analysis.store_head import StoreHead
from app.sources.base import SourceInfo
from pose.errors import MediaError
from pose.skeleton import COCO17, CROWDPOSE14
from pose.types import Poses
from tracking.types import Detections

INFO = SourceInfo(
    "día.mp4", "video", 640, 480, 29.97, path=Path("/home/somebody/día.mp4"), time_base_s=Fraction(1, 30000)
)
HEAD = StoreHead(INFO, CROWDPOSE14, files={"fingerprint": "ab"}, model={"name": "m"}, selection={"start_s": None})


def frame(index: int, people: int = 2, *, looks: bool = False, skeleton=CROWDPOSE14) -> StoredFrame:
    rng = np.random.default_rng(index)
    k = skeleton.num_keypoints
    keypoints = rng.normal(300, 99, (people, k, 2)).astype(np.float32)
    keypoints[:, 3] = np.nan
    poses = Poses(keypoints, rng.random((people, k), np.float32), rng.random(people, np.float32))
    appearance = rng.random((people, 5)).astype(np.float16) if looks else None
    found = Detections(index, index / 29.97, poses, appearance, 0.25 if looks else None)
    return StoredFrame(index, "ok" if people else "empty", found, pts=index * 1001, damaged=index % 7 == 3)


def assert_same(a: StoredFrame, b: StoredFrame) -> None:
    assert (a.index, a.fate, a.pts, a.damaged) == (b.index, b.fate, b.pts, b.damaged)
    assert (a.detections is None) == (b.detections is None)
    if a.detections is None or b.detections is None:
        return
    assert (a.detections.time_s, a.detections.cut) == (b.detections.time_s, b.detections.cut)
    for name in ("keypoints", "scores", "confidence"):
        x, y = getattr(a.detections.poses, name), getattr(b.detections.poses, name)
        assert x.dtype == y.dtype and x.tobytes() == y.tobytes()
    x, y = a.detections.appearance, b.detections.appearance
    if not len(a.detections.poses):
        assert x is None or y is None or x.size == y.size == 0
        return
    assert (x is None) == (y is None)
    if x is not None and y is not None:
        assert x.dtype == y.dtype == np.float16 and len(x) == len(y) and x.tobytes() == y.tobytes()


@pytest.mark.parametrize("skeleton", [CROWDPOSE14, COCO17])
def test_what_goes_in_comes_out_to_the_last_bit(tmp_path: Path, skeleton) -> None:
    frames = [frame(i, people, looks=i % 2 == 0, skeleton=skeleton) for i, people in enumerate((0, 1, 5, 20, 0, 3))]
    frames += [StoredFrame(6, "corrupt"), StoredFrame(7, "dropped"), frame(8, skeleton=skeleton)]
    head = StoreHead(INFO, skeleton, selection={"start_s": 1.5})
    with create_store(tmp_path / "a.litepose", head) as store:
        back = [store.add(f) for f in frames]
        store.finish(Progress(8, 1, 1, ("odd",), 5))
    with open_store(tmp_path / "a.litepose") as store:
        for stored, returned, original in zip(store.frames(), back, frames, strict=True):
            assert_same(stored, original)
            assert_same(returned, original)
        assert [d.frame_index for d in store.detections(after=2)] == [3, 4, 5, 8]
        assert store.complete and store.progress == Progress(8, 1, 1, ("odd",), 5)
        assert store.counts() == {"ok": 5, "empty": 2, "corrupt": 1, "dropped": 1}
        assert (store.head.skeleton, store.head.selection) == (skeleton, {"start_s": 1.5})
        assert store.head.info.time_base_s == Fraction(1, 30000) and store.head.info.name == "día.mp4"
        timeline = store.timeline()
    assert timeline.corrupt == {6}
    np.testing.assert_array_equal(timeline.times_s, [*(i / 29.97 for i in range(6)), np.nan, np.nan, 8 / 29.97])


def test_it_names_no_folder_of_this_machine(tmp_path: Path) -> None:
    create_store(tmp_path / "a.litepose", HEAD).close()
    assert b"somebody" not in (tmp_path / "a.litepose").read_bytes()


def test_reading_in_pieces_gives_everything_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "CHUNK", 3)
    with create_store(tmp_path / "a.litepose", HEAD) as store:
        for i in range(0, 20, 2):
            store.add(frame(i))
        assert [f.index for f in store.frames()] == list(range(0, 20, 2))


def test_what_was_added_is_kept_when_the_writer_stops_early(tmp_path: Path) -> None:
    with create_store(tmp_path / "a.litepose", HEAD) as store:
        for i in range(5):
            store.add(frame(i), Progress(i + 1))
    with open_store(tmp_path / "a.litepose") as store:
        assert not store.complete
        assert [found.frame_index for found in store.last_detections(3)] == [2, 3, 4]
        assert len(store.last_detections(99)) == 5
        assert store.progress.decoded == 5


def test_a_whole_store_is_not_written_again_when_it_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "a.litepose"
    with create_store(path, HEAD) as store:
        store.finish(Progress(3, warnings=("one",)))
        whole = path.read_bytes()  # counts every transaction that writes
    assert path.read_bytes() == whole
    with open_store(path) as opened, claimed(opened) as again:
        assert again.progress == Progress(3, warnings=("one",))
    assert path.read_bytes() == whole


def test_lost_frames_may_be_reported_again_after_a_kill(tmp_path: Path) -> None:
    with create_store(tmp_path / "a.litepose", HEAD) as store:
        store.add(StoredFrame(0, "corrupt"))
    with resume_store(tmp_path / "a.litepose") as store:
        for one in (StoredFrame(0, "corrupt"), frame(1)):
            store.add(one)
        assert [f.fate for f in store.frames()] == ["corrupt", "ok"]


def test_a_reader_sees_what_is_committed_while_it_is_written(tmp_path: Path) -> None:
    with create_store(tmp_path / "a.litepose", HEAD) as writer:
        writer.add(frame(0))
        writer.commit()
        writer.add(frame(1))
        with open_store(tmp_path / "a.litepose") as reader:
            assert [f.index for f in reader.frames()] == [0]
            writer.commit()
            assert [f.index for f in reader.frames()] == [0, 1]


def test_a_second_writer_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_file, "BEGIN_WAIT_S", 0.01)
    with create_store(tmp_path / "a.litepose", HEAD) as writer:
        writer.add(frame(0))
        for second in (lambda: resume_store(writer.path), lambda: create_store(writer.path, HEAD)):
            with pytest.raises(MediaError, match=r"^a.litepose is in use by another program"):
                second()
    with open_store(tmp_path / "a.litepose") as store:
        assert len(list(store.frames())) == 1


def test_power_may_fail_at_any_step_of_a_write(tmp_path: Path) -> None:
    """Copies of the files, taken at every step of committing ten frames, hold either none or all of the ten."""
    path = tmp_path / "a.litepose"
    writer = create_store(path, HEAD)
    for i in range(10):
        writer.add(frame(i))
    writer.commit()
    copies: list[Path] = []

    def copy() -> int:
        folder = tmp_path / f"copy{len(copies)}"
        folder.mkdir()
        copies.append(folder)
        for file in tmp_path.glob("a.litepose*"):
            shutil.copy(file, folder / file.name)
        return 0

    writer._db.execute("PRAGMA cache_size = 2")  # pages are written before the commit, too
    writer._db.set_progress_handler(copy, 10)
    for i in range(10, 20):
        writer.add(frame(i, people=20))
    writer.commit()
    writer._db.set_progress_handler(None, 0)
    writer.close()
    assert len(copies) > 10 and any((c / "a.litepose-journal").exists() for c in copies)
    for folder in copies:
        with open_store(folder / "a.litepose") as store:
            assert [f.index for f in store.frames()] in (list(range(10)), list(range(20)))


def test_a_new_store_takes_the_place_of_one_whose_writer_was_killed(tmp_path: Path) -> None:
    path = tmp_path / "a.litepose"
    create_store(path, HEAD).close()
    shutil.copy(path, tmp_path / "a.litepose-journal")  # what a killed writer left must not be undone into the new one
    with create_store(path, HEAD) as store:
        store.add(frame(3))
    with open_store(path) as store:
        assert [f.index for f in store.frames()] == [3]
    remove_store(path)
    assert not list(tmp_path.iterdir())


def test_edits_are_kept_apart_and_survive_a_new_detection(tmp_path: Path) -> None:
    path = tmp_path / "a.litepose"
    with create_store(path, HEAD) as store:
        store.add(frame(0))
        store.finish()
    with open_store(path) as store:
        store.write_edit_rows([('{"kind": "swap"}', False), ("{}", True)])
    with create_store(path, HEAD) as store:
        assert store.edit_rows() == [('{"kind": "swap"}', False), ("{}", True)]
        store.write_edit_rows([])
        store.add(frame(1))
    with open_store(path) as store:
        assert store.edit_rows() == [] and [f.index for f in store.frames()] == [1]


def test_the_start_of_a_recording_is_kept(tmp_path: Path) -> None:
    with create_store(tmp_path / "a.litepose", HEAD) as store:
        store.started(datetime(2026, 3, 1, 9, 30, 0, 5000, tzinfo=UTC))
    with open_store(tmp_path / "a.litepose") as store:
        assert store.head.started_utc == "2026-03-01T09:30:00.005Z"


def foreign_database(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE head (key, value)")


def newer_store(path: Path) -> None:
    create_store(path, HEAD).close()
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 99")


def headless_store(path: Path) -> None:
    create_store(path, HEAD).close()
    with sqlite3.connect(path) as database:
        database.execute("DELETE FROM head WHERE key = 'skeleton'")


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda path: None, "does not exist"),
        (lambda path: path.touch(), "is not a store of detections"),
        (lambda path: path.write_bytes(b"\x00\x01RIFF" * 999), "is not a store of detections"),
        (foreign_database, "is not a store of detections"),
        (newer_store, r"newer version of this program \(format 99, known here: up to 1\)"),
        (headless_store, "is damaged"),
    ],
)
def test_what_is_no_store_is_named_in_one_sentence(tmp_path: Path, make, sentence: str) -> None:
    path = tmp_path / "x.litepose"
    make(path)
    for opened in (open_store, resume_store):
        with pytest.raises(MediaError, match=sentence) as caught:
            opened(path)
        assert "\n" not in str(caught.value)


def test_no_damage_passes_for_detections(tmp_path: Path) -> None:
    """Whatever byte has changed on the disk, frames come as they were or the store is said to be damaged."""
    path = tmp_path / "a.litepose"
    with create_store(path, HEAD) as store:
        for i in range(40):
            store.add(frame(i))
        store.finish()
    whole, damaged = path.read_bytes(), 0
    for position in np.random.default_rng(1).integers(0, len(whole), 150).tolist():
        broken = bytearray(whole)
        broken[position] ^= 0x10
        path.write_bytes(broken)
        try:
            with open_store(path) as store:
                read = list(store.frames())
        except MediaError:
            damaged += 1
            continue
        for one in read:
            if one.detections is not None:
                expected = frame(one.index).detections
                assert expected is not None and one.detections.time_s == expected.time_s
                assert one.detections.poses.keypoints.tobytes() == expected.poses.keypoints.tobytes()
    assert damaged > 50


def test_an_older_schema_is_brought_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.litepose"
    with create_store(path, HEAD) as store:
        store.add(frame(0))
    monkeypatch.setattr(store_file, "SCHEMA_VERSION", 3)
    monkeypatch.setattr(
        store_file, "MIGRATIONS", ("CREATE TABLE note (text TEXT);", "INSERT INTO note VALUES ('here');")
    )
    for _ in range(2):
        with open_store(path) as store:
            assert len(list(store.frames())) == 1
    with sqlite3.connect(path) as database:
        assert database.execute("SELECT text FROM note").fetchall() == [("here",)]
        assert database.execute("PRAGMA user_version").fetchone() == (3,)
        assert database.execute("PRAGMA application_id").fetchone() == (store_file.APPLICATION_ID,)


def test_a_person_takes_less_than_300_bytes_a_frame(tmp_path: Path) -> None:
    for people in (1, 5, 20):
        with create_store(tmp_path / f"{people}.litepose", StoreHead(INFO, COCO17)) as store:
            for i in range(2000 // people):
                store.add(frame(i, people, skeleton=COCO17))
        assert (tmp_path / f"{people}.litepose").stat().st_size / (2000 // people * people) < 300


def test_a_disk_that_is_full_is_named_and_what_was_committed_stays(tmp_path: Path) -> None:
    store = create_store(tmp_path / "a.litepose", HEAD)
    store.add(frame(0))
    store.commit()
    pages = store._db.execute("PRAGMA page_count").fetchone()[0]
    store._db.execute(f"PRAGMA max_page_count = {pages + 2}")  # as SQLite says of a full disk, too
    with pytest.raises(MediaError, match="the disk is full"), store:
        for i in range(1, 99):
            store.add(frame(i))
        store.commit()
    with open_store(tmp_path / "a.litepose") as store:
        assert [f.index for f in store.frames()] == [0]
