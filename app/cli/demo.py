"""`demo`: render a scene of people, run the whole pipeline on it and compare with the exact truth.

Needs neither camera nor video: the first thing to run on a new machine.
"""

from __future__ import annotations

import argparse
import contextlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from app.cli import OK
from app.cli.engine_options import add_engine_options
from pose.errors import MediaError, SettingsError

SHEET_COLUMNS, SHEET_ROWS, SHEET_TILE_WIDTH = 3, 2, 640


def add_arguments(parser: argparse.ArgumentParser) -> None:
    scene = parser.add_argument_group("scene")
    scene.add_argument("--seconds", type=float, default=8.0, help="length of the video (default: %(default)s)")
    scene.add_argument("--people", type=int, default=4, help="number of people, 0 to 30 (default: %(default)s)")
    scene.add_argument("--size", default="960x540", metavar="WxH", help="image size in pixels (default: %(default)s)")
    scene.add_argument("--fps", type=float, default=30.0, help="frames per second (default: %(default)s)")
    scene.add_argument("--place", help="street, room, field or studio (default: chosen by the seed)")
    scene.add_argument("--seed", type=int, default=0, help="the same seed gives the same video (default: %(default)s)")
    model = parser.add_argument_group("model")
    model.add_argument("--model", default="litepose-m", help="name of the weights (default: %(default)s)")
    model.add_argument("--weights", type=Path, metavar="FILE", help="a weights file instead of a name")
    add_engine_options(model)
    model.add_argument("--input-size", type=int, help="network input in pixels (default: the model's own)")
    output = parser.add_argument_group("output")
    output.add_argument("--out", type=Path, default=Path("results"), help="output folder (default: %(default)s)")
    output.add_argument("--no-video", action="store_true", help="write no annotated video")


def run(args: argparse.Namespace) -> int:
    from app.looks import SceneLooks
    from app.pipeline import Detector
    from app.scene.scene import Scene
    from app.scene.source import SceneSource
    from pose.estimator import load_estimator

    size = parse_size(args.size)
    if args.seed < 0:
        raise SettingsError(f"The seed must be a whole number from 0 up, not {args.seed}.")
    scene = Scene(args.seed, args.people, size, place=args.place, duration_s=args.seconds)
    source = SceneSource(scene, args.seconds, args.fps)
    estimator = load_estimator(
        args.model, weights=args.weights, engine=args.engine, device=args.device, precision=args.precision,
        input_size=args.input_size,
    )  # fmt: skip
    try:
        args.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise MediaError(f"{args.out} cannot be made a folder for the results ({error.strerror}).") from error
    engine = estimator.engine
    print(
        f"{args.people} people in a {scene.place}, {size[0]}x{size[1]}, {source.info.frame_count} frames; "
        f"{estimator.spec.name} at {estimator.input_size} px on {engine.name} ({engine.device}, {engine.precision})"
    )
    outcome = track_scene(source, Detector(estimator, SceneLooks()), args.out, video=not args.no_video)
    _write_summary(args, scene.place, estimator, outcome)
    print(report(outcome["score"]))
    print(
        f"detection {1e3 * outcome['detection_s'] / outcome['frames']:.1f} ms per frame, "
        f"rendering {1e3 * outcome['rendering_s'] / outcome['frames']:.1f} ms per frame"
    )
    print("written: " + ", ".join(str(path) for path in outcome["files"]))
    return OK


def parse_size(text: str) -> tuple[int, int]:
    """'960x540' to (960, 540). Raises SettingsError."""
    width, _, height = text.lower().partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        raise SettingsError(f"A size is written like 960x540, not {text}.")
    return int(width), int(height)


def track_scene(source: Any, detector: Any, out: Path, *, video: bool) -> dict[str, Any]:
    """Every step over a SceneSource; writes store, video, tables and contact sheet; returns score, times and files."""
    from collections import deque

    from tqdm import tqdm

    from app.analysis.detect import Seen, stored_frame
    from app.analysis.export import drawing, run_facts
    from app.analysis.store import create_store
    from app.analysis.store_head import StoreHead
    from app.analysis.track import TrackChoices, tracked_at_once
    from app.export.partial import commit, discard
    from app.export.registry import make_sink
    from app.export.sidecar import PeopleSummary
    from app.export.writer import ExportWriter
    from app.render.image_sink import write_png
    from app.render.overlay import OverlayStyle, draw_overlay
    from app.scene.scoring import SceneScorer
    from app.scene.truth_csv import TruthCsv
    from app.types import Frame

    skeleton, info, choices = detector.skeleton, source.info, TrackChoices()
    scorer, people = SceneScorer(skeleton), PeopleSummary()
    tiles: list[NDArray[np.uint8]] = []
    picks = _evenly(info.frame_count, SHEET_COLUMNS * SHEET_ROWS)
    truths: deque[Any] = deque()
    seconds = {"rendering": 0.0, "detection": 0.0}
    files = [out / "demo.csv", out / "demo_truth.csv"]
    drawn = out / "demo.mp4" if video else None
    with contextlib.ExitStack() as stack:
        stack.enter_context(source)
        store = stack.enter_context(create_store(out / "demo.litepose", StoreHead(info, skeleton)))
        rows = stack.enter_context(
            ExportWriter([make_sink("csv", out, "demo")], run_facts(store.head, choices), commit=False)
        )
        truth_rows = stack.enter_context(TruthCsv(files[1], skeleton.keypoint_names))
        draw = stack.enter_context(drawing(drawn, info, skeleton, OverlayStyle(), []))

        def seen() -> Iterator[Seen]:
            clock = time.perf_counter()
            for frame in tqdm(source, total=info.frame_count, unit="frame", leave=False, disable=None):
                rendered = time.perf_counter()
                found = detector(frame).detections
                store.add(stored_frame(found, info))
                seconds["rendering"] += rendered - clock
                seconds["detection"] += time.perf_counter() - rendered
                truths.append(source.truth)
                yield Seen(found, frame.image_bgr)
                clock = time.perf_counter()

        for tracked, one in tracked_at_once(seen(), skeleton, choices):
            assert one.image_bgr is not None
            frame, truth = Frame(tracked.index, tracked.time_s, one.image_bgr), truths.popleft()
            rows.write(tracked)
            truth_rows.write(frame, truth)
            people.add(tracked)
            scorer.add(truth, tracked.tracks)
            draw(frame, tracked.tracks)
            if frame.index in picks:
                tiles.append(_tile(draw_overlay(frame.image_bgr, tracked.tracks, skeleton)))
        store.finish()
    commit(files[0])
    if drawn is not None:
        commit(drawn)
        files.append(drawn)
    else:
        discard(out / "demo.mp4")  # of an earlier run
    sheet = out / "demo.png"
    write_png(sheet, contact_sheet(tiles))
    commit(sheet)
    files += [sheet, out / "demo.litepose", out / "demo.json"]
    return {
        "score": scorer.score(), "people": people.as_list(), "frames": people.frames, "files": files,
        "frames_without_people": people.frames_without_people, **{f"{k}_s": v for k, v in seconds.items()},
    }  # fmt: skip


def contact_sheet(tiles: list[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """Images of one size in a grid with thin gaps."""
    gap = 6
    h, w = tiles[0].shape[:2]
    rows = -(-len(tiles) // SHEET_COLUMNS)
    columns = min(len(tiles), SHEET_COLUMNS)
    sheet = np.full((rows * (h + gap) + gap, columns * (w + gap) + gap, 3), 245, np.uint8)
    for i, tile in enumerate(tiles):
        y, x = gap + i // SHEET_COLUMNS * (h + gap), gap + i % SHEET_COLUMNS * (w + gap)
        sheet[y : y + h, x : x + w] = tile
    return sheet


def report(score: Any) -> str:
    """What the score means, in a few lines."""
    tracking = score.tracking
    parts: dict[str, list[float]] = {}
    for name, share in score.near_by_joint.items():
        if share == share:
            parts.setdefault(name.removeprefix("left_").removeprefix("right_"), []).append(share)
    each = ", ".join(f"{part} {100 * np.mean(shares):.0f}" for part, shares in parts.items())
    return "\n".join(
        [
            f"joints within 10 % of body height   {_percent(score.near)} %   of {score.visible_joints} visible",
            f"  by joint, %                       {each}",
            f"pose AP (OKS 0.50 to 0.95)          {_percent(score.ap)}     AP50 {_percent(score.ap50)}",
            f"tracking MOTA                       {_percent(tracking.mota)} %   IDF1 {_percent(tracking.idf1)} %, "
            f"{tracking.switches} identity switches, "
            f"{tracking.misses} misses, {tracking.false_positives} false positives",
        ]
    )


def _percent(share: float) -> str:
    """A dash where there is nothing to have a share of."""
    return f"{100 * share:5.1f}" if share == share else "    -"


def _evenly(count: int, picks: int) -> set[int]:
    """Indices of up to `picks` frames from the middle of as many equal parts of a video."""
    return {int((i + 0.5) * count / picks) for i in range(picks)}


def _tile(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height = max(1, round(image.shape[0] * SHEET_TILE_WIDTH / image.shape[1]))
    return cv2.resize(image, (SHEET_TILE_WIDTH, height), interpolation=cv2.INTER_AREA).astype(np.uint8)


def _write_summary(args: argparse.Namespace, place: str, estimator: Any, outcome: dict[str, Any]) -> None:
    from app.export.sidecar import write_sidecar

    width, height = parse_size(args.size)
    score = outcome["score"].as_dict()
    write_sidecar(
        args.out / "demo.json",
        {
            "format": "litepose-studio demo 1",
            "complete": True,
            "scene": {
                "seed": args.seed, "people": args.people, "width": width, "height": height,
                "seconds": args.seconds, "fps": args.fps, "place": place,
            },
            "model": {
                "name": estimator.spec.name, "sha256": estimator.spec.sha256, "input_size": estimator.input_size,
                "engine": estimator.engine.name, "device": estimator.engine.device,
                "precision": estimator.engine.precision, "skeleton": estimator.skeleton.name,
            },
            "frames": outcome["frames"],
            "frames_without_people": outcome["frames_without_people"],
            "people": outcome["people"],
            "accuracy": _without_nan(score),
        },
    )  # fmt: skip


def _without_nan(value: Any) -> Any:
    """NaN is not JSON: null stands for 'nothing to measure'."""
    if isinstance(value, dict):
        return {key: _without_nan(v) for key, v in value.items()}
    return None if isinstance(value, float) and value != value else value
