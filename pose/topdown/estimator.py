"""Both stages behind the call of one."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pose.decode_settings import DecodeSettings
from pose.engines.base import Engine
from pose.engines.select import create_engine
from pose.estimator import EstimateTimes, Inferred, PoseEstimator, load_estimator
from pose.preprocess import FitMode
from pose.skeleton import Skeleton
from pose.topdown.refiner import HeatmapCrops, LitePoseCrops, PoseRefiner, Proposer
from pose.topdown.settings import CROPS, RefineSettings
from pose.types import Poses
from pose.weights.library import WeightsSpec, find_weights, load_state

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class RefinedEstimator:
    """A PoseEstimator whose people are refined; where it describes itself, it describes the first stage.

    Refinement belongs to `decode`, which is called with one image after the other in their order.
    """

    first: PoseEstimator
    refiner: PoseRefiner
    _numbers: Iterator[int] = field(default_factory=count)

    @property
    def spec(self) -> WeightsSpec:
        return self.first.spec

    @property
    def engine(self) -> Engine:
        return self.first.engine

    @property
    def input_size(self) -> int:
        return self.first.input_size

    @property
    def fit(self) -> FitMode:
        return self.first.fit

    @property
    def flip(self) -> bool:
        return self.first.flip

    @property
    def settings(self) -> DecodeSettings:
        return self.first.settings

    @property
    def det_thr(self) -> float:
        return self.first.det_thr

    @property
    def skeleton(self) -> Skeleton:
        return self.first.skeleton

    @property
    def streams(self) -> int:
        return self.first.streams

    def with_streams(self, streams: int) -> RefinedEstimator:
        return replace(self, first=self.first.with_streams(streams))

    def with_settings(self, settings: DecodeSettings) -> RefinedEstimator:
        return replace(self, first=self.first.with_settings(settings))

    def __call__(self, image_bgr: NDArray[np.uint8]) -> Poses:
        return self.estimate(image_bgr)[0]

    def estimate(self, image_bgr: NDArray[np.uint8]) -> tuple[Poses, EstimateTimes]:
        return self.decode(self.infer(image_bgr))

    def infer(self, image_bgr: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], Inferred]:
        return image_bgr, self.first.infer(image_bgr)

    def decode(self, inferred: tuple[NDArray[np.uint8], Inferred]) -> tuple[Poses, EstimateTimes]:
        image_bgr, maps = inferred
        poses, times = self.first.decode(maps)
        if next(self._numbers) % self.refiner.settings.every:
            return poses, times
        start = time.perf_counter()
        poses = self.refiner(image_bgr, poses, maps.fit.factor)
        refine_ms = 1e3 * (time.perf_counter() - start)
        return poses, replace(times, decode_ms=times.decode_ms + refine_ms)


def with_refinement(
    first: PoseEstimator,
    settings: RefineSettings,
    *,
    device: str = "auto",
    engine: str = "auto",
    precision: str = "auto",
) -> RefinedEstimator:
    """The estimator with a second stage, whose network runs where `device`, `engine` and `precision` say.

    Raises what `load_estimator` raises, and WeightsError if the networks have no joint in common.
    """
    proposer = _proposer(first, settings, device, engine, precision)
    return RefinedEstimator(first, PoseRefiner(first.skeleton, proposer, settings))


def _proposer(first: PoseEstimator, settings: RefineSettings, device: str, engine: str, precision: str) -> Proposer:
    if settings.method == CROPS:
        return LitePoseCrops(first.engine, first.skeleton, replace(first.settings, det_thr=first.det_thr))
    spec = find_weights(settings.method)
    if not spec.top_down:
        second = load_estimator(settings.method, device=device, engine=engine, precision=precision)
        return LitePoseCrops(second.engine, second.skeleton, replace(first.settings, det_thr=second.det_thr))
    built = create_engine(load_state(spec), spec.arch, spec.skeleton, engine=engine, device=device, precision=precision)
    return HeatmapCrops(built, spec.skeleton, spec.crop_hw)
