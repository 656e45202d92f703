"""The input size that suits a video, from how large people are in some of its frames.

A network knows people best at the size at which it has learnt them. So the frames are looked at with the model's own
input size, and the size is chosen at which people, the smaller ones above all, come nearest to GOAL: smaller, and
quicker, for near people, larger for far ones, if the network is then surer of them. Chosen on some labelled photos and
measured on others (docs/experiments/input_size.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from app.pipeline import Estimator
from pose.preprocess import MULTIPLE, FitMode, fit_to_network
from pose.sentence import Sentence
from pose.types import Poses

SAMPLES = 6  # frames that are looked at
GOAL = 0.6  # of the model's own input size: the longer side of a person's extent that suits it
SMALLER = 0.25  # so many of the people are smaller than the one that counts
SURE = 0.25  # confidence of people that count
LEAST, MOST = 5 / 7, 11 / 7  # of the model's own input size: what can be chosen
SMALLEST = 256  # pixels; smaller inputs cost every model much, close-ups too


@dataclass(frozen=True, slots=True)
class SizeChoice:
    """input_size: what was chosen. reason: why, for the sidecar: how many frames were looked at and people found, how
    large they are to the network at its own size (None = nobody was found), what suits it, in pixels; for a larger size
    that was tried (else None), the sums of people's confidences with it and with the own size."""

    input_size: int
    reason: Mapping[str, Any]

    @property
    def sentence(self) -> Sentence:
        values = {"size": self.input_size, **self.reason}
        if self.reason.get("tried") not in (None, self.input_size):
            return Sentence(
                "input size {size}: people measure about {person_px} px at {looked_at}, but with {tried} they are seen "
                "less surely.",
                **values,
            )
        if self.reason["person_px"] is None:
            return Sentence("input size {size}: nobody was found in {frames} frames by which to choose.", **values)
        return Sentence(
            "input size {size}: people measure about {person_px} px at {looked_at}, and {goal_px} suit the model.",
            **values,
        )


@runtime_checkable
class SizedEstimator(Estimator, Protocol):
    """An estimator whose input size can be changed without loading it again."""

    @property
    def input_size(self) -> int: ...

    @property
    def fit(self) -> FitMode: ...

    def with_input_size(self, input_size: int) -> SizedEstimator: ...


def sizes_around(own: int) -> list[int]:
    """What can be chosen for a model with this input size: multiples of MULTIPLE, and its own."""
    least, most = (round(own * share / MULTIPLE) * MULTIPLE for share in (LEAST, MOST))
    return sorted({*range(max(least, SMALLEST), most + 1, MULTIPLE), own})


def choose_input_size(estimator: SizedEstimator, images_bgr: Iterable[NDArray[np.uint8]]) -> SizeChoice:
    """By what the estimator, with its own size, finds in these images; with a larger one if it finds nobody."""
    own = estimator.input_size
    sizes = sizes_around(own)
    images, people, confidence = list(images_bgr), [], 0.0
    for image_bgr in images:
        factor = fit_to_network(image_bgr.shape[:2], own, estimator.fit).factor
        poses = estimator.estimate(image_bgr)[0]
        confidence += float(poses.confidence.sum())
        found = _extents(poses)
        if not len(found):
            found = _extents(estimator.with_input_size(sizes[-1]).estimate(image_bgr)[0])
        people += list(found * factor)
    goal = round(GOAL * own)
    reason: dict[str, Any] = {
        "frames": len(images),
        "people": len(people),
        "person_px": None,
        "looked_at": own,
        "goal_px": goal,
    }
    reason |= {"tried": None, "confidence": None, "confidence_tried": None}
    if not people:
        return SizeChoice(own, reason)
    person = float(np.quantile(people, SMALLER))
    wanted = own * goal / person
    chosen = min(sizes, key=lambda size: abs(np.log(size / wanted)))
    reason |= {"person_px": round(person)}
    if chosen > own:
        larger = estimator.with_input_size(chosen)
        tried = sum(float(larger.estimate(image_bgr)[0].confidence.sum()) for image_bgr in images)
        reason |= {"tried": chosen, "confidence": round(confidence, 2), "confidence_tried": round(tried, 2)}
        chosen = chosen if tried > confidence else own
    return SizeChoice(chosen, reason)


def _extents(poses: Poses) -> NDArray[np.float32]:
    """(M,) the longer side of each sure person's extent, in pixels of the image."""
    boxes = poses.boxes_xyxy[poses.confidence >= SURE]
    sides = np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])
    return np.asarray(sides[np.isfinite(sides) & (sides > 0)], np.float32)
