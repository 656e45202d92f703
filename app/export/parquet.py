"""The wide table as Apache Parquet: typed columns, compressed, read in an instant by pandas, Polars, R and DuckDB."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from app.angles import joint_angles
from app.export.csv_wide import PlaceholderRows, csv_columns, states
from app.export.partial import discard, explained, partial_path
from app.export.sink import RunFacts
from app.types import TrackedFrame

ROWS_PER_GROUP = 16_384
_TYPES = {"frame": pa.int64(), "time_s": pa.float64(), "track_id": pa.int64(), "state": pa.string()}


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
        names = csv_columns(run.skeleton, run.raw, run.angles)
        fields = [pa.field(name, _TYPES.get(name, pa.float32())) for name in names]
        self._schema = pa.schema(fields, metadata={"litepose": json.dumps(_facts(run))})
        self._waiting: list[pa.RecordBatch] = []
        with explained(self.path):
            self._writer = pq.ParquetWriter(partial_path(self.path), self._schema, compression="zstd")

    def write(self, frame: TrackedFrame) -> None:
        for index, time_s, state in self._placeholders.before(frame):
            self._append(self._placeholder(index, time_s, state))
        if len(frame.tracks):
            self._append(self._people(frame))

    def flush(self) -> None:
        """Rows wait for a group of their own; what is written has left our hands."""

    def close(self, complete: bool) -> None:
        if self._writer is None:
            return
        for facts in self._placeholders.after_last() if complete else ():
            self._append(self._placeholder(*facts))
        writer, self._writer = self._writer, None
        with explained(self.path):
            try:
                if self._waiting:
                    writer.write_table(pa.Table.from_batches(self._waiting))
                writer.close()
            except BaseException:
                discard(partial_path(self.path))
                raise

    def _append(self, batch: pa.RecordBatch) -> None:
        self._waiting.append(batch)
        self.rows += batch.num_rows
        if sum(b.num_rows for b in self._waiting) >= ROWS_PER_GROUP and self._writer is not None:
            with explained(self.path):
                self._writer.write_table(pa.Table.from_batches(self._waiting))
            self._waiting = []

    def _people(self, frame: TrackedFrame) -> pa.RecordBatch:
        tracks, poses, n = frame.tracks, frame.tracks.poses, len(frame.tracks)
        boxes = poses.boxes_xyxy
        box = np.concatenate([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]], axis=1)
        scores = np.where(poses.visible, poses.scores, np.nan)
        joints = np.concatenate([poses.keypoints, scores[..., None]], axis=2).reshape(n, -1)
        numbers = [box, joints]
        if self._run.raw:
            numbers.append(tracks.raw.keypoints.reshape(n, -1))
        if self._run.angles:
            numbers.append(joint_angles(poses.keypoints, self._run.skeleton)[1])
        when = [np.full(n, frame.index), np.full(n, frame.time_s)]
        head: list[Any] = [*when, tracks.ids, poses.confidence, states(frame)]
        columns = head + list(np.concatenate(numbers, axis=1).astype(np.float32).T)
        arrays = [pa.array(c, f.type, from_pandas=True) for c, f in zip(columns, self._schema, strict=True)]
        return pa.RecordBatch.from_arrays(arrays, schema=self._schema)

    def _placeholder(self, index: int, time_s: float, state: str) -> pa.RecordBatch:
        known = {"frame": index, "time_s": time_s, "state": state}
        arrays = [pa.array([known.get(f.name)], f.type) for f in self._schema]
        return pa.RecordBatch.from_arrays(arrays, schema=self._schema)


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
