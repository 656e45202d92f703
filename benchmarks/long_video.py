"""A generated video of three hours: memory along the way, a kill in the middle, and how soon the network goes on.

    python -m benchmarks.long_video FOLDER [--hours 3] [--fps 5] [--stand-in] [--out FILE.json]

The network is the real one, a small one on small images, or with --stand-in one that costs nothing. FOLDER keeps the
video and both runs; the killed run's table and sidecar must be those of the undisturbed one. Seconds until the network
goes on are counted from the start of the command, beside those until it begins with the first minute as a fresh video.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import psutil

from app.analysis.store import open_store
from app.scene.scene import Scene
from app.scene.source import SceneSource
from pose.errors import MediaError

ROOT = Path(__file__).resolve().parent.parent
SIZE, LOOP = (128, 96), 300  # pixels; rendered images, shown over and over, forth and back
OPTIONS = ["--model", "litepose-xs", "--input-size", "96", "--no-video"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--hours", type=float, default=3.0)
    parser.add_argument("--fps", type=int, default=5)
    parser.add_argument("--stand-in", action="store_true")
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    frames = round(args.hours * 3600 * args.fps)
    video = write_video(args.folder / "long.mp4", frames, args.fps)
    short = write_video(args.folder / "short.mp4", 60 * args.fps, args.fps)
    for name in ("whole", "killed", "short"):
        shutil.rmtree(args.folder / name, ignore_errors=True)
    program = ["-m", "tests.app.fake_annotate", "0"] if args.stand_in else ["main.py", "annotate"]
    killed = watched(program, video, args.folder / "killed", kill_at=round(0.6 * frames))
    resumed = watched(program, video, args.folder / "killed")
    fresh_s = watched(program, short, args.folder / "short")["first_frame_s"]
    whole = watched(program, video, args.folder / "whole")
    report = {
        "frames": frames,
        "network": "a stand-in" if args.stand_in else " ".join(OPTIONS),
        "undisturbed": whole,
        "killed": killed,
        "resumed": resumed,
        "goes_on_after_s": resumed["first_frame_s"],
        "fresh_video_begins_after_s": fresh_s,
        "same_bytes": all(
            (args.folder / "whole" / n).read_bytes() == (args.folder / "killed" / n).read_bytes()
            for n in ("long.csv", "long.json")
        ),
    }
    print(json.dumps(report, indent=1))
    if args.out:
        args.out.write_text(json.dumps(report, indent=1) + "\n")
    return 0 if report["same_bytes"] else 1


def write_video(path: Path, frames: int, fps: int) -> Path:
    if path.exists():
        return path
    scene = Scene(4, 2, SIZE, duration_s=LOOP / fps)
    images = [frame.image_bgr for frame in SceneSource(scene, LOOP / fps, fps)]
    order = [*range(len(images)), *range(len(images) - 2, 0, -1)]
    partial = path.with_suffix(".partial.mp4")
    with av.open(str(partial), "w") as output:
        stream: Any = output.add_stream("libx264", rate=fps, options={"preset": "ultrafast", "crf": "28"})
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        for number in range(frames):
            frame = av.VideoFrame.from_ndarray(images[order[number % len(order)]], format="bgr24")
            frame.pts, frame.time_base = number, Fraction(1, fps)
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    partial.replace(path)
    return path


def watched(program: list[str], video: Path, out: Path, kill_at: int | None = None) -> dict[str, Any]:
    """Seconds, memory in MiB by share of the time, and when the first new frame was stored."""
    store = out / f"{video.stem}.litepose"
    before = stored(store)
    begun_s, memory, processor_s = time.monotonic(), [], 0.0
    first_frame_s: float | None = None
    command = [sys.executable, *program, str(video), "--out", str(out), *OPTIONS]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL, start_new_session=True)
    while process.poll() is None:
        time.sleep(0.05 if first_frame_s is None else 2.0)
        now = stored(store)
        if first_frame_s is None and now > before:
            first_frame_s = round(time.monotonic() - begun_s, 2)
        with suppress(psutil.Error):
            family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
            memory.append(sum(p.memory_info().rss for p in family) / 2**20)
            processor_s = sum(sum(p.cpu_times()[:2]) for p in family)
        if kill_at is not None and now >= kill_at:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    seconds = time.monotonic() - begun_s
    done = memory[len(memory) // 10 :] or memory
    return {
        "exit_code": process.returncode,
        "seconds": round(seconds, 1),
        "processor_s": round(processor_s, 1),
        "frames_per_s": round((stored(store) - before) / seconds, 1),
        "stored": stored(store),
        "first_frame_s": first_frame_s,
        "mib": [round(float(np.mean(part))) for part in np.array_split(done, 8) if len(part)],
        "most_mib": round(max(memory)),
    }


def stored(path: Path) -> int:
    """The number of frames in a store, which may be written meanwhile."""
    with suppress(MediaError), open_store(path) as store:
        return sum(store.counts().values())
    return 0


if __name__ == "__main__":
    sys.exit(main())
