"""The default table: one row per person per frame."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

from app.angles import ANGLE_NAMES, joint_angles
from app.export.table import CsvTable
from app.types import FrameResult
from pose.skeleton import Skeleton

FIXED_COLUMNS = ("frame", "time_s", "track_id", "score", "state", "bbox_x", "bbox_y", "bbox_w", "bbox_h")


def csv_columns(skeleton: Skeleton, raw: bool = False, angles: bool = False) -> tuple[str, ...]:
    """The header. raw adds the positions before smoothing, angles the joint angles in degrees."""
    columns = [*FIXED_COLUMNS]
    for name in skeleton.keypoint_names:
        columns += [f"{name}_x", f"{name}_y", f"{name}_score"]
    if raw:
        for name in skeleton.keypoint_names:
            columns += [f"{name}_raw_x", f"{name}_raw_y"]
    if angles:
        columns += [f"{name}_deg" for name in ANGLE_NAMES]
    return tuple(columns)


class CsvSink(CsvTable):
    """Decimal points in every locale, pixels of the upright frame, empty cell = missing."""

    def __init__(self, path: Path, skeleton: Skeleton, *, raw: bool = False, angles: bool = False) -> None:
        super().__init__(path, csv_columns(skeleton, raw, angles))
        self._skeleton, self._raw, self._angles = skeleton, raw, angles

    def write(self, result: FrameResult) -> None:
        """One row for each person of the frame, by ascending id."""
        if len(result.tracks):
            self.append(self._rows_of(result))

    def _rows_of(self, result: FrameResult) -> Iterator[list[str]]:
        tracks, poses = result.tracks, result.tracks.poses
        boxes = poses.boxes_xyxy.tolist()
        keypoints, scores = poses.keypoints.tolist(), poses.scores.tolist()
        confidence, raw = poses.confidence.tolist(), tracks.raw.keypoints.tolist()
        angles = joint_angles(poses.keypoints, self._skeleton)[1].tolist() if self._angles else []
        head = [str(result.frame.index), f"{result.frame.time_s:.6f}"]
        for i, track_id in enumerate(tracks.ids.tolist()):
            state = "observed" if tracks.observed[i] else "predicted"
            x0, y0, x1, y1 = boxes[i]
            cells = [*head, str(track_id), f"{confidence[i]:.4f}", state]
            cells += [_number(x0), _number(y0), _number(x1 - x0), _number(y1 - y0)]
            for (x, y), score in zip(keypoints[i], scores[i], strict=True):
                cells += [f"{x:.2f}", f"{y:.2f}", f"{score:.4f}"] if x == x else ["", "", ""]
            if self._raw:
                for x, y in raw[i]:
                    cells += [_number(x), _number(y)]
            if self._angles:
                cells += [_number(angle) for angle in angles[i]]
            yield cells


def _number(value: float) -> str:
    return f"{value:.2f}" if math.isfinite(value) else ""
