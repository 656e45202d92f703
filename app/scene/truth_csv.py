"""The truth of a rendered scene as a table: one row per person per frame."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from app.export.table import CsvTable
from app.scene.truth import SceneTruth
from app.types import Frame


class TruthCsv(CsvTable):
    """`visible` is 1 or 0, positions are pixels."""

    def __init__(self, path: Path, names: tuple[str, ...]) -> None:
        columns = ["frame", "time_s", "true_id", "bbox_x", "bbox_y", "bbox_w", "bbox_h", "height_px"]
        for name in names:
            columns += [f"{name}_x", f"{name}_y", f"{name}_visible"]
        super().__init__(path, columns)
        self._names = names

    def write(self, frame: Frame, truth: SceneTruth) -> None:
        self.append(self._rows_of(frame, truth))

    def _rows_of(self, frame: Frame, truth: SceneTruth) -> Iterator[list[str]]:
        columns = [truth.names.index(name) for name in self._names]
        for i, identity in enumerate(truth.ids.tolist()):
            x0, y0, x1, y1 = truth.boxes[i].tolist()
            cells = [str(frame.index), f"{frame.time_s:.6f}", str(identity)]
            cells += [f"{v:.2f}" for v in (x0, y0, x1 - x0, y1 - y0, truth.height_px[i])]
            for k in columns:
                x, y = truth.keypoints[i, k]
                cells += [f"{x:.2f}", f"{y:.2f}", str(int(truth.visible[i, k]))]
            yield cells
