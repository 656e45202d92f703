"""The default table: one row per person per frame."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from app.angles import ANGLE_NAMES, joint_angles
from app.export.sink import ExportedFrame, MissingFrames, RunFacts, TextSink
from app.export.text_file import csv_lines
from app.repetitions import PeopleCounters, RepetitionSettings
from app.types import TrackedFrame
from pose.skeleton import Skeleton

FIXED_COLUMNS = ("frame", "time_s", "track_id", "score", "state", "bbox_x", "bbox_y", "bbox_w", "bbox_h")


def csv_columns(
    skeleton: Skeleton,
    raw: bool = False,
    angles: bool = False,
    repetitions: Sequence[RepetitionSettings] = (),
    measures: Sequence[str] = (),
) -> tuple[str, ...]:
    """The header. raw adds the positions before smoothing, angles the joint angles in degrees, repetitions for each
    exercise how many are complete, and the turning points of the last; measures come at the end."""
    columns = [*FIXED_COLUMNS]
    for name in skeleton.keypoint_names:
        columns += [f"{name}_x", f"{name}_y", f"{name}_score"]
    if raw:
        for name in skeleton.keypoint_names:
            columns += [f"{name}_raw_x", f"{name}_raw_y"]
    if angles:
        columns += [f"{name}_deg" for name in ANGLE_NAMES]
    for exercise in repetitions:
        columns += [f"{exercise.angle}_{what}" for what in ("repetitions", "repetition_low_deg", "repetition_high_deg")]
    return (*columns, *measures)


def table_angles(keypoints: NDArray[np.float32], run: RunFacts) -> NDArray[np.float32]:
    """(N, A) joint angles in degrees as tables have them: lean against the floor line, if there is one."""
    degrees = joint_angles(keypoints, run.skeleton)[1]
    if run.tilt_deg:
        degrees[:, ANGLE_NAMES.index("trunk_lean")] -= np.float32(run.tilt_deg)
    return degrees


def states(frame: TrackedFrame) -> list[str]:
    """What each person's position rests on: "observed", "predicted" or "interpolated"."""
    observed = "interpolated" if frame.interpolated else "observed"
    return [observed if seen else "predicted" for seen in frame.tracks.observed.tolist()]


class PlaceholderRows:
    """(frame, time_s, state) of the frames that have nobody, for tables with a row for every frame."""

    def __init__(self, run: RunFacts) -> None:
        self._run, self._missing = run, MissingFrames(run)

    def before(self, frame: TrackedFrame) -> Iterator[tuple[int, float, str]]:
        """Those up to this frame, and the frame itself if it has nobody."""
        if self._run.every_frame:
            for index, time_s in self._missing.before(frame.index, frame.time_s):
                yield index, time_s, self._why(index)
            if not len(frame.tracks):
                yield frame.index, frame.time_s, "nobody"

    def after_last(self) -> Iterator[tuple[int, float, str]]:
        if self._run.every_frame:
            for index, time_s in self._missing.after_last():
                yield index, time_s, self._why(index)

    def _why(self, index: int) -> str:
        return "lost" if index in self._run.corrupt_frames else "skipped"


class TableSink(TextSink):
    """A text table: a header and rows of cells, none of which may hold a comma or a line break."""

    def _begin(self) -> str:
        return csv_lines([self.columns()])

    def _body(self, frame: ExportedFrame) -> str:
        rows = list(self.rows_of(frame)) if len(frame.tracks) else []
        self.rows += len(rows)
        return csv_lines(rows)

    @abstractmethod
    def columns(self) -> Sequence[str]:
        """The header."""

    @abstractmethod
    def rows_of(self, frame: ExportedFrame) -> Iterator[list[str]]:
        """The rows of a frame that has people."""


class FrameTable(TableSink):
    """One of our own tables: if the run asks for it, frames without people have a row too, with empty cells."""

    def _begin(self) -> str:
        self._placeholders = PlaceholderRows(self.run)
        return super()._begin()

    def _body(self, frame: ExportedFrame) -> str:
        return csv_lines(map(self._placeholder, self._placeholders.before(frame))) + super()._body(frame)

    def _end(self, complete: bool) -> str:
        return csv_lines(map(self._placeholder, self._placeholders.after_last())) if complete else ""

    def _placeholder(self, facts: tuple[int, float, str]) -> list[str]:
        index, time_s, state = facts
        filled = {"frame": str(index), "time_s": f"{time_s:.6f}", "state": state}
        return [filled.get(name, "") for name in self.columns()]


class WideCsv(FrameTable):
    """Decimal points in every locale, pixels of the upright frame, empty cell = missing."""

    def columns(self) -> tuple[str, ...]:
        run = self.run
        return csv_columns(
            run.skeleton, run.raw, run.angles, run.repetitions, run.measures.columns if run.measures else ()
        )

    def _begin(self) -> str:
        self._counters = PeopleCounters(self.run.repetitions)
        return super()._begin()

    def rows_of(self, frame: ExportedFrame) -> Iterator[list[str]]:
        """One row for each person of the frame, by ascending id."""
        tracks, poses = frame.tracks, frame.tracks.poses
        boxes = frame.body_boxes_xyxy.tolist()
        keypoints, scores = poses.keypoints.tolist(), poses.scores.tolist()
        confidence, raw = poses.confidence.tolist(), tracks.raw.keypoints.tolist()
        needs_angles = self.run.angles or self.run.repetitions
        angles = table_angles(poses.keypoints, self.run) if needs_angles else None
        head, state = [str(frame.index), f"{frame.time_s:.6f}"], states(frame)
        for i, track_id in enumerate(tracks.ids.tolist()):
            x0, y0, x1, y1 = boxes[i]
            cells = [*head, str(track_id), f"{confidence[i]:.4f}", state[i]]
            cells += [decimal(x0), decimal(y0), decimal(x1 - x0), decimal(y1 - y0)]
            for (x, y), score in zip(keypoints[i], scores[i], strict=True):
                cells += [f"{x:z.2f}", f"{y:z.2f}", f"{score:.4f}"] if x == x else ["", "", ""]
            if self.run.raw:
                for x, y in raw[i]:
                    cells += [decimal(x), decimal(y)]
            if angles is not None and self.run.angles:
                cells += [decimal(angle) for angle in angles[i].tolist()]
            if angles is not None and self.run.repetitions:
                for done in self._counters.update(track_id, angles[i], frame.time_s):
                    cells += [str(done.count), decimal(done.low_deg), decimal(done.high_deg)]
            if self.run.measures is not None:
                cells += [decimal(value, 3) for value in self.run.measures.of(track_id, frame.time_s)]
            yield cells


def decimal(value: float, places: int = 2) -> str:
    """Never "-0.00"; empty if there is no value."""
    return f"{value:z.{places}f}" if math.isfinite(value) else ""
