"""COCO keypoint files: bare results, and a whole data set with track ids; PoseTrack18 is the latter's sibling."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from app.export.layouts import COCO, POSETRACK17, arranged, named_edges, triplets
from app.export.sink import ExportedFrame, RunFacts, TextSink

PERSON = 1  # the category id of COCO


class CocoResults(TextSink):
    """The list that COCO's own evaluation takes: 17 joints in COCO's order, image_id = index of the frame."""

    def _begin(self) -> str:
        return "["

    def _body(self, frame: ExportedFrame) -> str:
        poses = frame.tracks.poses
        keypoints, scores = arranged(poses, self.run.skeleton, COCO)
        text = []
        for points, confidence in zip(triplets(keypoints, scores), poses.confidence.tolist(), strict=True):
            entry = {"image_id": frame.index, "category_id": PERSON, "keypoints": points, "score": _score(confidence)}
            text.append((",\n" if self.rows else "\n") + _json(entry))
            self.rows += 1
        return "".join(text)

    def _end(self, complete: bool) -> str:
        return "\n]\n"


class CocoTracks(TextSink):
    """A COCO data set of the run: one image per analysed frame, annotations with `track_id` and joint `scores`.

    Joints in the order of the run's skeleton. Annotations are written as they come; images wait for the end.
    """

    supercategory = "person"

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._indices: list[int] = []

    def open(self, run: RunFacts) -> None:
        self._layout = self.layout(run)
        super().open(run)

    def layout(self, run: RunFacts) -> tuple[str, ...]:
        return run.skeleton.keypoint_names

    def _begin(self) -> str:
        category = {
            "id": PERSON,
            "name": "person",
            "supercategory": self.supercategory,
            "keypoints": list(self._layout),
            "skeleton": named_edges(self.run.skeleton, self._layout),
        }
        info = {"description": f"{self.run.source}, annotated by LitePose Studio", "fps": self.run.fps}
        return f'{{"info": {_json(info)},\n"categories": [{_json(category)}],\n"annotations": ['

    def _body(self, frame: ExportedFrame) -> str:
        self._indices.append(frame.index)
        tracks, poses = frame.tracks, frame.tracks.poses
        keypoints, scores = arranged(poses, self.run.skeleton, self._layout)
        seen = np.isfinite(keypoints[..., 0])
        flags = triplets(keypoints, 2.0 * seen)
        boxes = np.round(frame.body_boxes_xyxy, 2) + 0.0
        text = []
        for i, track_id in enumerate(tracks.ids.tolist()):
            x0, y0, x1, y1 = np.nan_to_num(boxes[i]).tolist()
            annotation: dict[str, Any] = {
                "id": self.rows + 1,  # COCO's evaluation takes id 0 for none
                "image_id": self.image_id(frame.index),
                "category_id": PERSON,
                "track_id": track_id,
                "bbox": [x0, y0, round(x1 - x0, 2), round(y1 - y0, 2)],
                "area": round((x1 - x0) * (y1 - y0), 1),
                "iscrowd": 0,
                "num_keypoints": int(seen[i].sum()),
                "keypoints": flags[i],
                "scores": scores[i].tolist(),
                "score": _score(float(poses.confidence[i])),
            }
            if track_id in self.run.names:
                annotation["name"] = self.run.names[track_id]
            text.append((",\n" if self.rows else "\n") + _json(annotation))
            self.rows += 1
        return "".join(text)

    def _end(self, complete: bool) -> str:
        images = ",\n".join(_json(self.image(index)) for index in self._indices)
        return f'\n],\n"images": [\n{images}\n]}}\n'

    def image_id(self, index: int) -> int:
        return index

    def image(self, index: int) -> dict[str, Any]:
        return {
            "id": self.image_id(index),
            "file_name": self.file_name(index),
            "width": self.run.width,
            "height": self.run.height,
            "frame_id": index,
        }

    def file_name(self, index: int) -> str:
        """The image's own name, or the one that the frame of a video would have if all were extracted in order."""
        names = self.run.frame_names
        if names is not None and index < len(names):
            return names[index]
        return f"{Path(self.run.source).stem}/{index:06d}.jpg"


class PoseTrack18(CocoTracks):
    """PoseTrack's 17 places: nose, head_bottom (the neck), head_top, then as COCO; images carry the frame's number."""

    supercategory = ""
    VIDEO = 1

    def layout(self, run: RunFacts) -> tuple[str, ...]:
        return POSETRACK17

    def image_id(self, index: int) -> int:
        return 10**10 + self.VIDEO * 10**4 + index

    def image(self, index: int) -> dict[str, Any]:
        image_id = self.image_id(index)
        return {
            "id": image_id,
            "file_name": self.file_name(index),
            "frame_id": image_id,
            "vid_id": f"{self.VIDEO:06d}",
            "nframes": self.run.frame_count or len(self._indices),
            "is_labeled": True,
            "has_no_densepose": True,
            "width": self.run.width,
            "height": self.run.height,
        }


def _score(confidence: float) -> float:
    return round(confidence, 4)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
