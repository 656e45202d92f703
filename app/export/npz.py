"""NumPy arrays: every pose as one row, with what is needed to read them."""

from __future__ import annotations

import numpy as np

from app.export.partial import partial_path
from app.export.spool import Spooled, SpooledSink


class NpzArrays(SpooledSink):
    """See docs/formats.md for the arrays. Compressed; read with `numpy.load`, nothing is pickled."""

    def _export(self, spooled: Spooled) -> None:
        run, skeleton, people = self.run, self.run.skeleton, spooled.people
        arrays = {
            "frames": spooled.frames,
            "frame_times_s": spooled.times_s,
            "frame": spooled.frames[people["place"]],
            "time_s": spooled.times_s[people["place"]],
            "track_id": people["track_id"],
            "observed": people["observed"],
            "interpolated": people["interpolated"],
            "score": people["confidence"],
            "keypoints": people["keypoints"],
            "keypoint_scores": people["scores"],
            "keypoint_names": np.array(skeleton.keypoint_names),
            "edges": np.array(skeleton.edges, np.int64).reshape(-1, 2),
            "fps": np.float64(run.fps),
            "size_wh": np.array([run.width, run.height], np.int64),
            "source": np.array(run.source),
        }
        if run.raw:
            arrays["raw_keypoints"] = people["raw"]
        with partial_path(self.path).open("wb") as file:  # a name would get .npz appended
            np.savez_compressed(file, allow_pickle=False, **arrays)
