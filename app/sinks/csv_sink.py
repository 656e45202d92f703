"""The default table: one row per person per frame."""

from __future__ import annotations

import math
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from app.angles import ANGLE_NAMES, joint_angles
from app.sinks.partial import commit, partial_path, write_error
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


class CsvSink:
    """Streams rows to `X.partial.csv`; a clean exit makes it `X.csv`, an exception leaves the valid partial file.

    UTF-8, comma-separated, decimal points in every locale, pixels of the upright frame, empty cell = missing.
    Raises MediaError if the file cannot be written.
    """

    def __init__(self, path: Path, skeleton: Skeleton, *, raw: bool = False, angles: bool = False) -> None:
        self.path = path
        self.rows = 0
        self._skeleton, self._raw, self._angles = skeleton, raw, angles
        self._file: TextIO | None = None

    def __enter__(self) -> Self:
        try:
            self._file = partial_path(self.path).open("w", encoding="utf-8", newline="")
            self._file.write(",".join(csv_columns(self._skeleton, self._raw, self._angles)) + "\n")
        except OSError as error:
            raise write_error(self.path, error) from error
        return self

    def write(self, result: FrameResult) -> None:
        """One row for each person of the frame, by ascending id."""
        assert self._file is not None
        lines = self._lines(result)
        if lines:
            try:
                self._file.write("".join(lines))
            except OSError as error:
                raise write_error(self.path, error) from error
            self.rows += len(lines)

    def flush(self) -> None:
        """Hand all rows to the system, so that a full disk shows now and not at the end."""
        assert self._file is not None
        try:
            self._file.flush()
        except OSError as error:
            raise write_error(self.path, error) from error

    def _lines(self, result: FrameResult) -> list[str]:
        tracks, poses = result.tracks, result.tracks.poses
        if not len(tracks):
            return []
        boxes = poses.boxes_xyxy.tolist()
        keypoints, scores = poses.keypoints.tolist(), poses.scores.tolist()
        confidence, raw = poses.confidence.tolist(), tracks.raw.keypoints.tolist()
        angles = joint_angles(poses.keypoints, self._skeleton)[1].tolist() if self._angles else []
        head = f"{result.frame.index},{result.frame.time_s:.6f}"
        lines = []
        for i, track_id in enumerate(tracks.ids.tolist()):
            state = "observed" if tracks.observed[i] else "predicted"
            x0, y0, x1, y1 = boxes[i]
            cells = [head, str(track_id), f"{confidence[i]:.4f}", state]
            cells += [_pixels(x0), _pixels(y0), _pixels(x1 - x0), _pixels(y1 - y0)]
            for (x, y), score in zip(keypoints[i], scores[i], strict=True):
                cells += [f"{x:.2f}", f"{y:.2f}", f"{score:.4f}"] if x == x else ["", "", ""]
            if self._raw:
                for x, y in raw[i]:
                    cells += [_pixels(x), _pixels(y)]
            if self._angles:
                cells += [_pixels(angle) for angle in angles[i]]
            lines.append(",".join(cells) + "\n")
        return lines

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._file is not None
        try:
            self._file.close()
        except OSError as close_error:
            if error is None:
                raise write_error(self.path, close_error) from close_error
        if error is None:
            commit(self.path)


def _pixels(value: float) -> str:
    return f"{value:.2f}" if math.isfinite(value) else ""
