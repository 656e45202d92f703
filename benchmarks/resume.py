"""A run that is killed again and again must end with what an undisturbed one gives.

    python benchmarks/resume.py VIDEO --kills 5 -- --smooth zero-phase --formats csv,parquet,coco

What follows `--` goes to `annotate`. Prints which result files are the same, byte for byte; exit code 1 if one is not.
"""

from __future__ import annotations

import argparse
import filecmp
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SUFFIX = ".litepose"


def annotate(video: Path, out: Path, options: list[str], kill_after_s: float | None = None) -> tuple[int, float]:
    """(exit code, seconds) of `annotate`, killed without warning after so many seconds."""
    begun_s = time.monotonic()
    command = [sys.executable, str(ROOT / "main.py"), "annotate", str(video), "--out", str(out), *options]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            code = process.wait(kill_after_s)
        except subprocess.TimeoutExpired:
            process.kill()
            code = process.wait()
    return code, time.monotonic() - begun_s


def main() -> int:
    if "--" not in sys.argv:
        sys.argv.append("--")
    split = sys.argv.index("--")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("video", type=Path)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args(sys.argv[1:split])
    options = sys.argv[split + 1 :]
    draw = random.Random(args.seed)
    with tempfile.TemporaryDirectory() as folder:
        whole, killed = Path(folder, "whole"), Path(folder, "killed")
        code, whole_s = annotate(args.video, whole, options)
        print(f"undisturbed: exit code {code}, {whole_s:.1f} s", flush=True)
        kills = 0
        while kills < args.kills:
            code, seconds = annotate(args.video, killed, options, whole_s * draw.uniform(0.1, 0.3))
            if code >= 0:
                print(f"it was done before the kill number {kills + 1}")
                break
            kills += 1
            print(f"killed after {seconds:.1f} s", flush=True)
        code, seconds = annotate(args.video, killed, options)
        print(f"resumed: exit code {code}, {seconds:.1f} s")
        files = sorted(p.relative_to(whole) for p in whole.rglob("*") if p.is_file())
        differ = [
            f for f in files if not (killed / f).is_file() or not filecmp.cmp(whole / f, killed / f, shallow=False)
        ]
        print(f"{len(files)} files; differing:", *(differ or ["none"]))
        left = [p.name for p in killed.rglob("*") if p.is_file() and p.relative_to(killed) not in files]
        print("left behind:", *(left or ["nothing"]))
    # In a store the rows are the same, not the pages on which they lie.
    same = all(file.suffix == SUFFIX for file in differ)
    return 0 if same and not left and code == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
