"""Who is where in each frame, from a file: MOTChallenge text, our CSV, or the truth of a rendered scene."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pose.errors import MediaError
from pose.skeleton import COCO17, CROWDPOSE14
from tracking.metrics import FramePair, iou_matrix, oks_of_joints

Float64 = NDArray[np.float64]

_SIGMAS = {n: s for k in (COCO17, CROWDPOSE14) for n, s in zip(k.keypoint_names, k.oks_sigmas, strict=True)}
_AREA_OF_BOX = 0.53  # CrowdPose takes this share of the box as the person's area
_WRONG = (ValueError, KeyError, IndexError, csv.Error, UnicodeDecodeError)


@dataclass(frozen=True, slots=True)
class Identified:
    """R rows, one per person and frame. frames: (R,) from 0; ids: (R,); boxes_xyxy: (R, 4) pixels.

    keypoints: (R, K, 2) of the joints `names`, NaN = missing or not labelled; K is 0 where the file has only boxes.
    """

    frames: NDArray[np.int64]
    ids: NDArray[np.int64]
    boxes_xyxy: Float64
    names: tuple[str, ...]
    keypoints: Float64


def read_identified(path: Path) -> Identified:
    """Raises MediaError with one sentence if the file cannot be read, or is none of these."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.reader(file) if row]
        found = _table(rows) if rows and rows[0][0] == "frame" else _motchallenge(rows)
    except OSError as error:
        raise MediaError(f"{path} cannot be read ({error.strerror or error}).") from error
    except _WRONG as error:
        raise MediaError(
            f"{path.name} is neither MOTChallenge text nor a CSV table of this program with frame, track_id and bbox_x."
        ) from error
    places = np.stack([found.frames, found.ids], axis=1)
    if len(np.unique(places, axis=0)) < len(places):
        raise MediaError(f"In {path.name} the same person is twice in one frame.")
    return found


def _motchallenge(rows: Sequence[Sequence[str]]) -> Identified:
    """frame (from 1), id, left, top, width, height, confidence or flag, …; rows flagged 0 are not to be scored."""
    numbers = np.array([[float(v) for v in row[:7]] for row in rows], np.float64).reshape(-1, 7)
    numbers = numbers[numbers[:, 6] != 0]
    if not np.isfinite(numbers).all():
        raise ValueError("not a number")
    boxes = np.concatenate([numbers[:, 2:4], numbers[:, 2:4] + numbers[:, 4:6]], axis=1)
    frames, ids = numbers[:, 0].astype(np.int64) - 1, numbers[:, 1].astype(np.int64)
    return Identified(frames, ids, boxes, (), np.empty((len(frames), 0, 2)))


def _table(rows: Sequence[Sequence[str]]) -> Identified:
    """Ours: NAME_x, NAME_y and NAME_score (found) or NAME_visible (true, 0 = hidden); empty cells are missing."""
    header = list(rows[0])
    identity = "true_id" if "true_id" in header else "track_id"
    columns = {name: i for i, name in enumerate(header)}
    names = tuple(
        n.removesuffix("_x")
        for n in header
        if n.endswith("_x") and {n[:-2] + "_score", n[:-2] + "_visible"} & set(header)
    )

    def numbers(wanted: Sequence[str]) -> Float64:
        at = [columns[name] for name in wanted]
        return np.array([[float(row[i]) if row[i] else np.nan for i in at] for row in rows[1:]]).reshape(-1, len(at))

    keys = numbers(["frame", identity])
    box = numbers(["bbox_x", "bbox_y", "bbox_w", "bbox_h"])
    points = numbers([f"{n}_{axis}" for n in names for axis in "xy"]).reshape(len(keys), len(names), 2)
    if names and f"{names[0]}_visible" in columns:
        points[numbers([f"{n}_visible" for n in names]) == 0] = np.nan
    boxed = np.isfinite(box).all(axis=1) & np.isfinite(keys).all(axis=1)  # not the rows of frames without people
    corners = np.concatenate([box[:, :2], box[:, :2] + box[:, 2:]], axis=1)
    frames, ids = keys[boxed].astype(np.int64).T
    return Identified(frames, ids, corners[boxed], names, points[boxed])


def pairs_by_boxes(truth: Identified, found: Identified) -> list[FramePair]:
    """Both in each frame, alike by the intersection over union of boxes."""
    return [
        FramePair(truth.ids[t], found.ids[f], iou_matrix(truth.boxes_xyxy[t], found.boxes_xyxy[f]))
        for t, f in _by_frame(truth, found)
    ]


def pairs_by_poses(truth: Identified, found: Identified) -> list[FramePair] | None:
    """Both in each frame, alike by OKS over the labelled joints that both files have; None where there are none.

    People without a labelled joint are left out; a person's area is 0.53 of the box, as in CrowdPose.
    """
    names = [n for n in truth.names if n in found.names and n in _SIGMAS]
    if not names:
        return None
    at, there = [truth.names.index(n) for n in names], [found.names.index(n) for n in names]
    sigmas = np.array([_SIGMAS[n] for n in names])
    pairs = []
    for t, f in _by_frame(truth, found):
        labels = truth.keypoints[t][:, at]
        labelled = np.isfinite(labels[..., 0]).any(axis=1)
        t, labels = t[labelled], labels[labelled]
        boxes = truth.boxes_xyxy[t]
        areas = np.maximum(_AREA_OF_BOX * (boxes[:, 2:] - boxes[:, :2]).prod(axis=1), 1.0)
        similarity = oks_of_joints(labels, areas, found.keypoints[f][:, there], sigmas)
        pairs.append(FramePair(truth.ids[t], found.ids[f], similarity))
    return pairs


def _by_frame(truth: Identified, found: Identified) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Rows of both in each frame in which anybody is."""
    frames = np.union1d(truth.frames, found.frames)
    one, other = (_rows_by_frame(frames, part.frames) for part in (truth, found))
    return list(zip(one, other, strict=True))


def _rows_by_frame(frames: NDArray[np.int64], of_rows: NDArray[np.int64]) -> list[NDArray[np.intp]]:
    order = np.argsort(of_rows, kind="stable")
    ends = np.searchsorted(of_rows[order], frames, side="right")
    return [order[a:b] for a, b in zip([0, *ends[:-1].tolist()], ends.tolist(), strict=True)]
