"""Runs other people's trackers in their own Python, where our packages need not be; started by benchmarks.tracking.

    PYTHON -P benchmarks/tracking_peers.py TRACKER SCENES OUT [NUMBER OF THE ONLY SETTING]

SCENES: folder of NAME.npz with times_s (F,), fps, size (2,), counts (F,), and for all N found people in order of frames
boxes (N, 4), confidence (N,), keypoints (N, K, 2), scores (N, K). OUT: one JSON: {"settings": [...], "ids": {scene:
[per setting (N,), 0 = none]}, "ms": {scene: [per setting, CPU per frame]}}, or {"missing": why}.
"""

from __future__ import annotations

import importlib.metadata
import itertools
import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

Step = Callable[["Found"], Any]  # -> pairs (row in the frame, id from 0)


class Found(NamedTuple):
    """What was found in one frame."""

    time_s: float
    boxes: np.ndarray
    confidence: np.ndarray
    keypoints: np.ndarray
    scores: np.ndarray


class Scene(NamedTuple):
    """What a tracker may know beforehand."""

    fps: float
    size: tuple[int, int]
    frames: list[Found]


def read_scene(path: Path) -> Scene:
    """One scene."""
    with np.load(path) as file:
        ends = np.cumsum(file["counts"])
        data = {name: file[name] for name in ("boxes", "confidence", "keypoints", "scores")}
        frames = [
            Found(float(t), *(data[n][b - c : b] for n in ("boxes", "confidence", "keypoints", "scores")))
            for t, b, c in zip(file["times_s"], ends, file["counts"], strict=True)
        ]
        return Scene(float(file["fps"]), (int(file["size"][0]), int(file["size"][1])), frames)


def as_detector(confidence: np.ndarray) -> np.ndarray:
    """Our confidences as box detectors give them: 0.05, 0.1, 0.2, 0.4 become 0.25, 0.4, 0.57, 0.73."""
    return confidence / (confidence + 0.15)


def norfair_step(scene: Scene, by: str, distance: float, keep_s: float, delay: int) -> Step:
    """By keypoints (mean distance in body heights) or by boxes (IoU)."""
    import norfair

    def apart(detection: Any, tracked: Any) -> float:
        known = (detection.scores > 0.05) & np.isfinite(tracked.estimate[:, 0])
        if not known.any():
            return 9.0
        gap = np.linalg.norm(detection.points[known] - tracked.estimate[known], axis=1).mean()
        return float(gap / max(detection.data[2], 1.0))

    keep = max(round(keep_s * scene.fps), 1)
    options = {"detection_threshold": 0.05} if by == "keypoints" else {}
    tracker = norfair.Tracker(
        "iou" if by == "iou" else apart, distance, hit_counter_max=keep,
        initialization_delay=min(delay, keep - 1), **options,
    )  # fmt: skip
    count = itertools.count()

    def step(found: Found) -> Iterator[tuple[int, int]]:
        frame, detections = next(count), []
        for row, box in enumerate(found.boxes):
            height = float(max(box[3] - box[1], box[2] - box[0]))
            if by == "iou":
                one = norfair.Detection(box.reshape(2, 2), data=(frame, row, height))
            else:
                points = np.nan_to_num(found.keypoints[row].astype(float))
                scores = np.where(np.isfinite(found.keypoints[row][:, 0]), found.scores[row], 0.0)
                one = norfair.Detection(points, scores=scores, data=(frame, row, height))
            detections.append(one)
        for tracked in tracker.update(detections):
            if tracked.last_detection.data[0] == frame:
                yield tracked.last_detection.data[1], tracked.id

    return step


def roboflow_step(scene: Scene, name: str, sure: float, keep_s: float, least_iou: float) -> Step:
    """`trackers`: SORT, ByteTrack, OC-SORT, BoT-SORT (without camera motion), C-BIoU."""
    import supervision
    import trackers

    options: dict[str, Any] = {"lost_track_buffer": max(round(keep_s * 30), 1), "frame_rate": scene.fps}
    if name != "OCSORT":
        options["track_activation_threshold"] = sure
    if name != "SORT":
        options["high_conf_det_threshold"] = sure
    options["minimum_iou_threshold_first_assoc" if name in ("BoTSORT", "CBIoU") else "minimum_iou_threshold"] = (
        least_iou
    )
    if name == "BoTSORT":
        options["enable_cmc"] = False
    tracker = getattr(trackers, name + ("Tracker"))(**options)

    def step(found: Found) -> Iterator[tuple[int, int]]:
        detections = supervision.Detections(
            xyxy=found.boxes.astype(np.float32), confidence=as_detector(found.confidence).astype(np.float32),
            class_id=np.zeros(len(found.boxes), int), data={"row": np.arange(len(found.boxes))},
        )  # fmt: skip
        tracked = tracker.update(detections)
        if tracked.tracker_id is not None and len(tracked):
            for row, number in zip(tracked.data["row"].tolist(), tracked.tracker_id.tolist(), strict=True):
                if number is not None and number >= 0:
                    yield row, number

    return step


def boxmot_step(scene: Scene, name: str, sure: float, keep_s: float, match: float) -> Step:
    """boxmot's motion trackers."""
    import boxmot

    keep = max(round(keep_s * scene.fps), 1)
    options: dict[str, Any] = {"max_age": keep}
    if name == "ByteTrack":
        options |= {"track_thresh": sure, "match_thresh": match, "track_buffer": keep, "frame_rate": 30}
    else:
        options |= {"det_thresh": sure, "use_byte": True, "iou_threshold": 1 - match}
    tracker = getattr(boxmot, name)(**options)
    image = np.zeros((scene.size[1], scene.size[0], 3), np.uint8)

    def step(found: Found) -> Iterator[tuple[int, int]]:
        n = len(found.boxes)
        table = np.column_stack([found.boxes, as_detector(found.confidence), np.zeros(n)]).reshape(-1, 6)
        for row in np.asarray(tracker.update(table.astype(np.float32), image)).reshape(-1, 8):
            yield int(row[7]), int(row[4])

    return step


def greedy_step(scene: Scene, least_iou: float, sure: float) -> Step:
    """The pairs of greatest IoU with the frame before, one after the other, as simple toolkits do."""
    before = np.empty((0, 4))
    names: list[int] = []
    count = itertools.count()

    def step(found: Found) -> list[tuple[int, int]]:
        nonlocal before, names
        rows = np.flatnonzero(found.confidence >= sure)
        boxes = found.boxes[rows]
        iou = _iou(before, boxes)
        now = [-1] * len(rows)
        while iou.size and iou.max() >= least_iou:
            i, j = np.unravel_index(int(iou.argmax()), iou.shape)
            now[j] = names[i]
            iou[i], iou[:, j] = 0.0, 0.0
        names = [next(count) if name < 0 else name for name in now]
        before = boxes
        return list(zip(rows.tolist(), names, strict=True))

    return step


def _iou(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    size = np.minimum(a[:, None, 2:], b[None, :, 2:]) - np.maximum(a[:, None, :2], b[None, :, :2])
    inter = np.maximum(size, 0).prod(axis=2)
    area_a, area_b = (a[:, 2:] - a[:, :2]).prod(axis=1), (b[:, 2:] - b[:, :2]).prod(axis=1)
    return inter / np.maximum(area_a[:, None] + area_b[None] - inter, 1e-9)


def grid(**values: list[Any]) -> list[dict[str, Any]]:
    """All combinations."""
    return [dict(zip(values, chosen, strict=True)) for chosen in itertools.product(*values.values())]


_ROBOFLOW = grid(sure=[0.4, 0.57], keep_s=[2.0], least_iou=[0.1, 0.3])
TRACKERS: dict[str, tuple[str, Callable[..., Step], dict[str, Any], list[dict[str, Any]]]] = {
    "Norfair keypoints": (
        "norfair", norfair_step, {"by": "keypoints"}, grid(distance=[0.12, 0.25], keep_s=[2.0], delay=[1, 2]),
    ),
    "Norfair IoU": ("norfair", norfair_step, {"by": "iou"}, grid(distance=[0.7, 0.9], keep_s=[1.0, 2.0], delay=[2])),
    **{
        f"{name} (trackers)": ("trackers", roboflow_step, {"name": name}, _ROBOFLOW)
        for name in ("SORT", "ByteTrack", "OCSORT", "BoTSORT", "CBIoU")
    },
    **{
        f"{name} (boxmot)": (
            "boxmot", boxmot_step, {"name": name}, grid(sure=[0.4, 0.57], keep_s=[2.0], match=[0.7, 0.9]),
        )
        for name in ("ByteTrack", "OcSort")
    },
    "greedy IoU": ("numpy", greedy_step, {}, grid(least_iou=[0.1, 0.3, 0.5], sure=[0.1, 0.2])),
}  # fmt: skip


def main() -> None:
    name, scenes, out = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    package, make, fixed, settings = TRACKERS[name]
    settings = [settings[int(sys.argv[4])]] if len(sys.argv) > 4 else settings
    try:
        version = importlib.metadata.version(package)
        __import__(package)
    except ImportError as error:
        out.write_text(json.dumps({"missing": f"{package} is not installed ({error})"}))
        return
    ids: dict[str, list[list[int]]] = {}
    ms: dict[str, list[float]] = {}
    for path in sorted(scenes.glob("*.npz")):
        scene = read_scene(path)
        for chosen in settings:
            step, named = make(scene, **fixed, **chosen), []
            start_s = time.process_time()
            for found in scene.frames:
                row_ids = [0] * len(found.boxes)
                for row, number in step(found):
                    row_ids[row] = int(number) + 1
                named += row_ids
            ms.setdefault(path.stem, []).append(1e3 * (time.process_time() - start_s) / max(len(scene.frames), 1))
            ids.setdefault(path.stem, []).append(named)
    out.write_text(json.dumps({"version": version, "settings": settings, "ids": ids, "ms": ms}))


if __name__ == "__main__":
    main()
