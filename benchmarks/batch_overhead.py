"""What a batch costs besides its frames: milliseconds per file, per chunk of a long video, per job of a cluster.

    python -m benchmarks.batch_overhead [--files 40] [--frames 2400] [--chunk-frames 300] [--nodes 1,2,4]

A stand-in takes the network's place, everything else is real. Files and chunks are counted in processor time of this
process, which other programs disturb little. With --nodes, a Ray cluster with so many nodes of one CPU each is started
on this machine; its workers run `litepose-xs` on small images, and seconds are those of the clock.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from app.analysis.batch import run_batch
from app.analysis.executors import Executor, Serial
from app.analysis.inputs import AnnotationInput, resolve_inputs
from app.analysis.job import Hooks, Job, JobOptions, Split
from app.analysis.run import run_job
from app.analysis.split import do_job
from app.models.loading import LazyModel, LoadedModel
from app.settings import ModelSettings, Settings
from tests.fakes import FakeEstimator

QUIET = Hooks(lambda info, expected: None, lambda: None, lambda: None, lambda: False)
MODEL = ModelSettings("litepose-xs", input_size=128)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=40)
    parser.add_argument("--frames", type=int, default=2400, help="of the long video")
    parser.add_argument("--chunk-frames", type=int, default=300)
    parser.add_argument("--nodes", type=lambda text: [int(n) for n in text.split(",")], default=[])
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        report: dict[str, Any] = {"cores": os.cpu_count(), **files(work, args.files)}
        report |= chunks(work, args.frames, args.chunk_frames)
        if args.nodes:
            report["cluster"] = cluster(work, args.nodes, args.chunk_frames)
    print(json.dumps(report, indent=1))
    if args.out:
        args.out.write_text(json.dumps(report, indent=1) + "\n")


def files(work: Path, count: int) -> dict[str, Any]:
    """A batch of videos of one frame and of ten, so that what a frame costs can be told from what a file costs."""
    each = {}
    for frames in (1, 11):
        folder = work / f"files{frames}"
        folder.mkdir()
        for number in range(count):
            write_video(folder / f"{number:04}.mp4", frames)

        def once(out: Path, folder: Path = folder) -> None:
            batch(Serial(LoadedModel(FakeEstimator())), folder, out)

        each[frames] = 1e3 * least_s(once, work / f"out{frames}") / count
    frame = (each[11] - each[1]) / 10
    return {"file_ms": round(each[1] - frame, 2), "frame_ms": round(frame, 2)}


def chunks(work: Path, frames: int, chunk_frames: int) -> dict[str, Any]:
    video = write_video(work / "long.mp4", frames)
    model = LoadedModel(FakeEstimator())

    def job(out: Path, cut: int) -> Job:
        options = JobOptions(out, video=False)
        return Job(AnnotationInput(video, video.name, video.stem), Settings(), options, cut)

    def whole(out: Path) -> None:
        assert run_job(job(out, 0), model, QUIET).ok

    def in_chunks(out: Path) -> None:
        for part in parts_of(out):
            assert do_job(part, model, QUIET).ok  # type: ignore[union-attr]
        assert run_job(job(out, 0), model, QUIET).ok

    def parts_of(out: Path) -> tuple[Job, ...]:
        split = do_job(job(out, chunk_frames), model, QUIET)
        assert isinstance(split, Split)
        return split.jobs

    count = len(parts_of(work / "plan"))
    once, apart = least_s(whole, work / "whole"), least_s(in_chunks, work / "chunks")
    return {
        "long_video_frames": frames,
        "chunks": count,
        "whole_s": round(once, 2),
        "in_chunks_s": round(apart, 2),
        "chunk_ms": round(1e3 * (apart - once) / count, 1),
    }


def cluster(work: Path, counts: list[int], chunk_frames: int) -> list[dict[str, Any]]:
    import ray
    from ray.cluster_utils import Cluster as Nodes

    from app.analysis.cluster import Cluster

    memory = {"object_store_memory": 80 * 2**20}
    nodes = Nodes(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False, **memory})
    ray.init(nodes.address, log_to_driver=False, logging_level="ERROR")
    rows: list[dict[str, Any]] = []
    model = LazyModel(MODEL, Settings().decode)
    for count in counts:
        while len(nodes.list_all_nodes()) <= count:
            nodes.add_node(num_cpus=1, **memory)
        nodes.wait_for_nodes(300)
        begun_s = time.perf_counter()
        executor = Cluster("ray", model, work / f"few{count}")
        few = batch(executor, work / "files11", work / f"few{count}")
        files_s = time.perf_counter() - begun_s
        (work / "one").mkdir(exist_ok=True)
        (work / "one" / "long.mp4").exists() or os.link(work / "long.mp4", work / "one" / "long.mp4")
        begun_s = time.perf_counter()
        batch(Cluster("ray", model, work / f"long{count}", chunk_frames), work / "one", work / f"long{count}")
        rows.append(
            {
                "nodes": count,
                "files": few,
                "files_s": round(files_s, 2),
                "long_s": round(time.perf_counter() - begun_s, 2),
            }
        )
    ray.shutdown()
    nodes.shutdown()
    return rows


def batch(executor: Executor, folder: Path, out: Path) -> int:
    items, _ = resolve_inputs([str(folder)])
    settings = Settings(model=MODEL)
    outcomes = list(run_batch(items, settings, JobOptions(out, video=False), executor, lambda item: QUIET, True))
    assert all(outcome.ok for outcome in outcomes), [outcome.sentence for outcome in outcomes]
    return len(outcomes)


def least_s(work: Callable[[Path], Any], out: Path) -> float:
    """Processor time of the quickest of three runs, each into a folder of its own."""
    seconds = []
    for number in range(3):
        begun_s = time.process_time()
        work(out.with_name(f"{out.name}-{number}"))
        seconds.append(time.process_time() - begun_s)
    return min(seconds)


def write_video(path: Path, frames: int) -> Path:
    rng = np.random.default_rng(1)
    images = [rng.integers(0, 255, (96, 128, 3), dtype=np.uint8) for _ in range(8)]
    with av.open(str(path), "w") as output:
        stream: Any = output.add_stream("libx264", rate=30, options={"preset": "ultrafast", "crf": "35"})
        stream.width, stream.height, stream.pix_fmt, stream.gop_size = 128, 96, "yuv420p", 60
        for number in range(frames):
            frame = av.VideoFrame.from_ndarray(images[number // 10 % 8], format="bgr24")
            frame.pts, frame.time_base = number, Fraction(1, 30)
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return path


if __name__ == "__main__":
    main()
