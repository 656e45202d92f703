"""SLEAP's analysis CSV: one row per person and frame."""

from __future__ import annotations

from collections.abc import Iterator

from app.export.csv_wide import TableSink
from app.export.sink import ExportedFrame


class SleapCsv(TableSink):
    """`track`, `frame_idx`, `instance.score`, then x, y and score of each joint; empty cell = missing."""

    def columns(self) -> list[str]:
        joints = self.run.skeleton.keypoint_names
        return ["track", "frame_idx", "instance.score", *(f"{j}.{c}" for j in joints for c in ("x", "y", "score"))]

    def rows_of(self, frame: ExportedFrame) -> Iterator[list[str]]:
        poses = frame.tracks.poses
        keypoints, scores, confidence = poses.keypoints.tolist(), poses.scores.tolist(), poses.confidence.tolist()
        for i, track_id in enumerate(frame.tracks.ids.tolist()):
            cells = [self.run.person(track_id), str(frame.index), f"{confidence[i]:.4f}"]
            for (x, y), score in zip(keypoints[i], scores[i], strict=True):
                cells += [f"{x:z.2f}", f"{y:z.2f}", f"{score:.4f}"] if x == x else ["", "", ""]
            yield cells
