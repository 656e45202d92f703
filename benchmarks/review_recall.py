"""How many of the true identity errors the review list names, and how many of its rows are false alarms.

An error is a change of who a person is taken for, against ground truth: a true person whose id changes (switch), or an
id that goes over to another true person (theft); both count only if the new state lasts three matched frames. A row
names an error if they share a person and lie within half a second of each other. A row about identities is a false
alarm if it names no error and its person is no ghost (an id that lies on nobody for most of its life).

    python -m benchmarks.review_recall [--seeds 2,4,6,8] [--clip CLIP.mp4 --ground-truth GT.txt]
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
from scipy.optimize import linear_sum_assignment

from app.analysis.doubt import IDENTITY_KINDS, Doubt
from app.analysis.review import review
from app.analysis.track import TrackChoices, track
from app.analysis.track_table import TrackTable, collect
from app.scene.scene import Scene
from app.scene.scoring import SceneScorer
from pose import load_estimator
from pose.estimator import PoseEstimator
from tracking.metrics import FramePair, iou_matrix
from tracking.types import Detections

LASTS = 3  # matched frames
NEAR_S = 0.5
SAME = 0.5  # least similarity of a match


@dataclass(frozen=True, slots=True)
class IdentityError:
    """first: last frame in which all was as before; last: first frame in which it is not. people: found ids."""

    first: int
    last: int
    people: frozenset[int]


@dataclass(frozen=True, slots=True)
class Recall:
    errors: int
    named: int
    rows: int
    false_rows: int

    def __add__(self, other: Recall) -> Recall:
        return Recall(
            self.errors + other.errors,
            self.named + other.named,
            self.rows + other.rows,
            self.false_rows + other.false_rows,
        )


def matches(pairs: Sequence[FramePair]) -> list[dict[int, int]]:
    """Per frame true id → found id; a match that still holds is kept, as in CLEAR MOT."""
    last: dict[int, int] = {}
    out = []
    for true_ids, found_ids, similarity in pairs:
        bonus = np.array([[last.get(t) == f for f in found_ids.tolist()] for t in true_ids.tolist()], float)
        weight = np.where(similarity >= SAME, 1 + similarity + 10 * bonus.reshape(similarity.shape), 0.0)
        rows, cols = linear_sum_assignment(weight, maximize=True)
        now = {int(true_ids[i]): int(found_ids[j]) for i, j in zip(rows, cols, strict=True) if weight[i, j] > 0}
        last |= now
        out.append(now)
    return out


def identity_errors(pairs: Sequence[FramePair]) -> list[IdentityError]:
    """Switches and thefts, in frames counted from 0."""
    matched = matches(pairs)
    errors = []
    for forward in (True, False):
        histories: dict[int, list[tuple[int, int]]] = {}
        for frame, now in enumerate(matched):
            for true, found in now.items():
                histories.setdefault(true if forward else found, []).append((frame, found if forward else true))
        for key, history in histories.items():
            runs: list[list[tuple[int, int]]] = []
            for frame, value in history:
                if runs and runs[-1][-1][1] == value:
                    runs[-1].append((frame, value))
                else:
                    runs.append([(frame, value)])
            lasting = [run for run in runs if len(run) >= LASTS]
            for before, after in pairwise(lasting):
                if before[-1][1] != after[0][1]:
                    people = {before[-1][1], after[0][1]} if forward else {key}
                    errors.append(IdentityError(before[-1][0], after[0][0], frozenset(people)))
    return errors


def ghosts(pairs: Sequence[FramePair]) -> set[int]:
    """Found ids that lie on nobody in most of their frames."""
    seen: dict[int, int] = {}
    hit: dict[int, int] = {}
    for pair, now in zip(pairs, matches(pairs), strict=True):
        for found in pair.found_ids.tolist():
            seen[found] = seen.get(found, 0) + 1
        for found in now.values():
            hit[found] = hit.get(found, 0) + 1
    return {found for found, count in seen.items() if 2 * hit.get(found, 0) < count}


def recall(doubts: Sequence[Doubt], pairs: Sequence[FramePair], fps: float) -> Recall:
    """doubts: of frames counted from 0, as `pairs` are."""
    near = round(NEAR_S * fps)
    errors, nobody = identity_errors(pairs), ghosts(pairs)
    rows = [d for d in doubts if d.kind in IDENTITY_KINDS]

    def names(row: Doubt, error: IdentityError) -> bool:
        close = row.first <= error.last + near and error.first <= row.last + near
        return close and bool(error.people.intersection(row.people))

    named = sum(any(names(row, error) for row in rows) for error in errors)
    false = sum(not any(names(row, e) for e in errors) and not nobody.intersection(row.people) for row in rows)
    return Recall(len(errors), named, len(rows), false)


def scene_recall(estimator: PoseEstimator, seed: int, frames: int = 150, fps: float = 12.5) -> Recall:
    """A rendered crowd of six to ten people."""
    scene = Scene(seed, 6 + seed % 5, (960, 540), duration_s=frames / fps)
    truths, found = [], []
    for i in range(frames):
        image, truth = scene.frame(i / fps)
        truths.append(truth)
        found.append(Detections(i, i / fps, estimator(image)))
    table = _tracked(estimator, found)
    scorer = SceneScorer(estimator.skeleton)
    for truth, frame in zip(truths, table, strict=True):
        scorer.add(truth, frame.tracks)
    return recall(review(table, (960, 540)), scorer.pairs, fps)


def clip_recall(estimator: PoseEstimator, clip: Path, ground_truth: Path) -> Recall:
    from benchmarks.tracking_tud import body_boxes_xyxy, read_ground_truth  # brings a scorer that is slow to import

    with av.open(str(clip)) as container:
        stream = container.streams.video[0]
        size, fps = (stream.width, stream.height), float(stream.average_rate or 25)
        table = _tracked(estimator, list(_detected(estimator, container)))
    truth = read_ground_truth(ground_truth, len(table))
    pairs = [
        FramePair(ids, f.tracks.ids, iou_matrix(boxes, body_boxes_xyxy(f.tracks.poses, estimator.skeleton)))
        for (ids, boxes), f in zip(truth, table, strict=True)
    ]
    return recall(review(table, size), pairs, fps)


def _detected(estimator: PoseEstimator, container: av.container.InputContainer) -> Iterator[Detections]:
    for i, frame in enumerate(container.decode(video=0)):
        yield Detections(i, float(frame.time or 0.0), estimator(frame.to_ndarray(format="bgr24")))


def _tracked(estimator: PoseEstimator, found: Sequence[Detections]) -> TrackTable:
    return collect(track(found, estimator.skeleton, TrackChoices()), estimator.skeleton)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", default="2,4,6,8", help="of rendered crowds; default: %(default)s")
    parser.add_argument("--clip", type=Path)
    parser.add_argument("--ground-truth", type=Path)
    args = parser.parse_args()
    estimator = load_estimator()
    for seed in filter(None, args.seeds.split(",")):
        print(f"seed {seed}", scene_recall(estimator, int(seed)), flush=True)
    if args.clip:
        print(args.clip.name, clip_recall(estimator, args.clip, args.ground_truth))


if __name__ == "__main__":
    main()
