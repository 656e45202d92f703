"""Formats that must know everybody before their first line: poses wait in a temporary file, not in memory."""

from __future__ import annotations

import contextlib
import tempfile
from abc import ABC, abstractmethod
from array import array
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from app.export.partial import discard, explained, partial_path
from app.export.sink import ExportedFrame, RunFacts


@dataclass(frozen=True, slots=True)
class Spooled:
    """All frames and poses of a run.

    frames:  (F,) int64 indices of the frames that were analysed, ascending; times_s: (F,) float64.
    people:  (R,) structured array on disk, by frame, then id: place (in `frames`), track_id, observed, interpolated,
             confidence, keypoints (K, 2), raw (K, 2), scores (K,).
    """

    frames: NDArray[np.int64]
    times_s: NDArray[np.float64]
    people: NDArray[Any]

    @property
    def track_ids(self) -> NDArray[np.int64]:
        """Ascending."""
        return np.unique(self.people["track_id"])

    def rows_of_frame(self) -> NDArray[np.int64]:
        """(F + 1,) int64: the people of frame number i of `frames` are rows [i] to [i + 1] - 1."""
        return np.searchsorted(self.people["place"], np.arange(len(self.frames) + 1))

    def of_person(self, track_id: int) -> NDArray[Any]:
        """The rows of one person, copied into memory."""
        return np.asarray(self.people[self.people["track_id"] == track_id])


def people_dtype(num_keypoints: int) -> np.dtype[Any]:
    k = num_keypoints
    return np.dtype(
        [
            ("place", "<i8"),
            ("track_id", "<i8"),
            ("observed", "?"),
            ("interpolated", "?"),
            ("confidence", "<f4"),
            ("keypoints", "<f4", (k, 2)),
            ("raw", "<f4", (k, 2)),
            ("scores", "<f4", (k,)),
        ]
    )


class SpooledSink(ABC):
    """A sink that writes its output when the run is complete; an incomplete run leaves none."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.run: RunFacts
        self._frames, self._times_s = array("q"), array("d")
        self._count = 0
        self._file: IO[bytes] | None = None

    def open(self, run: RunFacts) -> None:
        self.run = run
        self._dtype = people_dtype(run.skeleton.num_keypoints)
        with explained(self.path):
            discard(partial_path(self.path))
            self._file = tempfile.TemporaryFile(dir=self.path.parent)  # noqa: SIM115 - lives until close

    def write(self, frame: ExportedFrame) -> None:
        assert self._file is not None
        tracks, poses = frame.tracks, frame.tracks.poses
        people = np.zeros(len(tracks), self._dtype)
        people["place"], people["track_id"] = len(self._frames), tracks.ids
        people["observed"], people["interpolated"] = tracks.observed, frame.interpolated
        people["confidence"], people["scores"] = poses.confidence, poses.scores
        people["keypoints"], people["raw"] = poses.keypoints, tracks.raw.keypoints
        self._frames.append(frame.index)
        self._times_s.append(frame.time_s)
        self._count += len(people)
        with explained(self.path):
            self._file.write(people.tobytes())

    def flush(self) -> None:
        assert self._file is not None
        with explained(self.path):
            self._file.flush()

    def close(self, complete: bool) -> None:
        if self._file is None:
            return
        file, self._file = self._file, None
        try:
            if complete:
                with explained(self.path):
                    file.flush()
                    self._export(self._spooled(file))
        except BaseException:
            discard(partial_path(self.path))
            raise
        finally:
            with contextlib.suppress(OSError):  # what a full disk did not take is not needed any more
                file.close()

    def _spooled(self, file: IO[bytes]) -> Spooled:
        if self._count:
            people: NDArray[Any] = np.memmap(file, self._dtype, "r", shape=(self._count,))
        else:
            people = np.empty(0, self._dtype)  # nothing cannot be mapped
        return Spooled(np.array(self._frames, np.int64), np.array(self._times_s, np.float64), people)

    @abstractmethod
    def _export(self, spooled: Spooled) -> None:
        """Write the whole output to `partial_path(self.path)`."""
