"""The second stage as users choose it: options, settings, sidecar."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from app.cli import OK, build_parser, main
from app.cli.annotate import settings_from
from app.export.sidecar import read_sidecar
from app.models.loading import load_model, model_info
from app.settings import ModelSettings, Settings, load_settings, save_settings, settings_from_table
from pose.assets import ASSETS
from pose.decode_settings import DecodeSettings
from pose.errors import SettingsError, UnknownWeightsError
from pose.estimator import PoseEstimator
from pose.topdown.estimator import RefinedEstimator, with_refinement
from pose.topdown.refiner import LitePoseCrops
from pose.topdown.settings import RefineSettings


def test_options_become_settings_and_survive_a_file(tmp_path: Path) -> None:
    options = ["annotate", "x.mp4", "--refine", "crops", "--refine-people", "3", "--refine-every", "2"]
    settings = settings_from(build_parser("annotate").parse_args(options))
    assert settings.model.refine == RefineSettings("crops", 3, 2)
    save_settings(settings, tmp_path / "s.toml")
    assert load_settings(tmp_path / "s.toml") == settings
    again = settings_from(
        build_parser("annotate").parse_args(["annotate", "x.mp4", "--settings", str(tmp_path / "s.toml")])
    )
    assert again.model.refine == settings.model.refine
    assert Settings().model.refine.method == "off"


@pytest.mark.parametrize("key", ["people", "every"])
def test_settings_that_refine_nobody_are_refused(key: str) -> None:
    with pytest.raises(SettingsError, match="one at least"):
        settings_from_table({"model": {"refine": {key: 0}}})


@pytest.fixture(scope="module")
def plain() -> PoseEstimator:
    """Compiled once for all tests here."""
    return load_model(ModelSettings("litepose-xs", precision="fp32"))


@pytest.fixture
def refined(plain: PoseEstimator) -> RefinedEstimator:
    return with_refinement(plain, RefineSettings("crops", people=3, every=2))


def test_unknown_refiners_are_named(plain: PoseEstimator) -> None:
    with pytest.raises(UnknownWeightsError, match="litepose-x"):
        with_refinement(plain, RefineSettings("litepose-x"))


def test_every_second_frame_is_refined(plain: PoseEstimator, refined: RefinedEstimator) -> None:
    image = scene()
    before = plain(image).keypoints
    frames = [refined(image).keypoints for _ in range(3)]
    np.testing.assert_array_equal(frames[1], before)
    np.testing.assert_array_equal(frames[0], frames[2])
    moved = [not np.array_equal(a, b, equal_nan=True) for a, b in zip(frames[0], before, strict=True)]
    assert 1 <= sum(moved) <= 3 < len(before)


def test_several_threads_in_the_network_change_nothing(plain: PoseEstimator, refined: RefinedEstimator) -> None:
    parallel = with_refinement(plain, refined.refine.settings).with_streams(2)
    image = scene()
    np.testing.assert_array_equal(parallel.decode(parallel.infer(image))[0].keypoints, refined(image).keypoints)


def test_other_decoding_reaches_the_second_stage(refined: RefinedEstimator) -> None:
    strict = refined.with_settings(DecodeSettings(det_thr=0.9))
    proposer = strict.refine.proposer
    assert isinstance(proposer, LitePoseCrops) and proposer.decode.det_thr == strict.det_thr == 0.9
    assert len(refined(scene())) > len(strict(scene()))


def test_model_info_says_what_refined(plain: PoseEstimator, refined: RefinedEstimator) -> None:
    info = model_info(refined)
    assert info["refine"]["name"] == "litepose-xs" and info["refine"]["crop"] == "384x288"
    assert model_info(plain)["refine"] is None


def test_annotate_tells_the_sidecar(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "scene.png"), scene())
    where = [str(tmp_path / "scene.png"), "--out", str(tmp_path), "--no-video"]
    assert main(["annotate", *where, "--model", "litepose-xs", "--precision", "fp32", "--refine", "crops"]) == OK
    sidecar = read_sidecar(tmp_path / "scene.json")
    assert sidecar is not None
    assert sidecar["settings"]["model"]["refine"] == {"method": "crops", "people": 16, "every": 1}
    assert sidecar["model"]["refine"]["arch"] == "litepose-xs"


def scene() -> np.ndarray:
    """Four rendered scenes of five people each, one below the other, twice as large."""
    image = cv2.imread(str(ASSETS / "calibration.webp"))
    assert image is not None
    return cv2.resize(image[:256], None, fx=2, fy=2)
