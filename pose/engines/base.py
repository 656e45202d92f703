"""What every inference engine is, and the check of its input that all of them share."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Literal, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from pose.tensors import HEATMAPS, PIXELS, TAGS

EngineName = Literal["auto", "openvino", "onnxruntime", "torch"]
Device = Literal["auto", "cpu", "cuda", "mps"]
Precision = Literal["auto", "fp32", "bf16", "fp16", "int8"]
Maps = tuple[NDArray[np.float32], NDArray[np.float32]]
Tensors = Mapping[str, NDArray[Any]]

STRIDE = 32  # height and width of a network input are multiples of this
MAX_THREADS = 8  # beyond this, networks of this size gain nothing and take cores from the rest


class Engine(Protocol):
    """Runs one network: named tensors in, named tensors out.

    engine.run({"image_bgr": images}) takes (N, H, W, 3) uint8 BGR, H and W multiples of 32, and returns the network's
    outputs by name, float32. All networks have `heatmaps`: of LitePose (N, K, H/2, W/2), the mean of the upsampled
    coarse and the fine map, of top-down networks (N, K, H/4, W/4). LitePose has `tags`, (N, K, H/4, W/4).
    engine(images) is the heatmaps and the tags of a LitePose. Both raise EngineError if the device fails or runs out of
    memory. At most `streams` threads may call at a time.
    """

    @property
    def name(self) -> str: ...

    @property
    def device(self) -> str: ...

    @property
    def precision(self) -> str: ...

    @property
    def reason(self) -> str:
        """One sentence that says why this engine, device and precision were taken."""
        ...

    @property
    def streams(self) -> int: ...

    def with_streams(self, streams: int) -> Engine:
        """The same network for up to so many calls at a time, each on its share of the cores.

        More frames per second, but each takes longer; the maps are the same. An engine that would gain nothing by it
        stays as it is, with one stream.
        """
        ...

    def run(self, tensors: Tensors) -> Tensors: ...

    def __call__(self, images: NDArray[np.uint8]) -> Maps: ...


class Runs:
    """What an engine with `run` is when called with images."""

    def run(self, tensors: Tensors) -> Tensors:
        raise NotImplementedError

    def __call__(self, images: NDArray[np.uint8]) -> Maps:
        maps = self.run({PIXELS: images})
        return maps[HEATMAPS], maps[TAGS]


class OneAtATime(Runs):
    """For engines that one call keeps busy."""

    streams = 1

    def with_streams(self, streams: int) -> Self:
        return self


def check_images(images: NDArray[np.uint8]) -> None:
    """Raises ValueError unless `images` is (N, H, W, 3) uint8 with H and W multiples of 32."""
    if images.dtype != np.uint8 or images.ndim != 4 or images.shape[3] != 3:
        raise ValueError(f"images must be (N, H, W, 3) uint8, got {images.shape} {images.dtype}")
    n, h, w, _ = images.shape
    if n == 0 or h == 0 or w == 0 or h % STRIDE or w % STRIDE:
        raise ValueError(f"the sides of network inputs must be multiples of {STRIDE}, got {images.shape}")


def thread_count(threads: int | None) -> int:
    """`threads`, or if None the cores this process may use, at most MAX_THREADS."""
    return min(available_cores(), MAX_THREADS) if threads is None else max(1, threads)


def available_cores() -> int:
    """The processor's cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
