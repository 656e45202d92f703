"""MOTChallenge text: boxes and identities, for tracking benchmarks such as TrackEval."""

from __future__ import annotations

from app.export.csv_wide import decimal
from app.export.sink import ExportedFrame, TextSink


class MotText(TextSink):
    """frame, id, left, top, width, height, confidence, -1, -1, -1; frames and pixels are counted from 1.

    Boxes are of whole bodies, as these benchmarks label them: what surrounds the joints, and what the body needs
    beyond. People without any joint have no box and so no line.
    """

    def _body(self, frame: ExportedFrame) -> str:
        poses = frame.tracks.poses
        boxes = frame.body_boxes_xyxy.tolist()
        lines = [
            f"{frame.index + 1},{track_id},{decimal(x0 + 1)},{decimal(y0 + 1)},"
            f"{decimal(x1 - x0)},{decimal(y1 - y0)},{confidence:.4f},-1,-1,-1\n"
            for track_id, (x0, y0, x1, y1), confidence in zip(
                frame.tracks.ids.tolist(), boxes, poses.confidence.tolist(), strict=True
            )
            if x0 == x0
        ]
        self.rows += len(lines)
        return "".join(lines)
