"""The public call: an image in, people out."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

from pose.codec import HEATMAP_STRIDE, decode
from pose.decode_settings import DecodeSettings
from pose.engines.base import Engine
from pose.engines.select import create_engine
from pose.errors import SettingsError
from pose.preprocess import Fit, FitMode, fit_to_network
from pose.skeleton import Skeleton
from pose.types import Poses
from pose.weights.library import WeightsSpec, find_weights, inspect_checkpoint, load_state

Float32 = NDArray[np.float32]
INPUT_SIZES = (64, 2048)  # the least and the largest input size that can be asked for

Aim = Callable[[], Float32 | None]
"""The pose (K, 2), image pixels, that the person meant had a moment ago; None = nobody."""


@dataclass(frozen=True, slots=True)
class EstimateTimes:
    """Milliseconds of one call."""

    preprocess_ms: float
    inference_ms: float
    decode_ms: float


@dataclass(frozen=True, slots=True)
class Inferred:
    """An image after the network, before decoding: heatmaps (K, h, w) and tags (T, K, h_t, w_t) float32."""

    fit: Fit
    heatmaps: Float32
    tags: Float32
    preprocess_ms: float
    inference_ms: float


@dataclass(frozen=True, slots=True)
class PoseEstimator:
    """LitePose on one engine. Call it with an image (H, W, 3) uint8 BGR of any size.

    input_size: network pixels on the side that `fit` names.
    flip:       average with the mirrored image (twice the cost).
    scales:     also look at the image at these multiples of input_size; tags come from the first.
    """

    spec: WeightsSpec
    engine: Engine
    input_size: int
    fit: FitMode = "short"
    flip: bool = False
    scales: tuple[float, ...] = (1.0,)
    settings: DecodeSettings = field(default_factory=DecodeSettings)

    @property
    def skeleton(self) -> Skeleton:
        return self.spec.skeleton

    def __call__(self, image_bgr: NDArray[np.uint8]) -> Poses:
        return self.estimate(image_bgr)[0]

    @property
    def det_thr(self) -> float:
        """The least score of a joint: what was set, or else what suits the weights."""
        return self.settings.det_thr or self.spec.det_thr

    @property
    def refinement(self) -> dict[str, str] | None:
        """What a second stage is, if there is one."""
        return None

    @property
    def streams(self) -> int:
        """How many threads may be in `infer` at a time."""
        return self.engine.streams

    def with_streams(self, streams: int) -> PoseEstimator:
        """The same network for up to so many threads in `infer`, if its engine gains by that."""
        return replace(self, engine=self.engine.with_streams(streams))

    def with_input_size(self, input_size: int) -> Self:
        """The same network with another input size; nothing is loaded again."""
        return replace(self, input_size=input_size)

    def with_settings(self, settings: DecodeSettings) -> PoseEstimator:
        """The same network with other decoding settings; nothing is loaded again."""
        return replace(self, settings=settings)

    def aimed_at(self, aim: Aim | None) -> PoseEstimator:
        """The same with its second stage, if there is one, for one person alone."""
        return self

    def estimate(self, image_bgr: NDArray[np.uint8]) -> tuple[Poses, EstimateTimes]:
        """The people of one image and what each stage took."""
        return self.decode(self.infer(image_bgr))

    def infer(self, image_bgr: NDArray[np.uint8]) -> Inferred:
        """The first half of `estimate`, which keeps the processor's vector units busy: preprocessing and network."""
        start = time.perf_counter()
        fits = [fit_to_network(image_bgr.shape[:2], self.input_size, self.fit, s) for s in self.scales]
        canvases = [fit.warp(image_bgr) for fit in fits]
        prepared = time.perf_counter()
        heatmaps, tags = self._infer(fits, canvases)
        inferred = time.perf_counter()
        return Inferred(fits[0], heatmaps, tags, 1e3 * (prepared - start), 1e3 * (inferred - prepared))

    def decode(self, inferred: Inferred) -> tuple[Poses, EstimateTimes]:
        """The second half of `estimate`; may run on another thread while the next image is in the network."""
        start = time.perf_counter()
        settings = replace(self.settings, det_thr=self.det_thr)
        keypoints, scores, confidence = decode(inferred.heatmaps, inferred.tags, self.skeleton, settings)
        poses = Poses(inferred.fit.to_image(keypoints * HEATMAP_STRIDE), scores, confidence)
        decode_ms = 1e3 * (time.perf_counter() - start)
        return poses, EstimateTimes(inferred.preprocess_ms, inferred.inference_ms, decode_ms)

    def _infer(self, fits: list[Fit], canvases: list[NDArray[np.uint8]]) -> tuple[Float32, Float32]:
        """Heatmaps (K, h, w) and tags (T, K, h_t, w_t) on the grid of the first fit."""
        heatmaps, tags = self._infer_canvas(canvases[0])
        if len(fits) == 1:
            return heatmaps, tags
        total = heatmaps.copy()
        for fit, canvas in zip(fits[1:], canvases[1:], strict=True):
            total += _move_maps(self._infer_canvas(canvas)[0], fit, fits[0])
        return total * np.float32(1 / len(fits)), tags

    def _infer_canvas(self, canvas: NDArray[np.uint8]) -> tuple[Float32, Float32]:
        if not self.flip:
            heatmaps, tags = self.engine(canvas[None])
            return heatmaps[0], tags
        heatmaps, tags = self.engine(np.stack([canvas, canvas[:, ::-1]]))
        mirror = list(self.skeleton.flip_index)
        mean = (heatmaps[0] + heatmaps[1, mirror, :, ::-1]) * np.float32(0.5)
        return mean, np.stack([tags[0], tags[1, mirror, :, ::-1]])


def _move_maps(maps: Float32, source: Fit, target: Fit) -> Float32:
    """Heatmaps (K, h, w) of one fit, resampled onto the heatmap grid of another fit of the same image."""
    scale = source.factor / target.factor
    # Heatmap pixel n stands for network coordinate stride * (n + 0.5), on both sides.
    shift = [(source.offset_xy[i] - scale * target.offset_xy[i]) / HEATMAP_STRIDE + 0.5 * scale - 0.5 for i in (0, 1)]
    matrix = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])
    h, w = target.network_hw[0] // HEATMAP_STRIDE, target.network_hw[1] // HEATMAP_STRIDE
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.stack([cv2.warpAffine(m, matrix, (w, h), flags=flags) for m in maps]).astype(np.float32)


def load_estimator(
    model: str = "litepose-m",
    *,
    weights: str | Path | None = None,
    device: str = "auto",
    engine: str = "auto",
    precision: str = "auto",
    input_size: int | None = None,
    fit: FitMode = "short",
    flip: bool = False,
    scales: tuple[float, ...] = (1.0,),
    decode: DecodeSettings | None = None,
    threads: int | None = None,
) -> PoseEstimator:
    """Load a model by name, or from a weights file whose size and skeleton are recognised.

    Raises WeightsError, EngineError or SettingsError, each with one sentence for the user.
    """
    spec = inspect_checkpoint(Path(weights)) if weights is not None else find_weights(model)
    if spec.top_down:
        raise SettingsError(
            "{spec} sees crops of one person: it refines what another model has found (--refine {spec}).",
            spec=spec.name,
        )
    size = spec.input_size if input_size is None else input_size
    if not INPUT_SIZES[0] <= size <= INPUT_SIZES[1]:
        raise SettingsError(
            "The input size must be between {least} and {most} pixels, not {size}.",
            least=INPUT_SIZES[0],
            most=INPUT_SIZES[1],
            size=size,
        )
    built = create_engine(
        load_state(spec), spec.arch, spec.skeleton, engine=engine, device=device, precision=precision, threads=threads
    )
    return PoseEstimator(spec, built, size, fit, flip, scales, decode or DecodeSettings())
