"""Neurodata Without Borders with the ndx-pose extension: one PoseEstimation per person, true timestamps."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from hdmf.backends.hdf5 import H5DataIO
from hdmf.data_utils import DataChunkIterator
from ndx_pose import PoseEstimation, PoseEstimationSeries, Skeleton, Skeletons
from numpy.typing import NDArray
from pynwb import NWBHDF5IO, NWBFile

from app.export.partial import partial_path
from app.export.sink import MissingFrames
from app.export.spool import Spooled, SpooledSink
from app.version import program_version

ROWS_AT_ONCE = 8192
UNKNOWN_START = datetime(1970, 1, 1, tzinfo=UTC)  # NWB wants a time of day; the description says that this is none
REFERENCE = "Pixels of the upright frame from its top left corner (the centre of that pixel is 0, 0), y down."
CONFIDENCE = "Score of the joint, 0 to 1; NaN where it was not found."


class NwbFile(SpooledSink):
    """processing["behavior"]["person_N"][joint]: all people have the same timestamps, NaN where they are missing.

    Every frame of the analysed part counts, also undecodable ones: some readers take the rate for constant.
    """

    def _export(self, spooled: Spooled) -> None:
        file, module = self._file_and_module()
        names = list(self.run.skeleton.keypoint_names)
        skeleton = Skeleton(name=self.run.skeleton.name, nodes=names, edges=np.array(self.run.skeleton.edges, np.uint8))
        module.add(Skeletons(skeletons=[skeleton]))
        times_s, lines = self._clock(spooled)
        clock: Any = H5DataIO(times_s, compression="gzip")
        for track_id in spooled.track_ids.tolist():
            series = []
            for joint, name in enumerate(names):
                columns = _Columns(spooled, track_id, joint, lines, len(times_s))
                series.append(
                    PoseEstimationSeries(
                        name=name,
                        description=f"{name} of {self.run.person(track_id)}",
                        data=columns.chunks(positions=True),
                        unit="pixels",
                        reference_frame=REFERENCE,
                        timestamps=clock,
                        confidence=columns.chunks(positions=False),
                        confidence_definition=CONFIDENCE,
                    )
                )
                if isinstance(clock, H5DataIO):
                    clock = series[0]  # the times are written once, all others refer to them
            module.add(
                PoseEstimation(
                    name=self.run.person(track_id),
                    pose_estimation_series=series,
                    description="Keypoints of one tracked person.",
                    scorer=self.run.model,
                    source_software="LitePose Studio",
                    source_software_version=program_version(),
                    skeleton=skeleton,
                )
            )
        # By an open file, not by name: pynwb has opinions on how names end.
        with h5py.File(partial_path(self.path), "w") as store, NWBHDF5IO(file=store, mode="w") as io:
            io.write(file)

    def _file_and_module(self) -> tuple[NWBFile, Any]:
        run = self.run
        source = run.source.encode(errors="backslashreplace").decode()  # names of files need not be text
        start = "" if run.started_utc else " The time of day of the recording is not known."
        facts = f"{source}/{run.width}x{run.height}/{run.fps}/{run.frame_count}"
        file = NWBFile(
            session_description=f"People tracked in {source} ({run.width} x {run.height}, {run.fps:g} fps).{start}",
            identifier=f"{Path(source).stem}-{hashlib.sha256(facts.encode()).hexdigest()[:12]}",
            session_start_time=run.started_utc or UNKNOWN_START,
        )
        return file, file.create_processing_module("behavior", "Poses of tracked people.")

    def _clock(self, spooled: Spooled) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Times (L,) of all lines of the file, and the line (F,) of each analysed frame."""
        missing = MissingFrames(self.run)
        times_s: list[float] = []
        lines = []
        for index, time_s in zip(spooled.frames.tolist(), spooled.times_s.tolist(), strict=True):
            times_s += [t for _, t in missing.before(index, time_s)]
            lines.append(len(times_s))
            times_s.append(time_s)
        times_s += [t for _, t in missing.after_last()]
        return np.array(times_s, np.float64), np.array(lines, np.int64)


class _Columns:
    """One joint of one person, handed to HDF5 block by block."""

    def __init__(self, spooled: Spooled, track_id: int, joint: int, lines: NDArray[np.int64], count: int) -> None:
        self._spooled, self._track_id, self._joint, self._lines, self._count = spooled, track_id, joint, lines, count

    def chunks(self, positions: bool) -> H5DataIO:
        shape = (None, 2) if positions else (None,)
        source = DataChunkIterator(
            data=self._values(positions), maxshape=shape, dtype=np.dtype("f4"), buffer_size=ROWS_AT_ONCE
        )
        return H5DataIO(source, compression="gzip", chunks=(min(ROWS_AT_ONCE, max(1, self._count)), *shape[1:]))

    def _values(self, positions: bool) -> Iterator[Any]:
        rows = self._spooled.of_person(self._track_id)
        values = np.full((self._count, 2) if positions else self._count, np.nan, np.float32)
        points, scores = rows["keypoints"][:, self._joint], rows["scores"][:, self._joint]
        found = points if positions else np.where(np.isfinite(points[:, 0]), scores, np.nan)
        values[self._lines[rows["place"]]] = found
        yield from values
