"""Scenes for benchmarks.tracking from images: rendered films and clips, their detections kept in a folder."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import av
import numpy as np

from app.scene.scoring import _labels
from app.scene.truth import SceneTruth
from benchmarks.tracking_scenes import films, render
from benchmarks.tracking_sets import BenchFrame, BenchScene
from benchmarks.tracking_tud import read_ground_truth
from pose import load_estimator
from pose.evaluation.oks import object_keypoint_similarity
from pose.skeleton import CROWDPOSE14
from pose.types import Poses
from tracking.appearance import colour_signatures
from tracking.body_boxes import body_boxes_xyxy
from tracking.metrics import iou_matrix

_MODEL, _INPUT = "litepose-m", 448
_IGNORED_OKS = 0.5


def film_scenes(folder: Path, half: str) -> Iterator[BenchScene]:
    """Films of a half (benchmarks.tracking_scenes.films); people count as found from an OKS of 0.5 on."""
    for film in films(half):
        path = folder / f"film_{half}_{film.name}.detections.pkl"
        if not path.exists():
            _keep(path, ((f.image_bgr, f.time_s, f.actors, _fields(f.truth)) for f in render(film)))
        frames = [_film_frame(*kept) for kept in pickle.loads(path.read_bytes())]
        yield BenchScene(film.name, film.fps, film.size, 0.5, frames)


def clip_scene(folder: Path, name: str, clip: Path, truth: Path) -> BenchScene:
    """A video with MOTChallenge ground truth; people count as found from an IoU of 0.4 on."""
    path = folder / f"{name}.detections.pkl"
    with av.open(str(clip)) as container:
        stream = container.streams.video[0]
        fps, size = float(stream.average_rate or 25), (stream.width, stream.height)
        if not path.exists():
            images = ((f.to_ndarray(format="bgr24"), f.time, None, None) for f in container.decode(video=0))
            _keep(path, images)
    kept = pickle.loads(path.read_bytes())
    frames = []
    for (time_s, arrays, looks, _, _), (ids, boxes) in zip(kept, read_ground_truth(truth, len(kept)), strict=True):
        found = Poses(*arrays)
        similarity = iou_matrix(boxes, body_boxes_xyxy(found, CROWDPOSE14))
        frames.append(BenchFrame(time_s, found, np.asarray(looks, np.float32), ids, similarity))
    return BenchScene(name, fps, size, 0.4, frames)


def _keep(path: Path, images: Iterator[tuple[Any, float, Any, Any]]) -> None:
    estimator = load_estimator(_MODEL, input_size=_INPUT)
    kept = []
    for image, time_s, actors, truth in images:
        poses = estimator(image)
        arrays = poses.keypoints, poses.scores, poses.confidence
        kept.append((time_s, arrays, colour_signatures(image, poses, CROWDPOSE14), actors, truth))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps(kept))


def _fields(truth: SceneTruth) -> tuple[Any, ...]:
    return tuple(getattr(truth, field.name) for field in fields(truth))


def _film_frame(time_s: float, arrays: Any, looks: Any, actors: np.ndarray, truth: Any) -> BenchFrame:
    """Found people who lie on somebody who is not labelled are neither right nor wrong."""
    found, looks = Poses(*arrays), np.asarray(looks, np.float32)
    people = SceneTruth(*truth).of_skeleton(CROWDPOSE14)
    labels = _labels(people)
    if not len(people):
        return BenchFrame(time_s, found, looks, actors, np.zeros((0, len(found))))
    similarity = object_keypoint_similarity(found.keypoints, labels, CROWDPOSE14.sigmas)
    counted = np.ones(len(found), bool)
    if len(found):
        counted = ~(labels.ignored[similarity.argmax(axis=1)] & (similarity.max(axis=1) >= _IGNORED_OKS))
    similarity = similarity[counted][:, ~labels.ignored].T
    return BenchFrame(time_s, found[counted], looks[counted], actors[~labels.ignored], similarity)
