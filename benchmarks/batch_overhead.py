"""What a batch costs besides its frames: milliseconds per file, per chunk of a long video, per job of a cluster.

    python -m benchmarks.batch_overhead [--files 40] [--frames 2400] [--chunk-frames 300] [--nodes 1,2,4]

A stand-in takes the network's place, everything else is real. Files and chunks are counted in processor time of this
process, which other programs disturb little. With --nodes, a Ray cluster with so many nodes of one CPU each is started
on this machine; its workers run `litepose-xs` on small images. Seconds are those of the clock, the start of the workers
with it; what a file or a chunk costs is processor time of all processes, also beside one thread without Ray.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import av
import numpy as np
import psutil

from app.analysis.batch import run_batch
from app.analysis.executors import Executor, Serial
from app.analysis.inputs import AnnotationInput, resolve_inputs
from app.analysis.job import Hooks, Job, JobOptions, Outcome, Split
from app.analysis.manifest import read_manifest
from app.analysis.run import run_job
from app.analysis.split import do_job
from app.models.loading import LazyModel, LoadedModel
from app.settings import ModelSettings, Settings
from tests.fakes import FakeEstimator

QUIET = Hooks(lambda info, expected: None, lambda: None, lambda: None, lambda: False)
MODEL = ModelSettings("litepose-xs", input_size=128)
STORE_BYTES = 80 * 2**20  # of each node, the least that Ray takes
LONG = 3  # long videos


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
            list(batches(Serial(LoadedModel(FakeEstimator())), folder, out))

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
    """With so many nodes at a time: a batch of files, and long videos in one piece and in chunks."""
    import ray
    from ray.cluster_utils import Cluster as Nodes

    from app.analysis.cluster import Cluster

    head = {"num_cpus": 0, "include_dashboard": False, "object_store_memory": STORE_BYTES}
    nodes = Nodes(initialize_head=True, head_node_args=head)
    ray.init(nodes.address, log_to_driver=False, logging_level=logging.ERROR)
    model = LazyModel(MODEL, Settings().decode)
    files, long = work / "files1", work / "long"
    long.mkdir()
    for number in range(LONG):
        os.link(work / "long.mp4", long / f"long{number}.mp4")

    def run(executor: Executor, folder: Path, out: Path) -> Run:
        begun_s = time.perf_counter()
        seen = [processor_s() for _ in batches(executor, folder, out)]
        return Run(time.perf_counter() - begun_s, (seen[-1] - seen[0]) / (len(seen) - 1))

    plain = run(Serial(model), files, work / "alone-files")
    run(Serial(model), long, work / "alone")
    frames = next(iter(read_manifest(work / "alone").values())).frames["decoded"]
    rows: list[dict[str, Any]] = []
    for count in counts:
        while len(nodes.list_all_nodes()) <= count:
            nodes.add_node(num_cpus=1, object_store_memory=STORE_BYTES)
        nodes.wait_for_nodes(300)
        out = work / f"nodes{count}"
        each = run(Cluster("ray", model, out / "files"), files, out / "files")
        whole = run(Cluster("ray", model, out / "whole"), long, out / "whole")
        cut = run(Cluster("ray", model, out / "cut", chunk_frames), long, out / "cut")
        row = {"nodes": count, "files_s": each.seconds, "whole_s": whole.seconds, "in_chunks_s": cut.seconds}
        row["same_bytes"] = all(
            len({(folder / name).read_bytes() for folder in (out / "cut", out / "whole", work / "alone")}) == 1
            for name in (f"long{number}.{ending}" for number in range(LONG) for ending in ("csv", "json"))
        )
        if count == 1:  # with more, it is chance which of them still start while others work
            row["alone_file_ms"], row["file_ms"] = 1e3 * plain.each_s, 1e3 * each.each_s
            row["chunk_ms"] = 1e3 * (cut.each_s - whole.each_s) / (frames // chunk_frames)
        rows.append({key: round(v, 2) if isinstance(v, float) else v for key, v in row.items()})
        print(rows[-1], flush=True)
    ray.shutdown()
    nodes.shutdown()
    return rows


class Run(NamedTuple):
    """seconds: by the clock, the start of workers with it. each_s: processor time of an input, from the end of the
    first to that of the last, of this program and all that it started, Ray's own processes too."""

    seconds: float
    each_s: float


def processor_s() -> float:
    """User and system time; who has ended counts with who started it."""
    myself = psutil.Process()
    family, total = [myself, *myself.children(recursive=True)], 0.0
    for process in family:
        with suppress(psutil.Error):
            total += sum(process.cpu_times()[:4])
    return total


def batches(executor: Executor, folder: Path, out: Path) -> Iterator[Outcome]:
    items, _ = resolve_inputs([str(folder)])
    settings = Settings(model=MODEL)
    for outcome in run_batch(items, settings, JobOptions(out, video=False), executor, lambda item: QUIET, True):
        assert outcome.ok, outcome.sentence
        yield outcome


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
