from __future__ import annotations

import csv
import errno
import io
import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from app.angles import ANGLE_NAMES
from app.export.csv_wide import WideCsv, csv_columns
from app.export.partial import partial_path
from app.export.registry import make_sink
from app.export.sidecar import PeopleSummary, read_sidecar, write_sidecar
from app.export.sink import RunFacts
from app.export.writer import ExportWriter
from app.render.video_sink import VideoSink
from app.repetitions import RepetitionSettings
from app.sources import open_source
from app.sources.base import SourceInfo
from app.types import Frame, FrameResult, StageTimes, TrackedFrame
from pose.errors import MediaError
from pose.skeleton import COCO17, CROWDPOSE14
from pose.types import Poses
from tests.app.media import frame_times, write_video
from tests.app.squats import knee_angles, variants
from tests.fakes import numbered_image, read_number, standing_person
from tracking.body_boxes import body_boxes_xyxy
from tracking.types import TrackedPoses

ROOT = Path(__file__).resolve().parents[2]

NO_TIMES = StageTimes(0, 0, 0, 0)


def tracked(ids: list[int], skeleton: Any = CROWDPOSE14, raw_shift: float = 0.0) -> TrackedPoses:
    points = np.stack([standing_person(skeleton, 20.5 * i, 30.25, 50) for i in ids]).astype(np.float32)
    points[0, 3] = np.nan
    scores = np.full(points.shape[:2], 0.5, np.float32)
    scores[0, 3] = 0
    poses = Poses(points, scores, np.full(len(ids), 0.75, np.float32))
    raw = Poses(points + np.float32(raw_shift), scores, poses.confidence)
    return TrackedPoses(np.array(ids, np.int64), poses, np.array([True] + [False] * (len(ids) - 1)), raw)


def result(index: int = 0, time_s: float = 0.0, tracks: TrackedPoses | None = None, **size: int) -> FrameResult:
    tracks = TrackedPoses.empty(14) if tracks is None else tracks
    return FrameResult(Frame(index, time_s, numbered_image(index, **size)), tracks, NO_TIMES)


def csv_writer(path: Path, **choices: bool) -> ExportWriter:
    return ExportWriter([WideCsv(path)], RunFacts("a.mp4", CROWDPOSE14, 25.0, 96, 64, **choices))


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_table_has_exactly_the_documented_columns() -> None:
    columns = csv_columns(COCO17)
    assert columns[:9] == ("frame", "time_s", "track_id", "score", "state", "bbox_x", "bbox_y", "bbox_w", "bbox_h")
    assert columns[9:12] == ("nose_x", "nose_y", "nose_score")
    assert len(columns) == 9 + 3 * 17
    assert len(csv_columns(CROWDPOSE14, raw=True, angles=True)) == 9 + 5 * 14 + len(ANGLE_NAMES)


def test_formats_share_what_they_all_say_of_a_frame(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Poses] = []
    monkeypatch.setattr(
        "app.export.sink.body_boxes_xyxy", lambda poses, _: asked.append(poses) or np.zeros((len(poses), 4))
    )
    sinks = [make_sink(name, tmp_path, "a") for name in ("csv", "mot", "coco-tracks")]
    frames = [result(i, i / 25, tracked([2, 7])).tracked for i in range(3)]
    with ExportWriter(sinks, RunFacts("a.mp4", CROWDPOSE14, 25.0, 96, 64)) as writer:
        for frame in frames:
            writer.write(frame)
    assert [id(poses) for poses in asked] == [id(frame.tracks.poses) for frame in frames]


def test_rows_hold_what_was_tracked(tmp_path: Path) -> None:
    tracks = tracked([2, 7], raw_shift=1.5)
    with csv_writer(tmp_path / "a.csv", raw=True, angles=True) as sink:
        sink.write(result(4, 0.16, tracks).tracked)
        sink.write(result(5, 0.2).tracked)
    rows = read_rows(tmp_path / "a.csv")
    assert [(r["frame"], r["time_s"], r["track_id"], r["state"]) for r in rows] == [
        ("4", "0.160000", "2", "observed"),
        ("4", "0.160000", "7", "predicted"),
    ]
    for i, row in enumerate(rows):
        for k, name in enumerate(CROWDPOSE14.keypoint_names):
            x, y = tracks.poses.keypoints[i, k]
            if np.isnan(x):
                assert row[f"{name}_x"] == row[f"{name}_y"] == row[f"{name}_score"] == row[f"{name}_raw_x"] == ""
            else:
                assert float(row[f"{name}_x"]) == pytest.approx(x, abs=0.006)
                assert float(row[f"{name}_raw_y"]) == pytest.approx(y + 1.5, abs=0.006)
        x0, y0, x1, y1 = body_boxes_xyxy(tracks.poses, CROWDPOSE14)[i]
        box = [float(row[f"bbox_{c}"]) for c in "xywh"]
        assert box == pytest.approx([x0, y0, x1 - x0, y1 - y0], abs=0.006)
    assert rows[1]["left_knee_deg"] != ""
    assert None not in rows[0]


def test_the_table_counts_repetitions_of_each_person(tmp_path: Path) -> None:
    squats = variants()[9]
    exercises = (RepetitionSettings("knee"), RepetitionSettings("elbow", 60, 140))
    facts = RunFacts("a.mp4", CROWDPOSE14, 10.0, 640, 480, repetitions=exercises)
    with ExportWriter([WideCsv(tmp_path / "a.csv")], facts) as table:
        for i, (time_s, points) in enumerate(zip(squats.times().tolist(), squats.keypoints(), strict=True)):
            poses = Poses(points[None], np.ones((1, len(points)), np.float32), np.ones(1, np.float32))
            table.write(TrackedFrame(i, time_s, TrackedPoses(np.array([3]), poses, np.array([True]), poses)))
    rows = read_rows(tmp_path / "a.csv")
    assert tuple(rows[0]) == csv_columns(CROWDPOSE14, repetitions=exercises)
    counts = [int(row["knee_repetitions"]) for row in rows]
    assert counts[0] == 0 and counts == sorted(counts) and counts[-1] == squats.count
    assert rows[0]["knee_repetition_low_deg"] == "", "nothing before the first"
    truth = knee_angles(squats.keypoints())
    assert float(rows[-1]["knee_repetition_low_deg"]) == pytest.approx(min(truth), abs=6)
    assert float(rows[-1]["knee_repetition_high_deg"]) == pytest.approx(max(truth), abs=6)
    assert {row["elbow_repetitions"] for row in rows} == {"0"}


def test_an_unfinished_table_is_marked_and_readable(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), csv_writer(tmp_path / "a.csv") as sink:
        sink.write(result(0, 0.0, tracked([1])).tracked)
        raise RuntimeError
    assert not (tmp_path / "a.csv").exists()
    assert len(read_rows(tmp_path / "a.csv.partial")) == 1


def test_a_finished_table_replaces_the_old_one_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("old")
    with csv_writer(tmp_path / "a.csv") as sink:
        sink.write(result(0, 0.0, tracked([1])).tracked)
        assert (tmp_path / "a.csv").read_text() == "old"
    assert len(read_rows(tmp_path / "a.csv")) == 1
    assert not partial_path(tmp_path / "a.csv").exists()


def test_a_full_disk_is_reported_in_one_sentence(tmp_path: Path) -> None:
    class FullDisk(io.StringIO):
        def write(self, text: str) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    table = WideCsv(tmp_path / "a.csv")
    writer = ExportWriter([table], RunFacts("a.mp4", CROWDPOSE14, 25.0, 96, 64))
    with pytest.raises(MediaError, match="the disk is full"), writer as sink:
        table._file._file = FullDisk()
        sink.write(result(0, 0.0, tracked([1])).tracked)
    assert not (tmp_path / "a.csv").exists()


def test_sidecar_round_trip_and_partial_mark(tmp_path: Path) -> None:
    path = tmp_path / "ü.json"
    content = {"format": "litepose-studio annotation 1", "complete": False, "edges": [[0, 1], [12, 13]], "name": "跑"}
    write_sidecar(path, content)
    assert not path.exists()
    assert read_sidecar(partial_path(path)) == content
    write_sidecar(path, content | {"complete": True})
    assert read_sidecar(path) == content | {"complete": True}
    assert "[12, 13]" in path.read_text(encoding="utf-8")


def test_a_sidecar_of_something_else_is_not_taken_for_ours(tmp_path: Path) -> None:
    for text in ("[]", "{", json.dumps({"format": "other"})):
        (tmp_path / "a.json").write_text(text)
        assert read_sidecar(tmp_path / "a.json") is None


def test_people_summary_counts_rows_and_empty_frames() -> None:
    summary = PeopleSummary()
    summary.add(result(0, 0.0).tracked)
    summary.add(result(1, 0.5, tracked([3])).tracked)
    summary.add(result(4, 2.0, tracked([3, 5])).tracked)
    assert (summary.frames, summary.frames_without_people) == (3, 1)
    assert summary.as_list()[0] == {
        "track_id": 3, "first_frame": 1, "first_time_s": 0.5, "rows": 2, "last_frame": 4, "last_time_s": 2.0,
    }  # fmt: skip


def copy_video(video: Path, out: Path, start_s: float | None = None, end_s: float | None = None) -> None:
    """Through the sink, with nobody to draw."""
    with open_source(video) as source, VideoSink(out, source.info, CROWDPOSE14) as sink:
        for frame in source.frames(start_s, end_s):
            sink.write(FrameResult(frame, TrackedPoses.empty(14), NO_TIMES))


def test_annotated_video_keeps_every_frame_and_its_time(tmp_path: Path) -> None:
    steps = [1, 3, 1, 7, 2, 2, 30, 1, 4, 4]
    times = [Fraction(sum(steps[:i]), 100) for i in range(10)]
    video = write_video(tmp_path / "vfr.mp4", count=10, times=times)
    copy_video(video, tmp_path / "out.mp4")
    assert frame_times(tmp_path / "out.mp4") == pytest.approx([float(t) for t in times], abs=1e-6)
    with open_source(tmp_path / "out.mp4") as out:
        assert [read_number(f.image_bgr) for f in out] == list(range(10))


@pytest.mark.parametrize(("width", "height"), [(1, 1), (97, 65), (3, 40), (64, 64)])
def test_any_size_becomes_a_playable_even_one(tmp_path: Path, width: int, height: int) -> None:
    info = SourceInfo("x", "video", width, height, 25.0)
    with VideoSink(tmp_path / "out.mp4", info, CROWDPOSE14) as sink:
        for i in range(3):
            sink.write(result(i, i / 25, width=width, height=height))
    with av.open(str(tmp_path / "out.mp4")) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.format.name) == ("h264", "yuv420p")
        assert (stream.width, stream.height) == (width + width % 2, height + height % 2)
        assert len(list(container.decode(stream))) == 3


def test_colours_survive_writing(tmp_path: Path) -> None:
    for height in (64, 720):
        info = SourceInfo("x", "video", 64, height, 25.0)
        colours = [(200, 40, 40), (40, 200, 40), (40, 40, 200), (128, 128, 128)]
        with VideoSink(tmp_path / "out.mp4", info, CROWDPOSE14) as sink:
            for i, colour in enumerate(colours):
                sink.write_image(np.full((height, 64, 3), colour, np.uint8), i / 25)
        with open_source(tmp_path / "out.mp4") as source:
            for frame, colour in zip(source, colours, strict=True):
                assert np.abs(frame.image_bgr.reshape(-1, 3).mean(0) - colour).max() < 6


def test_images_of_other_sizes_are_fitted_in(tmp_path: Path) -> None:
    info = SourceInfo("x", "images", 64, 48, 25.0)
    with VideoSink(tmp_path / "out.mp4", info, CROWDPOSE14) as sink:
        for i, (w, h) in enumerate([(64, 48), (48, 64), (640, 480)]):
            sink.write(result(i, i / 25, width=w, height=h))
    with open_source(tmp_path / "out.mp4") as source:
        assert [f.image_bgr.shape for f in source] == [(48, 64, 3)] * 3


def test_an_unfinished_video_is_marked_and_plays(tmp_path: Path) -> None:
    info = SourceInfo("x", "video", 96, 64, 25.0)
    with pytest.raises(RuntimeError), VideoSink(tmp_path / "out.mp4", info, CROWDPOSE14) as sink:
        for i in range(4):
            sink.write(result(i, i / 25))
        raise RuntimeError
    assert not (tmp_path / "out.mp4").exists()
    assert len(frame_times(tmp_path / "out.mp4.partial")) == 4


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs a limit to the size of files")
@pytest.mark.parametrize("frames", [3, 60])
def test_a_video_that_cannot_even_begin_is_reported(tmp_path: Path, frames: int) -> None:
    """FFmpeg crashes if it is asked to write on after its first error."""
    code = f"""
import resource, signal, sys
from pathlib import Path
from app.render.video_sink import VideoSink
from app.sources.base import SourceInfo
from pose.errors import MediaError
from pose.skeleton import CROWDPOSE14
from tests.fakes import numbered_image
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
try:
    with VideoSink(Path(sys.argv[1]), SourceInfo("x", "video", 96, 64, 25.0), CROWDPOSE14) as sink:
        for i in range({frames}):
            sink.write_image(numbered_image(i, 96, 64), i / 25)
except MediaError as error:
    sys.exit(f"told: {{error}}")
"""
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "a.mp4"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr.startswith("told: ")) == (1, True), done.stderr
    assert list(tmp_path.iterdir()) == []


def loud_range(path: Path) -> tuple[str, float, float]:
    """Codec, first and last time at which there is sound."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        frames = [(float(f.time or 0), np.abs(f.to_ndarray()).max()) for f in container.decode(stream)]
        loud = [time_s for time_s, peak in frames if peak > 0.05]
        return stream.codec_context.name, loud[0], loud[-1]


@pytest.mark.parametrize(
    ("container", "sound", "expected"),
    [("mp4", "aac", "aac"), ("mkv", "pcm_s16le", "aac"), ("mkv", "libmp3lame", "mp3float"), ("mkv", "flac", "aac")],
)
def test_sound_is_kept_in_step(tmp_path: Path, container: str, sound: str, expected: str) -> None:
    video = write_video(tmp_path / f"a.{container}", count=50, fps=25, sound=sound)
    copy_video(video, tmp_path / "out.mp4", 0.8, 1.6)
    codec, first_s, last_s = loud_range(tmp_path / "out.mp4")
    assert codec.startswith(expected.removesuffix("float"))
    # Sound is cut at the edges of its packets: FLAC's are long, MP3's first ones need those before them.
    assert first_s == pytest.approx(0.0, abs=0.1)
    assert last_s == pytest.approx(0.8, abs=0.13)
    assert len(frame_times(tmp_path / "out.mp4")) == 20


def test_late_sound_stays_late(tmp_path: Path) -> None:
    video = write_video(tmp_path / "a.mkv", count=50, fps=25, sound="aac", sound_shift_s=0.6)
    copy_video(video, tmp_path / "out.mp4")
    assert loud_range(tmp_path / "out.mp4")[1] == pytest.approx(0.6, abs=0.06)


def test_an_unwritable_folder_is_reported_in_one_sentence(tmp_path: Path) -> None:
    missing = tmp_path / "nowhere" / "a"
    with pytest.raises(MediaError, match="cannot be written"), csv_writer(missing.with_suffix(".csv")):
        pass
    info = SourceInfo("x", "video", 96, 64, 25.0)
    video = VideoSink(missing.with_suffix(".mp4"), info, CROWDPOSE14)
    with pytest.raises(MediaError, match="cannot be written"), video:
        pass
