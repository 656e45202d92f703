"""Our tracker beside others on the same detections: HOTA, AssA, IDF1, MOTA, switches, identities, CPU.

    python -m benchmarks.tracking [--peers PYTHON ...] [--films FOLDER] [--clip NAME CLIP GT] [--only SET ...]

Each tracker gets the setting with the best mean IDF1 on one half of the scenes; the figures are of the other half.
--peers: Pythons that have norfair, trackers or boxmot; the first one that has what a tracker needs is taken.
--films: where detections of rendered films (benchmarks.tracking_scenes) are kept; made there if they are missing.
--clip:  a video with MOTChallenge ground truth (repeatable); settings are those chosen on films.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.tracking_films import clip_scene, film_scenes
from benchmarks.tracking_peers import TRACKERS
from benchmarks.tracking_sets import BenchFrame, BenchScene
from benchmarks.tracking_walkers import SIZE, sights, walks
from pose.skeleton import CROWDPOSE14
from tracking.metrics import FramePair, TrackingScores, score_tracking
from tracking.settings import TrackerSettings
from tracking.tracker import Tracker

_WORKER = Path(__file__).with_name("tracking_peers.py")
_OURS = [
    TrackerSettings(),
    TrackerSettings(max_age_s=0.8),
    TrackerSettings(track_high_thr=0.3),
    TrackerSettings(min_hits=2),
]


@dataclass(frozen=True)
class Outcome:
    """What one setting of one tracker made of one scene."""

    scores: TrackingScores
    ms: float


def scored(scene: BenchScene, ids: list[int], ms: float) -> Outcome:
    """ids: one per found person in order, 0 = none."""
    pairs, at = [], 0
    for frame in scene.frames:
        own = np.array(ids[at : at + len(frame.found)], np.int64)
        at += len(own)
        _, first = np.unique(own, return_index=True)  # some give an id twice in a frame
        kept = np.sort(first[own[first] > 0])
        pairs.append(FramePair(frame.true_ids, own[kept], frame.similarity[:, kept]))
    return Outcome(score_tracking(pairs, scene.threshold), ms)


Runner = Callable[[list[BenchScene], int | None], Iterator[list[Outcome]]]


def ours(looks: bool) -> Runner:
    """Our tracker live, without a look back."""

    def run(scenes: list[BenchScene], only: int | None) -> Iterator[list[Outcome]]:
        for settings in _OURS if only is None else [_OURS[only]]:
            outcomes = []
            for scene in scenes:
                tracker, ids = Tracker(CROWDPOSE14, settings), []
                spent_s = 0.0
                for frame in scene.frames:
                    start_s = time.process_time()
                    tracks = tracker.update(frame.found, frame.time_s, frame.looks if looks else None)
                    spent_s += time.process_time() - start_s
                    names = {p.tobytes(): i for p, i in zip(tracks.raw.keypoints, tracks.ids.tolist(), strict=True)}
                    ids += [names.get(pose.tobytes(), 0) for pose in frame.found.keypoints]
                outcomes.append(scored(scene, ids, 1e3 * spent_s / max(len(scene.frames), 1)))
            yield outcomes

    return run


def peer(name: str, pythons: list[str]) -> Runner:
    """Another tracker, in the first Python that has it. Raises LookupError if none has."""

    def run(scenes: list[BenchScene], only: int | None) -> Iterator[list[Outcome]]:
        with tempfile.TemporaryDirectory() as folder:
            for n, scene in enumerate(scenes):
                scene.save(Path(folder, f"{n:03}.npz"))
            why = "no Python was given"
            for python in pythons:
                out = Path(folder, "out.json")
                command = [python, "-P", str(_WORKER), name, folder, str(out), *([] if only is None else [str(only)])]
                done = subprocess.run(command, capture_output=True, text=True, check=False)
                if done.returncode:
                    raise LookupError((done.stderr.strip().splitlines() or ["no reason given"])[-1])
                told = json.loads(out.read_text())
                if "missing" not in told:
                    break
                why = told["missing"]
            else:
                raise LookupError(why)
            for k in range(len(told["settings"])):
                yield [
                    scored(scene, told["ids"][f"{n:03}"][k], told["ms"][f"{n:03}"][k]) for n, scene in enumerate(scenes)
                ]

    return run


def runners(pythons: list[str]) -> dict[str, Runner]:
    """All trackers."""
    return {"ours": ours(True), "ours without looks": ours(False)} | {n: peer(n, pythons) for n in TRACKERS}


def row(name: str, outcomes: list[Outcome]) -> str:
    """Means of shares and milliseconds, sums of counts."""
    means = [100 * np.nanmean([getattr(o.scores, n) for o in outcomes]) for n in ("hota", "assa", "idf1", "mota")]
    switches, found, true = (
        sum(getattr(o.scores, n) for o in outcomes) for n in ("switches", "found_identities", "true_identities")
    )
    ms = np.mean([o.ms for o in outcomes])
    return f"| {name} | " + " | ".join(f"{v:.1f}" for v in means) + f" | {switches} | {found} / {true} | {ms:.2f} |"


HEAD = (
    "| tracker | HOTA | AssA | IDF1 | MOTA | switches | identities found / true | CPU ms a frame |\n|---|" + "---:|" * 7
)


def best(run: Runner, scenes: list[BenchScene]) -> int:
    """The setting with the best mean IDF1."""
    return int(np.argmax([np.nanmean([o.scores.idf1 for o in outcomes]) for outcomes in run(scenes, None)]))


def walk_scenes(half: str) -> list[BenchScene]:
    """Made-up people."""
    return [
        BenchScene(
            w.name, w.fps, SIZE, 0.5,
            [BenchFrame(s.time_s, s.found, s.looks, s.true_ids, s.similarity) for s in sights(w)],
        )
        for w in walks(half)
    ]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peers", nargs="*", default=[sys.executable], metavar="PYTHON")
    parser.add_argument("--films", type=Path)
    parser.add_argument("--clip", nargs=3, action="append", default=[], metavar=("NAME", "CLIP", "GT"))
    parser.add_argument("--trackers", nargs="*", help="only those whose names contain one of these")
    args = parser.parse_args()
    sets = {"made-up people": {h: walk_scenes(h) for h in ("choose", "report")}}
    if args.films is not None:
        sets["rendered films"] = {h: list(film_scenes(args.films, h)) for h in ("choose", "report")}
        for name, clip, truth in args.clip:
            scene = clip_scene(args.films, name, Path(clip), Path(truth))
            sets[name] = {"choose": sets["rendered films"]["choose"], "report": [scene]}
    details = []
    chosen: dict[tuple[str, int], int] = {}
    for title, halves in sets.items():
        choose, report = ([s.without_duplicates() for s in halves[h]] for h in ("choose", "report"))
        print(f"\n### {title}\n\n{HEAD}", flush=True)
        for name, run in runners(args.peers).items():
            if args.trackers is not None and not any(part in name for part in args.trackers):
                continue
            try:
                key = name, id(halves["choose"])
                if key not in chosen:
                    chosen[key] = best(run, choose)
                outcomes = next(run(report, chosen[key]))
            except LookupError as error:
                print(f"| {name} | skipped: {error} |" + " |" * 6, flush=True)
                continue
            print(row(name, outcomes), flush=True)
            details += [(title, s.name, name, 100 * o.scores.idf1) for s, o in zip(report, outcomes, strict=True)]
    print("\nIDF1 by scene")
    for title, scene in dict.fromkeys((t, s) for t, s, *_ in details):
        shown = [f"{n} {v:.1f}" for t, s, n, v in details if (t, s) == (title, scene)]
        print(f"{title}, {scene}: " + ", ".join(shown))


if __name__ == "__main__":
    main()
