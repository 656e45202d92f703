"""Both stages behind the call of one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pose.decode_settings import DecodeSettings
from pose.engines.select import create_engine
from pose.estimator import Aim, EstimateTimes, Inferred, PoseEstimator
from pose.topdown.merging import person_areas, similarity
from pose.topdown.refiner import HeatmapCrops, LitePoseCrops, PoseRefiner, Proposer
from pose.topdown.settings import CROPS, RefineSettings
from pose.types import Float32, Poses
from pose.weights.library import WeightsSpec, find_weights, load_state

LEAST_LIKENESS = 1e-3  # OKS to the pose of a moment ago: somebody who ran a third of their height since has that


@dataclass(frozen=True, slots=True)
class InferredImage(Inferred):
    """With the image, whose people are looked at again. (The default only follows on fields that have none.)"""

    image_bgr: NDArray[np.uint8] = field(default_factory=lambda: np.zeros((0, 0, 3), np.uint8))


@dataclass(frozen=True, slots=True)
class RefinedEstimator(PoseEstimator):
    """A PoseEstimator whose people are refined. What it has of a PoseEstimator describes the first stage.

    Refinement belongs to `decode`, which is called with one image after the other in their order.
    refine: the second stage. refine_spec: its weights. aim: whom it refines; None = everybody.
    """

    refine: PoseRefiner = field(kw_only=True)
    refine_spec: WeightsSpec = field(kw_only=True)
    aim: Aim | None = field(default=None, kw_only=True)
    _numbers: Iterator[int] = field(default_factory=count, kw_only=True)

    def counting_from(self, frames: int) -> RefinedEstimator:
        """The same for a source of which so many images were seen before: those to refine are counted on from there."""
        return replace(self, _numbers=count(frames))

    def aimed_at(self, aim: Aim | None) -> RefinedEstimator:
        """The same for one person alone, asked for before every image; None = for everybody."""
        return replace(self, aim=aim)

    @property
    def refinement(self) -> dict[str, str]:
        height, width = self.refine.proposer.crop_hw
        spec = self.refine_spec
        return {"name": spec.name, "arch": spec.arch, "weights_sha256": spec.sha256, "crop": f"{height}x{width}"}

    def with_settings(self, settings: DecodeSettings) -> RefinedEstimator:
        proposer = self.refine.proposer.with_decode(_decoding(settings, self.refine_spec))
        return replace(self, settings=settings, refine=replace(self.refine, proposer=proposer))

    def infer(self, image_bgr: NDArray[np.uint8]) -> InferredImage:
        maps = PoseEstimator.infer(self, image_bgr)
        return InferredImage(**{f.name: getattr(maps, f.name) for f in fields(maps)}, image_bgr=image_bgr)

    def decode(self, inferred: Inferred) -> tuple[Poses, EstimateTimes]:
        poses, times = PoseEstimator.decode(self, inferred)
        if not isinstance(inferred, InferredImage) or next(self._numbers) % self.refine.settings.every:
            return poses, times
        start = time.perf_counter()
        only = None if self.aim is None else self._is_aimed_at(poses, self.aim())
        poses = self.refine(inferred.image_bgr, poses, inferred.fit.factor, only)
        refine_ms = 1e3 * (time.perf_counter() - start)
        return poses, replace(times, decode_ms=times.decode_ms + refine_ms)

    def _is_aimed_at(self, poses: Poses, wanted: Float32 | None) -> NDArray[np.bool_]:
        """(N,): true for the one most like the pose that is wanted."""
        likeness = np.zeros(len(poses))
        if wanted is not None:
            areas = person_areas(poses.keypoints)
            likeness = similarity(poses.keypoints, wanted[None], areas, self.skeleton.sigmas)
        return np.asarray((likeness > LEAST_LIKENESS) & (likeness == likeness.max(initial=0)))


def with_refinement(
    first: PoseEstimator,
    settings: RefineSettings,
    *,
    device: str = "auto",
    engine: str = "auto",
    precision: str = "auto",
    threads: int | None = None,
) -> RefinedEstimator:
    """The estimator with a second stage, whose network runs where `device`, `engine`, `precision` and `threads` say.

    Raises what `load_estimator` raises, and WeightsError if the networks have no joint in common.
    """
    proposer, weights = _proposer(first, settings, device=device, engine=engine, precision=precision, threads=threads)
    stage = {f.name: getattr(first, f.name) for f in fields(first)}
    refine = PoseRefiner(first.skeleton, proposer, settings)
    return RefinedEstimator(**stage, refine=refine, refine_spec=weights)


def _proposer(first: PoseEstimator, settings: RefineSettings, **engine: Any) -> tuple[Proposer, WeightsSpec]:
    if settings.method == CROPS:
        return LitePoseCrops(first.engine, first.skeleton, _decoding(first.settings, first.spec)), first.spec
    spec = find_weights(settings.method)
    built = create_engine(load_state(spec), spec.arch, spec.skeleton, **engine)
    if spec.top_down:
        return HeatmapCrops(built, spec.skeleton, spec.crop_hw), spec
    return LitePoseCrops(built, spec.skeleton, _decoding(first.settings, spec)), spec


def _decoding(settings: DecodeSettings, spec: WeightsSpec) -> DecodeSettings:
    """With the joint threshold that was set, or suits the weights."""
    return replace(settings, det_thr=settings.det_thr or spec.det_thr)
