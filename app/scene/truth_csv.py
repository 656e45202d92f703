"""The truth of a rendered scene as a table: one row per person per frame."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from app.scene.truth import SceneTruth
from app.sinks.partial import commit, partial_path, write_error
from app.types import Frame


class TruthCsv:
    """Streams rows to a partial file; a clean exit gives it its name. `visible` is 1 or 0, positions are pixels.

    Raises MediaError if the file cannot be written.
    """

    def __init__(self, path: Path, names: tuple[str, ...]) -> None:
        self.path = path
        self._names = names
        self._file: TextIO | None = None

    def __enter__(self) -> Self:
        columns = ["frame", "time_s", "true_id", "bbox_x", "bbox_y", "bbox_w", "bbox_h", "height_px"]
        for name in self._names:
            columns += [f"{name}_x", f"{name}_y", f"{name}_visible"]
        try:
            self._file = partial_path(self.path).open("w", encoding="utf-8", newline="")
            self._file.write(",".join(columns) + "\n")
        except OSError as error:
            raise write_error(self.path, error) from error
        return self

    def write(self, frame: Frame, truth: SceneTruth) -> None:
        assert self._file is not None
        columns = [truth.names.index(name) for name in self._names]
        try:
            for i, identity in enumerate(truth.ids.tolist()):
                x0, y0, x1, y1 = truth.boxes[i].tolist()
                cells = [str(frame.index), f"{frame.time_s:.6f}", str(identity)]
                cells += [f"{v:.2f}" for v in (x0, y0, x1 - x0, y1 - y0, truth.height_px[i])]
                for k in columns:
                    x, y = truth.keypoints[i, k]
                    cells += [f"{x:.2f}", f"{y:.2f}", str(int(truth.visible[i, k]))]
                self._file.write(",".join(cells) + "\n")
        except OSError as error:
            raise write_error(self.path, error) from error

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
