"""Decoder and tracker on maps made from the exact truth: crossing, hiding, leaving and entering."""

from __future__ import annotations

import pytest

from app.pipeline import Pipeline
from app.scene.scene import Scene
from app.scene.scoring import SceneScore, SceneScorer
from app.scene.source import SceneSource
from tests.app.scene_fakes import TruthEstimator
from tracking.tracker import Tracker


def score_video(seed: int, people: int, seconds: float) -> SceneScore:
    source = SceneSource(Scene(seed, people, (480, 270)), seconds, 15)
    estimator = TruthEstimator(source)
    pipeline, scorer = Pipeline(estimator, Tracker(estimator.skeleton)), SceneScorer(estimator.skeleton)
    for frame in source:
        result = pipeline(frame)
        assert source.truth is not None
        scorer.add(source.truth, result.tracks)
    return scorer.score()


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_perfect_maps_give_perfect_people_and_identities(seed: int) -> None:
    score = score_video(seed, people=4, seconds=8)
    assert score.near > 0.97
    assert score.ap50 > 0.97
    assert score.tracking.mota > 0.95
    assert score.tracking.switches <= 1


def test_a_short_video_is_scored() -> None:
    score = score_video(seed=3, people=2, seconds=1)
    assert score.near > 0.97
    assert score.tracking.switches == 0
