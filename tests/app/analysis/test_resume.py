"""Whatever ends a run, the same command goes on inside the video, and the results are those of an undisturbed run."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from app import cli
from app.analysis.detect import Cancelled, Selection, detect
from app.analysis.inputs import AnnotationInput
from app.analysis.job import Hooks, Job, JobOptions
from app.analysis.run import run_job
from app.analysis.store import StoreWriter, create_store, open_store, resume_store
from app.analysis.store_head import StoreHead
from app.looks import SceneLooks
from app.models.loading import LazyModel
from app.pipeline import Detector
from app.settings import Settings
from app.sources import Source, open_source
from pose.errors import MediaError
from pose.skeleton import CROWDPOSE14
from tests.app.media import frame_times, packet_sizes, write_video
from tests.fakes import ListSource, ReadingEstimator, numbered_image, write_images

ROOT = Path(__file__).resolve().parents[3]
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


pytestmark = pytest.mark.usefixtures("loaded")


def run(*words: Any) -> int:
    return cli.main(["annotate", *map(str, words)])


def start(*words: Any, delay_s: float = 0.004, kill_at: str = "never 0") -> subprocess.Popen[str]:
    environment = os.environ | {"PYTHONPATH": str(ROOT), "KILL_AT": kill_at, "COMMIT_S": "0.1"}
    command = [sys.executable, "-m", "tests.app.fake_annotate", str(delay_s), *map(str, words)]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)


def stored_count(path: Path) -> int:
    with open_store(path) as store:
        return sum(1 for _ in store.frames())


def results(folder: Path) -> dict[str, bytes]:
    """All files but the video, whose encoder may vary, and the stored detections, whose pages may."""
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir()) if p.suffix not in (".litepose", ".mp4")}


@pytest.mark.slow
@posix
@pytest.mark.parametrize(
    ("smooth", "kills"), [("one-euro", ["frame 60", "sql 60", "frame 30"]), ("zero-phase", ["sql 90"])]
)
def test_killed_at_any_moment_it_ends_as_an_undisturbed_run(tmp_path: Path, smooth: str, kills: list[str]) -> None:
    video, out = write_video(tmp_path / "a.mp4", count=240, sound="aac"), tmp_path / "out"
    words = ["--smooth", smooth, "--formats", "csv,mot,coco", "--angles"]
    assert run(video, "--out", tmp_path / "whole", *words) == 0
    counts = []
    for kill_at in kills:
        process = start(video, "--out", out, *words, kill_at=kill_at)
        assert process.wait(60) == -signal.SIGKILL
        assert not (out / "a.csv").exists() and not (out / "a.json").exists()
        counts.append(stored_count(out / "a.litepose"))
    assert 0 < counts[0] < 240 and counts == sorted(counts)
    process = start(video, "--out", out, *words)
    _, report = process.communicate(timeout=60)
    assert process.returncode == 0
    assert f"goes on after frame {counts[-1] - 1}" in report
    assert results(out) == results(tmp_path / "whole")
    assert frame_times(out / "a.annotated.mp4") == frame_times(tmp_path / "whole" / "a.annotated.mp4")
    with open_source(out / "a.annotated.mp4") as drawn:
        assert drawn.info.has_audio


@posix
def test_what_was_detected_before_ctrl_c_is_not_detected_again(tmp_path: Path, loaded: list[ReadingEstimator]) -> None:
    video, out = write_video(tmp_path / "a.mp4", count=300), tmp_path / "out"
    process = start(video, "--out", out, "--smooth", "zero-phase", "--no-video", delay_s=0.02)
    deadline_s = time.monotonic() + 60
    while not (out / "a.litepose").exists() or stored_count(out / "a.litepose") < 20:
        assert time.monotonic() < deadline_s
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, report = process.communicate(timeout=60)
    assert process.returncode == 130 and "the same command goes on from there" in report
    stored = stored_count(out / "a.litepose")
    assert run(video, "--out", out, "--smooth", "zero-phase", "--no-video") == 0
    assert loaded[0].calls == 300 - stored
    assert run(video, "--out", tmp_path / "whole", "--smooth", "zero-phase", "--no-video") == 0
    assert results(out) == results(tmp_path / "whole")


# From here on within this process: sources of all kinds, stopped after some frames.


def stopped_after(count: int) -> Any:
    asked = iter(range(count))
    return lambda: next(asked, None) is None


def head_of(source: Source) -> StoreHead:
    return StoreHead(source.info, CROWDPOSE14)


def detect_in_parts(
    open_again: Any, path: Path, selection: Selection, stops: list[int], images: bool = False
) -> tuple[list[Any], Any]:
    with open_again() as source:
        store: StoreWriter = create_store(path, head_of(source))
    for stop in [*stops, None]:
        with open_again() as source, store:
            stopped = (lambda: False) if stop is None else stopped_after(stop)
            try:
                seen = list(
                    detect(source, Detector(ReadingEstimator(), SceneLooks()), store, selection, stopped, images=images)
                )
            except Cancelled:
                pass
            else:
                assert stop is None
                assert not images or all(one.image_bgr is not None for one in seen)
        if stop is not None:
            store = resume_store(path)
    with open_store(path) as done:
        assert done.complete
        return [
            (
                f.index,
                f.fate,
                f.pts,
                f.damaged,
                f.detections and (f.detections.poses.keypoints.tobytes(), f.detections.cut),
            )
            for f in done.frames()
        ], done.progress


def video_of(kind: str, folder: Path) -> Any:
    if kind == "images":
        write_images(folder / "walk", [f"{i}.png" for i in range(60)])
        for broken in ("2.png", "33.png"):
            (folder / "walk" / broken).write_bytes(b"no image")
        return lambda: open_source(folder / "walk")
    options: dict[str, Any] = {"container": "matroska"} if kind == "mkv" else {}
    if kind == "ts":
        options = {"container": "mpegts"}
    video = write_video(folder / f"a.{kind}", count=60, gop=12, **options)
    if kind == "mp4":  # a hole in the middle
        start_byte, size = packet_sizes(video)[30]
        data = bytearray(video.read_bytes())
        data[start_byte + 4 : start_byte + size] = b"\x00" * (size - 4)
        video.write_bytes(data)
    return lambda: open_source(video)


def test_what_an_estimator_counts_goes_on_where_it_was(tmp_path: Path) -> None:
    class Alternating(ReadingEstimator):
        """Sees every third image's people elsewhere."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

        def counting_from(self, frames: int) -> Alternating:
            return Alternating(frames)

        def estimate(self, image_bgr: Any) -> Any:
            poses, times = super().estimate(image_bgr)
            self.number += 1
            return replace(poses, keypoints=poses.keypoints + np.float32(self.number % 3 == 1)), times

    source = ListSource([numbered_image(i) for i in range(30)])
    found = []
    for stops in ([], [5, 2]):
        store: StoreWriter = create_store(tmp_path / "a.litepose", head_of(source))
        for stop in [*stops, 99]:
            source.seek(0)
            with store, contextlib.suppress(Cancelled):
                list(detect(source, Detector(Alternating(77)), store, Selection(), stopped_after(stop)))
            store = resume_store(tmp_path / "a.litepose")
        with store:
            found.append([d.poses.keypoints.tobytes() for d in store.detections()])
    assert len(found[0]) == 30 and found[0] == found[1]


@pytest.mark.parametrize("images", [False, True])
@pytest.mark.parametrize("kind", ["mp4", "mkv", "ts", "images"])
@pytest.mark.parametrize("selection", [Selection(), Selection(0.5, 2.1, 3)])
def test_in_parts_as_in_one(tmp_path: Path, kind: str, selection: Selection, images: bool) -> None:
    open_again = video_of(kind, tmp_path)
    whole = detect_in_parts(open_again, tmp_path / "whole.litepose", selection, [])
    parts = detect_in_parts(open_again, tmp_path / "parts.litepose", selection, [5, 1, 4, 9], images)
    assert parts == whole
    fates = [fate for _, fate, *_ in whole[0]]
    assert fates.count("ok") >= 13 and fates.count("corrupt") == whole[1].corrupt


def test_lost_frames_and_container_times_are_stored(tmp_path: Path) -> None:
    open_again = video_of("mp4", tmp_path)
    frames, progress = detect_in_parts(open_again, tmp_path / "a.litepose", Selection(), [20, 5])
    fates = [fate for _, fate, *_ in frames]
    assert [index for index, *_ in frames] == list(range(60))
    assert fates.count("corrupt") == progress.corrupt > 0 and fates.count("ok") == progress.decoded
    assert {pts for _, fate, pts, *_ in frames if fate == "ok"} <= {512 * i for i in range(60)}  # 1/12800 s each
    with open_store(tmp_path / "a.litepose") as store:
        times = store.timeline().times_s
    seen = np.isfinite(times)
    np.testing.assert_allclose(times[seen], np.flatnonzero(seen) / 25, atol=1e-9)
    assert len(times) == 60 and (~seen).sum() == progress.corrupt


@pytest.mark.parametrize("kind", ["mp4", "ts"])  # the second's clock does not begin at 0
def test_the_containers_own_times_are_stored(tmp_path: Path, kind: str) -> None:
    video = write_video(tmp_path / f"a.{kind}", count=20)
    frames, _ = detect_in_parts(lambda: open_source(video), tmp_path / "a.litepose", Selection(), [9])
    with av.open(str(video)) as container:
        assert [pts for _, _, pts, *_ in frames] == [frame.pts for frame in container.decode(video=0)]


class Damaged(ListSource):
    """The decoder complains about frames 4 and 9."""

    def _grab(self) -> Any:
        grabbed = super()._grab()
        return grabbed and replace(grabbed, damaged=grabbed.index in (4, 9))


def test_frames_that_the_decoder_complained_about_are_marked(tmp_path: Path) -> None:
    def open_again() -> Source:
        return Damaged([numbered_image(i) for i in range(12)])

    frames, progress = detect_in_parts(open_again, tmp_path / "a.litepose", Selection(), [6])
    assert [index for index, _, _, damaged, _ in frames if damaged] == [4, 9]
    assert progress.damaged == 2


class Inexact(ListSource):
    """Lands one frame late when it is sought."""

    def seek(self, time_s: float) -> None:
        super().seek(time_s + 0.04 if time_s else 0.0)


class SameNumberOtherImage(ListSource):
    """Right number and time after seeking, but an image that was decoded from the wrong neighbours."""

    broken = False

    def seek(self, time_s: float) -> None:
        super().seek(time_s)
        self.broken = time_s > 0

    def _retrieve(self) -> Any:
        image = super()._retrieve()
        return image // 2 if self.broken and image is not None else image


@pytest.mark.parametrize("kind", [Inexact, SameNumberOtherImage])
def test_where_seeking_cannot_be_trusted_everything_before_is_decoded(tmp_path: Path, kind: type[ListSource]) -> None:
    @contextlib.contextmanager
    def open_again() -> Any:
        yield kind([numbered_image(i) for i in range(30)])

    whole = detect_in_parts(open_again, tmp_path / "whole.litepose", Selection(), [])
    assert detect_in_parts(open_again, tmp_path / "parts.litepose", Selection(), [5, 1, 4, 9]) == whole


def test_an_input_that_has_changed_its_images_is_refused(tmp_path: Path) -> None:
    source, path = ListSource([numbered_image(i) for i in range(30)]), tmp_path / "a.litepose"
    with create_store(path, head_of(source)) as store, contextlib.suppress(Cancelled):
        list(detect(source, Detector(ReadingEstimator()), store, Selection(), stopped_after(9)))
    other = ListSource([numbered_image(i + 100) for i in range(30)])
    with resume_store(path) as store, pytest.raises(MediaError, match="no longer gives the frames that were analysed"):
        list(detect(other, Detector(ReadingEstimator()), store, Selection()))


def test_after_many_stored_frames_the_network_goes_on_before_they_are_tracked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.analysis.run.FAR", 20)
    video, out = write_video(tmp_path / "a.mp4", count=60), tmp_path / "out"
    assert run(video, "--out", tmp_path / "whole", "--no-video") == 0
    writing: list[bool] = []

    class Watching(ReadingEstimator):
        def estimate(self, image_bgr: Any) -> Any:
            writing.append((out / "a.csv.partial").exists())
            return super().estimate(image_bgr)

    settings = Settings()
    model = LazyModel(settings.model, settings.decode, lambda *_: Watching())  # type: ignore[arg-type,return-value]
    job = Job(AnnotationInput(video, "a.mp4", "a"), settings, JobOptions(out, video=False))
    for count, status in ((30, "cancelled"), (1000, "done")):
        hooks = Hooks(lambda info, expected: None, lambda: None, lambda: None, stopped_after(count))
        assert run_job(job, model, hooks).status == status
    assert len(writing) == 60 and all(writing[:20]) and not any(writing[35:])
    assert results(out) == results(tmp_path / "whole")
