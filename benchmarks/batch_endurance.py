"""200 short videos, 20 of them broken, in one batch; killed at random and resumed; damaged results found by `verify`.

    python -m benchmarks.batch_endurance FOLDER [--clips DIR] [--jobs N] [--kills 5] [--seconds N]

FOLDER gets the videos (rendered people and, with --clips, cuts from the videos of that folder), the results of both
runs and the steps that are done: with --seconds the same command goes on from there (exit code 2 until it is through).
Exits with 1 if anything is not as it must be; a new run wants a new folder.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import asdict
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

from app.analysis.manifest import Entry, read_manifest
from app.scene.scene import Scene
from app.scene.source import SceneSource
from app.sources import open_source

ROOT = Path(__file__).resolve().parent.parent
GOOD, FRAMES, SCENES, CUT = 180, (4, 12), 30, 40  # videos, frames in each, different scenes, real ones among them
OPTIONS = [
    "--model",
    "litepose-xs",
    "--input-size",
    "192",
    "--no-video",
    "--formats",
    "csv,mot",
    "--smooth",
    "one-euro",
]
LONGEST_S = 1.0  # from a result to the kill
LEFT_OUT = (".litepose", ".jsonl")  # pages of a database and seconds may differ; their contents are compared


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--clips", type=Path, help="real videos to cut pieces from")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="begin no further step after so many")
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    videos, kept = args.folder / "videos", args.folder / "steps.json"
    steps: dict[str, Any] = json.loads(kept.read_text()) if kept.exists() else {}
    end_s = time.monotonic() + args.seconds
    for name, step in all_steps(args, videos):
        if name in steps:
            continue
        if time.monotonic() > end_s:
            print(f"stopped before: {name}; give the same command again")
            return 2
        steps[name] = step()
        kept.write_text(json.dumps(steps))
        print(f"done: {name}", flush=True)
    report = {"jobs": args.jobs, "seed": args.seed, "kills": [steps[f"kill {n}"] for n in range(args.kills)]}
    report |= {name: steps[name] for name in ("undisturbed", "resumed", "different", "damages")}
    expected = {"done": GOOD, "explained": 20, "exit_code": 1}
    report["as_it_must_be"] = (
        all(report["undisturbed"][key] == value for key, value in expected.items())
        and report["resumed"]["exit_code"] == 1
        and None not in report["kills"]
        and not report["different"]
        and all(damage["found"] for damage in report["damages"])
    )
    print(json.dumps(report, indent=1))
    if args.out:
        args.out.write_text(json.dumps(report, indent=1) + "\n")
    return 0 if report["as_it_must_be"] else 1


def all_steps(args: argparse.Namespace, videos: Path) -> Iterator[tuple[str, Callable[[], Any]]]:
    """In order; each can be done by another call of this program than the one before."""
    whole, torn = args.folder / "whole", args.folder / "killed"
    yield "videos", lambda: make_videos(videos, args.clips)
    yield "undisturbed", lambda: undisturbed(videos, whole, args.jobs)
    dice = random.Random(args.seed)
    targets = sorted(dice.sample(range(GOOD), args.kills))
    for number, target in enumerate(targets):
        wait_s = dice.uniform(0.0, LONGEST_S)
        yield (
            f"kill {number}",
            lambda target=target, wait_s=wait_s: killed(videos, torn, args.jobs, target, wait_s),  # type: ignore[misc]
        )
    yield "resumed", lambda: {"exit_code": start(videos, torn, args.jobs).wait()}
    yield "different", lambda: differences(whole, torn)
    yield "damages", lambda: damages(videos, torn, dice)


# The videos.


def make_videos(folder: Path, clips: Path | None) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    dice = random.Random(0)
    scenes = [list(images_of_scene(seed)) for seed in range(SCENES)]
    real = sorted(clips.glob("*.mp4")) if clips else []
    for number in range(GOOD):
        count = dice.randint(*FRAMES)
        if real and number < CUT:
            images = list(cut(real[number % len(real)], dice.random() * 0.8, count))
        else:
            images = scenes[number % SCENES][:count]
        write_video(folder / f"v{number:03}.{('mp4', 'mkv', 'avi', 'mov')[number % 4]}", images)
    for make in BROKEN:
        make(folder, scenes[0])


def images_of_scene(seed: int) -> Iterator[np.ndarray[Any, Any]]:
    scene = Scene(seed, 1 + seed % 3, (256, 192), duration_s=1.0)
    yield from (frame.image_bgr for frame in SceneSource(scene, 1.0, FRAMES[1]))


def cut(clip: Path, at: float, count: int) -> Iterator[np.ndarray[Any, Any]]:
    with open_source(clip) as source:
        for frame in islice(source.frames(at * (source.info.duration_s or 1.0)), count):
            height, width = frame.image_bgr.shape[:2]
            scale = 256 / max(height, width)
            size = (round(width * scale / 2) * 2, round(height * scale / 2) * 2)
            yield cv2.resize(frame.image_bgr, size, interpolation=cv2.INTER_AREA)


def write_video(path: Path, images: list[np.ndarray[Any, Any]], options: dict[str, str] | None = None) -> Path:
    height, width = images[0].shape[:2]
    with av.open(str(path), "w", options=options or {}) as output:
        stream: Any = output.add_stream("libx264", rate=12, options={"preset": "ultrafast", "crf": "25"})
        stream.width, stream.height, stream.pix_fmt, stream.gop_size = width, height, "yuv420p", 6
        for number, image in enumerate(images):
            frame = av.VideoFrame.from_ndarray(image, format="bgr24")
            frame.pts, frame.time_base = number, Fraction(1, 12)
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return path


def with_bytes(name: str, content: bytes) -> Callable[[Path, list[Any]], None]:
    def make(folder: Path, images: list[Any]) -> None:
        (folder / name).write_bytes(content)

    return make


def changed(name: str, change: Callable[[bytes], bytes], **options: str) -> Callable[[Path, list[Any]], None]:
    """A video of which some bytes are others."""

    def make(folder: Path, images: list[Any]) -> None:
        path = write_video(folder / name, images, options)
        path.write_bytes(change(path.read_bytes()))

    return make


def after(content: bytes, mark: bytes, replacement: bytes) -> bytes:
    at = content.index(mark)
    return content[:at] + replacement + content[at + len(replacement) :]


def no_images(content: bytes) -> bytes:
    """All that the packets hold, gone."""
    at = content.index(b"mdat") + 4
    return content[:at] + bytes(len(content) - at) if content.index(b"moov") < at else bytes(at)


def sound(folder: Path, images: list[Any]) -> None:
    with av.open(str(folder / "x_sound.mp4"), "w") as output:
        stream: Any = output.add_stream("aac", rate=48000, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 4800), np.float32), format="fltp", layout="mono")
        frame.rate, frame.pts = 48000, 0
        output.mux(stream.encode(frame))
        output.mux(stream.encode(None))


def no_frames(folder: Path, images: list[Any]) -> None:
    with av.open(str(folder / "x_no_frames.avi"), "w") as output:
        stream: Any = output.add_stream("mpeg4", rate=12)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        output.start_encoding()


def zip_file(folder: Path, images: list[Any]) -> None:
    with zipfile.ZipFile(folder / "x_zip.mp4", "w") as archive:
        archive.writestr("video.mp4", b"0" * 1000)


def link_to(name: str, target: str) -> Callable[[Path, list[Any]], None]:
    def make(folder: Path, images: list[Any]) -> None:
        (folder / name).symlink_to(target)

    return make


def folder_of_that_name(folder: Path, images: list[Any]) -> None:
    (folder / "x_folder.mp4").mkdir()


def not_readable(folder: Path, images: list[Any]) -> None:
    """To all but the superuser, who gets something else that cannot be read."""
    if os.geteuid():
        write_video(folder / "x_not_readable.mp4", images).chmod(0)
    else:
        (folder / "x_not_readable.mp4").symlink_to("/proc/1/mem")


BROKEN: tuple[Callable[[Path, list[Any]], None], ...] = (
    with_bytes("x_empty.mp4", b""),
    with_bytes("x_text.mp4", b"This is no video.\n" * 50),
    with_bytes("x_page.mp4", b"<!DOCTYPE html><html><body>404 Not Found</body></html>"),
    with_bytes("x_noise.mkv", random.Random(1).randbytes(20_000)),
    with_bytes("x_zeros.mp4", bytes(20_000)),
    with_bytes("x_document.mov", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< >>\nendobj\n" * 20),
    with_bytes("x_photo_cut_off.mp4", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00"),
    with_bytes("x_animation_cut_off.gif", b"GIF89a\x40\x00\x40\x00\xf0\x00\x00"),
    changed("x_cut_off.mp4", lambda content: content[: len(content) // 2]),
    changed("x_breaks_off.mp4", lambda content: content[: len(content) * 2 // 3], movflags="faststart"),
    changed("x_header_only.mkv", lambda content: content[:64]),
    changed("x_no_index.mp4", lambda content: content[: content.rindex(b"moov") - 4]),
    changed("x_unknown_codec.mp4", lambda content: after(content, b"avc1\x00\x00\x00\x00", b"zzzz")),
    changed("x_no_images.mp4", no_images, movflags="faststart"),
    sound,
    no_frames,
    zip_file,
    link_to("x_dangling.mp4", "not_there.mp4"),
    not_readable,
    folder_of_that_name,
)


# The runs.


def start(videos: Path, out: Path, jobs: int) -> subprocess.Popen[str]:
    names = sorted(str(path) for path in videos.iterdir())
    command = [sys.executable, "main.py", "annotate", *names, "--out", str(out), "--jobs", str(jobs), *OPTIONS]
    log = out.with_suffix(".log").open("a")
    return subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, text=True, start_new_session=True)


def undisturbed(videos: Path, out: Path, jobs: int) -> dict[str, Any]:
    shutil.rmtree(out, ignore_errors=True)
    out.with_suffix(".log").unlink(missing_ok=True)
    begun_s = time.monotonic()
    code = start(videos, out, jobs).wait()
    seconds = time.monotonic() - begun_s
    entries = read_manifest(out).values()
    done = [e for e in entries if e.status == "done" and not e.frames.get("corrupt")]
    said = out.with_suffix(".log").read_text(errors="replace")
    broken = sorted(path.name for path in videos.glob("x_*"))
    sentences = {name: [line for line in said.splitlines() if name in line] for name in broken}
    explained = [name for name, lines in sentences.items() if lines and "Traceback" not in "".join(lines)]
    return {
        "seconds": round(seconds, 1),
        "exit_code": code,
        "done": len(done),
        "explained": len(explained),
        "sentences": {name: lines[-1] if lines else "" for name, lines in sentences.items()},
    }


def killed(videos: Path, out: Path, jobs: int, results: int, wait_s: float) -> int | None:
    """Killed some moments after so many results; how many there are then, or None if it was done before."""
    process = start(videos, out, jobs)
    while process.poll() is None and len(list(out.glob("*.csv"))) < results:
        time.sleep(0.02)
    time.sleep(wait_s)
    if process.poll() is not None:
        return None
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return len(list(out.glob("*.csv")))


def differences(one: Path, other: Path) -> list[str]:
    found = []
    names = {p.name for folder in (one, other) for p in folder.iterdir() if p.suffix not in LEFT_OUT}
    for name in sorted(names):
        paths = (one / name, other / name)
        if not all(p.exists() for p in paths) or paths[0].read_bytes() != paths[1].read_bytes():
            found.append(name)
    entries = [{stem: comparable(entry) for stem, entry in read_manifest(folder).items()} for folder in (one, other)]
    found += [
        f"manifest: {stem}"
        for stem in entries[0].keys() | entries[1].keys()
        if entries[0].get(stem) != entries[1].get(stem)
    ]
    return found


def comparable(entry: Entry) -> dict[str, Any]:
    values = asdict(entry) | {"seconds": 0}
    return values | {"outputs": {k: v for k, v in entry.outputs.items() if Path(k).suffix not in LEFT_OUT}}


# The damages.


def damages(videos: Path, out: Path, dice: random.Random) -> list[dict[str, Any]]:
    """Ten, each of another kind; whether `verify` names each, and nothing besides what it named before."""
    before = verified(out)
    stems = [entry.stem for entry in read_manifest(out).values() if entry.status == "done" and entry.stem[0] == "v"]
    chosen = dice.sample(stems, 10)
    kinds: list[tuple[str, str, Callable[[str], object]]] = [
        ("missing table", "{}.csv", lambda s: (out / f"{s}.csv").unlink()),
        ("missing sidecar", "{}.json", lambda s: (out / f"{s}.json").unlink()),
        ("missing detections", "{}.litepose", lambda s: (out / f"{s}.litepose").unlink()),
        ("one bit of a table", "{}.csv", lambda s: flip(out / f"{s}.csv", dice)),
        ("one bit of detections", "{}.litepose", lambda s: flip(out / f"{s}.litepose", dice)),
        ("cut off", "{}.json", lambda s: os.truncate(out / f"{s}.json", 100)),
        ("emptied", "{}.mot.txt", lambda s: os.truncate(out / f"{s}.mot.txt", 0)),
        ("a line more", "{}.csv", lambda s: append(out / f"{s}.csv")),
        ("unfinished", "{}.csv.partial", lambda s: (out / f"{s}.csv.partial").touch()),
        ("another input", "{}.", lambda s: append(next(videos.glob(f"{s}.*")))),
    ]
    videos_before = {path: path.read_bytes() for path in videos.glob(f"{chosen[9]}.*")}
    for (_, _, damage), stem in zip(kinds, chosen, strict=True):
        damage(stem)
    new = [sentence for sentence in verified(out) if sentence not in before]
    for path, content in videos_before.items():
        path.write_bytes(content)
    found = [
        {"kind": kind, "stem": stem, "found": sum(name.format(stem) in sentence for sentence in new) == 1}
        for (kind, name, _), stem in zip(kinds, chosen, strict=True)
    ]
    return [*found, {"kind": "no other sentence", "found": len(new) == len(kinds)}]


def verified(out: Path) -> list[str]:
    done = subprocess.run([sys.executable, "main.py", "verify", str(out)], cwd=ROOT, capture_output=True, text=True)
    return done.stdout.splitlines()


def flip(path: Path, dice: random.Random) -> None:
    content = bytearray(path.read_bytes())
    content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
    path.write_bytes(content)


def append(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"1\n")


if __name__ == "__main__":
    sys.exit(main())
