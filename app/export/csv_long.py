"""The tidy table: one row per joint per person per frame, as statistics programs like it."""

from __future__ import annotations

from collections.abc import Iterator

from app.export.csv_wide import FrameTable, states
from app.export.sink import ExportedFrame

COLUMNS = ("frame", "time_s", "track_id", "state", "keypoint", "x", "y", "score")


class LongCsv(FrameTable):
    """Missing joints have a row too, with empty cells."""

    def columns(self) -> tuple[str, ...]:
        return COLUMNS

    def rows_of(self, frame: ExportedFrame) -> Iterator[list[str]]:
        poses, names = frame.tracks.poses, self.run.skeleton.keypoint_names
        head, state = [str(frame.index), f"{frame.time_s:.6f}"], states(frame)
        keypoints, scores = poses.keypoints.tolist(), poses.scores.tolist()
        for i, track_id in enumerate(frame.tracks.ids.tolist()):
            person = [*head, str(track_id), state[i]]
            for name, (x, y), score in zip(names, keypoints[i], scores[i], strict=True):
                found = [f"{x:z.2f}", f"{y:z.2f}", f"{score:.4f}"] if x == x else ["", "", ""]
                yield [*person, name, *found]
