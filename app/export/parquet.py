"""The wide table as Apache Parquet: typed columns, compressed, read in an instant by pandas, Polars, R and DuckDB."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from app.export.csv_wide import PlaceholderRows, csv_columns, states, table_angles
from app.export.partial import discard, explained, partial_path
from app.export.sink import ExportedFrame, RunFacts

ROWS_PER_GROUP = 16_384
NOBODY = -1  # in place of a track id, until it is written as null
_TYPES = {"frame": pa.int64(), "time_s": pa.float64(), "track_id": pa.int64(), "state": pa.string()}


class _Rows(NamedTuple):
    """What is no position or score, one entry for each row."""

    frames: NDArray[np.int64]
    times_s: NDArray[np.float64]
    ids: NDArray[np.int64]
    states: list[str]


class ParquetTable:
    """The columns of the CSV, in float32 where they are positions and scores; null = missing.

    The schema's metadata holds `litepose`: skeleton, frame rate and size as JSON.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows = 0
        self._writer: pq.ParquetWriter | None = None

    def open(self, run: RunFacts) -> None:
        self._run, self._placeholders = run, PlaceholderRows(run)
        names = csv_columns(run.skeleton, run.raw, run.angles, (), run.measures.columns if run.measures else ())
        fields = [pa.field(name, _TYPES.get(name, pa.float32())) for name in names]
        self._schema = pa.schema(fields, metadata={"litepose": json.dumps(_facts(run))})
        self._waiting: list[tuple[_Rows, NDArray[np.float32]]] = []
        self._count = 0  # rows in there
        with explained(self.path):
            # By an open file: names of files need not be text, and Arrow's are.
            self._file = partial_path(self.path).open("wb")
        self._writer = pq.ParquetWriter(self._file, self._schema, compression="zstd")

    def write(self, frame: ExportedFrame) -> None:
        for facts in self._placeholders.before(frame):
            self._append(*self._placeholder(*facts))
        n = len(frame.tracks)
        if n:
            rows = _Rows(np.full(n, frame.index), np.full(n, frame.time_s), frame.tracks.ids, states(frame))
            self._append(rows, self._numbers(frame))
        if self._count >= ROWS_PER_GROUP:
            self._write_group()

    def flush(self) -> None:
        """Rows wait for a group of their own; what is written has left our hands."""

    def close(self, complete: bool) -> None:
        if self._writer is None:
            return
        for facts in self._placeholders.after_last() if complete else ():
            self._append(*self._placeholder(*facts))
        try:
            self._write_group()
            with explained(self.path):
                self._writer.close()
                self._file.close()
        except BaseException:
            with contextlib.suppress(OSError):  # what a full disk did not take is not needed any more
                self._file.close()
            discard(partial_path(self.path))
            raise
        finally:
            self._writer = None

    def _append(self, rows: _Rows, numbers: NDArray[np.float32]) -> None:
        self._waiting.append((rows, numbers))
        self._count += len(numbers)
        self.rows += len(numbers)

    def _write_group(self) -> None:
        if not self._waiting or self._writer is None:
            return
        rows, numbers = zip(*self._waiting, strict=True)
        table = np.concatenate(numbers)
        ids = np.concatenate([r.ids for r in rows])
        arrays = [
            pa.array(np.concatenate([r.frames for r in rows])),
            pa.array(np.concatenate([r.times_s for r in rows])),
            pa.array(ids, mask=ids == NOBODY),
            pa.array(table[:, 0], from_pandas=True),
            pa.array([state for r in rows for state in r.states]),
            *(pa.array(column, from_pandas=True) for column in table[:, 1:].T),
        ]
        self._waiting, self._count = [], 0
        with explained(self.path):
            self._writer.write_table(pa.Table.from_arrays(arrays, schema=self._schema))

    def _numbers(self, frame: ExportedFrame) -> NDArray[np.float32]:
        """(N, M) score, box, joints and what else was asked for; NaN = missing."""
        tracks, poses, n = frame.tracks, frame.tracks.poses, len(frame.tracks)
        boxes = frame.body_boxes_xyxy.astype(np.float32)
        scores = np.where(poses.visible, poses.scores, np.nan)
        joints = np.concatenate([poses.keypoints, scores[..., None]], axis=2).reshape(n, -1)
        parts = [poses.confidence[:, None], boxes[:, :2], boxes[:, 2:] - boxes[:, :2], joints]
        if self._run.raw:
            parts.append(tracks.raw.keypoints.reshape(n, -1))
        if self._run.angles:
            parts.append(table_angles(poses.keypoints, self._run))
        if self._run.measures is not None:
            parts.append(np.array([self._run.measures.of(i, frame.time_s) for i in tracks.ids.tolist()]).reshape(n, -1))
        return np.concatenate(parts, axis=1).astype(np.float32)

    def _placeholder(self, index: int, time_s: float, state: str) -> tuple[_Rows, NDArray[np.float32]]:
        rows = _Rows(np.array([index]), np.array([time_s]), np.array([NOBODY]), [state])
        return rows, np.full((1, len(self._schema) - 4), np.nan, np.float32)


def _facts(run: RunFacts) -> dict[str, Any]:
    skeleton = run.skeleton
    return {
        "source": run.source,
        "fps": run.fps,
        "width": run.width,
        "height": run.height,
        "model": run.model,
        "keypoints": list(skeleton.keypoint_names),
        "edges": [list(edge) for edge in skeleton.edges],
    }
