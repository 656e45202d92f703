"""The input size follows how large people are, and a run that goes on takes the one that was chosen."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app import cli
from app.analysis.inputs import AnnotationInput
from app.analysis.job import Hooks, Job, JobOptions, Outcome, Split
from app.analysis.run import run_job
from app.analysis.split import do_job
from app.analysis.store import open_store
from app.models.input_size import SizedEstimator, choose_input_size, sizes_around
from app.models.loading import LazyModel
from app.settings import ModelSettings, Settings
from pose.skeleton import CROWDPOSE14
from pose.types import Poses
from tests.app.media import write_video
from tests.fakes import FakeTimes, ReadingEstimator, fake_model_info, standing_person


class Sized(ReadingEstimator):
    """Sees people `height` times as high as the image, if they have `least` pixels in the network, the more surely the
    larger its input if `trend` is above 0."""

    fit = "short"

    def __init__(
        self,
        *heights: float,
        least: float = 0.0,
        input_size: int = 448,
        sizes: list[int] | None = None,
        trend: float = 1.0,
    ) -> None:
        super().__init__()
        self.heights, self.least, self.input_size, self.trend = heights, least, input_size, trend
        self.sizes: list[int] = [] if sizes is None else sizes

    def with_input_size(self, input_size: int) -> Sized:
        return Sized(*self.heights, least=self.least, input_size=input_size, sizes=self.sizes, trend=self.trend)

    def estimate(self, image_bgr: Any) -> Any:
        self.sizes.append(self.input_size)
        height = image_bgr.shape[0]
        seen = [h for h in self.heights if h * self.input_size >= self.least]
        people = [standing_person(CROWDPOSE14, 40, 0.2 * height, h * height) for h in seen]
        if not people:
            return Poses.empty(14), FakeTimes()
        keypoints = np.stack(people)
        confidence = np.full(len(people), 0.5 * (self.input_size / 448) ** self.trend, np.float32)
        return Poses(keypoints, np.ones(keypoints.shape[:2], np.float32), confidence), FakeTimes()


IMAGES = [np.zeros((480, 640, 3), np.uint8)] * 3


@pytest.mark.parametrize(
    ("heights", "size"),
    [
        ((1.0,), 320),
        ((0.76,), 384),
        ((0.64,), 448),
        ((0.5,), 576),
        ((0.3,), 704),
        ((0.1,), 704),
        ((1.0, 1.0, 1.0, 1.0, 0.3), 320),
        ((), 448),
    ],
)
def test_near_people_are_seen_smaller_and_far_ones_larger(heights: tuple[float, ...], size: int) -> None:
    estimator = Sized(*heights)
    assert isinstance(estimator, SizedEstimator)
    choice = choose_input_size(estimator, IMAGES)
    assert choice.input_size == size
    assert choice.reason["people"] == 3 * len(heights) and str(size) in choice.sentence


def test_who_is_too_small_for_the_own_size_is_looked_for_with_the_largest() -> None:
    estimator = Sized(0.1, least=60)
    assert choose_input_size(estimator, IMAGES).input_size == 704
    assert set(estimator.sizes) == {448, 704}


def test_a_larger_input_that_sees_people_less_surely_is_not_taken() -> None:
    choice = choose_input_size(Sized(0.3, trend=-0.5), IMAGES)
    assert choice.input_size == 448 and choice.reason["tried"] == 704
    assert choice.reason["confidence_tried"] < choice.reason["confidence"]
    assert "with 704 they are seen less surely" in choice.sentence
    assert choose_input_size(Sized(0.76, trend=1), IMAGES).input_size == 384  # quicker, and so not asked


def test_the_choice_is_in_units_of_the_models_own_size() -> None:
    assert choose_input_size(Sized(0.3, input_size=256), IMAGES).input_size == 384
    assert choose_input_size(Sized(1.0, input_size=384), IMAGES).input_size == 256
    assert choose_input_size(Sized(0.6, input_size=200), IMAGES).input_size == 200


def test_nothing_is_chosen_at_which_every_model_loses_much() -> None:
    assert choose_input_size(Sized(1.0, input_size=256), IMAGES).input_size == 256
    assert sizes_around(256) == [256, 320, 384]
    assert sizes_around(96) == [96]


def job_of(video: Path, out: Path, **model: Any) -> tuple[Job, LazyModel, Sized]:
    settings = Settings(model=ModelSettings(**model))
    estimator = Sized(0.3)
    job = Job(AnnotationInput(video, video.name, video.stem), settings, JobOptions(out, video=False))
    return job, LazyModel(settings.model, settings.decode, lambda *_: estimator), estimator  # type: ignore[arg-type,return-value]


def stopping_after(count: int) -> Hooks:
    seen: list[int] = []
    return Hooks(lambda info, expected: None, lambda: seen.append(1), lambda: None, lambda: len(seen) >= count)


@pytest.fixture(autouse=True)
def model_info(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.models.loading.model_info", lambda e: fake_model_info(e) | {"input_size": e.input_size})


def test_sidecar_and_store_say_what_was_chosen_and_a_run_that_goes_on_takes_it(tmp_path: Path) -> None:
    video, out = write_video(tmp_path / "a.mp4", count=40), tmp_path / "out"
    job, model, _ = job_of(video, out)
    assert run_job(job, model, stopping_after(10)).status == "cancelled"
    _, again, estimator = job_of(video, out)
    estimator.heights = (1.0,)  # would choose another one now
    assert run_job(job, again, stopping_after(1000)).status == "done"
    assert set(estimator.sizes) == {704}
    sidecar = json.loads((out / "a.json").read_text())
    assert sidecar["model"]["input_size"] == 704
    assert sidecar["model"]["input_size_choice"]["goal_px"] == 269
    with open_store(out / "a.litepose") as store:
        assert store.complete and store.head.model["input_size"] == 704


def test_stored_detections_serve_whoever_asks_for_the_size_that_was_chosen(tmp_path: Path) -> None:
    video, out = write_video(tmp_path / "a.mp4", count=8), tmp_path / "out"
    job, model, _ = job_of(video, out)
    assert run_job(job, model, stopping_after(1000)).ok
    for size, seen in ((704, 0), (448, 8)):
        asked, fixed, estimator = job_of(video, out, input_size=size)
        asked = replace(asked, options=replace(asked.options, overwrite=True))
        estimator.input_size = size
        assert run_job(asked, fixed, stopping_after(1000)).ok
        assert len(estimator.sizes) == seen
    assert "input_size_choice" not in json.loads((out / "a.json").read_text())["model"]


def test_all_chunks_have_one_size_and_say_so_as_one_piece_does(tmp_path: Path) -> None:
    video = write_video(tmp_path / "a.mp4", count=120, gop=12)
    job, model, _ = job_of(video, tmp_path / "whole")
    assert run_job(job, model, stopping_after(1000)).ok
    job, model, estimator = job_of(video, tmp_path / "parts")
    split = do_job(replace(job, chunk_frames=30), model, stopping_after(1000))
    assert isinstance(split, Split) and estimator.sizes == [448] * 6 + [704] * 6
    for part in split.jobs:
        estimator.heights = (0.3,) if part.chunk and part.chunk.number % 2 else (1.0,)
        outcome = do_job(part, model, stopping_after(1000))
        assert isinstance(outcome, Outcome) and outcome.ok
    assert set(estimator.sizes[12:]) == {704}


def test_nobody_found_is_said_with_what_to_try(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("app.cli.annotate._load", lambda *_: Sized())
    video = write_video(tmp_path / "a.mp4", count=5)
    words = ["annotate", str(video), "--out", str(tmp_path / "out"), "--no-video", "--input-size"]
    assert cli.main([*words, "auto"]) == 0
    assert "nobody was found; try another input size" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        cli.main([*words, "large"])
    assert "neither auto nor a number" in capsys.readouterr().err
