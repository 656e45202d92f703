"""The same people under the same numbers when a part of a file is seen again.

After a seek or at the start of a loop the tracker knows nobody and gives everybody a new id. Whoever then stands where
somebody stood at that moment of the file before, or at the nearest moment that was seen, gets the earlier id back.
Where there was never more than one person, whoever is alone after a jump is that person.
"""

from __future__ import annotations

import math
from bisect import bisect_left, insort
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tracking.metrics import iou_matrix
from tracking.types import TrackedPoses

NEAR_S = 0.12  # sightings within this time of each other are compared
SKIP_S = 10.0  # after a jump, also those this far from it
# A jump is over after this time and so many frames: by then the tracker is sure of those who were there.
LANDING_S, LANDING_FRAMES = 0.5, 4
MIN_IOU = 0.4
MAX_MOMENTS = 20_000  # remembered frames, about 11 minutes of 30 frames per second and at most some 10 MB

Boxes = NDArray[np.float32]


class Identities:
    """Call `rename` with the people of every frame, in the order in which they are seen."""

    def __init__(self) -> None:
        self._earlier: dict[int, int] = {}  # the tracker's id → the id shown
        self._last_shown = 0  # new people get the next id, however many the tracker has given for people seen again
        self._times: list[float] = []  # sorted
        self._moments: dict[float, tuple[int, NDArray[np.int64], Boxes]] = {}  # which pass, ids shown, boxes
        self._pass = 0  # a stretch between two jumps: within one the tracker itself says who is who
        self._given: set[int] = set()  # ids shown in this pass, each for one id of the tracker
        self._alone = True  # there was never more than one person
        self._landed_s, self._frames_since = -math.inf, LANDING_FRAMES
        self._at_landing: list[tuple[NDArray[np.int64], Boxes]] = []  # who was seen nearest to where the jump went

    def jump(self, time_s: float) -> None:
        """The next frame, at this time, does not follow the last one."""
        self._landed_s, self._frames_since = time_s, 0
        self._pass += 1
        self._given = set()
        nearest_s = min(self._times, key=lambda t: abs(t - time_s), default=math.inf)
        self._at_landing = [self._moments[nearest_s][1:]] if abs(nearest_s - time_s) <= SKIP_S else []

    def rename(self, tracks: TrackedPoses, time_s: float) -> TrackedPoses:
        """The same people under the ids that they had at this moment before, sorted by id."""
        self._frames_since += 1
        boxes = tracks.poses.boxes_xyxy
        unknown = [i for i, track_id in enumerate(tracks.ids.tolist()) if track_id not in self._earlier]
        if unknown:
            self._decide(tracks.ids, boxes, unknown, time_s)
        ids = np.array([self._earlier[i] for i in tracks.ids.tolist()], np.int64)
        self._alone &= len(ids) <= 1
        self._remember(time_s, ids, boxes)
        if (ids == tracks.ids).all():
            return tracks
        order = np.argsort(ids)
        return replace(tracks[order], ids=ids[order])

    def _decide(self, track_ids: NDArray[np.int64], boxes: Boxes, unknown: list[int], time_s: float) -> None:
        landing = 0 <= time_s - self._landed_s <= LANDING_S or self._frames_since <= LANDING_FRAMES
        if landing and self._alone and self._last_shown == 1 and len(track_ids) == 1 and not self._given:
            self._give(int(track_ids[0]), 1)
            return
        pairs = []
        for old_ids, old_boxes in self._moments_near(time_s) + (self._at_landing if landing else []):
            overlaps = iou_matrix(boxes[unknown], old_boxes)
            pairs += [
                (float(overlaps[row, column]), i, int(old_id))
                for row, i in enumerate(unknown)
                for column, old_id in enumerate(old_ids)
                if overlaps[row, column] >= MIN_IOU
            ]
        for _, i, old_id in sorted(pairs, reverse=True):
            if int(track_ids[i]) not in self._earlier and old_id not in self._given:
                self._give(int(track_ids[i]), old_id)
        for i in unknown:
            if int(track_ids[i]) not in self._earlier:
                self._last_shown += 1
                self._give(int(track_ids[i]), self._last_shown)

    def _give(self, track_id: int, shown_id: int) -> None:
        self._earlier[track_id] = shown_id
        self._given.add(shown_id)

    def _moments_near(self, time_s: float) -> list[tuple[NDArray[np.int64], Boxes]]:
        start = bisect_left(self._times, time_s - NEAR_S)
        end = bisect_left(self._times, time_s + NEAR_S)
        moments = (self._moments[t] for t in self._times[start:end])
        return [(ids, boxes) for seen_in, ids, boxes in moments if seen_in < self._pass]

    def _remember(self, time_s: float, ids: NDArray[np.int64], boxes: Boxes) -> None:
        if time_s not in self._moments:
            if len(self._times) >= MAX_MOMENTS:
                return
            insort(self._times, time_s)
        self._moments[time_s] = (self._pass, ids, boxes)
