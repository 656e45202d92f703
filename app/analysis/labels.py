"""Frames whose poses were corrected, as training labels in COCO's layout: the way from repairs to a better model."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from app.analysis.edits import Edit, edited
from app.analysis.pose_edits import Bridge, MoveJoint
from app.analysis.result import Result
from app.analysis.track import tracked_frames
from app.export.layouts import COCO, arranged, named_edges, triplets
from app.export.partial import explained
from app.sources import Source
from app.types import TrackedFrame
from pose.errors import MediaError
from pose.files import write_atomically
from pose.skeleton import SKELETONS, Skeleton
from tracking.types import TrackedPoses

ANNOTATIONS, IMAGES = "person_keypoints.json", "images"
LEAST_JOINTS = 3  # with fewer labelled joints somebody is a place to leave out of training, not a label
JPEG_QUALITY = 95
PERSON = 1


@dataclass(frozen=True, slots=True)
class LabelChoices:
    """sure: least score of a joint to be a label. apart_s: least distance of two frames that were corrected alike, by
    one edit over many frames; those in which a joint was moved by hand always count. also: further frames, looked at
    and found right."""

    sure: float = 0.3
    apart_s: float = 0.5
    also: Collection[int] = ()


def chosen_frames(result: Result, edits: Sequence[Edit], choices: LabelChoices) -> list[TrackedFrame]:
    """The edited frames to label, in order.

    Identity edits alone correct no pose, and what is only interpolated (a bridge, the neighbours of a moved joint) is
    not exact enough for a label.
    """
    by_hand = {edit.frame for edit in edits if isinstance(edit, MoveJoint)} | set(choices.also)
    exact = [edit for edit in edits if not isinstance(edit, MoveJoint | Bridge)]
    skeleton = result.store.head.skeleton
    chosen: list[TrackedFrame] = []
    for frame in tracked_frames(result.store, result.choices()):
        is_apart = not chosen or frame.time_s - chosen[-1].time_s >= choices.apart_s
        if frame.index in by_hand or (is_apart and _poses(frame) != _poses(edited(frame, exact, skeleton))):
            chosen.append(edited(frame, edits, skeleton))
    return chosen


def _poses(frame: TrackedFrame) -> list[bytes]:
    """The poses whoever they belong to."""
    return sorted(points.tobytes() for points in frame.tracks.poses.keypoints)


def write_labels(
    frames: Sequence[TrackedFrame], source: Source, skeleton: Skeleton, folder: Path, choices: LabelChoices
) -> int:
    """Add images and annotations to a folder, in which other videos' may lie already; returns how many people count.

    Frames that the folder already has of this video are replaced. Raises MediaError.
    """
    layout = skeleton.keypoint_names if skeleton in SKELETONS.values() else COCO
    content = _content(folder, skeleton, layout)
    stem, size = Path(source.info.name).stem, (source.info.width, source.info.height)
    names = {frame.index: f"{stem}_{frame.index:06d}.jpg" for frame in frames}
    replaced = {image["id"] for image in content["images"] if image["file_name"] in names.values()}
    content["images"] = [image for image in content["images"] if image["id"] not in replaced]
    content["annotations"] = [a for a in content["annotations"] if a["image_id"] not in replaced]
    next_id = 1 + max((entry["id"] for entry in [*content["images"], *content["annotations"]]), default=0)
    labelled = 0
    with explained(folder):
        for frame, image in _with_images(frames, source):
            jpeg = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])[1].tobytes()
            write_atomically(folder / IMAGES / names[frame.index], jpeg)
            image_id, next_id = next_id, next_id + 1
            facts = {"id": image_id, "file_name": names[frame.index], "width": size[0], "height": size[1]}
            content["images"].append(facts)
            for annotation in _annotations(frame.tracks, skeleton, layout, choices.sure):
                content["annotations"].append(annotation | {"id": next_id, "image_id": image_id})
                next_id += 1
                labelled += annotation["num_keypoints"] > 0
        write_atomically(folder / ANNOTATIONS, json.dumps(content, ensure_ascii=True).encode())
    return labelled


def _with_images(frames: Sequence[TrackedFrame], source: Source) -> Iterator[tuple[TrackedFrame, NDArray[np.uint8]]]:
    wanted = {frame.index: frame for frame in frames}
    for frame in source.frames():
        if frame.index in wanted:
            yield wanted.pop(frame.index), frame.image_bgr
        if not wanted:
            return
    missing = ", ".join(map(str, sorted(wanted)))
    raise MediaError(f"{source.info.name} has no frames {missing}; is it the video that was analysed?")


def _annotations(
    tracks: TrackedPoses, skeleton: Skeleton, layout: tuple[str, ...], sure: float
) -> Iterator[dict[str, Any]]:
    """People with the joints that are sure (v = 2); those with too few, and people not seen, have a box only."""
    poses = tracks.poses
    keypoints, scores = arranged(poses, skeleton, layout)
    labelled = np.isfinite(keypoints[..., 0]) & (scores >= sure) & tracks.observed[:, None]
    labelled[labelled.sum(axis=1) < LEAST_JOINTS] = False
    rows = triplets(np.where(labelled[..., None], keypoints, np.nan), 2.0 * labelled)
    for points, count, (x0, y0, x1, y1) in zip(
        rows, labelled.sum(axis=1).tolist(), np.round(poses.boxes_xyxy, 1).tolist(), strict=True
    ):
        if x0 == x0:
            box = [x0, y0, round(x1 - x0, 1), round(y1 - y0, 1)]
            yield {
                "category_id": PERSON,
                "bbox": box,
                "area": round(box[2] * box[3], 1),
                "iscrowd": 0,
                "num_keypoints": count,
                "keypoints": points,
            }


def _content(folder: Path, skeleton: Skeleton, layout: tuple[str, ...]) -> dict[str, Any]:
    """What the folder has so far. Raises MediaError if its labels have other joints."""
    path = folder / ANNOTATIONS
    category = {
        "id": PERSON,
        "name": "person",
        "keypoints": list(layout),
        "skeleton": named_edges(skeleton, layout),
    }
    if not path.exists():
        return {"images": [], "annotations": [], "categories": [category]}
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        same = content["categories"][0]["keypoints"] == list(layout)
        if not all(isinstance(entry["id"], int) for entry in [*content["images"], *content["annotations"]]):
            raise ValueError("an id that is no number")
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise MediaError(f"{path} cannot be added to: it holds no labels that could be read.") from error
    if not same:
        raise MediaError(f"{path} cannot be added to: its people have other joints; choose another folder.")
    return content
