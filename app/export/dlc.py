"""DeepLabCut's multi-animal CSV: one row for every frame of the video, one block of columns per person."""

from __future__ import annotations

from collections.abc import Iterator

from app.export.partial import partial_path
from app.export.spool import Spooled, SpooledSink
from app.export.text_file import open_text


class DeepLabCutCsv(SpooledSink):
    """Header rows scorer, individuals, bodyparts, coords. Row n is frame n of the video, whatever part was analysed:
    programs that read this count frames to tell the time. Frames without people have empty cells."""

    def _export(self, spooled: Spooled) -> None:
        with open_text(partial_path(self.path)) as file:
            file.writelines(self._header(spooled))
            file.writelines(self._rows(spooled))

    def _header(self, spooled: Spooled) -> Iterator[str]:
        joints = self.run.skeleton.keypoint_names
        columns = [
            (self.run.person(i), joint, c) for i in spooled.track_ids.tolist() for joint in joints for c in COORDS
        ]
        yield ",".join(["scorer", *[self.run.model.replace(",", " ")] * len(columns)]) + "\n"
        for level, name in enumerate(("individuals", "bodyparts", "coords")):
            yield ",".join([name, *(column[level] for column in columns)]) + "\n"

    def _rows(self, spooled: Spooled) -> Iterator[str]:
        nobody = "," * (len(COORDS) * self.run.skeleton.num_keypoints)
        ids, begins = spooled.track_ids.tolist(), spooled.rows_of_frame()
        next_frame = 0
        for place, index in enumerate(spooled.frames.tolist()):
            for missing in range(next_frame, index):
                yield f"{missing}{nobody * len(ids)}\n"
            next_frame = index + 1
            people = spooled.people[begins[place] : begins[place + 1]]
            blocks = dict.fromkeys(ids, nobody)
            for track_id, keypoints, scores in zip(
                people["track_id"].tolist(), people["keypoints"].tolist(), people["scores"].tolist(), strict=True
            ):
                joints = zip(keypoints, scores, strict=True)
                blocks[track_id] = "".join([f",{x:z.2f},{y:z.2f},{s:.4f}" if x == x else ",,," for (x, y), s in joints])
            yield f"{index}{''.join(blocks.values())}\n"
        for missing in range(next_frame, self.run.frame_count or 0):
            yield f"{missing}{nobody * len(ids)}\n"


COORDS = ("x", "y", "likelihood")
