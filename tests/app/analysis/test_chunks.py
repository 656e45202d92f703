"""A long video in chunks gives what it gives in one piece, byte for byte, whatever happens to the chunks."""

from __future__ import annotations

import shutil
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from app.analysis.chunks import chunk_folder
from app.analysis.inputs import AnnotationInput
from app.analysis.job import Hooks, Job, JobOptions, Outcome, Split
from app.analysis.run import run_job
from app.analysis.split import do_job
from app.analysis.store import create_store
from app.analysis.store_head import StoreHead
from app.models.loading import LoadedModel
from app.settings import Settings
from app.sources import open_source
from pose.skeleton import COCO17
from tests.app.media import packet_sizes, write_video
from tests.fakes import ReadingEstimator

QUIET = Hooks(lambda info, expected: None, lambda: None, lambda: None, lambda: False)


class Counting(ReadingEstimator):
    """Refines every third image: what it finds depends on how many it has seen."""

    def __init__(self, seen: int = 0, looked_at: list[int] | None = None) -> None:
        super().__init__()
        self.seen = seen
        self.looked_at: list[int] = [] if looked_at is None else looked_at

    def counting_from(self, frames: int) -> Counting:
        return Counting(frames, self.looked_at)

    def estimate(self, image_bgr: Any) -> Any:
        poses, times = super().estimate(image_bgr)
        self.looked_at.append(self.seen)
        self.seen += 1
        shift = 0.25 if self.seen % 3 == 0 else 0.0
        return replace(poses, keypoints=poses.keypoints + poses.keypoints.dtype.type(shift)), times


def job_of(video: Path, out: Path, **options: Any) -> Job:
    chosen = JobOptions(out, video=False, **options)
    return Job(AnnotationInput(video, video.name, video.stem), Settings(), chosen, chunk_frames=30)


def chunks_of(job: Job) -> tuple[Job, ...]:
    split = do_job(job, LoadedModel(Counting()), QUIET)
    assert isinstance(split, Split)
    return split.jobs


def finished(job: Job) -> tuple[Outcome, Counting]:
    estimator = Counting()
    return run_job(replace(job, chunk_frames=0), LoadedModel(estimator), QUIET), estimator


def results(folder: Path) -> dict[str, bytes]:
    assert not list(folder.glob("*.chunks"))
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.suffix != ".litepose"}


def in_chunks_and_whole(video: Path, tmp_path: Path, **options: Any) -> tuple[Outcome, Counting, int]:
    """Chunks are done in the reverse order. How the merging job went, what its network saw, and how many chunks."""
    whole = job_of(video, tmp_path / "whole", **options)
    assert finished(whole)[0].status == "done"
    job = job_of(video, tmp_path / "parts", **options)
    jobs = chunks_of(job)
    for part in reversed(jobs):
        do_job(part, LoadedModel(Counting()), QUIET)
    outcome, estimator = finished(job)
    assert outcome.status == "done"
    assert results(tmp_path / "parts") == results(tmp_path / "whole")
    return outcome, estimator, len(jobs)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a.mp4", {}),
        ("a.mkv", {}),
        ("a.mp4", {"stride": 3}),
        ("a.mp4", {"start_s": 0.33, "end_s": 4.21}),
    ],
)
def test_chunks_give_what_one_piece_gives(tmp_path: Path, name: str, options: dict[str, Any]) -> None:
    video = write_video(tmp_path / name, count=120, gop=12)
    _, estimator, count = in_chunks_and_whole(video, tmp_path, **options)
    assert not estimator.looked_at and count >= 3


def test_uneven_times_and_a_damaged_place_change_nothing(tmp_path: Path) -> None:
    times = [Fraction(n, 25) + (Fraction(1, 100) if n % 7 == 0 else 0) for n in range(120)]
    video = write_video(tmp_path / "a.mp4", count=120, gop=12, times=times)
    assert in_chunks_and_whole(video, tmp_path / "even")[1].looked_at == []
    content = bytearray(video.read_bytes())
    for position, size in packet_sizes(video)[54:58]:
        content[position : position + size] = bytes(size)
    video.write_bytes(content)
    in_chunks_and_whole(video, tmp_path / "damaged")


@pytest.mark.parametrize("lost", ["missing", "damaged", "unfinished", "of_another_place"])
def test_from_a_chunk_that_does_not_fit_one_run_goes_on(tmp_path: Path, lost: str) -> None:
    video = write_video(tmp_path / "a.mp4", count=120, gop=12)
    whole = job_of(video, tmp_path / "whole")
    finished(whole)
    job = job_of(video, tmp_path / "parts")
    jobs = chunks_of(job)
    for part in jobs:
        if part is jobs[2] and lost == "unfinished":
            asked = iter(range(12))
            hooks = replace(QUIET, cancelled=lambda asked=asked: next(asked, None) is None)
            assert do_job(part, LoadedModel(Counting()), hooks).status == "cancelled"
        else:
            assert do_job(part, LoadedModel(Counting()), QUIET).ok
    stores = sorted(chunk_folder(tmp_path / "parts" / "a.litepose").glob("*.litepose"))
    if lost == "missing":
        stores[2].unlink()
    elif lost == "damaged":
        content = bytearray(stores[2].read_bytes())
        content[len(content) // 2 :] = bytes(len(content) - len(content) // 2)
        stores[2].write_bytes(content)
    elif lost == "of_another_place":
        shutil.copy(stores[1], stores[2])
    outcome, estimator = finished(job)
    assert outcome.status == "done" and results(tmp_path / "parts") == results(tmp_path / "whole")
    assert 30 < len(estimator.looked_at) < 90


def test_a_chunk_that_was_cut_off_goes_on_and_what_is_done_is_not_done_again(tmp_path: Path) -> None:
    video = write_video(tmp_path / "a.mp4", count=120, gop=12)
    finished(job_of(video, tmp_path / "whole"))
    job = job_of(video, tmp_path / "parts")
    part = chunks_of(job)[1]
    for count in (3, 14):
        asked = iter(range(count))
        hooks = replace(QUIET, cancelled=lambda asked=asked: next(asked, None) is None)
        assert do_job(part, LoadedModel(Counting()), hooks).status == "cancelled"
    for again in chunks_of(job):
        assert do_job(again, LoadedModel(Counting()), QUIET).ok
    fresh = Counting()
    assert do_job(part, LoadedModel(fresh), QUIET).ok and not fresh.looked_at
    assert finished(job)[1].looked_at == [] and results(tmp_path / "parts") == results(tmp_path / "whole")


def test_what_is_short_or_done_or_begun_is_not_cut(tmp_path: Path) -> None:
    short = job_of(write_video(tmp_path / "short.mp4", count=50, gop=12), tmp_path / "out")
    assert isinstance(do_job(short, LoadedModel(Counting()), QUIET), Outcome)
    long = job_of(write_video(tmp_path / "long.mp4", count=120, gop=12), tmp_path / "out")
    assert isinstance(do_job(long, LoadedModel(Counting()), QUIET), Split)
    assert finished(long)[0].status == "done"
    outcome = do_job(long, LoadedModel(Counting()), QUIET)
    assert isinstance(outcome, Outcome) and outcome.status == "skipped"


def test_chunks_replace_neither_what_was_imported_nor_what_another_program_writes(tmp_path: Path) -> None:
    video = write_video(tmp_path / "a.mp4", count=120, gop=12)
    job = job_of(video, tmp_path / "parts")
    parts = chunks_of(job)
    for origin, said in (("detected", "in use"), ("imported", "imported")):
        assert do_job(parts[0], LoadedModel(Counting()), QUIET).ok
        path = tmp_path / "parts" / "a.litepose"
        with open_source(video) as source, create_store(path, StoreHead(source.info, COCO17, origin=origin)) as writer:
            if origin == "imported":
                writer.finish()
                writer.close()
            before = path.read_bytes()
            outcome, _ = finished(job)
            assert outcome.status == "failed" and said in outcome.sentence
            assert path.read_bytes() == before
        path.unlink()
