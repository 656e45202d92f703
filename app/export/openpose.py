"""OpenPose's JSON: a folder with one file per video frame. Kinovea, Pose2Sim and many scripts read it."""

from __future__ import annotations

import json
from pathlib import Path

from app.export.layouts import OPENPOSE_BODY25, OPENPOSE_COCO18, arranged, triplets
from app.export.partial import discard, explained, fitting_stem, partial_path
from app.export.sink import ExportedFrame, MissingFrames, RunFacts

_OTHER_PARTS = ("face_2d", "hand_left_2d", "hand_right_2d", "pose_3d", "face_3d", "hand_left_3d", "hand_right_3d")
_EMPTY_PARTS: dict[str, object] = {f"{part[:-3]}_keypoints_{part[-2:]}": [] for part in _OTHER_PARTS}


class OpenPoseJson:
    """`person_id` is filled, missing joints are 0, 0, 0, and every frame has a file, also one without people."""

    layout = OPENPOSE_BODY25

    def __init__(self, path: Path) -> None:
        self.path = path

    def open(self, run: RunFacts) -> None:
        self._run, self._missing = run, MissingFrames(run)
        self._stem = fitting_stem(Path(run.source).stem)
        discard(partial_path(self.path))
        with explained(self.path):
            partial_path(self.path).mkdir()

    def write(self, frame: ExportedFrame) -> None:
        for index, _ in self._missing.before(frame.index, frame.time_s):
            self._write_people(index, [])
        keypoints, scores = arranged(frame.tracks.poses, self._run.skeleton, self.layout)
        people: list[dict[str, object]] = [
            {"person_id": [track_id], "pose_keypoints_2d": points, **_EMPTY_PARTS}
            for track_id, points in zip(frame.tracks.ids.tolist(), triplets(keypoints, scores), strict=True)
        ]
        self._write_people(frame.index, people)

    def flush(self) -> None:
        """Every file is whole already."""

    def close(self, complete: bool) -> None:
        if complete:
            for index, _ in self._missing.after_last():
                self._write_people(index, [])

    def _write_people(self, index: int, people: list[dict[str, object]]) -> None:
        path = partial_path(self.path) / f"{self._stem}_{index:012d}_keypoints.json"
        with explained(self.path):
            path.write_text(json.dumps({"version": 1.3, "people": people}), encoding="utf-8")


class OpenPoseCoco18(OpenPoseJson):
    layout = OPENPOSE_COCO18
