"""TRC marker files (OpenSim, Pose2Sim, Mokka): a folder with one file per person."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.export.partial import discard, fitting_stem, partial_path
from app.export.sink import MissingFrames
from app.export.spool import Spooled, SpooledSink
from app.export.text_file import open_text


class TrcFolder(SpooledSink):
    """Pixels, x to the right and y **up** from the lower left corner, z = 0, as these programs expect it.

    Every frame of the analysed part has a line, with empty fields where the person or a joint is missing.
    """

    def _export(self, spooled: Spooled) -> None:
        folder = partial_path(self.path)
        discard(folder)
        folder.mkdir()
        stem = fitting_stem(Path(self.run.source).stem)
        clock = list(self._clock(spooled))
        for track_id in spooled.track_ids.tolist():
            path = folder / f"{stem}_person{track_id:02d}.trc"
            with open_text(path) as file:
                file.writelines(self._header(path.name, len(clock)))
                file.writelines(self._lines(spooled.of_person(track_id), clock))

    def _clock(self, spooled: Spooled) -> Iterator[tuple[int, float, int]]:
        """(frame, time_s, place) of every line; place -1 = nothing is known of that frame."""
        missing = MissingFrames(self.run)
        for place, (index, time_s) in enumerate(zip(spooled.frames.tolist(), spooled.times_s.tolist(), strict=True)):
            yield from ((i, t, -1) for i, t in missing.before(index, time_s))
            yield index, time_s, place
        yield from ((i, t, -1) for i, t in missing.after_last())

    def _header(self, name: str, lines: int) -> Iterator[str]:
        joints, rate = self.run.skeleton.keypoint_names, f"{self.run.fps:.6g}"
        facts = {
            "DataRate": rate,
            "CameraRate": rate,
            "NumFrames": str(lines),
            "NumMarkers": str(len(joints)),
            "Units": "px",
            "OrigDataRate": rate,
            "OrigDataStartFrame": "1",
            "OrigNumFrames": str(lines),
        }
        yield f"PathFileType\t4\t(X/Y/Z)\t{name}\n"
        yield "\t".join(facts) + "\n"
        yield "\t".join(facts.values()) + "\n"
        yield "Frame#\tTime\t" + "\t\t\t".join(joints) + "\t\t\n"
        yield "\t\t" + "\t".join(f"{axis}{i}" for i in range(1, len(joints) + 1) for axis in "XYZ") + "\n"
        yield "\n"

    def _lines(self, rows: NDArray[Any], clock: list[tuple[int, float, int]]) -> Iterator[str]:
        by_place = dict(zip(rows["place"].tolist(), rows["keypoints"], strict=True))
        nowhere = np.full((self.run.skeleton.num_keypoints, 2), np.nan, np.float32)
        for index, time_s, place in clock:
            points = by_place.get(place, nowhere).tolist()
            cells = [f"\t{x:z.3f}\t{self.run.height - 1 - y:z.3f}\t0.000" if x == x else "\t\t\t" for x, y in points]
            yield f"{index + 1}\t{time_s:.6f}{''.join(cells)}\n"
