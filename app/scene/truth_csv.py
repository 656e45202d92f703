"""The truth of a rendered scene as a table: one row per person per frame."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from app.export.partial import commit
from app.export.text_file import TextFile, csv_lines
from app.scene.truth import SceneTruth
from app.types import Frame


class TruthCsv:
    """A context manager. `visible` is 1 or 0, positions are pixels."""

    def __init__(self, path: Path, names: tuple[str, ...]) -> None:
        columns = ["frame", "time_s", "true_id", "bbox_x", "bbox_y", "bbox_w", "bbox_h", "height_px"]
        for name in names:
            columns += [f"{name}_x", f"{name}_y", f"{name}_visible"]
        self.path = path
        self._columns, self._names = columns, names
        self._file: TextFile | None = None

    def __enter__(self) -> Self:
        self._file = TextFile(self.path)
        self._file.write(csv_lines([self._columns]))
        return self

    def write(self, frame: Frame, truth: SceneTruth) -> None:
        assert self._file is not None
        self._file.write(csv_lines(self._rows_of(frame, truth)))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._file is not None
        self._file.close()
        if error is None:
            commit(self.path)

    def _rows_of(self, frame: Frame, truth: SceneTruth) -> Iterator[list[str]]:
        columns = [truth.names.index(name) for name in self._names]
        for i, identity in enumerate(truth.ids.tolist()):
            x0, y0, x1, y1 = truth.boxes[i].tolist()
            cells = [str(frame.index), f"{frame.time_s:.6f}", str(identity)]
            cells += [f"{v:z.2f}" for v in (x0, y0, x1 - x0, y1 - y0, truth.height_px[i])]
            for k in columns:
                x, y = truth.keypoints[i, k]
                cells += [f"{x:z.2f}", f"{y:z.2f}", str(int(truth.visible[i, k]))]
            yield cells
