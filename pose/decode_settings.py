"""The choices of decoding, apart from the decoder: every start reads settings, few need the decoder's libraries."""

from __future__ import annotations

from dataclasses import dataclass

DET_THR = 0.1  # of the published networks


@dataclass(frozen=True, slots=True)
class DecodeSettings:
    """How maps become people.

    det_thr:      a peak below this is no keypoint; 0 = what suits the weights (DET_THR for most).
    tag_thr:      a keypoint joins a person if its tag is nearer than this to the person's mean tag.
    fill:         look again, with the person's tag, for joints that no peak gave.
    fill_thr:     the least heatmap value such a joint may have.
    max_people:   the most confident so many are kept.
    person_thr:   people whose confidence (mean score over all K joints) is lower are dropped.
    """

    det_thr: float = 0.0
    tag_thr: float = 1.0
    fill: bool = True
    fill_thr: float = 0.003
    max_people: int = 30
    person_thr: float = 0.0
