"""Does memory grow with the length of a video? Annotates a generated video of many frames with a stand-in network.

    python benchmarks/memory_slope.py --frames 20000

Everything else is real: decoding, tracking, table, drawing, encoding. Prints the resident memory along the way and
the slope of a straight line through it after the first fifth.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from app.analysis.inputs import AnnotationInput
from app.analysis.job import Hooks, Job, JobOptions
from app.analysis.run import run_job
from app.models.loading import LoadedModel
from app.settings import Settings
from tests.fakes import FakeEstimator


def write_long_video(path: Path, frames: int, width: int, height: int) -> None:
    """Slowly changing noise, so that the encoder has something to do."""
    rng = np.random.default_rng(1)
    images = [rng.integers(0, 255, (height, width, 3), dtype=np.uint8) for _ in range(8)]
    with av.open(str(path), "w") as output:
        stream = output.add_stream("libx264", rate=30, options={"preset": "ultrafast", "crf": "40"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for number in range(frames):
            frame = av.VideoFrame.from_ndarray(images[number // 30 % 8], format="bgr24")
            frame.pts, frame.time_base = number, Fraction(1, 30)
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))


def resident_mib() -> float:
    """Resident memory of this process (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=20_000)
    parser.add_argument("--width", type=int, default=192)
    parser.add_argument("--height", type=int, default=108)
    parser.add_argument("--people", type=int, default=3)
    parser.add_argument("--no-video", action="store_true")
    args = parser.parse_args()

    with tempfile.TemporaryDirectory() as folder:
        video = Path(folder) / "long.mp4"
        write_long_video(video, args.frames, args.width, args.height)
        samples: list[tuple[int, float]] = []
        done = 0
        every = max(1, args.frames // 20)

        def advance() -> None:
            nonlocal done
            done += 1
            if done % every == 0:
                samples.append((done, resident_mib()))
                print(f"{done:8d} frames  {samples[-1][1]:8.1f} MiB", flush=True)

        estimator = FakeEstimator(people=args.people)
        hooks = Hooks(lambda info, expected: None, advance, lambda: None, lambda: False)
        options = JobOptions(Path(folder) / "out", video=not args.no_video)
        start_s = time.perf_counter()
        job = Job(AnnotationInput(video, "long", "long"), Settings(), options)
        outcome = run_job(job, LoadedModel(estimator), hooks)
        seconds = time.perf_counter() - start_s
        print(outcome.sentence)
        frames, mib = np.array(samples[len(samples) // 5 :]).T
        slope = np.polyfit(frames, mib, 1)[0]
        print(f"{done / seconds:.0f} frames per second, {slope * 1000:+.3f} MiB per 1000 frames")


if __name__ == "__main__":
    main()
